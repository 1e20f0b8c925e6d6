/**
 * Validates single rows again, after a cell was edited or the importer changed, by the same rules as the file's: what is
 * read again goes through the field's encoder, what is in the stage already stays as it is.
 */
import type { ImportJob } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { IssueCode, StoredIssue } from "../core/issue.ts";
import type { Attention } from "../core/ports.ts";
import { type Batch, cellRead, cellTooLong, cellTyped, rowIntact } from "../core/row.ts";
import type { HeldRow, RowChange } from "../core/store/review.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import { writtenText } from "../values/encoder.ts";
import { RowValidator } from "./validate.ts";

/** What is wrong with a row as a whole, where editing a cell cannot fix it: the kept cells are not all of its cells, or not its own. */
const brokenCodes: ReadonlySet<IssueCode> = new Set([
  "row_too_long",
  "row_too_large",
  "quote_unclosed",
  "outside_table",
  "row_number_repeated",
]);

/** The issue that keeps a row from being edited; undefined: it can be. */
export function brokenBy({ issues }: HeldRow): StoredIssue | undefined {
  return issues.find(({ c }) => brokenCodes.has(c));
}

/** Whether the row has fewer cells than the file has columns. A person who edits it has seen which ones are missing. */
export function isTooShort({ issues }: HeldRow): boolean {
  return issues.some(({ c }) => c === "row_too_short");
}

/** Characters that a cell may have: Excel's limit, as in a file. */
export const maxCellChars = 32_767;

/** A cell as it is to be. */
export interface NewCell {
  text: string;
  /** It is in plain form: a number with a point, an ISO 8601 date. */
  isTyped?: boolean;
}

export class Revalidator {
  readonly columns: readonly StageColumn[];
  readonly #validator: RowValidator;
  readonly #importer: Importer;
  readonly #columnCount: number;

  /** @throws SluiceError as `RowValidator` does, when mapping and importer do not go together any more. */
  constructor(importer: Importer, job: ImportJob, attention?: Attention) {
    const { mapping, assignment, duplicates, id } = job;
    this.#validator = new RowValidator({
      importer,
      mapping,
      assignment,
      keys: duplicates.keys,
      jobId: id,
      unguarded: true,
      attention,
    });
    this.columns = this.#validator.columns;
    this.#importer = importer;
    this.#columnCount = mapping.columns.length;
  }

  /** The row's cells in the order of the file; of one whose cells are not kept, the values it has in the stage. */
  cells(row: HeldRow): string[] {
    const cells: string[] = row.cells === null ? [] : [...row.cells];
    while (cells.length < this.#columnCount) cells.push("");
    if (row.cells === null) {
      for (const { name, column } of this.columns) if (cells[column] === "") cells[column] = row.kept?.[name] ?? "";
    }
    return cells;
  }

  /**
   * The row with some of its cells replaced, by their places. Null: nothing would be left of it, and a blank row is not a row.
   */
  revalidate(row: HeldRow, edited: ReadonlyMap<number, NewCell> = new Map()): RowChange | null {
    const cells = this.cells(row);
    for (const [place, { text }] of edited) cells[place] = text;
    if (cells.every((cell) => cell.trim() === "")) return null;
    const stays = ({ name, column }: StageColumn): boolean =>
      row.kept !== null && Object.hasOwn(row.kept, name) && !edited.has(column);
    const typed = new Set(row.typed);
    for (const [place, { isTyped }] of edited) {
      if (isTyped) typed.add(place);
      else typed.delete(place);
    }
    const batch = this.#batchOf(row, cells, edited, typed, stays);
    const { issues, warnings, values } = this.#validator.examine(batch, 0);
    const fresh = this.columns.filter((column) => !stays(column)).map(({ name }) => name);
    return {
      row: row.row,
      cells,
      typed: [...typed].sort((a, b) => a - b),
      fresh,
      values: Object.fromEntries(
        issues === null
          ? this.columns.flatMap(({ name }, s) => (fresh.includes(name) ? [[name, values[s]] as const] : []))
          : [],
      ),
      issues,
      warnings: [...row.warnings.filter(({ f }) => f !== undefined && !fresh.includes(f)), ...warnings],
      edited: Object.fromEntries([...edited].map(([place, { text }]) => [place, text])),
    };
  }

  /** One row as a reader would deliver it. */
  #batchOf(
    row: HeldRow,
    cells: readonly string[],
    edited: ReadonlyMap<number, NewCell>,
    typed: ReadonlySet<number>,
    stays: (column: StageColumn) => boolean,
  ): Batch {
    const { issues } = row;
    const pieces = cells.slice(0, this.#columnCount).map((cell) => Buffer.from(cell));
    const flags = new Uint8Array(this.#columnCount);
    for (const place of typed) if (place < flags.length) flags[place] = cellTyped;
    // The owner's column may be a field's too: the field's value is the one that checks look at.
    for (const column of [...this.columns].reverse()) {
      const { name, column: place } = column;
      if (stays(column)) {
        flags[place] = cellRead;
        pieces[place] = Buffer.from(this.#keptText(name, row.kept?.[name] ?? ""));
      } else if (!edited.has(place)) {
        const has = (code: IssueCode): boolean => issues.some(({ c, f }) => c === code && f === name);
        if (has("cell_too_long")) flags[place] |= cellTooLong;
        // U+FFFD marks what could not be kept of a cell: it is not text from the file.
        if (cells[place].includes("\ufffd")) pieces[place] = Buffer.from([has("nul_character") ? 0 : 0xff]);
      }
    }
    const bounds = new Int32Array(2 * this.#columnCount);
    let length = 0;
    for (const [c, piece] of pieces.entries()) {
      bounds.set([length, length + piece.length], 2 * c);
      length += piece.length;
    }
    return {
      bytes: Buffer.concat(pieces),
      rowCount: 1,
      columnCount: this.#columnCount,
      cells: bounds,
      flags,
      shapes: Uint8Array.of(rowIntact),
      rowNumbers: Int32Array.of(row.row),
      cellCounts: Int32Array.of(this.#columnCount),
      rowOffsets: Float64Array.of(0),
      rowStarts: Int32Array.of(0),
      rowEnds: Int32Array.of(length),
      surplus: new Map(),
      next: { offset: 0, row: row.row + 1 },
      readBytes: 0,
    };
  }

  /** A value of the stage as the field's encoder had written it, which is what a check saw. */
  #keptText(name: string, text: string): string {
    const field = Object.hasOwn(this.#importer.fields, name) ? this.#importer.fields[name] : undefined;
    return field === undefined ? text : writtenText(field, text);
  }
}
