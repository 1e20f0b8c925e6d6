/**
 * Finds the rows of a table that sum up others (totals, subtotals, averages, counts, taxes below a total) while it is read. A word
 * alone proves nothing, since a client may be called Total: there must be evidence beside it. Sums are made from the first row on that
 * has such a word; until then the rows are only looked at, and then read once more. Bounded in memory, and the same wherever the
 * reading begins again.
 */
import type { StoredIssue } from "../../core/issue.ts";
import { type Batch, cellText, cellTyped, rowIntact, rowTooShort } from "../../core/row.ts";
import { isBlankRow } from "../../values/white-space.ts";
import { ColumnSum, type StoredColumn } from "./column-sum.ts";
import { type Candidate, judge, type Mark, type Verdict } from "./judge.ts";
import { mayHaveWord, type SummaryWord, summaryWord } from "./summary-words.ts";

/** Columns beyond are not looked at. */
const maxColumns = 128;
/** In a row with few blank cells a word is looked for in its first columns. */
const wordColumns = 5;
/** Characters of a cell that matter. */
const maxChars = 100;
/** Places that a subtotal may begin at: levels of groups and their last members. */
const keptMarks = 24;
/** Files whose last row is compared with the sum of all, though nothing else tells of a total. */
const maxRowsForLast = 10_000;

/** What is stored between two batches, as plain data. */
export interface StoredTotals {
  rows: number;
  blankFirst: number;
  lastRow: number;
  isAfter: boolean;
  marks: Mark[];
  columns: StoredColumn[] | null;
  last: LastRecord | null;
}

/** The record that came last. */
interface LastRecord {
  row: number;
  cells: string[];
  typed: boolean[];
}

/** What became of a batch's rows, by their places in it. */
export interface FoundTotals {
  skipped: Map<number, StoredIssue>;
  warned: Map<number, StoredIssue>;
}

/** The rows of the file from its first on. */
export type ReadFromStart = () => AsyncIterable<Batch>;

export class Totals {
  readonly #headerRow: number;
  readonly #lastTableRow: number;
  readonly #width: number;
  readonly #readFromStart: ReadFromStart;
  /** Null: no row has had a word yet, and nothing is summed up. */
  #columns: ColumnSum[] | null;
  #marks: Mark[];
  #rows: number;
  #blankFirst: number;
  #lastRow: number;
  /** The row before was left out. */
  #isAfter: boolean;
  /** The last record of the batch before. */
  #last: LastRecord | null;

  constructor({
    columns,
    headerRow,
    lastRow,
    stored,
    readFromStart,
  }: {
    columns: number;
    headerRow: number;
    lastRow: number | null;
    stored?: StoredTotals;
    readFromStart: ReadFromStart;
  }) {
    this.#headerRow = headerRow;
    this.#lastTableRow = lastRow ?? Number.POSITIVE_INFINITY;
    this.#width = Math.min(columns, maxColumns);
    this.#readFromStart = readFromStart;
    this.#columns = stored?.columns?.map((column) => new ColumnSum(column)) ?? null;
    this.#marks = stored?.marks ?? [{ rows: 0, first: 0 }];
    this.#rows = stored?.rows ?? 0;
    this.#blankFirst = stored?.blankFirst ?? 0;
    this.#lastRow = stored?.lastRow ?? 0;
    this.#isAfter = stored?.isAfter ?? false;
    this.#last = stored?.last ?? null;
  }

  /** Looks at the rows of a batch; the same batch is not changed meanwhile. */
  async examine(batch: Batch): Promise<FoundTotals> {
    const found: FoundTotals = { skipped: new Map(), warned: new Map() };
    const { rowCount, rowNumbers, shapes } = batch;
    let last = -1;
    for (let r = 0; r < rowCount; r++) {
      if (rowNumbers[r] <= this.#headerRow || (shapes[r] !== rowIntact && shapes[r] !== rowTooShort)) continue;
      const candidate = this.#mayBeTotal(batch, r) ? this.#candidateOf(batch, r) : null;
      if (candidate === null) {
        if (shapes[r] !== rowIntact || rowNumbers[r] > this.#lastTableRow) continue;
        if (this.#columns !== null) this.#add(batch, r);
        else if (this.#isBlankThere(batch, r)) continue;
        this.#count(batch, r);
        last = r;
        continue;
      }
      if (isBlankRow(batch, r)) continue;
      if (this.#columns === null) await this.#sumUpTo(rowNumbers[r]);
      const verdict = judge(candidate, {
        columns: this.#columns ?? [],
        marks: this.#marks,
        rows: this.#rows,
        lastRow: this.#lastRow,
        isAfter: this.#isAfter,
      });
      if (verdict.kind === "record" && (candidate.isOutside || shapes[r] !== rowIntact)) continue;
      this.#settle(found, batch, r, verdict);
      if (verdict.kind !== "total") last = r;
    }
    if (last >= 0) this.#last = { row: rowNumbers[last], ...this.#cellsOf(batch, last) };
    return found;
  }

  #settle(found: FoundTotals, batch: Batch, r: number, verdict: Verdict): void {
    if (verdict.kind === "total") {
      found.skipped.set(r, verdict.issue);
      if ((this.#marks.at(-1)?.rows ?? 0) < this.#rows) {
        this.#marks.push({ rows: this.#rows, first: 0 });
        if (this.#marks.length > keptMarks) this.#marks.splice(1, 1);
        for (const column of this.#columns ?? []) column.mark(keptMarks);
      }
      this.#isAfter = true;
      return;
    }
    if (verdict.kind === "warned") found.warned.set(r, verdict.issue);
    this.#add(batch, r);
    this.#count(batch, r);
  }

  /** What is to be said of the file's last row; null: nothing. */
  async lastWarning(): Promise<{ row: number; issue: StoredIssue } | null> {
    const last = this.#last;
    if (last === null || this.#columns !== null || this.#rows > maxRowsForLast || this.#rows < 4) return null;
    const above = new Totals({
      columns: this.#width,
      headerRow: this.#headerRow,
      lastRow: last.row - 1,
      readFromStart: this.#readFromStart,
    });
    await above.#sumUpTo(last.row);
    const verdict = judge(
      { ...last, word: null, wordColumn: -1, sums: [], isOutside: false },
      {
        columns: above.#columns ?? [],
        marks: above.#marks,
        rows: above.#rows,
        lastRow: above.#lastRow,
        isAfter: false,
      },
    );
    return verdict.kind === "warned" ? { row: last.row, issue: verdict.issue } : null;
  }

  /** Whether the row is worth a closer look: few bytes of it are examined. */
  #mayBeTotal(batch: Batch, r: number): boolean {
    if (this.#isAfter || batch.rowNumbers[r] > this.#lastTableRow || batch.sums?.has(r)) return true;
    const { bytes, cells, columnCount } = batch;
    const first = 2 * r * columnCount;
    const near = Math.min(this.#width, wordColumns);
    let blank = 0;
    for (let c = 0; c < near; c++) {
      const start = cells[first + 2 * c];
      const end = cells[first + 2 * c + 1];
      if (start === end) blank++;
      else if (mayHaveWord(bytes, start, end)) return true;
    }
    if (2 * blank < near) return false;
    for (let c = near; c < this.#width; c++) {
      const start = cells[first + 2 * c];
      const end = cells[first + 2 * c + 1];
      if (start < end && mayHaveWord(bytes, start, end)) return true;
    }
    return this.#isNameless(batch, r);
  }

  /** The row's cells, if one of them has a word or it is worth comparing without; null: it is a record like any. */
  #candidateOf(batch: Batch, r: number): Candidate | null {
    const isOutside = batch.rowNumbers[r] > this.#lastTableRow;
    // Of most rows the one cell that looked like a word is read, and has none.
    if (
      !isOutside &&
      !this.#isAfter &&
      batch.sums?.has(r) !== true &&
      !this.#isNameless(batch, r) &&
      !this.#hasWord(batch, r)
    )
      return null;
    const { cells, typed } = this.#cellsOf(batch, r);
    const sums = batch.sums?.get(r) ?? [];
    let wordColumn = -1;
    let word: SummaryWord | null = null;
    for (const [c, cell] of cells.entries()) {
      word = cell === "" || typed[c] ? null : summaryWord(cell);
      if (word === null) continue;
      wordColumn = c;
      break;
    }
    const filled = cells.filter((cell) => cell !== "").length;
    // Whoever has every cell is called so.
    if (word !== null && !word.isBare && filled === cells.length && filled > 2 && sums.length === 0 && !this.#isAfter)
      return null;
    const isBare = word === null && sums.length === 0;
    if (isBare && !isOutside && !(this.#isAfter && filled === 1)) {
      const isNameless =
        cells[0] === "" && 8 * this.#blankFirst < this.#rows && typed.some((each, c) => each || /\d/.test(cells[c]));
      if (!isNameless) return null;
    }
    return { cells, typed, word, wordColumn, sums, isOutside };
  }

  #hasWord(batch: Batch, r: number): boolean {
    const { bytes, cells, columnCount } = batch;
    for (let c = 0, at = 2 * r * columnCount; c < this.#width; c++, at += 2) {
      if (cells[at] === cells[at + 1] || !mayHaveWord(bytes, cells[at], cells[at + 1])) continue;
      if (summaryWord(this.#cell(batch, r, c)) !== null) return true;
    }
    return false;
  }

  /** A row without its first cell among others that have one. */
  #isNameless(batch: Batch, r: number): boolean {
    const at = 2 * r * batch.columnCount;
    return batch.cells[at] === batch.cells[at + 1] && 8 * this.#blankFirst < this.#rows;
  }

  #cellsOf(batch: Batch, r: number): { cells: string[]; typed: boolean[] } {
    const cells: string[] = [];
    const typed: boolean[] = [];
    for (let c = 0; c < this.#width; c++) {
      cells.push(this.#cell(batch, r, c));
      typed.push((batch.flags[r * batch.columnCount + c] & cellTyped) !== 0);
    }
    return { cells, typed };
  }

  #cell(batch: Batch, r: number, c: number): string {
    const at = 2 * (r * batch.columnCount + c);
    if (batch.cells[at] === batch.cells[at + 1]) return "";
    // What is stored between batches is a document of Postgres, which has no NUL.
    return cellText(batch, r, c, maxChars).trim().slice(0, maxChars).replaceAll("\0", "\ufffd").toWellFormed();
  }

  #isBlankThere(batch: Batch, r: number): boolean {
    const at = 2 * r * batch.columnCount;
    return batch.cells[at] === batch.cells[at + 1] && isBlankRow(batch, r);
  }

  /** A record's cells go into the sums. */
  #add(batch: Batch, r: number): void {
    for (const [c, column] of (this.#columns ?? []).entries())
      column.add(this.#cell(batch, r, c), (batch.flags[r * batch.columnCount + c] & cellTyped) !== 0);
  }

  #count(batch: Batch, r: number): void {
    const at = 2 * r * batch.columnCount;
    if (batch.cells[at] === batch.cells[at + 1]) this.#blankFirst++;
    this.#rows++;
    this.#lastRow = batch.rowNumbers[r];
    this.#isAfter = false;
    const mark = this.#marks[this.#marks.length - 1];
    if (mark.first === 0) mark.first = batch.rowNumbers[r];
  }

  /** Sums up the records above a row, all of which were looked at. */
  async #sumUpTo(row: number): Promise<void> {
    const columns = Array.from({ length: this.#width }, () => new ColumnSum());
    this.#columns = columns;
    this.#rows = 0;
    this.#blankFirst = 0;
    this.#marks = [{ rows: 0, first: 0 }];
    const last = Math.min(this.#lastTableRow, row - 1);
    for await (const batch of this.#readFromStart()) {
      for (let r = 0; r < batch.rowCount; r++) {
        if (batch.rowNumbers[r] > last) return;
        if (batch.rowNumbers[r] <= this.#headerRow || batch.shapes[r] !== rowIntact || this.#isBlankThere(batch, r))
          continue;
        this.#add(batch, r);
        this.#count(batch, r);
      }
    }
  }

  toJSON(): StoredTotals {
    return {
      rows: this.#rows,
      blankFirst: this.#blankFirst,
      lastRow: this.#lastRow,
      isAfter: this.#isAfter,
      marks: this.#marks,
      columns: this.#columns?.map((column) => column.toJSON()) ?? null,
      last: this.#last,
    };
  }
}
