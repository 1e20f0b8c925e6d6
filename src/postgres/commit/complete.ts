/** The end of a commit: every chunk done, every row accounted for. */
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { changeJobs } from "../jobs/events.ts";
import { errorColumns } from "../jobs/move-import.ts";
import { rememberMapping } from "../jobs/templates.ts";
import { refuseUnaccounted } from "./accounted.ts";

/**
 * Moves the import to completed; false when a chunk is left, or another worker was quicker.
 *
 * @throws SluiceError `internal` when the counts are not the rows of the file.
 */
export function completeCommit(database: Database, jobId: number, keepFileMs: number): Promise<boolean> {
  return database.transaction(async (session) => {
    const moved = await changeJobs(session, {
      where: sql`j.id = ${jobId} and j.status = 'committing' and j.matched_at is not null
        and not exists (select from sluice.import_chunks c where c.job_id = j.id and c.done_at is null)`,
      set: sql`status = 'completed', completed_at = now(), ${errorColumns(null)}, failures = 0,
        imported_rows = (select coalesce(sum(created + updated), 0) from sluice.import_chunks c where c.job_id = j.id),
        file_expires_at = ${keepFileMs > 0 ? sql`now() + ${keepFileMs} * interval '1 millisecond'` : sql`null`}`,
      returning: sql`id`,
    });
    if (moved.length === 0) return false;
    await refuseUnaccounted(session, jobId);
    await rememberMapping(session, jobId);
    return true;
  });
}
