/**
 * What every worker does beside its imports: tells the queue of those that nobody is at, because their worker died or their
 * message got lost; joins large commits; finishes edits whose process died; takes away hourly what has expired. All workers may do it at the same time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "./engine.ts";
import { reasonToLog } from "./errors.ts";
import { queuePlace } from "./import.ts";
import type { EventListener, Queue } from "./ports.ts";
import type { Retention } from "./store.ts";
import type { BackgroundWorker } from "./worker.ts";

const lookMs = 2000;
const sweepMs = 3600 * 1000;

export interface SupervisorParts {
  engine: Engine;
  queue: Queue;
  worker: BackgroundWorker;
  onEvent: EventListener;
  retention: Retention;
}

/** Looks every two seconds until `signal` aborts. */
export async function supervise(parts: SupervisorParts, signal: AbortSignal): Promise<void> {
  const { engine, onEvent, retention } = parts;
  let sweepAt = 0;
  // Beside the rest: an edit of a large import takes its time.
  let editing: Promise<void> | null = null;
  while (!signal.aborted) {
    try {
      await remindOfForgotten(parts);
      await parts.worker.share();
      editing ??= finishEdits(parts, signal).finally(() => {
        editing = null;
      });
      if (performance.now() >= sweepAt) {
        sweepAt = performance.now() + sweepMs;
        await engine.sweep(retention);
      }
    } catch (error) {
      if (!signal.aborted) onEvent({ name: "supervisor.failed", reason: reasonToLog(error) });
    }
    await sleep(lookMs, undefined, { signal }).catch(() => {});
  }
  await editing;
}

/** Those whose process died halfway. */
async function finishEdits({ engine, onEvent }: SupervisorParts, signal: AbortSignal): Promise<void> {
  try {
    await engine.finishEdits(signal);
  } catch (error) {
    if (!signal.aborted) onEvent({ name: "supervisor.failed", reason: reasonToLog(error) });
  }
}

async function remindOfForgotten({ engine, queue, onEvent }: SupervisorParts): Promise<void> {
  const forgotten = await engine.store.unattended();
  if (forgotten.length === 0) return;
  await queue.remind(forgotten.map((job) => ({ jobId: job.id, ...queuePlace(job) })));
  onEvent({ name: "queue.reminded", jobs: forgotten.length });
}
