/** A worker that is stopped in the middle of its work keeps its connections and locks; another takes over; then it wakes. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { type Mishap, reached } from "./mishap.ts";
import { type ChaosRun, runChaos, startChaos } from "./run-chaos.ts";
import { expectUndisturbed, makeScenario, type Scenario } from "./scenario.ts";
import { prepareStandstills, standstill } from "./standstill.ts";

let scenario: Scenario;

beforeAll(async () => {
  scenario = await makeScenario("update");
});
afterAll(() => scenario.remove());

type Stopped = { run: ChaosRun; place: Awaited<ReturnType<Scenario["place"]>>; moment: string };

/** Stops itself at an event. */
async function stoppedAt(event: NonNullable<Mishap["event"]>, nth: number): Promise<Stopped> {
  const place = await scenario.place();
  const run = startChaos(scenario.args, place, { event, nth, act: "SIGSTOP" });
  await run.shows(reached(event));
  return { run, place, moment: `stopped at ${event} number ${nth}` };
}

/**
 * Stopped while the server waits for the rest of a COPY: no timeout of Postgres ends that. The batch before cannot end, so that the
 * COPY of this one is there and waits.
 */
async function stoppedInCopy(): Promise<Stopped> {
  const place = { ...(await scenario.place()), env: { SLUICE_BATCH_BYTES: "262144" } };
  await prepareStandstills(place.database);
  const still = await standstill(place.url, "parse");
  const run = startChaos(scenario.args, place);
  await still.reached();
  await expect.poll(() => copiesOf(place.database), { interval: 20 }).toBe(1);
  run.signal("SIGSTOP");
  await still.free();
  return { run, place, moment: "stopped in a COPY" };
}

/** How many wait for more rows. */
async function copiesOf(database: Database): Promise<number> {
  const copies = sql`select from pg_stat_activity
    where datname = current_database() and query like 'copy "sluice_stage"%' and state = 'active' and wait_event_type = 'Client'`;
  return (await database.query(copies)).length;
}

it("a stopped worker's import is taken over, and nothing is doubled when it wakes", async () => {
  // All at once: they only wait until the stopped ones count as stuck.
  const stopped = await Promise.all([
    stoppedAt("parse.batch_committed", 2),
    stoppedAt("parse.checkpoint_moved", 2),
    stoppedInCopy(),
    stoppedAt("stage.indexed", 1),
    stoppedAt("match.duplicates_found", 1),
    stoppedAt("chunk.claimed", 2),
    stoppedAt("chunk.loaded", 3),
    stoppedAt("commit.finished", 1),
  ]);
  await Promise.all(
    stopped.map(async ({ run, place, moment }) => {
      const taken = await runChaos(["resume", "--json"], place);
      expect(taken.exitCode, `${moment}: ${taken.stderr}`).toBe(0);
      expect(JSON.parse(taken.stdout).status, moment).toBe("completed");
      await expectUndisturbed(place, scenario, moment);
      run.signal("SIGCONT");
      const woken = await run.ended;
      expect(woken.exitCode, `${moment}, woken: ${woken.stderr}`).toBe(0);
      expect(JSON.parse(woken.stdout).status, moment).toBe("completed");
      await expectUndisturbed(place, scenario, `${moment}, woken`);
    }),
  );
});
