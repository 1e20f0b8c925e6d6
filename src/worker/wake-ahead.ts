/**
 * Where nothing looks every other second: what sinks and sources have to do now is put into the queue, and what they have to do later, such as
 * the next attempt of a delivery, with the delay that it waits for. The sweep does the same for what gets lost.
 */
import { type Task, taskKey } from "../core/queue.ts";
import type { ChoreParts } from "./chores.ts";
import { dueSinks } from "./sinks.ts";

/** What a task left undone that it could have done is not to be had this very moment. */
const restSeconds = 1;

/** @param after what has just been worked on, to its end. */
export async function wakeAhead(
  { queue, outbox, sinks, fetcher }: Pick<ChoreParts, "queue" | "outbox" | "sinks" | "fetcher">,
  after?: Task,
): Promise<void> {
  const wake = (task: Task, inSeconds: number): Promise<void> => {
    const isSame = task.kind === after?.kind && taskKey(task) === taskKey(after);
    return queue.enqueue(task, { afterSeconds: isSame ? Math.max(restSeconds, inSeconds) : inSeconds });
  };
  for (const { sink, inSeconds } of await dueSinks(outbox, sinks)) await wake({ kind: "deliver", sink }, inSeconds);
  for (const sourceId of await fetcher.due()) await wake({ kind: "fetch", sourceId }, 0);
  for (const { id, inSeconds } of await fetcher.dueLater()) await wake({ kind: "fetch", sourceId: id }, inSeconds);
}
