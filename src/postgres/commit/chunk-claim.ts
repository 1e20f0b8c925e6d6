/** How a transaction comes by its chunk: attempted, locked, and the job still in the state that the work needs. */
import type { Status } from "../../core/import.ts";
import { type Database, isConnectionLoss } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import {
  attemptChunk,
  backendOf,
  type Chunk,
  type ChunkWork,
  type CommitOrder,
  lockChunk,
  maxAttempts,
  releaseChunk,
} from "./chunks.ts";

/** Times a chunk is tried again after a deadlock before the error is taken for real. */
export const maxTransientRetries = 10;

/** The chunk killed its worker as often as it may. */
export class TooManyDeaths extends Error {}

const statusOf: Readonly<Record<ChunkWork, Status>> = { commit: "committing", undo: "undoing" };

export interface ClaimOptions {
  work: ChunkWork;
  /** Of a commit: which chunks it may take. */
  order?: CommitOrder;
  /** Told before the chunk is locked. */
  onAttempted: (chunk: Chunk) => void;
  /** Told when the chunk is this transaction's. */
  onClaimed: (chunk: Chunk) => void;
}

/**
 * Claims `again`, or the next chunk that is free, for `session`'s transaction. The attempt is noted on another connection while
 * this one's transaction is open already, so that the backend noted is the one that will hold the chunk, behind a transaction
 * pooler too.
 *
 * @throws TooManyDeaths
 */
export async function claimChunk(
  database: Database,
  session: Session,
  jobId: number,
  again: Chunk | null,
  { work, order, onAttempted, onClaimed }: ClaimOptions,
): Promise<Chunk | "none_free" | "in_other_hands"> {
  const backend = await backendOf(session);
  const chunk = await attemptChunk(database, jobId, backend, again?.no ?? null, work, order);
  if (chunk === null) return again === null ? "none_free" : "in_other_hands";
  onAttempted(chunk);
  if (chunk.attempts > maxAttempts) throw new TooManyDeaths();
  const isLocked = await lockChunk(session, jobId, chunk.no, work).catch(async (error: unknown) => {
    // Nothing of the chunk was touched: the connection was lost while the attempt was noted, on a database that has too much to do.
    if (isConnectionLoss(error)) await releaseChunk(database, jobId, chunk, work).catch(() => {});
    throw error;
  });
  if (!isLocked) return "in_other_hands";
  onClaimed(chunk);
  const [{ status }] = await session.query<{ status: Status }>(
    sql`select status from sluice.import_jobs where id = ${jobId}`,
  );
  return status === statusOf[work] ? chunk : "in_other_hands";
}
