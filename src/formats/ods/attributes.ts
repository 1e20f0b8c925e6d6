/**
 * The attributes of a table's, row's, column's or cell's tag (OpenDocument 1.3 part 3, sections 9.1 and 19), found by their
 * names without prefix in one pass over the tag.
 */
import type { XmlToken } from "../xml/token.ts";

export type ValueType = "none" | "number" | "date" | "time" | "boolean" | "string";

/** Rows and columns of a sheet are 16,777,216 at most in any spreadsheet; whatever is larger is cut down to this. */
const maxRepeats = 1_000_000_000;

export class TagAttributes {
  valueType: ValueType = "none";
  /** Place of the value of that type; the same when there is none. */
  valueStart = 0;
  valueEnd = 0;
  /** `calcext:value-type`: LibreOffice says so of error values. */
  isError = false;
  hasFormula = false;
  /** Place of the formula. */
  formulaStart = 0;
  formulaEnd = 0;
  columnsRepeated = 1;
  rowsRepeated = 1;
  spans = false;
  /** Collapsed by hand or by a filter. */
  hidden = false;
  /** Place of the name of its style, and of the one that its cells have by default; the same when there is none. */
  styleStart = 0;
  styleEnd = 0;
  defaultStyleStart = 0;
  defaultStyleEnd = 0;

  read(token: XmlToken, bytes: Buffer): void {
    this.valueType = "none";
    this.valueStart = 0;
    this.valueEnd = 0;
    this.isError = false;
    this.hasFormula = false;
    this.formulaStart = 0;
    this.formulaEnd = 0;
    this.columnsRepeated = 1;
    this.rowsRepeated = 1;
    this.spans = false;
    this.hidden = false;
    this.styleStart = 0;
    this.styleEnd = 0;
    this.defaultStyleStart = 0;
    this.defaultStyleEnd = 0;
    const end = token.next - 1;
    let i = token.nameEnd;
    for (;;) {
      while (i < end && (bytes[i] <= 0x20 || bytes[i] === 0x2f)) i++;
      if (i >= end) return;
      const whole = i;
      let name = i;
      for (; i < end && bytes[i] !== 0x3d && bytes[i] > 0x20; i++) if (bytes[i] === 0x3a) name = i + 1;
      const nameEnd = i;
      while (i < end && bytes[i] !== 0x22 && bytes[i] !== 0x27) i++;
      if (i >= end) return;
      const start = i + 1;
      const stop = bytes.indexOf(bytes[i], start);
      if (stop < 0 || stop > end) return;
      this.#note(bytes, whole, name, nameEnd - name, start, stop);
      i = stop + 1;
    }
  }

  /** By the name's length and its first letters, which tell them all apart. */
  #note(bytes: Buffer, whole: number, name: number, length: number, start: number, stop: number): void {
    switch (length) {
      case 5:
        if (bytes[name] === 0x76) this.#value(start, stop); // value
        return;
      case 7:
        if (bytes[name] !== 0x66) return; // formula
        this.hasFormula = true;
        this.formulaStart = start;
        this.formulaEnd = stop;
        return;
      case 10: {
        const first = bytes[name];
        // date-value, time-value
        if (first === 0x64 || first === 0x74) this.#value(start, stop);
        else if (first === 0x73) {
          // style-name
          this.styleStart = start;
          this.styleEnd = stop;
        } else if (first !== 0x76) return;
        else if (bytes[name + 1] === 0x69)
          this.hidden = bytes[start] !== 0x76; // visibility other than visible
        else if (bytes[whole] !== 0x63) this.valueType = typeOf(bytes, start, stop);
        else this.isError = bytes[start] === 0x65; // calcext:value-type="error"
        return;
      }
      case 12:
      case 13:
        if (bytes[name + length - 6] === 0x2d) this.#value(start, stop); // string-value, boolean-value
        return;
      case 19:
      case 22:
        // number-rows-spanned, number-columns-spanned
        if (bytes[name + length - 7] === 0x73 && countIn(bytes, start, stop) > 1) this.spans = true;
        return;
      case 20:
        this.rowsRepeated = countIn(bytes, start, stop);
        return;
      case 23:
        if (bytes[name] === 0x64) {
          // default-cell-style-name
          this.defaultStyleStart = start;
          this.defaultStyleEnd = stop;
        } else this.columnsRepeated = countIn(bytes, start, stop);
    }
  }

  #value(start: number, stop: number): void {
    this.valueStart = start;
    this.valueEnd = stop;
  }
}

function typeOf(bytes: Buffer, start: number, stop: number): ValueType {
  switch (bytes.toString("latin1", start, stop)) {
    case "float":
    case "percentage":
    case "currency":
      return "number";
    case "date":
      return "date";
    case "time":
      return "time";
    case "boolean":
      return "boolean";
    case "string":
      return "string";
    default:
      return "none";
  }
}

/** A positive number; 1 where there is none. */
function countIn(bytes: Buffer, start: number, stop: number): number {
  let count = 0;
  for (let i = start; i < stop; i++) {
    if (bytes[i] < 0x30 || bytes[i] > 0x39) return 1;
    count = Math.min(10 * count + bytes[i] - 0x30, maxRepeats);
  }
  return Math.max(count, 1);
}
