/**
 * Validates single rows again, after a cell was edited or the importer changed, by the same rules as the file's: what is
 * read again goes through the field's encoder, what is in the stage already stays as it is.
 */
import { SluiceError, told } from "../core/errors.ts";
import { namesColumn } from "../core/feed-names.ts";
import { columnsOf, type FieldSource } from "../core/field-source.ts";
import { type ImportJob, type Mapping, shapeIssues } from "../core/import.ts";
import type { Importer } from "../core/importer.ts";
import type { IssueCode, StoredIssue } from "../core/issue.ts";
import { keyFields } from "../core/keys.ts";
import type { Attention } from "../core/ports.ts";
import { type Batch, cellRead, cellTooLong, cellTyped, rowIntact } from "../core/row.ts";
import type { HeldRow, RowChange } from "../core/store/review.ts";
import type { StageColumn } from "../core/store/stage-column.ts";
import { writtenText } from "../values/encoder.ts";
import { type MadeCell, makeCell } from "./composer.ts";
import { partTexts } from "./field-parts.ts";
import { lateMakerOf } from "./late-column.ts";
import { type Values, valueShower } from "./shown-values.ts";
import { bareFields, cellSources } from "./stage-columns.ts";
import { RowValidator } from "./validate.ts";

/** The issue that keeps a row from being edited; undefined: it can be. */
export function brokenBy({ issues }: HeldRow): StoredIssue | undefined {
  return issues.find(({ c }) => c !== "row_too_short" && shapeIssues.has(c));
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

/** A value is made of cells that are not kept. */
export class UnknownParts extends SluiceError {}

export class Revalidator {
  readonly columns: readonly StageColumn[];
  readonly #validator: RowValidator;
  readonly #importer: Importer;
  readonly mapping: Mapping;
  /** Of the cells behind the file's own. */
  readonly #sources: readonly (FieldSource | null)[];
  /** Fields of the last of these, which nothing feeds. */
  readonly #bare: readonly string[];
  /** Columns of the file. */
  readonly #columnCount: number;
  readonly #show: (values: Values) => Values;

  /** @throws SluiceError as `RowValidator` does, when mapping and importer do not go together any more. */
  constructor(importer: Importer, job: ImportJob, attention?: Attention) {
    const { mapping, assignment, duplicates, id, context, createdBy, dialect } = job;
    this.#validator = new RowValidator({
      importer,
      mapping,
      assignment,
      keys: keyFields(duplicates.keys),
      jobId: id,
      context,
      createdBy,
      unguarded: true,
      trim: dialect.trim,
      attention,
    });
    this.columns = this.#validator.columns;
    this.#importer = importer;
    this.mapping = mapping;
    this.#sources = cellSources(importer, mapping);
    this.#bare = bareFields(importer, mapping);
    this.#columnCount = mapping.columns.length;
    this.#show = valueShower(importer, mapping);
  }

  /** What is kept of a field of a valid row, as its cell would have it. */
  shown({ kept }: HeldRow, name: string): string {
    return (kept !== null && Object.hasOwn(kept, name) ? this.#show({ [name]: kept[name] })[name] : null) ?? "";
  }

  /** The row's cells in the order of the file, and those that are made; where cells are not kept, the values it has in the stage. */
  cells(row: HeldRow): string[] {
    const cells: string[] = row.cells === null ? [] : [...row.cells];
    while (cells.length < this.#columnCount) cells.push("");
    if (row.cells === null) {
      for (const { name, column, parts } of this.columns) {
        if (parts === undefined && column !== null && column < this.#columnCount && cells[column] === "")
          cells[column] = this.shown(row, name);
        for (const [place, text] of this.#partTexts(row, name, parts)) if (cells[place] === "") cells[place] = text;
      }
    }
    for (let k = Math.max(0, cells.length - this.#columnCount); k < this.#sources.length; k++) {
      const name = this.#fieldOf(k);
      const isKept = row.kept !== null && Object.hasOwn(row.kept, name);
      cells.push(isKept ? this.shown(row, name) : this.#made(k, cells, new Set(row.typed)).text);
    }
    return cells;
  }

  /** The field whose cell is the k-th behind the file's own. */
  #fieldOf(k: number): string {
    const { fields = [] } = this.mapping;
    return fields[k]?.field ?? this.#bare[k - fields.length] ?? "";
  }

  /** The cells of a field of several, as far as its value tells. */
  #partTexts({ kept }: HeldRow, name: string, parts: StageColumn["parts"]): ReadonlyMap<number, string> {
    const isField = Object.hasOwn(this.#importer.fields, name);
    if (parts === undefined || !isField || kept === null || !Object.hasOwn(kept, name)) return new Map();
    return partTexts(parts, kept[name], kept[namesColumn(name)] ?? null);
  }

  /** What the cells of a row come to at a place behind the file's own. */
  #made(k: number, cells: readonly string[], typed: ReadonlySet<number>): MadeCell {
    const source = this.#sources[k];
    if (source === null) return { text: "", flags: 0 };
    return makeCell(
      source,
      (column) => cells[column],
      (column) => (typed.has(column) ? cellTyped : 0),
    );
  }

  /**
   * The row with some of its cells replaced, by their places. A value that is made of an edited cell follows it, unless a person has
   * set it. Null: nothing would be left of it, and a blank row is not a row.
   *
   * @throws UnknownParts where a value cannot follow: its other parts are not kept.
   */
  revalidate(row: HeldRow, edited: ReadonlyMap<number, NewCell> = new Map()): RowChange | null {
    const before = this.cells(row);
    const cells = [...before];
    for (const [place, { text }] of edited) cells[place] = text;
    const typed = new Set(row.typed);
    for (const [place, { isTyped }] of edited) {
      if (isTyped) typed.add(place);
      else typed.delete(place);
    }
    const following = new Set<number>();
    for (const [k, source] of this.#sources.entries()) {
      const place = this.#columnCount + k;
      if (source === null || edited.has(place) || !columnsOf(source).some((column) => edited.has(column))) continue;
      this.#refuseUnknownParts(row, k, source, edited);
      const isSetByHand = row.cells !== null && before[place] !== this.#made(k, before, new Set(row.typed)).text;
      if (isSetByHand) continue;
      cells[place] = this.#made(k, cells, typed).text;
      following.add(place);
    }
    if (this.#isBlank(row, cells)) return null;
    const stays = ({ name, column, parts = [], isCreated }: StageColumn): boolean => {
      if (row.kept === null || !Object.hasOwn(row.kept, name)) return false;
      if (column === null) return isCreated === true;
      if (parts.some((part) => edited.has(part.column))) return false;
      return !edited.has(column) && !following.has(column) && !this.#isMadeOfOthers(name, row, cells[column]);
    };
    const batch = this.#batchOf(row, cells, edited, typed, stays);
    const { issues, warnings, values } = this.#validator.examine(batch, 0);
    const fresh = this.columns.filter((column) => !stays(column)).map(({ name }) => name);
    return {
      row: row.row,
      cells,
      typed: [...typed].sort((a, b) => a - b),
      fresh,
      documents: this.columns.flatMap(({ name, type }) => (type === "jsonb" && fresh.includes(name) ? [name] : [])),
      values: Object.fromEntries(
        issues === null
          ? this.columns.flatMap(({ name }, s) => (fresh.includes(name) ? [[name, values[s]] as const] : []))
          : [],
      ),
      issues,
      warnings: [
        ...row.warnings.filter(({ c, f }) => c === "decided_update" || (f !== undefined && !fresh.includes(f))),
        ...warnings,
      ],
      edited: Object.fromEntries([...edited].map(([place, { text }]) => [place, text])),
    };
  }

  /** Whether it is a default that follows the row's other values. */
  #isMadeOfOthers(name: string, row: HeldRow, cell: string): boolean {
    return row.cells !== null && cell.trim() === "" && lateMakerOf(this.#importer, this.mapping, name) !== null;
  }

  /** Of a row that came valid out of the file the values are known, and no other cell. */
  #refuseUnknownParts(row: HeldRow, k: number, source: FieldSource, edited: ReadonlyMap<number, NewCell>): void {
    if (row.cells !== null) return;
    const known = new Set(this.columns.map(({ column }) => column));
    if (columnsOf(source).every((column) => edited.has(column) || known.has(column))) return;
    const field = this.#fieldOf(k);
    throw new UnknownParts(
      "conflict",
      told`Row ${row.row} is valid, and of the columns that "${field}" is joined from no cells are kept. Edit the field "${field}" itself.`,
    );
  }

  #isBlank(row: HeldRow, cells: readonly string[]): boolean {
    const isBlank = (cell: string): boolean => cell.trim() === "";
    if (!cells.slice(0, this.#columnCount).every(isBlank)) return false;
    // What is made of cells that are not kept tells of them.
    return (
      row.cells !== null ||
      this.#sources.every((source, k) => source?.kind === "constant" || isBlank(cells[this.#columnCount + k]))
    );
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
    const width = this.#columnCount + this.#sources.length;
    const pieces = cells.slice(0, width).map((cell) => Buffer.from(cell));
    const flags = new Uint8Array(width);
    for (const place of typed) if (place < flags.length) flags[place] = cellTyped;
    for (const k of this.#sources.keys()) {
      const place = this.#columnCount + k;
      const made = this.#made(k, cells, typed);
      if (!edited.has(place) && made.text === cells[place]) flags[place] = made.flags;
    }
    // The owner's column may be a field's too: the field's value is the one that checks look at.
    for (const column of [...this.columns].reverse()) {
      const { name, column: place, parts } = column;
      if (place === null) continue;
      if (parts !== undefined) {
        // Of a row whose cells are not kept they are in plain form.
        const told = row.cells === null ? this.#partTexts(row, name, parts) : new Map<number, string>();
        for (const { column: at } of parts) {
          if (told.has(at) && !edited.has(at)) flags[at] |= cellTyped;
          if (cells[at].includes("\ufffd")) pieces[at] = Buffer.from([0xff]);
        }
      } else if (stays(column)) {
        flags[place] = cellRead;
        pieces[place] = Buffer.from(this.#keptText(name, row.kept?.[name] ?? ""));
      } else if (!edited.has(place)) {
        const has = (code: IssueCode): boolean => issues.some(({ c, f }) => c === code && f === name);
        if (has("cell_too_long")) flags[place] |= cellTooLong;
        // U+FFFD marks what could not be kept of a cell: it is not text from the file.
        if (cells[place].includes("\ufffd")) pieces[place] = Buffer.from([has("nul_character") ? 0 : 0xff]);
      }
    }
    const bounds = new Int32Array(2 * width);
    let length = 0;
    for (const [c, piece] of pieces.entries()) {
      bounds.set([length, length + piece.length], 2 * c);
      length += piece.length;
    }
    return {
      bytes: Buffer.concat(pieces),
      rowCount: 1,
      columnCount: width,
      cells: bounds,
      flags,
      shapes: Uint8Array.of(rowIntact),
      rowNumbers: Int32Array.of(row.row),
      cellCounts: Int32Array.of(width),
      rowOffsets: Float64Array.of(0),
      rowStarts: Int32Array.of(0),
      rowEnds: Int32Array.of(length),
      surplus: new Map(),
      notes: new Map(),
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
