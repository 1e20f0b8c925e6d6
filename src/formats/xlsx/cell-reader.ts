/**
 * Reads any cell of a sheet (ECMA-376 part 1, section 18.3.1.4), however it is written: all its types, attributes and children
 * in any order.
 */
import { told } from "../../core/errors.ts";
import { cellError, cellTooLong, cellTyped } from "../../core/row.ts";
import { maxCellCharacters } from "../table/batch-room.ts";
import { numberRoom, readSerial, writeNumber } from "../workbook/cell-number.ts";
import { FormattedNumber, formattedRoom } from "../workbook/formatted-number.ts";
import { isoCellText, serialOfIso } from "../workbook/iso-value.ts";
import { sectionFor } from "../workbook/number-format.ts";
import { writeSerial } from "../workbook/serial-date.ts";
import { numberByFormat, numberPlain } from "../workbook/styles.ts";
import { endOfCharacters } from "../xml/character-data.ts";
import { damaged } from "../xml/element-skip.ts";
import { checkProlog } from "../xml/prolog.ts";
import { tokenEnd, tokenStart, XmlToken } from "../xml/token.ts";
import { type CellReference, readReference } from "./cell-reference.ts";
import type { CellStyles } from "./read-styles.ts";
import type { RowBatch } from "./row-batch.ts";
import type { SharedStrings } from "./shared-strings.ts";
import { StringItem } from "./string-item.ts";

/** The cell extends beyond the window. */
export const cellIncomplete = -1;
/** The cell refers to a shared string that is not loaded yet. */
export const cellWantsString = -2;

/** What a workbook says about its cells. */
export interface CellContext {
  strings: SharedStrings;
  styles: CellStyles;
  date1904: boolean;
}

export class CellReader {
  /** The index of the shared string that a cell wants. */
  wantedString = 0;
  /** Formulas without a stored value since this was last set to 0, and the row of the first. */
  formulasWithoutValue = 0;
  firstFormulaRow = 0;
  /** Stands for shared strings that are not loaded; without it they are wanted. */
  unknownString: string | undefined;
  readonly #rows: RowBatch;
  readonly #context: CellContext;
  readonly #what: string;
  readonly #token = new XmlToken();
  readonly #item = new StringItem();
  readonly #reference: CellReference = { column: -1, row: 0 };
  readonly #formatted: FormattedNumber;
  #flags = 0;
  #hasFormula = false;
  /** Where the formula's text begins; -1: it has none. */
  #formulaStart = -1;
  #hasValue = false;
  #isItem = false;

  constructor(rows: RowBatch, context: CellContext, what: string) {
    this.#rows = rows;
    this.#context = context;
    this.#formatted = new FormattedNumber(context.date1904);
    this.#what = what;
  }

  /** Puts the cell whose tag begins at `at` into the open row; returns the place after it, or why it could not. */
  read(bytes: Buffer, at: number, end: number): number {
    const token = this.#token;
    const rows = this.#rows;
    if (!token.read(bytes, at, end)) return cellIncomplete;
    let column = rows.nextColumn;
    if (token.attribute("r")) {
      readReference(bytes, token.valueStart, token.valueEnd, this.#reference);
      if (this.#reference.column >= 0) column = this.#reference.column;
    }
    const style = token.attributeNumber("s");
    const type = token.attributeText("t") ?? "n";
    const { text } = this.#item;
    text.clear();
    this.#hasFormula = false;
    this.#formulaStart = -1;
    this.#hasValue = false;
    this.#isItem = false;
    let i = token.next;
    if (!token.empty) i = this.#readContent(bytes, i, end);
    if (i < 0) return cellIncomplete;
    this.#flags = 0;
    const valueEnd = rows.dropping ? rows.length : this.#writeValue(this.#isItem ? "inlineStr" : type, style);
    if (valueEnd < 0) return cellWantsString;
    if (this.#hasFormula && rows.kept && text.length === 0 && !(this.#hasValue && type === "str")) {
      if (this.formulasWithoutValue++ === 0) this.firstFormulaRow = rows.number;
    }
    if (this.#formulaStart >= 0 && valueEnd > rows.length) {
      rows.noteFormula(column, bytes, this.#formulaStart, bytes.indexOf(0x3c, this.#formulaStart));
    }
    rows.putAny(column, valueEnd, this.#flags);
    return i;
  }

  /** The cell's children: gathers its text. */
  #readContent(bytes: Buffer, from: number, end: number): number {
    const token = this.#token;
    const item = this.#item;
    for (let i = from; ; ) {
      const at = bytes.indexOf(0x3c, i);
      if (at < 0 || at >= end || !token.read(bytes, at, end)) return -1;
      i = token.next;
      if (token.kind === tokenEnd) {
        if (!token.is("c")) throw damaged(this.#what, told`has an unclosed cell in row ${this.#rows.number}`);
        return i;
      }
      if (token.kind !== tokenStart) {
        checkProlog(token, bytes, at, this.#what);
        continue;
      }
      if (token.is("f")) {
        this.#hasFormula = true;
        if (!token.empty) this.#formulaStart = token.next;
      }
      if (token.is("v")) this.#hasValue = true;
      if (token.empty) continue;
      if (token.is("v") && !this.#isItem) {
        item.text.clear();
        i = item.readText(bytes, i, end);
      } else if (token.is("is")) {
        this.#isItem = true;
        item.text.clear();
        i = item.read(bytes, i, end);
      } else {
        i = token.skipElement(bytes, i, end);
      }
      if (i < 0) return -1;
    }
  }

  /** Writes the gathered text as the type says to the row's arena; returns its end there, -1: a string is wanted. */
  #writeValue(type: string, style: number): number {
    const rows = this.#rows;
    const { text } = this.#item;
    if (text.length === 0) return rows.length;
    const kind = this.#context.styles.kinds[style] ?? 0;
    rows.reserve(text.length + numberRoom);
    switch (type) {
      case "s":
        return this.#writeShared();
      case "b":
        return this.#writeBoolean();
      case "e":
        this.#flags = cellError;
        return this.#writeText();
      case "d":
        return this.#writeIsoDate(style, kind);
      case "n":
        return kind === numberByFormat ? this.#writeFormatted(style) : this.#writeNumber(kind);
      default:
        return this.#writeText();
    }
  }

  #writeText(): number {
    const rows = this.#rows;
    const { bytes, length: all, cut } = this.#item.text;
    const length = all > maxCellCharacters ? endOfCharacters(bytes, 0, all, maxCellCharacters) : all;
    if (cut || length < all) this.#flags |= cellTooLong;
    bytes.copy(rows.arena, rows.length, 0, length);
    return rows.length + length;
  }

  #writeShared(): number {
    const rows = this.#rows;
    const { strings } = this.#context;
    const { unknownString } = this;
    const digits = this.#trimmed();
    const index = /^\d{1,15}$/.test(digits) ? Number(digits) : Number.MAX_SAFE_INTEGER;
    if (digits === "") return rows.length;
    if (index >= strings.count) {
      if (!strings.complete) {
        if (unknownString !== undefined) return rows.length + rows.arena.write(unknownString, rows.length);
        this.wantedString = index;
        return -1;
      }
      // The row is identified by the cell without a value; nothing else of the workbook is lost.
      this.#flags = cellError;
      const message = `#DAMAGED! shared string ${digits.slice(0, 20)} of ${strings.count}`;
      return rows.length + rows.arena.write(message, rows.length, "latin1");
    }
    strings.find(index);
    rows.reserve(strings.foundBytes);
    strings.copyFound(rows.arena, rows.length);
    if (strings.foundTooLong) this.#flags = cellTooLong;
    return rows.length + strings.foundBytes;
  }

  #writeBoolean(): number {
    const rows = this.#rows;
    const word = this.#trimmed();
    const value = word === "1" || word === "true" ? "true" : word === "0" || word === "false" ? "false" : "";
    if (value === "") return this.#writeText();
    this.#flags = cellTyped;
    return rows.length + rows.arena.write(value, rows.length, "latin1");
  }

  /** ISO 8601, in the form that all formats share. */
  #writeIsoDate(style: number, kind: number): number {
    const rows = this.#rows;
    const { date1904, styles } = this.#context;
    const written = this.#trimmed();
    const format = styles.formats.get(style);
    const serial = format === undefined ? null : serialOfIso(written, date1904);
    const own = format === undefined || serial === null ? kind : (sectionFor(format, serial)?.kind ?? numberPlain);
    const text = isoCellText(written, own, date1904);
    if (text === null) return this.#writeText();
    this.#flags = cellTyped;
    return rows.length + rows.arena.write(text, rows.length, "latin1");
  }

  #writeNumber(kind: number): number {
    const rows = this.#rows;
    const { bytes, length } = this.#item.text;
    let start = 0;
    let end = length;
    while (start < end && bytes[start] <= 0x20) start++;
    while (start < end && bytes[end - 1] <= 0x20) end--;
    if (start === end) return rows.length;
    this.#flags = cellTyped;
    if (kind !== 0) {
      const serial = readSerial(bytes, start, end);
      const at = Number.isNaN(serial) ? -1 : writeSerial(serial, kind, this.#context.date1904, rows.arena, rows.length);
      if (at >= 0) return at;
    }
    const at = writeNumber(bytes, start, end, rows.arena, rows.length);
    if (at >= 0) return at;
    this.#flags = 0;
    return this.#writeText();
  }

  #writeFormatted(style: number): number {
    const rows = this.#rows;
    const format = this.#context.styles.formats.get(style);
    const { bytes, length } = this.#item.text;
    let start = 0;
    let end = length;
    while (start < end && bytes[start] <= 0x20) start++;
    while (start < end && bytes[end - 1] <= 0x20) end--;
    if (format === undefined || start === end) return this.#writeNumber(0);
    rows.reserve(length + formattedRoom);
    const at = this.#formatted.write(format, bytes, start, end, rows.arena, rows.length);
    if (at < 0) return this.#writeText();
    this.#flags = this.#formatted.flags;
    return at;
  }

  #trimmed(): string {
    const { bytes, length } = this.#item.text;
    return bytes.toString("latin1", 0, Math.min(length, 256)).trim();
  }
}
