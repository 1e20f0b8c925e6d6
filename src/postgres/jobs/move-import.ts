/** Import jobs moved from status to status by compare-and-set, and their columns changed along with it. */
import { SluiceError, type Telling, textOf, told } from "../../core/errors.ts";
import {
  actOf,
  earlierImport,
  type ImportJob,
  nextActs,
  noImport,
  type Status,
  statusesBefore,
  statusWords,
} from "../../core/import.ts";
import { storableText } from "../../core/storable.ts";
import type { JobChanges } from "../../core/store/imports.ts";
import type { LostStage } from "../../core/store/stage-column.ts";
import type { Database } from "../connection/connect.ts";
import { jsonb, type Session, type Sql, sql } from "../connection/session.ts";
import { takenOver } from "../stage/checkpoint.ts";
import { dropStage, stagedAgain } from "../stage/stage.ts";
import { changeJobs } from "./events.ts";
import { optionSets } from "./option-columns.ts";
import { jobColumns } from "./read-import.ts";

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
    where: sql`j.id = ${id} and j.status = any (${from}) and j.earlier is null and not (${isEdited})`,
    set: sql`status = ${to}${assignments(changes)}`,
    actor: changes.actor,
    data: changes.eventData,
    returning: jobColumns,
  });
  if (job !== undefined) return job;
  const [now] = await session.query<{ status: Status; isEdited: boolean; isEarlier: boolean }>(
    sql`select status, ${isEdited} as "isEdited", earlier is not null as "isEarlier" from sluice.import_jobs where id = ${id}`,
  );
  if (now === undefined) throw noImport(id);
  if (now.isEarlier) throw earlierImport(id);
  if (now.isEdited) {
    throw new SluiceError(
      "conflict",
      told`An edit of many rows of import ${id} is not finished. It continues on its own: commit in a moment, or take the edit back.`,
    );
  }
  throw new SluiceError(
    "conflict",
    told`Import ${id} is ${statusWords[now.status]} and cannot ${actOf(to, changes)}. ${nextActs[now.status]}`,
    { importId: id },
  );
}

/** When to ask again: by then one of those that wait may have begun. */
export const crowdSeconds = 10;

/**
 * Keeps the imports of one person that wait for a worker below a number, whoever asks at the same moment.
 *
 * @throws SluiceError `too_many`
 */
export async function refuseCrowd(session: Session, id: number, limit: number): Promise<void> {
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
    told`${waiting} of your imports are already waiting for a worker, which is the limit. Import ${id} stays as it is: start it once one of them has begun, or cancel one.`,
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
  const telling = isTold ? reason : null;
  return sql`error_message = ${message === null ? null : storableText(message)}::text, error_told = ${jsonb(telling)}`;
}

export function assignments(changes: JobChanges) {
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
  if (changes.confirmRemovals !== undefined) parts.push(...optionSets({ confirmRemovals: changes.confirmRemovals }));
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

/**
 * Takes a job whose stage is lost back to the parse: whoever pauses or dies in it must not find a half-made stage to commit. Nothing
 * happens when the lost stage is not its present one.
 */
export async function restageImport(database: Database, id: number, { generation }: LostStage): Promise<void> {
  const restaged = await changeJobs(database, {
    where: sql`j.id = ${id} and j.stage_generation = ${generation} and j.status in ('queued', 'parsing', 'ready', 'committing', 'paused', 'failed')`,
    set: sql`${stagedAgain}, status = case status when 'committing' then 'queued' else status end`,
    returning: sql`id`,
  });
  if (restaged.length === 1) await dropStage(database, id, generation);
}
