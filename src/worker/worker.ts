/**
 * Takes wake-ups from a queue and runs the engine slice by slice until the signal aborts: in the foreground for a command, in
 * the background with all that keeps imports going whatever dies.
 */

import type { PullQueue } from "../core/queue.ts";
import type { Retention } from "../core/store/leftovers.ts";
import type { Engine } from "../engine/engine.ts";
import { BackgroundWorker, type WorkerParts } from "./background-worker.ts";
import { choresOf } from "./chores.ts";
import { maintain } from "./maintenance.ts";
import { channelsOf, dispatch, taskHandlers } from "./tasks.ts";
import { type WorkerTime, within } from "./time.ts";

/** What the queue has for this process, to the end. */
export async function runWorker(engine: Engine, queue: PullQueue, signal: AbortSignal): Promise<void> {
  await queue.work(
    async ({ task, othersWait }) =>
      task.kind === "import" ? engine.work(task.importId, signal, { othersWait }) : "done",
    { signal },
  );
}

export interface BackgroundOptions extends WorkerParts {
  /** Imports of one person at the same time, over all workers. */
  groupConcurrency: number;
  retention: Retention;
  /** How long it works; null: until it is stopped. */
  workMs: number | null;
}

/** Works until `signal` aborts, or its time is up; then it hands its imports on, and returns. */
export async function runInBackground(
  options: BackgroundOptions & { queue: PullQueue },
  signal: AbortSignal,
): Promise<void> {
  await within(options.workMs, signal, (time) => work(options, time));
}

async function work(options: BackgroundOptions & { queue: PullQueue }, time: WorkerTime): Promise<void> {
  const worker = new BackgroundWorker(options, time);
  await Promise.all([
    options.queue.work(dispatch(taskHandlers({ ...options, worker }, time)), {
      channels: channelsOf(options.sinks),
      concurrency: options.concurrency,
      groupConcurrency: options.groupConcurrency,
      signal: time.taking,
    }),
    maintain(choresOf({ ...options, worker }), options.onEvent, time.taking),
    worker.watch(),
  ]);
  await worker.settled();
}
