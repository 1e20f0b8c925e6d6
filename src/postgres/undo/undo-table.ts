/**
 * What an undo does with one table in a chunk: what was created is deleted, what was changed is given back, what was deleted is
 * inserted again. What the database refuses is halved until the bad ones are alone.
 */
import type { EventListener } from "../../core/ports.ts";
import { inHalves } from "../commit/halving.ts";
import { noteWriter } from "../commit/record-writers.ts";
import type { Session } from "../connection/session.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import { handOverChanged, restoreChanged, updatesOf } from "./changed-records.ts";
import { deleteCreated, handOverCreated } from "./created-records.ts";
import { deletionsOf, handOverDeleted, insertDeleted } from "./deleted-records.ts";
import type { ChunkUndo } from "./undo-plan.ts";
import { type HandedRecords, idsIn, keepRefused, lockRecords } from "./undo-records.ts";

/** Refused records in one chunk beyond which something is wrong with more than records. */
const maxRefusals = 100;

export class TooManyRefusals extends Error {}

/** The chunk, and who hears of it. */
export interface UndoneChunk {
  no: number;
  onEvent: EventListener;
}

export async function deleteChunk(session: TargetSession, plan: ChunkUndo, chunk: UndoneChunk): Promise<void> {
  const created = await handOverCreated(session, plan, chunk.no);
  if (created.count === 0) return;
  await lockRecords(session, plan, created);
  await refusable(session, plan, chunk, created, (slice) => deleteCreated(session, plan, chunk.no, created, slice));
}

export async function restoreChunk(session: TargetSession, plan: ChunkUndo, chunk: UndoneChunk): Promise<void> {
  const { count, columns } = await updatesOf(session, plan, chunk.no);
  if (count === 0) return;
  const changed = await handOverChanged(session, plan, chunk.no);
  await lockRecords(session, plan, changed);
  await refusable(session, plan, chunk, changed, async (slice) => {
    await restoreChanged(session, plan, chunk.no, changed, slice, columns);
    await noteUndo(session, plan, chunk);
  });
}

export async function insertChunk(session: TargetSession, plan: ChunkUndo, chunk: UndoneChunk): Promise<void> {
  const { count, columns } = await deletionsOf(session, plan, chunk.no);
  if (count === 0) return;
  const deleted = await handOverDeleted(session, plan, chunk.no);
  await refusable(session, plan, chunk, deleted, async (slice) => {
    await insertDeleted(session, plan, chunk.no, deleted, slice, columns);
    await noteUndo(session, plan, chunk);
  });
}

function noteUndo(session: Session, { job, cluster }: ChunkUndo, { no }: UndoneChunk): Promise<void> {
  return noteWriter(session, { jobId: job.id, chunk: no, cluster }, "undo");
}

/** Work of which the database may refuse some records: those are kept, with what it said. */
async function refusable(
  session: Session,
  plan: ChunkUndo,
  { no, onEvent }: UndoneChunk,
  records: HandedRecords,
  work: (slice: Range) => Promise<void>,
): Promise<void> {
  let refusals = 0;
  await inHalves(
    session,
    { from: 1, to: records.count + 1 },
    {
      work,
      onHalved: ({ from, to }) =>
        onEvent({ name: "undo.chunk_halved", jobId: plan.job.id, chunk: no, records: to - from }),
      async onAlone(error, slice) {
        refusals++;
        if (refusals > maxRefusals) throw new TooManyRefusals(error.message);
        await keepRefused(session, plan, no, idsIn(records, slice, "record_id"), error.message);
      },
    },
  );
}
