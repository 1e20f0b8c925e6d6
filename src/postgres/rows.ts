/** The rows that did not simply become records, read back in their order for reports. */
import type { ReportedRow } from "../store.ts";
import { type Database, sql } from "./connect.ts";

/** Rows fetched at a time, so that a report of millions holds none. */
const pageRows = 200;

export async function* reportedRows(
  database: Database,
  jobId: number,
  outcomes: readonly ReportedRow["outcome"][],
): AsyncGenerator<ReportedRow> {
  let after = 0;
  for (;;) {
    const page = await database.query<ReportedRow>(sql`
      select row_no as row, outcome, coalesce(issues, '[]') as issues, cells, row_offset as offset, record_id as "recordId"
      from sluice.import_rows
      where job_id = ${jobId} and row_no > ${after} and outcome = any (${[...outcomes]})
      order by row_no limit ${pageRows}
    `);
    yield* page;
    if (page.length < pageRows) return;
    after = page[page.length - 1].row;
  }
}
