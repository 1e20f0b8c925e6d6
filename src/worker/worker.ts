/**
 * Takes wake-ups from a queue and runs the engine slice by slice until the signal aborts: in the foreground for a command, in
 * the background with all that keeps imports going whatever dies.
 */

import type { PullQueue } from "../core/queue.ts";
import type { Retention } from "../core/store/leftovers.ts";
import type { Engine } from "../engine/engine.ts";
import { BackgroundWorker, type WorkerParts, type WorkerTime } from "./background-worker.ts";
import { choresOf } from "./chores.ts";
import { maintain } from "./maintenance.ts";
import { channelsOf, dispatch, taskHandlers } from "./tasks.ts";

/** What the queue has for this process, to the end. */
export async function runWorker(engine: Engine, queue: PullQueue, signal: AbortSignal): Promise<void> {
  await queue.work(
    async ({ task, othersWait }) =>
      task.kind === "import" ? engine.work(task.importId, signal, { othersWait }) : "done",
    { signal },
  );
}

export interface BackgroundOptions extends WorkerParts {
  queue: PullQueue;
  /** Imports of one person at the same time, over all workers. */
  groupConcurrency: number;
  retention: Retention;
  /** How long it works; null: until it is stopped. */
  workMs: number | null;
}

/** Past its time, a worker lets slices get to their next checkpoint for this long before it interrupts them. */
const checkpointMs = 3000;

/** Works until `signal` aborts, or its time is up; then what is under way is handed on, and it returns. */
export async function runInBackground(options: BackgroundOptions, signal: AbortSignal): Promise<void> {
  const { workMs } = options;
  if (workMs === null) return work(options, { taking: signal, working: signal });
  const deadline = performance.now() + workMs;
  const [over, interrupted] = [new AbortController(), new AbortController()];
  const timers = [
    setTimeout(() => over.abort(new Error("the worker's time is up")), workMs),
    setTimeout(() => interrupted.abort(new Error("the worker's time is up")), workMs + checkpointMs),
  ];
  try {
    await work(options, {
      taking: AbortSignal.any([signal, over.signal]),
      working: AbortSignal.any([signal, interrupted.signal]),
      deadline,
    });
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

async function work(options: BackgroundOptions, time: WorkerTime): Promise<void> {
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
