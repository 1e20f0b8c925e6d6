/** What an undo does alike with the records that an import created and with those it updated: it locks them, and lists those it keeps. */
import { tableId } from "../connection/connect.ts";
import { listed } from "../connection/planning.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { sameContext } from "../tables/context.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import type { ChunkUndo } from "./undo-plan.ts";

/** A chunk's records, handed over: a table of `place` (from 1), `id` as the target has it, and `record_id`, the same as text. */
export interface HandedRecords {
  table: Sql;
  count: number;
}

/** The query of the ids of a slice of them, by their places. */
export function idsIn({ table }: HandedRecords, slice: Range, column: "id" | "record_id" = "id"): Sql {
  return sql`select ${sql.id(column)} from ${table} where place >= ${slice.from} and place < ${slice.to}`;
}

/** The condition that the records `t` are fetched by the list of their ids, beside the join with them. */
export function fetched({ fetches, importer }: ChunkUndo, ids: Sql): Sql {
  return fetches.records ? sql`and ${listed(sql.id("t", importer.target.id), ids)}` : sql``;
}

/** Locks the records, so that nobody changes them, or begins to refer to them, until the chunk is done. */
export async function lockRecords(session: TargetSession, plan: ChunkUndo, { table }: HandedRecords): Promise<void> {
  const id = sql.id("t", plan.importer.target.id);
  const ids = sql`select id from ${table}`;
  // In the order of their ids, so that two chunks cannot wait for one another in a circle.
  await session.tables.query(sql`
    select count(*) from (
      select from ${tableId(plan.importer.target.table)} t
      where ${plan.fetches.records ? listed(id, ids) : sql`${id} in (${ids})`} ${sameContext(plan)}
      order by ${id} for update
    ) locked
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
  await session.query(sql`
    with kept as (
      insert into sluice.import_kept (job_id, chunk_no, record_id, reason, message)
      select ${plan.job.id}, ${chunk}, r.name, 'refused', ${message} from (${names}) r (name)
      returning 1
    )
    update sluice.import_chunks set undo_kept = undo_kept + (select count(*) from kept) where job_id = ${plan.job.id} and chunk_no = ${chunk}
  `);
}
