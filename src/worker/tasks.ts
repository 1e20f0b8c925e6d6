/** What a worker does for each kind of task, and the channels it takes tasks from. */
import type { TaskHandler, TaskHandlers } from "../core/queue.ts";
import type { Retention } from "../core/store/leftovers.ts";
import type { Engine } from "../engine/engine.ts";
import type { BackgroundWorker } from "./background-worker.ts";

export interface TaskParts {
  engine: Engine;
  worker: BackgroundWorker;
  retention: Retention;
}

export function taskHandlers({ engine, worker, retention }: TaskParts): TaskHandlers {
  return {
    import: ({ importId }, { othersWait }) => worker.deliver(importId, othersWait),
    async sweep() {
      await engine.sweep(retention);
      return "done";
    },
  };
}

/** Those of the tasks above. */
export const channels: readonly string[] = ["imports", "sweep"];

/** Hands each delivery to the handler of its task's kind. */
export function dispatch(handlers: TaskHandlers): TaskHandler {
  return (delivery) => {
    const { task } = delivery;
    switch (task.kind) {
      case "import":
        return handlers.import(task, delivery);
      case "sweep":
        return handlers.sweep(task, delivery);
    }
  };
}
