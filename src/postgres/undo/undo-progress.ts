/** How far an undo is. */
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";

export interface UndoProgress {
  chunks: number;
  chunksDone: number;
  /** A record that an import wrote twice counts twice. */
  recordsDone: number;
  recordsTotal: number;
}

/** Chunks and the records in them, in all tables. */
export async function undoProgress(database: Database, jobId: number): Promise<UndoProgress> {
  const progressOf = sql<UndoProgress>`
    select count(*)::int as chunks, count(undone_at)::int as "chunksDone", coalesce(sum(records), 0)::int8 as "recordsTotal",
      coalesce(sum(records) filter (where undone_at is not null), 0)::int8 as "recordsDone"
    from (
      select c.undone_at, coalesce((
          select sum(r.created + r.updated + r.closed + r.deactivated + r.deleted) from sluice.import_record_chunks r
          where r.job_id = c.job_id and r.chunk_no = c.chunk_no
        ), c.created + c.updated) as records
      from sluice.import_chunks c where c.job_id = ${jobId} and c.done_at is not null
    ) chunks
  `;
  const [progress] = await database.transaction((session) => session.query(progressOf), { planning: "chunk" });
  return progress;
}
