/**
 * Rows that were skipped for an earlier row of the file, which then failed: nothing of that person is in the table, so they did not
 * simply repeat something. They fail with it, and are in the file of rejected rows, where either of them can be corrected.
 */
import { type Session, sql } from "../connection/session.ts";

/** When every chunk is done. Whoever comes second finds nothing left to do. */
export async function failSkippedForFailed(session: Session, jobId: number): Promise<void> {
  // Few imports have a row that fails: the others are not looked through.
  const [{ failed }] = await session.query<{ failed: boolean }>(
    sql`select exists (select from sluice.import_chunks where job_id = ${jobId} and failed > 0) as failed`,
  );
  if (!failed) return;
  await session.query(sql`
    with moved as (
      update sluice.import_rows r
      set outcome = 'failed', issues = jsonb_build_array(jsonb_build_object('c', 'duplicate_of_failed', 'p', r.issues -> 0 -> 'p'))
      from sluice.import_rows f
      where r.job_id = ${jobId} and r.outcome = 'skipped' and r.issues -> 0 ->> 'c' = 'duplicate_in_file'
        and f.job_id = ${jobId} and f.outcome = 'failed' and f.row_no = (r.issues -> 0 -> 'p' ->> 'row')::integer
      returning r.row_no
    ), by_chunk as (
      select c.chunk_no, count(*) as rows
      from moved m join sluice.import_chunks c on c.job_id = ${jobId} and m.row_no >= c.from_row and m.row_no < c.to_row
      group by 1
    ), counted as (
      insert into sluice.import_issue_counts (job_id, chunk_no, field, code, count)
      select ${jobId}, chunk_no, '', 'duplicate_of_failed', rows from by_chunk
      on conflict (job_id, chunk_no, field, code) do update set count = import_issue_counts.count + excluded.count
    ), uncounted as (
      update sluice.import_issue_counts i set count = i.count - b.rows from by_chunk b
      where i.job_id = ${jobId} and i.chunk_no = b.chunk_no and i.field = '' and i.code = 'duplicate_in_file'
    )
    update sluice.import_chunks c set skipped = c.skipped - b.rows, failed = c.failed + b.rows
    from by_chunk b where c.job_id = ${jobId} and c.chunk_no = b.chunk_no
  `);
  await session.change(sql`delete from sluice.import_issue_counts where job_id = ${jobId} and count = 0`);
}
