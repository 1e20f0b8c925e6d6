/**
 * The direct queue: the same slices in this process, one task after the other. For the command line and tests, which end when nothing
 * waits, and for a mount without a public address, which waits for more.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  channelOf,
  type Delivered,
  type PullQueue,
  type QueueOptions,
  type QueueParts,
  type Task,
  taskKey,
} from "../core/queue.ts";

/** `waits`: for tasks to come, until it is stopped; of one that fails it tells, and goes on. */
export function directQueue({
  waits = false,
  onError = () => {},
}: { waits?: boolean } & Partial<Pick<QueueParts, "onError">> = {}): PullQueue {
  const waiting: Task[] = [];
  const later = new Set<NodeJS.Timeout>();
  let active = 0;
  let wake = (): void => {};
  const line = (task: Task): void => {
    const isSame = (other: Task): boolean => channelOf(other) === channelOf(task) && taskKey(other) === taskKey(task);
    if (!waiting.some(isSame)) waiting.push(task);
    wake();
  };
  const lineAfter = (task: Task, seconds: number): void => {
    const timer = setTimeout(() => {
      later.delete(timer);
      line(task);
    }, seconds * 1000);
    later.add(timer.unref());
  };
  const put = (task: Task, { afterSeconds = 0 }: QueueOptions = {}): void =>
    waits && afterSeconds > 0 ? lineAfter(task, afterSeconds) : line(task);
  const nextTask = async (signal: AbortSignal): Promise<Task | undefined> => {
    while (waits && waiting.length === 0 && !signal.aborted)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    return waiting.shift();
  };
  return {
    async enqueue(task, options) {
      put(task, options);
    },
    async remind(tasks) {
      for (const { task } of tasks) line(task);
    },
    async work(handler, { signal }) {
      const stop = (): void => wake();
      signal.addEventListener("abort", stop, { once: true });
      try {
        while (!signal.aborted) {
          const task = await nextTask(signal);
          if (task === undefined) return;
          active++;
          const outcome = await handler({ task, othersWait: () => waiting.length > 0 })
            .catch((error: Error): Delivered => {
              if (!waits) throw error;
              // Whoever waits for more has chores, which find what is left.
              onError(error);
              return "done";
            })
            .finally(() => active--);
          if (outcome === "done") continue;
          if (outcome === "again") waiting.push(task);
          else if (waits) lineAfter(task, outcome.againAfterSeconds);
          else {
            await sleep(outcome.againAfterSeconds * 1000, undefined, { signal }).catch(() => undefined);
            waiting.push(task);
          }
        }
      } finally {
        signal.removeEventListener("abort", stop);
      }
    },
    async depth() {
      return { waiting: waiting.length, active, dead: 0 };
    },
    async redrive() {
      return 0;
    },
    async close() {
      for (const timer of later) clearTimeout(timer);
    },
  };
}
