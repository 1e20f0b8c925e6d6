/**
 * What a sample of the file's cells looks like, column by column: the evidence for mapping and for reading dates and
 * numbers by the column's own order and marks.
 */
import { type Batch, cellText, rowIntact } from "../row.ts";
import { readDay } from "./encode-date.ts";
import { readBoolean } from "./encode-words.ts";
import { isReport, unguarded } from "./report-cell.ts";

/** Rows looked at. */
export const sampleRows = 1000;
/** Cells kept of them, so that a sheet of thousands of columns is looked at in bounded memory. */
const maxSampledCells = 300_000;

/** What a column's sample looks like. Shares are of its filled cells, 0 to 1. */
export interface ColumnProfile {
  header: string;
  rows: number;
  filled: number;
  distinct: number;
  shortest: number;
  longest: number;
  /** The most frequent cells. */
  top: { value: string; count: number }[];
  shares: { email: number; phone: number; integer: number; decimal: number; date: number; boolean: number };
  /** Dates whose numbers only fit day–month, only month–day, or both. */
  dateOrders: { dmy: number; mdy: number; ymd: number; either: number };
  /** Numbers whose decimal mark is beyond doubt, and those where it is not (`1,234`). */
  decimalMarks: { comma: number; point: number; either: number };
  /** Digits that begin with a zero: a code, not a number. */
  leadingZeros: number;
}

/** Collects cells until it has seen enough rows. */
export class Profiler {
  readonly #headers: readonly string[];
  readonly #values: string[][];
  readonly #isReport: boolean;
  #rows = 0;

  constructor(headers: readonly string[]) {
    this.#headers = headers;
    this.#isReport = isReport(headers);
    this.#values = headers.map(() => []);
  }

  get full(): boolean {
    return this.#rows >= sampleRows || this.#rows * this.#headers.length >= maxSampledCells;
  }

  add(batch: Batch, headerRow: number): void {
    for (let r = 0; r < batch.rowCount && !this.full; r++) {
      if (batch.rowNumbers[r] <= headerRow || batch.shapes[r] !== rowIntact) continue;
      this.#rows++;
      for (let c = 0; c < this.#headers.length; c++) {
        const cell = cellText(batch, r, c);
        const value = (this.#isReport ? unguarded(cell) : cell).trim().slice(0, 500);
        if (value !== "") this.#values[c].push(value);
      }
    }
  }

  profile(): ColumnProfile[] {
    return this.#headers.map((header, c) => profileOf(header, this.#values[c], this.#rows));
  }
}

function profileOf(header: string, values: string[], rows: number): ColumnProfile {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const share = (test: (value: string) => boolean): number =>
    values.length === 0 ? 0 : values.filter(test).length / values.length;
  const lengths = values.map((value) => value.length);
  const dateOrders = { dmy: 0, mdy: 0, ymd: 0, either: 0 };
  const decimalMarks = { comma: 0, point: 0, either: 0 };
  for (const value of values) {
    weighDate(value, dateOrders);
    weighNumber(value, decimalMarks);
  }
  return {
    header,
    rows,
    filled: values.length,
    distinct: counts.size,
    shortest: lengths.length === 0 ? 0 : Math.min(...lengths),
    longest: Math.max(0, ...lengths),
    top: [...counts]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 10)
      .map(([value, count]) => ({ value, count })),
    shares: {
      email: share((value) => /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(value)),
      phone: share(looksLikePhone),
      integer: share((value) => /^[+-]?(?:0|[1-9]\d{0,2}(?:[ \u00a0\u202f]?\d{3})*|[1-9]\d*)$/.test(value)),
      decimal: share((value) => /^[+-]?[\d\u00a0\u202f ]+(?:[.,][\d.,]*)?$/.test(value)),
      date: share(looksLikeDate),
      boolean: share((value) => readBoolean(value) !== null),
    },
    dateOrders,
    decimalMarks,
    leadingZeros: values.filter((value) => /^0\d+$/.test(value)).length,
  };
}

function looksLikePhone(value: string): boolean {
  if (!/^\+?[\d\s.()/-]+$/.test(value) || looksLikeDate(value)) return false;
  const digits = value.replace(/\D/g, "");
  return (
    digits.length >= 8 &&
    digits.length <= 15 &&
    (value.startsWith("+") || value.startsWith("0") || value.startsWith("("))
  );
}

function looksLikeDate(value: string): boolean {
  const day = value.split(/[T ](?=\d{1,2}:)/)[0];
  return /[-/. ]/.test(day) && (readDay(day, "dmy") ?? readDay(day, "mdy") ?? readDay(day, "ymd")) !== null;
}

function weighDate(value: string, orders: ColumnProfile["dateOrders"]): void {
  const day = value.split(/[T ](?=\d{1,2}:)/)[0];
  if (/^\d{4}[-/.]/.test(day)) {
    if (readDay(day, "ymd") !== null) orders.ymd++;
    return;
  }
  if (!/^\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2,4}$/.test(day)) return;
  const dmy = readDay(day, "dmy");
  const mdy = readDay(day, "mdy");
  if (dmy !== null && mdy !== null) {
    // 05/05/2026 is the same day either way and decides nothing.
    if (dmy !== mdy) orders.either++;
  } else if (dmy !== null) {
    orders.dmy++;
  } else if (mdy !== null) {
    orders.mdy++;
  }
}

function weighNumber(value: string, marks: ColumnProfile["decimalMarks"]): void {
  const match = /^[+-]?\d+(?:[ \u00a0\u202f.,']\d{3})*([.,])(\d+)$/.exec(value);
  if (match === null) return;
  const groups = value.slice(0, value.lastIndexOf(match[1]));
  const otherMark = match[1] === "," ? groups.includes(".") : groups.includes(",");
  // A mark that comes twice parts groups, and the decimal mark is the other.
  const twice = groups.includes(match[1]);
  if (match[2].length === 3 && !otherMark && !twice && /^[+-]?[1-9]\d{0,2}$/.test(groups)) marks.either++;
  else if ((match[1] === ",") !== twice) marks.comma++;
  else marks.point++;
}
