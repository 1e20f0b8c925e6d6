/** Takes wake-ups from a queue and runs the engine slice by slice until the signal aborts. */
import type { Engine } from "./engine.ts";
import type { Queue } from "./ports.ts";

export async function runWorker(engine: Engine, queue: Queue, signal: AbortSignal): Promise<void> {
  await queue.work((jobId) => engine.work(jobId, signal), signal);
}
