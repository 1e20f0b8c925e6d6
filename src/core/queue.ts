/** What wakes a worker, and what for: tasks, and the queues that carry them, pulled or pushed. */

/** What a wake-up is about. */
export type Task =
  /** A slice of whatever the import needs next. */
  | { kind: "import"; importId: number }
  /** Deliver what the outbox holds for a sink. */
  | { kind: "deliver"; sink: string }
  /** Fetch what a source has. */
  | { kind: "fetch"; sourceId: number }
  /** Delete what has expired, or was left by a process that died. */
  | { kind: "sweep" };

type TaskOf<Kind extends Task["kind"]> = Extract<Task, { kind: Kind }>;

/** What a worker does for each kind of task. */
export type TaskHandlers = {
  readonly [Kind in Task["kind"]]: (task: TaskOf<Kind>, delivery: Delivery) => Promise<Delivered>;
};

/** The key that distinguishes tasks of a kind. One with the same key waits once. */
export function taskKey(task: Task): string {
  switch (task.kind) {
    case "import":
      return String(task.importId);
    case "deliver":
      return task.sink;
    case "fetch":
      return String(task.sourceId);
    case "sweep":
      return task.kind;
  }
}

/**
 * The channel of a task. A worker takes from those it knows, so that in a rolling deploy old workers leave what is new to
 * the new ones, and each sink's messages to those that have the sink.
 */
export function channelOf(task: Task): string {
  switch (task.kind) {
    case "import":
      return "imports";
    case "deliver":
      return `deliver-${task.sink}`;
    case "fetch":
      return "fetches";
    case "sweep":
      return task.kind;
  }
}

/** A task as it comes out of JSON; null for what this version does not know. */
export function readTask(value: unknown): Task | null {
  if (typeof value !== "object" || value === null) return null;
  const { kind, importId, sink, sourceId } = value as Record<string, unknown>;
  if (kind === "import" && typeof importId === "number" && Number.isSafeInteger(importId)) return { kind, importId };
  if (kind === "deliver" && typeof sink === "string") return { kind, sink };
  if (kind === "fetch" && typeof sourceId === "number" && Number.isSafeInteger(sourceId)) return { kind, sourceId };
  return kind === "sweep" ? { kind } : null;
}

/** What an import's next slice is of, as far as is known: each has its route where a queue calls by HTTP. */
export type ImportStep = "parse" | "commit" | "error-report";

/** How a task is to be delivered. */
export interface QueueOptions {
  /** Whose import it is: nobody's imports keep everybody's slots. Null: in no group. */
  group?: string | null;
  /** The higher, the sooner; `importPriority` of import.ts. */
  priority?: number;
  /** Not to be delivered before. Default 0. */
  afterSeconds?: number;
  /** Of an import. Default `parse`. */
  step?: ImportStep;
}

/** A task that is delivered again. `workerDied`: of the worker that had it this is known, so that it keeps nobody's place any longer. */
export interface Reminder extends QueueOptions {
  task: Task;
  workerDied?: boolean;
}

/** A task in the hands of a worker. */
export interface Delivery {
  task: Task;
  /** True when others wait for the place this one takes: a slice that has had its share should hand on. */
  othersWait(): boolean;
}

/** What a worker makes of a delivery: nothing more to do for now, or another slice, at once or later. */
export type Delivered = "done" | "again" | { againAfterSeconds: number };

/** What a delivery that throws comes to is the queue's business: it is tried again later, and kept when it fails for good. */
export type TaskHandler = (delivery: Delivery) => Promise<Delivered>;

export interface WorkOptions {
  /** Those to take from. Default: imports alone. */
  channels?: readonly string[];
  /** Imports at the same time. Of each other channel it is one. */
  concurrency?: number;
  /** Imports of one group at the same time, over all workers. */
  groupConcurrency?: number;
  signal: AbortSignal;
}

/** How much waits for a worker. */
export interface QueueDepth {
  waiting: number;
  active: number;
  /** Deliveries that failed for good, kept for inspection. */
  dead: number;
}

/** What wakes a worker. Postgres ensures safety: a doubled, late or reordered delivery has no effect. */
export interface Queue {
  /** A task that waits already is not put in twice. */
  enqueue(task: Task, options?: QueueOptions): Promise<void>;
  /** Puts in those whose delivery is lost, or is in the hands of a worker that died. */
  remind(tasks: readonly Reminder[]): Promise<void>;
  /** Null where only the queue's provider knows. */
  depth(): Promise<QueueDepth | null>;
  /** Puts in again what failed for good. Returns how many deliveries that is. */
  redrive(): Promise<number>;
  close(): Promise<void>;
}

/** A queue that workers ask. */
export interface PullQueue extends Queue {
  /** Delivers tasks to `handler` until `signal` aborts, and then until those in progress have returned. */
  work(handler: TaskHandler, options: WorkOptions): Promise<void>;
}

/** A task in the hands of a worker that was called. */
export interface Call {
  task: Task;
  /** How many slices before this one, without a break, got nowhere. */
  idleSlices: number;
}

/** What a worker makes of a call. */
export interface CallResult {
  outcome: Delivered;
  /** Of an import that is not done: what its next slice is of. Default: as this one. */
  step?: ImportStep;
  /** The slice was cut off before its first checkpoint. */
  isIdle?: boolean;
  /** There is work for others beside the next slice. */
  isShareable?: boolean;
}

export type CallHandler = (call: Call) => Promise<CallResult>;

/** A queue that calls by HTTP: for hosts where nothing runs between two requests. */
export interface PushQueue extends Queue {
  /**
   * Works on the task in the request, and enqueues what is left of it. Answers 401 to a request that the queue's provider has not signed,
   * 503 to a task that only a newer version knows, 500 where the handler throws; all but the first are delivered again.
   */
  receive(request: Request, handler: CallHandler): Promise<Response>;
}

export function isPulled(queue: Queue): queue is PullQueue {
  return "work" in queue;
}

export function isPushed(queue: Queue): queue is PushQueue {
  return "receive" in queue;
}

/** What a queue may need to be opened. */
export interface QueueParts {
  database: QueueDatabase;
  /** False where tasks are only put in. */
  isWorker: boolean;
  onError(error: Error): void;
  /** Told of a delivery that failed for good. */
  onDead?(task: Task, reason: string): void;
}

export type QueueOpener = (parts: QueueParts) => Queue | Promise<Queue>;

/** Runs a statement with its values; rows as objects. */
export type QueryRows = (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;

/** What a queue that lives in the database asks of its room. */
export interface QueueDatabase {
  query: QueryRows;
  transaction<T>(work: (query: QueryRows) => Promise<T>): Promise<T>;
  /** Wakes the workers of all processes. */
  wake(): Promise<void>;
  /** Calls `listener` on every wake-up, where they are heard; returns how to stop. */
  onWake(listener: () => void): () => void;
}
