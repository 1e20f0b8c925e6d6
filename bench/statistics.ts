/**
 * What wrong statistics cost: `node bench/statistics.ts --rows 200000`. First undo right after its import, against the import, where
 * nothing has analysed the target (the bar is 1.5). Then match, commit, a commit that was stopped half-way and is resumed, and undo,
 * with statistics that say before every statement that each table has no rows, one row or 10^9, against those that autovacuum keeps
 * (the bar is 3). `--only undo` or `--only forced` runs one of them.
 */
import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startEmbeddedPostgres } from "../src/embedded/embedded.ts";
import { leads } from "../src/importers/leads/leads.ts";
import { Database } from "../src/postgres/connection/connect.ts";
import { sql } from "../src/postgres/connection/session.ts";
import { newImport } from "../src/program/new-import.ts";
import { openProgram } from "../src/program/options.ts";
import { forceEach, type WrongStatistics, wrongStatistics } from "../test/statement-plans.ts";
import { leadsFile } from "./server/running.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "200000" }, only: { type: "string" } } });
const rows = Number(values.rows);
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "sluice-bench-statistics-"));
await chmod(folder, 0o755);
const server = await startEmbeddedPostgres({
  dataDir: join(folder, "data"),
  lingerMs: 0,
  settings: { autovacuum: "off" },
});

/** Seconds that a command takes, its start included. */
function seconds(...args: string[]): number {
  const startedAt = performance.now();
  execFileSync(process.execPath, ["bin/sluice.js", ...args, "--yes"], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: server.url, SLUICE_DATA_DIR: join(folder, "sluice") },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return (performance.now() - startedAt) / 1000;
}

/** Undo by the command, against the import. */
async function measureUndo(): Promise<void> {
  const file = await leadsFile(folder, rows);
  const imported = seconds("import", "leads", file);
  const undone = seconds("undo", "1");
  process.stdout.write(
    `${values.rows} rows: import ${imported.toFixed(1)} s, undo ${undone.toFixed(1)} s, ${(undone / imported).toFixed(2)} ×\n`,
  );
}

/** Seconds of each step, in a database of its own; null: with what autovacuum keeps. */
async function steps(statistics: WrongStatistics | null): Promise<Record<string, number>> {
  const admin = new Database(server.url, 1);
  const name = `forced_${statistics?.replaceAll(/\W/g, "_") ?? "right"}`;
  await admin.query(sql`create database ${sql.id(name)}`);
  await admin.query(sql.raw(`alter system set autovacuum = ${statistics === null ? "on" : "off"}`));
  await admin.query(sql.raw("alter system set autovacuum_naptime = 1"));
  await admin.query(sql`select pg_reload_conf()`);
  await admin.close();
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const at: Record<string, number> = {};
  let chunks = 0;
  let half = new AbortController();
  const { app } = await openProgram(
    "statistics",
    { databaseUrl: url.href, dataDir: join(folder, name), logLevel: "silent", chunkRows: 5000 },
    [leads],
    "command",
    {
      as: "statistics",
      hear(event) {
        at[event.name] = performance.now();
        if (event.name === "chunk.committed" && ++chunks === Math.floor(rows / 5000 / 2))
          half.abort(new Error("half-way"));
      },
    },
  );
  if (statistics !== null) await forceEach(app.database, statistics);
  const { engine } = app;
  const workToEnd = async (id: number, signal?: AbortSignal): Promise<void> => {
    while ((await engine.work(id, signal)) !== "done");
  };
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = performance.now();
    await work();
    return (performance.now() - begun) / 1000;
  };
  const seconds: Record<string, number> = {};
  try {
    for (const seed of [1, 2]) {
      const file = await leadsFile(folder, rows, seed);
      const { id } = await newImport(app, leads, file, {
        language: "en",
        dryRun: false,
        again: false,
        onDuplicate: "update",
      });
      await engine.start(id);
      await workToEnd(id);
      half = new AbortController();
      chunks = 0;
      await engine.commit(id);
      // The second is stopped half-way, beside the records of the first.
      if (seed === 1) {
        await workToEnd(id);
        seconds.match = (at["match.finished"] - at["match.started"]) / 1000;
        seconds.commit = (at["commit.finished"] - at["commit.started"]) / 1000;
      } else {
        await engine.work(id, half.signal).catch(() => {});
        seconds.resume = await timed(async () => {
          await engine.resume(id).catch(() => {});
          await workToEnd(id);
        });
        await engine.undo(id);
        seconds.undo = await timed(() => workToEnd(id));
      }
    }
  } finally {
    await app.close();
  }
  return seconds;
}

async function measureForced(): Promise<void> {
  const right = await steps(null);
  const told = (each: Record<string, number>): string =>
    Object.entries(each)
      .map(([step, taken]) => `${step} ${taken.toFixed(1)} s (${(taken / right[step]).toFixed(2)} ×)`)
      .join(", ");
  process.stdout.write(`right statistics: ${told(right)}\n`);
  for (const statistics of Object.keys(wrongStatistics) as WrongStatistics[])
    process.stdout.write(`${statistics}: ${told(await steps(statistics))}\n`);
}

try {
  if (values.only !== "forced") await measureUndo();
  if (values.only !== "undo") await measureForced();
} finally {
  await server.release();
  await rm(folder, { recursive: true, force: true });
}
