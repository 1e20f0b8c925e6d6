/** A job made: once for each file where that is asked for, with its upload taken and the request's key noted. */
import { type ContextValues, sameValues } from "../../core/context.ts";
import { SluiceError, told } from "../../core/errors.ts";
import type { ImportJob } from "../../core/import.ts";
import { isSameTable } from "../../core/row.ts";
import type { NewImport } from "../../core/store/imports.ts";
import { noteRecipient } from "../accounts/recipients.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { noteMadeOf } from "../fetching/made-of.ts";
import { appendEvent } from "./events.ts";
import { noteMade } from "./idempotency.ts";
import { crowdSeconds } from "./move-import.ts";
import { optionValues } from "./option-columns.ts";
import { findSameFile, jobColumns } from "./read-import.ts";
import { takeUpload } from "./uploads.ts";

/**
 * Creates a job. With `once`, two commands that submit the same table of a file at the same moment create one between them.
 *
 * @throws SluiceError `conflict` when the file has a job already and `once` is asked for, when the upload has one, or when the
 * request's key is in other hands.
 */
export async function createImport(database: Database, fresh: NewImport): Promise<ImportJob> {
  const make = async (session: Session): Promise<ImportJob> => {
    if (fresh.once) {
      await lockFile(session, fresh.fileHash);
      const same = (await findSameFile(session, fresh)).find(({ dialect }) => isSameTable(dialect, fresh.dialect));
      if (same !== undefined) {
        throw new SluiceError("conflict", told`The same file was uploaded for import ${same.id} a moment ago.`, {
          importId: same.id,
        });
      }
    }
    if (fresh.unfinishedLimit !== undefined) await refuseHoard(session, fresh.createdBy, fresh.unfinishedLimit);
    const options = optionValues(fresh);
    const [job] = await session.query<ImportJob>(sql`
      insert into sluice.import_jobs (importer, file_name, file_hash, file_size, storage_path, dialect, column_mapping,
        target, created_by, dry_run, header_fingerprint, parent_id, created_by_name, notify, ${options.columns})
      values (${fresh.importer}, ${fresh.fileName}, ${fresh.fileHash}, ${fresh.fileSizeBytes}, ${fresh.storagePath},
        ${JSON.stringify(fresh.dialect)}, ${JSON.stringify(fresh.mapping)}, ${fresh.target}, ${fresh.createdBy}, ${fresh.dryRun},
        ${fresh.fingerprint ?? null}, ${fresh.parentId ?? null}, ${fresh.createdByName ?? null}, ${fresh.notify?.id ?? null}, ${options.values})
      returning ${jobColumns}
    `);
    if (fresh.notify !== undefined) await noteRecipient(session, fresh.notify);
    if (fresh.uploadId !== undefined)
      await takeUpload(session, fresh.uploadId, { jobId: job.id, userId: fresh.uploadedBy ?? job.createdBy });
    if (fresh.claim !== undefined) await noteMade(session, fresh.claim, job.id);
    if (fresh.madeOf !== undefined) await noteMadeOf(session, fresh.madeOf, job.id);
    await appendEvent(session, job.id, "import.created", {
      actor: fresh.createdBy,
      data: { importer: fresh.importer, fileName: fresh.fileName },
    });
    return job;
  };
  return database.transaction(make, { sure: true });
}

/**
 * For an import that moves to another context: its file may have been imported there already.
 *
 * @throws SluiceError `conflict` naming the import that has.
 */
export async function refuseSameFileIn(session: Session, job: ImportJob, context: ContextValues): Promise<void> {
  if (job.dryRun || sameValues(job.context, context)) return;
  await lockFile(session, job.fileHash);
  const [same] = await findSameFile(session, { ...job, context });
  if (same === undefined) return;
  throw new SluiceError("conflict", told`Import ${same.id} already has the same file in that context.`, {
    importId: same.id,
    next: { code: "import_again", importId: same.id },
  });
}

/** Serializes two requests with the same file. */
export async function lockFile(session: Session, hash: string): Promise<void> {
  await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice file ' || ${hash}::text, 0))`);
}

/** @throws SluiceError `too_many` when a person has too many unfinished imports, whose files and stages take space. */
export async function refuseHoard(session: Session, owner: string | null, limit: number): Promise<void> {
  if (owner === null) return;
  await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice unfinished ' || ${owner}::text, 0))`);
  const [{ unfinished }] = await session.query<{ unfinished: number }>(sql`
    select count(*)::int as unfinished from sluice.import_jobs
    where created_by = ${owner} and status in ('pending', 'ready', 'paused', 'failed')
  `);
  if (unfinished < limit) return;
  throw new SluiceError(
    "too_many",
    told`${unfinished} of your imports are neither running nor finished, which is the limit. Finish, cancel or delete one of them first.`,
    { retryAfterSeconds: crowdSeconds },
  );
}
