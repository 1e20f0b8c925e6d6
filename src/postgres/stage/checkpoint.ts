/** How far a parse has come, and what it has found on the way: its checkpoint and its counts of issues. */
import { SluiceError, told } from "../../core/errors.ts";
import type { Checkpoint } from "../../core/import.ts";
import type { IssueCount } from "../../core/issue.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";

/**
 * Moves the parse's checkpoint and adds to its counters, in the batch's own transaction.
 *
 * @throws SluiceError `conflict` when another worker has gone on from the checkpoint meanwhile: the batch must not count.
 */
export async function moveCheckpoint(
  session: Session,
  jobId: number,
  move: {
    generation: number;
    from: Checkpoint | null;
    to: Checkpoint;
    valid: number;
    invalid: number;
    skipped: number;
    statistics: string;
    state: string;
  },
): Promise<void> {
  const { generation, from, to, valid, invalid, skipped, statistics, state } = move;
  const moved = await session.change(sql`
    update sluice.import_jobs set last_checkpoint = ${JSON.stringify(to)}, parse_attempts = 0, updated_at = now(),
      counted_to_row = greatest(counted_to_row, ${to.row}), processed_rows = processed_rows + ${valid + invalid + skipped},
      valid_rows = valid_rows + ${valid}, invalid_rows = invalid_rows + ${invalid}, skipped_rows = skipped_rows + ${skipped},
      column_profiles = ${statistics}, parse_state = ${state}
    where id = ${jobId} and status = 'parsing' and stage_generation = ${generation}
      and last_checkpoint is not distinct from ${from === null ? null : JSON.stringify(from)}::jsonb
  `);
  if (moved === 0) throw takenOver(jobId);
}

/** Adds to the counts of issues by field and code. `chunk` is -1 for the parse. */
export async function addIssueCounts(
  session: Session,
  jobId: number,
  chunk: number,
  counts: readonly IssueCount[],
): Promise<void> {
  if (counts.length === 0) return;
  await session.change(sql`
    insert into sluice.import_issue_counts (job_id, chunk_no, field, code, count)
    select ${jobId}, ${chunk}, field, code, count
    from unnest(${counts.map((each) => each.field ?? "")}::text[], ${counts.map((each) => each.code)}::text[],
      ${counts.map((each) => each.count)}::bigint[]) as fresh (field, code, count)
    on conflict (job_id, chunk_no, field, code) do update set count = import_issue_counts.count + excluded.count
  `);
}

/** Sets counts of the parse that are known once it is through, however often it comes to its end. */
export async function noteIssueCounts(
  session: Session | Database,
  jobId: number,
  counts: readonly IssueCount[],
): Promise<void> {
  if (counts.length === 0) return;
  await session.change(sql`
    insert into sluice.import_issue_counts (job_id, chunk_no, field, code, count)
    select ${jobId}, -1, field, code, count
    from unnest(${counts.map((each) => each.field ?? "")}::text[], ${counts.map((each) => each.code)}::text[],
      ${counts.map((each) => each.count)}::bigint[]) as fresh (field, code, count)
    on conflict (job_id, chunk_no, field, code) do update set count = excluded.count
  `);
}

export function takenOver(jobId: number): SluiceError {
  return new SluiceError(
    "conflict",
    told`Import ${jobId} was taken over by another worker, or stopped, while this worker was still reading. This worker stops.`,
  );
}

/** What the parse knows of the rows so far, as it was stored; null before its first batch. */
export async function parseState(database: Database, jobId: number): Promise<unknown> {
  const [job] = await database.query<{ state: unknown }>(
    sql`select parse_state as state from sluice.import_jobs where id = ${jobId}`,
  );
  return job?.state ?? null;
}

/** What the parse has counted of the file's columns so far, as it was stored; null before its first batch. */
export async function columnStatistics(database: Database, jobId: number): Promise<unknown> {
  const [job] = await database.query<{ profiles: unknown }>(
    sql`select column_profiles as profiles from sluice.import_jobs where id = ${jobId}`,
  );
  return job?.profiles ?? null;
}
