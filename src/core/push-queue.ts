/**
 * What every queue that calls by HTTP has in common: it publishes a task to a provider, which posts it back, signed, to an instance that
 * hands its requests to `receive`. An adapter is what its provider's publishing and signing are.
 */
import { SluiceError } from "./errors.ts";
import {
  type Call,
  type CallResult,
  type ImportStep,
  type PushQueue,
  type QueueOptions,
  type Reminder,
  readTask,
  type Task,
  taskKey,
} from "./queue.ts";

/** Where a task goes: an import's by what its next slice is of, any other's by its kind. */
export type Step = ImportStep | Exclude<Task["kind"], "import">;

/** What a provider is told of a task. */
export interface PublishOptions {
  /** What it is about: one with the same that waits already makes this one needless. */
  key: string;
  /**
   * This wake-up's own, also where a provider refuses what it has seen before: task, step, run, lane, slice and attempt. One that a
   * sweep puts in again has another; the same sweep's, delivered twice, the same.
   */
  id: string;
  step: Step;
  afterSeconds: number;
}

/** How a provider takes a task and how its requests are known. */
export interface PushTransport {
  /** Has `body` posted back after `afterSeconds`. */
  publish(body: string, options: PublishOptions): Promise<void>;
  /** The body of a request that the provider has signed, with what the provider calls the message; null for any other. */
  verify(request: Request): Promise<string | { body: string; id: string } | null>;
  /** How it is told that trying again cannot help. Default: like any other failure, by 500 or 503. */
  refusal?: { status: number; headers: Readonly<Record<string, string>> };
  /** Slices of one import at the same time. Default 1. */
  parallel?: number;
}

/** Remembers wake-ups, so that each has one effect, and what failed for good is kept. */
export interface WakeUps {
  /** False where it was noted before. */
  published(id: string, task: Task, afterSeconds: number): Promise<boolean>;
  /** True where one for this task is on its way that nobody has begun, and comes no later than in so many seconds. */
  isOnItsWay(task: Task, withinSeconds: number): Promise<boolean>;
  /** Was not published after all. */
  forgotten(id: string): Promise<void>;
  /** `mine`: to be worked on. Anything else has no effect. */
  begin(id: string, task: Task): Promise<"mine" | "done" | "under_way">;
  /** Worked on, and whatever follows is published. */
  done(id: string): Promise<void>;
  /** Not worked on any more, but not done either. */
  release(id: string): Promise<void>;
  dead(id: string, task: Task, reason: string): Promise<void>;
}

/** A task with its place in the chain of slices that it belongs to. */
interface Message {
  task: Task;
  id?: string;
  step?: Step;
  /** What began the chain. */
  run?: string;
  /** Of the chains that share a commit. */
  lane?: number;
  slice?: number;
  /** Of the same slice. */
  attempt?: number;
  idleSlices?: number;
}

/** What a provider is asked to wait with a task that only another version of Sluice knows. */
const unknownSeconds = 30;

/** @example const queue = pushQueue({ publish: (body) => client.publish(body), verify: (request) => client.verify(request) }); */
export function pushQueue(transport: PushTransport, wakeUps?: WakeUps): PushQueue {
  const publish = async ({ id: _, ...message }: Message, afterSeconds: number, isOnce = false): Promise<void> => {
    const { task } = message;
    const step = stepFor(message);
    const key = `${task.kind}:${taskKey(task)}`;
    const { run = "", lane = 0, slice = 0, attempt = 0 } = message;
    const id = [task.kind, taskKey(task), step, run, lane, slice, attempt].join("-");
    const isKnown = (await wakeUps?.published(id, task, afterSeconds)) === false;
    if (isOnce && isKnown) return;
    try {
      await transport.publish(JSON.stringify({ id, ...message, step }), { key, id, step, afterSeconds });
    } catch (error) {
      // Nobody may take it for one that is on its way.
      if (!isKnown) await wakeUps?.forgotten(id).catch(() => {});
      throw error;
    }
  };

  const enqueue = async (task: Task, { afterSeconds = 0, step }: QueueOptions = {}): Promise<void> => {
    // Whoever asks for an import has changed it, and a wake-up from before may be over by now.
    if (task.kind !== "import" && (await wakeUps?.isOnItsWay(task, afterSeconds))) return;
    await publish({ task, run: crypto.randomUUID().slice(0, 8), ...(step !== undefined && { step }) }, afterSeconds);
  };

  const remind = async (tasks: readonly Reminder[]): Promise<void> => {
    // Two sweeps of one minute are one, and none of the next minute is taken for its repetition.
    const run = `s${Math.floor(Date.now() / 60_000)}`;
    await Promise.all(
      tasks.map(({ task, afterSeconds = 0, step }) =>
        publish({ task, run, ...(step !== undefined && { step }) }, afterSeconds),
      ),
    );
  };

  /** What follows a slice: the next, the same again, and chains beside it where there is work for them. */
  const goOn = async (message: Message, result: CallResult): Promise<void> => {
    const { outcome, isShareable = false, isIdle = false } = result;
    if (outcome === "done") return;
    const { slice = 0, attempt = 0, lane = 0 } = message;
    const step = result.step ?? message.step;
    const idleSlices = isIdle ? (message.idleSlices ?? 0) + 1 : 0;
    const next = { ...message, ...(step !== undefined && { step }), idleSlices };
    if (isShareable && lane === 0)
      for (let beside = 1; beside < (transport.parallel ?? 1); beside++)
        await publish({ ...next, lane: beside, slice: 0, attempt: 0 }, 0, true);
    await (typeof outcome === "object"
      ? publish({ ...next, attempt: attempt + 1 }, outcome.againAfterSeconds)
      : publish({ ...next, slice: slice + 1, attempt: 0 }, 0));
  };

  const refuse = (otherwise: number, error: string): Response =>
    answer(transport.refusal?.status ?? otherwise, { error }, transport.refusal?.headers);

  return {
    enqueue,
    remind,
    async receive(request, handler) {
      const verified = await transport.verify(request);
      if (verified === null) return answer(401, { error: "The queue's provider has not signed this request." });
      const { body, id: given } = typeof verified === "string" ? { body: verified, id: undefined } : verified;
      const message = messageIn(body);
      if (message === null) return refuse(503, "This request has no task.");
      if (message === "unknown")
        return answer(
          503,
          { error: "This version of Sluice does not know the task." },
          { "retry-after": String(unknownSeconds) },
        );
      const { task, idleSlices = 0 } = message;
      const id = message.id ?? given;
      try {
        const begun = id === undefined ? "mine" : await wakeUps?.begin(id, task);
        // Its one effect it has had, or is having.
        if (begun === "done") return answer(200, { task, outcome: "replayed" });
        if (begun === "under_way") return answer(200, { task, outcome: "under_way" });
        const call: Call = { task, idleSlices };
        const result = await handler(call);
        // Whoever dies between the two is called again, which has no effect.
        await goOn({ run: given ?? crypto.randomUUID().slice(0, 8), ...message }, result);
        if (id !== undefined) await wakeUps?.done(id);
        return answer(200, { task, outcome: result.outcome });
      } catch (error) {
        if (id !== undefined) await wakeUps?.release(id).catch(() => {});
        const reason = error instanceof Error ? error.message : String(error);
        if (!isForGood(error)) return answer(500, { error: reason });
        if (id !== undefined) await wakeUps?.dead(id, task, reason).catch(() => {});
        return refuse(500, reason);
      }
    },
    // The provider knows.
    async depth() {
      return null;
    },
    async redrive() {
      return 0;
    },
    async close() {},
  };
}

/** A message as `publish` writes it, such as a failure callback returns. Null: none; `unknown`: of another version. */
export function messageIn(body: string): (Message & { task: Task }) | "unknown" | null {
  try {
    const { task: given, ...rest } = (JSON.parse(body) ?? {}) as Record<string, unknown>;
    if (typeof given !== "object" || given === null || typeof (given as { kind?: unknown }).kind !== "string")
      return null;
    const task = readTask(given);
    return task === null ? "unknown" : { ...(rest as Partial<Message>), task };
  } catch {
    return null;
  }
}

function stepFor({ task, step }: Message): Step {
  return task.kind === "import" ? (step ?? "parse") : task.kind;
}

/** What Sluice has judged, rather than a fault of the database or the program that may be over the next time. */
function isForGood(error: unknown): boolean {
  return error instanceof SluiceError && !["unavailable", "internal", "too_many", "conflict"].includes(error.code);
}

function answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(body, { status, headers });
}
