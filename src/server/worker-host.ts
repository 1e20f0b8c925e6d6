/**
 * Keeps a worker's thread going: starts it, starts it again when it dies, stops it. A thread that one import's cells keep busy for
 * too long is ended: that import fails, and the others continue in the next thread.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { reasonToLog } from "../core/errors.ts";
import type { EventListener } from "../core/ports.ts";
import { sibling } from "../core/sibling.ts";
import { attentionMemory, type Patience, watchOver } from "./attention.ts";
import type { FromWorkerThread, ToWorkerThread, WatchedThreadData, WorkerThreadData } from "./worker-thread.ts";

/** A thread that dies is started again after this long, twice as long each time, up to a minute. */
const firstRestartMs = 500;
const lastRestartMs = 60_000;
/** A thread that lived this long started well: the wait before the next restart is the shortest again. */
const healthyMs = 60_000;

/** A batch takes a fraction of a second, on a busy machine a few. */
const defaultPatience: Patience = { everyMs: 1000, times: 10 };
/** How long to wait for the import's note before the thread is ended anyway. */
const noteMs = 5000;

const entry = sibling("worker-thread", import.meta.url);

export class WorkerHost {
  readonly #data: WorkerThreadData;
  readonly #onEvent: EventListener;
  readonly #onStuck: (jobId: number, seconds: number) => Promise<void>;
  readonly #patience: Patience;
  #thread: Worker | null = null;
  #stopping = false;
  /** Until the first thread works: one that dies before is not started again. */
  #starting = false;
  #restartMs = firstRestartMs;
  #timer: NodeJS.Timeout | undefined;
  readonly #ended = Promise.withResolvers<void>();

  /** `onStuck`: notes on an import that it has kept the thread busy for this many seconds, before the thread is ended. */
  constructor(
    data: WorkerThreadData,
    onEvent: EventListener,
    {
      onStuck = async () => {},
      patience = defaultPatience,
    }: { onStuck?: (jobId: number, seconds: number) => Promise<void>; patience?: Patience } = {},
  ) {
    this.#data = data;
    this.#onEvent = onEvent;
    this.#onStuck = onStuck;
    this.#patience = patience;
  }

  /** The thread's number in this process; null while it is down. */
  get threadId(): number | null {
    return this.#thread?.threadId ?? null;
  }

  /** Resolves when the worker's time is up and it has handed its imports on; never if it works until stopped. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Resolves when the thread works; rejects when it dies before. */
  async start(): Promise<void> {
    this.#starting = true;
    const thread = this.#spawn();
    const died = Promise.withResolvers<never>();
    thread.once("exit", () => died.reject(new Error("The worker's thread ended before it worked.")));
    try {
      await Promise.race([once(thread, "message"), died.promise]);
    } catch (error) {
      this.#stopping = true;
      throw error;
    } finally {
      this.#starting = false;
    }
  }

  /** Lets it hand its imports on; after `ms` it is ended. */
  async stop(ms: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const thread = this.#thread;
    if (thread === null) return;
    const ended = once(thread, "exit");
    thread.postMessage("stop" satisfies ToWorkerThread);
    const late = setTimeout(() => void thread.terminate(), ms);
    await ended;
    clearTimeout(late);
  }

  #spawn(): Worker {
    const attention = attentionMemory();
    const thread = new Worker(entry, { workerData: { ...this.#data, attention } satisfies WatchedThreadData });
    const startedAt = performance.now();
    this.#thread = thread;
    let reason = "it ended by itself";
    let unwatch = (): void => {};
    // What it loads at first takes as long as it takes.
    thread.once("message", () => {
      unwatch = watchOver(attention, this.#patience, (jobId) => {
        reason = `it stood still${jobId === null ? "" : ` over the cells of import ${jobId}`}`;
        void this.#endStuck(thread, jobId);
      });
    });
    thread.on("message", (message: FromWorkerThread) => {
      if (message !== "ended") return;
      this.#stopping = true;
      this.#ended.resolve();
    });
    thread.on("error", (error) => {
      reason = (error as Error).message;
    });
    thread.on("exit", () => {
      unwatch();
      this.#thread = null;
      if (this.#stopping || this.#starting) return;
      if (performance.now() - startedAt > healthyMs) this.#restartMs = firstRestartMs;
      const afterMs = this.#restartMs;
      this.#restartMs = Math.min(lastRestartMs, afterMs * 2);
      this.#onEvent({ name: "worker.restarted", reason, afterMs });
      this.#timer = setTimeout(() => this.#spawn(), afterMs);
    });
    return thread;
  }

  /** The note comes first, so that no other worker takes the import over and hangs as well. */
  async #endStuck(thread: Worker, jobId: number | null): Promise<void> {
    const { everyMs, times } = this.#patience;
    if (jobId !== null) {
      const noted = this.#onStuck(jobId, Math.round((everyMs * times) / 1000)).catch((error: unknown) => {
        this.#onEvent({ name: "worker.failed", jobId, reason: reasonToLog(error) });
      });
      await Promise.race([noted, new Promise((resolve) => setTimeout(resolve, noteMs).unref())]);
    }
    await thread.terminate();
  }
}
