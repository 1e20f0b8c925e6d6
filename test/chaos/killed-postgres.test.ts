/** kill -9 of Postgres under a running import: of the whole server, or of one backend, which empties unlogged tables too. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Importer } from "../../src/importer.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { Database, sql } from "../../src/postgres/connect.ts";
import { migrate } from "../../src/postgres/migrate.ts";
import { createTables } from "../../src/postgres/tables.ts";
import { urlOf } from "../database-server.ts";
import {
  ask,
  freshFolder,
  patience,
  postmasterOf,
  processesNaming,
  signal,
  start,
} from "../postgres/embedded/fixture.ts";
import { type Mishap, reached } from "./mishap.ts";
import { runChaos, startChaos } from "./run-chaos.ts";
import { expectUndisturbed, makeScenario, type Scenario } from "./scenario.ts";

let scenario: Scenario;

beforeAll(async () => {
  scenario = await makeScenario("update");
});
afterAll(() => scenario.remove());

/** A server that this test may kill, with the leads that are there before. */
async function ownServer() {
  const folder = await freshFolder();
  const server = await start(folder);
  const url = urlOf(server.url, "chaos");
  const admin = new Database(server.url, 1);
  await admin.query(sql`create database chaos`);
  await admin.close();
  const database = new Database(url, 2);
  onTestFinished(() => database.close());
  await migrate(database);
  await createTables(database, leads as unknown as Importer);
  await scenario.seed(database);
  const cwd = join(folder, "client");
  await mkdir(cwd);
  return { folder, url, database, cwd };
}

const isBack = (url: string) => expect.poll(() => ask(url, "select 1").catch(() => undefined), patience).toBe(1);

/** Ends one server process that the import uses; the postmaster then restarts all of them. */
async function killBackend(url: string): Promise<void> {
  const pid = await ask(
    url,
    "select pid from pg_stat_activity where application_name = 'sluice' and datname = current_database() and pid <> pg_backend_pid() order by state <> 'active', pid limit 1",
  );
  signal(Number(pid), "SIGKILL");
}

const moments: [NonNullable<Mishap["event"]>, number, "server" | "backend"][] = [
  ["parse.batch_copied", 2, "server"],
  ["parse.batch_committed", 2, "server"],
  ["parse.batch_committed", 1, "backend"],
  ["parse.finished", 1, "backend"],
  ["match.duplicates_found", 1, "server"],
  ["chunk.loaded", 3, "server"],
  ["chunk.loaded", 4, "backend"],
  ["chunk.committed", 3, "backend"],
  ["commit.finished", 1, "server"],
];

describe("kill -9 of Postgres", () => {
  it.each(moments)("at %s (number %i), %s: the running import goes on by itself", async (event, nth, what) => {
    const place = await ownServer();
    const moment = `${what} killed at ${event} number ${nth}`;
    const run = startChaos(scenario.args, place, { event, nth, act: "ask" });
    await run.shows(reached(event));
    if (what === "server") signal(await postmasterOf(place.folder), "SIGKILL");
    else await killBackend(place.url);
    // Every other time the import notices before the database is back.
    if (nth % 2 === 0) await isBack(place.url);
    run.answer();
    const { exitCode, stderr } = await run.ended;
    expect(exitCode, `${moment}: ${stderr}`).toBe(0);
    await expectUndisturbed(place, scenario, moment);
  });

  it("together with the import's process: resume loses nothing", async () => {
    const place = await ownServer();
    const run = startChaos(scenario.args, place, { event: "chunk.committed", nth: 2, act: "ask" });
    await run.shows(reached("chunk.committed"));
    signal(await postmasterOf(place.folder), "SIGKILL");
    run.signal("SIGKILL");
    await run.ended;
    await isBack(place.url);
    const { exitCode, stderr } = await runChaos(["resume"], place);
    expect(exitCode, stderr).toBe(0);
    await expectUndisturbed(place, scenario, "both killed");
  });

  it("for good: the import says so, and resume ends it when there is a database again", async () => {
    const place = { ...(await ownServer()), env: { SLUICE_PATIENCE_SECONDS: "1" } };
    const run = startChaos(scenario.args, place, { event: "chunk.loaded", nth: 2, act: "ask" });
    await run.shows(reached("chunk.loaded"));
    for (const { pid } of (await processesNaming(place.folder)).sort(
      (a, b) => Number(b.command.includes("supervisor")) - Number(a.command.includes("supervisor")),
    )) {
      if (pid !== run.pid) signal(pid, "SIGKILL");
    }
    const gone = async () =>
      (await processesNaming(join(place.folder, "postgres"))).filter(({ pid }) => pid !== run.pid);
    await expect.poll(gone, patience).toEqual([]);
    run.answer();
    const { exitCode, stderr } = await run.ended;
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toMatch(/The database went away and did not come back\. Import \d+ goes on .* sluice resume \d+/);
    const server = await start(place.folder);
    const url = urlOf(server.url, "chaos");
    const database = new Database(url, 2);
    onTestFinished(() => database.close());
    const resumed = await runChaos(["resume"], { ...place, url });
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    await expectUndisturbed({ ...place, url, database }, scenario, "gone for good");
  });
});
