/** A rejected row, or one that is left out, as COPY text for `sluice.import_rows`: job_id, row_no, outcome, issues, cells, row_offset, typed_cells. */

import { unguarded } from "../core/formula-guard.ts";
import type { StoredIssue } from "../core/issue.ts";
import { type Batch, cellEscaped, cellText, cellTyped, rowCells } from "../core/row.ts";
import type { CopyText } from "../values/copy-text.ts";

export interface RejectedRow {
  jobId: number;
  outcome: "invalid" | "skipped";
  issues: readonly StoredIssue[];
  /** The cells of a Sluice report come without the apostrophes that guard them. */
  isReport: boolean;
}

/** Writes row `r` with its cells as they are in the file. */
export function writeReject(
  out: CopyText,
  batch: Batch,
  r: number,
  { jobId, outcome, issues, isReport }: RejectedRow,
): void {
  out.integer(jobId);
  out.reserve(1);
  out.tab();
  out.integer(batch.rowNumbers[r]);
  out.reserve(1);
  out.tab();
  out.text(outcome);
  out.reserve(1);
  out.tab();
  out.text(JSON.stringify(issues));
  out.reserve(1);
  out.tab();
  if (isReport || batch.surplus.has(r)) out.text(arrayLiteral(rowCells(batch, r), isReport));
  else writeCells(out, batch, r);
  out.reserve(1);
  out.tab();
  out.integer(batch.rowOffsets[r]);
  out.reserve(3);
  out.tab();
  const typed = typedCells(batch, r);
  if (typed.length === 0) out.null();
  else out.text(`{${typed.join(",")}}`);
  out.reserve(1);
  out.endRow();
}

/** Places of the cells that the file itself typed. */
function typedCells(batch: Batch, r: number): number[] {
  const places: number[] = [];
  const first = r * batch.columnCount;
  for (let c = 0; c < batch.columnCount; c++) if (batch.flags[first + c] & cellTyped) places.push(c);
  return places;
}

/** A text[] literal (the Postgres manual, 8.15.2): every element quoted. */
function arrayLiteral(cells: readonly string[], isReport: boolean): string {
  return `{${cells.map((cell) => element(isReport ? unguarded(cell) : cell)).join(",")}}`;
}

function element(value: string): string {
  return `"${value.replace(/[\\"]/g, "\\$&")}"`;
}

const quote = 0x22;
const backslash = 0x5c;
const space = 0x20;
const highBit = 0x80;

/** The same literal from the row's own cells, of which the plain ones are copied. */
function writeCells(out: CopyText, batch: Batch, r: number): void {
  const { bytes, cells, flags, columnCount } = batch;
  const count = Math.min(batch.cellCounts[r], columnCount);
  out.reserve(1);
  out.bytes[out.length++] = 0x7b;
  for (let c = 0; c < count; c++) {
    const cell = r * columnCount + c;
    const start = cells[2 * cell];
    const end = cells[2 * cell + 1];
    out.reserve(end - start + 4);
    if (c > 0) out.bytes[out.length++] = 0x2c;
    const mark = out.length;
    const target = out.bytes;
    let at = mark;
    target[at++] = quote;
    let i = start;
    if ((flags[cell] & cellEscaped) === 0) {
      for (; i < end; i++) {
        const byte = bytes[i];
        if (byte < space || byte === quote || byte === backslash || (byte >= highBit && !batch.wellFormed)) break;
        target[at++] = byte;
      }
    }
    if (i === end) {
      target[at++] = quote;
      out.length = at;
    } else {
      out.text(element(cellText(batch, r, c)));
    }
  }
  out.reserve(1);
  out.bytes[out.length++] = 0x7d;
}
