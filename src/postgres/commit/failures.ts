/** Rows that the database refuses at last, each with the issue that says why. */
import type { StoredIssue } from "../../core/issue.ts";
import type { DataError } from "../connection/row-errors.ts";
import { type Session, sql } from "../connection/session.ts";
import { addIssueCounts } from "../stage/checkpoint.ts";
import { stageTables } from "../stage/stage.ts";
import type { Plan, Range } from "../tables/plan.ts";
import type { Chunk } from "./chunks.ts";

export interface Failure {
  range: Range;
  /** Of the one group in the range just these rows; default: all. */
  rows?: Range;
  issue: StoredIssue;
}

/** SQLSTATE → the issue that says the same. */
const issueCodes: Readonly<Record<string, StoredIssue["c"]>> = {
  "22001": "database_too_long",
  "23502": "database_not_null",
  "23503": "database_foreign_key",
  "23505": "database_unique",
  "23514": "database_check",
};

export function issueOf(error: DataError): StoredIssue {
  const params: Record<string, string> = { message: error.message };
  if (error.constraint !== undefined) params.constraint = error.constraint;
  if (error.column !== undefined) params.column = error.column;
  return { c: issueCodes[error.code] ?? "database_rejected", p: params };
}

/** A failed row, or all rows of a failed group, with the database's message. */
export async function recordFailures(
  session: Session,
  plan: Plan,
  chunk: Chunk,
  failures: readonly Failure[],
): Promise<void> {
  const { job } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  for (const { range, rows: only, issue } of failures) {
    const [{ failed }] = await session.query<{ failed: number }>(sql`
      with noted as (
        insert into sluice.import_rows (job_id, row_no, outcome, issues, row_offset)
        select ${job.id}, s.row_no, 'failed', ${JSON.stringify([issue])}::jsonb, s.row_offset
        from ${rows} s left join ${match} m on m.row_no = s.row_no
        where s.row_no > 0 and (m.action is null or m.action in ('u', 'c'))
          and coalesce(m.root, s.row_no) >= ${range.from} and coalesce(m.root, s.row_no) < ${range.to}
          ${only === undefined ? sql`` : sql`and s.row_no >= ${only.from} and s.row_no < ${only.to}`}
        returning 1
      )
      select count(*)::int as failed from noted
    `);
    await session.query(sql`
      update sluice.import_chunks set failed = failed + ${failed} where job_id = ${job.id} and chunk_no = ${chunk.no}
    `);
    await addIssueCounts(session, job.id, chunk.no, [{ field: null, code: issue.c, count: failed }]);
  }
}
