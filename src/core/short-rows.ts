/**
 * Rows of delimited text that end before the table's last columns. Excel leaves out delimiters at the end of a line where nothing but
 * blank cells would follow, sixteen lines at a time ("Column delimiters are missing in an Excel spreadsheet that is saved as text",
 * Microsoft's support article 77295), other programs line by line. Whether a file is written so is seen from its lines together: one
 * short row alone has lost a cell anywhere.
 */
import type { Dialect, FileFinding } from "./row.ts";

/** Lines that Excel decides on together. */
const blockRows = 16;
/** Of the rows, as many must end early: fewer are damage. */
const leastShare = 0.02;

/** What is kept of the rows so far, as plain data. */
export interface StoredShortRows {
  rows: number;
  short: number;
  /** Rows that have a blank cell written at their end. */
  blankEnds: number;
  blocks: StoredBlocks[];
}

/** The lines in sixteens, the first of which begins at some row. */
interface StoredBlocks {
  first: number;
  /** The sixteen that is being filled. */
  at: number;
  rows: number;
  short: number;
  narrowest: number;
  /** The widest of its rows that end with a blank cell. */
  widestBlank: number;
  /** Sixteens in which a row lacks a cell that another has written as blank. */
  mixed: number;
  /** Rows of the sixteens that have short ones. */
  rowsBeside: number;
}

function blocksFrom(first: number): StoredBlocks {
  return {
    first,
    at: -1,
    rows: 0,
    short: 0,
    narrowest: Number.MAX_SAFE_INTEGER,
    widestBlank: 0,
    mixed: 0,
    rowsBeside: 0,
  };
}

/** Counts the rows of a table by how they end. */
export class ShortRows {
  readonly #columns: number;
  #rows: number;
  #short: number;
  #blankEnds: number;
  readonly #blocks: StoredBlocks[];

  /** `headerRow`: sixteens may be counted from the file's first line or from the one below it. */
  constructor({ columns, headerRow, stored }: { columns: number; headerRow: number; stored?: StoredShortRows }) {
    this.#columns = columns;
    this.#rows = stored?.rows ?? 0;
    this.#short = stored?.short ?? 0;
    this.#blankEnds = stored?.blankEnds ?? 0;
    this.#blocks = stored?.blocks ?? [blocksFrom(1), blocksFrom(headerRow + 1)];
  }

  /** A row that is not blank: its number, the cells that it has, and whether the last of them is blank. */
  add(row: number, cells: number, endsBlank: boolean): void {
    const isShort = cells < this.#columns;
    this.#rows++;
    if (isShort) this.#short++;
    if (endsBlank) this.#blankEnds++;
    for (const blocks of this.#blocks) {
      const at = Math.floor((row - blocks.first) / blockRows);
      if (at !== blocks.at) closeBlock(blocks, at);
      blocks.rows++;
      if (isShort) blocks.short++;
      if (cells < blocks.narrowest) blocks.narrowest = cells;
      if (endsBlank && cells > blocks.widestBlank) blocks.widestBlank = cells;
    }
  }

  /** Whether the rows are short because blank cells were left out at their end. */
  get areTrimmed(): boolean {
    if (this.#short < 2 || this.#short < leastShare * this.#rows) return false;
    if (this.#blankEnds === 0) return true;
    return this.#blocks.some((blocks) => {
      const { mixed, rowsBeside } = closeBlock({ ...blocks }, -1);
      return mixed === 0 && 2 * this.#short >= rowsBeside;
    });
  }

  toJSON(): StoredShortRows {
    return { rows: this.#rows, short: this.#short, blankEnds: this.#blankEnds, blocks: this.#blocks };
  }
}

function closeBlock(blocks: StoredBlocks, next: number): StoredBlocks {
  if (blocks.narrowest < blocks.widestBlank) blocks.mixed++;
  if (blocks.short > 0) blocks.rowsBeside += blocks.rows;
  const { mixed, rowsBeside } = blocks;
  return Object.assign(blocks, blocksFrom(blocks.first), { at: next, mixed, rowsBeside });
}

/** Whether short rows are taken in with blank cells: as a person says, else as the file shows. */
export function padsShortRows(dialect: Dialect): boolean {
  if (dialect.format !== "csv") return false;
  return dialect.shortRows === undefined ? dialect.endsEarly === true : dialect.shortRows === "pad";
}

/** What is told of a row that was taken in so. */
export const paddedRow: FileFinding = { code: "rows_padded", count: 1 };
