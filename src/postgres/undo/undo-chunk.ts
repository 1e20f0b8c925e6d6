/**
 * The undo of one chunk: its created records deleted, its updates taken back, what is kept listed, and the chunk's "undone"
 * in one transaction. What the database refuses is halved until the bad ones are alone.
 */
import type { EventListener } from "../../core/ports.ts";
import { claimChunk, maxTransientRetries, TooManyDeaths } from "../commit/chunk-claim.ts";
import { type Chunk, releaseChunk, terminateStalledChunks } from "../commit/chunks.ts";
import { inHalves } from "../commit/halving.ts";
import { noteWriter } from "../commit/record-writers.ts";
import { type Database, isConnectionLoss, isTransient } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { chunkToSinks } from "../outbox/written.ts";
import { runOf, type TargetSession, transactionOn } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import { handOverChanged, restoreChanged, updatesOf } from "./changed-records.ts";
import { deleteCreated, handOverCreated } from "./created-records.ts";
import { fetchesOf } from "./references.ts";
import type { ChunkUndo, UndoPlan } from "./undo-plan.ts";
import { type HandedRecords, idsIn, keepRefused, lockRecords } from "./undo-records.ts";
import { undoProgress } from "./undo-report.ts";

/** Refused records in one chunk beyond which something is wrong with more than records. */
const maxRefusals = 100;

class TooManyRefusals extends Error {}

/** What came of asking for a chunk. */
export type UndoOutcome =
  | { kind: "undone" }
  /** Every chunk is undone. */
  | { kind: "finished" }
  /** What is left is in other hands, or the job was stopped. */
  | { kind: "waiting" }
  /** The database refuses more records than halving should isolate. */
  | { kind: "too_many_refusals"; message: string }
  /** A chunk killed its worker five times. */
  | { kind: "poisoned"; fromRow: number; toRow: number };

export interface UndoChunkOptions {
  onEvent: EventListener;
  signal?: AbortSignal;
}

export async function undoChunk(
  database: Database,
  plan: UndoPlan,
  { onEvent, signal }: UndoChunkOptions,
): Promise<UndoOutcome> {
  const { job } = plan;
  let chunk: Chunk | null = null;
  const onAttempted = (attempted: Chunk): void => {
    if (chunk === null) onEvent({ name: "undo.chunk_attempted", jobId: job.id, chunk: attempted.no });
    chunk = attempted;
  };
  for (let attempt = 1; ; attempt++) {
    try {
      const tried = await undoOnce(database, plan, chunk, { onEvent, onAttempted, signal });
      const last = chunk as Chunk | null;
      if (tried === "undone" && last !== null) {
        const { recordsDone, recordsTotal } = await undoProgress(database, job.id);
        onEvent({ name: "undo.chunk_undone", jobId: job.id, chunk: last.no, recordsDone, recordsTotal });
        return { kind: "undone" };
      }
      if (tried === "none_free") return await whyNoneIsFree(database, job.id, onEvent);
      if (last !== null) await releaseChunk(database, job.id, last, "undo");
      return { kind: "waiting" };
    } catch (error) {
      const last = chunk as Chunk | null;
      if (isTransient(error) && attempt < maxTransientRetries) continue;
      if (last !== null && !isConnectionLoss(error)) await releaseChunk(database, job.id, last, "undo");
      if (error instanceof TooManyDeaths && last !== null)
        return { kind: "poisoned", fromRow: last.fromRow, toRow: last.toRow - 1 };
      if (error instanceof TooManyRefusals) return { kind: "too_many_refusals", message: error.message };
      throw error;
    }
  }
}

/** Every chunk is undone, or in other hands; those that hold one without getting on are cut off. */
async function whyNoneIsFree(database: Database, jobId: number, onEvent: EventListener): Promise<UndoOutcome> {
  const { chunks, chunksDone } = await undoProgress(database, jobId);
  if (chunksDone === chunks) return { kind: "finished" };
  for (const backendPid of await terminateStalledChunks(database, jobId, "undo")) {
    onEvent({ name: "worker.terminated_stalled", jobId, backendPid });
  }
  return { kind: "waiting" };
}

/** One transaction over `again`, or over the next chunk that is free; claimed as a commit claims its chunks. */
async function undoOnce(
  database: Database,
  plan: UndoPlan,
  again: Chunk | null,
  { onEvent, onAttempted, signal }: UndoChunkOptions & { onAttempted: (chunk: Chunk) => void },
): Promise<"undone" | "none_free" | "in_other_hands"> {
  const { job } = plan;
  return transactionOn(
    database,
    runOf(plan),
    async (session) => {
      const chunk = await claimChunk(database, session, job.id, again, {
        work: "undo",
        onAttempted,
        onClaimed: ({ no }) => onEvent({ name: "undo.chunk_claimed", jobId: job.id, chunk: no }),
      });
      if (typeof chunk === "string") return chunk;
      const at = { jobId: job.id, chunk: chunk.no };
      await session.query(sql`set constraints all immediate`);
      const undo = { ...plan, fetches: await fetchesOf(session, plan) };
      // Deleted first: a value that a record gets back may be unique, and one of these may have it.
      await deleteChunk(session, undo, chunk, onEvent);
      onEvent({ name: "undo.chunk_deleted", ...at });
      await restoreChunk(session, undo, chunk, onEvent);
      onEvent({ name: "undo.chunk_restored", ...at });
      await session.query(
        sql`update sluice.import_chunks set undone_at = clock_timestamp() where job_id = ${job.id} and chunk_no = ${chunk.no}`,
      );
      await chunkToSinks(session, "chunk.undone", job.id, chunk.no);
      onEvent({ name: "undo.chunk_recorded", ...at });
      return "undone";
    },
    { signal, workMemory: "64MB", planning: "chunk" },
  );
}

async function deleteChunk(
  session: TargetSession,
  plan: ChunkUndo,
  { no }: Chunk,
  onEvent: EventListener,
): Promise<void> {
  const created = await handOverCreated(session, plan, no);
  if (created.count === 0) return;
  await lockRecords(session, plan, created);
  await refusable(session, plan, no, created, onEvent, (slice) => deleteCreated(session, plan, no, created, slice));
}

async function restoreChunk(
  session: TargetSession,
  plan: ChunkUndo,
  { no }: Chunk,
  onEvent: EventListener,
): Promise<void> {
  const { count, columns } = await updatesOf(session, plan, no);
  if (count === 0) return;
  const changed = await handOverChanged(session, plan, no);
  await lockRecords(session, plan, changed);
  await refusable(session, plan, no, changed, onEvent, async (slice) => {
    await restoreChanged(session, plan, no, changed, slice, columns);
    await noteWriter(session, { jobId: plan.job.id, chunk: no, cluster: plan.cluster }, "undo");
  });
}

/** Work of which the database may refuse some records: those are kept, with what it said. */
async function refusable(
  session: Session,
  plan: ChunkUndo,
  chunk: number,
  records: HandedRecords,
  onEvent: EventListener,
  work: (slice: Range) => Promise<void>,
): Promise<void> {
  let refusals = 0;
  await inHalves(
    session,
    { from: 1, to: records.count + 1 },
    {
      work,
      onHalved: ({ from, to }) => onEvent({ name: "undo.chunk_halved", jobId: plan.job.id, chunk, records: to - from }),
      async onAlone(error, slice) {
        refusals++;
        if (refusals > maxRefusals) throw new TooManyRefusals(error.message);
        await keepRefused(session, plan, chunk, idsIn(records, slice, "record_id"), error.message);
      },
    },
  );
}
