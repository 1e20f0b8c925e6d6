/**
 * What of a commit is Postgres alone: the records and the history that an import has just written are written once more into empty
 * tables of the same shape, by plain `insert … select` in chunks on as many connections, with the same indexes and without them.
 * `node bench/insert-floor.ts --rows 1000000 --runs 3`. Everything else that a commit does (deciding, outcomes, counters, checkpoints) is
 * what is above that floor.
 */
import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startEmbeddedPostgres } from "../src/embedded/embedded.ts";
import { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";
import { leadsFile, median } from "./server/running.ts";

const { values } = parseArgs({
  options: { rows: { type: "string", default: "1000000" }, runs: { type: "string", default: "3" } },
});
const chunkRows = 20_000;
const lanes = 2;
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "sluice-bench-floor-"));
await chmod(folder, 0o755);
const server = await startEmbeddedPostgres({ dataDir: join(folder, "data"), lingerMs: 0 });

/** Seconds that the same rows take into tables like these. */
async function insertAgain(url: string, indexed: boolean): Promise<number> {
  const databases = Array.from({ length: lanes }, () => new Database(url, 1));
  const [first] = databases;
  const including = indexed ? "including all" : "including defaults including identity including generated";
  for (const table of ["leads", "lead_history"]) {
    await first.query(sql`drop table if exists ${sql.id(`again_${table}`)}`);
    await first.query(sql.raw(`create table again_${table} (like ${table} ${including})`));
  }
  const [{ low, high }] = await first.query<{ low: number; high: number }>(
    sql`select min(id)::float8 as low, max(id)::float8 as high from leads`,
  );
  await first.query(sql`checkpoint`);
  let next = low;
  const startedAt = performance.now();
  await Promise.all(
    databases.map(async (database) => {
      for (;;) {
        const from = next;
        next += chunkRows;
        if (from > high) return;
        await database.transaction(async (tx) => {
          await tx.query(
            sql`insert into again_leads overriding system value
                select * from leads where id >= ${from} and id < ${from + chunkRows}`,
          );
          await tx.query(
            sql`insert into again_lead_history overriding system value
                select h.* from lead_history h where h.lead_id >= ${from} and h.lead_id < ${from + chunkRows}`,
          );
        });
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  await Promise.all(databases.map((database) => database.close()));
  return seconds;
}

try {
  execFileSync("npm", ["run", "build", "--silent"], { cwd: root, stdio: "inherit" });
  const file = await leadsFile(folder, Number(values.rows));
  const measured = { commit: [] as number[], indexed: [] as number[], bare: [] as number[] };
  for (let run = 0; run < Number(values.runs); run++) {
    const admin = new Database(server.url, 1);
    const name = `floor_${run}`;
    await admin.query(sql`create database ${sql.id(name)}`);
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    const data = join(folder, `sluice-${run}`);
    const where = ["--database-url", url.href, "--data-dir", data];
    const out = execFileSync(
      process.execPath,
      ["bench/sluice.mjs", "import", "leads", file, "--json", "--yes", ...where],
      {
        cwd: root,
        encoding: "utf8",
      },
    );
    measured.commit.push((JSON.parse(out) as { phases: { commit: { seconds: number } } }).phases.commit.seconds);
    measured.indexed.push(await insertAgain(url.href, true));
    measured.bare.push(await insertAgain(url.href, false));
    await admin.query(sql`drop database ${sql.id(name)} with (force)`);
    await admin.close();
  }
  const line = (what: string, numbers: number[]): void =>
    void process.stdout.write(
      `| ${what} | ${median(numbers).toFixed(2)} | ${(median(numbers) / median(measured.commit)).toFixed(2)} |\n`,
    );
  process.stdout.write(
    `| ${values.rows} rows, medians of ${values.runs} | seconds | of the commit |\n| --- | ---: | ---: |\n`,
  );
  line("Sluice's commit", measured.commit);
  line(
    `insert … select of the same rows, chunks of ${chunkRows}, ${lanes} connections, same indexes`,
    measured.indexed,
  );
  line("the same without any index", measured.bare);
} finally {
  await server.release();
  await rm(folder, { recursive: true, force: true });
}
