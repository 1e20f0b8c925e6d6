/** Finds the elements of a JSON file one after the other in what has been read of it, and has them put into a batch. */
import type { Batch } from "../../core/row.ts";
import { batchFull, type ElementCells, rowIsTooLarge } from "./element.ts";
import type { Layout } from "./layout.ts";
import {
  closeBrace,
  closeBracket,
  comma,
  incomplete,
  isSpace,
  lineFeed,
  openBracket,
  skipSpace,
  tooDeep,
} from "./token.ts";

/** `closed`: the end of the array or object is at `position`. `broken`: there is no element at `position`. */
export type RowsStop = "batch_full" | "need_more" | "row_too_large" | "end" | "closed" | "broken";

export class RowScanner {
  /** Where in the bytes the next element is, or is searched for. */
  position = 0;
  /** Number of the next row. */
  row: number;
  /** What is broken is an element that nests too deep. */
  nestsTooDeep = false;
  readonly #cells: ElementCells;
  readonly #kind: Layout["kind"];
  readonly #maxRows: number;
  readonly #maxRowBytes: number;

  constructor(
    cells: ElementCells,
    options: { kind: Layout["kind"]; row: number; maxRows: number; maxRowBytes: number },
  ) {
    this.#cells = cells;
    this.#kind = options.kind;
    this.row = options.row;
    this.#maxRows = options.maxRows;
    this.#maxRowBytes = options.maxRowBytes;
  }

  get batch(): Batch {
    return this.#cells.batch;
  }

  /** Fills the batch from `position` to `end`. `bytes` behind `end` are room for cells; `atEnd`: nothing comes after it. */
  scan(bytes: Uint8Array, spaceStart: number, end: number, atEnd: boolean): RowsStop {
    this.#cells.begin(bytes, spaceStart);
    while (this.batch.rowCount < this.#maxRows) {
      const stop = this.#kind === "lines" ? this.#line(bytes, end, atEnd) : this.#element(bytes, end, atEnd);
      if (stop !== null) return stop;
    }
    return "batch_full";
  }

  /** One line: blank, a row, or damaged, which ends with it. Its number is the line's. */
  #line(bytes: Uint8Array, end: number, atEnd: boolean): RowsStop | null {
    const start = this.position;
    if (start >= end) return atEnd ? "end" : "need_more";
    const feed = bytes.indexOf(lineFeed, start);
    const found = feed >= 0 && feed < end;
    const lineEnd = found ? feed : end;
    if (lineEnd - start > this.#maxRowBytes) return this.#tooLarge();
    if (!found && !atEnd) return "need_more";
    const at = skipSpace(bytes, start, lineEnd);
    let last = lineEnd;
    while (last > at && isSpace(bytes[last - 1])) last--;
    if (at < last) {
      const next = this.#cells.add(this.row, at, last, true);
      if (next === batchFull) return "batch_full";
      if (next === rowIsTooLarge) return this.#tooLarge();
      if (next < 0) {
        this.#cells.addMalformed(this.row, at, last);
      } else if (next < last && !(bytes[next] === comma && next + 1 === last)) {
        // More than one value: everything after the first would be lost.
        if (this.batch.rowCount > 0 && this.batch.rowNumbers[this.batch.rowCount - 1] === this.row) {
          this.batch.rowCount--;
          this.batch.surplus.delete(this.batch.rowCount);
        }
        this.#cells.inString = false;
        this.#cells.addMalformed(this.row, at, last);
      }
    }
    this.row++;
    this.position = found ? feed + 1 : end;
    return null;
  }

  #element(bytes: Uint8Array, end: number, atEnd: boolean): RowsStop | null {
    let i = this.position;
    const isOpen = this.#kind === "values" || this.#kind === "arrays";
    while (i < end && (isSpace(bytes[i]) || bytes[i] === comma || (this.#kind === "arrays" && isBracket(bytes[i]))))
      i++;
    this.position = i;
    if (i >= end) return !atEnd ? "need_more" : isOpen ? "end" : "broken";
    if (!isOpen && bytes[i] === (this.#kind === "array" ? closeBracket : closeBrace)) return "closed";
    // What becomes of a row depends on its own bytes alone, never on how much of the file is there.
    const limit = Math.min(end, i + this.#maxRowBytes);
    const next = this.#cells.add(this.row, i, limit, atEnd && limit === end);
    if (next === batchFull) return "batch_full";
    if (next === rowIsTooLarge) return this.#tooLarge();
    if (next === incomplete && !(atEnd && limit === end)) {
      return limit === i + this.#maxRowBytes ? this.#tooLarge() : "need_more";
    }
    if (next < 0) {
      this.nestsTooDeep = next === tooDeep;
      return "broken";
    }
    this.row++;
    this.position = next;
    return null;
  }

  #tooLarge(): RowsStop {
    return this.batch.rowCount > 0 ? "batch_full" : "row_too_large";
  }
}

function isBracket(byte: number): boolean {
  return byte === openBracket || byte === closeBracket;
}
