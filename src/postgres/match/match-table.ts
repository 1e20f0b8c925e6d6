/** The records that have the keys of staged rows, as they stand or as they stood. */
import { keyColumn } from "../../core/importer.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import { sameContext } from "../tables/context.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";
import { matchedRecords } from "../tables/records.ts";
import { isFilled, isSameKey, isStored, type MatchKey } from "./match-keys.ts";
import { handOverMade, handOverUpdated, handOverWriters } from "./own-records.ts";
import { isSameByStronger } from "./strength.ts";

/** How records are seen that this job has written to already: as they stand, or as they stood before it. */
export interface View {
  /** The condition that a record's key is what it was. */
  unchanged(key: MatchKey): Sql;
  /** The values that the job has changed of records, as a table of (record_id, before); null where they are seen as they stand. */
  changed: Sql | null;
  /** A field's value of a record `t`, whose changed values are `u.before`. */
  valueOf(field: string): Sql;
}

export function asTheyStand({ importer }: Plan): View {
  return { unchanged: () => sql``, changed: null, valueOf: (field) => sql.id("t", keyColumn(importer, field)) };
}

export async function asBeforeTheJob(session: TargetSession, plan: Plan): Promise<View> {
  const { importer, target } = plan;
  const id = sql.id("t", importer.target.id);
  const made = await handOverMade(session, plan);
  const changed = await handOverUpdated(session, plan);
  const columnOf = (field: string): string => keyColumn(importer, field);
  const unchanged = (key: MatchKey): Sql => sql`
    and not exists (select from ${made} made where made.id = ${id})
    and not exists (select from ${changed} r where r.record_id = ${id}::text and ${wasChanged("r", key.map(columnOf))})`;
  const valueOf = (field: string): Sql => {
    const column = columnOf(field);
    const type = sql.raw(target.columns.get(column)?.castType ?? "text");
    return sql`case when ${wasChanged("u", [column])} then (u.before ->> ${sql.lit(column)})::${type} else ${sql.id("t", column)} end`;
  };
  return { unchanged, changed, valueOf };
}

/** That one of the columns was changed in a record. */
export function wasChanged(alias: string, columns: readonly string[]): Sql {
  return sql`${sql.id(alias, "before")} ?| array[${sql.join(columns.map((column) => sql.lit(column)))}]`;
}

/**
 * What this job has written belongs to the rows that wrote it: another row finds it only where the match says so. Records that
 * somebody else has changed since are anybody's again.
 */
export async function writtenByOthers(session: TargetSession, plan: Plan): Promise<View> {
  const view = asTheyStand(plan);
  if (!plan.target.showsWriters) return view;
  const writers = await handOverWriters(session, plan.job.id);
  return { ...view, unchanged: () => sql`and not exists (select from ${writers} w where w.xid = t.xmin)` };
}

/** How records are looked for: see `foundByKey`. */
export interface Search {
  view: View;
  /** The records that may have each key: see `recordsByKey`. */
  records: readonly Sql[];
}

/**
 * A query of the records that are the same as staged rows `s`: `row_no`, `id` and the key's place `k`. `from`: what they are joined
 * with, for each key. `all`: also those that a stronger key tells apart.
 */
export function foundByKey(
  plan: Plan,
  keys: readonly MatchKey[],
  { from, where, all = false, ...search }: Search & { from: (place: number) => Sql; where: Sql; all?: boolean },
): Sql {
  const { rows } = stageTables(plan.job.id, plan.job.stageGeneration);
  const perKey = keys.map((_, k) => {
    const same = all || k === 0 ? sql`` : sql`and ${isSameByStronger(plan, keys.slice(0, k), search.view.valueOf)}`;
    return foundByOne(plan, keys, k, { ...search, staged: sql`${rows} s ${from(k)}`, where: sql`${where} ${same}` });
  });
  return sql.join(perKey, sql` union all `);
}

/** The same by the key of one place. `staged`: an item of a `from` list that has the rows `s`. `where`: on rows and records `t`. */
export function foundByOne(
  plan: Plan,
  keys: readonly MatchKey[],
  k: number,
  { staged, where, view, records }: Search & { staged: Sql; where: Sql },
): Sql {
  const { importer } = plan;
  const key = keys[k];
  const id = sql.id("t", importer.target.id);
  const found = sql`select s.row_no, ${id} as id, ${sql.lit(k)} as k from ${staged}`;
  const open = sql`${isFilled(key)} and ${where} ${sameContext(plan)}`;
  const changed =
    view.changed === null || k === 0 ? sql`` : sql`left join ${view.changed} u on u.record_id = ${id}::text`;
  const now = sql`
      ${found} join ${records[k]} on ${isSameKey(plan, key)} and ${isStored(plan, key)} ${changed}
      where ${open} ${view.unchanged(key)}`;
  if (view.changed === null) return now;
  const columns = key.map((field) => keyColumn(importer, field));
  return sql`${now} union all
      ${found} cross join (${matchedRecords(plan)} t join ${view.changed} u on u.record_id = ${id}::text and ${wasChanged("u", columns)})
      where ${isSameKey(plan, key, view.valueOf)} and ${open}`;
}
