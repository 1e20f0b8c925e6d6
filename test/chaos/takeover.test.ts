/** A worker that is stopped in the middle of its work keeps its connections and locks; another takes over; then it wakes. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { type Mishap, reached } from "./mishap.ts";
import { type ChaosRun, runChaos, startChaos } from "./run-chaos.ts";
import { expectUndisturbed, makeScenario, type Scenario } from "./scenario.ts";

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
 * Stopped while the server waits for the rest of a COPY: no timeout of Postgres ends that. The COPY of a batch is mostly there before
 * the batch before it has ended; where it is not, another run is begun.
 */
async function stoppedInCopy(): Promise<Stopped> {
  for (let attempt = 1; attempt <= 20; attempt++) {
    const place = await scenario.place();
    const run = startChaos(scenario.args, place, { event: "parse.batch_committed", nth: 2, act: "ask" });
    await run.shows(reached("parse.batch_committed"));
    if (await isInCopy(place.database)) {
      run.signal("SIGSTOP");
      run.answer();
      return { run, place, moment: "stopped in a COPY" };
    }
    run.signal("SIGKILL");
    await run.ended;
  }
  throw new Error("No run had begun the COPY of the batch after the one that ended.");
}

/** The run holds still: what the server has of its COPY by now is all that it has. */
async function isInCopy(database: Database): Promise<boolean> {
  const copies = sql`select from pg_stat_activity
    where datname = current_database() and query like 'copy "sluice_stage"%' and state = 'active' and wait_event_type = 'Client'`;
  for (let look = 0; look < 100; look++) if ((await database.query(copies)).length === 1) return true;
  return false;
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
