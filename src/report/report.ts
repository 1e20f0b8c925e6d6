/**
 * The file of rejected rows: line number, reasons in the person's language, and the cells as they are in the file, so that it can
 * be corrected and imported again. Safe to open in a spreadsheet.
 */
import { unguarded } from "../core/formula-guard.ts";
import { fileCells, type ImportJob } from "../core/import.ts";
import type { Format, Source } from "../core/ports.ts";
import { type Batch, rowCells } from "../core/row.ts";
import type { ReportedRow } from "../core/store/outcomes.ts";
import { type IssueText, issueText } from "../locale/locale.ts";
import { reportCell, reportColumnCount, reportHeaders } from "../values/report-cell.ts";
import { delimiterOf } from "./delimiter.ts";

/** What of a row the report says. */
export type RowToReport = Pick<ReportedRow, "row" | "offset" | "issues" | "cells" | "edited">;

/** The file that the rows are of, while it is kept. */
export interface ReportedFile {
  source: Source | null;
  format: Format;
  signal?: AbortSignal;
  /** Hears the cells of each row that had to be read again. */
  onRead?: (row: number, cells: readonly string[]) => void;
}

/** The report's text in pieces, the first with a byte order mark, so that Excel reads accents. */
export async function* rejectedRowsCsv(
  job: ImportJob,
  rows: AsyncIterable<RowToReport>,
  file: ReportedFile,
  label: IssueText,
): AsyncGenerator<string> {
  const delimiter = delimiterOf(job);
  let mark = "\ufeff";
  for await (const cells of rejectedRows(job, rows, file, label)) {
    yield `${mark}${cells.map((cell) => reportCell(cell, delimiter)).join(delimiter)}\r\n`;
    mark = "";
  }
}

/** The report row by row, the headers first. The cells are as in the file. */
export async function* rejectedRows(
  job: ImportJob,
  rows: AsyncIterable<RowToReport>,
  file: ReportedFile,
  label: IssueText,
): AsyncGenerator<string[]> {
  const { columns } = job.dialect;
  // The columns of the report that this file was before are replaced, not repeated.
  const own = reportColumnCount(columns);
  yield [...reportHeaders(job.language), ...columns.slice(own)];
  // Without the file, rows that are not kept have only their number and reason.
  const reader = file.source === null ? null : new RowReader(job, { ...file, source: file.source });
  try {
    for await (const row of rows) {
      const { edited = null } = row;
      const read = row.cells === null || edited !== null ? await reader?.cells(row.row, row.offset ?? 0) : undefined;
      if (read !== undefined && read.length > 0 && row.cells === null) file.onRead?.(row.row, read);
      const kept = fileCells(columns.length, row.cells ?? [], row.issues);
      const cells = [...((read?.length ?? 0) > 0 ? (read as string[]) : kept)];
      for (const [place, text] of Object.entries(edited ?? {})) {
        // A value that was set for a field that no column has.
        if (Number(place) >= columns.length) continue;
        while (cells.length <= Number(place)) cells.push("");
        cells[Number(place)] = text;
      }
      const reasons = row.issues.map((issue) => issueText(job.language, issue, label)).join(" ");
      yield [String(row.row), reasons, ...cells.slice(own)];
    }
  } finally {
    await reader?.close();
  }
}

/** Reading on this far is quicker than starting over. */
const nearBytes = 4 * 1024 * 1024;

/** Reads single rows of the file again, quickest in their order. */
class RowReader {
  readonly #job: ImportJob;
  readonly #file: { source: Source; format: Format; signal?: AbortSignal };
  /** Plain text is read from any place at once. What is packed, and a workbook's sheet, is unpacked from its start each time. */
  readonly #seeks: boolean;
  #batches: ReturnType<Format["read"]> | null = null;
  #batch: Batch | null | undefined = null;

  constructor(job: ImportJob, file: { source: Source; format: Format; signal?: AbortSignal }) {
    this.#job = job;
    this.#file = file;
    this.#seeks = job.dialect.packing === "none" && !("sheet" in job.dialect);
  }

  async cells(row: number, offset: number): Promise<string[]> {
    // A row far ahead is reached by its place where that is quick, others by reading on; there is no way back.
    const near = !this.#seeks || (this.#batch && offset - this.#batch.next.offset <= nearBytes);
    if (!this.#batch || row < this.#batch.rowNumbers[0] || !near) {
      await this.close();
      const { source, format, signal } = this.#file;
      this.#batches = format.read(source, this.#job.dialect, { from: { offset, row }, everyRow: true, signal });
      this.#batch = (await this.#batches.next()).value;
    }
    while (this.#batch && this.#batch.next.row <= row) this.#batch = (await this.#batches?.next())?.value;
    if (!this.#batch) return [];
    const index = this.#batch.rowNumbers.subarray(0, this.#batch.rowCount).indexOf(row);
    if (index < 0) return [];
    const cells = rowCells(this.#batch, index);
    return reportColumnCount(this.#job.dialect.columns) > 0 ? cells.map(unguarded) : cells;
  }

  async close(): Promise<void> {
    await this.#batches?.return(undefined);
    this.#batches = null;
    this.#batch = null;
  }
}
