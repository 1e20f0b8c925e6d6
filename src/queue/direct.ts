/** The direct queue: the same slices in this process, one task after the other. For the command line and tests. */
import { setTimeout as sleep } from "node:timers/promises";
import { channelOf, type PullQueue, type Task, taskKey } from "../core/queue.ts";

export function directQueue(): PullQueue {
  const waiting: Task[] = [];
  let active = 0;
  const line = (task: Task): void => {
    const isSame = (other: Task): boolean => channelOf(other) === channelOf(task) && taskKey(other) === taskKey(task);
    if (!waiting.some(isSame)) waiting.push(task);
  };
  return {
    async enqueue(task) {
      line(task);
    },
    async remind(tasks) {
      for (const { task } of tasks) line(task);
    },
    async work(handler, { signal }) {
      while (!signal.aborted) {
        const task = waiting.shift();
        if (task === undefined) return;
        active++;
        const outcome = await handler({ task, othersWait: () => waiting.length > 0 }).finally(() => active--);
        if (outcome === "done") continue;
        if (outcome !== "again")
          await sleep(outcome.againAfterSeconds * 1000, undefined, { signal }).catch(() => undefined);
        waiting.push(task);
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
