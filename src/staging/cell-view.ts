/** A cell of a batch that is ready to be read: without escapes, a report's apostrophe and white space around. */
import { type Batch, cellError, cellEscaped, cellTooLong, cellTyped, unescapeCell } from "../core/row.ts";
import { storableText } from "../core/storable.ts";
import { isBackslashNull } from "../values/blank-words.ts";
import { decodeCell, type Finding } from "../values/encode.ts";
import { isGuarded } from "../values/report-cell.ts";
import { isSpreadsheetError } from "../values/spreadsheet-error.ts";
import { spaceAt, spaceBefore } from "../values/white-space.ts";

export const tooLongFinding: Finding = { code: "cell_too_long" };
const hash = 0x23;

export function cellErrorFinding(bytes: Uint8Array, start: number, end: number): Finding {
  return { code: "cell_error", params: { value: storableText(decodeCell(bytes, start, end).slice(0, 40)) } };
}

export class CellView {
  bytes: Uint8Array = Buffer.alloc(0);
  start = 0;
  end = 0;
  /** The file typed it. */
  isTyped = false;
  /** It is no data: an error of a spreadsheet, or too long. */
  problem: Finding | null = null;
  readonly #isReport: boolean;
  #scratch = Buffer.alloc(4096);

  constructor(isReport: boolean) {
    this.#isReport = isReport;
  }

  get isBlank(): boolean {
    return this.start === this.end;
  }

  /** Looks at a cell; false: it is blank. */
  look(batch: Batch, cell: number): boolean {
    const flag = batch.flags[cell];
    let { bytes } = batch;
    let start = batch.cells[2 * cell];
    let end = batch.cells[2 * cell + 1];
    if (flag & cellEscaped && !isBackslashNull(bytes, start, end)) {
      if (this.#scratch.length < end - start) this.#scratch = Buffer.alloc(end - start);
      end = unescapeCell(bytes, start, end, this.#scratch, flag);
      start = 0;
      bytes = this.#scratch;
    }
    if (this.#isReport && isGuarded(bytes, start, end)) start++;
    while (start < end && spaceAt(bytes, start, end) > 0) start += spaceAt(bytes, start, end);
    while (start < end && spaceBefore(bytes, start, end) > 0) end -= spaceBefore(bytes, start, end);
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.isTyped = (flag & cellTyped) !== 0;
    this.problem = null;
    if (start === end) return false;
    if ((flag & cellError) !== 0 || (bytes[start] === hash && isSpreadsheetError(bytes, start, end)))
      this.problem = cellErrorFinding(bytes, start, end);
    else if ((flag & cellTooLong) !== 0) this.problem = tooLongFinding;
    return true;
  }

  /** A cell that a blank one counts as. */
  set(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.start = 0;
    this.end = bytes.length;
    this.isTyped = false;
    this.problem = null;
  }
}
