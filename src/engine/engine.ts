/**
 * Moves an import through the pipeline: detect, map, stage, match, commit, report. Work is done in slices, so that any
 * queue can carry it, and continues from its checkpoint in any process. Each part is in its own file next to this one.
 */
import type { Telling } from "../core/errors.ts";
import type { Actor } from "../core/events.ts";
import { earlierImport, feedsNothing, type ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { UnknownOwners } from "../core/owners.ts";
import type { Attention, Source } from "../core/ports.ts";
import type { Delivered } from "../core/queue.ts";
import type { DetectionHints } from "../core/row.ts";
import type { DryRun } from "../core/store/commits.ts";
import type { ReadyChanges } from "../core/store/drafts.ts";
import type { Retention } from "../core/store/leftovers.ts";
import type { SideBySide, SideBySideQuery } from "../core/store/side-by-side.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import type { Store } from "../core/store/store.ts";
import type { UndoPreview } from "../core/store/undo.ts";
import { heedless } from "../staging/own-code.ts";
import { Cleanup } from "./cleanup.ts";
import { Downloads } from "./downloads.ts";
import { defaultBatchBytes, defaultPatienceMs, defaultSliceMs, type EngineOptions } from "./engine-options.ts";
import { type DryRunOptions, Forecast } from "./forecast.ts";
import { ImportWorker, type SliceOptions } from "./import-worker.ts";
import { type Inspection, type Inspector, inspector, inspectSource } from "./inspector.ts";
import { LaneLimiter } from "./lane-limiter.ts";
import { Lifecycle } from "./lifecycle.ts";
import { type FreshImport, NewImports } from "./new-imports.ts";
import { Preparation } from "./preparation.ts";
import { ReviewSession } from "./review-session.ts";
import { Services } from "./services.ts";
import { refuseNothingFed } from "./start-check.ts";
import { Understanding } from "./understanding.ts";
import { UnfinishedEdits } from "./unfinished-edits.ts";

export class Engine extends Services {
  /** What people change of an import's rows before its commit. */
  readonly review: ReviewSession;
  readonly downloads: Downloads;
  /** What importers' own code is run by. */
  readonly attention: Attention;
  readonly #store: Store;
  readonly #options: EngineOptions;
  readonly #lifecycle: Lifecycle;
  readonly #understanding: Understanding;
  readonly #worker: ImportWorker;
  readonly #forecast: Forecast;
  readonly #edits: UnfinishedEdits;
  readonly #cleanup: Cleanup;
  readonly #fresh: NewImports;

  constructor(options: EngineOptions) {
    super(options.store);
    const { store, files, format, onEvent = () => {}, attention = heedless } = options;
    const isBackground = options.mode === "background";
    this.attention = attention;
    this.#store = store;
    this.#options = options;
    const understanding = new Understanding(store.imports, options.importers);
    const { queue, wakeSinks, waitingLimit, unfinishedLimit } = options;
    const lifecycle = new Lifecycle({ store, files, queue, wakeSinks, onEvent, waitingLimit });
    const importer = understanding.importerOf.bind(understanding);
    const columns = understanding.columns.bind(understanding);
    const shared = { store, lifecycle, onEvent, attention, importer, columns };
    this.#understanding = understanding;
    this.#lifecycle = lifecycle;
    // What only new records get is nobody's to see or to edit.
    const shown = (job: ImportJob): StageColumn[] => columns(job).filter(({ isCreated }) => isCreated !== true);
    this.review = new ReviewSession({ ...shared, columns: shown });
    this.downloads = new Downloads({ store, files, format, linksFiles: options.linksFiles ?? false });
    this.#edits = new UnfinishedEdits(store, this.review, understanding, isBackground);
    this.#forecast = new Forecast({ store, review: this.review, understanding, onEvent });
    this.#cleanup = new Cleanup(store, files);
    this.#fresh = new NewImports({ store, onEvent, unfinishedLimit });
    const lanes = options.lanes ?? 2;
    this.#worker = new ImportWorker({
      store,
      lifecycle,
      understanding,
      onEvent,
      isBackground,
      patienceMs: options.patienceMs ?? defaultPatienceMs,
      sliceMs: options.sliceMs ?? defaultSliceMs,
      retries: options.retries ?? { times: 3, firstSeconds: 5 },
      slice: {
        ...shared,
        files,
        format,
        lanes,
        // A command has one import at a time, whose lanes are all there are.
        limiter: isBackground ? new LaneLimiter(lanes) : null,
        batchBytes: options.batchBytes ?? defaultBatchBytes,
        waitsForOthers: !isBackground,
        keepFileMs: options.keepFileMs ?? 0,
      },
    });
  }

  /** @throws SluiceError `not_found` naming the importers there are. */
  importer(name: string): Importer {
    return this.#understanding.importer(name);
  }

  /**
   * The importer as the import wants it: with its own rules of merging.
   *
   * @throws SluiceError `invalid` when it has other context values by now: the import would reach others' records.
   */
  importerOf(job: Pick<ImportJob, "id" | "importer" | "merge" | "context">): Importer {
    return this.#understanding.importerOf(job);
  }

  /** Looks at a file: its dialect, and what its columns look like. */
  inspect(source: Source, hints: DetectionHints = {}, signal?: AbortSignal): Promise<Inspection> {
    return inspectSource(this.#options.format, source, hints, signal);
  }

  /** From a kept file to a pending import. `look`: who reads files' heads; default: this thread. `sha256`: of a text, in hex. */
  preparation({ look, sha256 }: { look?: Inspector; sha256: (text: string) => string }): Preparation {
    const { store, onEvent: _, ...options } = this.#options;
    return new Preparation({ engine: this, store, look: look ?? inspector(options), sha256 });
  }

  /**
   * Creates the import: the one way, wherever the file comes from.
   *
   * @throws SluiceError `invalid` for options that do not serve; `conflict` when the file or the upload has an import already;
   * `too_many` when too many of its owner are unfinished.
   */
  createImport(fresh: FreshImport): Promise<ImportJob> {
    return this.#fresh.create(fresh);
  }

  /** pending → queued: the mapping is settled. @throws SluiceError `too_many` when too many of its owner wait already. */
  async start(jobId: number, by: Actor = null): Promise<ImportJob> {
    await this.#refuseNothingFed(jobId);
    return this.#lifecycle.start(jobId, by);
  }

  /**
   * ready → queued: commit was pressed. `confirmRemovals`: records that a replace or a mirror may remove. An edit of many rows whose process died is finished first.
   *
   * @throws SluiceError `conflict` when the import is not ready, or such an edit takes longer than a request may; workers continue
   * with it.
   */
  async commit(
    jobId: number,
    by: Actor = null,
    { confirmRemovals }: { confirmRemovals?: number } = {},
  ): Promise<ImportJob> {
    await this.#edits.finishFirst(jobId);
    return this.#lifecycle.commit(jobId, by, confirmRemovals);
  }

  /**
   * Other duplicates, rules of merging or owners for an import that is ready: match and assignment follow them from the next dry
   * run on. Owners in a column that is not staged are read from the file again: then it is queued, its edits are kept, and it is
   * ready again soon.
   *
   * @throws SluiceError `conflict` when it is ready no more.
   */
  async changeReady(jobId: number, changes: ReadyChanges, by: Actor = null): Promise<ImportJob> {
    await this.#edits.finishFirst(jobId);
    return this.review.withStage(jobId, () => this.#lifecycle.changeReady(jobId, changes, by));
  }

  /** Goes on with edits of many rows that nobody is at any more. Returns how many it has finished. */
  finishEdits(signal?: AbortSignal): Promise<number> {
    return this.#edits.finishAbandoned(signal);
  }

  /** Pauses the import within a chunk; it continues from its checkpoint when resumed. */
  async pause(jobId: number, reason: string | Telling, by: Actor = null): Promise<void> {
    await this.#lifecycle.pause(jobId, reason, by);
  }

  /** paused or failed → queued, in the phase it was in. `confirmRemovals`: records that a replace or a mirror may remove. */
  async resume(
    jobId: number,
    by: Actor = null,
    { confirmRemovals }: { confirmRemovals?: number } = {},
  ): Promise<ImportJob> {
    await this.#refuseNothingFed(jobId);
    return this.#lifecycle.resume(jobId, by, confirmRemovals);
  }

  /** Resumes it, and from now on rejects the rows that the database refuses, however many they are. */
  async reject(jobId: number, by: Actor = null): Promise<ImportJob> {
    await this.#refuseNothingFed(jobId);
    return this.#lifecycle.reject(jobId, by);
  }

  /** From now on rejects the rows that the database refuses, however many they are. */
  rejectRefused(jobId: number): Promise<void> {
    return this.#store.imports.change(jobId, { rejectFailures: true });
  }

  /** failed → queued, in the phase it was in, with its failures forgiven. */
  async retry(jobId: number, by: Actor = null): Promise<ImportJob> {
    await this.#refuseNothingFed(jobId);
    return this.#lifecycle.retry(jobId, by);
  }

  /**
   * ready, paused or failed → pending, so that its mapping and options can be changed: what was staged, counted and edited goes,
   * the file stays. @throws SluiceError `conflict` when a worker has it, or it has committed something.
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
    await this.#refuseEarlier(jobId);
    const { job, importer, columns } = await this.#understanding.of(jobId);
    await this.#store.undo.check(job, importer, columns);
    return this.#lifecycle.undo(jobId, by);
  }

  async #refuseEarlier(jobId: number): Promise<void> {
    if ((await this.#store.archive.get(jobId)).isEarlier) throw earlierImport(jobId);
  }

  /** Deletes all that Sluice keeps of an import without a worker, including its file and report. Its records stay, and can no longer be undone. */
  delete(jobId: number, by: Actor = null): Promise<void> {
    return this.#lifecycle.delete(jobId, by);
  }

  /** What an undo would delete, restore and keep. @throws SluiceError `invalid` when it cannot be undone. */
  async undoPreview(jobId: number, signal?: AbortSignal): Promise<UndoPreview> {
    await this.#refuseEarlier(jobId);
    return this.#forecast.undoPreview(jobId, signal);
  }

  /** Exactly what a commit would do. @throws SluiceError `conflict` when the import is not ready. */
  dryRun(jobId: number, options?: DryRunOptions): Promise<DryRun> {
    return this.#forecast.dryRun(jobId, options);
  }

  /** A row that the last dry run has found to be a duplicate beside what it repeats. */
  sideBySide(jobId: number, query: SideBySideQuery): Promise<SideBySide> {
    return this.#forecast.sideBySide(jobId, query);
  }

  /** The cells of the owners' column that nobody is called by. @throws SluiceError `conflict` when the import is not ready, or does not assign by a column. */
  unknownOwners(jobId: number, limit: number, signal?: AbortSignal): Promise<UnknownOwners> {
    return this.#forecast.unknownOwners(jobId, limit, signal);
  }

  /** Makes sure the importer's tables are there, and that the target has what the importer fills. Returns its full name. */
  prepareTarget(importer: Importer): Promise<string> {
    return this.#store.targets.prepare(importer);
  }

  /** Deletes what processes that died have left; with a retention also what has expired. */
  sweep(retention?: Retention): Promise<void> {
    return this.#cleanup.sweep(retention);
  }

  /** Takes away everything of an import that has written nothing to its target. */
  discard(jobId: number): Promise<void> {
    return this.#cleanup.discard(jobId);
  }

  /** One slice of whatever the job needs next: see ImportWorker. `done`: nothing more to do for now. */
  work(jobId: number, signal?: AbortSignal, options?: SliceOptions): Promise<Delivered> {
    return this.#worker.work(jobId, signal, options);
  }

  /** Does `work` again while the database is away, for a minute. @throws SluiceError `unavailable` that says how the import continues. */
  patiently<T>(jobId: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#worker.patiently(jobId, work, signal);
  }

  /** For an import whose cells kept a worker's thread busy until the watchdog ended it. */
  failStuck(jobId: number, seconds: number): Promise<void> {
    return this.#worker.failStuck(jobId, seconds);
  }

  /** For an import whose slices are cut off, one after the other, before they get anywhere. */
  failCutOff(jobId: number, seconds: number): Promise<void> {
    return this.#worker.failCutOff(jobId, seconds);
  }

  /** Of the imports that others have left, those that this process can do. */
  takeUp(): Promise<number[]> {
    return this.#worker.takeUp();
  }

  /** Pauses the import if it is queued or running. */
  pauseIfRunning(jobId: number, reason: string | Telling): Promise<void> {
    return this.#worker.pauseIfRunning(jobId, reason);
  }

  /** An import of an earlier version may have been started so. @throws SluiceError `invalid` */
  async #refuseNothingFed(jobId: number): Promise<void> {
    const job = await this.#store.imports.get(jobId);
    if (job.phase !== "undo" && feedsNothing(job.mapping)) refuseNothingFed(job, this.importerOf(job));
  }

  /** True after a loss of the connection to the database, which waiting may heal. */
  isConnectionLost(error: unknown): boolean {
    return this.#store.connection.isLost(error);
  }
}
