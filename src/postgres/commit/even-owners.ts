/**
 * Round robin over what is really created. Each chunk has its turns beforehand, so that chunks need not wait for one another;
 * where rows are refused, or records turn out to be there, the last of its turns stay unused. Then a few records of the chunk change
 * hands, before it is committed, until all chunks together are as even as if only what was created had been dealt.
 */

import { tableId } from "../connection/connect.ts";
import { isDataError } from "../connection/row-errors.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { handOverMade, handOverWriters } from "../match/own-records.ts";
import { sameContext } from "../tables/context.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import type { Chunk } from "./chunks.ts";
import { noteWriter } from "./record-writers.ts";

/** Records by owner. */
type Hand = Map<string, number>;

interface DealtChunk {
  no: number;
  isDone: boolean;
  rankBase: number;
  turns: number;
  created: number;
  owners: Record<string, number> | null;
}

/** The owners in their turns; null where nobody is dealt to. */
function turnsOf({ job, importer }: Plan): string[] | null {
  const { assignment } = job;
  if (assignment.mode !== "round-robin" || importer.load !== undefined || importer.assign === undefined) return null;
  return assignment.owners.flatMap(({ owner, weight }) => Array.from({ length: weight }, () => owner));
}

/** The rank of the next record that a chunk creates: also of one that is halved, where some have been created already. */
export async function nextRank(session: Session, { job }: Plan, chunk: { no: number; rankBase: number }): Promise<Sql> {
  if (job.assignment.mode !== "round-robin") return sql`0`;
  const [{ created }] = await session.query<{ created: number }>(
    sql`select created::int8 as created from sluice.import_chunks where job_id = ${job.id} and chunk_no = ${chunk.no}`,
  );
  return sql`${chunk.rankBase + created}::bigint`;
}

/** Makes the chunk's share even with the others'. Runs at the end of its transaction. */
export async function evenOwners(session: TargetSession, plan: Plan, chunk: Chunk & { cluster: Sql }): Promise<void> {
  const turns = turnsOf(plan);
  if (turns === null) return;
  const [{ created, turns: planned }] = await chunksOf(session, plan, sql`and chunk_no = ${chunk.no}`);
  const isAsPlanned = created === planned;
  // Where rows were left out in the middle, the turns in use are not the first ones.
  if (!isAsPlanned) await keepHand(session, plan, chunk.no, await handNow(session, plan, chunk.no));
  // What is as planned changes nothing for the others; what is not must see what others that are not have come to.
  if (isAsPlanned && (await surplusOf(session, plan, turns, chunk.no)).length === 0) return;
  await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice turns', ${plan.job.id}))`);
  const moves = await surplusOf(session, plan, turns, chunk.no);
  if (moves.length === 0) return;
  const moved: Hand = new Map();
  for (const { from, to, count } of moves) {
    let left = count - (await changeHands(session, plan, chunk, { from, to, count, ofAll: false }));
    if (left > 0) left -= await changeHands(session, plan, chunk, { from, to, count: left, ofAll: true });
    add(moved, from, left - count);
    add(moved, to, count - left);
  }
  const [mine] = await chunksOf(session, plan, sql`and chunk_no = ${chunk.no}`);
  const hand = handOf(mine, turns);
  for (const [owner, count] of moved) add(hand, owner, count);
  await keepHand(session, plan, chunk.no, hand);
}

async function keepHand(session: TargetSession, { job }: Plan, no: number, hand: Hand): Promise<void> {
  await session.query(sql`
    update sluice.import_chunks set owner_counts = ${JSON.stringify(Object.fromEntries(hand))}::jsonb
    where job_id = ${job.id} and chunk_no = ${no}
  `);
}

/** Who owns the records that the chunk created, as the table has it. */
async function handNow(session: TargetSession, plan: Plan, no: number): Promise<Hand> {
  const { importer } = plan;
  const made = await handOverMade(session, plan, sql`and c.chunk_no = ${no}`);
  const hands = await session.tables.query<{ owner: string; count: number }>(sql`
    select coalesce(t.${sql.id(importer.assign?.column ?? "")}::text, '') as owner, count(*)::int8 as count
    from ${tableId(importer.target.table)} t join ${made} made on made.id = ${sql.id("t", importer.target.id)} group by 1
  `);
  return new Map(hands.map(({ owner, count }) => [owner, count]));
}

/** How many records would have to go from whom to whom, as things stand with this chunk done. */
async function surplusOf(
  session: TargetSession,
  plan: Plan,
  turns: readonly string[],
  no: number,
): Promise<{ from: string; to: string; count: number }[]> {
  const all: Hand = new Map();
  for (const chunk of await chunksOf(session, plan, sql``))
    for (const [owner, count] of handOf({ ...chunk, isDone: chunk.isDone || chunk.no === no }, turns))
      add(all, owner, count);
  const total = [...all.values()].reduce((sum, count) => sum + count, 0);
  const even = dealt(turns, 0, total);
  const more: [string, number][] = [];
  const less: [string, number][] = [];
  for (const owner of new Set(turns)) {
    const excess = (all.get(owner) ?? 0) - (even.get(owner) ?? 0);
    if (excess > 0) more.push([owner, excess]);
    if (excess < 0) less.push([owner, -excess]);
  }
  const moves: { from: string; to: string; count: number }[] = [];
  while (more.length > 0 && less.length > 0) {
    const [giver, taker] = [more[0], less[0]];
    const count = Math.min(giver[1], taker[1]);
    moves.push({ from: giver[0], to: taker[0], count });
    giver[1] -= count;
    taker[1] -= count;
    if (giver[1] === 0) more.shift();
    if (taker[1] === 0) less.shift();
  }
  return moves;
}

function chunksOf(session: TargetSession, { job }: Plan, where: Sql): Promise<DealtChunk[]> {
  return session.query<DealtChunk>(sql`
    select chunk_no as no, done_at is not null as "isDone", rank_base::int8 as "rankBase", turns, created::int8 as created, owner_counts as owners
    from sluice.import_chunks where job_id = ${job.id} ${where} order by chunk_no
  `);
}

/** Who has how many of a chunk's records, or will have. */
function handOf({ isDone, rankBase, turns, created, owners }: DealtChunk, order: readonly string[]): Hand {
  if (owners !== null) return new Map(Object.entries(owners));
  return dealt(order, rankBase, isDone ? created : turns);
}

/** How many of `turns` turns each owner gets, from a given turn on. */
function dealt(order: readonly string[], from: number, count: number): Hand {
  const hand: Hand = new Map();
  const rounds = Math.floor(count / order.length);
  for (const owner of order) add(hand, owner, rounds);
  for (let turn = from + rounds * order.length; turn < from + count; turn++) add(hand, order[turn % order.length], 1);
  return hand;
}

function add(hand: Hand, owner: string, count: number): void {
  hand.set(owner, (hand.get(owner) ?? 0) + count);
}

/** Gives the last of one owner's new records to another; of this chunk, or of all that are as the import made them. */
async function changeHands(
  session: TargetSession,
  plan: Plan,
  chunk: Chunk & { cluster: Sql },
  { from, to, count, ofAll }: { from: string; to: string; count: number; ofAll: boolean },
): Promise<number> {
  const { job, importer, target } = plan;
  if (importer.assign === undefined || (ofAll && !target.showsWriters)) return 0;
  const id = sql.id("t", importer.target.id);
  const column = importer.assign.column;
  const type = sql.raw(target.columns.get(column)?.castType ?? "text");
  await session.savepoint("hands");
  try {
    const made = await handOverMade(session, plan, ofAll ? sql`` : sql`and c.chunk_no = ${chunk.no}`);
    const writers = ofAll ? await handOverWriters(session, job.id) : null;
    const untouched = writers === null ? sql`` : sql`and t.xmin in (select xid from ${writers})`;
    const moved = await session.tables.change(sql`
      with given as (
        select ${id} as id from ${tableId(importer.target.table)} t join ${made} made on made.id = ${id}
        where ${sql.id("t", column)}::text = ${from} ${untouched} ${sameContext(plan)}
        order by ${id} desc limit ${count} for update of t
      )
      update ${tableId(importer.target.table)} t set ${sql.id(column)} = ${to}::${type} from given where ${id} = given.id
    `);
    // Written under the same savepoint as the records: see noteWriter.
    await session.query(
      sql`update sluice.import_chunks set turns = turns where job_id = ${job.id} and chunk_no = ${chunk.no}`,
    );
    await noteWriter(session, { jobId: job.id, chunk: chunk.no, cluster: chunk.cluster }, "writer");
    await session.release("hands");
    return moved;
  } catch (error) {
    // The table does not let it: the owners stay a little uneven.
    if (!isDataError(error)) throw error;
    await session.rollbackTo("hands");
    return 0;
  }
}
