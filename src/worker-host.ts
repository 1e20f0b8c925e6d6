/** Keeps a server's worker thread going: starts it, starts it again when it dies, stops it. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { EventListener } from "./ports.ts";
import { sibling } from "./sibling.ts";
import type { ToWorkerThread, WorkerThreadData } from "./worker-thread.ts";

/** A thread that dies is started again after this long, twice as long each time, up to a minute. */
const firstRestartMs = 500;
const lastRestartMs = 60_000;
/** One that lived for so long had a good start: the next wait is the first again. */
const healthyMs = 60_000;

const entry = sibling("worker-thread", import.meta.url);

export class WorkerHost {
  readonly #data: WorkerThreadData;
  readonly #onEvent: EventListener;
  #thread: Worker | null = null;
  #stopping = false;
  #restartMs = firstRestartMs;
  #timer: NodeJS.Timeout | undefined;

  constructor(data: WorkerThreadData, onEvent: EventListener) {
    this.#data = data;
    this.#onEvent = onEvent;
  }

  /** The thread's number in this process; null while it is down. */
  get threadId(): number | null {
    return this.#thread?.threadId ?? null;
  }

  /** Resolves when the thread works; rejects when it dies before. */
  async start(): Promise<void> {
    const thread = this.#spawn();
    try {
      await once(thread, "message");
    } catch (error) {
      this.#stopping = true;
      throw error;
    }
  }

  /** Lets it hand on what is under way; after `ms` it is ended. */
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
    const thread = new Worker(entry, { workerData: this.#data });
    const startedAt = performance.now();
    this.#thread = thread;
    let reason = "it ended by itself";
    thread.on("error", (error) => {
      reason = (error as Error).message;
    });
    thread.on("exit", () => {
      this.#thread = null;
      if (this.#stopping) return;
      if (performance.now() - startedAt > healthyMs) this.#restartMs = firstRestartMs;
      const afterMs = this.#restartMs;
      this.#restartMs = Math.min(lastRestartMs, afterMs * 2);
      this.#onEvent({ name: "worker.restarted", reason, afterMs });
      this.#timer = setTimeout(() => this.#spawn(), afterMs);
    });
    return thread;
  }
}
