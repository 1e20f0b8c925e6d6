/** The direct queue: the same slices in this process, one job after the other. For the command line and tests. */
import type { Queue } from "../ports.ts";

export function directQueue(): Queue {
  const waiting: number[] = [];
  return {
    async enqueue(jobId) {
      if (!waiting.includes(jobId)) waiting.push(jobId);
    },
    async work(handler, signal) {
      while (!signal.aborted) {
        const jobId = waiting.shift();
        if (jobId === undefined) return;
        if ((await handler(jobId)) === "again") waiting.push(jobId);
      }
    },
  };
}
