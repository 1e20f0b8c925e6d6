/**
 * The work on imports, slice by slice: what a failure means for the job, who waits for the database, and what is left to others.
 * The next slice continues from the checkpoint, in whatever process.
 */
import { SluiceError, type Telling, textOf, told, toSluiceError } from "../core/errors.ts";
import { type ImportJob, isRunning } from "../core/import.ts";
import type { EventListener } from "../core/ports.ts";
import type { Delivered } from "../core/queue.ts";
import type { Store } from "../core/store/store.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { Slice, type SliceParts, waitAWhile } from "./slice.ts";
import type { Understanding } from "./understanding.ts";

/** A slice that others wait for hands on after this long. */
const sharedSliceMs = 10_000;
/** The same for a worker that was asked to stop and only wants to note the pause. */
const stopPatienceMs = 2_000;

/** What a worker says about a slice. */
export interface SliceOptions {
  signal?: AbortSignal;
  /** True when others wait for this slice's place. */
  othersWait?: () => boolean;
  /** When the worker's own time is up, by `performance.now()`: the slice hands on at the next checkpoint. */
  deadline?: number;
}

export interface ImportWorkerParts {
  store: Store;
  lifecycle: Lifecycle;
  understanding: Understanding;
  /** What each slice is given. */
  slice: SliceParts;
  onEvent: EventListener;
  /** Nobody watches: failures are tried again, and a stop hands the import on. */
  isBackground: boolean;
  patienceMs: number;
  sliceMs: number;
  retries: { times: number; firstSeconds: number };
}

export class ImportWorker {
  readonly #parts: ImportWorkerParts;

  constructor(parts: ImportWorkerParts) {
    this.#parts = parts;
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
      return isLate() || spentMs > this.#parts.sliceMs || (spentMs > sharedSliceMs && othersWait());
    };
    const slice = new Slice(this.#parts.slice, { isOver, isLate }, signal);
    try {
      for (;;) {
        const outcome = await this.patiently(jobId, () => this.#stepOn(jobId, slice, signal), signal);
        if (outcome !== "next") return outcome;
        if (isOver()) return "again";
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
      if (this.#parts.isBackground) return "again";
      await this.patiently(jobId, () => this.pauseIfRunning(jobId, told`stopped`));
      throw signal.reason;
    } finally {
      await this.#leave(jobId, signal);
    }
  }

  /** The job is free for the next worker; what a cancelled one leaves is deleted. */
  async #leave(jobId: number, signal?: AbortSignal): Promise<void> {
    try {
      await this.#parts.store.claims.leave(jobId);
      if (signal?.aborted) await this.#parts.lifecycle.putAwayIfCancelled(jobId);
    } catch (error) {
      // The missing heartbeat soon shows the same, and the sweep deletes what is left.
      if (!this.#parts.store.connection.isLost(error) && !isGone(error)) throw error;
    }
  }

  /**
   * Does `work`, again and again while the database is away, for a minute. It must be safe to repeat.
   *
   * @throws SluiceError `unavailable` that says how the import continues.
   */
  async patiently<T>(jobId: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    let awaySince: number | null = null;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (signal?.aborted || !this.#parts.store.connection.isLost(error)) throw error;
        awaySince ??= performance.now();
        // When asked to stop, do not wait for the pause to be noted: the job continues from its checkpoint anyway.
        if (performance.now() - awaySince > (signal === undefined ? stopPatienceMs : this.#parts.patienceMs)) {
          throw new SluiceError(
            "unavailable",
            told`The connection to the database was lost and could not be restored. Import ${jobId} will resume from its checkpoint.`,
            { cause: error, next: { code: "resume_import", importId: jobId } },
          );
        }
        this.#parts.onEvent({ name: "database.retrying", jobId, reason: (error as Error).message });
        await waitAWhile(signal);
      }
    }
  }

  /** A step, and what its failure means for the job. */
  async #stepOn(jobId: number, slice: Slice, signal?: AbortSignal): Promise<Delivered | "next"> {
    try {
      const missing = await this.#parts.understanding.missingFor(jobId);
      if (missing !== null) {
        if (!this.#parts.isBackground) throw new NotHere("not_found", missing, { importId: jobId });
        await this.#parts.store.claims.leaveToOthers(jobId);
        this.#parts.onEvent({ name: "import.left", jobId, reason: textOf(missing) });
        return "done";
      }
      return await slice.step(jobId);
    } catch (error) {
      if (error instanceof NotHere) throw error;
      if (signal?.aborted || this.#parts.store.connection.isLost(error)) throw error;
      const lost = this.#parts.store.stage.lossOf(error);
      if (lost !== null) {
        await slice.restage(jobId, lost);
        return "next";
      }
      if (isGone(error) && this.#parts.isBackground) return "done";
      // The job moved on under another worker: its status says what is left to do here.
      if (error instanceof SluiceError && error.code === "conflict") {
        await waitAWhile(signal);
        return "next";
      }
      const retry = this.#parts.isBackground && mayPass(error) ? await this.#retryLater(jobId, error) : null;
      if (retry !== null) return retry;
      if (!(await this.#fail(jobId, error))) {
        await waitAWhile(signal);
        return "next";
      }
      if (this.#parts.isBackground) return "done";
      throw await this.#toGoOnFrom(jobId, error);
    }
  }

  /** Of what may be over the next time: that the import goes on then, for a person who has run it. */
  async #toGoOnFrom(jobId: number, error: unknown): Promise<SluiceError> {
    const failed = toSluiceError(error);
    if (failed.code !== "unavailable" || failed.next !== undefined) return failed;
    const { dryRun, phase } = await this.#parts.store.imports.get(jobId);
    if (dryRun) return failed;
    const next = { code: phase === "undo" ? "resume_undo" : "resume_import", importId: jobId } as const;
    return new SluiceError(failed.code, failed.told ?? failed.message, { cause: failed, next });
  }

  /**
   * For an import whose cells kept a worker's thread busy until the watchdog ended it: it fails, or its edit is undone, so that
   * nobody tries the same again.
   */
  async failStuck(jobId: number, seconds: number): Promise<void> {
    const job = await this.#parts.store.imports.get(jobId);
    if (job.status === "ready") return this.#parts.store.review.giveUp(jobId);
    if (!isRunning(job.status)) return;
    const row = Math.max(job.checkpoint?.row ?? 1, job.dialect.headerRow + 1);
    const reason = told`Import ${jobId}: a cell in row ${row} or later kept a worker busy for more than ${seconds} s, so it was stopped. A pattern or validator of the importer "${job.importer}" takes too long on it: simplify that, or shorten the cell, then try again.`;
    await this.#fail(jobId, new SluiceError("invalid", reason));
  }

  /** For an import whose slices are cut off, one after the other, before they get anywhere: they would be for ever. */
  async failCutOff(jobId: number, seconds: number): Promise<void> {
    const job = await this.#parts.store.imports.get(jobId);
    if (job.status !== "queued" && !isRunning(job.status)) return;
    await this.#fail(jobId, new SluiceError("too_large", cutOff(job, seconds)));
  }

  /** Of the imports that others have left, those that this process can do; on the others it is said who they wait for. */
  async takeUp(): Promise<number[]> {
    const able: number[] = [];
    for await (const job of this.#parts.store.claims.leftToOthers()) {
      const missing = this.#parts.understanding.lacks(job);
      if (missing === null) able.push(job.id);
      else if (job.isLong && job.errorMessage !== textOf(missing))
        await this.#parts.store.claims.tellWhoIsMissing(job.id, missing);
    }
    return able;
  }

  /** Pauses the import if it is queued or running. */
  async pauseIfRunning(jobId: number, reason: string | Telling): Promise<void> {
    const { status } = await this.#parts.store.imports.get(jobId);
    if (status === "queued" || isRunning(status)) await this.#parts.lifecycle.pause(jobId, reason, null);
  }

  /** Lets the job be tried again after a while; null when it failed too often. */
  async #retryLater(jobId: number, error: unknown): Promise<Delivered | null> {
    const { message: reason, told: telling } = toSluiceError(error);
    const { times, firstSeconds } = this.#parts.retries;
    const retry = await this.#parts.store.claims.retryLater(jobId, {
      reason: telling ?? reason,
      maxFailures: times,
      firstSeconds,
    });
    if (retry === null) return null;
    this.#parts.onEvent({ name: "import.retrying", jobId, reason, ...retry });
    return { againAfterSeconds: retry.afterSeconds };
  }

  /** False when the job moved on under another worker, so that the error is not its. */
  async #fail(jobId: number, error: unknown): Promise<boolean> {
    const { message: reason, code } = toSluiceError(error);
    try {
      await this.#parts.lifecycle.fail(jobId, error);
      this.#parts.onEvent({ name: "import.failed", jobId, reason, code });
      return true;
    } catch (second) {
      if (second instanceof SluiceError && second.code === "conflict") return false;
      throw second;
    }
  }
}

/** Why an import stops whose next step takes longer than the host gives it. */
export function cutOff({ id, phase, checkpoint, fileName }: ImportJob, seconds: number): Telling {
  return phase === "parse"
    ? told`Import ${id}: a request may take ${seconds} s here, which is not enough to get past row ${checkpoint?.row ?? 1} of ${fileName}. Unpack the file or split it, let requests take longer, or have a worker that runs all the time continue.`
    : told`Import ${id}: a request may take ${seconds} s here, which is not enough for its next step. Split the file, let requests take longer, or have a worker that runs all the time continue.`;
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
