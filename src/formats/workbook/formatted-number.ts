/** Writes the number of a cell whose format decides by its value what it is, or how its digits are shown. */
import { cellTyped } from "../../core/row.ts";
import { numberRoom, readSerial, writeNumber } from "./cell-number.ts";
import { maskedText } from "./digit-mask.ts";
import { type NumberFormat, sectionFor } from "./number-format.ts";
import { writeSerial } from "./serial-date.ts";
import { numberPlain } from "./styles.ts";

export class FormattedNumber {
  /** Of the cell that was written: not typed where the number cannot be told from what is shown. */
  flags = cellTyped;
  readonly #date1904: boolean;

  constructor(date1904: boolean) {
    this.#date1904 = date1904;
  }

  /**
   * Writes the number between `start` and `end` to `out` at `at`, which has room for its length and `formattedRoom` more.
   *
   * @returns the new `at`, or -1: it is not a number.
   */
  write(format: NumberFormat, bytes: Buffer, start: number, end: number, out: Buffer, at: number): number {
    this.flags = cellTyped;
    const value = readSerial(bytes, start, end);
    const section = Number.isNaN(value) ? null : sectionFor(format, value);
    if (section !== null && section.kind !== numberPlain) {
      const written = writeSerial(value, section.kind, this.#date1904, out, at);
      if (written >= 0) return written;
    }
    const behind = writeNumber(bytes, start, end, out, at);
    if (behind < 0 || section === null || section.mask === null) return behind;
    const shown = maskedText(section.mask, out.toString("latin1", at, behind));
    if (shown === null || shown === "") return behind;
    if (!section.mask.isNumber) this.flags = 0;
    return at + out.write(shown, at, "utf8");
  }
}

/** Text of a mask and as many digits, of which a character takes three bytes at most. */
export const formattedRoom = 1024 + numberRoom;
