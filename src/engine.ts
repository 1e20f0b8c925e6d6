/**
 * Moves an import through the pipeline: detect, map, stage, match, commit, report. Work is done in slices, so that any
 * queue can carry it, and goes on from its checkpoint whoever does the next.
 */
import { SluiceError, toSluiceError } from "./errors.ts";
import type { Assignment, Counts, DuplicateOptions, ImportJob, Mapping } from "./import.ts";
import type { Importer } from "./importer.ts";
import type { IssueCount } from "./issue.ts";
import { fieldLabel } from "./locale/locale.ts";
import { type GivenMapping, mapColumns, missingFields } from "./pipeline/map.ts";
import { type ColumnProfile, Profiler } from "./pipeline/profile.ts";
import { rejectedRowsCsv } from "./pipeline/report.ts";
import { stageRows } from "./pipeline/stage.ts";
import { stageColumns } from "./pipeline/validate.ts";
import type { DialectHints, EventListener, Files, Format, Source } from "./ports.ts";
import type { Dialect } from "./row.ts";
import type { StageColumn, Store } from "./store.ts";

/** A slice of work; then it hands on. */
export const sliceMs = 60_000;
/** How long a worker waits before it asks again for work that is in other hands. */
const waitMs = 250;
/** A database that is away is waited for this long before the worker gives up; the job goes on later from its checkpoint. */
const patienceMs = 60_000;
/** Deaths at one checkpoint after which the parse fails. */
const maxParseAttempts = 5;

export interface EngineOptions {
  store: Store;
  files: Files;
  format: Format;
  importers: ReadonlyMap<string, Importer>;
  onEvent?: EventListener;
  /** Chunks committed at the same time. Default 2. */
  lanes?: number;
}

/** A file as it was understood, before anything is imported. */
export interface Inspection {
  dialect: Dialect;
  profiles: ColumnProfile[];
}

export interface NewJob {
  importer: string;
  file: { storagePath: string; hash: string; sizeBytes: number; name: string };
  dialect: Dialect;
  mapping: Mapping;
  assignment: Assignment;
  duplicates: DuplicateOptions;
  context: Record<string, string>;
  language: string;
  createdBy: string | null;
  /** Only to be counted, never committed. */
  dryRun: boolean;
}

export class Engine {
  readonly store: Store;
  readonly #files: Files;
  readonly #format: Format;
  readonly #importers: ReadonlyMap<string, Importer>;
  readonly #onEvent: EventListener;
  readonly #lanes: number;

  constructor(options: EngineOptions) {
    this.store = options.store;
    this.#files = options.files;
    this.#format = options.format;
    this.#importers = options.importers;
    this.#onEvent = options.onEvent ?? (() => {});
    this.#lanes = options.lanes ?? 2;
  }

  /** @throws SluiceError `not_found` naming the importers there are. */
  importer(name: string): Importer {
    const importer = this.#importers.get(name);
    if (importer === undefined) {
      const known = [...this.#importers.keys()].join(", ");
      throw new SluiceError("not_found", `There is no importer "${name}". There is: ${known}. Define others in sluice.config.ts.`);
    }
    return importer;
  }

  /** Looks at a file: its dialect, and what its columns look like. */
  async inspect(source: Source, hints: DialectHints = {}, signal?: AbortSignal): Promise<Inspection> {
    const dialect = await this.#format.detect(source, hints, signal);
    const profiler = new Profiler(dialect.columns);
    for await (const batch of this.#format.read(source, dialect, { signal })) {
      profiler.add(batch, dialect.headerRow);
      if (profiler.full) break;
    }
    return { dialect, profiles: profiler.profile() };
  }

  map(importer: Importer, profiles: readonly ColumnProfile[], given: readonly GivenMapping[]): Mapping {
    return mapColumns(importer, profiles, given);
  }

  /**
   * Makes the job. The mapping must be complete.
   *
   * @throws SluiceError `invalid` when a required field has no column, or a context value is missing.
   */
  async createImport(fresh: NewJob): Promise<ImportJob> {
    const importer = this.importer(fresh.importer);
    const missing = missingFields(importer, fresh.mapping);
    if (missing.length > 0) {
      throw new SluiceError("invalid", `No column feeds: ${missing.join("; ")}. Say which does with --map "Column=field".`);
    }
    for (const key of fresh.duplicates.keys) {
      if (!Object.hasOwn(importer.fields, key)) {
        throw new SluiceError("invalid", `Duplicates cannot be matched on "${key}": it is not one of ${Object.keys(importer.fields).join(", ")}.`);
      }
    }
    for (const name of Object.keys(importer.context ?? {})) {
      if (fresh.context[name] === undefined) {
        throw new SluiceError("invalid", `The importer "${importer.name}" needs the context value "${name}". Pass it with --context ${name}=VALUE.`);
      }
    }
    const target = await this.store.prepareTarget(importer);
    const job = await this.store.createImport({
      ...fresh,
      fileName: fresh.file.name,
      fileHash: fresh.file.hash,
      fileSizeBytes: fresh.file.sizeBytes,
      storagePath: fresh.file.storagePath,
      target,
    });
    this.#onEvent({ name: "import.created", jobId: job.id });
    return job;
  }

  /** pending → queued: the mapping stands. */
  start(jobId: number): Promise<ImportJob> {
    return this.store.moveImport(jobId, "queued", { from: ["pending"], phase: "parse" });
  }

  /** ready → queued: commit was pressed. */
  async commit(jobId: number): Promise<ImportJob> {
    const { dryRun } = await this.store.getImport(jobId);
    if (dryRun) throw new SluiceError("conflict", `Import ${jobId} is a dry run; it is never committed.`);
    return this.store.moveImport(jobId, "queued", { from: ["ready"], phase: "commit" });
  }

  /** Holds the import; it goes on from its checkpoint when it is resumed. */
  async pause(jobId: number, reason: string): Promise<void> {
    await this.store.moveImport(jobId, "paused", { errorMessage: reason });
    this.#onEvent({ name: "import.paused", jobId, reason });
  }

  /** paused or failed → queued, in the phase it was in. */
  resume(jobId: number): Promise<ImportJob> {
    return this.store.moveImport(jobId, "queued", { from: ["paused", "failed"], errorMessage: null });
  }

  /** Exactly what a commit would do. The import must be ready. */
  async dryRun(jobId: number, signal?: AbortSignal): Promise<{ counts: Counts; issues: IssueCount[] }> {
    const job = await this.store.getImport(jobId);
    if (job.status !== "ready") throw new SluiceError("conflict", `Import ${jobId} is ${job.status}; a dry run needs it ready.`);
    const importer = this.importer(job.importer);
    const columns = this.#columns(job);
    await this.store.match(job, importer, columns, { onEvent: this.#onEvent, signal });
    const { counts, issues } = await this.store.dryRun(job, importer, columns, signal);
    return { counts, issues: [...(await this.store.issueCounts(jobId)), ...issues] };
  }

  /** Takes away what died halfway left behind: stages of finished jobs, dry runs without a worker, their files. */
  async sweep(): Promise<void> {
    for (const path of await this.store.sweep()) await this.#files.remove(path);
  }

  /** Takes away everything of an import that has written nothing to its target. */
  async discard(jobId: number): Promise<void> {
    const job = await this.store.getImport(jobId);
    if (job.importedRows > 0 || job.status === "committing") {
      throw new SluiceError("conflict", `Import ${jobId} has written records; it is kept, so that they can be traced.`);
    }
    await this.store.dropStage(job);
    await this.store.deleteImport(jobId);
    await this.#files.remove(job.storagePath);
  }

  /**
   * One slice of whatever the job needs next. `done`: nothing more to do for now (ready, finished, paused, failed).
   *
   * @throws whatever failed the job, after it is recorded there; the signal's reason after the job is paused.
   */
  async work(jobId: number, signal?: AbortSignal): Promise<"again" | "done"> {
    const over = performance.now() + sliceMs;
    const isOver = (): boolean => performance.now() > over;
    let patience = performance.now() + patienceMs;
    for (;;) {
      try {
        const outcome = await this.#step(jobId, isOver, signal);
        patience = performance.now() + patienceMs;
        if (outcome !== "next") return outcome;
      } catch (error) {
        if (signal?.aborted) {
          await this.pauseIfRunning(jobId, "stopped");
          throw signal.reason;
        }
        if (this.store.isStageLost(error)) {
          await this.#restage(jobId);
        } else if (this.store.isConnectionLoss(error) && performance.now() < patience) {
          this.#onEvent({ name: "database.retrying", jobId, reason: (error as Error).message });
          await this.#wait(signal);
        } else if (this.store.isConnectionLoss(error)) {
          throw new SluiceError("unavailable", `The database went away and did not come back. Import ${jobId} goes on from its checkpoint: sluice resume ${jobId}`, { cause: error });
        } else if (error instanceof SluiceError && error.code === "conflict" && /taken over/.test(error.message)) {
          await this.#wait(signal);
        } else {
          await this.#fail(jobId, error);
          throw toSluiceError(error);
        }
      }
      if (isOver()) return "again";
    }
  }

  async #step(jobId: number, isOver: () => boolean, signal?: AbortSignal): Promise<"again" | "done" | "next"> {
    signal?.throwIfAborted();
    const claim = await this.store.claimImport(jobId);
    if (claim.kind === "taken") {
      this.#onEvent({ name: "worker.waiting", jobId, reason: "another worker is at it" });
      await this.#wait(signal);
      return isOver() ? "again" : "next";
    }
    const { job } = claim;
    switch (job.status) {
      case "parsing":
        return (await this.#parse(job, isOver, signal)) ? "next" : "again";
      case "queued":
        await this.store.enterCommit(job, this.importer(job.importer), this.#columns(job), { onEvent: this.#onEvent, signal });
        return "next";
      case "committing":
        return this.#commit(job, isOver, signal);
      default:
        return "done";
    }
  }

  async #parse(job: ImportJob, isOver: () => boolean, signal?: AbortSignal): Promise<boolean> {
    const attempts = await this.store.countParseAttempt(job.id);
    if (attempts > maxParseAttempts) {
      throw new SluiceError("internal", `Import ${job.id}: reading died ${maxParseAttempts} times from row ${job.checkpoint?.row ?? 1} on.`);
    }
    const importer = this.importer(job.importer);
    const columns = this.#columns(job);
    this.#onEvent({ name: "parse.started", jobId: job.id, row: job.checkpoint?.row ?? 1 });
    if (job.checkpoint !== null && !(await this.store.stageIsIntact(job))) {
      await this.#restage(job.id);
      return true;
    }
    await this.store.createStage(job, columns);
    const source = await this.#files.open(job.storagePath);
    try {
      const { store } = this;
      const finished = await stageRows({ job, importer, source, format: this.#format, store, columns, onEvent: this.#onEvent, isOver, signal });
      if (!finished) return false;
    } finally {
      await source.close();
    }
    await this.store.indexStage(job);
    this.#onEvent({ name: "stage.indexed", jobId: job.id });
    const { processedRows } = await this.store.getImport(job.id);
    await this.store.changeImport(job.id, { totalRows: processedRows });
    await this.store.moveImport(job.id, "ready", { from: ["parsing"], now: ["parsed_at"] });
    // A stage that was made again in the middle of a commit goes straight back to it.
    if (job.commitStartedAt !== null) await this.commit(job.id);
    this.#onEvent({ name: "parse.finished", jobId: job.id, totalRows: processedRows });
    return true;
  }

  async #commit(entered: ImportJob, isOver: () => boolean, signal?: AbortSignal): Promise<"again" | "done" | "next"> {
    const importer = this.importer(entered.importer);
    const columns = this.#columns(entered);
    const options = { onEvent: this.#onEvent, signal };
    const job = entered.matchedAt === null ? await this.store.enterCommit(entered, importer, columns, options) : entered;
    const { chunks } = await this.store.chunkProgress(job.id);
    this.#onEvent({ name: "commit.started", jobId: job.id, chunks });
    const outcomes = await Promise.all(
      Array.from({ length: this.#lanes }, async () => {
        for (;;) {
          if (isOver()) return { kind: "slice_over" } as const;
          const outcome = await this.store.commitChunk(job, importer, columns, options);
          if (outcome.kind !== "committed") return outcome;
          signal?.throwIfAborted();
        }
      }),
    );
    for (const outcome of outcomes) {
      if (outcome.kind === "stage_lost") {
        await this.#restage(job.id);
        return "next";
      }
      if (outcome.kind === "poisoned") {
        throw new SluiceError(
          "internal",
          `Import ${job.id}: the worker died five times over the rows ${outcome.fromRow} to ${outcome.toRow}. Look at those rows and at the database's log, then: sluice resume ${job.id}`,
        );
      }
      if (outcome.kind === "too_many_failures") {
        const reason = `More than 100 rows in a row range are refused by the database: ${outcome.message}`;
        await this.pause(job.id, reason);
        return "done";
      }
    }
    if (outcomes.some(({ kind }) => kind === "slice_over")) return "again";
    if (outcomes.every(({ kind }) => kind === "waiting")) {
      this.#onEvent({ name: "worker.waiting", jobId: job.id, reason: "the last chunks are in other hands" });
      await this.#wait(signal);
      return "next";
    }
    if (!outcomes.some(({ kind }) => kind === "finished")) return "next";
    this.#onEvent({ name: "commit.finished", jobId: job.id });
    await this.#complete(job, importer);
    return "done";
  }

  /** The report before the status: whoever dies between them writes it again. */
  async #complete(job: ImportJob, importer: Importer): Promise<void> {
    const path = await this.writeReport(job, importer).catch(async (error: unknown) => {
      // Another worker that shares the commit was quicker, and has put the file away.
      if ((await this.store.getImport(job.id)).status === "completed") return undefined;
      throw error;
    });
    if (path === undefined) return;
    await this.store.changeImport(job.id, { rejectedRowsPath: path });
    this.#onEvent({ name: "report.written", jobId: job.id, path });
    if (await this.store.completeCommit(job)) this.#onEvent({ name: "import.completed", jobId: job.id });
    const now = await this.store.getImport(job.id);
    if (now.status !== "completed") return;
    await this.store.dropStage(job);
    await this.#files.remove(job.storagePath);
  }

  /** Writes the file of rejected rows; null when there are none. */
  async writeReport(job: ImportJob, importer: Importer): Promise<string | null> {
    const { invalid, failed } = await this.store.importCounts(job.id);
    if (invalid + failed === 0) return null;
    const source = await this.#files.open(job.storagePath);
    try {
      const report = await this.#files.createReport(`import-${job.id}-rejected.csv`);
      const rows = this.store.reportedRows(job.id, ["invalid", "failed"]);
      const label = fieldLabel(importer, job.language);
      let text = "";
      for await (const piece of rejectedRowsCsv(job, rows, { source, format: this.#format }, label)) {
        text += piece;
        if (text.length < 64 * 1024) continue;
        await report.write(text);
        text = "";
      }
      await report.write(text);
      await report.close();
      return report.path;
    } finally {
      await source.close();
    }
  }

  #columns(job: ImportJob): StageColumn[] {
    return stageColumns(this.importer(job.importer), job.mapping, job.assignment);
  }

  /** The stage is gone: read the file again from its start; what is counted and committed stays. */
  async #restage(jobId: number): Promise<void> {
    this.#onEvent({ name: "stage.lost", jobId });
    const job = await this.store.getImport(jobId);
    await this.store.restartStage(job);
    // Back to the parse: whoever pauses or dies in it must not find a half-made stage to commit.
    if (job.status === "committing") await this.store.moveImport(jobId, "queued", { from: ["committing"], phase: "parse" });
    else await this.store.changeImport(jobId, { phase: "parse" });
  }

  /** Holds the import if it is queued or under way. */
  async pauseIfRunning(jobId: number, reason: string): Promise<void> {
    const { status } = await this.store.getImport(jobId);
    if (status === "queued" || status === "parsing" || status === "committing") await this.pause(jobId, reason);
  }

  async #fail(jobId: number, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    try {
      await this.store.moveImport(jobId, "failed", { errorMessage: reason });
      this.#onEvent({ name: "import.failed", jobId, reason });
    } catch (second) {
      // The job moved on under another worker, or the database is gone too: the first error says more.
      if (!(second instanceof SluiceError) && !this.store.isConnectionLoss(second)) throw second;
    }
  }

  async #wait(signal?: AbortSignal): Promise<void> {
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
}
