/** Two servers and three workers, each a process of its own, on one database: they work several imports at once, and some of them die. */
import { expect, it } from "vitest";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { patience } from "../embedded/fixture.ts";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { leadsCsv } from "../worker/open-workers.ts";
import { type ChaosRun, startChaos } from "./run-chaos.ts";
import { adminToken, startServing } from "./serving.ts";
import { prepareStandstills, standstill } from "./standstill.ts";

const rows = 4000;
/** Rows that the fifth and the sixth file have in common. */
const common = 1500;

/** Each with people of its own but for the last two, which share some; every other one has a row that cannot be. */
const files = ["a", "b", "c", "d", "e", "f"].map((name, k) => {
  const own = leadsCsv(rows, name);
  const [, ...shared] = leadsCsv(common, "shared").split("\n");
  const text = k < 4 ? own : `${own}${shared.join("\n")}`;
  return {
    name,
    text: k % 2 === 0 ? text : `${text}no address,Bo,Nice\n`,
    total: text.split("\n").length - 2 + (k % 2),
  };
});

/** The processes at whose hands imports are read. */
async function readers(database: Database): Promise<number[]> {
  const workers = await database.query<{ pid: number }>(sql`
    select w.process_id as pid from sluice.import_jobs j join sluice.workers w on w.id = j.worker_id where j.status = 'parsing'
  `);
  return workers.map(({ pid }) => pid);
}

it("imports six files at once, exactly, though a server and two workers are killed over them", async () => {
  const { url, database } = await freshDatabase();
  const place = {
    url,
    cwd: await freshFolder(),
    env: { SLUICE_BATCH_BYTES: "65536", SLUICE_CHUNK_ROWS: "500", SLUICE_CONCURRENCY: "2", SLUICE_USER_RUNNING: "6" },
  };
  await prepareStandstills(database);
  const token = await adminToken(place);
  const startWorker = async (): Promise<ChaosRun> => {
    const run = startChaos(["work"], place);
    await run.shows("This worker takes");
    return run;
  };
  const [first, second] = await Promise.all([startServing(place, token), startServing(place, token)]);
  const workers = await Promise.all([startWorker(), startWorker(), startWorker()]);
  const parsing = await standstill(url, "parse");
  const committing = await standstill(url, "commit");
  const ids = await Promise.all(
    files.map(async ({ name, text }, k) => {
      const { client } = k % 2 === 0 ? first : second;
      const upload = await client.upload(Buffer.from(text), { name: `${name}.csv` });
      const fresh = { uploadId: upload.id, importer: "leads", options: { autoCommit: true }, start: true } as const;
      return (await client.imports.create(fresh)).id;
    }),
  );
  // All are in the middle of their file at the same time.
  await expect.poll(async () => (await readers(database)).length, patience).toBe(files.length);
  await parsing.reached();
  const atWork = new Set(await readers(database));
  expect(atWork.size).toBeGreaterThan(1);
  const [victim = workers[0]] = workers.filter(({ pid }) => atWork.has(pid));
  await kill(first.run, victim);
  await parsing.free();
  // Into one table they write in turns: the one that is at it dies over it, or one that waits.
  await committing.reached();
  const [another, ...rest] = workers.filter((run) => run !== victim);
  await kill(another);
  await committing.free();
  const done = await Promise.all(ids.map((id) => second.client.imports.waitFor(id, { status: "completed" })));

  expect(done.map(({ totalRows }) => totalRows)).toEqual(files.map(({ total }) => total));
  const counts = done.map((job) => job.counts ?? fail());
  expect(counts.map(({ invalid, failed, updated }) => ({ invalid, failed, updated }))).toEqual(
    files.map((_, k) => ({ invalid: k % 2, failed: 0, updated: 0 })),
  );
  // Who of the last two came first had the people they share.
  expect(counts.slice(0, 4).map(({ created, skipped }) => [created, skipped])).toEqual(
    Array.from({ length: 4 }, () => [rows, 0]),
  );
  const [e, f] = counts.slice(4);
  expect([e.created + f.created, e.skipped + f.skipped]).toEqual([2 * rows + common, common]);
  expect(
    await database.query(sql`select count(*)::int as leads, count(distinct email)::int as emails from leads`),
  ).toEqual([{ leads: 6 * rows + common, emails: 6 * rows + common }]);
  expect(
    await database.query(sql`select import_job_id as id, count(*)::int as leads from leads group by 1 order by 1`),
  ).toEqual(done.map(({ id, importedRows }) => ({ id, leads: importedRows })).sort((one, other) => one.id - other.id));
  expect(await database.query(sql`select from lead_history`)).toHaveLength(6 * rows + common);

  const alive = [second.run, ...rest];
  for (const run of alive) run.signal("SIGTERM");
  for (const run of alive) expect((await run.ended).exitCode).toBe(0);
});

async function kill(...runs: readonly ChaosRun[]): Promise<void> {
  for (const run of runs) run.signal("SIGKILL");
  await Promise.all(runs.map(({ ended }) => ended));
}

function fail(): never {
  throw new Error("The server told no counts.");
}
