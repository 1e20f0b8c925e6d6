/**
 * Import jobs in `sluice.import_jobs`: made, found, and moved from status to status by compare-and-set.
 */
import { type ContextValues, sameValues } from "../../core/context.ts";
import { SluiceError, type Telling, textOf, told } from "../../core/errors.ts";
import {
  actOf,
  type Counts,
  type ImportJob,
  nextActs,
  noCounts,
  type Status,
  statusesBefore,
  statusWords,
} from "../../core/import.ts";
import type { IssueCode, IssueCount } from "../../core/issue.ts";
import type { JobChanges, NewImport } from "../../core/store/store.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { takenOver } from "../stage/checkpoint.ts";
import { appendEvent, changeJobs, tellChange } from "./events.ts";
import { noteMade } from "./idempotency.ts";
import { takeUpload } from "./uploads.ts";

export const jobColumns = sql`
  id, importer, file_name as "fileName", file_hash as "fileHash", file_size as "fileSizeBytes",
  storage_path as "storagePath", status, phase, dialect, column_mapping as mapping, assignment_config as assignment,
  duplicate_config as duplicates, merge_config as merge, context, language, target, stage_generation as "stageGeneration",
  last_checkpoint as checkpoint, counted_to_row as "countedToRow", registered_at as "registeredAt", matched_at as "matchedAt", total_rows as "totalRows",
  processed_rows as "processedRows", valid_rows as "validRows", invalid_rows as "invalidRows",
  imported_rows as "importedRows", error_message as "errorMessage", error_told as "errorTold", error_report_path as "rejectedRowsPath",
  created_by as "createdBy", dry_run as "dryRun", auto_commit as "autoCommit", reject_failures as "rejectFailures", worker_id as "workerId",
  heartbeat_at as "heartbeatAt", failures, retry_at as "retryAt", created_at as "createdAt", parse_started_at as "parseStartedAt",
  parsed_at as "parsedAt", commit_started_at as "commitStartedAt", completed_at as "completedAt"
`;

/**
 * Makes a job. With `once`, two commands that bring the same file at the same moment make one between them.
 *
 * @throws SluiceError `conflict` when the file has a job already and `once` is asked for, when the upload has one, or when the
 * request's key is in other hands.
 */
export async function createImport(database: Database, fresh: NewImport): Promise<ImportJob> {
  const make = async (session: Session): Promise<ImportJob> => {
    if (fresh.once) {
      await lockFile(session, fresh.fileHash);
      const [same] = await findSameFile(session, fresh);
      if (same !== undefined) {
        throw new SluiceError("conflict", told`Import ${same.id} has brought the same file a moment ago.`, {
          importId: same.id,
        });
      }
    }
    if (fresh.unfinishedLimit !== undefined) await refuseHoard(session, fresh.createdBy, fresh.unfinishedLimit);
    const [job] = await session.query<ImportJob>(sql`
      insert into sluice.import_jobs (importer, file_name, file_hash, file_size, storage_path, dialect, column_mapping,
        assignment_config, duplicate_config, merge_config, context, language, target, created_by, dry_run, auto_commit,
        header_fingerprint, parent_id, created_by_name)
      values (${fresh.importer}, ${fresh.fileName}, ${fresh.fileHash}, ${fresh.fileSizeBytes}, ${fresh.storagePath},
        ${JSON.stringify(fresh.dialect)}, ${JSON.stringify(fresh.mapping)}, ${JSON.stringify(fresh.assignment)},
        ${JSON.stringify(fresh.duplicates)}, ${JSON.stringify(fresh.merge ?? {})}, ${JSON.stringify(fresh.context)}, ${fresh.language}, ${fresh.target},
        ${fresh.createdBy}, ${fresh.dryRun}, ${fresh.autoCommit ?? false},
        ${fresh.fingerprint ?? null}, ${fresh.parentId ?? null}, ${fresh.createdByName ?? null})
      returning ${jobColumns}
    `);
    if (fresh.uploadId !== undefined)
      await takeUpload(session, fresh.uploadId, { jobId: job.id, userId: fresh.uploadedBy ?? job.createdBy });
    if (fresh.claim !== undefined) await noteMade(session, fresh.claim, job.id);
    await appendEvent(session, job.id, "import.created", {
      actor: fresh.createdBy,
      data: { importer: fresh.importer, fileName: fresh.fileName },
    });
    return job;
  };
  return database.transaction(make, { sure: true });
}

/** @throws SluiceError `not_found` */
export async function getImport(database: Database | Session, id: number): Promise<ImportJob> {
  const [job] = await database.query<ImportJob>(sql`select ${jobColumns} from sluice.import_jobs where id = ${id}`);
  if (job === undefined)
    throw new SluiceError("not_found", told`There is no import ${id}. List them with: sluice jobs`);
  return job;
}

export async function listImports(database: Database, limit: number): Promise<ImportJob[]> {
  return database.query<ImportJob>(sql`select ${jobColumns} from sluice.import_jobs order by id desc limit ${limit}`);
}

/**
 * Of an import that goes to another context: its file may have been brought there already.
 *
 * @throws SluiceError `conflict` naming the import that has.
 */
export async function refuseSameFileIn(session: Session, job: ImportJob, context: ContextValues): Promise<void> {
  if (job.dryRun || sameValues(job.context, context)) return;
  await lockFile(session, job.fileHash);
  const [same] = await findSameFile(session, { ...job, context });
  if (same === undefined) return;
  throw new SluiceError(
    "conflict",
    told`Import ${same.id} has brought the same file in that context. To import it there once more, make a new import with again: true.`,
    { importId: same.id },
  );
}

/** Two who bring the same file come one after the other. */
async function lockFile(session: Session, hash: string): Promise<void> {
  await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice file ' || ${hash}::text, 0))`);
}

/** Jobs that began with the same bytes, for the same importer, context and owner, the newest first. */
export async function findSameFile(
  database: Database | Session,
  file: { importer: string; fileHash: string; context: ContextValues; createdBy: string | null },
): Promise<ImportJob[]> {
  return database.query<ImportJob>(sql`
    select ${jobColumns} from sluice.import_jobs
    where file_hash = ${file.fileHash} and importer = ${file.importer} and created_by is not distinct from ${file.createdBy}
      and context = ${JSON.stringify(file.context)}::jsonb and status not in ('cancelled', 'undone') and not dry_run
    order by id desc
  `);
}

/**
 * Moves a job to another status, if it may go there from where it is now.
 *
 * @throws SluiceError `conflict` when it may not, saying from where it could.
 */
export async function moveImport(
  database: Database,
  id: number,
  to: Status,
  changes: JobChanges = {},
): Promise<ImportJob> {
  if (changes.waitingLimit === undefined) return database.session((session) => moveImportIn(session, id, to, changes));
  return database.transaction((session) => moveImportIn(session, id, to, changes));
}

export async function moveImportIn(
  session: Session,
  id: number,
  to: Status,
  changes: JobChanges = {},
): Promise<ImportJob> {
  const from = changes.from ?? statusesBefore(to);
  if (changes.waitingLimit !== undefined) await refuseCrowd(session, id, changes.waitingLimit);
  // An edit of many rows that is not finished is not to be committed half-way.
  const isEdited = sql`status = 'ready' and edit_id is not null and ${to === "queued" && changes.phase === "commit"}`;
  const [job] = await changeJobs<ImportJob>(session, {
    where: sql`j.id = ${id} and j.status = any (${from}) and not (${isEdited})`,
    set: sql`status = ${to}${assignments(changes)}`,
    actor: changes.actor,
    data: changes.eventData,
    returning: jobColumns,
  });
  if (job !== undefined) return job;
  const [now] = await session.query<{ status: Status; isEdited: boolean }>(
    sql`select status, ${isEdited} as "isEdited" from sluice.import_jobs where id = ${id}`,
  );
  if (now === undefined)
    throw new SluiceError("not_found", told`There is no import ${id}. List them with: sluice jobs`);
  if (now.isEdited) {
    throw new SluiceError(
      "conflict",
      told`An edit of many rows of import ${id} is not finished. It goes on by itself: commit in a moment, or take the edit back.`,
    );
  }
  throw new SluiceError(
    "conflict",
    told`Import ${id} is ${statusWords[now.status]} and cannot ${actOf(to, changes)}. ${nextActs[now.status]}`,
    { importId: id },
  );
}

/** When to ask again: by then one of those that wait may have begun. */
const crowdSeconds = 10;

/**
 * Keeps the imports of one person that wait for a worker below a number, whoever asks at the same moment.
 *
 * @throws SluiceError `too_many`
 */
async function refuseCrowd(session: Session, id: number, limit: number): Promise<void> {
  const [job] = await session.query<{ owner: string | null }>(
    sql`select created_by as owner from sluice.import_jobs where id = ${id}`,
  );
  if (job === undefined || job.owner === null) return;
  await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice waiting ' || ${job.owner}::text, 0))`);
  const [{ waiting }] = await session.query<{ waiting: number }>(sql`
    select count(*)::int as waiting from sluice.import_jobs where created_by = ${job.owner} and status = 'queued' and id <> ${id}
  `);
  if (waiting < limit) return;
  throw new SluiceError(
    "too_many",
    told`${waiting} imports of yours are waiting for a worker already, which is the limit. Import ${id} stays as it is: start it when one of them has begun, or cancel one.`,
    { retryAfterSeconds: crowdSeconds },
  );
}

/** @throws SluiceError `too_many` where a person keeps so many files and stages that nothing is done with. */
async function refuseHoard(session: Session, owner: string | null, limit: number): Promise<void> {
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

/** Changes columns of a job whose status stays. */
export async function changeImport(session: Session | Database, id: number, changes: JobChanges): Promise<void> {
  await session.change(sql`update sluice.import_jobs set updated_at = now()${assignments(changes)} where id = ${id}`);
}

/** Why an import stands as it does: in English, and as it is told in other languages. */
export function errorColumns(reason: string | Telling | null): Sql {
  const isTold = typeof reason === "object" && reason !== null;
  const message = isTold ? textOf(reason) : reason;
  const telling = isTold
    ? JSON.stringify(reason, (_, value) => (typeof value === "string" ? storable(value) : value))
    : null;
  return sql`error_message = ${message === null ? null : storable(message)}::text, error_told = ${telling}::jsonb`;
}

/** A reason may name a sheet or a column as a file does that anyone has made: half a character or a NUL is in no text here. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

function assignments(changes: JobChanges) {
  const values = {
    phase: changes.phase,
    error_report_path: changes.rejectedRowsPath,
    worker_id: changes.workerId,
    storage_path: changes.storagePath,
    imported_rows: changes.importedRows,
    total_rows: changes.totalRows,
    parse_attempts: changes.parseAttempts,
    failures: changes.failures,
    reject_failures: changes.rejectFailures,
    error_details: changes.errorDetails === undefined ? undefined : JSON.stringify(changes.errorDetails),
  };
  const parts = Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => sql`, ${sql.id(column)} = ${value}`);
  if (changes.errorMessage !== undefined) parts.push(sql`, ${errorColumns(changes.errorMessage)}`);
  if (changes.retryAfterSeconds !== undefined)
    parts.push(
      changes.retryAfterSeconds === null
        ? sql`, retry_at = null`
        : sql`, retry_at = now() + ${changes.retryAfterSeconds} * interval '1 second'`,
    );
  for (const moment of changes.now ?? []) parts.push(sql`, ${sql.id(moment)} = now()`);
  return sql.join(parts, sql``);
}

export async function issueCounts(database: Database, jobId: number): Promise<IssueCount[]> {
  return database.query<{ field: string | null; code: IssueCode; count: number }>(sql`
    select nullif(field, '') as field, code, sum(count)::int8 as count
    from sluice.import_issue_counts where job_id = ${jobId}
    group by field, code order by sum(count) desc, code, field
  `);
}

/** What the parse has counted of the file's columns so far, as it was stored; null before its first batch. */
export async function columnStatistics(database: Database, jobId: number): Promise<unknown> {
  const [job] = await database.query<{ profiles: unknown }>(
    sql`select column_profiles as profiles from sluice.import_jobs where id = ${jobId}`,
  );
  return job?.profiles ?? null;
}

/** How the rows of a job ended so far: the parse's invalid ones and the sum over its chunks. */
export async function importCounts(database: Database, jobId: number): Promise<Counts> {
  const [counts] = await database.query<Counts>(sql`
    select coalesce(sum(c.created), 0)::int8 as created, coalesce(sum(c.updated), 0)::int8 as updated,
      coalesce(sum(c.unchanged), 0)::int8 as unchanged, coalesce(sum(c.skipped), 0)::int8 as skipped,
      coalesce(sum(c.failed), 0)::int8 as failed, (j.invalid_rows + coalesce(sum(c.invalid), 0))::int8 as invalid
    from sluice.import_jobs j left join sluice.import_chunks c on c.job_id = j.id and c.done_at is not null
    where j.id = ${jobId} group by j.id
  `);
  return counts ?? { ...noCounts };
}

/** Deletes a job and everything that is kept of it. */
export async function deleteImport(database: Database, id: number): Promise<void> {
  await database.change(sql`delete from sluice.import_jobs where id = ${id}`);
}

/** Deletes a job that is at rest. @throws SluiceError `conflict` when it is not at rest. */
export async function removeImport(database: Database, id: number, from: readonly Status[]): Promise<ImportJob> {
  const job = await database.transaction(async (session) => {
    const [removed] = await session.query<ImportJob>(
      sql`delete from sluice.import_jobs where id = ${id} and status = any (${from}) returning ${jobColumns}`,
    );
    if (removed !== undefined) await tellChange(session, { jobId: id, deleted: true });
    return removed;
  });
  if (job === undefined) {
    const { status } = await getImport(database, id);
    throw new SluiceError(
      "conflict",
      told`Import ${id} is ${statusWords[status]}; one that is deleted must be ${from.map((each) => statusWords[each])}. Cancel it first.`,
    );
  }
  return job;
}

/**
 * parsing → ready; and in the same transaction on to the commit, where the job wants that, or was in the middle of it when
 * its stage was lost.
 */
export function finishParse(
  database: Database,
  { id, stageGeneration }: Pick<ImportJob, "id" | "stageGeneration">,
): Promise<ImportJob> {
  return database.transaction(async (session) => {
    const finished = await session.change(sql`
      update sluice.import_jobs set total_rows = processed_rows, failures = 0
      where id = ${id} and status = 'parsing' and stage_generation = ${stageGeneration}
    `);
    if (finished === 0) throw takenOver(id);
    const ready = await moveImportIn(session, id, "ready", { from: ["parsing"], now: ["parsed_at"] });
    const goesOn = ready.commitStartedAt !== null || (ready.autoCommit && !ready.dryRun);
    return goesOn ? moveImportIn(session, id, "queued", { from: ["ready"], phase: "commit" }) : ready;
  });
}

export async function statusCounts(database: Database): Promise<Partial<Record<Status, number>>> {
  const rows = await database.query<{ status: Status; jobs: number }>(
    sql`select status, count(*)::int8 as jobs from sluice.import_jobs where not dry_run group by status`,
  );
  return Object.fromEntries(rows.map(({ status, jobs }) => [status, jobs]));
}
