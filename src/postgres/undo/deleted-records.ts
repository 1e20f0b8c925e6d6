/**
 * The records that an import deleted, as a mirror or a replace does: which of them an undo may insert again, with their id and all of
 * their values from before, and their insertion.
 */
import { historyOf } from "../commit/load-parts.ts";
import { handOverJudges } from "../commit/record-writers.ts";
import { tableId } from "../connection/connect.ts";
import { type Part, withParts } from "../connection/parts.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import { fetched, hasId, idOf, isThere } from "../tables/record-key.ts";
import { butGoing } from "./foretold-records.ts";
import { deletedIn, keptAs, noteUndone } from "./journal.ts";
import type { ChunkUndo, UndoPlan } from "./undo-plan.ts";
import { giveBack, givenBack, type HandedRecords, idsIn } from "./undo-records.ts";

/** What a chunk deleted: how many records, and the columns that they had and the table still has. */
export async function deletionsOf(
  session: Session,
  plan: UndoPlan,
  chunk: number,
): Promise<{ count: number; columns: string[] }> {
  const [deletions] = await session.query<{ count: number; columns: string[] }>(sql`
    select count(distinct r.place)::int as count, coalesce(array_agg(distinct k.name) filter (where k.name is not null), '{}') as columns
    from (${deletedIn(plan, chunk)}) r left join lateral jsonb_object_keys(r.before) k (name) on true
  `);
  const columns = deletions.columns.filter((name) => {
    const column = plan.target.columns.get(name);
    // One that is computed from others takes no value.
    return column !== undefined && (!column.generated || column.identitySequence !== null);
  });
  return { count: deletions.count, columns };
}

/** Hands over the records that a chunk deleted. */
export async function handOverDeleted(session: TargetSession, plan: ChunkUndo, chunk: number): Promise<HandedRecords> {
  const type = sql.raw(plan.idType);
  const table = await handOver(
    session,
    "sluice_deleted",
    sql`place integer, id ${type}, record_id text, before jsonb, before_xid bigint`,
  );
  const count = await session.change(sql`
    insert into ${table}
    select row_number() over (order by d.place), d.record_id::${type}, d.record_id, d.before, d.before_xid
    from (${deletedIn(plan, chunk)}) d
  `);
  // What the import itself has made in its place will be gone by then.
  if (plan.foretold !== undefined) await handOverJudges(session, plan, sql`select id from ${table}`);
  return { table, count, values: null };
}

/** Up to `judged (place, id, record_id, before, before_xid, reason)`. In any context: an id that somebody else has is taken too. */
export function judgeDeleted(plan: ChunkUndo, deleted: HandedRecords, slice: Range): Part[] {
  return [
    {
      name: "wanted",
      materialized: true,
      query: sql`select * from ${deleted.table} where place >= ${slice.from} and place < ${slice.to}`,
    },
    { name: "ids", materialized: true, query: idsIn(deleted, slice) },
    {
      name: "taken",
      materialized: true,
      query: sql`
        select distinct w.place
        from wanted w left join ${staying(plan)}
          on ${hasId(plan, sql`w.id`)} ${fetched(plan, sql`select id from ids`)}
        where ${isThere(plan)}`,
    },
    {
      name: "judged",
      materialized: true,
      query: sql`
        select w.*, case when t.place is not null then 'refused' end as reason
        from wanted w left join taken t on t.place = w.place`,
    },
  ];
}

/** The table, as an item `t` of a `from` list; of an undo that is foretold without what will be gone. */
function staying(plan: ChunkUndo): Sql {
  const table = tableId(plan.importer.target.table);
  if (plan.foretold === undefined) return sql`${table} t`;
  const writer = plan.target.showsWriters ? sql`, t.xmin as "sluice writer"` : sql``;
  return sql`(select t.* from (select t.*${writer} from ${table} t) t where true ${butGoing(plan, plan, "t")}) t`;
}

/** Inserts what may be inserted again, writes its history, and lists what is not. */
export async function insertDeleted(
  session: TargetSession,
  plan: ChunkUndo,
  chunk: number,
  deleted: HandedRecords,
  slice: Range,
  columns: readonly string[],
): Promise<void> {
  const { importer, job, actor } = plan;
  const table = tableId(importer.target.table);
  const names = sql.join(columns.map((name) => sql.id(name)));
  const values = sql.join(
    columns.map((name) => givenBack(plan.target.columns.get(name), sql`(r.was).${sql.id(name)}`)),
  );
  const outcomes = await handOver(
    session,
    "sluice_inserted",
    sql`record_id text, is_back boolean, message text, back xid`,
  );
  const inserted = sql`
    insert into ${table} as t (${names}) overriding system value
    select ${values}
    from (select jsonb_populate_record(null::${table}, j.before) as was from judged j where j.reason is null order by j.place) r
    returning ${idOf(plan)} as id, null::jsonb as old_values, jsonb_strip_nulls(to_jsonb(t.*)) as new_values`;
  const told = sql`
    insert into ${outcomes}
    select j.record_id, b.id is not null, case when j.reason is not null then 'Another record has its id by now.' end,
      case when b.id is not null then mod(j.before_xid, ${sql.lit(2 ** 32)})::text::xid end
    from judged j left join back b on b.id = j.id`;
  const parts = [
    ...judgeDeleted(plan, deleted, slice),
    { name: "back", query: inserted },
    historyOf(plan, "history", "back", "undone", actor),
  ];
  await session.tables.query(sql`${withParts(parts)} ${told}`);
  await giveBack(session, plan, chunk, sql`select record_id, back as xid from ${outcomes} where back is not null`);
  const { column, value } = keptAs(plan);
  const kept = sql`
    insert into sluice.import_kept (job_id, chunk_no, record_id, reason, message${column})
    select ${job.id}::bigint, ${chunk}::integer, record_id, 'refused', message${value}
    from ${outcomes} where not is_back
    returning 1`;
  await noteUndone(session, plan, chunk, kept, {
    restored: sql`(select count(*) from ${outcomes} where is_back)`,
    kept: sql`(select count(*) from kept)`,
  });
}
