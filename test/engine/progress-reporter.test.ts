/** How far an import is, written beside the work. */
import { expect, it, onTestFinished } from "vitest";
import { ProgressReporter } from "../../src/engine/progress-reporter.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { openEngine } from "../open-engine.ts";

it("tells what came too soon after another worker's word a moment later, though nothing follows", async () => {
  const { engine, create, store } = await openEngine([leads]);
  const { progress } = store;
  const job = await create(leads, "email\nann@example.com\n");
  await engine.start(job.id);
  const reporter = new ProgressReporter(progress);
  onTestFinished(() => reporter.settled());
  const other = {
    phase: "commit",
    step: "committing",
    total: 6,
    percent: 0,
    rowsPerSecond: null,
    etaSeconds: null,
  } as const;
  reporter.listen({ name: "commit.started", jobId: job.id, chunks: 2 });
  await expect.poll(async () => (await progress.read(job.id))?.step).toBe("committing");
  expect(await progress.write(job.id, { ...other, processed: 1 }, true)).toBe(true);
  expect(await progress.write(job.id, { ...other, processed: 2 }, false)).toBe(false);
  reporter.listen({ name: "chunk.committed", jobId: job.id, chunk: 0, rows: 3, rowsDone: 3, rowsTotal: 6 });
  await expect.poll(async () => (await progress.read(job.id))?.processed).toBe(3);
});
