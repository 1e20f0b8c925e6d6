/** Inspects files in a thread, which is started on demand and ended when a file keeps it too long. */
import { Worker } from "node:worker_threads";
import { type ErrorCode, SluiceError, told } from "../core/errors.ts";
import { type ThreadStart, threadStart } from "../core/sibling.ts";
import type { Inspector } from "../engine/inspector.ts";
import { addPiece } from "./in-pieces.ts";
import type { FromLookThread, LookThreadData, ToInspectorThread } from "./inspector-thread.ts";

/** The head of any honest file is read in a second or two. */
const defaultPatienceMs = 30_000;
/** An idle thread is ended after this long. */
const idleMs = 5 * 60_000;
/** Old space of the thread, in MB: a file that needs more is hostile, or is imported by the command line. */
const maxHeapMb = 1024;

interface Pending {
  found?: unknown;
  /** Pieces that are still to come. */
  left: number;
  resolve(found: unknown): void;
  reject(error: Error): void;
}

export class InspectorHost implements Inspector {
  readonly #data: LookThreadData;
  readonly #patienceMs: number;
  readonly #pending = new Map<number, Pending>();
  #thread: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;
  #closings = 0;

  constructor(data: LookThreadData, { patienceMs = defaultPatienceMs }: { patienceMs?: number } = {}) {
    this.#data = data;
    this.#patienceMs = patienceMs;
  }

  inspect: Inspector["inspect"] = (file, hints, signal) => this.#ask("inspect", file.name, [file, hints], signal);
  profile: Inspector["profile"] = (file, dialect, signal) => this.#ask("profile", file.name, [file, dialect], signal);
  preview: Inspector["preview"] = (file, dialect, limit, signal) =>
    this.#ask("preview", file.name, [file, dialect, limit], signal);
  count: Inspector["count"] = (file, dialect, atMost, signal) =>
    this.#ask("count", file.name, [file, dialect, atMost], signal);
  choices: Inspector["choices"] = (file, dialect, signal) => this.#ask("choices", file.name, [file, dialect], signal);
  sheets: Inspector["sheets"] = (file, entry, signal) => this.#ask("sheets", file.name, [file, entry], signal);
  entries: Inspector["entries"] = (file, signal) => this.#ask("entries", file.name, [file], signal);

  async close(): Promise<void> {
    this.#closings++;
    await this.#end(stopping());
  }

  async #ask<T>(look: keyof Inspector, name: string, args: unknown[], signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const closings = this.#closings;
    const start = await threadStart("inspector-thread", import.meta.url);
    signal?.throwIfAborted();
    if (closings !== this.#closings) throw stopping();
    const thread = this.#start(start);
    const id = ++this.#lastId;
    const abort = (): void => {
      thread.postMessage({ abort: id } satisfies ToInspectorThread);
      this.#pending.get(id)?.reject(signal?.reason as Error);
    };
    // A thread that turns in a circle hears nothing: it is ended, and what else it was asked is asked again.
    const late = setTimeout(() => {
      const slow = told`${name} could not be read within ${this.#patienceMs / 1000} s. Save it again with the program it came from, or as CSV.`;
      this.#pending.get(id)?.reject(new SluiceError("invalid", slow));
      void this.#end(new SluiceError("unavailable", told`The server was busy with another file. Try again.`));
    }, this.#patienceMs);
    signal?.addEventListener("abort", abort, { once: true });
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#pending.set(id, { left: 0, resolve: resolve as (found: unknown) => void, reject });
        thread.postMessage({ id, look, args } satisfies ToInspectorThread);
      });
    } finally {
      clearTimeout(late);
      signal?.removeEventListener("abort", abort);
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#rest();
    }
  }

  #start({ entry, options }: ThreadStart): Worker {
    clearTimeout(this.#idle);
    if (this.#thread !== null) return this.#thread;
    const thread = new Worker(entry, {
      ...options,
      workerData: this.#data,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    this.#thread = thread;
    thread.unref();
    thread.on("message", (answer: FromLookThread) => {
      const pending = this.#pending.get(answer.id);
      if (pending === undefined) return;
      if ("code" in answer) {
        pending.reject(new SluiceError(answer.code as ErrorCode, answer.message, { told: answer.told }));
        return;
      }
      if ("found" in answer) {
        pending.found = answer.found;
        pending.left = answer.pieces;
      } else {
        addPiece(pending.found, answer.piece);
        pending.left--;
      }
      if (pending.left === 0) pending.resolve(pending.found);
      // Others have their turn between two pieces.
      else setImmediate(() => thread.postMessage({ more: answer.id } satisfies ToInspectorThread));
    });
    thread.on("error", (cause: NodeJS.ErrnoException) => {
      const error =
        cause.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? new SluiceError("invalid", told`The start of the file does not fit in memory. Save it as CSV.`, { cause })
          : new SluiceError("internal", `The thread that looks at files died: ${cause.message}`, { cause });
      if (this.#thread === thread) void this.#end(error);
    });
    return thread;
  }

  #rest(): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#end(new SluiceError("unavailable", told`Try again.`)), idleMs).unref();
  }

  async #end(reason: Error): Promise<void> {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = null;
    for (const { reject } of this.#pending.values()) reject(reason);
    await thread?.terminate();
  }
}

function stopping(): SluiceError {
  return new SluiceError("unavailable", told`The server is shutting down.`);
}
