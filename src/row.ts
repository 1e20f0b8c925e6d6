/**
 * Batches of rows: bytes plus the offsets of the cells in them, whatever the format. A cell stays bytes until a
 * validator, a transform or an escape needs a string.
 */

/** How a file is written. Found once and frozen on the job: preview, parse and report all read with it. */
export interface Dialect {
  format: "csv";
  encoding: Encoding;
  /** One ASCII character. */
  delimiter: string;
  /** The quote character; a quote inside a quoted cell is doubled (RFC 4180, section 2.7). */
  quote: '"';
  lineEnding: "\r\n" | "\n" | "\r";
  /** Bytes of a byte order mark at the start of the file. */
  bomBytes: number;
  /** Number of the header's row, from 1; 0 when the file has no header. */
  headerRow: number;
  /** The columns by their headers (or `Column 1` … without one). */
  columns: string[];
}
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** Cell flags. */
export const cellQuoted = 1;
/** The cell holds doubled quotes: read it through `unescapeCell`. */
export const cellEscaped = 2;

/** What is wrong with a row's shape, before any field is looked at. */
export const rowIntact = 0;
export const rowTooShort = 1;
export const rowTooLong = 2;
export const rowQuoteUnclosed = 3;
export const rowTooLarge = 4;

/**
 * Some thousand rows. A reader reuses its batch: what you need of it, take before you ask for the next.
 */
export interface Batch {
  /** UTF-8, whatever the file's encoding (bytes that are no UTF-8 in a UTF-8 file stand as they are). */
  bytes: Uint8Array;
  rowCount: number;
  /** Cells a row of this file has; the stride of `cells` and `flags`. */
  columnCount: number;
  /** Start and end in `bytes` of cell c of row r, at `2 * (r * columnCount + c)`. */
  cells: Int32Array;
  /** Flags of cell c of row r, at `r * columnCount + c`. */
  flags: Uint8Array;
  /** What is wrong with the shape of row r, `rowIntact` when nothing is. */
  shapes: Uint8Array;
  /** Number of row r in the file. */
  rowNumbers: Int32Array;
  /** Cells that row r really has. */
  cellCounts: Int32Array;
  /** Byte offset of row r in the stored file. */
  rowOffsets: Float64Array;
  /** Start of row r in `bytes`. */
  rowStarts: Int32Array;
  /** End of row r in `bytes`, without its line ending. */
  rowEnds: Int32Array;
  /** Cells that row r has beyond `columnCount`, as (start, end, flags); only rows of the shape `rowTooLong` are here. */
  surplus: Map<number, Int32Array>;
  /** Where the next batch begins. */
  next: { offset: number; row: number };
}

/** A cell's text without the doubled quotes, decoded; invalid bytes become U+FFFD. */
export function cellText(batch: Batch, row: number, column: number): string {
  const cell = row * batch.columnCount + column;
  return textOf(batch.bytes, batch.cells[2 * cell], batch.cells[2 * cell + 1], batch.flags[cell]);
}

/** All cells that a row really has, also those beyond the header's. */
export function rowCells(batch: Batch, row: number): string[] {
  const own = Math.min(batch.cellCounts[row], batch.columnCount);
  const cells = Array.from({ length: own }, (_, column) => cellText(batch, row, column));
  const surplus = batch.surplus.get(row);
  for (let k = 0; surplus !== undefined && k < surplus.length; k += 3) {
    cells.push(textOf(batch.bytes, surplus[k], surplus[k + 1], surplus[k + 2]));
  }
  return cells;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
function textOf(bytes: Uint8Array, start: number, end: number, flags: number): string {
  const text = decoder.decode(bytes.subarray(start, end));
  return flags & cellEscaped ? text.replaceAll('""', '"') : text;
}

/** Copies a quoted cell without the doubling of its quotes; returns the number of bytes written to `out`. */
export function unescapeCell(bytes: Uint8Array, start: number, end: number, out: Uint8Array): number {
  let length = 0;
  for (let i = start; i < end; i++) {
    out[length++] = bytes[i];
    if (bytes[i] === 0x22 && bytes[i + 1] === 0x22) i++;
  }
  return length;
}
