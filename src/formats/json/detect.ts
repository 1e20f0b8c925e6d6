/** Finds a JSON file's dialect: its encoding, where its rows are, and its columns, which are the names in a sample of them. */
import { SluiceError, type Telling, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import { cellText, type DialectHints, type Encoding, type FileFinding, type JsonDialect } from "../../core/row.ts";
import { maxRowBytes } from "../table/batch-room.ts";
import { columnNames } from "../table/column-names.ts";
import { findTable, maxColumns, type SampleRow } from "../table/table.ts";
import { ElementCells } from "./element.ts";
import { type FoundLayout, findLayout, type Layout } from "./layout.ts";
import { NameColumns } from "./names.ts";
import { RowScanner } from "./rows.ts";
import { TextReader, textEncoding } from "./text-reader.ts";
import { lineFeed, maxDepth } from "./token.ts";

/** The names of the columns are gathered from this much of the file's beginning. */
const sampleBytes = 4 * 1024 * 1024;
/** And of JSON Lines from as many places further on, where a line is found without reading what is before. */
const furtherSamples = 32;
const furtherBytes = 64 * 1024;
/** Rows of a list of lists that the header is judged on. */
const maxSampleRows = 1000;

/**
 * The dialect of a JSON file.
 *
 * @throws SluiceError `invalid`: no JSON, no records in it, or more than 16,384 columns.
 */
export async function detectJson(source: Source, hints: DialectHints, signal?: AbortSignal): Promise<JsonDialect> {
  const head = new Uint8Array(Math.min(64, source.sizeBytes));
  const headLength = await source.read(head, 0);
  if (headLength === 0) throw new SluiceError("invalid", told`${source.name} is empty: it has no header and no rows.`);
  const { encoding, bomBytes } = textEncoding(source.name, head.subarray(0, headLength), hints);
  const found = await findLayout(source, encoding, bomBytes);
  const { layout } = found;
  if (layout.names !== null && layout.names.length > maxColumns)
    throw new SluiceError("invalid", told`${source.name} has more than ${maxColumns} columns.`);
  const findings: FileFinding[] = [];
  if (layout.otherTables > 0) findings.push({ code: "other_tables", count: layout.otherTables });
  const format = layout.kind === "array" || layout.kind === "members" ? "json" : "jsonl";
  const sample = new Sample(found);
  await sample.add(layout.start, sampleBytes, signal);
  if (layout.kind === "lines" && Number.isFinite(source.sizeBytes)) await sample.addFurther(signal);
  const common = { format, encoding, bomBytes, packing: "none" } as const;
  sample.requireRow();
  if (layout.rows === "arrays" && layout.names === null) {
    const table = tableOf(source.name, sample.rows, hints.headerRow);
    return { ...common, ...table, findings: [...findings, ...table.findings] };
  }
  if (hints.headerRow !== undefined && hints.headerRow > 0) {
    throw new SluiceError(
      "invalid",
      told`${source.name} has no header row: its records carry the names of their columns.`,
      { next: { code: "omit_option", option: "headerRow" } },
    );
  }
  const columns =
    layout.names !== null
      ? columnNames(layout.names)
      : layout.rows === "scalars"
        ? valueColumns(layout)
        : sample.columns();
  if (layout.kind === "members") findings.push({ code: "keys_as_column", count: 1, params: { column: columns[0] } });
  return { ...common, headerRow: 0, headerRows: 1, lastRow: null, columns, findings };
}

/** A list of bare values is one column, and what has a key for each of them two. */
function valueColumns({ kind }: Layout): string[] {
  return kind === "members" ? ["id", "value"] : ["Column 1"];
}

/** The first rows of a file, and the names that are in them. */
class Sample {
  /** Of a list of lists. */
  readonly rows: SampleRow[] = [];
  #hasRow = false;
  /** Why the sample has no row, when it is not that the list is empty. */
  #problem: Telling | null = null;
  readonly #source: Source;
  readonly #encoding: Encoding;
  readonly #layout: Layout;
  readonly #columns: NameColumns;
  readonly #cells: ElementCells;
  readonly #filled = new Uint8Array(maxColumns + 1);

  constructor({ source, encoding, layout }: FoundLayout) {
    this.#source = source;
    this.#encoding = encoding;
    this.#layout = layout;
    const keyed = layout.kind === "members";
    this.#columns = new NameColumns(source.name, keyed ? ["key"] : [], { open: true, keyed });
    this.#cells = new ElementCells({
      kind: layout.rows,
      columns: this.#columns,
      columnCount: maxColumns + 1,
      maxRows: 1,
      maxRowBytes,
      row: 1,
      keyed,
    });
  }

  /** Looks at the rows in `sizeBytes` bytes from `offset` on, where one begins. */
  async add(offset: number, sizeBytes: number, signal?: AbortSignal): Promise<void> {
    const reader = new TextReader(this.#source, this.#encoding, offset);
    const capacity = Math.min(sizeBytes, 2 * this.#source.sizeBytes + 16);
    const bytes = new Uint8Array(capacity + maxRowBytes);
    let end = 0;
    while (!reader.atEnd && end + 8 < capacity) {
      signal?.throwIfAborted();
      end += await reader.read(bytes, end, capacity);
    }
    this.#scan(bytes, 0, end, reader.atEnd);
  }

  /** Samples rows from the whole file, so that a name that few of them have gets its column too. */
  async addFurther(signal?: AbortSignal): Promise<void> {
    const { sizeBytes } = this.#source;
    const from = this.#layout.start + sampleBytes;
    // Of UTF-16, lines are not looked for in the middle.
    if (this.#encoding !== "utf-8" || sizeBytes <= from) return;
    const bytes = new Uint8Array(furtherBytes + maxRowBytes);
    for (let k = 0; k < furtherSamples; k++) {
      signal?.throwIfAborted();
      const offset = from + Math.floor((k / furtherSamples) * Math.max(0, sizeBytes - from - furtherBytes));
      const end = await this.#source.read(bytes.subarray(0, furtherBytes), offset);
      const feed = bytes.subarray(0, end).indexOf(lineFeed);
      if (feed >= 0) this.#scan(bytes, feed + 1, end, false);
    }
  }

  /** @throws SluiceError `invalid` when there is no row with a value in the sample. */
  requireRow(): void {
    if (this.#hasRow) return;
    throw new SluiceError(
      "invalid",
      this.#problem ?? told`${this.#source.name} is JSON with no records: its list is empty.`,
    );
  }

  /** The names in order of appearance, without those that are an object in every row that has a value for them. */
  columns(): string[] {
    const { paths } = this.#columns;
    const parents = new Set<string>();
    for (const path of paths) {
      for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) parents.add(path.slice(0, dot));
    }
    const names = paths.filter((path, c) => this.#filled[c] === 1 || !parents.has(path));
    if (this.#layout.kind !== "members") return names;
    const own = names.slice(1);
    const isTaken = (name: string): boolean => own.some((each) => each.toLowerCase() === name);
    return [["id", "key", "record_key"].find((name) => !isTaken(name)) ?? "record key", ...own];
  }

  #scan(bytes: Uint8Array, from: number, end: number, atEnd: boolean): void {
    const { kind } = this.#layout;
    const { batch } = this.#cells;
    const { name } = this.#source;
    const scanner = new RowScanner(this.#cells, { kind, row: 1, maxRows: 1, maxRowBytes });
    scanner.position = from;
    for (;;) {
      const stop = scanner.scan(bytes, end, end, atEnd);
      if (batch.rowCount > 0) this.#note();
      if (stop === "row_too_large")
        this.#problem = told`The first record of ${name} is larger than ${maxRowBytes} bytes.`;
      if (stop === "broken") {
        const at = this.#layout.start + this.#cells.problemAt;
        this.#problem = scanner.nestsTooDeep
          ? told`${name} is nested more than ${maxDepth} levels deep, so it is not a table.`
          : told`${name} is not valid JSON at byte ${at}, in its first record.`;
      }
      if (stop !== "batch_full" || this.rows.length >= maxSampleRows) return;
    }
  }

  #note(): void {
    const { batch } = this.#cells;
    this.#hasRow = true;
    if (this.#layout.rows !== "arrays") {
      const count = this.#columns.paths.length;
      for (let c = 0; c < count; c++) if (batch.cells[2 * c + 1] > batch.cells[2 * c]) this.#filled[c] = 1;
      return;
    }
    const count = Math.min(this.#cells.elementCount, maxColumns + 1);
    const cells = Array.from({ length: count }, (_, c) => cellText(batch, 0, c));
    if (count > 0) this.rows.push({ number: batch.rowNumbers[0], cells });
  }
}

/** A list of lists has its header in its first row, or none; rows may end where their last value is. */
function tableOf(name: string, rows: SampleRow[], headerRow: number | undefined): ReturnType<typeof findTable> {
  const table = findTable(name, rows, headerRow);
  if (table.headerRow > 0) return table;
  const width = rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  const [first, ...rest] = rows;
  const padded = { ...first, cells: [...first.cells, ...new Array<string>(width - first.cells.length).fill("")] };
  return findTable(name, [padded, ...rest], 0);
}
