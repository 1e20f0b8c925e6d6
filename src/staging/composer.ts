/**
 * Gives a batch cells behind the file's own for the fields that are made: of the same value in every row, of several columns, of
 * a part of one. From there on they are read like any other.
 */
import { columnsOf, type FieldSource } from "../core/field-source.ts";
import { isFormula, unguarded } from "../core/formula-guard.ts";
import { type Batch, cellError, cellText, cellTooLong, cellTyped, rowIntact } from "../core/row.ts";
import { backslashNull } from "../values/blank-words.ts";
import { withoutUnseenEnds } from "../values/invisible.ts";
import { withoutMarks } from "../values/other-programs.ts";
import { partOf } from "../values/split-text.ts";
import { isSpreadsheetError } from "../values/spreadsheet-error.ts";
import { verbatimSlack } from "../values/verbatim.ts";

/** A cell as it comes to be. */
export interface MadeCell {
  text: string;
  flags: number;
}

const blank: MadeCell = { text: "", flags: 0 };

/** What a source makes of a row's cells. `cellAt` gives them as they stand in the file, `flagsAt` what the file said of them. */
export function makeCell(
  source: FieldSource,
  cellAt: (column: number) => string,
  flagsAt: (column: number) => number,
): MadeCell {
  if (source.kind === "constant") return { text: source.value, flags: 0 };
  const parts = columnsOf(source)
    .map((column) => ({ text: bare(cellAt(column)), flags: flagsAt(column) & (cellError | cellTooLong | cellTyped) }))
    .filter(({ text }) => text !== "");
  // What is no data is none as a part either: it is reported as it stands.
  const wrong = parts.find(({ text, flags }) => (flags & (cellError | cellTooLong)) !== 0 || isErrorText(text));
  if (wrong !== undefined) return wrong;
  if (parts.length === 0) return blank;
  if (source.kind === "split") return { text: partOf(parts[0].text, source), flags: 0 };
  // A number that the file typed is one only while it stands alone.
  if (parts.length === 1) return parts[0];
  return { text: parts.map(({ text }) => text).join(source.separator), flags: 0 };
}

/** A part without what other programs did to its cell. */
function bare(cell: string): string {
  const text = withoutUnseenEnds(cell.trim());
  return text === backslashNull ? "" : (withoutMarks(text, true)?.text ?? text);
}

function isErrorText(text: string): boolean {
  if (!text.startsWith("#")) return false;
  const bytes = Buffer.from(text);
  return isSpreadsheetError(bytes, 0, bytes.length);
}

export class Composer {
  readonly #sources: readonly (FieldSource | null)[];
  /** Columns of the file. */
  readonly #own: number;
  readonly #isReport: boolean;
  #arena = Buffer.alloc(64 * 1024);
  #length = 0;

  /** `sources`: of the cells behind the file's own, in their order; null: it is blank unless a person fills it. */
  constructor(sources: readonly (FieldSource | null)[], { columns, isReport }: { columns: number; isReport: boolean }) {
    this.#sources = sources;
    this.#own = columns;
    this.#isReport = isReport;
  }

  /** The batch with these cells; the reader's own stays as it is. */
  widen(batch: Batch): Batch {
    const stride = this.#own + this.#sources.length;
    const cells = new Int32Array(2 * stride * batch.rowCount);
    const flags = new Uint8Array(stride * batch.rowCount);
    const copied = Math.min(this.#own, batch.columnCount);
    const base = batch.bytes.length;
    const same = this.#sources.map((source) => (source?.kind === "constant" ? this.#place(source.value, base) : null));
    let wellFormed = batch.wellFormed;
    for (let r = 0; r < batch.rowCount; r++) {
      const from = r * batch.columnCount;
      const to = r * stride;
      cells.set(batch.cells.subarray(2 * from, 2 * (from + copied)), 2 * to);
      flags.set(batch.flags.subarray(from, from + copied), to);
      if (batch.shapes[r] !== rowIntact) continue;
      const cellAt = (column: number): string => {
        const text = cellText(batch, r, column);
        return this.#isReport ? unguarded(text) : text;
      };
      const flagsAt = (column: number): number => batch.flags[from + column];
      for (const [k, source] of this.#sources.entries()) {
        const cell = to + this.#own + k;
        const constant = same[k];
        if (constant !== null) {
          cells[2 * cell] = constant.start;
          cells[2 * cell + 1] = constant.end;
          continue;
        }
        if (source === null) continue;
        const made = makeCell(source, cellAt, flagsAt);
        if (made.text === "") continue;
        // What the file has no character for is found by the field that gets it.
        const isBroken = made.text.includes("\ufffd");
        if (isBroken) wellFormed = false;
        const placed = isBroken ? this.#placeByte(0xff, base) : this.#place(made.text, base);
        cells[2 * cell] = placed.start;
        cells[2 * cell + 1] = placed.end;
        flags[cell] = made.flags;
      }
    }
    const bytes = Buffer.allocUnsafe(base + this.#length + 2 * verbatimSlack);
    bytes.set(batch.bytes);
    bytes.set(this.#arena.subarray(0, this.#length), base);
    bytes.fill(0, base + this.#length);
    this.#length = 0;
    const cellCounts = batch.cellCounts.map((count, r) => (batch.shapes[r] === rowIntact ? stride : count));
    return { ...batch, bytes, wellFormed, columnCount: stride, cells, flags, cellCounts };
  }

  /** In a report a cell stands guarded. */
  #place(value: string, base: number): { start: number; end: number } {
    const text = this.#isReport && isFormula(value) ? `'${value}` : value;
    // A character of UTF-16 takes three bytes at most.
    this.#reserve(3 * text.length);
    const start = base + this.#length;
    this.#length += this.#arena.write(text, this.#length);
    return { start, end: base + this.#length };
  }

  #placeByte(byte: number, base: number): { start: number; end: number } {
    this.#reserve(1);
    this.#arena[this.#length++] = byte;
    return { start: base + this.#length - 1, end: base + this.#length };
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#arena.length) return;
    const grown = Buffer.alloc(Math.max(2 * this.#arena.length, this.#length + more));
    grown.set(this.#arena.subarray(0, this.#length));
    this.#arena = grown;
  }
}
