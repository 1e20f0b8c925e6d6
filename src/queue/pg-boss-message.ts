/** How a task is stored in pg-boss: in the queue of its channel, once for each key. */
import { channelOf, type QueueOptions, readTask, type Task, taskKey } from "../core/queue.ts";
import { risingPriority } from "./rising-priority.ts";

/** The schema of pg-boss's tables. */
export const schema = "sluice_queue";
/** The channel of imports, whose places are limited. */
export const imports = "imports";

export interface Message {
  task: Task;
  /** As it was asked for, for the next delivery of the same. */
  priority: number;
}

export function messageOf(task: Task, { group = null, priority = 0 }: QueueOptions) {
  return {
    channel: channelOf(task),
    data: { task, priority } satisfies Message,
    place: {
      singletonKey: taskKey(task),
      priority: risingPriority(priority),
      ...(group !== null && group !== "" && { group: { id: group } }),
    },
  };
}

/** Null for what this version does not know. */
export function taskOf(data: unknown): Task | null {
  return readTask((data as Partial<Message> | null)?.task);
}
