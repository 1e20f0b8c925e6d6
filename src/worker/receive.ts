/** A worker that is called: one task for each request of a pushed queue, within the time its host lets it. */
import type { PushQueue } from "../core/queue.ts";
import { BackgroundWorker } from "./background-worker.ts";
import { wakeSinks } from "./chores.ts";
import { dispatch, taskHandlers } from "./tasks.ts";
import { within } from "./time.ts";
import type { BackgroundOptions } from "./worker.ts";

export interface Receiver {
  receive(request: Request): Promise<Response>;
  /** When every request is answered. */
  settled(): Promise<void>;
}

/** `workMs` is the time of one request. What it wrote for sinks is theirs to deliver in requests of their own. */
export function receiver(options: BackgroundOptions & { queue: PushQueue }, signal: AbortSignal): Receiver {
  // One for all requests of this process, so that it sees an import that is delivered twice.
  const worker = new BackgroundWorker(options, { taking: signal, working: signal });
  const underWay = new Set<Promise<Response>>();
  const receive = (request: Request): Promise<Response> =>
    within(options.workMs, signal, (time) => {
      const handle = dispatch(taskHandlers({ ...options, worker }, time));
      return options.queue.receive(request, async (delivery) => {
        const outcome = await handle(delivery);
        if (delivery.task.kind !== "deliver") await wakeSinks(options);
        return outcome;
      });
    });
  return {
    receive(request) {
      const answer = receive(request).finally(() => underWay.delete(answer));
      underWay.add(answer);
      return answer;
    },
    settled: async () => void (await Promise.allSettled(underWay)),
  };
}
