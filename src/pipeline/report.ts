/**
 * The file of rejected rows: line number, reasons in the person's language, and the cells as they stood, so that it can
 * be corrected and imported again. Safe to open in a spreadsheet.
 */
import type { ImportJob } from "../import.ts";
import { type IssueText, issueText } from "../locale/locale.ts";
import type { Format, Source } from "../ports.ts";
import { rowCells } from "../row.ts";
import type { ReportedRow } from "../store.ts";

/** The report's own columns stand before the file's; a file that begins with one of these is a report come back. */
export function reportHeaders(language: string): [string, string] {
  const texts: Record<string, [string, string]> = {
    en: ["Sluice: row", "Sluice: reason"],
    fr: ["Sluice : ligne", "Sluice : motif"],
    sv: ["Sluice: rad", "Sluice: orsak"],
  };
  return texts[language] ?? texts.en;
}

/** Whether a file is a report that comes back corrected. */
export function isReport(columns: readonly string[]): boolean {
  return ["en", "fr", "sv"].some((language) => columns[0] === reportHeaders(language)[0]);
}

/** A spreadsheet takes what begins so for a formula (OWASP, "CSV Injection"). */
const formulaStart = /^[=+\-@\t\r']/;

/** One CSV cell (RFC 4180), which no spreadsheet runs as a formula. */
export function reportCell(value: string, delimiter: string): string {
  const safe = formulaStart.test(value) ? `'${value}` : value;
  return /["\r\n]/.test(safe) || safe.includes(delimiter) || safe.startsWith("'") ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The report's text in pieces, the first with a byte order mark, so that Excel reads accents. */
export async function* rejectedRowsCsv(
  job: ImportJob,
  rows: AsyncIterable<ReportedRow>,
  file: { source: Source | null; format: Format },
  label: IssueText,
): AsyncGenerator<string> {
  const { delimiter, columns } = job.dialect;
  const line = (cells: readonly string[]): string => `${cells.map((cell) => reportCell(cell, delimiter)).join(delimiter)}\r\n`;
  yield `\ufeff${line([...reportHeaders(job.language), ...columns])}`;
  // Without the file, rows that are not kept stand with their number and reason alone.
  const reader = file.source === null ? null : new RowReader(job, { ...file, source: file.source });
  try {
    for await (const row of rows) {
      const cells = row.cells ?? (await reader?.cells(row.row, row.offset ?? 0)) ?? [];
      const reasons = row.issues.map((issue) => issueText(job.language, issue, label)).join(" ");
      yield line([String(row.row), reasons, ...cells]);
    }
  } finally {
    await reader?.close();
  }
}

/** Reads single rows of the file again, in their order and forwards only. */
class RowReader {
  readonly #job: ImportJob;
  readonly #file: { source: Source; format: Format };
  #batches: ReturnType<Format["read"]> | null = null;
  #batch: Awaited<ReturnType<ReturnType<Format["read"]>["next"]>>["value"] | null = null;

  constructor(job: ImportJob, file: { source: Source; format: Format }) {
    this.#job = job;
    this.#file = file;
  }

  async cells(row: number, offset: number): Promise<string[]> {
    // A row far ahead is reached by its place, a near one by reading on.
    if (this.#batch === null || offset - this.#batch.next.offset > 4 * 1024 * 1024) {
      await this.close();
      this.#batches = this.#file.format.read(this.#file.source, this.#job.dialect, { from: { offset, row } });
      this.#batch = (await this.#batches.next()).value;
    }
    while (this.#batch && this.#batch.next.row <= row) this.#batch = (await this.#batches?.next())?.value;
    if (!this.#batch) return [];
    const index = this.#batch.rowNumbers.indexOf(row);
    return index >= 0 && index < this.#batch.rowCount ? rowCells(this.#batch, index) : [];
  }

  async close(): Promise<void> {
    await this.#batches?.return(undefined);
    this.#batches = null;
    this.#batch = null;
  }
}
