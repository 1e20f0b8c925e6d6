/**
 * The records that an import changed: which of their columns an undo may give back, judged set-based over a slice of a
 * chunk's updates, and their restoration. Column by column: one that still holds what the import wrote gets its value from
 * before, one that holds a later value keeps it.
 */

import { changedIn } from "../commit/journalled-records.ts";
import { historyOf } from "../commit/load-parts.ts";
import { handOverJudges, isUntouched, joinWriters, laterImport, laterWriters } from "../commit/record-writers.ts";
import { byValues, handOverValues, keepGivenBack } from "../commit/written-values.ts";
import { tableId } from "../connection/connect.ts";
import { type Part, withParts } from "../connection/parts.ts";
import { listed } from "../connection/planning.ts";
import { type Session, sql } from "../connection/session.ts";
import { unwrapped } from "../tables/carried.ts";
import { sameContext } from "../tables/context.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import { fetched, hasId, idJoined, idOf, isThere } from "../tables/record-key.ts";
import { changeTimes } from "../tables/set-columns.ts";
import { butGoing, comesBack } from "./foretold-records.ts";
import { keptAs, noteUndone } from "./journal.ts";
import type { ChunkUndo, UndoPlan } from "./undo-plan.ts";
import { giveBack, givenBack, type HandedRecords, idsIn, isLastWriter } from "./undo-records.ts";

/** The updates of a chunk: how many there are, and the columns of the target that they changed. */
export async function updatesOf(
  session: Session,
  plan: UndoPlan,
  chunk: number,
): Promise<{ count: number; columns: string[] }> {
  const [updates] = await session.query<{ count: number; columns: string[] }>(sql`
    select count(distinct r.row_no)::int as count, coalesce(array_agg(distinct k.name) filter (where k.name is not null), '{}') as columns
    from ${changedIn(plan, chunk)} r left join lateral jsonb_object_keys(r.before) k (name) on true
  `);
  // A column that has been dropped since is nobody's to restore.
  return { count: updates.count, columns: updates.columns.filter((name) => plan.target.columns.has(name)) };
}

/** Hands over a chunk's updates with the values before and after, and what is known of who wrote the records since. */
export async function handOverChanged(session: TargetSession, plan: ChunkUndo, chunk: number): Promise<HandedRecords> {
  const type = sql.raw(plan.idType);
  const table = await handOver(
    session,
    "sluice_changed",
    sql`place integer, row_no integer, id ${type}, record_id text, before jsonb, after jsonb, before_xid bigint`,
  );
  const count = await session.change(sql`
    insert into ${table}
    select row_number() over (order by u.row_no), u.row_no, u.record_id::${type}, u.record_id, u.before, u.after, u.before_xid
    from (${changedIn(plan, chunk)}) u
  `);
  if (count > 0) await handOverJudges(session, plan, sql`select id from ${table}`);
  return { table, count, values: await handOverValues(session, plan, sql`select record_id from ${table}`) };
}

/**
 * Up to `judged`: `id` and `writer` of the record, `restorable`, the columns that get their values back, `was`, the
 * record with these values, and the `reason` why it is kept, wholly or in part.
 */
export function judgeChanged(
  plan: ChunkUndo,
  changed: HandedRecords,
  slice: Range,
  columns: readonly string[],
): Part[] {
  const { importer, idIsUnique } = plan;
  // The whole row, also of a table that has a column of the alias's name.
  const record = sql`(t.*)::${tableId(importer.target.table)}`;
  // Both sides as the database writes them now: a time's text depends on the session's zone.
  const restorable = columns.map(
    (
      name,
    ) => sql`case when f.after ? ${sql.lit(name)} and to_jsonb((f.now).${sql.id(name)}) is not distinct from to_jsonb(${unwrapped(plan.target.columns.get(name), sql`(f.wrote).${sql.id(name)}`)})
      then ${sql.lit(name)} end`,
  );
  const { id, isFound } =
    plan.record?.key == null
      ? { id: idOf(plan), isFound: sql`${idOf(plan)} is not null` }
      : { id: sql`case when ${isThere(plan)} then w.id end`, isFound: isThere(plan) };
  const followed = followedOf(plan);
  const values = changed.values === null ? null : byValues(plan, changed.values, sql`w.record_id`);
  const later = values === null ? laterImport : sql`f.later_job`;
  const several = idIsUnique ? sql`false` : sql`count(*) over (partition by w.row_no) > 1`;
  return [
    {
      name: "wanted",
      materialized: true,
      query: sql`select * from ${changed.table} where place >= ${slice.from} and place < ${slice.to}`,
    },
    { name: "ids", materialized: true, query: idsIn(changed, slice) },
    {
      name: "found",
      materialized: true,
      query: sql`
        select w.row_no, w.record_id, w.before, w.after, w.before_xid, ${id} as id, ${plan.target.showsWriters ? sql`t.xmin` : sql`null::xid`} as writer, ${record} as now, ${several} as is_one_of_several,
          case when ${isFound} then jsonb_populate_record(${record}, w.after) end as wrote,
          case when ${isFound} then jsonb_populate_record(${record}, w.before) end as was${values === null ? sql`` : sql`, ${values.laterImport} as later_job`}
        from wanted w left join ${tableId(importer.target.table)} t
          on ${hasId(plan, sql`w.id`)} ${fetched(plan, sql`select id from ids`)} ${sameContext(plan)} ${values?.join ?? sql``}`,
    },
    ...(followed === null ? [] : [followed]),
    {
      name: "seen",
      materialized: true,
      query: sql`
        select f.row_no, f.record_id, f.before, f.after, f.before_xid, f.id, f.writer, f.was, f.is_one_of_several,
          array_remove(array[${sql.join([...restorable, sql`null`])}]::text[], null) as restorable, ${isUntouched} as is_untouched, ${followed === null ? later : sql`coalesce(n.later_job, ${later})`} as later_job${followed === null ? sql`` : sql`, n.id is not null as is_followed`}
        from found f ${joinWriters(sql`f.id`)}${followed === null ? sql`` : sql` left join followed n on n.id = f.id`}`,
    },
    {
      name: "judged",
      materialized: true,
      query: sql`
        select s.*, case when s.reason in ('edited_since', 'edited_in_part') then s.later_job end as by_job
        from (
          select *, case
              when id is null and ${comesBack(plan, sql`record_id`)} then null
              when id is null then 'gone_already'
              when is_one_of_several then 'refused'${followed === null ? sql`` : sql` when is_followed then 'edited_since'`}
              when cardinality(restorable) = 0 then 'edited_since'
              when cardinality(restorable) < (select count(*) from jsonb_object_keys(before)) then 'edited_in_part' end as reason
          from seen
        ) s`,
    },
  ];
}

/**
 * The part `followed (id, later_job)`: closed records that a later version of the same thing has followed which stays, so that there would
 * be two current ones; and which import wrote that. The newer ones that go are gone by now.
 */
function followedOf(plan: ChunkUndo): Part | null {
  const versions = plan.record?.versions ?? null;
  if (versions === null) return null;
  const { to, of } = versions;
  const table = tableId(plan.importer.target.table);
  const firsts = sql`select (f.now).${sql.id(of[0])} from found f`;
  const writer = plan.target.showsWriters ? sql`n.xmin` : sql`null::xid`;
  const current = sql`select n.*, ${writer} as "sluice writer" from ${table} n where ${sql.id("n", to)} is null`;
  const newer = plan.fetches.versions
    ? sql`(${current} and ${listed(sql.id("n", of[0]), firsts)} offset 0) n`
    : sql`(${current}) n`;
  const same = of.map((column) => sql`${sql.id("n", column)} is not distinct from (f.now).${sql.id(column)}`);
  // The first column is compared by what an index and a hash know.
  same[0] = sql`${sql.id("n", of[0])} = (f.now).${sql.id(of[0])}`;
  return {
    name: "followed",
    materialized: true,
    query: sql`
      select f.id, max(l.job_id) as later_job
      from found f join ${newer} on ${sql.join(same, sql` and `)}
        left join ${laterWriters} l on l.xid = n."sluice writer"
      where f.after ? ${sql.lit(to)} and ${idOf(plan, "n")} is distinct from f.id ${butGoing(plan, plan, "n")}
      group by f.id`,
  };
}

/** Restores what may be restored, writes its history, and lists what is kept. The records must be locked. */
export async function restoreChanged(
  session: TargetSession,
  plan: ChunkUndo,
  chunk: number,
  changed: HandedRecords,
  slice: Range,
  columns: readonly string[],
): Promise<void> {
  const { importer, job, actor } = plan;
  const isByValues = changed.values !== null;
  const isVersioned = (plan.record?.versions ?? null) !== null;
  const sets = columns.map(
    (name) =>
      sql`${sql.id(name)} = case when ${sql.lit(name)} = any (j.restorable) then ${givenBack(plan.target.columns.get(name), sql`(j.was).${sql.id(name)}`)} else ${sql.id("t", name)} end`,
  );
  for (const name of changeTimes(importer)) if (!columns.includes(name)) sets.push(sql`${sql.id(name)} = now()`);
  const values = (side: "before" | "after") =>
    sql`(select jsonb_object_agg(name, j.${sql.id(side)} -> name) from unnest(j.restorable) name)`;
  const restored =
    columns.length === 0
      ? sql`select row_no, id, null::jsonb as old_values, null::jsonb as new_values from judged where false`
      : sql`
        update ${tableId(importer.target.table)} t set ${sql.join(sets)} from judged j
        where ${hasId(plan, sql`j.id`)} ${isLastWriter(plan)} and (j.reason is null or j.reason = 'edited_in_part')
          ${fetched(plan, sql`select id from judged`)} ${sameContext(plan)}
        returning j.row_no, ${idJoined(plan)} as id, ${values("after")} as old_values, ${values("before")} as new_values`;
  const outcomes = await handOver(
    session,
    "sluice_restored",
    sql`row_no integer, record_id text, is_restored boolean, reason text, columns text[], by_job bigint, message text, ${isByValues ? sql`given jsonb` : sql`back xid`}`,
  );
  const told = sql`
    insert into ${outcomes}
    select j.row_no, j.record_id, r.row_no is not null, case when r.row_no is null then coalesce(j.reason, 'refused') else j.reason end,
      case when j.reason = 'edited_in_part' then array(select name from jsonb_object_keys(j.before) name where name <> all (j.restorable) order by 1) end,
      j.by_job, case when j.is_one_of_several then 'Several records have this id.'${isVersioned ? sql` when j.is_followed then 'A newer version of it stays.'` : sql``} end,
      ${isByValues ? sql`r.new_values` : sql`case when r.row_no is not null and j.is_untouched and j.reason is null then mod(j.before_xid, ${sql.lit(2 ** 32)})::text::xid end`}
    from judged j left join restored r on r.row_no = j.row_no`;
  const parts = [
    ...judgeChanged(plan, changed, slice, columns),
    { name: "restored", query: restored },
    historyOf(plan, "history", "restored", "undone", actor),
  ];
  await session.tables.query(sql`${withParts(parts)} ${told}`);
  if (isByValues)
    await keepGivenBack(session, plan, sql`select record_id, given from ${outcomes} where given is not null`);
  else await giveBack(session, plan, chunk, sql`select record_id, back as xid from ${outcomes} where back is not null`);
  const { column, value } = keptAs(plan);
  const kept = sql`
    insert into sluice.import_kept (job_id, chunk_no, record_id, reason, columns, by_job, message${column})
    select distinct on (row_no) ${job.id}::bigint, ${chunk}::integer, record_id, reason, columns, by_job, message${value}
    from ${outcomes} where reason is not null
    order by row_no
    returning reason`;
  await noteUndone(session, plan, chunk, kept, {
    restored: sql`(select count(*) from ${outcomes} where is_restored)`,
    kept: sql`(select count(*) from kept where reason <> 'edited_in_part')`,
  });
}
