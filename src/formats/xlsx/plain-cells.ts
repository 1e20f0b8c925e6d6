/**
 * Reads cells written as nearly all are (ECMA-376 part 1, section 18.3.1.4, without references, escapes and oddities) from byte
 * to byte. Whatever else a cell may be, it leaves to the general path, having done nothing.
 */
import { cellTyped } from "../../core/row.ts";
import { isPlainNumber, readSerial, writeNumber } from "../workbook/cell-number.ts";
import { FormattedNumber, formattedRoom } from "../workbook/formatted-number.ts";
import { writeSerial } from "../workbook/serial-date.ts";
import { numberByFormat } from "../workbook/styles.ts";
import { plainText } from "../xml/character-data.ts";
import { copyWords, type PartWindow } from "../xml/part-window.ts";
import type { TagPrefix } from "../xml/tag-prefix.ts";
import { pageMask, pageShift } from "./byte-store.ts";
import type { CellContext } from "./cell-reader.ts";
import type { CellStyles } from "./read-styles.ts";
import { arenaRoom, type RowBatch } from "./row-batch.ts";
import type { SharedStrings } from "./shared-strings.ts";

const less = 0x3c;
const greater = 0x3e;
const slash = 0x2f;
const space = 0x20;
const quote = 0x22;
const zero = 0x30;

/** Types of a cell, by the first letter of the attribute `t`. */
const typeNumber = 0x6e;
const typeShared = 0x73;
const typeBoolean = 0x62;
const typeInline = 0x69;
/** `str`: the text of a formula. */
const typeText = 1;

/** 1 for what the inner loop copies as it is: an underscore may begin an escape. */
const plain = Uint8Array.from(plainText);
plain[0x5f] = 0;
/** Texts of more bytes than this take the general path. */
const maxPlainBytes = 512;
/** Excel's formulas have at most 8,192 characters. */
const maxPlainFormulaBytes = 8192;

export class PlainCells {
  readonly #window: PartWindow;
  readonly #rows: RowBatch;
  readonly #prefix: TagPrefix;
  readonly #strings: SharedStrings;
  readonly #kinds: Uint8Array;
  readonly #styles: CellStyles;
  readonly #formatted: FormattedNumber;
  readonly #date1904: boolean;
  /** The cell begins here. */
  #start = 0;

  constructor(window: PartWindow, rows: RowBatch, prefix: TagPrefix, context: CellContext) {
    this.#window = window;
    this.#rows = rows;
    this.#prefix = prefix;
    this.#strings = context.strings;
    this.#kinds = context.styles.kinds;
    this.#styles = context.styles;
    this.#formatted = new FormattedNumber(context.date1904);
    this.#date1904 = context.date1904;
  }

  /** Puts the cell at `start` into the open row when it is written as nearly all are; returns the place after it, or -1. */
  read(bytes: Buffer, start: number): number {
    this.#start = start;
    const rows = this.#rows;
    let k = start + 2 + this.#prefix.length;
    let column = rows.nextColumn;
    let style = 0;
    let type = typeNumber;
    for (;;) {
      const byte = bytes[k];
      if (byte === space) {
        const name = bytes[k + 1];
        if (bytes[k + 2] !== 0x3d || bytes[k + 3] !== quote) return -1;
        k += 4;
        let letter = bytes[k];
        if (name === 0x72) {
          column = 0;
          while (letter >= 0x41 && letter <= 0x5a && column < 100_000) {
            column = 26 * column + letter - 0x40;
            letter = bytes[++k];
          }
          if (--column < 0) return -1;
          while (letter >= zero && letter <= 0x39) letter = bytes[++k];
        } else if (name === 0x73) {
          while (letter >= zero && letter <= 0x39 && style < 100_000) {
            style = 10 * style + letter - zero;
            letter = bytes[++k];
          }
        } else if (name === 0x74) {
          type = letter;
          letter = bytes[++k];
          if (letter === 0x74 && bytes[k + 1] === 0x72) {
            type = typeText;
            k += 2;
          } else if (type === typeInline && letter === 0x6e && bytes[k + 8] === quote) {
            k += 8;
          }
          letter = bytes[k];
        } else {
          return -1;
        }
        if (letter !== quote) return -1;
        k++;
      } else if (byte === greater) {
        k++;
        break;
      } else {
        if (byte !== slash || bytes[k + 1] !== greater || !this.#prefix.holds(bytes, this.#start, k)) return -1;
        rows.nextColumn = column + 1;
        return k + 2;
      }
    }
    if (column < rows.filledTo || column >= rows.batch.columnCount || bytes[k] !== less) return -1;
    const prefix = this.#prefix.length;
    const name = k + 1 + prefix;
    if (bytes[name] === 0x76 && bytes[name + 1] === greater) {
      k = name + 2;
      switch (type) {
        case typeShared:
          return this.#readShared(bytes, k, column);
        case typeNumber:
          return this.#readNumber(bytes, k, column, style);
        case typeBoolean:
          return this.#readBoolean(bytes, k, column);
        case typeText:
          return this.#readText(bytes, k, column, false);
        default:
          return -1;
      }
    }
    if (type === typeInline && bytes[name] === 0x69 && bytes[name + 1] === 0x73 && bytes[name + 2] === greater) {
      k = name + 4 + prefix;
      if (bytes[name + 3] !== less || bytes[k] !== 0x74) return -1;
      k++;
      // ` xml:space="preserve"`, which is how all text is read.
      if (bytes[k] === space && bytes[k + 11] === quote && bytes[k + 20] === quote) k += 21;
      return bytes[k] === greater ? this.#readText(bytes, k + 1, column, true) : -1;
    }
    if (bytes[k + 1] === slash) {
      const next = this.#closesCell(bytes, k);
      if (next > 0) rows.nextColumn = column + 1;
      return next;
    }
    if (bytes[name] !== 0x66 || type === typeInline) return -1;
    return this.#readFormula(bytes, name + 1, column, style, type);
  }

  /** The value after a formula, which itself is skipped. */
  #readFormula(bytes: Buffer, from: number, column: number, style: number, type: number): number {
    const prefix = this.#prefix.length;
    let k = from;
    let byte = bytes[k];
    while (byte !== greater && byte !== 0) {
      if (byte === quote) {
        do byte = bytes[++k];
        while (byte !== quote && byte !== 0);
      }
      byte = bytes[++k];
    }
    if (byte === 0) return -1;
    const empty = bytes[k - 1] === slash;
    const formula = k + 1;
    for (k++; !empty && bytes[k] !== less; k++) if (bytes[k] === 0) return -1;
    if (k - from > maxPlainFormulaBytes) return -1;
    if (!empty) {
      this.#rows.noteFormula(column, bytes, formula, k);
      const name = k + 2 + prefix;
      if (bytes[k] !== less || bytes[k + 1] !== slash || bytes[name] !== 0x66 || bytes[name + 1] !== greater) return -1;
      k = name + 2;
    }
    const name = k + 1 + prefix;
    if (bytes[k] !== less || bytes[name] !== 0x76 || bytes[name + 1] !== greater) return -1;
    k = name + 2;
    if (type === typeNumber) {
      return this.#readNumber(bytes, k, column, style);
    }
    if (type === typeText) return this.#readText(bytes, k, column, false);
    return type === typeBoolean ? this.#readBoolean(bytes, k, column) : -1;
  }

  /** The place after `</v></c>` at `k`, or -1. */
  #closesValue(bytes: Buffer, k: number): number {
    const prefix = this.#prefix.length;
    const name = k + 2 + prefix;
    if (bytes[k] !== less || bytes[k + 1] !== slash || bytes[name] !== 0x76 || bytes[name + 1] !== greater) return -1;
    return this.#closesCell(bytes, name + 2);
  }

  /** The place after `</c>` at `k`, or -1. */
  #closesCell(bytes: Buffer, k: number): number {
    const name = k + 2 + this.#prefix.length;
    if (bytes[k] !== less || bytes[k + 1] !== slash || bytes[name] !== 0x63 || bytes[name + 1] !== greater) return -1;
    return this.#prefix.holds(bytes, this.#start, name) ? name + 2 : -1;
  }

  #readShared(bytes: Buffer, from: number, column: number): number {
    let k = from;
    let index = 0;
    let digit = bytes[k] - zero;
    while (digit >= 0 && digit <= 9 && index < 100_000_000) {
      index = 10 * index + digit;
      digit = bytes[++k] - zero;
    }
    const next = this.#closesValue(bytes, k);
    const strings = this.#strings;
    if (next < 0 || k === from || index >= strings.count) return -1;
    const places = strings.places.views[(4 * index) >>> pageShift];
    if (places === undefined) return -1;
    const place = places.getUint32((4 * index) & pageMask);
    const texts = strings.texts.views[place >>> pageShift];
    if (texts === undefined) return -1;
    const at = place & pageMask;
    const length = texts.getUint8(at);
    if (length === 0 || length === 255) return -1;
    const rows = this.#rows;
    if (rows.length + length + arenaRoom > rows.arena.length) rows.reserve(length);
    const out = rows.length + length;
    copyWords(texts, at + 1, rows.view, rows.length, length);
    rows.put(column, out, 0);
    return next;
  }

  #readNumber(bytes: Buffer, from: number, column: number, style: number): number {
    let k = from;
    if (bytes[k] === 0x2d) k++;
    const digits = k;
    while (bytes[k] >= zero && bytes[k] <= 0x39) k++;
    const point = k;
    if (point === digits) return -1;
    if (bytes[k] === 0x2e) {
      k++;
      while (bytes[k] >= zero && bytes[k] <= 0x39) k++;
    }
    const next = this.#closesValue(bytes, k);
    if (next < 0 || k - from > 32) return -1;
    const rows = this.#rows;
    const kind = style < this.#kinds.length ? this.#kinds[style] : 0;
    let at: number;
    if (kind !== 0) {
      if (kind === numberByFormat) return this.#putFormatted(bytes, from, k, column, style) ? next : -1;
      at = writeSerial(readSerial(bytes, from, k), kind, this.#date1904, rows.arena, rows.length);
    } else if (isPlainNumber(bytes, from, digits, point, k)) {
      at = rows.length + k - from;
      copyWords(this.#window.view, from, rows.view, rows.length, k - from);
    } else {
      at = writeNumber(bytes, from, k, rows.arena, rows.length);
    }
    if (at < 0) return -1;
    rows.put(column, at, cellTyped);
    return next;
  }

  /** A number whose format decides by its value; false: it could not be put. */
  #putFormatted(bytes: Buffer, from: number, end: number, column: number, style: number): boolean {
    const rows = this.#rows;
    const format = this.#styles.formats.get(style);
    if (format === undefined) return false;
    rows.reserve(end - from + formattedRoom);
    const at = this.#formatted.write(format, bytes, from, end, rows.arena, rows.length);
    if (at < 0) return false;
    rows.put(column, at, this.#formatted.flags);
    return true;
  }

  #readBoolean(bytes: Buffer, k: number, column: number): number {
    const next = this.#closesValue(bytes, k + 1);
    if (next < 0) return -1;
    const rows = this.#rows;
    const { arena } = rows;
    let at = rows.length;
    if (bytes[k] === 0x31) {
      arena[at++] = 0x74;
      arena[at++] = 0x72;
      arena[at++] = 0x75;
    } else if (bytes[k] === zero) {
      arena[at++] = 0x66;
      arena[at++] = 0x61;
      arena[at++] = 0x6c;
      arena[at++] = 0x73;
    } else {
      return -1;
    }
    arena[at++] = 0x65;
    rows.put(column, at, cellTyped);
    return next;
  }

  /** Text without references and escapes, of `<t>` in `<is>` or of `<v>`. */
  #readText(bytes: Buffer, from: number, column: number, item: boolean): number {
    let k = from;
    while (plain[bytes[k]] === 1 || (bytes[k] === 0x5f && bytes[k + 1] !== 0x78 && bytes[k + 1] !== 0)) k++;
    const length = k - from;
    if (length > maxPlainBytes) return -1;
    let next: number;
    if (item) {
      const prefix = this.#prefix.length;
      const name = k + 2 + prefix;
      const outer = name + 4 + prefix;
      if (bytes[k] !== less || bytes[k + 1] !== slash || bytes[name] !== 0x74 || bytes[name + 1] !== greater) return -1;
      if (bytes[name + 2] !== less || bytes[name + 3] !== slash) return -1;
      if (bytes[outer] !== 0x69 || bytes[outer + 1] !== 0x73 || bytes[outer + 2] !== greater) return -1;
      next = this.#closesCell(bytes, outer + 3);
    } else {
      next = this.#closesValue(bytes, k);
    }
    if (next < 0) return -1;
    const rows = this.#rows;
    if (length === 0) {
      rows.nextColumn = column + 1;
      return next;
    }
    if (rows.length + length + arenaRoom > rows.arena.length) rows.reserve(length);
    const out = rows.length + length;
    copyWords(this.#window.view, from, rows.view, rows.length, length);
    rows.put(column, out, 0);
    return next;
  }
}
