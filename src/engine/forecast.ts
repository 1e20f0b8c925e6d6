/** What a commit or an undo would do to the records, before anybody presses it. Nothing is written. */

import { ownerColumn } from "../core/assignment.ts";
import { SluiceError, told } from "../core/errors.ts";
import { notInReview, statusWords } from "../core/import.ts";
import type { UnknownOwners } from "../core/owners.ts";
import type { EventListener } from "../core/ports.ts";
import type { DryRun, Rehearsal } from "../core/store/commits.ts";
import type { SideBySide, SideBySideQuery } from "../core/store/side-by-side.ts";
import type { Store } from "../core/store/store.ts";
import type { UndoPreview } from "../core/store/undo.ts";
import { shownChanges, shownFields } from "../staging/shown-values.ts";
import type { ReviewSession } from "./review-session.ts";
import type { Understanding } from "./understanding.ts";

export interface ForecastParts {
  store: Store;
  review: ReviewSession;
  understanding: Understanding;
  onEvent: EventListener;
}

export interface DryRunOptions {
  /** Also which fields of records that are there would be changed, with a few of the records. */
  changes?: boolean;
  /** Has the rows really loaded, and is shown what that made before it is rolled back. */
  onRehearsed?: (rehearsal: Rehearsal) => Promise<void>;
  signal?: AbortSignal;
}

export class Forecast {
  readonly #parts: ForecastParts;

  constructor(parts: ForecastParts) {
    this.#parts = parts;
  }

  /** Exactly what a commit would do. @throws SluiceError `conflict` when the import is not ready. */
  async dryRun(jobId: number, { changes, onRehearsed, signal }: DryRunOptions = {}): Promise<DryRun> {
    const { job, importer, columns } = await this.#parts.understanding.of(jobId);
    if (job.status !== "ready")
      throw new SluiceError(
        "conflict",
        told`Import ${jobId} is ${statusWords[job.status]}; a dry run is only possible once it is ready.`,
      );
    return this.#parts.review.withStage(jobId, async () => {
      const found = await this.#parts.store.commits.dryRun(job, importer, columns, {
        onEvent: this.#parts.onEvent,
        changes,
        onRehearsed,
        signal,
      });
      return {
        ...found,
        ...(found.changes && { changes: shownChanges(importer, job, found.changes) }),
        issues: [...(await this.#parts.store.imports.issueCounts(jobId)), ...found.issues],
      };
    });
  }

  /**
   * A duplicate beside what it repeats, and what would be there if it were left out, or updated.
   *
   * @throws SluiceError `conflict` when the import is not ready, `not_found` where the last dry run knows the row as no duplicate.
   */
  async sideBySide(jobId: number, query: SideBySideQuery): Promise<SideBySide> {
    const { job, importer, columns } = await this.#parts.understanding.of(jobId);
    if (job.status !== "ready") throw notInReview(job);
    return this.#parts.review.withStage(jobId, async () => {
      const found = await this.#parts.store.commits.sideBySide(job, importer, columns, query);
      return { ...found, fields: shownFields(importer, job, found.fields) };
    });
  }

  /**
   * The cells of the owners' column that nobody is called by, with their rows.
   *
   * @throws SluiceError `conflict` when the import is not ready, or does not assign by a column.
   */
  async unknownOwners(jobId: number, limit: number, signal?: AbortSignal): Promise<UnknownOwners> {
    const { job, importer } = await this.#parts.understanding.of(jobId);
    if (job.status !== "ready" || ownerColumn(job.assignment) === null) {
      throw new SluiceError(
        "conflict",
        job.status === "ready"
          ? told`Import ${jobId} does not assign owners by a column, so there are none to compare.`
          : told`Import ${jobId} is ${statusWords[job.status]}; its owners can be compared once it is ready.`,
      );
    }
    return this.#parts.review.withStage(jobId, () => this.#parts.store.owners.unknown(job, importer, limit, signal));
  }

  /** What an undo would delete, restore and keep. @throws SluiceError `invalid` when it cannot be undone. */
  async undoPreview(jobId: number, signal?: AbortSignal): Promise<UndoPreview> {
    const { job, importer, columns } = await this.#parts.understanding.of(jobId);
    return this.#parts.store.undo.preview(job, importer, columns, signal);
  }
}
