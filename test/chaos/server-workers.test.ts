/** Workers as processes of their own: killed, stopped and told to stop in the middle of an import, while another lives. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type App, openApp } from "../../src/app.ts";
import { resolveConfig } from "../../src/config.ts";
import type { Status } from "../../src/core/import.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { sampled } from "../sampled.ts";
import { seededRandom } from "../seeded-random.ts";
import { type Mishap, reached } from "./mishap.ts";
import { type ChaosRun, type Place, runChaos, startChaos } from "./run-chaos.ts";
import { makeScenario, outcomeOf, type Scenario } from "./scenario.ts";

type OwnPlace = Awaited<ReturnType<Scenario["place"]>>;

let scenario: Scenario;

beforeAll(async () => {
  scenario = await makeScenario("update");
});
afterAll(() => scenario.remove());

/** The import made, as a server would take it in, and not begun. */
async function made(): Promise<{ place: OwnPlace; server: App; jobId: number }> {
  const place = await scenario.place();
  await runChaos(scenario.args, place, { event: "import.created", nth: 1, act: "SIGKILL" });
  const [{ id }] = await place.database.query<{ id: number }>(
    sql`update sluice.import_jobs set auto_commit = true returning id`,
  );
  const config = resolveConfig(
    { DATABASE_URL: place.url, SLUICE_DATA_DIR: join(place.cwd, ".sluice"), LANG: "en" },
    { importers: [leads] },
    {},
  );
  const server = await openApp(config, () => {}, undefined, "server");
  onTestFinished(() => server.close());
  return { place, server, jobId: id };
}

async function startWorker(place: Place, mishap: Mishap | null = null): Promise<ChaosRun> {
  const run = startChaos(["work"], place, mishap);
  await run.shows("This worker takes");
  return run;
}

async function reaches(place: OwnPlace, jobId: number, status: Status, timeoutMs = 60_000): Promise<void> {
  const look = async (): Promise<string> => {
    const [job] = await place.database.query<{ status: Status; error: string | null }>(
      sql`select status, error_message as error from sluice.import_jobs where id = ${jobId}`,
    );
    return job.status === "failed" ? `failed: ${job.error}` : job.status;
  };
  await expect.poll(look, { timeout: timeoutMs, interval: 50 }).toBe(status);
}

/** All that an undisturbed run leaves behind; the report stands in another folder. */
async function expectExact(place: OwnPlace, moment: string): Promise<void> {
  const found = await outcomeOf(place.database);
  expect({ ...found, leads: found.leads.length }, moment).toEqual({
    ...scenario.expected,
    leads: scenario.expected.leads.length,
  });
  expect(found.leads, moment).toEqual(scenario.expected.leads);
}

const moments: [NonNullable<Mishap["event"]>, number][] = [
  ["parse.batch_committed", 3],
  ["parse.checkpoint_moved", 2],
  ["match.started", 1],
  ["chunk.loaded", 2],
  ["chunk.committed", 3],
];

describe("kill -9 of a worker while another is alive", () => {
  it.each(sampled(moments, 4))("at %s number %i: the other goes on", async (event, nth) => {
    const { place, server, jobId } = await made();
    const first = await startWorker(place, { event, nth, act: "ask" });
    await server.engine.start(jobId);
    await first.shows(reached(event));
    const second = await startWorker(place);
    const [{ workerId }] = await place.database.query<{ workerId: string }>(
      sql`select worker_id as "workerId" from sluice.import_jobs where id = ${jobId}`,
    );
    first.signal("SIGKILL");
    await first.ended;
    const isTaken = async (): Promise<boolean> => {
      const job = await server.engine.imports.get(jobId);
      return job.status === "completed" || (job.workerId !== null && job.workerId !== workerId);
    };
    await expect.poll(isTaken, { interval: 50 }).toBe(true);
    await reaches(place, jobId, "completed");
    await expectExact(place, `killed at ${event} number ${nth}`);
    // A crash is no failure.
    expect((await server.engine.imports.get(jobId)).failures).toBe(0);
    second.signal("SIGTERM");
    expect((await second.ended).exitCode).toBe(0);
  });

  it.each(sampled([1, 2, 3, 4], 2))(
    "at random events, again and again (seed %i), loses and doubles nothing",
    async (seed) => {
      const { place, server, jobId } = await made();
      const random = seededRandom(seed);
      await server.engine.start(jobId);
      const deaths = 3;
      for (let k = 0; k < deaths; k++) {
        const nth = 1 + Math.floor(random() * scenario.events * 0.5);
        const run = startChaos(["work"], place, { nth, act: "SIGKILL" });
        await Promise.race([run.ended, reaches(place, jobId, "completed")]);
      }
      await startWorker(place);
      await reaches(place, jobId, "completed");
      await expectExact(place, `seed ${seed}`);
    },
  );
});

it("a stopped worker's import is taken over, and nothing is doubled when it wakes", async () => {
  const { place, server, jobId } = await made();
  const first = await startWorker(place, { event: "chunk.claimed", nth: 2, act: "SIGSTOP" });
  await server.engine.start(jobId);
  await first.shows(reached("chunk.claimed"));
  await startWorker(place);
  await reaches(place, jobId, "completed");
  await expectExact(place, "stopped");
  first.signal("SIGCONT");
  first.signal("SIGTERM");
  expect((await first.ended).exitCode).toBe(0);
  await expectExact(place, "woken");
});

describe("SIGTERM", () => {
  it.each(sampled(moments, 4))("at %s number %i ends a worker with 0, and another goes on", async (event, nth) => {
    const { place, server, jobId } = await made();
    const first = await startWorker(place, { event, nth, act: "ask" });
    await server.engine.start(jobId);
    await first.shows(reached(event));
    first.signal("SIGTERM");
    first.answer();
    const { exitCode, stderr } = await first.ended;
    expect(exitCode, stderr).toBe(0);
    expect((await server.engine.imports.get(jobId)).status).not.toBe("paused");
    await startWorker(place);
    await reaches(place, jobId, "completed");
    await expectExact(place, `told to stop at ${event} number ${nth}`);
  });
});

it("a server and two workers, each a process, share what comes", async () => {
  const { place, server, jobId } = await made();
  const serving = startChaos(["serve", "--port", "0"], place);
  await serving.shows("Sluice listens on");
  const workers = await Promise.all([startWorker(place), startWorker(place)]);
  await server.engine.start(jobId);
  await reaches(place, jobId, "completed");
  await expectExact(place, "shared");
  for (const run of [serving, ...workers]) run.signal("SIGTERM");
  for (const run of [serving, ...workers]) expect((await run.ended).exitCode).toBe(0);
  const pids = [serving, ...workers].map(({ pid }) => pid);
  expect(await place.database.query(sql`select from sluice.workers where process_id = any (${pids})`)).toEqual([]);
});

it("a worker whose stored file is gone fails the import with what to do", async () => {
  const { place, server, jobId } = await made();
  await rm(join(place.cwd, ".sluice", "files"), { recursive: true });
  await startWorker(place);
  await server.engine.start(jobId);
  await expect
    .poll(async () => (await server.engine.imports.get(jobId)).errorMessage, { interval: 50 })
    .toMatch(/copy of the file is gone/);
});
