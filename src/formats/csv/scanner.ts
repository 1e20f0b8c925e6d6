/**
 * Finds the cells of delimited text in a byte buffer: RFC 4180 and what Excel and CRMs really write. It makes no
 * strings; it notes offsets into the batch it fills.
 */
import {
  type Batch,
  type CsvDialect,
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
import { MarkIndex } from "./mark-index.ts";
import { QuoteLookahead } from "./quote-lookahead.ts";

const apostrophe = 0x27;
const backslash = 0x5c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** How the cells of a text are separated. */
export type Marks = Pick<CsvDialect, "delimiter"> & Partial<Pick<CsvDialect, "quote" | "escape">>;

export type ScanStop = "batch_full" | "need_more" | "row_too_large" | "end";

/** The cells of a batch of `columnCount` columns, found row by row. */
export class CsvScanner {
  readonly batch: Batch;
  /** Where in `batch.bytes` the next row starts. */
  position = 0;
  /** Number of the next row. */
  row: number;
  readonly #maxRows: number;
  readonly #maxRowBytes: number;
  /** 1 for what ends a cell. */
  readonly #special = new Uint8Array(256);
  readonly #delimiter: number;
  readonly #quote: number;
  /** What precedes a quote inside quotes. */
  readonly #escape: number;
  /** The flags of a cell that has escapes. */
  readonly #escaped: number;
  readonly #lookahead: QuoteLookahead;
  readonly #marks: MarkIndex;
  /** How many of `#marks` the scanner has passed. */
  #passedMarks = 0;
  /** Rows that are scanned without a try whether they are plain, and how many of them are left. */
  #pause = 0;
  #pauseLeft = 0;
  /** The cells that the row has beyond the file's columns, as (start, end, flags). */
  #surplus = new Int32Array(48);

  constructor(
    options: Marks & { columnCount: number; row: number; maxRows: number; bytes: Uint8Array; maxRowBytes?: number },
  ) {
    const { columnCount, maxRows, quote = '"', escape = "double" } = options;
    this.#maxRowBytes = options.maxRowBytes ?? maxRowBytes;
    this.#delimiter = options.delimiter.charCodeAt(0);
    this.#quote = quote.charCodeAt(0);
    this.#lookahead = new QuoteLookahead(this.#delimiter, this.#quote, escape === "backslash");
    this.#marks = new MarkIndex(this.#delimiter, this.#quote);
    for (const byte of [this.#delimiter, lineFeed, carriageReturn]) this.#special[byte] = 1;
    this.#escape = escape === "backslash" ? backslash : this.#quote;
    this.#escaped =
      cellEscaped | (escape === "backslash" ? cellBackslash : 0) | (this.#quote === apostrophe ? cellApostrophe : 0);
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
    this.batch.rowCount = 0;
    this.batch.surplus.clear();
    this.#restartMarks();
    while (this.batch.rowCount < this.#maxRows) {
      const start = this.position;
      if (start >= end) return atEnd ? "end" : "need_more";
      // What becomes of a row depends on its own bytes alone, never on how much of the file is in the buffer.
      const limit = Math.min(end, start + this.#maxRowBytes);
      const last = atEnd && limit === end;
      let next = this.#scanPlainRow(end, limit);
      if (next === notPlain) next = this.#scanRow(limit, last, false);
      const overLimit = !last && limit === start + this.#maxRowBytes;
      if (next === incomplete && overLimit) {
        this.#lookahead.follow(this.batch.bytes, start, limit);
        next = quoteUnclosed;
      }
      // The opening quote was never meant as one: take the row as its line says and lose no row after it.
      if (next === quoteUnclosed) next = this.#scanRow(limit, last, true);
      if (next === incomplete) {
        if (!overLimit) return "need_more";
        return this.batch.rowCount > 0 ? "batch_full" : "row_too_large";
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
    const delimiter = this.#delimiter;
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
      } else if (byte === this.#quote) {
        return notPlain;
      }
    }
  }

  /** The row at `position`: its offsets into the batch; returns where the next one starts. `literal`: quotes are text. */
  #scanRow(end: number, atEnd: boolean, literal: boolean): number {
    const { bytes, cells, flags, columnCount, rowCount } = this.batch;
    const special = this.#special;
    const escape = this.#escape;
    const delimiter = this.#delimiter;
    const quote = this.#quote;
    const rowStart = this.position;
    const firstCell = rowCount * columnCount;
    const atLimit = !atEnd && end - rowStart >= this.#maxRowBytes;
    let i = rowStart;
    let column = 0;
    let surplusLength = 0;
    let surplusFilled = false;
    let sawQuote = false;
    let rowEnd = -1;
    for (;;) {
      let start = i;
      let stop = i;
      let flag = 0;
      if (i < end && bytes[i] === quote) {
        sawQuote = true;
        if (!literal) {
          let multiline = false;
          let j = i + 1;
          for (;;) {
            let byte = 0;
            // Most bytes are above the quote: one comparison separates them from those to examine.
            while (j < end && ((byte = bytes[j]) > quote ? byte !== escape : byte !== quote && byte >= 0x20)) j++;
            if (j >= end) {
              if (!atEnd) return incomplete;
              this.#lookahead.staysOpenUntil(end);
              return quoteUnclosed;
            }
            if (byte === quote) {
              if (j + 1 >= end && !atEnd) return incomplete;
              if (j + 1 >= end || bytes[j + 1] !== quote) break;
              flag |= this.#escaped;
              j += 2;
            } else if (byte === backslash) {
              if (j + 1 >= end && !atEnd) return incomplete;
              const escapes = j + 1 < end && (bytes[j + 1] === quote || bytes[j + 1] === backslash);
              if (escapes) flag |= this.#escaped;
              j += escapes ? 2 : 1;
            } else {
              if (byte === lineFeed || byte === carriageReturn) {
                if (!multiline && this.#lookahead.staysOpen(bytes, j, end, atEnd, atLimit)) return quoteUnclosed;
                multiline = true;
              }
              j++;
            }
          }
          let after = j + 1;
          while (after < end && bytes[after] === 0x20 && delimiter !== 0x20) after++;
          if (after >= end && !atEnd) return incomplete;
          if (after >= end || special[bytes[after]] === 1) {
            start = i + 1;
            stop = j;
            flag |= cellQuoted;
            i = after;
          } else if (multiline) {
            this.#lookahead.staysOpenUntil(after);
            return quoteUnclosed;
          } else {
            // Text after the closing quote: the cell is taken as written, quotes and all.
            flag = 0;
            i = after;
            while (i < end && special[bytes[i]] === 0) i++;
            stop = i;
          }
        } else {
          while (i < end && special[bytes[i]] === 0) i++;
          stop = i;
        }
      } else {
        while (i < end && special[bytes[i]] === 0) i++;
        stop = i;
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
        i++;
        continue;
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
    if (literal && sawQuote) shape = rowQuoteUnclosed;
    this.#note(row, rowStart, rowEnd, column, shape);
    return i;
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
    batch.cells.fill(length, 0, 2 * batch.columnCount);
    batch.flags.fill(0, 0, batch.columnCount);
    batch.cells[0] = 0;
    this.#note(this.row++, 0, length, 1, rowTooLarge);
  }
}

/** What #scanRow answers instead of a position. */
const incomplete = -1;
const quoteUnclosed = -2;
const notPlain = -3;

/** Rows after which one is tried again, however often it was in vain. */
const longestPause = 31;
