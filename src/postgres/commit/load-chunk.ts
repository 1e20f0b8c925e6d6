/**
 * What a chunk does, by the import's mode: its rows are loaded; of a replace everything in scope goes first, in the same transaction; the
 * last chunk of a mirror has no rows, and removes what the file does not name.
 */
import { type Removal, refuseUnconfirmed } from "../../core/removals.ts";
import { type Session, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { type Chunk, defaultChunkRows, isRemoval } from "./chunks.ts";
import type { Failure } from "./failures.ts";
import { type LoadingChunk, type LoadOptions, loadRange } from "./load-range.ts";
import { removeRecords, settleRemoval } from "./remove.ts";

interface ChunkOptions extends LoadOptions {
  /** Nothing is confirmed, for nothing will stay. */
  isRehearsed?: boolean;
}

/**
 * Loads the chunk: the rows that were refused, and what it removed.
 *
 * @throws TooManyFailures, TableRefuses, RemovalStopped
 */
export async function loadChunk(
  session: TargetSession,
  plan: Plan,
  chunk: LoadingChunk & Pick<Chunk, "fromRow" | "toRow">,
  { isRehearsed = false, ...options }: ChunkOptions,
): Promise<{ failures: Failure[]; removal: Removal | null }> {
  const whole = { from: chunk.fromRow, to: chunk.toRow };
  if (isRemoval(chunk)) return { failures: [], removal: await removeRecords(session, plan, chunk, { isRehearsed }) };
  if (plan.job.mode !== "replace")
    return { failures: await loadRange(session, plan, chunk, whole, options), removal: null };
  const foreseen = await removeRecords(session, plan, chunk, { isRehearsed });
  const failures: Failure[] = [];
  for (const range of await partsOf(session, plan, whole))
    failures.push(...(await loadRange(session, plan, chunk, range, options)));
  const removal = await settleRemoval(session, plan, foreseen, failures);
  if (!isRehearsed) refuseUnconfirmed(plan.job, plan.importer, removal);
  return { failures, removal };
}

/** A chunk of all rows is loaded part by part, so that statements stay as large as those of others. */
async function partsOf(session: Session, { job }: Plan, whole: Range): Promise<Range[]> {
  const { rows } = stageTables(job.id, job.stageGeneration);
  const [{ last }] = await session.query<{ last: number | null }>(
    sql`select max(row_no) as last from ${rows} where row_no > 0`,
  );
  const parts: Range[] = [];
  for (let from = whole.from; last !== null && from <= last; from += defaultChunkRows)
    parts.push({ from, to: from + defaultChunkRows });
  return parts;
}
