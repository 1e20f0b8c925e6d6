/**
 * A profile of every column over the whole file, made while it is read, in bounded memory. Exact: rows, filled cells, the
 * longest cell. Estimated: the number of different values, from the first 16,384 rows and one in 16 of the others. Everything
 * else is of a sample: the first thousand rows and one in 1,024 after them. Or of all rows, when time does not matter.
 */
import { type Batch, cellError, cellTyped, rowIntact } from "../core/row.ts";
import { isReport } from "../values/report-cell.ts";
import { mayBeSpace, spaceAt } from "../values/white-space.ts";
import { type Evidence, noEvidence, weighCell } from "./column-evidence.ts";
import { DistinctEstimate, extrapolated, hashBytes, restoredEstimate } from "./distinct-estimate.ts";
import { FrequentValues, type StoredFrequencies } from "./frequent-values.ts";
import { type ColumnProfile, profileOf, sampledCell, sampleRows, topValues } from "./profile.ts";

/** Columns beyond are ignored, so that a sheet with thousands costs no more. */
export const maxProfiledColumns = 512;
/** After the first rows, one in this many is sampled. */
const closelyEvery = 1024;
/** Rows whose distinct values are counted, and one in how many after them. */
const countedRows = 16_384;
const countedEvery = 16;

/** A column's profile over the whole file. */
export interface WholeProfile extends ColumnProfile {
  /** Cells in the sample, which shares, top values and ranges describe. */
  examined: number;
  longestBytes: number;
}

interface ColumnState {
  distinct: DistinctEstimate;
  frequent: FrequentValues;
  evidence: Evidence;
}

/** What is stored between two slices of a parse, as plain data. */
export interface StoredStatistics {
  rows: number;
  columns: {
    filled: number;
    counted: number;
    longestBytes: number;
    distinct: string;
    frequent: StoredFrequencies;
    evidence: Evidence;
  }[];
}

export class ColumnStatistics {
  readonly #headers: readonly string[];
  readonly #columns: ColumnState[];
  // Every cell of the file is counted here: three arrays are quicker than a field of an object per column.
  readonly #filled: Float64Array;
  /** Of the filled cells, those whose different values are counted. */
  readonly #counted: Float64Array;
  readonly #longestBytes: Int32Array;
  readonly #isReport: boolean;
  readonly #all: boolean;
  #rows: number;
  /** Which rows of the batch are sampled, up to `#chosen`. */
  #rowPlaces = new Int32Array(0);
  #chosen = 0;

  /**
   * @param options.all looks at all rows closely, which takes longer than reading them.
   * @param options.stored the state to continue from.
   */
  constructor(headers: readonly string[], { all = false, stored }: { all?: boolean; stored?: StoredStatistics } = {}) {
    this.#headers = headers.slice(0, maxProfiledColumns);
    this.#isReport = isReport(headers);
    this.#all = all;
    this.#rows = stored?.rows ?? 0;
    this.#columns = this.#headers.map((_, c) => {
      const column = stored?.columns[c];
      if (column === undefined)
        return { distinct: new DistinctEstimate(), frequent: new FrequentValues(), evidence: noEvidence() };
      const { distinct, frequent, evidence } = column;
      return {
        distinct: restoredEstimate(distinct),
        frequent: new FrequentValues(frequent),
        // By a worker of an earlier version some of it may be missing.
        evidence: { ...noEvidence(), ...evidence },
      };
    });
    const storedCounts = (name: "filled" | "counted" | "longestBytes"): number[] =>
      this.#headers.map((_, c) => stored?.columns[c]?.[name] ?? 0);
    this.#filled = Float64Array.from(storedCounts("filled"));
    this.#counted = Float64Array.from(storedCounts("counted"));
    this.#longestBytes = Int32Array.from(storedCounts("longestBytes"));
  }

  /** Adds the table's rows of a batch; those before `countedToRow` were added already, when the file was read before. */
  add(batch: Batch, range: { headerRow: number; lastRow: number | null; countedToRow?: number }): void {
    const { headerRow, lastRow, countedToRow = 0 } = range;
    const first = Math.max(headerRow + 1, countedToRow);
    const last = lastRow ?? Number.POSITIVE_INFINITY;
    const view = new DataView(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.byteLength);
    this.#chooseRows(batch, first, last);
    for (let c = 0; c < this.#columns.length; c++) this.#addColumn(batch, c);
    for (let k = 0; k < this.#chosen; k++) {
      const r = this.#rowPlaces[k];
      const number = batch.rowNumbers[r];
      // Which rows are sampled depends on their numbers alone: an interrupted reading samples the same.
      const lot = Math.imul(number, 0x9e3779b1) >>> 0;
      if (this.#all || number <= headerRow + countedRows || lot < 2 ** 32 / countedEvery)
        this.#countValues(batch, r, view);
      if (this.#all || number <= headerRow + sampleRows || lot < 2 ** 32 / closelyEvery) this.#lookClosely(batch, r);
    }
  }

  /** The table's rows of a batch that have a cell at all: a row without one is none. */
  #chooseRows(batch: Batch, first: number, last: number): void {
    const { rowCount, rowNumbers, shapes } = batch;
    if (this.#rowPlaces.length < rowCount) this.#rowPlaces = new Int32Array(rowCount);
    let chosen = 0;
    for (let r = 0; r < rowCount; r++) {
      if (rowNumbers[r] < first || rowNumbers[r] > last || shapes[r] !== rowIntact) continue;
      if (this.#hasCell(batch, r)) this.#rowPlaces[chosen++] = r;
    }
    this.#chosen = chosen;
    this.#rows += chosen;
  }

  #hasCell({ bytes, cells, columnCount }: Batch, r: number): boolean {
    const count = this.#columns.length;
    for (let c = 0, at = 2 * r * columnCount; c < count; c++, at += 2) {
      if (!isBlank(bytes, cells[at], cells[at + 1])) return true;
    }
    return false;
  }

  /** Fill rate and longest cell of column `c`, in all rows that were chosen. */
  #addColumn({ bytes, cells, columnCount }: Batch, c: number): void {
    const places = this.#rowPlaces;
    const chosen = this.#chosen;
    let filled = 0;
    let longest = this.#longestBytes[c];
    for (let k = 0; k < chosen; k++) {
      const at = 2 * (places[k] * columnCount + c);
      const start = cells[at];
      const length = cells[at + 1] - start;
      if (mayBeSpace[bytes[start]] === 1 && isSpace(bytes, start, start + length)) continue;
      // Which cells are empty is hard to foresee: the sign bit counts those that are not, without a branch.
      filled += -length >>> 31;
      if (length > longest) longest = length;
    }
    this.#filled[c] += filled;
    this.#longestBytes[c] = longest;
  }

  #countValues({ bytes, cells, columnCount }: Batch, r: number, view: DataView): void {
    for (let c = 0, at = 2 * r * columnCount; c < this.#columns.length; c++, at += 2) {
      const start = cells[at];
      const end = cells[at + 1];
      if (isBlank(bytes, start, end)) continue;
      this.#counted[c]++;
      this.#columns[c].distinct.add(hashBytes(view, start, end));
    }
  }

  #lookClosely(batch: Batch, r: number): void {
    for (let c = 0; c < this.#columns.length; c++) {
      const flags = batch.flags[r * batch.columnCount + c];
      if (flags & cellError) continue;
      const value = sampledCell(batch, r, c, this.#isReport);
      if (value === "") continue;
      const { evidence, frequent } = this.#columns[c];
      weighCell(evidence, value, (flags & cellTyped) !== 0);
      frequent.add(value);
    }
  }

  profiles(): WholeProfile[] {
    return this.#headers.map((header, c) => {
      const { distinct, frequent, evidence } = this.#columns[c];
      const [filled, counted, longestBytes] = [this.#filled[c], this.#counted[c], this.#longestBytes[c]];
      const values = extrapolated(distinct.count(counted), counted, filled);
      const counts = { rows: this.#rows, filled, distinct: values, top: frequent.top(topValues) };
      return { ...profileOf(header, evidence, counts), examined: evidence.cells, longestBytes };
    });
  }

  toJSON(): StoredStatistics {
    const columns = this.#columns.map(({ distinct, frequent, evidence }, c) => ({
      filled: this.#filled[c],
      counted: this.#counted[c],
      longestBytes: this.#longestBytes[c],
      evidence,
      distinct: distinct.toJSON(),
      frequent: frequent.toJSON(),
    }));
    return { rows: this.#rows, columns };
  }
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  return start === end || (mayBeSpace[bytes[start]] === 1 && isSpace(bytes, start, end));
}

function isSpace(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start;
  while (i < end && spaceAt(bytes, i, end) > 0) i += spaceAt(bytes, i, end);
  return i >= end;
}
