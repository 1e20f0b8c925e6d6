/**
 * Back to pending: what a parse and a review have made of an import goes in one transaction, so that another mapping begins as
 * the first did. Workers that are still on their way out find another generation of its stage, and write nothing.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { Actor } from "../../core/events.ts";
import { type ImportJob, mayReopen, statusWords } from "../../core/import.ts";
import type { Contradicted } from "../../core/store/imports.ts";
import type { Database } from "../connection/connect.ts";
import { jsonb, type Session, sql } from "../connection/session.ts";
import { takenOver } from "../stage/checkpoint.ts";
import { dropStage } from "../stage/stage.ts";
import { changeJobs } from "./events.ts";
import { getImport } from "./read-import.ts";

/** Everything that is counted, kept or noted of the file's rows. Edited rows go with their edits. */
const derived = ["import_rows", "import_issue_counts", "import_warnings", "import_edits", "import_chunks"] as const;

/**
 * Returns the job as it was before.
 *
 * @throws SluiceError `conflict` when a worker is on it, when it has committed something, or when it is pending already.
 */
export function reopenImport(database: Database, id: number, actor: Actor): Promise<ImportJob> {
  return database.transaction(async (session) => {
    // Edits, a press of commit and a worker's checkpoint come before it or after it.
    await session.query(sql`select from sluice.import_jobs where id = ${id} for update`);
    const before = await getImport(session, id);
    if (!mayReopen({ ...before, hasCommitted: false })) throw refusal(before);
    if (await hasCommitted(session, id)) {
      throw new SluiceError(
        "conflict",
        told`Import ${id} has already committed rows, so its mapping can no longer change. Cancel it, undo it, and upload the file again.`,
        { next: { code: "upload_again" } },
      );
    }
    for (const table of derived) await session.change(sql`delete from ${sql.id("sluice", table)} where job_id = ${id}`);
    await changeJobs(session, {
      where: sql`j.id = ${id}`,
      set: sql`status = 'pending', phase = 'parse', stage_generation = stage_generation + 1, last_checkpoint = null, counted_to_row = 0,
        parse_attempts = 0, total_rows = 0, processed_rows = 0, valid_rows = 0, invalid_rows = 0, skipped_rows = 0, imported_rows = 0,
        error_message = null, error_told = null, error_details = null, error_report_path = null, failures = 0, reject_failures = false, retry_at = null, worker_id = null,
        heartbeat_at = null, parse_started_at = null, parsed_at = null, registered_at = null, matched_at = null,
        commit_started_at = null, chunk_rows = null, column_profiles = null, parse_state = null, progress = null, current_step = null, counts = null, progress_at = null, edit_id = null`,
      actor,
      returning: sql`id`,
    });
    return before;
  });
}

/**
 * Begins the first parse again with another dialect or another mapping. False: rows of the import have been edited or committed.
 *
 * @throws SluiceError `conflict` when the job has another stage now.
 */
export async function readAgain(
  database: Database,
  { id, stageGeneration }: Pick<ImportJob, "id" | "stageGeneration">,
  { dialect, mapping }: Contradicted,
): Promise<boolean> {
  const isAgain = await database.transaction(async (session) => {
    const [held] = await session.query(sql`
      select from sluice.import_jobs where id = ${id} and status = 'parsing' and stage_generation = ${stageGeneration} for update
    `);
    if (held === undefined) throw takenOver(id);
    const [{ isUsed }] = await session.query<{ isUsed: boolean }>(sql`
      select exists (select from sluice.import_edits where job_id = ${id})
        or exists (select from sluice.import_chunks where job_id = ${id}) as "isUsed"
    `);
    if (isUsed) return false;
    for (const table of derived) await session.change(sql`delete from ${sql.id("sluice", table)} where job_id = ${id}`);
    await session.change(sql`
      update sluice.import_jobs set dialect = coalesce(${jsonb(dialect ?? null)}, dialect),
        column_mapping = coalesce(${jsonb(mapping ?? null)}, column_mapping), stage_generation = stage_generation + 1,
        last_checkpoint = null, counted_to_row = 0, parse_attempts = 0, processed_rows = 0, valid_rows = 0, invalid_rows = 0,
        skipped_rows = 0, column_profiles = null, parse_state = null, updated_at = now()
      where id = ${id}
    `);
    return true;
  });
  if (isAgain) await dropStage(database, id, stageGeneration);
  return isAgain;
}

/** Whether a chunk is done. @throws SluiceError `conflict` while a worker that was told to stop is still at one. */
async function hasCommitted(session: Session, id: number): Promise<boolean> {
  const chunks = await session
    .query<{ isDone: boolean }>(sql`
      select done_at is not null as "isDone" from sluice.import_chunks where job_id = ${id} for update nowait
    `)
    .catch((error: { code?: string }) => {
      if (error.code !== "55P03") throw error;
      throw new SluiceError(
        "conflict",
        told`A worker is still committing a chunk of import ${id} that it began before it was stopped. Try again in a moment.`,
      );
    });
  return chunks.some(({ isDone }) => isDone);
}

function refusal({ id, status, phase }: ImportJob): SluiceError {
  if (status === "pending")
    return new SluiceError("conflict", told`Import ${id} is already pending: its mapping and options can be changed.`);
  if (phase === "undo")
    return new SluiceError(
      "conflict",
      told`Import ${id} is ${statusWords[status]} in the middle of its undo. Resume the undo.`,
    );
  const isUnderWay = ["queued", "parsing", "committing", "undoing"].includes(status);
  return new SluiceError(
    "conflict",
    isUnderWay
      ? told`Import ${id} is ${statusWords[status]} and cannot be reopened. Pause it first.`
      : told`Import ${id} is ${statusWords[status]} and cannot be reopened. Upload the file again as a new import.`,
  );
}

/** On `import_jobs`: whether a chunk of it is done. */
export const hasCommittedColumn = sql`exists (
  select from sluice.import_chunks c where c.job_id = import_jobs.id and c.done_at is not null
) as "hasCommitted"`;
