/**
 * The undo of one chunk: its created records deleted, its updates taken back, what is kept listed, and the chunk's "undone"
 * in one transaction.
 */
import type { EventListener } from "../../core/ports.ts";
import { claimChunk, maxTransientRetries, TooManyDeaths } from "../commit/chunk-claim.ts";
import { type Chunk, releaseChunk, terminateStalledChunks } from "../commit/chunks.ts";
import { type Database, isConnectionLoss, isTransient } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { chunkToSinks } from "../outbox/written.ts";
import { type TargetSession, transactionOn } from "../tables/on-target.ts";
import { journalled } from "./journal.ts";
import { fetchesOf } from "./references.ts";
import type { ChunkUndo, ImportUndo } from "./undo-plan.ts";
import { undoProgress } from "./undo-progress.ts";
import { deleteChunk, insertChunk, restoreChunk, TooManyRefusals } from "./undo-table.ts";

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
  plan: ImportUndo,
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
  plan: ImportUndo,
  again: Chunk | null,
  { onEvent, onAttempted, signal }: UndoChunkOptions & { onAttempted: (chunk: Chunk) => void },
): Promise<"undone" | "none_free" | "in_other_hands"> {
  const { job } = plan;
  return transactionOn(
    database,
    plan.run,
    async (session) => {
      const chunk = await claimChunk(database, session, job.id, again, {
        work: "undo",
        onAttempted,
        onClaimed: ({ no }) => onEvent({ name: "undo.chunk_claimed", jobId: job.id, chunk: no }),
      });
      if (typeof chunk === "string") return chunk;
      const at = { jobId: job.id, chunk: chunk.no };
      await session.query(sql`set constraints all immediate`);
      const tables = await tablesOf(session, plan, chunk.no);
      const undone = { no: chunk.no, onEvent };
      // What refers to others before those: children, the main record, parents.
      for (const table of tables.toReversed()) {
        // Deleted first: a value that a record gets back may be unique, and one of these may have it.
        await deleteChunk(session, table, undone);
        onEvent({ name: "undo.chunk_deleted", ...at });
        await restoreChunk(session, table, undone);
        onEvent({ name: "undo.chunk_restored", ...at });
      }
      for (const table of tables) if (table.record?.isInChunk === false) await insertChunk(session, table, undone);
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

/** The tables in which the chunk has left something to undo, in the order in which it wrote to them. */
async function tablesOf(session: TargetSession, { job, tables }: ImportUndo, chunk: number): Promise<ChunkUndo[]> {
  const names = tables.length > 1 ? await journalled(session, job.id, chunk) : new Set<string>();
  const touched: ChunkUndo[] = [];
  for (const table of tables) {
    const { record } = table;
    if (record !== null && !record.isInChunk && !names.has(record.name)) continue;
    touched.push({ ...table, fetches: await fetchesOf(session, table) });
  }
  return touched;
}
