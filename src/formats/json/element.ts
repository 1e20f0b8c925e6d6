/**
 * Puts the values of JSON elements into a batch's cells. A string without escapes and a plain number stay where they are in
 * the file's bytes; what has to be rewritten (escapes, exponents, lists) goes into the space after them.
 */
import {
  type Batch,
  cellError,
  cellTyped,
  rowIntact,
  rowQuoteUnclosed,
  rowTooLarge,
  rowTooLong,
  rowTooShort,
} from "../../core/row.ts";
import { emptyBatch } from "../table/batch-room.ts";
import type { RowKind } from "./layout.ts";
import { type Name, type NameColumns, Names } from "./names.ts";
import { hasExponent, plainEnd, plainGrowth, writePlain } from "./plain-number.ts";
import {
  backslash,
  closeBrace,
  closeBracket,
  closingQuote,
  colon,
  comma,
  incomplete,
  malformed,
  openBrace,
  openBracket,
  quote,
  skipSpace,
  tokenEnd,
  tokenKind,
  unescape,
} from "./token.ts";
import { ValueEnd } from "./value-end.ts";

/** Beyond the answers of token.ts: the batch has no room left for the row; the row has no room in any batch. */
export const batchFull = -4;
export const rowIsTooLarge = -5;

/** Objects within objects become columns down to here; what is deeper is one cell, its JSON text. */
const maxFlattened = 8;

/** Fills the rows of one batch. */
export class ElementCells {
  readonly batch: Batch;
  /** Where the last element that was not whole or not well-formed went wrong. */
  problemAt = 0;
  /** It breaks off within a string. */
  inString = false;
  /** Cells the last row of arrays has, filled or not. */
  elementCount = 0;
  readonly #kind: RowKind;
  /** Each element is a member of an object, and its key is the first column. */
  readonly #keyed: boolean;
  readonly #columns: NameColumns;
  readonly #names: Names;
  readonly #ends = new ValueEnd();
  readonly #maxRowBytes: number;
  /** Where in `batch.bytes` the space for rewritten cells begins and how far it is used. */
  #spaceStart = 0;
  #spaceEnd = 0;
  /** The value that was read last. */
  #start = 0;
  #end = 0;
  #flag = 0;
  #filled = false;
  #surplus: number[] = [];

  constructor(options: {
    kind: RowKind;
    columns: NameColumns;
    columnCount: number;
    maxRows: number;
    maxRowBytes: number;
    row: number;
    keyed?: boolean;
  }) {
    const { columnCount, maxRows } = options;
    this.#kind = options.kind;
    this.#keyed = options.keyed ?? false;
    this.#columns = options.columns;
    this.#names = new Names(options.columns, "");
    this.#maxRowBytes = options.maxRowBytes;
    this.batch = emptyBatch({ columnCount, maxRows, row: options.row });
  }

  /** Empties the batch. `bytes` holds the file's bytes before `spaceStart`, and cells after it. */
  begin(bytes: Uint8Array, spaceStart: number): void {
    this.batch.bytes = bytes;
    this.batch.rowCount = 0;
    this.batch.surplus.clear();
    this.#spaceStart = spaceStart;
    this.#spaceEnd = spaceStart;
  }

  /**
   * Makes a row of the element at `start`; returns the position after it, or why there is none. An element without any
   * value is not a row. `last`: nothing comes after `end`.
   */
  add(row: number, start: number, end: number, last: boolean): number {
    const { batch } = this;
    const { columnCount, rowCount } = batch;
    const first = rowCount * columnCount;
    // Columns that have not appeared yet have nothing to be cleared of.
    const used = this.#kind === "objects" ? Math.min(columnCount, this.#columns.paths.length) : columnCount;
    batch.cells.fill(0, 2 * first, 2 * (first + used));
    batch.flags.fill(0, first, first + used);
    this.#filled = false;
    this.inString = false;
    this.#surplus.length = 0;
    this.elementCount = 0;
    const spaceBefore = this.#spaceEnd;
    const at = this.#keyed ? this.#key(start, end) : start;
    let next = at;
    let misfit = false;
    const byte = batch.bytes[at];
    if (at < 0) {
      // There is no value without its key.
    } else if (byte === openBrace && this.#kind === "objects") {
      next = this.#object(this.#names, at, end, last, 0);
    } else if (byte === openBracket && this.#kind === "arrays") {
      next = this.#array(at, end, last);
    } else {
      next = this.#value(at, end, last);
      misfit = this.#kind !== "scalars";
      if (next >= 0) this.#putAlone(start, next);
    }
    if (next < 0) {
      this.#spaceEnd = spaceBefore;
      return next;
    }
    if (!this.#filled && this.#surplus.length === 0) return next;
    // Another kind of element than the table's has no columns: it is kept as it is, as a row that is not right.
    if (misfit) this.#note(row, start, next, 1, rowTooShort);
    else {
      const surplus = this.#surplus.length > 0 ? Int32Array.from(this.#surplus) : null;
      if (surplus !== null) batch.surplus.set(rowCount, surplus);
      const cells = columnCount + (surplus === null ? 0 : surplus.length / 3);
      this.#note(row, start, next, cells, surplus === null ? rowIntact : rowTooLong);
    }
    return next;
  }

  /** A line that is not JSON, kept as written. */
  addMalformed(row: number, start: number, end: number): void {
    this.#noteWhole(row, start, end, this.inString ? rowQuoteUnclosed : rowTooShort);
  }

  /** A row that does not fit, of which `batch.bytes` holds the beginning alone. */
  addTooLarge(row: number): void {
    this.#noteWhole(row, 0, this.batch.bytes.length, rowTooLarge);
  }

  #noteWhole(row: number, start: number, end: number, shape: number): void {
    const { batch } = this;
    const first = batch.rowCount * batch.columnCount;
    batch.cells.fill(0, 2 * first, 2 * (first + batch.columnCount));
    batch.flags.fill(0, first, first + batch.columnCount);
    batch.cells[2 * first] = start;
    batch.cells[2 * first + 1] = end;
    this.#note(row, start, end, 1, shape);
  }

  #note(row: number, start: number, end: number, cellCount: number, shape: number): void {
    const { batch } = this;
    const r = batch.rowCount++;
    batch.shapes[r] = shape;
    batch.rowNumbers[r] = row;
    batch.cellCounts[r] = cellCount;
    batch.rowStarts[r] = start;
    batch.rowEnds[r] = end;
  }

  /** The value that was read last, as the row's cell of this column. */
  #put(column: number): void {
    const cell = this.batch.rowCount * this.batch.columnCount + column;
    this.batch.cells[2 * cell] = this.#start;
    this.batch.cells[2 * cell + 1] = this.#end;
    this.batch.flags[cell] = this.#flag;
    if (this.#end > this.#start) this.#filled = true;
  }

  /** The value that was read last, of the element in `bytes[start, end)`, as the one value of its row. */
  #putAlone(start: number, end: number): void {
    if (!this.#keyed) this.#put(0);
    else if (this.#kind === "scalars") this.#put(1);
    else if (this.#end > this.#start) {
      // The key is kept beside what it has instead of a record.
      this.#set(start, end, 0);
      this.#put(0);
    }
  }

  /** The key at `start` as the first cell; returns where its value begins. A key alone is no row. */
  #key(start: number, end: number): number {
    const { bytes } = this.batch;
    if (bytes[start] !== quote) return this.#fail(start, malformed);
    const closing = closingQuote(bytes, start, end);
    if (closing < 0) return this.#cutString(end);
    const escaped = bytes.subarray(start, closing).includes(backslash);
    if (escaped && !this.#reserve(closing - start)) return this.#full();
    if (escaped) this.#rewrite((out, o) => unescape(bytes, start + 1, closing, out, o), 0);
    else this.#set(start + 1, closing, 0);
    this.#put(0);
    this.#filled = false;
    const i = skipSpace(bytes, closing + 1, end);
    if (i >= end) return this.#cut(end);
    if (bytes[i] !== colon) return this.#fail(i, malformed);
    const value = skipSpace(bytes, i + 1, end);
    return value >= end ? this.#cut(end) : value;
  }

  /** The members of the object at `start` as cells. If a name occurs twice, the last value counts. */
  #object(names: Names, start: number, end: number, last: boolean, level: number): number {
    const { bytes } = this.batch;
    let previous: Name | null = null;
    let i = skipSpace(bytes, start + 1, end);
    for (;;) {
      if (i >= end) return this.#cut(end);
      if (bytes[i] === closeBrace) return i + 1;
      if (bytes[i] !== quote) return this.#fail(i, malformed);
      const closing = closingQuote(bytes, i, end);
      if (closing < 0) return this.#cutString(end);
      const expected: Name | null = previous === null ? names.first : previous.next;
      const name = names.find(bytes, i + 1, closing, expected);
      if (name !== expected) {
        if (previous === null) names.first = name;
        else previous.next = name;
      }
      previous = name;
      i = skipSpace(bytes, closing + 1, end);
      if (i >= end) return this.#cut(end);
      if (bytes[i] !== colon) return this.#fail(i, malformed);
      i = skipSpace(bytes, i + 1, end);
      if (i >= end) return this.#cut(end);
      if (bytes[i] === openBrace && level < maxFlattened) {
        i = this.#object(names.namesWithin(name), i, end, last, level + 1);
        if (i < 0) return i;
      } else {
        i = this.#value(i, end, last);
        if (i < 0) return i;
        const column = this.#columns.columnFor(name);
        if (column >= 0) this.#put(column);
        else if (this.#end > this.#start && !this.#addSurplus(`${name.path}: `)) return this.#full();
      }
      i = skipSpace(bytes, i, end);
      if (i >= end) return this.#cut(end);
      if (bytes[i] === comma) i = skipSpace(bytes, i + 1, end);
      else if (bytes[i] !== closeBrace) return this.#fail(i, malformed);
    }
  }

  /** The values of the array at `start` as cells, by their places. */
  #array(start: number, end: number, last: boolean): number {
    const { bytes, columnCount } = this.batch;
    let i = skipSpace(bytes, start + 1, end);
    /** Surplus up to its last filled cell. */
    let kept = 0;
    for (let column = 0; ; column++) {
      if (i >= end) return this.#cut(end);
      if (bytes[i] === closeBracket) {
        this.elementCount = column;
        this.#surplus.length = kept;
        return i + 1;
      }
      i = this.#value(i, end, last);
      if (i < 0) return i;
      if (column < columnCount) this.#put(column);
      else {
        this.#surplus.push(this.#start, this.#end, this.#flag);
        if (this.#end > this.#start) kept = this.#surplus.length;
      }
      i = skipSpace(bytes, i, end);
      if (i >= end) return this.#cut(end);
      if (bytes[i] === comma) i = skipSpace(bytes, i + 1, end);
      else if (bytes[i] !== closeBracket) return this.#fail(i, malformed);
    }
  }

  /** Reads the value at `at` to be put into a cell. */
  #value(at: number, end: number, last: boolean): number {
    const { bytes } = this.batch;
    const byte = bytes[at];
    if (byte === quote) {
      let i = at + 1;
      while (i < end && bytes[i] !== quote && bytes[i] !== backslash) i++;
      if (i < end && bytes[i] === quote) {
        this.#set(at + 1, i, 0);
        return i + 1;
      }
      const closing = closingQuote(bytes, at, end);
      if (closing < 0) return this.#cutString(end);
      if (!this.#reserve(closing - at)) return this.#full();
      this.#rewrite((out, o) => unescape(bytes, at + 1, closing, out, o), 0);
      return closing + 1;
    }
    if (byte === openBrace || byte === openBracket) {
      const next = this.#ends.find(bytes, at, end, last);
      if (next < 0) {
        this.inString = this.#ends.inString;
        this.problemAt = this.#ends.problemAt;
        return next;
      }
      const written = byte === openBracket && !this.#ends.nests ? this.#list(at, next) : this.#jsonText(at, next);
      return written ? next : this.#full();
    }
    const stop = tokenEnd(bytes, at, end);
    if (stop === end && !last) return this.#cut(end);
    return this.#token(at, stop);
  }

  #token(start: number, end: number): number {
    const { bytes } = this.batch;
    if (start === end) return this.#fail(start, malformed);
    switch (tokenKind(bytes, start, end)) {
      case "number": {
        if (hasExponent(bytes, start, end)) {
          if (!this.#reserve(end - start + plainGrowth)) return this.#full();
          this.#rewrite((out, o) => writePlain(bytes, start, end, out, o), cellTyped);
          return end;
        }
        const stop = plainEnd(bytes, start, end);
        // Minus zero is zero.
        const zero = stop === start + 2 && bytes[start] === 0x2d && bytes[start + 1] === 0x30;
        this.#set(zero ? start + 1 : start, stop, cellTyped);
        return end;
      }
      case "true":
      case "false":
        this.#set(start, end, cellTyped);
        return end;
      case "null":
        this.#set(0, 0, 0);
        return end;
      case "figures":
        this.#set(start, end, 0);
        return end;
      case "notNumber":
        this.#set(start, end, cellError);
        return end;
      default:
        return this.#fail(start, malformed);
    }
  }

  /** A list of texts and numbers is one cell, `a, b`; nulls are left out. */
  #list(start: number, end: number): boolean {
    const { bytes } = this.batch;
    const from = this.#spaceEnd;
    let count = 0;
    let flag = 0;
    let i = skipSpace(bytes, start + 1, end);
    while (bytes[i] !== closeBracket) {
      i = this.#value(i, end, true);
      if (i < 0) return false;
      if (this.#end > this.#start) {
        if (!this.#append(count++ > 0)) return false;
        flag = this.#flag;
      }
      i = skipSpace(bytes, i, end);
      if (bytes[i] === comma) i = skipSpace(bytes, i + 1, end);
    }
    // Of one value it is that value, typed as it is.
    this.#set(from, this.#spaceEnd, count === 1 ? flag : 0);
    return true;
  }

  /** Appends the value that was read last to the list; one that was rewritten is at the end of the space already. */
  #append(separated: boolean): boolean {
    const length = this.#end - this.#start;
    if (!this.#reserve(length + 2)) return false;
    const { bytes } = this.batch;
    const at = this.#start >= this.#spaceStart ? this.#start : this.#spaceEnd;
    bytes.copyWithin(separated ? at + 2 : at, this.#start, this.#end);
    if (separated) {
      bytes[at] = comma;
      bytes[at + 1] = 0x20;
    }
    this.#spaceEnd = at + length + (separated ? 2 : 0);
    return true;
  }

  /** An array or object as one cell: its text without the white space between the tokens. */
  #jsonText(start: number, end: number): boolean {
    if (!this.#reserve(end - start)) return false;
    const { bytes } = this.batch;
    const from = this.#spaceEnd;
    let o = from;
    for (let i = start; i < end; ) {
      const byte = bytes[i];
      if (byte === quote) {
        const closing = closingQuote(bytes, i, end);
        while (i <= closing) bytes[o++] = bytes[i++];
        continue;
      }
      if (byte > 0x20) bytes[o++] = byte;
      i++;
    }
    this.#spaceEnd = o;
    // An empty object has nothing in it.
    this.#set(from, o - from === 2 ? from : o, 0);
    return true;
  }

  /** The value that was read last, beyond the table's columns: with its name, since it has no header. */
  #addSurplus(label: string): boolean {
    const length = this.#end - this.#start;
    const name = Buffer.from(label);
    if (!this.#reserve(name.length + length)) return false;
    const { bytes } = this.batch;
    const from = this.#spaceEnd;
    bytes.set(name, from);
    bytes.copyWithin(from + name.length, this.#start, this.#end);
    this.#spaceEnd = from + name.length + length;
    this.#surplus.push(from, this.#spaceEnd, 0);
    return true;
  }

  #set(start: number, end: number, flag: number): void {
    this.#start = start;
    this.#end = end;
    this.#flag = flag;
  }

  #rewrite(write: (out: Uint8Array, at: number) => number, flag: number): void {
    const from = this.#spaceEnd;
    this.#spaceEnd += write(this.batch.bytes, from);
    this.#set(from, this.#spaceEnd, flag);
  }

  /** Makes room after the file's bytes; for a row that has the batch to itself, it grows. */
  #reserve(length: number): boolean {
    const { batch } = this;
    const needed = this.#spaceEnd + length;
    if (needed <= batch.bytes.length) return true;
    if (batch.rowCount > 0 || needed - this.#spaceStart > this.#maxRowBytes + 1024) return false;
    const grown = new Uint8Array(Math.max(needed, Math.min(2 * batch.bytes.length, needed + this.#maxRowBytes)));
    grown.set(batch.bytes.subarray(0, this.#spaceEnd));
    batch.bytes = grown;
    return true;
  }

  #full(): number {
    return this.batch.rowCount > 0 ? batchFull : rowIsTooLarge;
  }

  #cut(at: number): number {
    this.inString = false;
    return this.#fail(at, incomplete);
  }

  #cutString(at: number): number {
    this.inString = true;
    return this.#fail(at, incomplete);
  }

  #fail(at: number, answer: number): number {
    this.problemAt = at;
    return answer;
  }
}
