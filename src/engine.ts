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
import type { LostStage, StageColumn, Store } from "./store.ts";

/** A slice of work; then it hands on. */
export const sliceMs = 60_000;
/** How long a worker waits before it asks again for work that is in other hands. */
const waitMs = 250;
/** A database that is away is waited for this long before the worker gives up; the job goes on later from its checkpoint. */
const defaultPatienceMs = 60_000;
/** The same for a worker that was asked to stop and only wants to note the pause. */
const stopPatienceMs = 2_000;
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
}

export class Engine {
  readonly store: Store;
  readonly #files: Files;
  readonly #format: Format;
  readonly #importers: ReadonlyMap<string, Importer>;
  readonly #onEvent: EventListener;
  readonly #lanes: number;
  readonly #batchBytes: number | undefined;
  readonly #patienceMs: number;

  constructor(options: EngineOptions) {
    this.store = options.store;
    this.#files = options.files;
    this.#format = options.format;
    this.#importers = options.importers;
    this.#onEvent = options.onEvent ?? (() => {});
    this.#lanes = options.lanes ?? 2;
    this.#batchBytes = options.batchBytes;
    this.#patienceMs = options.patienceMs ?? defaultPatienceMs;
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
    try {
      for (;;) {
        const outcome = await this.patiently(jobId, () => this.#stepOn(jobId, isOver, signal), signal);
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
        await this.#wait(signal);
      }
    }
  }

  /** A step, and what its failure means for the job. */
  async #stepOn(jobId: number, isOver: () => boolean, signal?: AbortSignal): Promise<"again" | "done" | "next"> {
    try {
      return await this.#step(jobId, isOver, signal);
    } catch (error) {
      if (signal?.aborted || this.store.isConnectionLoss(error)) throw error;
      const lost = this.store.lostStage(error);
      if (lost !== null) {
        await this.#restage(jobId, lost);
        return "next";
      }
      // The job moved on under another worker: its status says what is left to do here.
      if ((error instanceof SluiceError && error.code === "conflict") || !(await this.#fail(jobId, error))) {
        await this.#wait(signal);
        return "next";
      }
      throw toSluiceError(error);
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
        await this.store.enterCommit(job, this.importer(job.importer), this.#columns(job), {
          onEvent: this.#onEvent,
          signal,
        });
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
      throw new SluiceError(
        "internal",
        `Import ${job.id}: reading died ${maxParseAttempts} times from row ${job.checkpoint?.row ?? 1} on.`,
      );
    }
    const importer = this.importer(job.importer);
    const columns = this.#columns(job);
    this.#onEvent({ name: "parse.started", jobId: job.id, row: job.checkpoint?.row ?? 1 });
    if (job.checkpoint !== null && !(await this.store.stageIsIntact(job))) {
      await this.#restage(job.id, { generation: job.stageGeneration });
      return true;
    }
    await this.store.createStage(job, columns);
    const source = await this.#files.open(job.storagePath);
    try {
      const { store } = this;
      const finished = await stageRows({
        job,
        importer,
        source,
        format: this.#format,
        store,
        columns,
        batchBytes: this.#batchBytes,
        onEvent: this.#onEvent,
        isOver,
        signal,
      });
      if (!finished) return false;
    } finally {
      await source.close();
    }
    await this.store.indexStage(job, { onEvent: this.#onEvent, signal });
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
    const job =
      entered.matchedAt === null ? await this.store.enterCommit(entered, importer, columns, options) : entered;
    const { chunks } = await this.store.chunkProgress(job.id);
    this.#onEvent({ name: "commit.started", jobId: job.id, chunks });
    // What stops one lane stops the others after their chunk; none is left running when the step is over.
    let stopped = false;
    const lanes = await Promise.allSettled(
      Array.from({ length: this.#lanes }, async () => {
        try {
          for (;;) {
            if (isOver() || stopped) return { kind: "slice_over" } as const;
            const outcome = await this.store.commitChunk(job, importer, columns, options);
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
        await this.#restage(job.id, outcome.lost);
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
        await this.pause(job.id, reason);
        return "done";
      }
    }
    const finished = outcomes.some(({ kind }) => kind === "finished");
    if (!finished && outcomes.some(({ kind }) => kind === "slice_over")) return isOver() ? "again" : "next";
    if (outcomes.every(({ kind }) => kind === "waiting")) {
      this.#onEvent({ name: "worker.waiting", jobId: job.id, reason: "the last chunks are in other hands" });
      await this.#wait(signal);
      return "next";
    }
    if (!finished) return "next";
    this.#onEvent({ name: "commit.finished", jobId: job.id });
    return (await this.#complete(job, importer)) ? "done" : "next";
  }

  /** The report before the status: whoever dies between them writes it again. */
  async #complete(job: ImportJob, importer: Importer): Promise<boolean> {
    const path = await this.writeReport(job, importer).catch(async (error: unknown) => {
      // Another worker that shares the commit was quicker, and has put the file away.
      if ((await this.store.getImport(job.id)).status === "completed") return undefined;
      throw error;
    });
    if (path === undefined) return true;
    await this.store.changeImport(job.id, { rejectedRowsPath: path });
    this.#onEvent({ name: "report.written", jobId: job.id, path });
    if (await this.store.completeCommit(job)) this.#onEvent({ name: "import.completed", jobId: job.id });
    const now = await this.store.getImport(job.id);
    if (now.status !== "completed") return false;
    await this.store.dropStage(job);
    await this.#files.remove(job.storagePath);
    return true;
  }

  /** Writes the file of rejected rows; null when there are none. */
  async writeReport(job: ImportJob, importer: Importer): Promise<string | null> {
    const { invalid, failed } = await this.store.importCounts(job.id);
    if (invalid + failed === 0) return null;
    const source = await this.#files.open(job.storagePath);
    try {
      const report = await this.#files.createReport(`import-${job.id}-rejected.csv`);
      try {
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
    return stageColumns(this.importer(job.importer), job.mapping, job.assignment);
  }

  /** The stage is gone: read the file again from its start; what is counted and committed stays. */
  async #restage(jobId: number, lost: LostStage): Promise<void> {
    this.#onEvent({ name: "stage.lost", jobId });
    await this.store.restartStage(jobId, lost);
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

/** What a context value of each type looks like; the database would say so only when the first row goes in. */
const contextPatterns = {
  text: /^/,
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  integer: /^-?\d{1,9}$/,
  bigint: /^-?\d{1,18}$/,
} as const;

function checkContext(importer: Importer, given: Readonly<Record<string, string>>): void {
  const known = importer.context ?? {};
  for (const [name, { type = "text" }] of Object.entries(known)) {
    if (!Object.hasOwn(given, name)) {
      throw new SluiceError(
        "invalid",
        `The importer "${importer.name}" needs the context value "${name}". Pass it with --context ${name}=VALUE.`,
      );
    }
    if (!contextPatterns[type].test(given[name])) {
      throw new SluiceError(
        "invalid",
        `The context value "${name}" of the importer "${importer.name}" is "${given[name]}", which is no ${type}.`,
      );
    }
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(known, name)) continue;
    throw new SluiceError(
      "invalid",
      `The importer "${importer.name}" has no context value "${name}". It has: ${Object.keys(known).join(", ") || "none"}.`,
    );
  }
}
