/**
 * Finds the cells of delimited text in a byte buffer: RFC 4180 and what Excel and CRMs really write. It makes no
 * strings; it notes offsets into the batch it fills.
 */
import {
  type Batch,
  cellApostrophe,
  cellBackslash,
  cellEscaped,
  cellQuoted,
  rowIntact,
  rowQuoteUnclosed,
  rowTooLarge,
  rowTooLong,
  rowTooShort,
} from "../../core/row.ts";
import { emptyBatch, maxRowBytes } from "../table/batch-room.ts";
import { ClosingQuote, staysOpen } from "./closing-quote.ts";
import { MarkIndex } from "./mark-index.ts";
import { QuoteLookahead } from "./quote-lookahead.ts";
import { type RecutCell, recutRow } from "./recut-row.ts";
import { judgeOverLines } from "./swallowed-rows.ts";
import { carriageReturn, isLineBreak, lineFeed, type Marks, Syntax, space } from "./syntax.ts";
import { unwrapLine } from "./wrapped-line.ts";

const apostrophe = 0x27;

export type ScanStop = "batch_full" | "need_more" | "row_too_large" | "end";

/** The cells of a batch of `columnCount` columns, found row by row. */
export class CsvScanner {
  readonly batch: Batch;
  /** Where in `batch.bytes` the next row starts. */
  position = 0;
  /** Number of the next row. */
  row: number;
  /** The row found last has quotes that no writer's rules explain. */
  irregular = false;
  readonly #maxRows: number;
  readonly #maxRowBytes: number;
  /** Cells that a row has; 0: it is not known. */
  readonly #width: number;
  readonly #syntax: Syntax;
  /** What follows the quoted cell that a row is wrapped in; null: none is. */
  readonly #wrapped: string | null;
  /** The flags of a cell that has escapes. */
  readonly #escaped: number;
  readonly #search: ClosingQuote;
  readonly #lookahead: QuoteLookahead;
  readonly #marks: MarkIndex;
  /** How many of `#marks` the scanner has passed. */
  #passedMarks = 0;
  /** Rows that are scanned without a try whether they are plain, and how many of them are left. */
  #pause = 0;
  #pauseLeft = 0;
  /** The cells that the row has beyond the file's columns, as (start, end, flags). */
  #surplus = new Int32Array(48);
  /** A cell of the row being scanned has line breaks; its lines could be rows; they are. */
  #overLines = false;
  #doubtful = false;
  #amongRows = false;
  readonly #canRecut: boolean;

  /** `width`: how many cells a row has, if that is known; with it, quotes are told from stray ones. */
  constructor(
    options: Marks & {
      columnCount: number;
      width: number;
      row: number;
      maxRows: number;
      bytes: Uint8Array;
      maxRowBytes?: number;
    },
  ) {
    const { columnCount, maxRows, quote, wrapped } = options;
    const syntax = new Syntax(options);
    this.#syntax = syntax;
    this.#width = options.width;
    this.#wrapped = wrapped ?? null;
    this.#maxRowBytes = options.maxRowBytes ?? maxRowBytes;
    this.#search = new ClosingQuote(syntax);
    this.#lookahead = new QuoteLookahead(syntax);
    this.#marks = new MarkIndex(syntax.delimiter, quote === "none" ? syntax.delimiter : syntax.quote);
    this.#escaped =
      cellEscaped | (syntax.backslashes ? cellBackslash : 0) | (syntax.quote === apostrophe ? cellApostrophe : 0);
    // The rows of other texts are never plain, nor those of a sample, of which nobody knows how many cells they have.
    if (!syntax.simple || this.#wrapped !== null || this.#width !== columnCount)
      this.#pauseLeft = Number.POSITIVE_INFINITY;
    this.#canRecut = this.#width > 1 && this.#width <= columnCount && !syntax.runs;
    this.#maxRows = maxRows;
    this.row = options.row;
    this.batch = emptyBatch({ columnCount, maxRows, row: options.row });
    this.batch.bytes = options.bytes;
  }

  /** The buffer's content moved down by `bytes` (what was read is dropped). */
  shift(bytes: number): void {
    this.position -= bytes;
    this.#lookahead.shift(bytes);
  }

  /** Fills the batch from `position` to `end`. `atEnd`: nothing comes after `end`. */
  scan(end: number, atEnd: boolean): ScanStop {
    const { batch } = this;
    batch.rowCount = 0;
    batch.surplus.clear();
    batch.notes.clear();
    this.#restartMarks();
    while (batch.rowCount < this.#maxRows) {
      const start = this.position;
      if (start >= end) return atEnd ? "end" : "need_more";
      // What becomes of a row depends on its own bytes alone, never on how much of the file is in the buffer.
      const limit = Math.min(end, start + this.#maxRowBytes);
      const last = atEnd && limit === end;
      const atLimit = !last && limit === start + this.#maxRowBytes;
      let next = this.#scanPlainRow(end, limit);
      if (next === notPlain)
        next = this.#wrapped === null ? this.#scanRow(limit, last, atLimit) : this.#scanWrapped(limit, last, atLimit);
      if (next === incomplete) {
        if (!atLimit) return "need_more";
        return batch.rowCount > 0 ? "batch_full" : "row_too_large";
      }
      this.position = next;
    }
    return "batch_full";
  }

  #restartMarks(): void {
    this.#marks.restart(this.batch.bytes, this.position);
    this.#passedMarks = 0;
  }

  /** The row at `position` when it ends before `limit`, has a cell for each column and no quote; else `notPlain`. */
  #scanPlainRow(end: number, limit: number): number {
    if (this.#pauseLeft > 0) {
      this.#pauseLeft--;
      return notPlain;
    }
    const next = this.#takePlainRow(end, limit);
    if (next === notPlain) {
      // In a file of quotes the try is rarely worth it.
      this.#pauseLeft = this.#pause;
      this.#pause = Math.min(2 * this.#pause + 1, longestPause);
    } else {
      this.#pause = 0;
    }
    return next;
  }

  #takePlainRow(end: number, limit: number): number {
    const { bytes, cells, flags, columnCount, rowCount } = this.batch;
    const marks = this.#marks;
    const { positions } = marks;
    const { delimiter, quote } = this.#syntax;
    const rowStart = this.position;
    if (rowStart > marks.covered) this.#restartMarks();
    let cell = rowCount * columnCount;
    const lastCell = cell + columnCount - 1;
    let start = rowStart;
    let k = this.#passedMarks;
    for (;;) {
      if (k >= marks.count) {
        if (!marks.advance(end)) return notPlain;
        k = 0;
        this.#passedMarks = 0;
        continue;
      }
      const at = positions[k++];
      if (at < start) continue;
      const byte = bytes[at];
      if (byte === delimiter) {
        if (cell === lastCell) return notPlain;
        cells[2 * cell] = start;
        cells[2 * cell + 1] = at;
        flags[cell++] = 0;
        start = at + 1;
      } else if (byte === lineFeed || byte === carriageReturn) {
        let next = at + 1;
        if (byte === carriageReturn && bytes[next] === lineFeed) next++;
        // What ends the text may be half of a line ending.
        if (cell < lastCell || at === rowStart || next >= limit) return notPlain;
        cells[2 * cell] = start;
        cells[2 * cell + 1] = at;
        flags[cell] = 0;
        this.#passedMarks = k;
        this.#note(this.row++, rowStart, at, columnCount, rowIntact);
        return next;
      } else if (byte === quote) {
        return notPlain;
      }
    }
  }

  /** A row that may be CSV inside one quoted cell: that is undone in the buffer, where nobody else reads it. */
  #scanWrapped(end: number, atEnd: boolean, atLimit: boolean): number {
    const { bytes } = this.batch;
    const line = unwrapLine(bytes, this.position, end, {
      atEnd,
      syntax: this.#syntax,
      width: this.#width,
      tail: this.#wrapped ?? "",
    });
    if (line === null) return this.#scanRow(end, atEnd, atLimit);
    if (line === "incomplete") return incomplete;
    const textEnd = this.position + line.text.length;
    bytes.set(line.text, this.position);
    bytes.fill(space, textEnd, line.next);
    this.#lookahead.restart();
    this.#scanRow(textEnd, true, false);
    this.#lookahead.restart();
    return line.next;
  }

  /** The row at `position`: its offsets into the batch; returns where the next one starts. `atLimit`: no row is longer. */
  #scanRow(end: number, atEnd: boolean, atLimit: boolean): number {
    const { bytes, cells, flags, columnCount, rowCount } = this.batch;
    const syntax = this.#syntax;
    const { ends, blanks, quote, delimiter, simple } = syntax;
    const rowStart = this.position;
    const firstCell = rowCount * columnCount;
    let i = rowStart;
    let column = 0;
    let surplusLength = 0;
    let surplusFilled = false;
    let isOpen = false;
    let rowEnd = -1;
    this.irregular = false;
    this.#overLines = false;
    this.#doubtful = false;
    this.#amongRows = false;
    if (syntax.runs) while (i < end && bytes[i] === delimiter) i++;
    for (;;) {
      let start = i;
      let stop = -1;
      let flag = 0;
      let opening = i;
      while (opening < end && blanks[bytes[opening]] === 1) opening++;
      const opens = opening < end && bytes[opening] === quote;
      if (opens) {
        const closing = this.#closingQuote({ opening, column, end, atEnd, atLimit });
        if (closing === incomplete) return incomplete;
        if (closing !== enclosesNothing) {
          start = opening + 1;
          stop = closing;
          flag = cellQuoted | (this.#search.escaped ? this.#escaped : 0);
          i = this.#search.after;
          if (this.#search.stray) this.irregular = true;
        }
      }
      if (stop < 0) {
        if (simple) while (i < end && ends[bytes[i]] === 0) i++;
        else while (i < end && !syntax.endsCell(bytes, i, end)) i++;
        stop = i;
        if (opens) {
          this.irregular = true;
          if (!isBalanced(bytes, opening, stop, syntax)) isOpen = true;
          const last = lastQuote(bytes, opening, stop, syntax);
          // `"24""`: the quote before the one that closes is not doubled.
          if (last > opening) {
            start = opening + 1;
            stop = last;
            flag = cellQuoted | (hasEscapes(bytes, start, stop, syntax) ? this.#escaped : 0);
          }
        }
      }
      if (i >= end && !atEnd) return incomplete;
      if (column < columnCount) {
        const cell = firstCell + column;
        cells[2 * cell] = start;
        cells[2 * cell + 1] = stop;
        flags[cell] = flag;
      } else {
        this.#keepSurplus(surplusLength, start, stop, flag);
        surplusLength += 3;
        if (stop > start) surplusFilled = true;
      }
      column++;
      if (i < end && bytes[i] === delimiter) {
        if (simple) {
          i++;
          continue;
        }
        i = syntax.afterDelimiter(bytes, i, end);
        if (!syntax.runs) continue;
        if (i >= end && !atEnd) return incomplete;
        // Delimiters at a line's end are blanks.
        if (i < end && !isLineBreak(bytes[i])) continue;
      }
      rowEnd = i;
      if (i < end) {
        if (bytes[i] === carriageReturn) {
          if (i + 1 >= end && !atEnd) return incomplete;
          i += i + 1 < end && bytes[i + 1] === lineFeed ? 2 : 1;
        } else {
          i++;
        }
      }
      break;
    }
    const row = this.row++;
    // An empty line is not a row, but it has a number.
    if (rowEnd === rowStart) return i;
    let asText = isOpen;
    if (this.irregular && this.#canRecut && !this.#overLines && !this.#fits(column, surplusFilled)) {
      const recut = recutRow(bytes, { from: rowStart, to: rowEnd }, { syntax, width: this.#width });
      if (recut !== null) {
        this.#setCells(recut);
        column = this.#width;
        surplusFilled = false;
        asText = true;
        isOpen = false;
      }
    }
    let shape = rowIntact;
    if (column < columnCount) {
      shape = rowTooShort;
      cells.fill(rowEnd, 2 * (firstCell + column), 2 * (firstCell + columnCount));
      flags.fill(0, firstCell + column, firstCell + columnCount);
    } else if (surplusFilled) {
      // Empty cells at a row's end are Excel's, not the person's.
      shape = rowTooLong;
      this.batch.surplus.set(rowCount, this.#surplus.slice(0, surplusLength));
    }
    if (isOpen && !this.#fits(column, surplusFilled) && !(this.#amongRows && shape === rowTooShort))
      shape = rowQuoteUnclosed;
    if (shape === rowIntact || shape === rowTooShort) {
      if (asText) this.batch.notes.set(row, "quote_as_text");
      else if (this.#doubtful) this.batch.notes.set(row, "lines_in_quotes");
    }
    this.#note(row, rowStart, rowEnd, column, shape);
    return i;
  }

  /** The closing quote of the cell that opens at `opening`, and what `#search` tells of it; or that it encloses nothing. */
  #closingQuote({ opening, column, end, atEnd, atLimit }: OpenCell): number {
    const { bytes, cells, columnCount, rowCount } = this.batch;
    const search = this.#search;
    search.escaped = false;
    search.stray = false;
    const closing = search.find(bytes, opening + 1, end, atEnd, true);
    if (closing >= 0) return closing;
    const unknown = atEnd || atLimit ? enclosesNothing : incomplete;
    if (closing === staysOpen) return unknown;
    const lineBreak = search.from;
    const far = this.#lookahead.closingQuote(bytes, lineBreak, end, atEnd);
    if (far === staysOpen) return unknown;
    const after = this.#syntax.skipBlanks(bytes, far + 1, end);
    let lineEnd = after;
    while (lineEnd < end && !isLineBreak(bytes[lineEnd])) lineEnd++;
    if (lineEnd >= end && !atEnd && !atLimit) return incomplete;
    const firstCell = 2 * rowCount * columnCount;
    const verdict = judgeOverLines({
      bytes,
      syntax: this.#syntax,
      width: this.#width,
      before: cells.subarray(firstCell, firstCell + 2 * Math.min(column, columnCount)),
      column,
      opening,
      lineBreak,
      closing: far,
      after,
      lineEnd,
    });
    if (verdict === "rows") {
      this.#amongRows = true;
      return enclosesNothing;
    }
    if (verdict === "doubtful") this.#doubtful = true;
    this.#overLines = true;
    return search.find(bytes, lineBreak, end, atEnd, false);
  }

  /** Whether a row of so many cells has those that a row has; blank ones beyond them are Excel's. */
  #fits(cellCount: number, surplusFilled: boolean): boolean {
    if (cellCount <= this.#width || this.#width === this.batch.columnCount)
      return cellCount === this.#width || (cellCount > this.#width && !surplusFilled);
    const { cells, columnCount, rowCount } = this.batch;
    const first = 2 * rowCount * columnCount;
    for (let cell = this.#width; cell < Math.min(cellCount, columnCount); cell++)
      if (cells[first + 2 * cell + 1] > cells[first + 2 * cell]) return false;
    return !surplusFilled;
  }

  #setCells(row: readonly RecutCell[]): void {
    const { bytes, cells, flags, columnCount, rowCount } = this.batch;
    const first = rowCount * columnCount;
    for (const [c, { start, stop, quoted }] of row.entries()) {
      cells[2 * (first + c)] = start;
      cells[2 * (first + c) + 1] = stop;
      flags[first + c] = quoted ? cellQuoted | (hasEscapes(bytes, start, stop, this.#syntax) ? this.#escaped : 0) : 0;
    }
  }

  #keepSurplus(at: number, start: number, stop: number, flag: number): void {
    if (at + 3 > this.#surplus.length) {
      const grown = new Int32Array(2 * this.#surplus.length);
      grown.set(this.#surplus);
      this.#surplus = grown;
    }
    this.#surplus[at] = start;
    this.#surplus[at + 1] = stop;
    this.#surplus[at + 2] = flag;
  }

  #note(row: number, start: number, end: number, cellCount: number, shape: number): void {
    const batch = this.batch;
    const r = batch.rowCount++;
    batch.shapes[r] = shape;
    batch.rowNumbers[r] = row;
    batch.cellCounts[r] = cellCount;
    batch.rowStarts[r] = start;
    batch.rowEnds[r] = end;
  }

  /** A row that does not fit, of which `batch.bytes` holds the beginning alone; the reader has skipped to its end. */
  noteTooLarge(): void {
    const { batch } = this;
    const { length } = batch.bytes;
    batch.rowCount = 0;
    batch.surplus.clear();
    batch.notes.clear();
    batch.cells.fill(length, 0, 2 * batch.columnCount);
    batch.flags.fill(0, 0, batch.columnCount);
    batch.cells[0] = 0;
    this.#note(this.row++, 0, length, 1, rowTooLarge);
  }
}

/** A quoted cell, of which the beginning is known. */
interface OpenCell {
  opening: number;
  column: number;
  end: number;
  atEnd: boolean;
  atLimit: boolean;
}

/** Whether quotes come in pairs (`"so" they say`), without those after a backslash that escapes. */
function isBalanced(bytes: Uint8Array, from: number, to: number, { quote, escape, backslashes }: Syntax): boolean {
  let count = 0;
  for (let i = from; i < to; i++) {
    if (backslashes && bytes[i] === escape) i++;
    else if (bytes[i] === quote) count++;
  }
  return count % 2 === 0;
}

/** The quote that a cell's text ends with, but for blanks; -1: it ends with something else. */
function lastQuote(bytes: Uint8Array, from: number, to: number, { quote, blanks }: Syntax): number {
  let last = to - 1;
  while (last > from && blanks[bytes[last]] === 1) last--;
  return bytes[last] === quote ? last : -1;
}

function hasEscapes(bytes: Uint8Array, from: number, to: number, { quote, escape }: Syntax): boolean {
  for (let i = from; i + 1 < to; i++)
    if ((bytes[i] === escape || bytes[i] === quote) && (bytes[i + 1] === quote || bytes[i + 1] === escape)) return true;
  return false;
}

/** What is answered instead of a position. */
const incomplete = -1;
const enclosesNothing = -2;
const notPlain = -3;

/** Rows after which one is tried again, however often it was in vain. */
const longestPause = 31;
