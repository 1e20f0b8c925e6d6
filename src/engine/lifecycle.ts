/**
 * What a person, a program or the engine itself does to an import as a whole: start, commit, pause, resume, retry, reopen,
 * cancel, undo, delete. Each is one compare-and-set along the transitions of import.ts, with the actor in the timeline, and tells
 * the queue where there is work.
 */

import { SluiceError, type Telling, textOf, told, toSluiceError } from "../core/errors.ts";
import type { Actor } from "../core/events.ts";
import { deletableStatuses, type ImportJob, isRunning, queuePlace } from "../core/import.ts";
import type { EventListener, Files } from "../core/ports.ts";
import type { Queue } from "../core/queue.ts";
import type { ReadyChanges } from "../core/store/drafts.ts";
import type { JobChanges } from "../core/store/imports.ts";
import type { Store } from "../core/store/store.ts";

export interface LifecycleParts {
  store: Store;
  files: Files;
  queue?: Queue;
  onEvent: EventListener;
  /** Where nothing looks for what sinks are told of: has them told of what a request has done. */
  wakeSinks?: () => Promise<void>;
  waitingLimit?: number;
}

export class Lifecycle {
  readonly #parts: LifecycleParts;

  constructor(parts: LifecycleParts) {
    this.#parts = parts;
  }

  start(jobId: number, actor: Actor): Promise<ImportJob> {
    return this.#queueUp(jobId, { from: ["pending"], phase: "parse", actor });
  }

  async commit(jobId: number, actor: Actor, confirmRemovals?: number): Promise<ImportJob> {
    const { dryRun } = await this.#parts.store.imports.get(jobId);
    if (dryRun) throw new SluiceError("conflict", told`Import ${jobId} is a dry run and cannot be committed.`);
    return this.#queueUp(jobId, { from: ["ready"], phase: "commit", actor, confirmRemovals });
  }

  async pause(jobId: number, reason: string | Telling, actor: Actor): Promise<void> {
    await this.#parts.store.imports.move(jobId, "paused", { errorMessage: reason, actor });
    this.#parts.onEvent({
      name: "import.paused",
      jobId,
      reason: typeof reason === "string" ? reason : textOf(reason),
    });
    await this.#parts.wakeSinks?.();
  }

  resume(jobId: number, actor: Actor, confirmRemovals?: number): Promise<ImportJob> {
    return this.#queueUp(jobId, { from: ["paused", "failed"], actor, confirmRemovals });
  }

  /** Goes on with what the database stopped, and rejects the rows that it refuses. */
  async reject(jobId: number, actor: Actor): Promise<ImportJob> {
    return this.#queueUp(jobId, { from: ["paused", "failed"], rejectFailures: true, actor });
  }

  retry(jobId: number, actor: Actor): Promise<ImportJob> {
    return this.#queueUp(jobId, { from: ["failed"], actor });
  }

  undo(jobId: number, actor: Actor): Promise<ImportJob> {
    return this.#queueUp(jobId, { from: ["completed", "cancelled"], phase: "undo", actor });
  }

  /** What a report of it would be goes too; its file stays. */
  async reopen(jobId: number, actor: Actor): Promise<ImportJob> {
    const { store, files, onEvent } = this.#parts;
    const { rejectedRowsPath } = await store.imports.reopen(jobId, actor);
    if (rejectedRowsPath !== null) await files.remove(rejectedRowsPath);
    onEvent({ name: "import.reopened", jobId });
    return store.imports.get(jobId);
  }

  /** Where the file must be read again for it, the import is queued. */
  async changeReady(jobId: number, changes: ReadyChanges, actor: Actor): Promise<ImportJob> {
    const { store } = this.#parts;
    const { job, before } = await store.drafts.changeReady(jobId, changes, actor);
    if (before === null) return job;
    await store.stage.drop(before);
    await this.tellQueue(job);
    return job;
  }

  async cancel(jobId: number, actor: Actor): Promise<ImportJob> {
    const { store, onEvent } = this.#parts;
    const before = await store.imports.get(jobId);
    const job = await store.imports.move(jobId, "cancelled", { actor, errorMessage: null, now: ["completed_at"] });
    onEvent({ name: "import.cancelled", jobId });
    // Its worker stops within a chunk, and cleans up.
    if (!isRunning(before.status)) await this.putAwayIfCancelled(jobId);
    await this.#parts.wakeSinks?.();
    return job;
  }

  /** Drops the stage and the stored file of an import that was cancelled, and counts what had gone in before. */
  async putAwayIfCancelled(jobId: number): Promise<void> {
    const { store, files } = this.#parts;
    const job = await store.imports.get(jobId);
    if (job.status !== "cancelled") return;
    const { created, updated } = await store.imports.counts(jobId);
    await store.imports.change(jobId, { importedRows: created + updated });
    await store.stage.drop(job);
    await files.remove(job.storagePath);
  }

  async delete(jobId: number, actor: Actor): Promise<void> {
    const { store, files, onEvent } = this.#parts;
    const job = await store.imports.remove(jobId, deletableStatuses);
    // The file of an import of before Sluice is not here.
    if (job.storagePath !== "") await files.remove(job.storagePath);
    if (job.rejectedRowsPath !== null) await files.remove(job.rejectedRowsPath);
    onEvent({ name: "import.deleted", jobId, actor });
  }

  /** @throws SluiceError `conflict` when the job moved on meanwhile. */
  async fail(jobId: number, error: unknown): Promise<void> {
    const { store } = this.#parts;
    const { code, message, told: telling } = toSluiceError(error);
    const { failures } = await store.imports.get(jobId);
    const { code: sqlState } = error as { code?: unknown };
    const isSqlState = typeof sqlState === "string" && /^[0-9A-Z]{5}$/.test(sqlState);
    await store.imports.move(jobId, "failed", {
      errorMessage: telling ?? message,
      errorDetails: {
        code,
        name: error instanceof Error ? error.name : typeof error,
        ...(isSqlState && { sqlState }),
        attempts: failures + 1,
      },
      eventData: { code },
    });
  }

  /** Whatever failed before is forgiven: a person wants it tried. */
  async #queueUp(jobId: number, changes: JobChanges): Promise<ImportJob> {
    const { store, waitingLimit } = this.#parts;
    const job = await store.imports.move(jobId, "queued", {
      waitingLimit,
      errorMessage: null,
      errorDetails: null,
      parseAttempts: 0,
      failures: 0,
      retryAfterSeconds: null,
      ...changes,
    });
    await this.tellQueue(job);
    return job;
  }

  /** An import that is not enqueued is found by a worker a few seconds later, or by a sweep; the queue has told why. */
  async tellQueue(job: ImportJob): Promise<void> {
    try {
      await this.#parts.queue?.enqueue({ kind: "import", importId: job.id }, queuePlace(job));
    } catch (error) {
      const isAway = error instanceof SluiceError && error.code === "unavailable";
      if (!isAway && !this.#parts.store.connection.isLost(error)) throw error;
    }
  }
}
