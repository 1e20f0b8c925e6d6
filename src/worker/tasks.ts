/** What a worker does for each kind of task, and the channels it takes tasks from. */

import type { AnySink } from "../core/bound-sink.ts";
import { SluiceError } from "../core/errors.ts";
import { channelOf, type TaskHandler, type TaskHandlers } from "../core/queue.ts";
import type { Retention } from "../core/store/leftovers.ts";
import { type ChoreParts, remind, wakeSources } from "./chores.ts";
import { deliverSink, registerSinks } from "./sinks.ts";
import type { WorkerTime } from "./time.ts";
import { noteTrouble, tellsOperators } from "./watch-trouble.ts";

export interface TaskParts extends ChoreParts {
  retention: Retention;
}

/** A sink's messages are delivered, and a source's files taken in, for this long before others have a turn. */
const turnMs = 60_000;

export function taskHandlers(parts: TaskParts, time: WorkerTime): TaskHandlers {
  const { engine, worker, outbox, sinks, fetcher, onEvent, retention } = parts;
  const turn = (): { isOver: () => boolean; signal: AbortSignal } => {
    const end = Math.min(performance.now() + turnMs, time.deadline ?? Number.POSITIVE_INFINITY);
    return { isOver: () => time.taking.aborted || performance.now() >= end, signal: time.working };
  };
  return {
    import: ({ importId }, { othersWait }) => worker.deliver(importId, othersWait, time),
    async deliver({ sink: name }) {
      const sink = sinks.find((each) => each.name === name);
      if (sink === undefined) throw new SluiceError("not_found", `This process has no sink "${name}".`);
      return deliverSink(sink, { outbox, onEvent, ...turn() });
    },
    fetch: ({ sourceId }) => fetcher.fetch(sourceId, turn()),
    async sweep() {
      await engine.sweep(retention);
      // Where nothing runs between two calls, this is what finds them.
      await remind(parts, { diedOnly: false });
      await registerSinks(outbox, sinks);
      if (tellsOperators(sinks)) await noteTrouble(parts);
      await fetcher.register();
      await wakeSources(parts);
      return "done";
    },
  };
}

/** Those of the tasks above. */
export function channelsOf(sinks: readonly AnySink[]): string[] {
  return ["imports", "fetches", "sweep", ...sinks.map(({ name }) => channelOf({ kind: "deliver", sink: name }))];
}

/** Hands each delivery to the handler of its task's kind. */
export function dispatch(handlers: TaskHandlers): TaskHandler {
  return (delivery) => {
    const { task } = delivery;
    switch (task.kind) {
      case "import":
        return handlers.import(task, delivery);
      case "deliver":
        return handlers.deliver(task, delivery);
      case "fetch":
        return handlers.fetch(task, delivery);
      case "sweep":
        return handlers.sweep(task, delivery);
    }
  };
}
