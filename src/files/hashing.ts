/** The hashing of files while they are written, in a thread of its own, which is there as long as there is something to hash. */
import { Worker } from "node:worker_threads";
import { threadStart } from "../core/sibling.ts";
import type { HashAnswer, HashRequest } from "./hash-protocol.ts";

/** A thread that has been idle for this long is ended, with the hash states that it holds. */
const idleMs = 30_000;

interface Asked {
  resolve(hash: string): void;
  reject(error: Error): void;
}

export class Hashing {
  /** Settles when it can receive messages. */
  #thread: Promise<Worker> | null = null;
  readonly #asked = new Map<number, Asked>();
  #asks = 0;
  #idle: NodeJS.Timeout | undefined;

  /** Hashes a file as far as it is written; `afresh`: what is known of it does not count. */
  goOn(path: string, to: number, afresh: boolean): void {
    this.#tell({ do: "on", path, to, afresh });
  }

  /** SHA-256 in hex of the file's first bytes, which nobody changes any more. */
  digest(path: string, to: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const ask = this.#asks++;
      this.#asked.set(ask, { resolve, reject });
      this.#tell({ do: "digest", path, to, ask }, ask);
    });
  }

  forget(path: string): void {
    if (this.#thread !== null) this.#tell({ do: "forget", path });
  }

  /** `ask`: of a request that somebody waits for. */
  #tell(request: HashRequest, ask?: number): void {
    this.#thread ??= this.#start();
    this.#thread.then(
      (thread) => {
        if (ask !== undefined) thread.ref();
        thread.postMessage(request);
      },
      (error: Error) => {
        this.#thread = null;
        if (ask !== undefined) this.#asked.get(ask)?.reject(error);
        if (ask !== undefined) this.#asked.delete(ask);
      },
    );
    this.#rest();
  }

  async #start(): Promise<Worker> {
    const { entry, options } = await threadStart("hash-thread", import.meta.url);
    const thread = new Worker(entry, { ...options, env: {} });
    const started = this.#thread;
    thread.unref();
    thread.on("message", (answer: HashAnswer) => {
      const asked = this.#asked.get(answer.ask);
      this.#asked.delete(answer.ask);
      if ("hash" in answer) asked?.resolve(answer.hash);
      else asked?.reject(new Error(answer.problem));
      this.#rest();
    });
    const end = (error: Error): void => {
      if (this.#thread === started) this.#thread = null;
      for (const { reject } of this.#asked.values()) reject(error);
      this.#asked.clear();
    };
    thread.on("error", end);
    thread.on("exit", () => end(new Error("the thread that hashes files has ended")));
    return thread;
  }

  /** Lets the process end, and the thread go after a while, when nobody waits for an answer. */
  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#asked.size > 0) return;
    const thread = this.#thread;
    void thread?.then(
      (worker) => {
        if (this.#asked.size === 0) worker.unref();
      },
      () => {},
    );
    this.#idle = setTimeout(() => {
      if (this.#thread === thread) this.#thread = null;
      void thread?.then(
        (worker) => worker.terminate(),
        () => {},
      );
    }, idleMs);
    this.#idle.unref();
  }
}
