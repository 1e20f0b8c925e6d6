/** How much a batch has room for, whatever the format, and a batch without rows. */
import type { Batch } from "../../core/row.ts";

/** Text that a batch of a workbook's rows holds before it is handed over. */
export const batchBytes = 512 * 1024;
/** A row with more text than this is an issue, not memory. */
export const maxRowBytes = 4 * 1024 * 1024;
/** Excel's own limit of a cell's text: of more, the beginning is kept, with an issue. Many cells may name one long text. */
export const maxCellCharacters = 32_767;
/** What is kept of such a row, to show which it is. */
export const shownBytes = 256;
const maxRowsPerBatch = 8192;
/** Cells a batch has room for: its offsets take 9 bytes a cell. */
const maxCellsPerBatch = 128 * 1024;

/** Rows per batch for this number of columns, at least one. `most`: tests make it smaller than the default. */
export function rowsPerBatch(columnCount: number, most = maxRowsPerBatch): number {
  return Math.max(1, Math.min(most, Math.floor(maxCellsPerBatch / columnCount)));
}

/** Its text is whatever `bytes` its reader gives it; `row` is the number of the first row that comes. */
export function emptyBatch({
  columnCount,
  maxRows,
  row,
}: {
  columnCount: number;
  maxRows: number;
  row: number;
}): Batch {
  return {
    bytes: new Uint8Array(0),
    wellFormed: false,
    rowCount: 0,
    columnCount,
    cells: new Int32Array(2 * maxRows * columnCount),
    flags: new Uint8Array(maxRows * columnCount),
    shapes: new Uint8Array(maxRows),
    rowNumbers: new Int32Array(maxRows),
    cellCounts: new Int32Array(maxRows),
    rowOffsets: new Float64Array(maxRows),
    rowStarts: new Int32Array(maxRows),
    rowEnds: new Int32Array(maxRows),
    surplus: new Map(),
    notes: new Map(),
    next: { offset: 0, row },
    readBytes: 0,
  };
}
