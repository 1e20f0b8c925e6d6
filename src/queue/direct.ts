/** The direct queue: the same slices in this process, one job after the other. For the command line and tests. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Queue } from "../core/ports.ts";

export function directQueue(): Queue {
  const waiting: number[] = [];
  let active = 0;
  const line = (jobId: number): void => {
    if (!waiting.includes(jobId)) waiting.push(jobId);
  };
  return {
    async enqueue(jobId) {
      line(jobId);
    },
    async remind(jobs) {
      for (const { jobId } of jobs) line(jobId);
    },
    async work(handler, { signal }) {
      while (!signal.aborted) {
        const jobId = waiting.shift();
        if (jobId === undefined) return;
        active++;
        const outcome = await handler({ jobId, othersWait: () => waiting.length > 0 }).finally(() => active--);
        if (outcome === "done") continue;
        if (outcome !== "again")
          await sleep(outcome.againAfterSeconds * 1000, undefined, { signal }).catch(() => undefined);
        waiting.push(jobId);
      }
    },
    async depth() {
      return { waiting: waiting.length, active, dead: 0 };
    },
    async redrive() {
      return 0;
    },
    async close() {},
  };
}
