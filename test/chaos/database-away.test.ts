/** SIGTERM while the database is away: a server and a worker end all the same, soon, with 0; what they were at goes on later. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { openApp } from "../../src/app.ts";
import { resolveConfig } from "../../src/config.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { urlOf } from "../database-server.ts";
import { postmasterOf, signal, start } from "../embedded/fixture.ts";
import { killForGood, type OwnPlace, ownServer } from "./own-server.ts";
import { type ChaosRun, runChaos, startChaos } from "./run-chaos.ts";
import { makeScenario, outcomeOf, type Scenario } from "./scenario.ts";
import { prepareStandstills, type StandstillPlace, standstill } from "./standstill.ts";

let scenario: Scenario;

beforeAll(async () => {
  scenario = await makeScenario("update");
});
afterAll(() => scenario.remove());

const saysWhenUp = { serve: "Ctrl-C stops it", work: "This worker takes" };
const patient = { interval: 50 };

async function startUp(command: keyof typeof saysWhenUp, place: OwnPlace): Promise<ChaosRun> {
  const run = startChaos(command === "serve" ? ["serve", "--port", "0"] : ["work"], place);
  await run.shows(saysWhenUp[command]);
  return run;
}

/** As a server takes it in. */
async function begin(place: OwnPlace, id: number): Promise<void> {
  const environment = { DATABASE_URL: place.url, SLUICE_DATA_DIR: join(place.cwd, ".sluice"), LANG: "en" };
  const server = await openApp(resolveConfig(environment, { importers: [leads] }, {}), () => {}, undefined, "server");
  await server.engine.start(id).finally(() => server.close());
}

/** Returns how it comes back, and where it is then. */
const goings = {
  /** Killed for good, with the one that would start it again. */
  async gone(place: OwnPlace, run: ChaosRun): Promise<() => Promise<string>> {
    await killForGood(place, run.pid);
    return async () => urlOf((await start(place.folder)).url, "chaos");
  },
  /** Connections stand, and nothing answers. */
  async hung(place: OwnPlace): Promise<() => Promise<string>> {
    const sessions = await place.database.query<{ pid: number }>(sql`select pid from pg_stat_activity`);
    const pids = [await postmasterOf(place.folder), ...sessions.map(({ pid }) => pid)];
    const wake = (): void => {
      for (const pid of pids) signal(pid, "SIGCONT");
    };
    onTestFinished(wake);
    for (const pid of pids) signal(pid, "SIGSTOP");
    return async () => {
      wake();
      return place.url;
    };
  },
};

const moments: [keyof typeof saysWhenUp, StandstillPlace | "nothing", keyof typeof goings][] = [
  ["serve", "nothing", "gone"],
  ["serve", "commit", "hung"],
  ["work", "commit", "gone"],
  ["work", "parse", "hung"],
];

it.each(moments)(
  "sluice %s, at work on: %s, the database %s: ends without it, and nothing is lost",
  async (command, at, how) => {
    const place = await ownServer(scenario);
    await prepareStandstills(place.database);
    await runChaos(scenario.args, place, { event: "import.created", nth: 1, act: "SIGKILL" });
    const [{ id }] = await place.database.query<{ id: number }>(
      sql`update sluice.import_jobs set auto_commit = true returning id`,
    );
    const run = await startUp(command, place);
    const still = at === "nothing" ? null : await standstill(place.url, at);
    if (at !== "nothing") {
      await begin(place, id);
      await still?.reached();
    }
    const comeBack = await goings[how](place, run);
    run.signal("SIGTERM");
    const { exitCode, stderr } = await run.ended;
    expect(exitCode, stderr).toBe(0);

    const url = await comeBack();
    await still?.free();
    const database = new Database(url, 2);
    onTestFinished(() => database.close());
    const again = { ...place, url, database };
    if (at === "nothing") await begin(again, id);
    await startUp("work", again);
    const look = () => database.query(sql`select status, error_message as error from sluice.import_jobs`);
    await expect.poll(look, patient).toEqual([{ status: "completed", error: null }]);
    const found = await outcomeOf(database);
    expect({ ...found, leads: found.leads.length }).toEqual({
      ...scenario.expected,
      leads: scenario.expected.leads.length,
    });
    expect(found.leads).toEqual(scenario.expected.leads);
  },
);
