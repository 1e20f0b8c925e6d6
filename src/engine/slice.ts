/** One slice of a worker's time on one job: parse from the checkpoint on, or commit chunk by chunk, and completion. */
import { SluiceError, told } from "../core/errors.ts";
import { type ImportJob, importPriority, smallImportPriority } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { Attention, EventListener, Files, Format, Source } from "../core/ports.ts";
import { RemovalStopped } from "../core/removals.ts";
import type { LostStage, StageColumn } from "../core/store/stage-column.ts";
import type { Store } from "../core/store/store.ts";
import { fieldLabel } from "../locale/locale.ts";
import { rejectedRowsCsv } from "../report/report.ts";
import { stageRows } from "../staging/stage.ts";
import type { LaneLimiter } from "./lane-limiter.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { refuseNothingFed } from "./start-check.ts";

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
  attention: Attention;
  lanes: number;
  /** What the lanes of all imports of this process go through; null where there is one import at a time. */
  limiter: LaneLimiter | null;
  batchBytes: number;
  /** With the import's own rules of merging. */
  importer(job: ImportJob): Importer;
  /** Those of the import's stage. */
  columns(job: ImportJob): StageColumn[];
  /** Whether a job in another worker's hands is waited for, or left. */
  waitsForOthers: boolean;
  /** How long the stored file of a finished import is kept. */
  keepFileMs: number;
  lifecycle: Lifecycle;
}

/** When a slice hands on. It gets at least one batch or one chunk done first, so that short slices come to an end as well. */
export interface SliceEnd {
  /** It has had its time, or the worker has. */
  isOver(): boolean;
  /** The worker's own time is up: not even the way to the checkpoint is made up for. */
  isLate(): boolean;
}

export class Slice {
  readonly #parts: SliceParts;
  readonly #isOver: () => boolean;
  readonly #isLate: () => boolean;
  readonly #signal: AbortSignal | undefined;

  constructor(parts: SliceParts, { isOver, isLate }: SliceEnd, signal?: AbortSignal) {
    this.#parts = parts;
    this.#isOver = isOver;
    this.#isLate = isLate;
    this.#signal = signal;
  }

  /** What the job needs next; `next` when there is more to do at once. */
  async step(jobId: number): Promise<"again" | "done" | "next"> {
    const isOver = this.#isOver;
    const signal = this.#signal;
    signal?.throwIfAborted();
    const claim = await this.#parts.store.claims.claim(jobId);
    if (claim.kind === "taken") {
      if (!this.#parts.waitsForOthers) return "done";
      this.#parts.onEvent({ name: "worker.waiting", jobId, reason: "another worker is at it" });
      await waitAWhile(signal);
      return isOver() ? "again" : "next";
    }
    const { job } = claim;
    switch (job.status) {
      case "parsing":
        return (await this.#parse(job)) ? "next" : "again";
      case "queued":
        return job.phase === "undo" ? this.#undo(job) : this.#commitInTurn(job);
      case "committing":
        return this.#commitInTurn(job);
      case "undoing":
        return this.#undo(job);
      case "cancelled":
        await this.#parts.lifecycle.putAwayIfCancelled(job.id);
        return "done";
      default:
        return "done";
    }
  }

  /**
   * Over when the slice is, but not before the parse has gone on for as long as the way to its checkpoint took, which is
   * long in a file that can only be read from its beginning.
   */
  #afterItsWay(): () => boolean {
    const begun = performance.now();
    let wayMs: number | null = null;
    return () => {
      const spentMs = performance.now() - begun;
      wayMs ??= spentMs;
      return this.#isLate() || (this.#isOver() && spentMs >= 2 * wayMs);
    };
  }

  async #parse(job: ImportJob): Promise<boolean> {
    const signal = this.#signal;
    const attempts = await this.#parts.store.claims.countParseAttempt(job.id);
    if (attempts > maxParseAttempts) {
      throw new SluiceError(
        "internal",
        told`Import ${job.id}: the worker died ${maxParseAttempts} times while reading from row ${job.checkpoint?.row ?? 1} on.`,
      );
    }
    const importer = this.#parts.importer(job);
    refuseNothingFed(job, importer);
    const columns = this.#parts.columns(job);
    this.#parts.onEvent({
      name: "parse.started",
      jobId: job.id,
      row: job.checkpoint?.row ?? 1,
      fileSizeBytes: job.fileSizeBytes,
    });
    if (job.checkpoint !== null && !(await this.#parts.store.stage.isIntact(job))) {
      await this.restage(job.id, { generation: job.stageGeneration });
      return true;
    }
    await this.#parts.store.stage.create(job, columns);
    const source = await this.#open(job);
    try {
      const { store } = this.#parts;
      const { isWhole, contradicted, findings } = await stageRows({
        job,
        importer,
        source,
        format: this.#parts.format,
        store,
        columns,
        batchBytes: this.#parts.batchBytes,
        onEvent: this.#parts.onEvent,
        attention: this.#parts.attention,
        isOver: this.#afterItsWay(),
        signal,
      });
      if (!isWhole) return false;
      if (contradicted !== null && (await store.imports.readAgain(job, contradicted))) {
        this.#parts.onEvent({ name: "parse.begun_again", jobId: job.id });
        return true;
      }
      await store.stage.note(job.id, findings);
    } finally {
      await source.close();
    }
    // Of a stage that was lost: what the review had changed in it.
    await this.#parts.store.review.replay(job);
    await this.#parts.store.stage.index(job, { onEvent: this.#parts.onEvent, signal });
    this.#parts.onEvent({ name: "stage.indexed", jobId: job.id });
    const { totalRows } = await this.#parts.store.imports.finishParse(job);
    this.#parts.onEvent({ name: "parse.finished", jobId: job.id, totalRows });
    return true;
  }

  /**
   * The lanes of a large import take turns with others chunk by chunk. A small one is let in once, for all of it: it would
   * wait for a chunk of others between its match, its only chunk, and its end.
   */
  async #commitInTurn(job: ImportJob): Promise<"again" | "done" | "next"> {
    const { limiter, lanes } = this.#parts;
    if (limiter === null) return this.#commit(job, lanes, async () => () => {});
    const enter = (): Promise<() => void> => limiter.enter(job, this.#signal);
    if (importPriority(job) < smallImportPriority) return this.#commit(job, lanes, enter);
    const leave = await enter();
    try {
      return await this.#commit(job, 1, async () => () => {});
    } finally {
      leave();
    }
  }

  async #commit(
    queued: ImportJob,
    laneCount: number,
    enter: () => Promise<() => void>,
  ): Promise<"again" | "done" | "next"> {
    const isOver = this.#isOver;
    const signal = this.#signal;
    const importer = this.#parts.importer(queued);
    const columns = this.#parts.columns(queued);
    const options = { onEvent: this.#parts.onEvent, signal };
    const { commits } = this.#parts.store;
    const isMatched = queued.status === "committing" && queued.matchedAt !== null;
    const entered = isMatched ? queued : await commits.enter(queued, signal);
    const job = await this.#orStopped(queued.id, () => commits.match(entered, importer, columns, options));
    if (job === null) return "done";
    const { chunks } = await commits.progress(job.id);
    this.#parts.onEvent({ name: "commit.started", jobId: job.id, chunks });
    // What stops one lane stops the others after their chunk; none is left running when the step is over.
    let stopped = false;
    let tried = false;
    let committed = false;
    const lanes = await Promise.allSettled(
      Array.from({ length: laneCount }, async () => {
        try {
          for (;;) {
            const leave = await enter();
            // The match may have taken the whole slice: a chunk is committed nevertheless.
            if (stopped || (tried && isOver())) {
              leave();
              return { kind: "slice_over" } as const;
            }
            tried = true;
            const outcome = await commits.commitChunk(job, importer, columns, options).finally(leave);
            if (outcome.kind === "committed") {
              committed = true;
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
    const outcomes = await this.#orStopped(job.id, async () =>
      lanes.map((lane) => {
        if (lane.status === "rejected") throw lane.reason;
        return lane.value;
      }),
    );
    if (outcomes === null) return "done";
    for (const outcome of outcomes) {
      if (outcome.kind === "stage_lost") {
        await this.restage(job.id, outcome.lost);
        return "next";
      }
      if (outcome.kind === "poisoned") {
        throw new SluiceError(
          "internal",
          told`Import ${job.id}: the worker died five times on rows ${Math.max(1, outcome.fromRow)} to ${outcome.toRow}. Check those rows and the database's log, then resume the import.`,
          { next: { code: "resume_import", importId: job.id } },
        );
      }
      if (outcome.kind === "table_refuses" || outcome.kind === "too_many_failures") {
        await this.#parts.lifecycle.pause(job.id, outcome.reason, null);
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
    // The report of many rejected rows takes a while, which the next slice has.
    if (committed && isOver()) return "again";
    return (await this.#complete(job, importer)) ? "done" : "next";
  }

  /** Null where more would be removed than may go unasked: then the import is paused, and says so. */
  async #orStopped<T>(jobId: number, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RemovalStopped)) throw error;
      await this.#parts.lifecycle.pause(jobId, error.told ?? error.message, null);
      return null;
    }
  }

  #undo(job: ImportJob): Promise<"again" | "done"> {
    const { store, lanes, onEvent } = this.#parts;
    return store.undo.step(job, this.#parts.importer(job), this.#parts.columns(job), {
      onEvent,
      isOver: this.#isOver,
      lanes,
      signal: this.#signal,
    });
  }

  /** The report before the status: after a death between them it is written again. */
  async #complete(job: ImportJob, importer: Importer): Promise<boolean> {
    const path = await this.#writeReport(job, importer).catch(async (error: unknown) => {
      // Another worker that shares the commit was quicker, and has put the file away.
      if ((await this.#parts.store.imports.get(job.id)).status === "completed") return undefined;
      throw error;
    });
    if (path === undefined) return true;
    await this.#parts.store.imports.change(job.id, { rejectedRowsPath: path });
    if (path !== null) await this.#parts.store.events.append(job.id, "report.written");
    this.#parts.onEvent({ name: "report.written", jobId: job.id, path });
    if (await this.#parts.store.commits.complete(job, importer, this.#parts.keepFileMs))
      this.#parts.onEvent({ name: "import.completed", jobId: job.id });
    const now = await this.#parts.store.imports.get(job.id);
    if (now.status !== "completed") return false;
    await this.#parts.store.stage.drop(job);
    if (this.#parts.keepFileMs === 0) await this.#parts.files.remove(job.storagePath);
    return true;
  }

  /** Writes the file of rejected rows; null when there are none. */
  async #writeReport(job: ImportJob, importer: Importer): Promise<string | null> {
    const { invalid, failed } = await this.#parts.store.imports.counts(job.id);
    if (invalid + failed === 0) return null;
    const source = await this.#open(job);
    try {
      const report = await this.#parts.files.createReport(`import-${job.id}-rejected.csv`);
      try {
        const rows = this.#parts.store.outcomes.rows(job.id, ["invalid", "failed"]);
        const label = fieldLabel(importer, job.language);
        let text = "";
        // Rows that failed after the parse: their cells are kept, since the file is not for ever.
        let read: { row: number; cells: readonly string[] }[] = [];
        let characters = 0;
        const onRead = (row: number, cells: readonly string[]): void => {
          read.push({ row, cells });
          for (const cell of cells) characters += cell.length;
        };
        const file = { source, format: this.#parts.format, signal: this.#signal, onRead };
        for await (const piece of rejectedRowsCsv(job, rows, file, label)) {
          text += piece;
          if (text.length < 64 * 1024 && characters < 1024 * 1024 && read.length < 5000) continue;
          await report.write(text);
          text = "";
          await this.#parts.store.outcomes.keepCells(job.id, read);
          read = [];
          characters = 0;
        }
        await this.#parts.store.outcomes.keepCells(job.id, read);
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

  /** The stored file under the name it came with, so that a message names the person's file. */
  async #open(job: ImportJob): Promise<Source> {
    return { ...(await this.#parts.files.open(job.storagePath)), name: job.fileName };
  }

  /** The stage is gone: read the file again from its start; what is counted and committed stays. */
  async restage(jobId: number, lost: LostStage): Promise<void> {
    this.#parts.onEvent({ name: "stage.lost", jobId });
    await this.#parts.store.imports.restage(jobId, lost);
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
