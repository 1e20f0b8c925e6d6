/**
 * Takes wake-ups from a queue and runs the engine slice by slice until the signal aborts: in the foreground for a command, in
 * the background with all that keeps imports going whatever dies.
 */

import type { Queue } from "../core/ports.ts";
import type { Retention } from "../core/store/store.ts";
import type { Engine } from "../engine/engine.ts";
import { BackgroundWorker, type WorkerParts } from "./background-worker.ts";
import { maintain } from "./maintenance.ts";

/** What the queue has for this process, to the end. */
export async function runWorker(engine: Engine, queue: Queue, signal: AbortSignal): Promise<void> {
  await queue.work(({ jobId, othersWait }) => engine.work(jobId, signal, { othersWait }), { signal });
}

export interface BackgroundOptions extends WorkerParts {
  /** Imports of one person at the same time, over all workers. */
  groupConcurrency: number;
  retention: Retention;
}

/** Works until `signal` aborts; then what is under way is handed on, and it returns. */
export async function runInBackground(options: BackgroundOptions, signal: AbortSignal): Promise<void> {
  const worker = new BackgroundWorker(options, signal);
  await Promise.all([
    options.queue.work((delivery) => worker.deliver(delivery), {
      concurrency: options.concurrency,
      groupConcurrency: options.groupConcurrency,
      signal,
    }),
    maintain({ ...options, worker }, signal),
    worker.watch(),
  ]);
  await worker.settled();
}
