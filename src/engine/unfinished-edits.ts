/** Edits of many rows whose process died: gone on with by workers, and before what would meet half of them. */
import { SluiceError } from "../core/errors.ts";
import type { Demands } from "../core/missing-importer.ts";
import { type EditDemands, isKnownEdit } from "../core/store/review.ts";
import type { Store } from "../core/store/store.ts";
import type { ReviewSession } from "./review-session.ts";
import type { Understanding } from "./understanding.ts";

/** How long a commit request spends finishing an interrupted edit. */
const finishEditMs = 2_000;

export class UnfinishedEdits {
  readonly #store: Store;
  readonly #review: ReviewSession;
  readonly #understanding: Understanding;
  readonly #isBackground: boolean;

  constructor(store: Store, review: ReviewSession, understanding: Understanding, isBackground: boolean) {
    this.#store = store;
    this.#review = review;
    this.#understanding = understanding;
    this.#isBackground = isBackground;
  }

  /** What is left of an edit of many rows by then is refused by what comes next. */
  async finishFirst(jobId: number): Promise<void> {
    const isLate = this.#isBackground ? AbortSignal.timeout(finishEditMs) : undefined;
    try {
      await this.#review.finishEdit(jobId, isLate);
    } catch (error) {
      // Another came between, or there is more to do: the move that follows says so.
      if (!isLate?.aborted && !(error instanceof SluiceError && error.code === "conflict")) throw error;
    }
  }

  /** Goes on with edits of many rows that nobody is at any more. Returns how many it has finished. */
  async finishAbandoned(signal?: AbortSignal): Promise<number> {
    let finished = 0;
    let failure: unknown;
    const isAble = (job: Demands, edit: EditDemands): boolean =>
      this.#understanding.lacks(job) === null && isKnownEdit(edit);
    for (const jobId of await this.#store.review.claimAbandoned(isAble)) {
      signal?.throwIfAborted();
      try {
        if ((await this.#review.finishEdit(jobId, signal)) !== null) finished++;
      } catch (error) {
        // The import has moved on, or its stage is made again: then it is checked again.
        if (!(error instanceof SluiceError) || !["conflict", "unavailable"].includes(error.code)) failure ??= error;
      }
    }
    // One that fails keeps no other waiting.
    if (failure !== undefined) throw failure;
    return finished;
  }
}
