/** Rows of a file that are the same record, of which one alone counts: the others are skipped as duplicates of it. */
import { type Session, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import type { Plan } from "../tables/plan.ts";
import { repeats } from "./match-file.ts";

/**
 * Expects in the match what stays out, and the rows that find records. What has gone in before an interruption counts as it did: of such
 * rows nothing is kept in `import_rows`, and no issue stands in the match.
 */
export async function skipAllBut(session: Session, { job }: Plan, which: "first" | "last"): Promise<void> {
  const { match } = stageTables(job.id, job.stageGeneration);
  const one = which === "first" ? sql`min` : sql`max`;
  await session.query(sql`
    with alike as (
      select row_no, first_row from ${repeats} union all select distinct first_row, first_row from ${repeats}
    ), standing as (
      select a.row_no, a.first_row, m.action
      from alike a left join (select distinct on (row_no) row_no, action, issue from ${match} order by row_no) m on m.row_no = a.row_no
      where m.row_no is null or m.action <> 'i' or (m.issue is null and not exists (
        select from sluice.import_rows o
        where o.job_id = ${job.id} and o.row_no = a.row_no and o.outcome in ('invalid', 'skipped', 'failed')
      ))
    ), others as (
      select * from (select row_no, action, ${one}(row_no) over (partition by first_row) as counts from standing) s
      where row_no <> counts and (action is null or action = 'u')
    ), found as (
      delete from ${match} m using others o where m.row_no = o.row_no
    )
    insert into ${match} (row_no, action, root, of_row) select row_no, 'f', counts, counts from others
  `);
}
