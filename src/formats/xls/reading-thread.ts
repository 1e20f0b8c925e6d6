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
/**
 * For any answer, and more for each MB of the file. A good file of 10 MB takes a second; the rest is for a busy machine, where the
 * thread's start alone can take seconds.
 */
const patienceMs = 30_000;
const patiencePerMbMs = 500;

export interface ThreadLimits {
  maxHeapMb?: number;
  patienceMs?: number;
}

export class ReadingThread {
  readonly #name: string;
  readonly #worker: Worker;
  readonly #patienceMs: number;
  #ended: SluiceError | null = null;
  #settle: ((answer: Answer | SluiceError) => void) | null = null;

  constructor({ entry, options }: ThreadStart, name: string, bytes: Uint8Array, limits: ThreadLimits = {}) {
    this.#name = name;
    this.#patienceMs = limits.patienceMs ?? patienceMs + (patiencePerMbMs * bytes.length) / 2 ** 20;
    const data: ThreadData = { name, bytes };
    this.#worker = new Worker(entry, {
      ...options,
      workerData: data,
      transferList: [bytes.buffer as ArrayBuffer],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: limits.maxHeapMb ?? maxHeapMb, maxYoungGenerationSizeMb: 64 },
    });
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
    const late = setTimeout(() => {
      resolve(
        new SluiceError(
          "invalid",
          told`${this.#name} cannot be read: it takes too long. Open it in Excel or LibreOffice and save it as XLSX.`,
        ),
      );
    }, this.#patienceMs);
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
      clearTimeout(late);
      signal?.removeEventListener("abort", stop);
      this.#settle = null;
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
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
