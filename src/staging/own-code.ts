/**
 * An importer's own validators and checks, interrupted where they do not come back: one that loops over a cell would hold its whole
 * thread, be it a worker's, a program's or the API's.
 */
import { SluiceError, told } from "../core/errors.ts";
import { innerFields } from "../core/field.ts";
import type { Importer } from "../core/importer.ts";
import type { Attention } from "../core/ports.ts";
import { createdValues } from "../core/records.ts";

/** How long several rows may take together, and how long each try of one row. In milliseconds. */
export interface Limits {
  rows: number;
  row: readonly number[];
}
/** Of a file; all of them take less time than a worker's thread has. A second attempt distinguishes a stuck row from a process that was stopped. */
export const fileLimits: Limits = { rows: 3000, row: [3000, 3000] };
/** Of a row that a person waits for, in a thread that answers others. */
export const reviewLimits: Limits = { rows: 100, row: [100, 200, 500] };

/** An interruption costs 0.13 ms to set up, so rows are run some at a time, for about this long. */
const groupMs = 50;
const firstGroupRows = 16;

/** A row over which the importer's own code does not come to an end. */
export class StuckRow extends SluiceError {}

/** Whether an importer has code of its own that runs over cells. */
export function hasOwnCode(importer: Importer): boolean {
  const { fields, checks = [] } = importer;
  return (
    Object.values(fields).some(
      (field) =>
        field.validate !== undefined ||
        field.derive !== undefined ||
        typeof field.default === "function" ||
        Object.values(innerFields(field)).some(({ validate }) => validate !== undefined),
    ) ||
    checks.some((check) => typeof check === "function") ||
    createdValues(importer).length > 0
  );
}

export interface Rows {
  importer: string;
  jobId: number;
  count: number;
  /** The number in the file. */
  numberOf(r: number): number;
  /** Works on the rows from `from` to before `to`. */
  run(from: number, to: number): void;
  /** Puts everything back to where it was before the run that was interrupted. */
  rollBack(): void;
}

/** Nobody watches, and nothing is interrupted. */
export const heedless: Attention = {
  begin() {},
  end() {},
  endsWithin(_ms, work) {
    work();
    return true;
  },
};

export class OwnCode {
  readonly #limits: Limits;
  readonly #attention: Attention;
  #groupRows = firstGroupRows;

  constructor(limits: Limits, attention: Attention) {
    this.#limits = limits;
    this.#attention = attention;
  }

  /** @throws StuckRow for a row that takes longer than all limits allow. */
  run({ importer, jobId, count, numberOf, run, rollBack }: Rows): void {
    let tries = 0;
    // Rows before it were interrupted together: each is run by itself.
    let singleTo = 0;
    for (let from = 0; from < count; ) {
      const to = from < singleTo ? from + 1 : Math.min(count, from + this.#groupRows);
      const ms = to - from > 1 ? this.#limits.rows : this.#limits.row[tries];
      const startedAt = performance.now();
      if (this.#attention.endsWithin(ms, () => run(from, to))) {
        this.#adapt(to - from, performance.now() - startedAt);
        from = to;
        tries = 0;
        continue;
      }
      rollBack();
      if (to - from > 1) {
        singleTo = to;
        continue;
      }
      tries++;
      if (tries === this.#limits.row.length) {
        throw new StuckRow(
          "invalid",
          told`Import ${jobId}: code of the importer "${importer}" does not come to an end on row ${numberOf(from)}, and was stopped. Simplify it, or change the row, then try again.`,
        );
      }
    }
  }

  #adapt(rows: number, ms: number): void {
    if (ms > 2 * groupMs) this.#groupRows = Math.max(1, this.#groupRows >> 1);
    else if (ms < groupMs / 2 && rows === this.#groupRows) this.#groupRows *= 2;
  }
}
