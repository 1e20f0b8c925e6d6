/** Rows that went in with a warning: kept one by one up to a cap for each code, so that a bad file's millions cost nothing. */
import { type IssueCode, warningRowsCap } from "../../core/issue.ts";
import type { RowWarning } from "../../core/store/stage.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";

/** Adds what still fits under the cap, in the batch's own transaction; one worker at a time parses. */
export async function addWarnings(session: Session, jobId: number, warnings: readonly RowWarning[]): Promise<void> {
  if (warnings.length === 0) return;
  const rows = warnings.map(({ row, offset, issue }) => ({
    row,
    offset,
    code: issue.c,
    field: issue.f ?? "",
    params: issue.p,
  }));
  // What is there is counted once for all: counted for each row, the rows that went in before it would be looked at every time.
  await session.change(sql`
    insert into sluice.import_warnings (job_id, code, row_no, field, params, row_offset)
    select ${jobId}, code, "row", field, params, "offset" from (
      select fresh.*, row_number() over (partition by code order by "row", field) + coalesce(there.kept, 0) as place
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as fresh (code text, "row" integer, field text, params jsonb, "offset" bigint)
        left join (
          select code, count(*) as kept from sluice.import_warnings where job_id = ${jobId} group by code
        ) there using (code)
    ) numbered
    where place <= ${warningRowsCap}
    on conflict do nothing
  `);
}

/** Fetched at a time. */
const pageRows = 500;

/** The warnings that are kept, by row. */
export async function* listWarnings(database: Database, jobId: number): AsyncGenerator<RowWarning> {
  let after = { row: 0, code: "", field: "" };
  for (;;) {
    const page = await database.query<{
      row: number;
      offset: number;
      code: IssueCode;
      field: string;
      params: RowWarning["issue"]["p"] | null;
    }>(sql`
      select row_no as row, row_offset as offset, code, field, params from sluice.import_warnings
      where job_id = ${jobId} and (row_no, code, field) > (${after.row}, ${after.code}, ${after.field})
      order by row_no, code, field limit ${pageRows}
    `);
    for (const { row, offset, code, field, params } of page) {
      yield {
        row,
        offset,
        issue: { c: code, ...(field !== "" && { f: field }), ...(params !== null && { p: params }) },
      };
    }
    if (page.length < pageRows) return;
    after = page[page.length - 1];
  }
}
