/**
 * What a column of the file looks like: the evidence for mapping and for reading dates and numbers by the column's own order
 * and marks. The `Profiler` looks at a sample, exactly; column-statistics.ts at the whole file.
 */
import { unguarded } from "../core/formula-guard.ts";
import { type Batch, cellError, cellText, cellTyped, rowIntact } from "../core/row.ts";
import { backslashNull } from "../values/blank-words.ts";
import { fold } from "../values/fold.ts";
import { withoutUnseen } from "../values/invisible.ts";
import { withoutMarks } from "../values/other-programs.ts";
import { isReport } from "../values/report-cell.ts";
import { spaceAt } from "../values/white-space.ts";
import { type CellKind, cellKinds, dateOrderOf, type Evidence, noEvidence, weighCell } from "./column-evidence.ts";

/** Rows examined. */
export const sampleRows = 1000;
/** Cells kept of them, so that a sheet of thousands of columns is profiled in bounded memory. */
const maxSampledCells = 300_000;
/** Characters of a cell that are examined. */
export const maxCellChars = 500;
/** The most frequent cells that a profile of a sample names, so that each of a list of choices is among them. */
const sampledTop = 200;
/** The same of the whole file's, and those that a kind is judged by. */
export const topValues = 10;

/** What a column as a whole most likely holds. */
export type ColumnKind = CellKind | "postal_code" | "choice" | "text" | "blank";

/** What a column's cells look like. Shares are of the filled cells examined that are no words for a null, 0 to 1. */
export interface ColumnProfile {
  header: string;
  kind: ColumnKind;
  rows: number;
  filled: number;
  distinct: number;
  /** Of the filled cells, about how many are a word for a null, such as `NULL`. */
  blanks: number;
  /** In characters (UTF-16). */
  shortest: number;
  longest: number;
  /** The most frequent cells. */
  top: { value: string; count: number }[];
  shares: Record<CellKind, number>;
  dateOrders: Evidence["dateOrders"];
  decimalMarks: Evidence["decimalMarks"];
  /** Digits that begin with a zero: a code, not a number. */
  leadingZeros: number;
  /** Cells of digits alone, by how many these are. */
  digits: Evidence["digits"];
  signs: Evidence["signs"];
  /** Least and greatest number or day, by the column's own order and marks; absent in other columns. */
  least?: number | string;
  greatest?: number | string;
}

/** Whether what a sample saw is the file's every row, as far as it knows: it ends where it is full. */
export function isWholeFile(profiles: readonly Pick<ColumnProfile, "rows">[]): boolean {
  const rows = profiles[0]?.rows ?? 0;
  return rows < sampleRows && rows * profiles.length < maxSampledCells;
}

/** Collects cells until it has seen enough rows. */
export class Profiler {
  readonly #headers: readonly string[];
  /** Each column's cells and how often they occur; typed ones separately. */
  readonly #cells: { written: Map<string, number>; typed: Map<string, number> | null }[];
  readonly #isReport: boolean;
  #rows = 0;

  constructor(headers: readonly string[]) {
    this.#headers = headers;
    this.#isReport = isReport(headers);
    this.#cells = headers.map(() => ({ written: new Map(), typed: null }));
  }

  get full(): boolean {
    return this.#rows >= sampleRows || this.#rows * this.#headers.length >= maxSampledCells;
  }

  add(batch: Batch, headerRow: number, lastRow: number | null = null): void {
    for (let r = 0; r < batch.rowCount && !this.full; r++) {
      if (batch.rowNumbers[r] <= headerRow || batch.shapes[r] !== rowIntact) continue;
      if (lastRow !== null && batch.rowNumbers[r] > lastRow) continue;
      this.#rows++;
      for (let c = 0; c < this.#headers.length; c++) {
        const flags = batch.flags[r * batch.columnCount + c];
        if (flags & cellError) continue;
        const value = sampledCell(batch, r, c, this.#isReport);
        if (value === "") continue;
        const cells = this.#cells[c];
        if (flags & cellTyped) cells.typed ??= new Map();
        const counts = flags & cellTyped && cells.typed !== null ? cells.typed : cells.written;
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
    }
  }

  profile(): ColumnProfile[] {
    return this.#headers.map((header, c) => {
      const { written, typed } = this.#cells[c];
      const evidence = noEvidence();
      for (const [value, count] of written) weighCell(evidence, value, false, count);
      for (const [value, count] of typed ?? []) weighCell(evidence, value, true, count);
      const counts = typed === null ? written : merged(written, typed);
      const top = [...counts]
        .sort((a, b) => b[1] - a[1])
        .slice(0, sampledTop)
        .map(([value, count]) => ({ value, count }));
      return profileOf(header, evidence, { rows: this.#rows, filled: evidence.cells, distinct: counts.size, top });
    });
  }
}

/** A cell as a profile looks at it. */
export function sampledCell(batch: Batch, row: number, column: number, isReport: boolean): string {
  const cell = withoutBlanks(batch, row, column);
  const text = bare((isReport ? unguarded(cell) : cell).trim());
  // Joined into a new string: a slice would keep all of a long cell in memory.
  return text.length <= maxCellChars ? text : Buffer.from(text.slice(0, maxCellChars), "utf16le").toString("utf16le");
}

/** Without what other programs did to it, as far as it is the same in every kind of field. */
function bare(text: string): string {
  if (text === backslashNull) return "";
  const seen = withoutUnseen(text).trim();
  return withoutMarks(seen, true)?.text ?? seen;
}

/** The beginning of a cell, after its white space. */
function withoutBlanks(batch: Batch, row: number, column: number): string {
  const { bytes, cells } = batch;
  const at = 2 * (row * batch.columnCount + column);
  if (cells[at + 1] - cells[at] <= maxCellChars) return cellText(batch, row, column);
  const before = cells[at];
  while (cells[at] < cells[at + 1] && spaceAt(bytes, cells[at], cells[at + 1]) > 0) {
    cells[at] += spaceAt(bytes, cells[at], cells[at + 1]);
  }
  const text = cellText(batch, row, column, maxCellChars);
  cells[at] = before;
  return text;
}

function merged(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): Map<string, number> {
  const sum = new Map(a);
  for (const [value, count] of b) sum.set(value, (sum.get(value) ?? 0) + count);
  return sum;
}

/** The profile that the evidence and the counts make. */
export function profileOf(
  header: string,
  evidence: Evidence,
  counts: Pick<ColumnProfile, "rows" | "filled" | "distinct" | "top">,
): ColumnProfile {
  const { cells, kinds, dateOrders, decimalMarks, digits, signs, shortest, longest } = evidence;
  const said = cells - evidence.blanks;
  const share = (kind: CellKind): [CellKind, number] => [kind, said === 0 ? 0 : kinds[kind] / said];
  const blanks = cells === 0 ? 0 : Math.round((evidence.blanks / cells) * counts.filled);
  const shares = Object.fromEntries(cellKinds.map(share)) as ColumnProfile["shares"];
  const leadingZeros = digits.zeros.reduce((sum, count, length) => (length > 1 ? sum + count : sum), 0);
  const profile = {
    header,
    ...counts,
    blanks,
    shortest,
    longest,
    shares,
    dateOrders,
    decimalMarks,
    leadingZeros,
    digits,
    signs,
  };
  const kind = kindOf(profile);
  const range = rangeOf(kind, evidence);
  return { ...profile, kind, ...(range !== null && { least: range[0], greatest: range[1] }) };
}

/** Share of a column's cells that must look like a kind. */
const leastShare = 0.8;
/** More distinct values are not a list of choices. */
const maxChoices = 20;

function kindOf(profile: Omit<ColumnProfile, "kind">): ColumnKind {
  const { header, distinct, longest, shares, leadingZeros, digits } = profile;
  const filled = profile.filled - profile.blanks;
  if (filled === 0) return "blank";
  if (shares.email >= leastShare) return "email";
  if (shares.datetime >= leastShare / 2 && shares.date >= leastShare) return "datetime";
  if (shares.date >= leastShare) return "date";
  if (shares.phone >= leastShare) return "phone";
  const ofDigits = digits.counts.reduce((sum, count) => sum + count, 0);
  if (isPostalName(header) && ofDigits >= leastShare * filled) return "postal_code";
  if (shares.boolean >= leastShare && distinct <= 2) return "boolean";
  if (leadingZeros === 0 && shares.integer >= leastShare) return "integer";
  if (leadingZeros === 0 && shares.decimal >= leastShare) return "decimal";
  return distinct <= maxChoices && filled >= 5 * distinct && longest <= 40 ? "choice" : "text";
}

/** Words for a postal code in headers and names of fields, in the languages around. */
const postalWords = new Set(["postal", "postcode", "postcodes", "zip", "zipcode", "cp", "postnr", "postnummer", "plz"]);

export function isPostalName(name: string): boolean {
  return fold(name)
    .split(" ")
    .some((word) => postalWords.has(word));
}

function rangeOf(kind: ColumnKind, { numbers, days, dateOrders, decimalMarks }: Evidence) {
  if (kind === "date" || kind === "datetime") return dateOrderOf(dateOrders) === "mdy" ? days.mdy : days.dmy;
  if (kind !== "integer" && kind !== "decimal") return null;
  return decimalMarks.comma > decimalMarks.point ? numbers.comma : numbers.point;
}
