/**
 * What every worker does beside its imports: tells the queue of those that nobody is at, because their worker died or their
 * message got lost; joins large commits; finishes edits whose process died; takes away hourly what has expired. All workers may do it at the same time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { reasonToLog } from "../core/errors.ts";
import { queuePlace } from "../core/import.ts";
import type { EventListener, Queue } from "../core/ports.ts";
import type { Retention } from "../core/store/leftovers.ts";
import type { Engine } from "../engine/engine.ts";
import type { BackgroundWorker } from "./background-worker.ts";

/** A worker that was killed is missed within this time: the look is one small query. */
const missMs = 500;
const lookMs = 2000;
const sweepMs = 3600 * 1000;

export interface MaintenanceParts {
  engine: Engine;
  queue: Queue;
  worker: BackgroundWorker;
  onEvent: EventListener;
  retention: Retention;
}

/** Looks until `signal` aborts: twice a second for imports without a worker, every two seconds for the rest. */
export async function maintain(parts: MaintenanceParts, signal: AbortSignal): Promise<void> {
  const { engine, onEvent, retention } = parts;
  let sweepAt = 0;
  let lookAt = 0;
  // Beside the rest: an edit of a large import takes its time.
  let editing: Promise<void> | null = null;
  while (!signal.aborted) {
    try {
      const isLook = performance.now() >= lookAt;
      await remindOfForgotten(parts, isLook);
      if (isLook) {
        lookAt = performance.now() + lookMs;
        await parts.worker.takeUp();
        await parts.worker.share();
        editing ??= finishEdits(parts, signal).finally(() => {
          editing = null;
        });
      }
      if (performance.now() >= sweepAt) {
        sweepAt = performance.now() + sweepMs;
        await engine.sweep(retention);
      }
    } catch (error) {
      if (!signal.aborted) onEvent({ name: "supervisor.failed", reason: reasonToLog(error) });
    }
    await sleep(missMs, undefined, { signal }).catch(() => {});
  }
  await editing;
}

/** Those whose process died halfway. */
async function finishEdits({ engine, onEvent }: MaintenanceParts, signal: AbortSignal): Promise<void> {
  try {
    await engine.finishEdits(signal);
  } catch (error) {
    if (!signal.aborted) onEvent({ name: "supervisor.failed", reason: reasonToLog(error) });
  }
}

/** `all`: also those whose message may be lost; else those whose worker died. */
async function remindOfForgotten({ engine, queue, onEvent }: MaintenanceParts, all: boolean): Promise<void> {
  const unattended = await engine.store.claims.unattended();
  const forgotten = all ? unattended : unattended.filter(({ workerDied }) => workerDied);
  if (forgotten.length === 0) return;
  await queue.remind(forgotten.map((job) => ({ jobId: job.id, workerDied: job.workerDied, ...queuePlace(job) })));
  onEvent({ name: "queue.reminded", jobs: forgotten.length });
}
