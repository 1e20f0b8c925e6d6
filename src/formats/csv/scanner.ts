/**
 * Finds the cells of delimited text in a byte buffer: RFC 4180 and what Excel and CRMs really write. It makes no
 * strings; it notes offsets into the batch it fills.
 */
import {
  type Batch,
  cellEscaped,
  cellQuoted,
  rowIntact,
  rowQuoteUnclosed,
  rowTooLarge,
  rowTooLong,
  rowTooShort,
} from "../../row.ts";
import { QuoteOutlook } from "./quote-outlook.ts";

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** A row longer than this is an issue, not memory. Excel's own limit is 32,767 characters a cell. */
export const maxRowBytes = 4 * 1024 * 1024;

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
  readonly #special = new Uint8Array(256);
  readonly #delimiter: number;
  readonly #outlook: QuoteOutlook;

  constructor(options: {
    delimiter: string;
    columnCount: number;
    row: number;
    maxRows: number;
    bytes: Uint8Array;
    maxRowBytes?: number;
  }) {
    const { columnCount, maxRows } = options;
    this.#maxRowBytes = options.maxRowBytes ?? maxRowBytes;
    this.#delimiter = options.delimiter.charCodeAt(0);
    this.#outlook = new QuoteOutlook(this.#delimiter);
    this.#special[this.#delimiter] = 1;
    this.#special[lineFeed] = 1;
    this.#special[carriageReturn] = 1;
    this.#maxRows = maxRows;
    this.row = options.row;
    this.batch = {
      bytes: options.bytes,
      rowCount: 0,
      columnCount,
      cells: new Int32Array(2 * maxRows * columnCount),
      flags: new Uint8Array(maxRows * columnCount),
      shapes: new Uint8Array(maxRows),
      rowNumbers: new Int32Array(maxRows),
      cellCounts: new Int32Array(maxRows),
      rowOffsets: new Float64Array(maxRows),
      rowStarts: new Int32Array(maxRows),
      rowEnds: new Int32Array(maxRows),
      surplus: new Map(),
      next: { offset: 0, row: options.row },
      readBytes: 0,
    };
  }

  /** The buffer's content moved down by `bytes` (what was read is dropped). */
  shift(bytes: number): void {
    this.position -= bytes;
    this.#outlook.shift(bytes);
  }

  /** Fills the batch from `position` to `end`. `atEnd`: nothing comes after `end`. */
  scan(end: number, atEnd: boolean): ScanStop {
    this.batch.rowCount = 0;
    this.batch.surplus.clear();
    while (this.batch.rowCount < this.#maxRows) {
      const start = this.position;
      if (start >= end) return atEnd ? "end" : "need_more";
      // What becomes of a row depends on its own bytes alone, never on how much of the file is in the buffer.
      const limit = Math.min(end, start + this.#maxRowBytes);
      const last = atEnd && limit === end;
      let next = this.#scanRow(limit, last, false);
      const overLimit = !last && limit === start + this.#maxRowBytes;
      if (next === incomplete && overLimit) {
        this.#outlook.follow(this.batch.bytes, start, limit);
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

  /** The row at `position`: its offsets into the batch; returns where the next one starts. `literal`: quotes are text. */
  #scanRow(end: number, atEnd: boolean, literal: boolean): number {
    const { bytes, cells, flags, columnCount, rowCount } = this.batch;
    const special = this.#special;
    const delimiter = this.#delimiter;
    const rowStart = this.position;
    const firstCell = rowCount * columnCount;
    const atLimit = !atEnd && end - rowStart >= this.#maxRowBytes;
    let i = rowStart;
    let column = 0;
    let surplus: number[] | null = null;
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
            while (j < end && bytes[j] !== quote) {
              if ((bytes[j] === lineFeed || bytes[j] === carriageReturn) && !multiline) {
                multiline = true;
                if (this.#outlook.staysOpen(bytes, j, end, atEnd, atLimit)) return quoteUnclosed;
              }
              j++;
            }
            if (j >= end) {
              if (!atEnd) return incomplete;
              this.#outlook.staysOpenUntil(end);
              return quoteUnclosed;
            }
            if (j + 1 >= end && !atEnd) return incomplete;
            if (j + 1 < end && bytes[j + 1] === quote) {
              flag |= cellEscaped;
              j += 2;
              continue;
            }
            break;
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
            this.#outlook.staysOpenUntil(after);
            return quoteUnclosed;
          } else {
            // Text after the closing quote: the cell is taken as it stands, quotes and all.
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
        (surplus ??= []).push(start, stop, flag);
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
    // An empty line is no row, but it has a number.
    if (rowEnd === rowStart) return i;
    let shape = rowIntact;
    if (column < columnCount) {
      shape = rowTooShort;
      cells.fill(rowEnd, 2 * (firstCell + column), 2 * (firstCell + columnCount));
      flags.fill(0, firstCell + column, firstCell + columnCount);
    } else if (surplus !== null && surplusFilled) {
      // Empty cells at a row's end are Excel's, not the person's.
      shape = rowTooLong;
      this.batch.surplus.set(rowCount, Int32Array.from(surplus));
    }
    if (literal && sawQuote) shape = rowQuoteUnclosed;
    this.#note(row, rowStart, rowEnd, column, shape);
    return i;
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
