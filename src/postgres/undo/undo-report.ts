/** How an undo stands or came out, and the records that it kept. */
import { type KeptReason, type KeptRow, keptReasons, type UndoReport } from "../../core/store/undo.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";

export async function undoReport(database: Database, jobId: number): Promise<UndoReport> {
  const [{ chunks, chunksDone, deleted, restored, startedAt, undoneAt }] = await database.query<
    Omit<UndoReport, "kept">
  >(sql`
    select j.undo_started_at as "startedAt", j.undone_at as "undoneAt", count(c.chunk_no)::int as chunks, count(c.undone_at)::int as "chunksDone",
      coalesce(sum(c.undo_deleted), 0)::int8 as deleted, coalesce(sum(c.undo_restored), 0)::int8 as restored
    from sluice.import_jobs j left join sluice.import_chunks c on c.job_id = j.id and c.done_at is not null
    where j.id = ${jobId} group by j.id
  `);
  const counts = await database.query<{ reason: KeptReason; records: number }>(
    sql`select reason, count(*)::int8 as records from sluice.import_kept where job_id = ${jobId} group by reason`,
  );
  const kept = Object.fromEntries(
    keptReasons.map((reason) => [reason, counts.find((each) => each.reason === reason)?.records ?? 0]),
  ) as Record<KeptReason, number>;
  const records = await database.query<{ record: string; deleted: number; restored: number; kept: number }>(sql`
    select record, sum(undo_deleted)::int8 as deleted, sum(undo_restored)::int8 as restored, sum(undo_kept)::int8 as kept
    from sluice.import_record_chunks where job_id = ${jobId} group by record order by record
  `);
  const whole = { startedAt, undoneAt, chunks, chunksDone, deleted, restored, kept };
  if (records.length === 0) return whole;
  return { ...whole, records: Object.fromEntries(records.map(({ record, ...counts }) => [record, counts])) };
}

/** Rows of one page unless another number is asked for. */
const pageRows = 100;

export function keptRows(
  database: Database,
  jobId: number,
  { after = 0, limit = pageRows, reason }: { after?: number; limit?: number; reason?: KeptReason } = {},
): Promise<KeptRow[]> {
  return database.query<KeptRow>(sql`
    select id, record, record_id as "recordId", reason, columns, by_job as "byJob", by_table as "byTable", message
    from sluice.import_kept
    where job_id = ${jobId} and id > ${after} ${reason === undefined ? sql`` : sql`and reason = ${reason}`}
    order by id limit ${limit}
  `);
}
