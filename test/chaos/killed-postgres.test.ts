/** kill -9 of Postgres under a running import: of the whole server, or of one backend, which empties unlogged tables too. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { urlOf } from "../database-server.ts";
import { ask, freshFolder, patience, postmasterOf, signal, start } from "../embedded/fixture.ts";
import { sampled } from "../sampled.ts";
import { type Mishap, reached } from "./mishap.ts";
import { isBack, killBackend, killForGood, ownServer } from "./own-server.ts";
import { runChaos, startChaos } from "./run-chaos.ts";
import { expectUndisturbed, makeScenario, type Scenario } from "./scenario.ts";

let scenario: Scenario;

beforeAll(async () => {
  scenario = await makeScenario("update");
});
afterAll(() => scenario.remove());

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
  it.each(sampled(moments, 3))(
    "at %s (number %i), %s: the running import goes on by itself",
    async (event, nth, what) => {
      const place = await ownServer(scenario);
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
    },
  );

  it("a backend that has just made a table in the match: the server recovers, and the import goes on by itself", async () => {
    const place = await ownServer(scenario);
    const run = startChaos(scenario.args, place, { event: "parse.finished", nth: 1, act: "ask" });
    await run.shows(reached("parse.finished"));
    const stage = await ask(place.url, "select relname from pg_class where relname ~ '^job_[0-9]+_[0-9]+$'");
    const name = `${stage}_key_0`;
    const held = place.database.transaction(async (session) => {
      // Whoever makes a table of this name waits for us, when its files are there already.
      await session.query(sql`create table ${sql.id("sluice_stage", name)} ()`);
      run.answer();
      const waits = `select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%create unlogged table%${name}%'`;
      const search = () => ask(place.url, waits).catch(() => undefined);
      await expect.poll(search, patience).toEqual(expect.any(Number));
      signal(Number(await search()), "SIGKILL");
      const isThere = () => session.query(sql`select`).then(Boolean, () => false);
      await expect.poll(isThere, patience).toBe(false);
    });
    await expect(held).rejects.toThrow();
    const { exitCode, stderr } = await run.ended;
    expect(exitCode, stderr).toBe(0);
    await expectUndisturbed(place, scenario, "backend killed in the match");
  });

  it("a backend just after a transaction that had made an unlogged table was taken back: the server recovers", async () => {
    const folder = await freshFolder();
    // The log is written out by those who wait for it alone.
    const { url } = await start(folder, { settings: { wal_writer_delay: "10s", fsync: "off" } });
    const database = new Database(url, 2);
    onTestFinished(() => database.close());
    const taken = database.transaction(
      async (session) => {
        await session.query(sql`create unlogged table taken_back as select generate_series(1, 1000) as n`);
        await ask(url, "select pg_logical_emit_message(true, 'written out', '')");
        throw new Error("taken back");
      },
      { unlogged: true },
    );
    await expect(taken).rejects.toThrow("taken back");
    await killBackend(url);
    await isBack(url);
    expect(await readFile(join(folder, "postgres", "server.log"), "utf8")).not.toContain("could not create file");
  });

  it("together with the import's process: resume loses nothing", async () => {
    const place = await ownServer(scenario);
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
    const place = { ...(await ownServer(scenario)), env: { SLUICE_PATIENCE_SECONDS: "1" } };
    const run = startChaos(scenario.args, place, { event: "chunk.loaded", nth: 2, act: "ask" });
    await run.shows(reached("chunk.loaded"));
    await killForGood(place, run.pid);
    run.answer();
    const { exitCode, stderr } = await run.ended;
    expect(exitCode, stderr).toBe(1);
    expect(stderr).toMatch(
      /The connection to the database was lost and could not be restored\. Import \d+ will resume .* sluice resume \d+/,
    );
    const server = await start(place.folder);
    const url = urlOf(server.url, "chaos");
    const database = new Database(url, 2);
    onTestFinished(() => database.close());
    const resumed = await runChaos(["resume"], { ...place, url });
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    await expectUndisturbed({ ...place, url, database }, scenario, "gone for good");
  });
});
