/** kill -9 of the importing process: at seeded random moments, and at every step that the engine tells of. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DuplicateStrategy } from "../../src/core/duplicates.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { sampled } from "../sampled.ts";
import { seededRandom } from "../seeded-random.ts";
import type { Mishap } from "./mishap.ts";
import { runChaos, startChaos } from "./run-chaos.ts";
import { expectUndisturbed, makeScenario, type Scenario } from "./scenario.ts";

const strategies = ["skip", "update", "create"] as const;
const scenarios = new Map<DuplicateStrategy, Scenario>();

beforeAll(async () => {
  for (const strategy of strategies) scenarios.set(strategy, await makeScenario(strategy));
});
afterAll(async () => {
  for (const scenario of scenarios.values()) await scenario.remove();
});

const scenarioOf = (strategy: DuplicateStrategy): Scenario => scenarios.get(strategy) as Scenario;

/** Goes on as a person would: by `resume`, or by the same command again. */
async function goOn(
  scenario: Scenario,
  place: Awaited<ReturnType<Scenario["place"]>>,
  random: () => number,
  moment: string,
): Promise<void> {
  if (random() < 0.35) {
    const { exitCode, stderr } = await runChaos(scenario.args, place);
    expect([0, 4], `${moment}: ${stderr}`).toContain(exitCode);
    if (exitCode === 0) return;
  }
  const { exitCode, stderr } = await runChaos(["resume", "--json"], place);
  expect(exitCode, `${moment}: ${stderr}`).toBe(0);
}

const atEvents = sampled(
  Array.from({ length: 24 }, (_, k) => ({ seed: k + 1, strategy: strategies[[1, 0, 1, 2][k % 4]] })),
  9,
);
const atTimes = sampled(
  Array.from({ length: 6 }, (_, k) => ({ seed: 101 + k, strategy: strategies[k % 3] })),
  4,
);

describe("kill -9 of the importing process", () => {
  it.each(atEvents)(
    "at a random event (seed $seed, $strategy) loses and doubles nothing",
    async ({ seed, strategy }) => {
      const scenario = scenarioOf(strategy);
      const place = await scenario.place();
      const random = seededRandom(seed);
      const moments: number[] = [];
      // One run in three is killed once more while it goes on.
      for (let deaths = random() < 0.33 ? 2 : 1; deaths > 0; deaths--) {
        const nth = 1 + Math.floor(random() * scenario.events * (moments.length === 0 ? 1 : 0.5));
        moments.push(nth);
        await runChaos(moments.length === 1 ? scenario.args : ["resume", "--json"], place, { nth, act: "SIGKILL" });
      }
      const moment = `seed ${seed}, ${strategy}, killed at event ${moments.join(", then ")} of ${scenario.events}`;
      await goOn(scenario, place, random, moment);
      await expectUndisturbed(place, scenario, moment);
    },
  );

  it.each(atTimes)("at a random time (seed $seed, $strategy) loses and doubles nothing", async ({ seed, strategy }) => {
    const scenario = scenarioOf(strategy);
    const place = await scenario.place();
    const random = seededRandom(seed);
    const ms = Math.floor(random() * scenario.runMs);
    const run = startChaos(scenario.args, place);
    const moment = `seed ${seed}, ${strategy}, killed ${ms} ms after the job was made`;
    // Here the clock itself is what is tried: the kill must come wherever the process happens to be.
    await Promise.race([jobIsMade(place), run.ended]);
    const timer = setTimeout(() => run.signal("SIGKILL"), ms);
    await run.ended;
    clearTimeout(timer);
    await goOn(scenario, place, random, moment);
    await expectUndisturbed(place, scenario, moment);
  });
});

async function jobIsMade({ database }: Awaited<ReturnType<Scenario["place"]>>): Promise<void> {
  await expect.poll(() => database.query(sql`select from sluice.import_jobs`), { interval: 20 }).not.toEqual([]);
}

/** Every event that an import tells of on its way, with the one of its name that is tried. */
const steps: [NonNullable<Mishap["event"]>, number][] = [
  ["import.created", 1],
  ["parse.started", 1],
  ["parse.batch_copied", 3],
  ["parse.rejects_written", 2],
  ["parse.checkpoint_moved", 2],
  ["parse.batch_committed", 3],
  ["stage.indexed", 1],
  ["parse.finished", 1],
  ["match.started", 1],
  ["match.duplicates_found", 1],
  ["match.finished", 1],
  ["commit.started", 1],
  ["chunk.attempted", 2],
  ["chunk.claimed", 3],
  ["chunk.loaded", 4],
  ["chunk.recorded", 3],
  ["chunk.committed", 2],
  ["commit.finished", 1],
  ["report.written", 1],
  ["import.completed", 1],
];

describe("kill -9 at a named step", () => {
  it.each(sampled(steps, 8))("%s (number %i)", async (event, nth) => {
    const scenario = scenarioOf("update");
    const place = await scenario.place();
    const moment = `killed at ${event} number ${nth}`;
    const killed = await runChaos(scenario.args, place, { event, nth, act: "SIGKILL" });
    expect(killed.signal, `${moment}: ${killed.stderr}`).toBe("SIGKILL");
    const { exitCode, stderr } = await runChaos(["resume", "--json"], place);
    expect(exitCode, `${moment}: ${stderr}`).toBe(0);
    await expectUndisturbed(place, scenario, moment);
  });
});
