/**
 * The whole file as the review has corrected it: every row in the file's own columns, whether it goes in or not. Read from the stored
 * file again, with the edits laid over it in the order of the rows, so that nothing is held.
 */
import { unguarded } from "../core/formula-guard.ts";
import { fileCells, type ImportJob } from "../core/import.ts";
import type { Format, Source } from "../core/ports.ts";
import { rowCells } from "../core/row.ts";
import type { EditedRow } from "../core/store/outcomes.ts";
import { reportCell, reportColumnCount } from "../values/report-cell.ts";
import { delimiterOf } from "./delimiter.ts";

type CorrectedJob = Pick<ImportJob, "dialect" | "language">;

export interface CorrectedFile {
  source: Source;
  format: Format;
  signal?: AbortSignal;
}

/** The text in pieces, the first with a byte order mark, so that Excel reads accents; no spreadsheet runs a cell of it as a formula. */
export async function* correctedCsv(
  job: CorrectedJob,
  edits: AsyncIterable<EditedRow>,
  file: CorrectedFile,
): AsyncGenerator<string> {
  const delimiter = delimiterOf(job);
  let mark = "\ufeff";
  for await (const cells of correctedRows(job, edits, file)) {
    yield `${mark}${cells.map((cell) => reportCell(cell, delimiter)).join(delimiter)}\r\n`;
    mark = "";
  }
}

/** Row by row, the headers first, those behind the table's end too: they are rejected, and not lost. `edits` come in the order of their rows. */
export async function* correctedRows(
  { dialect }: Pick<ImportJob, "dialect">,
  edits: AsyncIterable<EditedRow>,
  { source, format, signal }: CorrectedFile,
): AsyncGenerator<string[]> {
  const { columns, headerRow } = dialect;
  // Cells of a report that came back are guarded in the file; they are guarded anew where they are written.
  const isReport = reportColumnCount(columns) > 0;
  yield [...columns];
  const newest = edits[Symbol.asyncIterator]();
  try {
    let edit = await newest.next();
    for await (const batch of format.read(source, dialect, { signal })) {
      for (let r = 0; r < batch.rowCount; r++) {
        const row = batch.rowNumbers[r];
        if (row <= headerRow) continue;
        while (!edit.done && edit.value.row < row) edit = await newest.next();
        const own = rowCells(batch, r);
        const cells = isReport ? own.map(unguarded) : own;
        const corrected = !edit.done && edit.value.row === row ? withEdit(cells, edit.value, columns.length) : cells;
        if (corrected.some((cell) => cell.trim() !== "")) yield corrected;
      }
    }
  } finally {
    await newest.return?.();
  }
}

/** Values of fields that no column has are no cells of the file. */
function withEdit(own: readonly string[], { cells, edited }: EditedRow, columnCount: number): string[] {
  const corrected = edited === null && cells !== null ? [...fileCells(columnCount, cells, [])] : [...own];
  for (const [place, text] of Object.entries(edited ?? {})) {
    if (Number(place) >= columnCount) continue;
    while (corrected.length <= Number(place)) corrected.push("");
    corrected[Number(place)] = text;
  }
  return corrected;
}
