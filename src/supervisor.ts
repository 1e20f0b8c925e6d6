/**
 * What every worker does beside its imports: tells the queue of those that nobody is at, because their worker died or their
 * message got lost; joins large commits; takes away hourly what has expired. All workers may do it at the same time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "./engine.ts";
import { importPriority } from "./import.ts";
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
  while (!signal.aborted) {
    try {
      await remindOfForgotten(parts);
      await parts.worker.share();
      if (performance.now() >= sweepAt) {
        sweepAt = performance.now() + sweepMs;
        await engine.sweep(retention);
      }
    } catch (error) {
      if (!signal.aborted) onEvent({ name: "supervisor.failed", reason: (error as Error).message });
    }
    await sleep(lookMs, undefined, { signal }).catch(() => {});
  }
}

async function remindOfForgotten({ engine, queue, onEvent }: SupervisorParts): Promise<void> {
  const forgotten = await engine.store.unattended();
  if (forgotten.length === 0) return;
  await queue.remind(forgotten.map((job) => ({ jobId: job.id, group: job.createdBy, priority: importPriority(job) })));
  onEvent({ name: "queue.reminded", jobs: forgotten.length });
}
