/** One cell while it is read: its typed value, its text, and which of them counts. */
import { cellError, cellTooLong, cellTyped } from "../../core/row.ts";
import { maxCellCharacters } from "../table/batch-room.ts";
import { writeNumber } from "../workbook/cell-number.ts";
import { dateText, timeText } from "../workbook/iso-value.ts";
import { endOfCharacters } from "../xml/character-data.ts";
import type { TagAttributes } from "./attributes.ts";
import type { NumberStyle } from "./cell-styles.ts";
import { CellText } from "./cell-text.ts";

/** No number or date is longer; what is, stays text. */
const maxValueBytes = 128;
/** A value, and the room that writing a number takes. */
const valueBytes = 2 * maxValueBytes;

export class CellValue {
  readonly text = new CellText();
  repeats = 1;
  /** The cell has a formula, but neither a value nor a text. */
  isUncalculated = false;
  /** The value: `length` bytes of `bytes`. */
  bytes: Buffer = this.text.bytes;
  length = 0;
  flags = 0;
  readonly #value: Buffer = Buffer.alloc(valueBytes);
  #valueLength = 0;
  #hasFormula = false;
  #isError = false;
  /** The value is in an attribute, and the paragraphs only display it. */
  #hasString = false;
  #hasType = false;
  /** The value is a number, and this is what its style says of it. */
  #style: NumberStyle | null = null;

  /** Begins with the cell's tag; `style`: what the cell's says of a number. */
  begin(bytes: Buffer, attributes: TagAttributes, style: NumberStyle | null): void {
    const { valueStart, valueEnd, valueType } = attributes;
    this.text.clear();
    this.repeats = attributes.columnsRepeated;
    this.#hasFormula = attributes.hasFormula;
    this.#isError = attributes.isError;
    this.#hasType = valueType !== "none";
    this.#hasString = false;
    this.#valueLength = 0;
    this.#style = valueType === "number" ? style : null;
    if (valueEnd === valueStart) return;
    if (valueType === "string") {
      if (this.#isError) return;
      this.#hasString = true;
      this.text.appendWhole(bytes, valueStart, valueEnd);
    } else if (valueEnd - valueStart <= maxValueBytes) {
      this.#readValue(bytes, attributes);
    }
  }

  /** Whether paragraphs still have to be read. */
  get wantsText(): boolean {
    return !this.#hasString && (this.#valueLength === 0 || this.#hasFormula || this.#isError || this.#style === "code");
  }

  /** Ends the cell: its value is in `bytes`. */
  end(): void {
    const { text } = this;
    this.isUncalculated = this.#hasFormula && !this.#hasType && text.length === 0;
    const isError = this.#isError || (this.#hasFormula && !this.#hasString && isErrorText(text));
    if (!isError && this.#valueLength > 0) {
      this.bytes = this.#value;
      this.length = this.#valueLength;
      this.flags = cellTyped;
      if (this.#style !== null) this.#applyStyle(this.#style);
      return;
    }
    this.bytes = text.bytes;
    this.length =
      text.length > maxCellCharacters ? endOfCharacters(text.bytes, 0, text.length, maxCellCharacters) : text.length;
    this.flags = (isError ? cellError : 0) | (this.length < text.length ? cellTooLong : 0);
  }

  /** A number of a boolean's style is one; that of a code is what its paragraph shows, where this has the number's digits. */
  #applyStyle(style: NumberStyle): void {
    const number = this.#value.toString("latin1", 0, this.#valueLength);
    if (style === "boolean") {
      if (number === "0" || number === "1")
        this.length = this.#value.write(number === "1" ? "true" : "false", "latin1");
      return;
    }
    const shown = this.text.bytes.toString("utf8", 0, Math.min(this.text.length, 4 * maxValueBytes)).trim();
    const digits = shown.replace(/\D/g, "");
    if (!/^\d+$/.test(number) || !digits.endsWith(number) || this.text.length > 4 * maxValueBytes) return;
    this.bytes = this.text.bytes;
    this.length = this.text.length;
    // The number is to be told from what is shown.
    this.flags = digits.replace(/^0+(?=\d)/, "") === number ? cellTyped : 0;
  }

  #readValue(bytes: Buffer, { valueType, valueStart, valueEnd }: TagAttributes): void {
    if (valueType === "number") {
      const end = writeNumber(bytes, valueStart, valueEnd, this.#value, 0);
      this.#valueLength = Math.max(0, end);
      return;
    }
    const written = bytes.toString("latin1", valueStart, valueEnd).trim();
    const text =
      valueType === "date"
        ? dateText(written)
        : valueType === "time"
          ? timeText(written)
          : valueType === "boolean"
            ? booleanText(written)
            : null;
    if (text !== null) this.#valueLength = this.#value.write(text, "latin1");
  }
}

/** XML Schema part 2, 3.2.2: a word or a digit. */
function booleanText(written: string): string | null {
  if (/^(?:true|1)$/i.test(written)) return "true";
  return /^(?:false|0)$/i.test(written) ? "false" : null;
}

/** `#N/A`, `#DIV/0!`, `Err:502`: what spreadsheets show for a formula that failed. */
function isErrorText({ bytes, length }: CellText): boolean {
  if (length < 4 || length > 16 || (bytes[0] !== 0x23 && bytes[0] !== 0x45)) return false;
  return /^(?:#(?:N\/A|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|WERT!|VALEUR!|BEZUG!|NOM\s?\?|NOMBRE!)|Err:\d{3})$/.test(
    bytes.toString("utf8", 0, length),
  );
}
