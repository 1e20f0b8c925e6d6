/**
 * Moves an import through the pipeline: detect, map, stage, match, commit, report. Work is done in slices, so that any
 * queue can carry it, and goes on from its checkpoint whoever does the next.
 */
import { SluiceError, toSluiceError } from "./errors.ts";
import type { Assignment, Counts, DuplicateOptions, ImportJob, Mapping } from "./import.ts";
import { checkContext, type Importer } from "./importer.ts";
import type { IssueCount } from "./issue.ts";
import { type GivenMapping, mapColumns, missingFields } from "./pipeline/map.ts";
import { type ColumnProfile, Profiler } from "./pipeline/profile.ts";
import { stageColumns } from "./pipeline/stage-columns.ts";
import type { DialectHints, EventListener, Files, Format, Source } from "./ports.ts";
import type { Dialect } from "./row.ts";
import { Slice, type SliceParts, waitAWhile } from "./slice.ts";
import type { Store } from "./store.ts";

/** A slice of work; then it hands on. */
export const sliceMs = 60_000;
/** A kept file that no job has claimed for so long was left by a command that died before it made one. */
const unclaimedFileMs = 24 * 3600 * 1000;
/** A database that is away is waited for this long before the worker gives up; the job goes on later from its checkpoint. */
const defaultPatienceMs = 60_000;
/** The same for a worker that was asked to stop and only wants to note the pause. */
const stopPatienceMs = 2_000;

export interface EngineOptions {
  store: Store;
  files: Files;
  format: Format;
  importers: ReadonlyMap<string, Importer>;
  onEvent?: EventListener;
  /** Chunks committed at the same time. Default 2. */
  lanes?: number;
  /** COPY text sent in one transaction. Default 4 MB. */
  batchBytes?: number;
  /** How long a database that is away is waited for. Default a minute. */
  patienceMs?: number;
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
  /** Refuse when the same file has a job already. */
  once: boolean;
}

export class Engine {
  readonly store: Store;
  readonly #files: Files;
  readonly #format: Format;
  readonly #importers: ReadonlyMap<string, Importer>;
  readonly #onEvent: EventListener;
  readonly #parts: SliceParts;
  readonly #patienceMs: number;

  constructor(options: EngineOptions) {
    this.store = options.store;
    this.#files = options.files;
    this.#format = options.format;
    this.#importers = options.importers;
    this.#onEvent = options.onEvent ?? (() => {});
    this.#patienceMs = options.patienceMs ?? defaultPatienceMs;
    this.#parts = {
      store: this.store,
      files: this.#files,
      format: this.#format,
      onEvent: this.#onEvent,
      lanes: options.lanes ?? 2,
      batchBytes: options.batchBytes,
      importer: (name) => this.importer(name),
      pause: (jobId, reason) => this.pause(jobId, reason),
    };
  }

  /** @throws SluiceError `not_found` naming the importers there are. */
  importer(name: string): Importer {
    const importer = this.#importers.get(name);
    if (importer === undefined) {
      const known = [...this.#importers.keys()].join(", ");
      throw new SluiceError(
        "not_found",
        `There is no importer "${name}". There is: ${known}. Define others in sluice.config.ts.`,
      );
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
      throw new SluiceError(
        "invalid",
        `No column feeds: ${missing.join("; ")}. Say which does with --map "Column=field".`,
      );
    }
    for (const key of fresh.duplicates.keys) {
      if (!Object.hasOwn(importer.fields, key)) {
        throw new SluiceError(
          "invalid",
          `Duplicates cannot be matched on "${key}": it is not one of ${Object.keys(importer.fields).join(", ")}.`,
        );
      }
    }
    checkContext(importer, fresh.context);
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
    return this.store.moveImport(jobId, "queued", { from: ["paused", "failed"], errorMessage: null, parseAttempts: 0 });
  }

  /** Exactly what a commit would do. The import must be ready. */
  async dryRun(jobId: number, signal?: AbortSignal): Promise<{ counts: Counts; issues: IssueCount[] }> {
    const job = await this.store.getImport(jobId);
    if (job.status !== "ready")
      throw new SluiceError("conflict", `Import ${jobId} is ${job.status}; a dry run needs it ready.`);
    const importer = this.importer(job.importer);
    const columns = stageColumns(importer, job.mapping, job.assignment);
    await this.store.match(job, importer, columns, { onEvent: this.#onEvent, signal });
    const { counts, issues } = await this.store.dryRun(job, importer, columns, signal);
    return { counts, issues: [...(await this.store.issueCounts(jobId)), ...issues] };
  }

  /** Takes away what died halfway left behind: stages of finished jobs, dry runs without a worker, their files. */
  async sweep(): Promise<void> {
    for (const path of await this.store.sweep()) await this.#files.remove(path);
    const known = await this.store.storagePaths();
    for (const path of await this.#files.listOlderThan(unclaimedFileMs))
      if (!known.has(path)) await this.#files.remove(path);
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
    const slice = new Slice(this.#parts, isOver, signal);
    try {
      for (;;) {
        const outcome = await this.patiently(jobId, () => this.#stepOn(jobId, slice, signal), signal);
        if (outcome !== "next") return outcome;
        if (isOver()) return "again";
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
      await this.patiently(jobId, () => this.pauseIfRunning(jobId, "stopped"));
      throw signal.reason;
    }
  }

  /**
   * Does `work`, again and again while the database is away, for a minute. It must be safe to repeat.
   *
   * @throws SluiceError `unavailable` that says how the import goes on.
   */
  async patiently<T>(jobId: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    let awaySince: number | null = null;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (signal?.aborted || !this.store.isConnectionLoss(error)) throw error;
        awaySince ??= performance.now();
        // Whoever was asked to stop waits no longer for a pause to be noted: the job goes on from its checkpoint anyway.
        if (performance.now() - awaySince > (signal === undefined ? stopPatienceMs : this.#patienceMs)) {
          throw new SluiceError(
            "unavailable",
            `The database went away and did not come back. Import ${jobId} goes on from its checkpoint: sluice resume ${jobId}`,
            { cause: error },
          );
        }
        this.#onEvent({ name: "database.retrying", jobId, reason: (error as Error).message });
        await waitAWhile(signal);
      }
    }
  }

  /** A step, and what its failure means for the job. */
  async #stepOn(jobId: number, slice: Slice, signal?: AbortSignal): Promise<"again" | "done" | "next"> {
    try {
      return await slice.step(jobId);
    } catch (error) {
      if (signal?.aborted || this.store.isConnectionLoss(error)) throw error;
      const lost = this.store.lostStage(error);
      if (lost !== null) {
        await slice.restage(jobId, lost);
        return "next";
      }
      // The job moved on under another worker: its status says what is left to do here.
      if ((error instanceof SluiceError && error.code === "conflict") || !(await this.#fail(jobId, error))) {
        await waitAWhile(signal);
        return "next";
      }
      throw toSluiceError(error);
    }
  }

  /** Holds the import if it is queued or under way. */
  async pauseIfRunning(jobId: number, reason: string): Promise<void> {
    const { status } = await this.store.getImport(jobId);
    if (status === "queued" || status === "parsing" || status === "committing") await this.pause(jobId, reason);
  }

  /** False when the job moved on under another worker, so that the error is not its. */
  async #fail(jobId: number, error: unknown): Promise<boolean> {
    const reason = error instanceof Error ? error.message : String(error);
    try {
      await this.store.moveImport(jobId, "failed", { errorMessage: reason });
      this.#onEvent({ name: "import.failed", jobId, reason });
      return true;
    } catch (second) {
      if (second instanceof SluiceError && second.code === "conflict") return false;
      throw second;
    }
  }
}
