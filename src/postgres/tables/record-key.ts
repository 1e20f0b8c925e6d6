/**
 * How a record is known that an import has written: by its id, or, where its table has none, by its key, written as an array of JSON.
 * All that statements say of that is here.
 */
import { listed, rowsByTuples } from "../connection/planning.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import type { Plan } from "./plan.ts";

/** A column of a key. */
export interface KeyColumn {
  column: string;
  type: string;
  /** Whether an index begins with it. */
  leadsIndex: boolean;
}

/** Of whose target records are known; `key`: where they have no id. */
export interface KnownBy extends Pick<Plan, "importer"> {
  record: { key: readonly KeyColumn[] | null } | null;
}

/** And how they are fetched. */
interface Fetching extends KnownBy {
  fetches: { records: boolean };
}

/** What a record is known by, as a value: its id, or the text of its key. */
export function idOf({ importer, record }: KnownBy, alias = "t"): Sql {
  const key = record?.key ?? null;
  if (key === null) return sql.id(alias, importer.target.id);
  return sql`jsonb_build_array(${sql.join(key.map(({ column }) => sql.id(alias, column)))})::text`;
}

/** The same of a record that a statement has changed, joined with `j`: for a key what it was found by. */
export function idJoined(plan: KnownBy): Sql {
  return (plan.record?.key ?? null) === null ? idOf(plan) : sql`j.id`;
}

/** The condition that a record `t` is the one known by `id`, in a form that an index serves. */
export function hasId({ importer, record }: KnownBy, id: Sql): Sql {
  const key = record?.key ?? null;
  if (key === null) return sql`${sql.id("t", importer.target.id)} = ${id}`;
  const same = keyColumns(key).map((column, k) => sql`${column} = ${partOf(key, k, id)}`);
  return sql.join(same, sql` and `);
}

/**
 * The columns of a key as they are compared. Records are fetched by the first. Of the others those are wrapped that another index begins with:
 * a planner with wrong statistics would come by that, and search the list of the first for every row.
 */
function keyColumns(key: readonly KeyColumn[]): Sql[] {
  return key.map(({ column, leadsIndex }, k) => {
    const own = sql.id("t", column);
    return k === 0 || !leadsIndex ? own : sql`coalesce(${own}, ${own})`;
  });
}

/** Whether a left join has found a record `t`: what it is known by is compared, so it has all of that. */
export function isThere({ importer, record }: KnownBy): Sql {
  return sql`${sql.id("t", record?.key?.[0].column ?? importer.target.id)} is not null`;
}

/** The condition that the records `t` are fetched by the list of their ids, or of their keys' first values, beside the join with them. */
export function fetched({ fetches, importer, record }: Fetching, ids: Sql): Sql {
  if (!fetches.records) return sql``;
  const key = record?.key ?? null;
  if (key === null) return sql`and ${listed(sql.id("t", importer.target.id), ids)}`;
  const firsts = sql`select distinct ${partOf(key, 0, sql`i.id`)} from (${ids}) i (id)`;
  return sql`and ${listed(sql.id("t", key[0].column), firsts)}`;
}

/** The condition that a record `t` is among those known by `ids`. */
export function isAmong(plan: Fetching, ids: Sql): Sql {
  const key = plan.record?.key ?? null;
  const id = sql.id("t", plan.importer.target.id);
  if (key === null) return plan.fetches.records ? listed(id, ids) : sql`${id} in (${ids})`;
  const columns = keyColumns(key);
  const values = key.map((_, k) => partOf(key, k, sql`i.id`));
  return sql`(${sql.join(columns)}) in (select ${sql.join(values)} from (${ids}) i (id)) ${fetched(plan, ids)}`;
}

/**
 * The records `t` of a table that are known by `ids`, few of them, as an item of a `from` list: each fetched by an index where one serves
 * that. The caller still compares each.
 */
export function recordsByIds(
  session: Session,
  { table, idType, ...known }: KnownBy & { table: Sql; idType: Sql },
  ids: readonly string[],
): Promise<Sql> {
  const key = known.record?.key ?? null;
  const list = sql`unnest(${[...ids]}::text[]) i (id)`;
  const columns =
    key === null
      ? [{ column: known.importer.target.id, value: sql`i.id::${idType}` }]
      : key.map(({ column }, k) => ({ column, value: partOf(key, k, sql`i.id`) }));
  const names = columns.map((_, k) => sql.id(`part_${k}`));
  return rowsByTuples(session, {
    table,
    alias: "t",
    parts: columns.map(({ column }, k) => ({ indexed: sql.id("t", column), key: names[k] })),
    keys: sql`select distinct ${sql.join(columns.map(({ value }, k) => sql`${value} as ${names[k]}`))} from ${list}`,
  });
}

/** The columns by which records are put in an order that all undos share. */
export function orderOf({ importer, record }: KnownBy): Sql {
  const columns = record?.key?.map(({ column }) => column) ?? [importer.target.id];
  return sql.join(columns.map((column) => sql.id("t", column)));
}

function partOf(key: readonly KeyColumn[], k: number, id: Sql): Sql {
  return sql`(${id}::jsonb ->> ${sql.lit(k)})::${sql.raw(key[k].type)}`;
}
