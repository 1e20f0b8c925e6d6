/** A rejected row as COPY text for `sluice.import_rows`: job_id, row_no, outcome, issues, cells, row_offset, typed_cells. */
import type { StoredIssue } from "../issue.ts";
import type { CopyText } from "./copy-text.ts";

export interface RejectedRow {
  jobId: number;
  row: number;
  issues: readonly StoredIssue[];
  /** As they stood in the file. */
  cells: readonly string[];
  /** Where the row stands: byte offset in the file, or in what is unpacked from it. */
  offset: number;
  /** Places of the cells that the file itself typed. */
  typed: readonly number[];
}

export function writeReject(out: CopyText, { jobId, row, issues, cells, offset, typed }: RejectedRow): void {
  out.integer(jobId);
  out.reserve(1);
  out.tab();
  out.integer(row);
  out.reserve(1);
  out.tab();
  out.text("invalid");
  out.reserve(1);
  out.tab();
  out.text(JSON.stringify(issues));
  out.reserve(1);
  out.tab();
  out.text(arrayLiteral(cells));
  out.reserve(1);
  out.tab();
  out.integer(offset);
  out.reserve(3);
  out.tab();
  if (typed.length === 0) out.null();
  else out.text(`{${typed.join(",")}}`);
  out.reserve(1);
  out.endRow();
}

/** A text[] literal (the Postgres manual, 8.15.2): every element quoted. */
function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/[\\"]/g, "\\$&")}"`).join(",")}}`;
}
