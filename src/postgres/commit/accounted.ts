/** The promise that every row of a file is accounted for, held at the end of a commit: what did not go in is not called completed. */
import { SluiceError } from "../../core/errors.ts";
import { type Session, sql } from "../connection/session.ts";

/**
 * To be asked in the transaction that completes the import. One sum over its chunks.
 *
 * @throws SluiceError `internal` when created + updated + unchanged + skipped + invalid + failed are not the rows of the file.
 */
export async function refuseUnaccounted(session: Session, jobId: number): Promise<void> {
  const [{ rows, accounted }] = await session.query<{ rows: number; accounted: number }>(sql`
    select j.total_rows as rows,
      (j.invalid_rows + j.skipped_rows + coalesce(sum(c.created + c.updated + c.unchanged + c.skipped + c.invalid + c.failed), 0))::int8 as accounted
    from sluice.import_jobs j left join sluice.import_chunks c on c.job_id = j.id
    where j.id = ${jobId} group by j.id
  `);
  if (rows === accounted) return;
  throw new SluiceError(
    "internal",
    `Import ${jobId} has ${rows} rows and accounts for ${accounted}. It is not completed; what it has committed can be undone.`,
  );
}
