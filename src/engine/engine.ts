/**
 * Moves an import through the pipeline: detect, map, stage, match, commit, report. Work is done in slices, so that any
 * queue can carry it, and goes on from its checkpoint whoever does the next.
 */
import { fitsContext } from "../core/context.ts";
import { SluiceError, type Telling, textOf, told, toSluiceError } from "../core/errors.ts";
import type { Actor } from "../core/events.ts";
import {
  type Assignment,
  type DuplicateOptions,
  type ImportJob,
  isRunning,
  type Mapping,
  type MergeRules,
  ownerColumn,
  statusWords,
} from "../core/import.ts";
import { checkContext, checkKeys, checkMerge, type Importer, unknownImporter, withMerge } from "../core/importer.ts";
import { missingFor } from "../core/missing-importer.ts";
import type { UnknownOwners } from "../core/owners.ts";
import type { Attention, EventListener, Files, Format, Source } from "../core/ports.ts";
import type { Delivered, Queue } from "../core/queue.ts";
import type { Dialect, DialectHints } from "../core/row.ts";
import type { DryRun, Rehearsal } from "../core/store/commits.ts";
import type { ReadyChanges } from "../core/store/drafts.ts";
import type { Retention } from "../core/store/leftovers.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import type { Store } from "../core/store/store.ts";
import type { UndoPreview } from "../core/store/undo.ts";
import { type GivenMapping, mapColumns, missingFields } from "../mapping/map.ts";
import { type ColumnProfile, Profiler } from "../mapping/profile.ts";
import { heedless } from "../staging/own-code.ts";
import { stageColumns } from "../staging/stage-columns.ts";
import { LaneLimiter } from "./lane-limiter.ts";
import { Lifecycle } from "./lifecycle.ts";
import { ReviewSession } from "./review-session.ts";
import { Slice, type SliceParts, waitAWhile } from "./slice.ts";

/** How long a slice works before it hands on. */
const defaultSliceMs = 60_000;
/** A slice that others wait for hands on after this long. */
const sharedSliceMs = 10_000;
/** COPY text sent in one transaction. Larger ones spare commits, smaller ones memory: two of them are under way. */
const defaultBatchBytes = 8 * 1024 * 1024;
/** A press of commit goes on for so long with an edit that was left unfinished. */
const finishEditMs = 2_000;
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
  /** Told which import's cells the thread is at. */
  attention?: Attention;
  /** Chunks committed at the same time, of all imports together. Default 2. */
  lanes?: number;
  /** COPY text sent in one transaction. Default 8 MiB. */
  batchBytes?: number;
  /** How long a database that is away is waited for. Default a minute. */
  patienceMs?: number;
  /** How long a slice works before it hands on. Default a minute. */
  sliceMs?: number;
  /**
   * `foreground` (default): a person watches. What another worker has is waited for, a failure ends the import, a stop
   * pauses it. `background`: what another has is left to it, failures are tried again, and a stop hands the import on.
   */
  mode?: "foreground" | "background";
  /** Told of every import that wants work. */
  queue?: Queue;
  /** Imports of one person that may wait for a worker. Default: any number. */
  waitingLimit?: number;
  /** Imports of one person that may be neither under way nor over. Default: any number. */
  unfinishedLimit?: number;
  /** How often a failure of the program or the database is tried again, and how soon at first. Default 3 times, 5 s. */
  retries?: { times: number; firstSeconds: number };
  /** How long the stored file of a finished import is kept. Default 0. */
  keepFileMs?: number;
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
  /** Default: as the importer says. */
  merge?: MergeRules;
  context: Record<string, string>;
  language: string;
  createdBy: string | null;
  /** Only to be counted, never committed. */
  dryRun: boolean;
  /** Refuse when the same file has a job already. */
  once: boolean;
  /** Goes on to the commit by itself when every row is staged. Default false. */
  autoCommit?: boolean;
}

/** What a worker says about a slice. */
export interface SliceOptions {
  signal?: AbortSignal;
  /** True when others wait for this slice's place. */
  othersWait?: () => boolean;
  /** When the worker's own time is up, as `performance.now()` tells it: the slice hands on at the next checkpoint. */
  deadline?: number;
}

export class Engine {
  readonly store: Store;
  /** Imports of one person that may be neither under way nor over; what a server is given. */
  readonly unfinishedLimit: number | undefined;
  /** What people change of an import's rows before its commit. */
  readonly review: ReviewSession;
  /** What importers' own code is run by. */
  readonly attention: Attention;
  readonly #files: Files;
  readonly #format: Format;
  readonly #importers: ReadonlyMap<string, Importer>;
  readonly #onEvent: EventListener;
  readonly #parts: SliceParts;
  readonly #patienceMs: number;
  readonly #sliceMs: number;
  readonly #lifecycle: Lifecycle;
  readonly #isBackground: boolean;
  readonly #retries: { times: number; firstSeconds: number };

  constructor(options: EngineOptions) {
    this.store = options.store;
    this.unfinishedLimit = options.unfinishedLimit;
    this.#files = options.files;
    this.#format = options.format;
    this.#importers = options.importers;
    this.#onEvent = options.onEvent ?? (() => {});
    this.#patienceMs = options.patienceMs ?? defaultPatienceMs;
    this.#sliceMs = options.sliceMs ?? defaultSliceMs;
    this.#isBackground = options.mode === "background";
    this.#retries = options.retries ?? { times: 3, firstSeconds: 5 };
    const { attention = heedless } = options;
    this.attention = attention;
    this.#lifecycle = new Lifecycle({
      store: this.store,
      files: this.#files,
      queue: options.queue,
      onEvent: this.#onEvent,
      waitingLimit: options.waitingLimit,
    });
    this.review = new ReviewSession({
      store: this.store,
      lifecycle: this.#lifecycle,
      importer: (job) => this.importerOf(job),
      columns: (job) => this.#columns(job),
      onEvent: this.#onEvent,
      attention,
    });
    this.#parts = {
      store: this.store,
      files: this.#files,
      format: this.#format,
      onEvent: this.#onEvent,
      attention,
      lanes: options.lanes ?? 2,
      // A command has one import at a time, whose lanes are all there are.
      limiter: this.#isBackground ? new LaneLimiter(options.lanes ?? 2) : null,
      batchBytes: options.batchBytes ?? defaultBatchBytes,
      importer: (job) => this.importerOf(job),
      columns: (job) => this.#columns(job),
      waitsForOthers: !this.#isBackground,
      keepFileMs: options.keepFileMs ?? 0,
      lifecycle: this.#lifecycle,
    };
  }

  /** @throws SluiceError `not_found` naming the importers there are. */
  importer(name: string): Importer {
    const importer = this.#importers.get(name);
    if (importer === undefined) throw unknownImporter(name, this.#importers);
    return importer;
  }

  /**
   * The importer as the import wants it: with its own rules of merging.
   *
   * @throws SluiceError `invalid` when it has other context values by now: the import would reach others' records.
   */
  importerOf(job: Pick<ImportJob, "id" | "importer" | "merge" | "context">): Importer {
    const importer = this.importer(job.importer);
    if (fitsContext(importer, job.context)) return withMerge(importer, job.merge);
    const [given, known] = [job.context, importer.context ?? {}].map(
      (each) => Object.keys(each).join(", ") || told`none`,
    );
    throw new SluiceError(
      "invalid",
      told`Import ${job.id} was made with these context values: ${given}. The importer "${importer.name}" now has: ${known}. Bring the file again, or use the importer as it was.`,
    );
  }

  /** Looks at a file: its dialect, and what its columns look like. */
  async inspect(source: Source, hints: DialectHints = {}, signal?: AbortSignal): Promise<Inspection> {
    const dialect = await this.#format.detect(source, hints, signal);
    const profiler = new Profiler(dialect.columns);
    for await (const batch of this.#format.read(source, dialect, { signal })) {
      profiler.add(batch, dialect.headerRow, dialect.lastRow);
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
        told`No column feeds: ${missing.join("; ")}. Say which does with --map "Column=field".`,
      );
    }
    checkKeys(importer, fresh.duplicates.keys);
    checkMerge(importer, fresh.merge ?? {});
    const context = checkContext(importer, fresh.context);
    const target = await this.store.targets.prepare(importer);
    const job = await this.store.imports.create({
      ...fresh,
      context,
      fileName: fresh.file.name,
      fileHash: fresh.file.hash,
      fileSizeBytes: fresh.file.sizeBytes,
      storagePath: fresh.file.storagePath,
      target,
    });
    this.#onEvent({ name: "import.created", jobId: job.id });
    return job;
  }

  /** pending → queued: the mapping stands. @throws SluiceError `too_many` when too many of its owner wait already. */
  start(jobId: number, by: Actor = null): Promise<ImportJob> {
    return this.#lifecycle.start(jobId, by);
  }

  /**
   * ready → queued: commit was pressed. An edit of many rows whose process died is finished first.
   *
   * @throws SluiceError `conflict` when the import is not ready, or such an edit takes longer than a request may; workers go on
   * with it.
   */
  async commit(jobId: number, by: Actor = null): Promise<ImportJob> {
    await this.#finishEditFirst(jobId);
    return this.#lifecycle.commit(jobId, by);
  }

  /**
   * Other duplicates, rules of merging or owners for an import that is ready: match and assignment follow them from the next dry
   * run on. Owners in a column that is not staged are read from the file again: then it is queued, its edits are kept, and it is
   * ready again soon.
   *
   * @throws SluiceError `conflict` when it is ready no more.
   */
  async changeReady(jobId: number, changes: ReadyChanges, by: Actor = null): Promise<ImportJob> {
    await this.#finishEditFirst(jobId);
    return this.review.withStage(jobId, () => this.#lifecycle.changeReady(jobId, changes, by));
  }

  /** What is left of an edit of many rows by then is refused by what comes next. */
  async #finishEditFirst(jobId: number): Promise<void> {
    const isLate = this.#isBackground ? AbortSignal.timeout(finishEditMs) : undefined;
    try {
      await this.review.finishEdit(jobId, isLate);
    } catch (error) {
      // Another came between, or there is more to do: the move that follows says so.
      if (!isLate?.aborted && !(error instanceof SluiceError && error.code === "conflict")) throw error;
    }
  }

  /** Goes on with edits of many rows that nobody is at any more. Returns how many it has finished. */
  async finishEdits(signal?: AbortSignal): Promise<number> {
    let finished = 0;
    let failure: unknown;
    for (const jobId of await this.store.review.claimAbandoned()) {
      signal?.throwIfAborted();
      try {
        if ((await this.review.finishEdit(jobId, signal)) !== null) finished++;
      } catch (error) {
        // The import has moved on, or its stage is made again: then it is looked at again.
        if (!(error instanceof SluiceError) || !["conflict", "unavailable"].includes(error.code)) failure ??= error;
      }
    }
    // One that fails keeps no other waiting.
    if (failure !== undefined) throw failure;
    return finished;
  }

  /** Holds the import within a chunk; it goes on from its checkpoint when it is resumed. */
  async pause(jobId: number, reason: string | Telling, by: Actor = null): Promise<void> {
    await this.#lifecycle.pause(jobId, reason, by);
  }

  /** paused or failed → queued, in the phase it was in. */
  resume(jobId: number, by: Actor = null): Promise<ImportJob> {
    return this.#lifecycle.resume(jobId, by);
  }

  /** Resumes it, and from now on rejects the rows that the database refuses, however many they are. */
  reject(jobId: number, by: Actor = null): Promise<ImportJob> {
    return this.#lifecycle.reject(jobId, by);
  }

  /** failed → queued, in the phase it was in, with its failures forgiven. */
  retry(jobId: number, by: Actor = null): Promise<ImportJob> {
    return this.#lifecycle.retry(jobId, by);
  }

  /**
   * ready, paused or failed → pending, so that its mapping and options can be changed: what was staged, counted and edited goes,
   * the file stays. @throws SluiceError `conflict` when a worker is at it, or it has committed something.
   */
  reopen(jobId: number, by: Actor = null): Promise<ImportJob> {
    return this.#lifecycle.reopen(jobId, by);
  }

  /** Ends the import within a chunk. What is committed stays and can be undone; stage and stored file go. */
  cancel(jobId: number, by: Actor = null): Promise<ImportJob> {
    return this.#lifecycle.cancel(jobId, by);
  }

  /** completed or cancelled → queued: takes back what it has committed. @throws SluiceError `invalid` when it cannot be undone. */
  async undo(jobId: number, by: Actor = null): Promise<ImportJob> {
    const { job, importer, columns } = await this.#understood(jobId);
    await this.store.undo.check(job, importer, columns);
    return this.#lifecycle.undo(jobId, by);
  }

  /** What an undo would delete, restore and keep. @throws SluiceError `invalid` when it cannot be undone. */
  async undoPreview(jobId: number, signal?: AbortSignal): Promise<UndoPreview> {
    const { job, importer, columns } = await this.#understood(jobId);
    return this.store.undo.preview(job, importer, columns, signal);
  }

  /** An import with its importer and the columns of its stage. */
  async #understood(jobId: number): Promise<{ job: ImportJob; importer: Importer; columns: StageColumn[] }> {
    const job = await this.store.imports.get(jobId);
    return { job, importer: this.importerOf(job), columns: this.#columns(job) };
  }

  #columns(job: ImportJob): StageColumn[] {
    return stageColumns(this.importerOf(job), job.mapping, job.assignment);
  }

  /** Deletes all that Sluice keeps of an import at rest, its file and report included. Its records stay, and can no longer be undone. */
  delete(jobId: number, by: Actor = null): Promise<void> {
    return this.#lifecycle.delete(jobId, by);
  }

  /**
   * Exactly what a commit would do. The import must be ready. `changes`: also which fields of records that are there would be
   * changed, with a few of the records. `onRehearsed`: has the rows really loaded, and is shown what that made before it is
   * rolled back.
   */
  async dryRun(
    jobId: number,
    {
      changes,
      onRehearsed,
      signal,
    }: { changes?: boolean; onRehearsed?: (rehearsal: Rehearsal) => Promise<void>; signal?: AbortSignal } = {},
  ): Promise<DryRun> {
    const { job, importer, columns } = await this.#understood(jobId);
    if (job.status !== "ready")
      throw new SluiceError("conflict", told`Import ${jobId} is ${statusWords[job.status]}; a dry run needs it ready.`);
    return this.review.withStage(jobId, async () => {
      const found = await this.store.commits.dryRun(job, importer, columns, {
        onEvent: this.#onEvent,
        changes,
        onRehearsed,
        signal,
      });
      return { ...found, issues: [...(await this.store.imports.issueCounts(jobId)), ...found.issues] };
    });
  }

  /**
   * The cells of the owners' column that nobody is called by, with their rows.
   *
   * @throws SluiceError `conflict` when the import is not ready, or does not assign by a column.
   */
  async unknownOwners(jobId: number, limit: number, signal?: AbortSignal): Promise<UnknownOwners> {
    const { job, importer } = await this.#understood(jobId);
    if (job.status !== "ready" || ownerColumn(job.assignment) === null) {
      throw new SluiceError(
        "conflict",
        job.status === "ready"
          ? told`Import ${jobId} assigns by no column; its owners can be compared when it is ready and does.`
          : told`Import ${jobId} is ${statusWords[job.status]}; its owners can be compared when it is ready and does.`,
      );
    }
    return this.review.withStage(jobId, () => this.store.owners.unknown(job, importer, limit, signal));
  }

  /**
   * Takes away what died halfway left behind: stages of finished jobs, dry runs without a worker, their files; with a
   * retention also what is older than it is to be kept.
   */
  async sweep(retention?: Retention): Promise<void> {
    for (const path of await this.store.leftovers.sweep()) await this.#files.remove(path);
    if (retention !== undefined) {
      const expired = await this.store.leftovers.expire(retention);
      if (expired === null) return;
      for (const path of expired) await this.#files.remove(path);
      await this.store.uploads.expire(this.#files);
    }
    const known = await this.store.leftovers.neededFiles();
    for (const path of await this.#files.listOlderThan(unclaimedFileMs))
      if (!known.has(path)) await this.#files.remove(path);
  }

  /** Takes away everything of an import that has written nothing to its target. */
  async discard(jobId: number): Promise<void> {
    const job = await this.store.imports.get(jobId);
    if (job.importedRows > 0 || job.status === "committing") {
      throw new SluiceError(
        "conflict",
        told`Import ${jobId} has written records; it is kept, so that they can be traced.`,
      );
    }
    await this.store.stage.drop(job);
    await this.store.imports.delete(jobId);
    await this.#files.remove(job.storagePath);
  }

  /**
   * One slice of whatever the job needs next. `done`: nothing more to do for now (ready, finished, paused, failed).
   *
   * @throws in the foreground whatever failed the job, after it is recorded there, and the signal's reason after the job is
   * paused; in the background only what could not be recorded.
   */
  async work(
    jobId: number,
    signal?: AbortSignal,
    { othersWait = () => false, deadline = Number.POSITIVE_INFINITY }: SliceOptions = {},
  ): Promise<Delivered> {
    const begun = performance.now();
    const isLate = (): boolean => performance.now() >= deadline;
    const isOver = (): boolean => {
      const spentMs = performance.now() - begun;
      return isLate() || spentMs > this.#sliceMs || (spentMs > sharedSliceMs && othersWait());
    };
    const slice = new Slice(this.#parts, { isOver, isLate }, signal);
    try {
      for (;;) {
        const outcome = await this.patiently(jobId, () => this.#stepOn(jobId, slice, signal), signal);
        if (outcome !== "next") return outcome;
        if (isOver()) return "again";
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
      if (this.#isBackground) return "again";
      await this.patiently(jobId, () => this.pauseIfRunning(jobId, told`stopped`));
      throw signal.reason;
    } finally {
      await this.#leave(jobId, signal);
    }
  }

  /** The job is free for the next worker; what a cancelled one leaves behind goes. */
  async #leave(jobId: number, signal?: AbortSignal): Promise<void> {
    try {
      await this.store.claims.leave(jobId);
      if (signal?.aborted) await this.#lifecycle.putAwayIfCancelled(jobId);
    } catch (error) {
      // The heartbeat that is missing soon tells the same, and the sweeper takes what is left.
      if (!this.store.connection.isLost(error) && !isGone(error)) throw error;
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
        if (signal?.aborted || !this.store.connection.isLost(error)) throw error;
        awaySince ??= performance.now();
        // Whoever was asked to stop waits no longer for a pause to be noted: the job goes on from its checkpoint anyway.
        if (performance.now() - awaySince > (signal === undefined ? stopPatienceMs : this.#patienceMs)) {
          throw new SluiceError(
            "unavailable",
            told`The database went away and did not come back. Import ${jobId} goes on from its checkpoint: sluice resume ${jobId}`,
            { cause: error },
          );
        }
        this.#onEvent({ name: "database.retrying", jobId, reason: (error as Error).message });
        await waitAWhile(signal);
      }
    }
  }

  /** A step, and what its failure means for the job. */
  async #stepOn(jobId: number, slice: Slice, signal?: AbortSignal): Promise<Delivered | "next"> {
    try {
      const missing = await this.#missingFor(jobId);
      if (missing !== null) {
        if (!this.#isBackground) throw new NotHere("not_found", missing, { importId: jobId });
        await this.store.claims.leaveToOthers(jobId);
        this.#onEvent({ name: "import.left", jobId, reason: textOf(missing) });
        return "done";
      }
      return await slice.step(jobId);
    } catch (error) {
      if (error instanceof NotHere) throw error;
      if (signal?.aborted || this.store.connection.isLost(error)) throw error;
      const lost = this.store.stage.lossOf(error);
      if (lost !== null) {
        await slice.restage(jobId, lost);
        return "next";
      }
      if (isGone(error) && this.#isBackground) return "done";
      // The job moved on under another worker: its status says what is left to do here.
      if (error instanceof SluiceError && error.code === "conflict") {
        await waitAWhile(signal);
        return "next";
      }
      const retry = this.#isBackground && mayPass(error) ? await this.#retryLater(jobId, error) : null;
      if (retry !== null) return retry;
      if (!(await this.#fail(jobId, error))) {
        await waitAWhile(signal);
        return "next";
      }
      if (this.#isBackground) return "done";
      throw toSluiceError(error);
    }
  }

  /**
   * Of an import whose cells have kept a worker's thread for so long that it is ended: it fails, or its edit is taken back, so that
   * nobody tries the same again.
   */
  async failStuck(jobId: number, seconds: number): Promise<void> {
    const job = await this.store.imports.get(jobId);
    if (job.status === "ready") return this.store.review.giveUp(jobId);
    if (!isRunning(job.status)) return;
    const row = Math.max(job.checkpoint?.row ?? 1, job.dialect.headerRow + 1);
    const reason = told`Import ${jobId}: a cell in row ${row} or a later one kept a worker busy for more than ${seconds} s, so it was stopped. A pattern or a validator of the importer "${job.importer}" takes too long on it: simplify that, or shorten the cell, then try again.`;
    await this.#fail(jobId, new SluiceError("invalid", reason));
  }

  /** What this process lacks to work on the import; null where it lacks nothing, or there is nothing to work on. */
  async #missingFor(jobId: number): Promise<Telling | null> {
    const job = await this.store.imports.get(jobId);
    if (job.status !== "queued" && !isRunning(job.status)) return null;
    return missingFor(this.#importers, job);
  }

  /** Of the imports that others have left, those that this process can do; on the others it is said who they wait for. */
  async takeUp(): Promise<number[]> {
    const able: number[] = [];
    for (const job of await this.store.claims.leftToOthers()) {
      const missing = missingFor(this.#importers, job);
      if (missing === null) able.push(job.id);
      else if (job.isLong) await this.store.claims.tellWhoIsMissing(job.id, missing);
    }
    return able;
  }

  /** Holds the import if it is queued or under way. */
  async pauseIfRunning(jobId: number, reason: string | Telling): Promise<void> {
    const { status } = await this.store.imports.get(jobId);
    if (status === "queued" || isRunning(status)) await this.pause(jobId, reason);
  }

  /** Lets the job be tried again after a while; null when it failed too often. */
  async #retryLater(jobId: number, error: unknown): Promise<Delivered | null> {
    const { message: reason, told: telling } = toSluiceError(error);
    const { times, firstSeconds } = this.#retries;
    const retry = await this.store.claims.retryLater(jobId, {
      reason: telling ?? reason,
      maxFailures: times,
      firstSeconds,
    });
    if (retry === null) return null;
    this.#onEvent({ name: "import.retrying", jobId, reason, ...retry });
    return { againAfterSeconds: retry.afterSeconds };
  }

  /** False when the job moved on under another worker, so that the error is not its. */
  async #fail(jobId: number, error: unknown): Promise<boolean> {
    const { message: reason, code } = toSluiceError(error);
    try {
      await this.#lifecycle.fail(jobId, error);
      this.#onEvent({ name: "import.failed", jobId, reason, code });
      return true;
    } catch (second) {
      if (second instanceof SluiceError && second.code === "conflict") return false;
      throw second;
    }
  }
}

/** The import is well; this process is not the one to do it. */
class NotHere extends SluiceError {}

/** The job was deleted. */
function isGone(error: unknown): boolean {
  return error instanceof SluiceError && error.code === "not_found" && error.message.startsWith("There is no import ");
}

/** What may be over the next time: faults of the program, the database, the disk; not what Sluice has judged for good. */
function mayPass(error: unknown): boolean {
  return !(error instanceof SluiceError) || error.code === "unavailable";
}
