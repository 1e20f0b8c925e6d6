/** What an undo does alike with the records that an import created and with those it updated: it locks them, and lists those it keeps. */

import { ownersOf, returnedFrom, writers } from "../commit/record-writers.ts";
import type { HandedValues } from "../commit/written-values.ts";
import { tableId } from "../connection/connect.ts";
import { type Part, withParts } from "../connection/parts.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { unwrapped } from "../tables/carried.ts";
import { sameContext } from "../tables/context.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import { isAmong, orderOf } from "../tables/record-key.ts";
import type { TargetColumn } from "../tables/target.ts";
import { keptAs, noteUndone } from "./journal.ts";
import type { ChunkUndo } from "./undo-plan.ts";

/** A chunk's records, handed over: a table of `place` (from 1), `id` as the target has it, and `record_id`, the same as text. */
export interface HandedRecords {
  table: Sql;
  count: number;
  /** Where the records do not show who has changed them: what was written to them. */
  values: HandedValues | null;
}

/** The condition that a record `t` is as it was when it was judged, `j`. Where it shows no writer, its lock alone answers for that. */
export function isLastWriter({ target }: ChunkUndo): Sql {
  return target.showsWriters ? sql`and t.xmin = j.writer` : sql``;
}

/** The query of the ids of a slice of them, by their places. */
export function idsIn({ table }: HandedRecords, slice: Range, column: "id" | "record_id" = "id"): Sql {
  return sql`select ${sql.id(column)} from ${table} where place >= ${slice.from} and place < ${slice.to}`;
}

/** A value from the journal, as it was. In journals of before the null of JSON and that of SQL are one; in a column that takes none of SQL's it was JSON's. */
export function givenBack(column: TargetColumn | undefined, value: Sql): Sql {
  const own = unwrapped(column, value);
  if (column === undefined || !column.notNull || !/^jsonb?$/.test(column.baseType)) return own;
  // As journals of before have it.
  return sql`coalesce(${own}, 'null'::${sql.raw(column.castType)})`;
}

/** Locks the records, so that nobody changes them, or begins to refer to them, until the chunk is done. */
export async function lockRecords(session: TargetSession, plan: ChunkUndo, { table }: HandedRecords): Promise<void> {
  const ids = sql`select id from ${table}`;
  // In the order of their ids, so that two chunks cannot wait for one another in a circle.
  await session.tables.query(sql`
    select count(*) from (
      select from ${tableId(plan.importer.target.table)} t
      where ${isAmong(plan, ids)} ${sameContext(plan)}
      order by ${orderOf(plan)} for update
    ) locked
  `);
}

/**
 * Notes the records of `back`, a query of `record_id` and `xid`, the lower bits of who had written them before this import did: what
 * was an earlier import's before this one is now so again.
 */
export async function giveBack(session: Session, plan: ChunkUndo, chunk: number, back: Sql): Promise<void> {
  const parts: Part[] = [
    { name: "back", query: back },
    { name: "ids", query: sql`select record_id as id from back`, materialized: true },
    ...writers(plan),
  ];
  const owners = ownersOf(plan, sql`back`);
  const from =
    plan.record === null
      ? sql`select o.record_id, o.job_id, ${plan.job.id}::bigint, ${chunk}::integer, '' from (${owners}) o`
      : sql`select o.record_id, o.job_id, ${plan.job.id}::bigint, ${chunk}::integer, ${returnedFrom(plan)}
        from (${owners}) o join sluice.import_jobs j on j.id = o.job_id`;
  await session.query(sql`
    ${withParts(parts)}
    insert into sluice.import_returned (record_id, job_id, by_job, by_chunk, record_table)
    ${from}
    on conflict (record_id, job_id, record_table) do update set by_job = excluded.by_job, by_chunk = excluded.by_chunk
  `);
}

/** The one record of a slice, kept because the database refused to take it back. */
export async function keepRefused(
  session: Session,
  plan: ChunkUndo,
  chunk: number,
  names: Sql,
  message: string,
): Promise<void> {
  const { column, value } = keptAs(plan);
  const kept = sql`
    insert into sluice.import_kept (job_id, chunk_no, record_id, reason, message${column})
    select ${plan.job.id}, ${chunk}, r.name, 'refused', ${message}${value} from (${names}) r (name)
    returning 1`;
  await noteUndone(session, plan, chunk, kept, { kept: sql`(select count(*) from kept)` });
}
