/** A worker that is called: one task for each request of a pushed queue, within the time its host lets it. */
import type { Call, CallHandler, CallResult, PushQueue } from "../core/queue.ts";
import { BackgroundWorker } from "./background-worker.ts";
import { dispatch, taskHandlers } from "./tasks.ts";
import { requestTime, type WorkerTime, within } from "./time.ts";
import { wakeAhead } from "./wake-ahead.ts";
import type { BackgroundOptions } from "./worker.ts";

/** Slices of an import that are cut off one after the other before their first checkpoint, until it fails. */
const mostIdleSlices = 3;

export interface Receiver {
  /** `spentMs`: how long ago the request came in. */
  receive(request: Request, spentMs?: number): Promise<Response>;
  /** When every request is answered. */
  settled(): Promise<void>;
}

export interface ReceiverOptions extends Omit<BackgroundOptions, "workMs"> {
  queue: PushQueue;
  /** How long the host lets a request run; null: for any time. */
  limitSeconds: number | null;
  /** How long a request works by the settings; 0: as the host lets it. */
  workSeconds: number;
}

/** What it wrote for sinks is theirs to deliver in requests of their own. */
export function receiver(options: ReceiverOptions, signal: AbortSignal): Receiver {
  const { engine, queue, limitSeconds, workSeconds } = options;
  // One for all requests of this process, so that it sees an import that is delivered twice.
  const worker = new BackgroundWorker(options, { taking: signal, working: signal });
  const underWay = new Set<Promise<Response>>();

  const handlerWithin = (time: WorkerTime): CallHandler => {
    const handle = dispatch(taskHandlers({ ...options, worker }, time));
    return async (call) => {
      const result = await work(call, (task) => handle({ task, othersWait: () => false }), time);
      // Any other that is not done is its own next wake-up.
      if (result.outcome === "done" || call.task.kind === "import") await wakeAhead(options, call.task);
      return result;
    };
  };

  const work = async (
    { task, idleSlices }: Call,
    handle: (task: Call["task"]) => Promise<CallResult["outcome"]>,
    time: WorkerTime,
  ): Promise<CallResult> => {
    if (task.kind === "sweep") {
      await handle(task);
      // What a worker that runs all the time has chores for.
      await engine.finishEdits(time.working);
      for (const importId of await engine.takeUp()) await queue.enqueue({ kind: "import", importId });
      return { outcome: "done" };
    }
    if (task.kind !== "import") return { outcome: await handle(task) };
    const before = await engine.waiting.standing(task.importId);
    const outcome = await handle(task);
    if (outcome === "done" || before === null) return { outcome };
    const after = await engine.waiting.standing(task.importId);
    if (after === null) return { outcome: "done" };
    const { step, isShareable } = after;
    const isIdle = outcome === "again" && time.working.aborted && !signal.aborted && after.mark === before.mark;
    if (isIdle && idleSlices + 1 >= mostIdleSlices) {
      await engine.failCutOff(task.importId, Math.round(time.limitSeconds ?? 0));
      return { outcome: "done" };
    }
    return { outcome, step, isIdle, isShareable: isShareable && step === "commit" };
  };

  const receive = (request: Request, spentMs: number): Promise<Response> => {
    const { ms, graceMs } = requestTime(limitSeconds, workSeconds, spentMs);
    const most = limitSeconds ?? (workSeconds === 0 ? null : workSeconds);
    return within(
      ms,
      signal,
      (time) => {
        const limited = most === null ? time : { ...time, limitSeconds: most };
        return queue.receive(request, handlerWithin(limited));
      },
      graceMs,
    );
  };
  return {
    receive(request, spentMs = 0) {
      const answer = receive(request, spentMs).finally(() => underWay.delete(answer));
      underWay.add(answer);
      return answer;
    },
    settled: async () => void (await Promise.allSettled(underWay)),
  };
}
