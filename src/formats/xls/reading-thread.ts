/**
 * The separate thread that reads an XLS workbook: the library that knows the format takes memory and time as the
 * file dictates, so both are bounded, and whatever happens there is an error here.
 */
import { Worker } from "node:worker_threads";
import { SluiceError, type Telling, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import { type ThreadStart, threadStart } from "../../core/sibling.ts";
import type { Answer, Question, ThreadData } from "./protocol.ts";

/** XLS ends at 65,536 rows and 256 columns a sheet; files with more than this hold pictures. */
const maxFileBytes = 100 * 1024 * 1024;
const maxHeapMb = 512;
/** Processor time for any answer, and more for each MB of the file. A good file of 10 MB takes a second. */
const patienceMs = 30_000;
const patiencePerMbMs = 500;
/** On a busy machine the thread waits for its turn: by the clock it has so many times its patience, and then it is taken to hang. */
const clockFactor = 20;
/** Its processor time is not asked for more often. */
const leastWaitMs = 10;

export interface ThreadLimits {
  maxHeapMb?: number;
  patienceMs?: number;
  /** By the clock, however little the thread has worked. */
  clockMs?: number;
}

export class ReadingThread {
  readonly #name: string;
  readonly #worker: Worker;
  readonly #patienceMs: number;
  readonly #clockMs: number;
  #ended: SluiceError | null = null;
  #settle: ((answer: Answer | SluiceError) => void) | null = null;

  constructor({ entry, options }: ThreadStart, name: string, bytes: Uint8Array, limits: ThreadLimits = {}) {
    this.#name = name;
    this.#patienceMs = limits.patienceMs ?? patienceMs + (patiencePerMbMs * bytes.length) / 2 ** 20;
    this.#clockMs = limits.clockMs ?? clockFactor * this.#patienceMs;
    const data: ThreadData = { name, bytes };
    this.#worker = new Worker(entry, {
      ...options,
      workerData: data,
      transferList: [bytes.buffer as ArrayBuffer],
      env: {},
      // The library has notes for those who develop it.
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: limits.maxHeapMb ?? maxHeapMb, maxYoungGenerationSizeMb: 64 },
    });
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on("message", (answer: Answer) => this.#settle?.(answer));
    this.#worker.on("error", (cause: NodeJS.ErrnoException) => {
      const problem =
        cause.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? told`${name} cannot be read: it takes too much memory. Open it in Excel or LibreOffice and save it as XLSX.`
          : told`${name} cannot be read: it is damaged. Open it in Excel or LibreOffice and save it as XLSX.`;
      this.#end(new SluiceError("invalid", problem, { cause }));
    });
    this.#worker.on("exit", () =>
      this.#end(
        new SluiceError("invalid", told`${name} cannot be read. Open it in Excel or LibreOffice and save it as XLSX.`),
      ),
    );
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws SluiceError `invalid`: the workbook cannot be read, or not within the limits.
   */
  async ask(question: Question, signal?: AbortSignal): Promise<Exclude<Answer, { problem: Telling }>> {
    signal?.throwIfAborted();
    const { promise, resolve } = Promise.withResolvers<Answer | SluiceError>();
    this.#settle = resolve;
    if (this.#ended !== null) resolve(this.#ended);
    const watch = this.#watch(() =>
      resolve(
        new SluiceError(
          "invalid",
          told`${this.#name} cannot be read: it takes too long. Open it in Excel or LibreOffice and save it as XLSX.`,
        ),
      ),
    );
    const stop = (): void => resolve(new SluiceError("internal", "Stopped."));
    signal?.addEventListener("abort", stop, { once: true });
    try {
      this.#worker.postMessage(question);
      const answer = await promise;
      signal?.throwIfAborted();
      if (answer instanceof SluiceError) throw answer;
      if ("problem" in answer) throw new SluiceError("invalid", answer.problem);
      return answer;
    } finally {
      watch.stop();
      signal?.removeEventListener("abort", stop);
      this.#settle = null;
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  /** Tells when the thread has used up its patience, looking again as soon as that can be. */
  #watch(giveUp: () => void): { stop(): void } {
    const began = performance.now();
    let stopped = false;
    let timer: NodeJS.Timeout | undefined;
    const look = async (before: number): Promise<void> => {
      const clockMs = performance.now() - began;
      const left = this.#patienceMs - ((await this.#usedMs(clockMs)) - before);
      if (stopped) return;
      if (left <= 0 || clockMs >= this.#clockMs) giveUp();
      else timer = setTimeout(() => void look(before), Math.max(left, leastWaitMs));
    };
    void this.#usedMs(0).then(look);
    return {
      stop() {
        stopped = true;
        clearTimeout(timer);
      },
    };
  }

  /** Processor time of the thread. Node before 22.20 and 24.6 cannot tell: there the clock alone counts. */
  async #usedMs(clockMs: number): Promise<number> {
    if (typeof this.#worker.cpuUsage !== "function") return clockMs / clockFactor;
    try {
      const { user, system } = await this.#worker.cpuUsage();
      return (user + system) / 1000;
    } catch {
      // It has not begun, or it has ended: then an answer comes of itself.
      return 0;
    }
  }

  #end(error: SluiceError): void {
    this.#ended ??= error;
    this.#settle?.(this.#ended);
  }
}

/**
 * Reads a file whole, for a thread of its own.
 *
 * @throws SluiceError `invalid` for one that is larger than 100 MB.
 */
export async function openThread(source: Source, limits: ThreadLimits, signal?: AbortSignal): Promise<ReadingThread> {
  signal?.throwIfAborted();
  const tooLarge = new SluiceError(
    "invalid",
    told`${source.name} is an XLS workbook of more than ${maxFileBytes / 2 ** 20} MB. Open it in Excel or LibreOffice and save it as XLSX, or as CSV.`,
  );
  if (!(source.sizeBytes <= maxFileBytes)) throw tooLarge;
  const bytes = new Uint8Array(source.sizeBytes);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read) {
    signal?.throwIfAborted();
    read = await source.read(bytes.subarray(length), length);
  }
  const start = await threadStart("xls-thread", import.meta.url);
  return new ReadingThread(start, source.name, length === bytes.length ? bytes : bytes.slice(0, length), limits);
}
