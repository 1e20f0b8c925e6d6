/** One slice of a worker's time on one job: parse from the checkpoint on, or commit chunk by chunk, and completion. */
import { SluiceError } from "./errors.ts";
import type { ImportJob } from "./import.ts";
import type { Importer } from "./importer.ts";
import { fieldLabel } from "./locale/locale.ts";
import { rejectedRowsCsv } from "./pipeline/report.ts";
import { stageRows } from "./pipeline/stage.ts";
import { stageColumns } from "./pipeline/stage-columns.ts";
import type { EventListener, Files, Format } from "./ports.ts";
import type { LostStage, StageColumn, Store } from "./store.ts";

/** How long a worker waits before it asks again for work that is in other hands. */
const waitMs = 250;
/** Deaths at one checkpoint after which the parse fails. */
const maxParseAttempts = 5;

/** What a slice needs of the engine. */
export interface SliceParts {
  store: Store;
  files: Files;
  format: Format;
  onEvent: EventListener;
  lanes: number;
  batchBytes: number | undefined;
  importer(name: string): Importer;
  pause(jobId: number, reason: string): Promise<void>;
}

export class Slice {
  readonly #parts: SliceParts;
  readonly #isOver: () => boolean;
  readonly #signal: AbortSignal | undefined;

  constructor(parts: SliceParts, isOver: () => boolean, signal?: AbortSignal) {
    this.#parts = parts;
    this.#isOver = isOver;
    this.#signal = signal;
  }

  /** What the job needs next; `next` when there is more to do at once. */
  async step(jobId: number): Promise<"again" | "done" | "next"> {
    const isOver = this.#isOver;
    const signal = this.#signal;
    signal?.throwIfAborted();
    const claim = await this.#parts.store.claimImport(jobId);
    if (claim.kind === "taken") {
      this.#parts.onEvent({ name: "worker.waiting", jobId, reason: "another worker is at it" });
      await waitAWhile(signal);
      return isOver() ? "again" : "next";
    }
    const { job } = claim;
    switch (job.status) {
      case "parsing":
        return (await this.#parse(job)) ? "next" : "again";
      case "queued":
        await this.#parts.store.enterCommit(job, this.#parts.importer(job.importer), this.#columns(job), {
          onEvent: this.#parts.onEvent,
          signal,
        });
        return "next";
      case "committing":
        return this.#commit(job);
      default:
        return "done";
    }
  }

  async #parse(job: ImportJob): Promise<boolean> {
    const isOver = this.#isOver;
    const signal = this.#signal;
    const attempts = await this.#parts.store.countParseAttempt(job.id);
    if (attempts > maxParseAttempts) {
      throw new SluiceError(
        "internal",
        `Import ${job.id}: reading died ${maxParseAttempts} times from row ${job.checkpoint?.row ?? 1} on.`,
      );
    }
    const importer = this.#parts.importer(job.importer);
    const columns = this.#columns(job);
    this.#parts.onEvent({ name: "parse.started", jobId: job.id, row: job.checkpoint?.row ?? 1 });
    if (job.checkpoint !== null && !(await this.#parts.store.stageIsIntact(job))) {
      await this.restage(job.id, { generation: job.stageGeneration });
      return true;
    }
    await this.#parts.store.createStage(job, columns);
    const source = await this.#parts.files.open(job.storagePath);
    try {
      const { store } = this.#parts;
      const finished = await stageRows({
        job,
        importer,
        source,
        format: this.#parts.format,
        store,
        columns,
        batchBytes: this.#parts.batchBytes,
        onEvent: this.#parts.onEvent,
        isOver,
        signal,
      });
      if (!finished) return false;
    } finally {
      await source.close();
    }
    await this.#parts.store.indexStage(job, { onEvent: this.#parts.onEvent, signal });
    this.#parts.onEvent({ name: "stage.indexed", jobId: job.id });
    const { processedRows } = await this.#parts.store.getImport(job.id);
    await this.#parts.store.changeImport(job.id, { totalRows: processedRows });
    await this.#parts.store.moveImport(job.id, "ready", { from: ["parsing"], now: ["parsed_at"] });
    // A stage that was made again in the middle of a commit goes straight back to it.
    if (job.commitStartedAt !== null)
      await this.#parts.store.moveImport(job.id, "queued", { from: ["ready"], phase: "commit" });
    this.#parts.onEvent({ name: "parse.finished", jobId: job.id, totalRows: processedRows });
    return true;
  }

  async #commit(entered: ImportJob): Promise<"again" | "done" | "next"> {
    const isOver = this.#isOver;
    const signal = this.#signal;
    const importer = this.#parts.importer(entered.importer);
    const columns = this.#columns(entered);
    const options = { onEvent: this.#parts.onEvent, signal };
    const job =
      entered.matchedAt === null ? await this.#parts.store.enterCommit(entered, importer, columns, options) : entered;
    const { chunks } = await this.#parts.store.chunkProgress(job.id);
    this.#parts.onEvent({ name: "commit.started", jobId: job.id, chunks });
    // What stops one lane stops the others after their chunk; none is left running when the step is over.
    let stopped = false;
    const lanes = await Promise.allSettled(
      Array.from({ length: this.#parts.lanes }, async () => {
        try {
          for (;;) {
            if (isOver() || stopped) return { kind: "slice_over" } as const;
            const outcome = await this.#parts.store.commitChunk(job, importer, columns, options);
            if (outcome.kind === "committed") {
              signal?.throwIfAborted();
              continue;
            }
            if (outcome.kind !== "waiting") stopped = true;
            return outcome;
          }
        } catch (error) {
          stopped = true;
          throw error;
        }
      }),
    );
    const outcomes = lanes.map((lane) => {
      if (lane.status === "rejected") throw lane.reason;
      return lane.value;
    });
    for (const outcome of outcomes) {
      if (outcome.kind === "stage_lost") {
        await this.restage(job.id, outcome.lost);
        return "next";
      }
      if (outcome.kind === "poisoned") {
        throw new SluiceError(
          "internal",
          `Import ${job.id}: the worker died five times over the rows ${Math.max(1, outcome.fromRow)} to ${outcome.toRow}. Look at those rows and at the database's log, then: sluice resume ${job.id}`,
        );
      }
      if (outcome.kind === "too_many_failures") {
        const reason = `More than 100 rows in a row range are refused by the database: ${outcome.message}`;
        await this.#parts.pause(job.id, reason);
        return "done";
      }
    }
    const finished = outcomes.some(({ kind }) => kind === "finished");
    if (!finished && outcomes.some(({ kind }) => kind === "slice_over")) return isOver() ? "again" : "next";
    if (outcomes.every(({ kind }) => kind === "waiting")) {
      this.#parts.onEvent({ name: "worker.waiting", jobId: job.id, reason: "the last chunks are in other hands" });
      await waitAWhile(signal);
      return "next";
    }
    if (!finished) return "next";
    this.#parts.onEvent({ name: "commit.finished", jobId: job.id });
    return (await this.#complete(job, importer)) ? "done" : "next";
  }

  /** The report before the status: whoever dies between them writes it again. */
  async #complete(job: ImportJob, importer: Importer): Promise<boolean> {
    const path = await this.#writeReport(job, importer).catch(async (error: unknown) => {
      // Another worker that shares the commit was quicker, and has put the file away.
      if ((await this.#parts.store.getImport(job.id)).status === "completed") return undefined;
      throw error;
    });
    if (path === undefined) return true;
    await this.#parts.store.changeImport(job.id, { rejectedRowsPath: path });
    this.#parts.onEvent({ name: "report.written", jobId: job.id, path });
    if (await this.#parts.store.completeCommit(job)) this.#parts.onEvent({ name: "import.completed", jobId: job.id });
    const now = await this.#parts.store.getImport(job.id);
    if (now.status !== "completed") return false;
    await this.#parts.store.dropStage(job);
    await this.#parts.files.remove(job.storagePath);
    return true;
  }

  /** Writes the file of rejected rows; null when there are none. */
  async #writeReport(job: ImportJob, importer: Importer): Promise<string | null> {
    const { invalid, failed } = await this.#parts.store.importCounts(job.id);
    if (invalid + failed === 0) return null;
    const source = await this.#parts.files.open(job.storagePath);
    try {
      const report = await this.#parts.files.createReport(`import-${job.id}-rejected.csv`);
      try {
        const rows = this.#parts.store.reportedRows(job.id, ["invalid", "failed"]);
        const label = fieldLabel(importer, job.language);
        let text = "";
        for await (const piece of rejectedRowsCsv(job, rows, { source, format: this.#parts.format }, label)) {
          text += piece;
          if (text.length < 64 * 1024) continue;
          await report.write(text);
          text = "";
        }
        await report.write(text);
      } catch (error) {
        await report.discard();
        throw error;
      }
      await report.close();
      return report.path;
    } finally {
      await source.close();
    }
  }

  #columns(job: ImportJob): StageColumn[] {
    return stageColumns(this.#parts.importer(job.importer), job.mapping, job.assignment);
  }

  /** The stage is gone: read the file again from its start; what is counted and committed stays. */
  async restage(jobId: number, lost: LostStage): Promise<void> {
    this.#parts.onEvent({ name: "stage.lost", jobId });
    await this.#parts.store.restartStage(jobId, lost);
  }
}

/** A moment until what is in other hands may be free; ends at once, and throws, when the signal aborts. */
export async function waitAWhile(signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, waitMs);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done, { once: true });
  });
  signal?.throwIfAborted();
}
