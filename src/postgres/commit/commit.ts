/**
 * The commit of one chunk: records, outcomes, counters and the chunk's "done" in one transaction. A statement that fails
 * is halved until the bad rows are alone.
 */

import { removes } from "../../core/modes.ts";
import type { EventListener } from "../../core/ports.ts";
import type { ChunkOutcome } from "../../core/store/commits.ts";
import { clusterOf } from "../connection/cluster.ts";
import { type Database, isConnectionLoss, isTransient } from "../connection/connect.ts";
import { lacksRight } from "../connection/row-errors.ts";
import { type Session, sql } from "../connection/session.ts";
import { mayReferToOneAnother } from "../match/foreign-keys.ts";
import { someTakeOver } from "../match/guarded-keys.ts";
import { matchAgain } from "../match/match.ts";
import { areFetchedById } from "../match/records-by-list.ts";
import { recordShared } from "../match/shared-keys.ts";
import { skipGone } from "../match/unmatched.ts";
import { chunkToSinks } from "../outbox/written.ts";
import { lostStage, StageLost, stageIsIntact, stageTables } from "../stage/stage.ts";
import { openStage } from "../tables/hand-over.ts";
import { runOf, transactionOn } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { lockTargetFor } from "../tables/target-lock.ts";
import { claimChunk, maxTransientRetries, TooManyDeaths } from "./chunk-claim.ts";
import {
  type Chunk,
  type CommitOrder,
  chunkProgress,
  finishChunk,
  isRemoval,
  releaseChunk,
  terminateStalledChunks,
} from "./chunks.ts";
import { evenOwners } from "./even-owners.ts";
import { recordFailures } from "./failures.ts";
import { loadChunk } from "./load-chunk.ts";
import { TableRefuses, TooManyFailures } from "./load-range.ts";
import { failSkippedForFailed } from "./skipped-for-failed.ts";
import { lockTarget, TargetShared } from "./target-lock.ts";
import { whyTableRefuses, whyTooMany } from "./why-refused.ts";
import { keepWrittenValues } from "./written-values.ts";

export async function commitChunk(
  database: Database,
  plan: Plan,
  options: { onEvent: EventListener; signal?: AbortSignal },
): Promise<ChunkOutcome> {
  const { job } = plan;
  const { onEvent } = options;
  let chunk: Chunk | null = null;
  for (let attempt = 1; ; attempt++) {
    try {
      const tried = await commitOnce(database, plan, chunk, {
        ...options,
        onAttempted(attempted) {
          if (chunk === null) onEvent({ name: "chunk.attempted", jobId: job.id, chunk: attempted.no });
          chunk = attempted;
        },
      });
      if (tried === "committed" && chunk !== null) return await tellCommitted(database, job.id, chunk, onEvent);
      if (tried === "none_free") return await whyNoneIsFree(database, job.id, onEvent);
      if (chunk !== null) await releaseChunk(database, job.id, chunk);
      return { kind: "waiting" };
    } catch (error) {
      const last = chunk as Chunk | null;
      if (error instanceof TargetShared) continue;
      if (isTransient(error) && attempt < maxTransientRetries) continue;
      if (last !== null && !isConnectionLoss(error)) await releaseChunk(database, job.id, last);
      if (error instanceof TooManyDeaths && last !== null)
        return { kind: "poisoned", fromRow: last.fromRow, toRow: last.toRow - 1 };
      const lost = lostStage(error);
      if (lost !== null) return { kind: "stage_lost", lost };
      if (error instanceof TooManyFailures && last !== null)
        return { kind: "too_many_failures", chunk: last.no, reason: await whyTooMany(database, plan, error.refusal) };
      if (error instanceof TableRefuses || lacksRight(error))
        return { kind: "table_refuses", reason: whyTableRefuses(plan, error) };
      throw error;
    }
  }
}

async function tellCommitted(
  database: Database,
  jobId: number,
  { no, rows }: Chunk,
  onEvent: EventListener,
): Promise<ChunkOutcome> {
  const { rowsDone, rowsTotal } = await chunkProgress(database, jobId);
  onEvent({ name: "chunk.committed", jobId, chunk: no, rows, rowsDone, rowsTotal });
  return { kind: "committed", chunk: no };
}

/** Every chunk is done, or in other hands; those that hold one without getting on are cut off. */
async function whyNoneIsFree(database: Database, jobId: number, onEvent: EventListener): Promise<ChunkOutcome> {
  const { chunks, done } = await chunkProgress(database, jobId);
  if (done === chunks) {
    await database.transaction((session) => failSkippedForFailed(session, jobId), { planning: "chunk" });
    return { kind: "finished" };
  }
  for (const backendPid of await terminateStalledChunks(database, jobId)) {
    onEvent({ name: "worker.terminated_stalled", jobId, backendPid });
  }
  return { kind: "waiting" };
}

/** One transaction over `again`, or over the next chunk that is free. */
async function commitOnce(
  database: Database,
  plan: Plan,
  again: Chunk | null,
  {
    onEvent,
    onAttempted,
    signal,
  }: { onEvent: EventListener; onAttempted: (chunk: Chunk) => void; signal?: AbortSignal },
): Promise<"committed" | "none_free" | "in_other_hands"> {
  const { job } = plan;
  const cluster = await clusterOf(database);
  const options = { signal, workMemory: "64MB", planning: "chunk" } as const;
  return transactionOn(
    database,
    runOf(plan),
    async (session) => {
      const chunk = await claimChunk(database, session, job.id, again, {
        work: "commit",
        order: await orderOf(session, plan),
        onAttempted,
        onClaimed: ({ no }) => onEvent({ name: "chunk.claimed", jobId: job.id, chunk: no }),
      });
      if (typeof chunk === "string") return chunk;
      const at = { jobId: job.id, chunk: chunk.no };
      if (!(await stageIsIntact(session, job.id, job.stageGeneration)))
        throw new StageLost(job.id, job.stageGeneration);
      await openStage(session, job);
      await session.query(sql`set constraints all immediate`);
      const range = { from: chunk.fromRow, to: chunk.toRow };
      // Two that remove at once do so one after the other.
      if (removes(job.mode) && (job.mode === "replace" || isRemoval(chunk)))
        await lockTargetFor(session, job.target, "exclusive");
      const others = await lockTarget(session, plan);
      if (others.haveWritten) await matchAgain(session, plan, range);
      const updates = job.duplicates.strategy === "update" && plan.importer.load === undefined;
      const loading = { ...plan, recordsByList: updates && (await areFetchedById(session, plan)) };
      if (job.mode === "update_only") await skipGone(session, loading, chunk, range);
      // Under a role, the stage may have been opened to it by this transaction.
      const isUntouched = ["upsert", "mirror"].includes(job.mode) && !others.haveWritten && session.role === null;
      const { failures } = await loadChunk(
        session,
        loading,
        { ...chunk, cluster },
        {
          onHalved: (half) => onEvent({ name: "chunk.halved", ...at, fromRow: half.from, toRow: half.to - 1 }),
          onRecord: (record, done, of) => onEvent({ name: "chunk.record", ...at, record, done, of }),
          aside: isUntouched
            ? (work) => transactionOn(database, runOf(plan), work, { ...options, beside: true })
            : null,
        },
      );
      onEvent({ name: "chunk.loaded", ...at });
      await recordFailures(session, plan, chunk, failures);
      await recordOthers(session, plan, chunk, range);
      await recordShared(session, plan, chunk, range);
      await evenOwners(session, plan, { ...chunk, cluster });
      await keepWrittenValues(session, plan, chunk.no);
      const rows = await finishChunk(session, plan, chunk);
      await chunkToSinks(session, "chunk.committed", job.id, chunk.no);
      onAttempted({ ...chunk, rows });
      onEvent({ name: "chunk.recorded", ...at });
      return "committed";
    },
    options,
  );
}

/** Later rows find what earlier ones have made of other tables' records, or of this one's, and take what they have given up. */
async function orderOf(session: Session, plan: Plan): Promise<CommitOrder> {
  const { job, tables } = plan;
  if (tables !== undefined || mayReferToOneAnother(plan) || (await someTakeOver(session, plan))) return "file";
  return job.mode === "mirror" ? "removal_apart" : "any";
}

/** The rows of the chunk that the match kept out: skipped duplicates, and those that it found invalid. */
export async function recordOthers(session: Session, plan: Plan, chunk: Chunk, range: Range): Promise<void> {
  const { job } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  await session.query(sql`
    with kept_out as (
      select m.row_no, s.row_offset, m.action, m.record_id, case m.action
          when 'i' then m.issue
          when 'f' then jsonb_build_array(jsonb_build_object('c', 'duplicate_in_file', 'p', jsonb_build_object('row', m.of_row)))
          when 'n' then '[{"c": "no_match"}]'
          else jsonb_build_array(jsonb_build_object('c', 'duplicate_in_table', 'p', jsonb_build_object('record', m.record_id))) end as issues
      from ${match} m join ${rows} s on s.row_no = m.row_no
      where m.row_no >= ${range.from} and m.row_no < ${range.to} and m.action in ('i', 'f', 't', 'n')
        and s.row_no >= ${range.from} and s.row_no < ${range.to}
    ), noted as (
      insert into sluice.import_rows (job_id, row_no, outcome, issues, row_offset, record_id)
      select ${job.id}, row_no, case action when 'i' then 'invalid' else 'skipped' end, issues, row_offset, record_id::text from kept_out
    ), counted as (
      insert into sluice.import_issue_counts (job_id, chunk_no, field, code, count)
      select ${job.id}, ${chunk.no}, coalesce(issues -> 0 ->> 'f', ''), issues -> 0 ->> 'c', count(*) from kept_out group by 3, 4
      on conflict (job_id, chunk_no, field, code) do update set count = import_issue_counts.count + excluded.count
    )
    update sluice.import_chunks set skipped = skipped + (select count(*) from kept_out where action <> 'i'),
      invalid = invalid + (select count(*) from kept_out where action = 'i')
    where job_id = ${job.id} and chunk_no = ${chunk.no}
  `);
}
