/** A cell of an XLS workbook, as the library reads it, in the form that all formats share. */
import type { CellObject } from "@e965/xlsx";
import { cellError, cellTyped } from "../../core/row.ts";
import { plainNumber } from "../workbook/cell-number.ts";
import { kindOfFormat } from "../workbook/number-format.ts";
import { writeSerial } from "../workbook/serial-date.ts";
import { numberPlain } from "../workbook/styles.ts";

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

export interface CellContent {
  text: string;
  flags: number;
}

/** Reads the cells of one workbook. */
export class CellContents {
  readonly #date1904: boolean;
  readonly #kinds = new Map<string, number>();
  readonly #date = Buffer.alloc(64);

  constructor(date1904: boolean) {
    this.#date1904 = date1904;
  }

  /** Null: the cell is blank. */
  of(cell: CellObject | undefined): CellContent | null {
    if (cell === undefined || cell === null || cell.v === undefined) return null;
    switch (cell.t) {
      case "n":
        return typeof cell.v === "number" ? this.#number(cell.v, cell.z) : null;
      case "b":
        return { text: cell.v ? "true" : "false", flags: cellTyped };
      case "e":
        return { text: errorTexts[Number(cell.v)] ?? "#ERROR!", flags: cellError };
      case "s":
        return cell.v === "" ? null : { text: String(cell.v), flags: 0 };
      default:
        return null;
    }
  }

  #number(value: number, format: unknown): CellContent | null {
    const kind = this.#kindOf(typeof format === "string" ? format : "General");
    if (kind !== numberPlain) {
      const end = writeSerial(value, kind, this.#date1904, this.#date, 0);
      if (end >= 0) return { text: this.#date.toString("latin1", 0, end), flags: cellTyped };
    }
    const text = plainNumber(value);
    return text === null ? { text: "#NUM!", flags: cellError } : { text, flags: cellTyped };
  }

  #kindOf(format: string): number {
    let kind = this.#kinds.get(format);
    if (kind === undefined) {
      kind = kindOfFormat(format);
      this.#kinds.set(format, kind);
    }
    return kind;
  }
}
