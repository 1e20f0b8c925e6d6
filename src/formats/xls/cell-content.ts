/** A cell of an XLS workbook, as the library reads it, in the form that all formats share. */
import type { CellObject } from "@e965/xlsx";
import { cellError, cellTooLong, cellTyped } from "../../core/row.ts";
import { maxCellCharacters } from "../table/batch-room.ts";
import { plainNumber } from "../workbook/cell-number.ts";
import { FormattedNumber, formattedRoom } from "../workbook/formatted-number.ts";
import { type NumberFormat, numberFormatOf } from "../workbook/number-format.ts";
import { writeSerial } from "../workbook/serial-date.ts";
import { numberByFormat, numberPlain } from "../workbook/styles.ts";

/** [MS-XLS] 2.5.10. */
const errorTexts: Readonly<Record<number, string>> = {
  0: "#NULL!",
  7: "#DIV/0!",
  15: "#VALUE!",
  23: "#REF!",
  29: "#NAME?",
  36: "#NUM!",
  42: "#N/A",
  43: "#GETTING_DATA",
};

/** A text as long as a cell's may be. */
function textContent(text: string): CellContent {
  if (text.length <= maxCellCharacters) return { text, flags: 0 };
  // A pair of surrogates is not cut.
  const isCutInPair = /[\ud800-\udbff]/.test(text[maxCellCharacters - 1]);
  return { text: text.slice(0, maxCellCharacters - (isCutInPair ? 1 : 0)), flags: cellTooLong };
}

export interface CellContent {
  text: string;
  flags: number;
}

/** Reads the cells of one workbook. */
export class CellContents {
  readonly #date1904: boolean;
  readonly #formats = new Map<string, NumberFormat>();
  readonly #formatted: FormattedNumber;
  readonly #number = Buffer.alloc(64);
  readonly #shown = Buffer.alloc(64 + formattedRoom);

  constructor(date1904: boolean) {
    this.#date1904 = date1904;
    this.#formatted = new FormattedNumber(date1904);
  }

  /** Null: the cell is blank. */
  of(cell: CellObject | undefined): CellContent | null {
    if (cell === undefined || cell === null || cell.v === undefined) return null;
    switch (cell.t) {
      case "n":
        return typeof cell.v === "number" ? this.#ofNumber(cell.v, cell.z) : null;
      case "b":
        return { text: cell.v ? "true" : "false", flags: cellTyped };
      case "e":
        return { text: errorTexts[Number(cell.v)] ?? "#ERROR!", flags: cellError };
      case "s":
        return cell.v === "" ? null : textContent(String(cell.v));
      default:
        return null;
    }
  }

  #ofNumber(value: number, code: unknown): CellContent | null {
    const text = plainNumber(value);
    if (text === null) return { text: "#NUM!", flags: cellError };
    const format = this.#formatOf(typeof code === "string" ? code : "General");
    const { kind } = format;
    const shown = this.#shown;
    if (kind === numberByFormat) {
      const length = this.#number.write(text, "latin1");
      const end = this.#formatted.write(format, this.#number, 0, length, shown, 0);
      if (end >= 0) return { text: shown.toString("utf8", 0, end), flags: this.#formatted.flags };
    } else if (kind !== numberPlain) {
      const end = writeSerial(value, kind, this.#date1904, shown, 0);
      if (end >= 0) return { text: shown.toString("latin1", 0, end), flags: cellTyped };
    }
    return { text, flags: cellTyped };
  }

  #formatOf(code: string): NumberFormat {
    let format = this.#formats.get(code);
    if (format === undefined) {
      format = numberFormatOf(code);
      this.#formats.set(code, format);
    }
    return format;
  }
}
