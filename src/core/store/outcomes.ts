/** Rows of an import that did not simply become records, as reports need them. postgres/archive/report-rows.ts is the adapter. */
import type { StoredIssue } from "../issue.ts";
import type { RowWarning } from "./stage.ts";

/** A row that did not simply become a record, as the report needs it. */
export interface ReportedRow {
  row: number;
  outcome: "invalid" | "skipped" | "updated" | "failed";
  issues: StoredIssue[];
  /** Null where the row must be read again from the file. */
  cells: string[] | null;
  /** Byte offset in the stored file. */
  offset: number | null;
  /** Cells that the review changed, by their places, of a row whose other cells only the file has. */
  edited?: Record<number, string> | null;
  recordId: string | null;
}

/** A row as its newest edit leaves its cells. */
export interface EditedRow {
  row: number;
  /** All of them, those of fields that are made behind the file's own; null: only those in `edited` are known. */
  cells: string[] | null;
  /** By their places, to be laid over the file's; null: `cells` has them all. */
  edited: Record<number, string> | null;
}

export interface Outcomes {
  /** The rows of some outcomes in their order. */
  rows(id: number, outcomes: readonly ReportedRow["outcome"][]): AsyncGenerator<ReportedRow>;
  /** The rows that the review has changed, in their order. */
  edited(id: number): AsyncGenerator<EditedRow>;
  /** The warnings of the parse that are kept row by row, by row. */
  warnings(id: number): AsyncGenerator<RowWarning>;
  /** Keeps the cells of rows that came to nothing, for when the file is gone. */
  keepCells(id: number, rows: readonly { row: number; cells: readonly string[] }[]): Promise<void>;
}
