/** The end of a commit: every chunk done, every row accounted for. */
import { SluiceError, told } from "../../core/errors.ts";
import type { ImportJob } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { changeJobs } from "../jobs/events.ts";
import { errorColumns } from "../jobs/move-import.ts";
import { rememberMapping } from "../jobs/templates.ts";
import { loadDatabase, runOf, type TargetSession, transactionOn } from "../tables/on-target.ts";
import { quotedName } from "../tables/target.ts";
import { refuseUnaccounted } from "./accounted.ts";

/**
 * Moves the import to completed; false when a chunk is left, or another worker was quicker.
 *
 * @throws SluiceError `internal` when the counts are not the rows of the file, `invalid` where the importer's `finish` fails.
 */
export function completeCommit(
  database: Database,
  job: ImportJob,
  importer: Importer,
  keepFileMs: number,
): Promise<boolean> {
  const jobId = job.id;
  return transactionOn(database, runOf({ job, importer }), async (session) => {
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
    if (importer.finish !== undefined) await finish(session, job, importer);
    return true;
  });
}

async function finish(session: TargetSession, job: ImportJob, importer: Importer): Promise<void> {
  try {
    await importer.finish?.(
      {
        jobId: job.id,
        target: quotedName(importer.target.table),
        context: job.context,
        user: { id: job.createdBy },
      },
      loadDatabase(session),
    );
  } catch (error) {
    throw new SluiceError(
      "invalid",
      told`Every row is in, but the \`finish\` of the importer "${importer.name}" failed: ${(error as Error).message}. Correct it, then retry the import.`,
      { cause: error },
    );
  }
}
