/** Batches made by hand, with the flags that a workbook's reader sets. */
import { type Batch, cellError, cellTyped, rowIntact } from "../../src/core/row.ts";

/** A cell as it stands, typed by the file, or an error value. */
export type Cell = string | { typed: string } | { error: string };

/** `rows` from row 2 on, below the header; null is a row that the file leaves out. Cells that are not given are blank. */
export function batchOf(
  rows: readonly (readonly Cell[] | null)[],
  { firstRow = 2, columnCount = 1 }: { firstRow?: number; columnCount?: number } = {},
): Batch {
  const present = rows.flatMap((cells, k) => (cells === null ? [] : [{ cells, number: firstRow + k }]));
  const pieces: Buffer[] = [];
  let length = 0;
  const cells = new Int32Array(2 * columnCount * present.length);
  const flags = new Uint8Array(columnCount * present.length);
  const rowStarts = new Int32Array(present.length);
  const rowEnds = new Int32Array(present.length);
  for (const [r, row] of present.entries()) {
    rowStarts[r] = length;
    for (let c = 0; c < columnCount; c++) {
      const cell = row.cells[c] ?? "";
      const text = typeof cell === "string" ? cell : "typed" in cell ? cell.typed : cell.error;
      const piece = Buffer.from(text);
      cells.set([length, length + piece.length], 2 * (r * columnCount + c));
      flags[r * columnCount + c] = typeof cell === "string" ? 0 : "typed" in cell ? cellTyped : cellError;
      pieces.push(piece);
      length += piece.length;
    }
    rowEnds[r] = length;
  }
  return {
    bytes: new Uint8Array(Buffer.concat(pieces)),
    rowCount: present.length,
    columnCount,
    cells,
    flags,
    shapes: new Uint8Array(present.length).fill(rowIntact),
    rowNumbers: Int32Array.from(present, ({ number }) => number),
    cellCounts: new Int32Array(present.length).fill(columnCount),
    rowOffsets: Float64Array.from(present, ({ number }) => 100 * number),
    rowStarts,
    rowEnds,
    surplus: new Map(),
    notes: new Map(),
    next: { offset: 0, row: firstRow + rows.length },
    readBytes: length,
  };
}
