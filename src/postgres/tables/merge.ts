/** How rows that mean the same record are merged, and what they make of it: as if they were applied one by one, in the order of the file. */
import { type Sql, sql } from "../connection/session.ts";
import type { Carried } from "./carried.ts";
import { documentAfter, unitedMembers } from "./document-values.ts";
import { appended, hasAll, united } from "./list-values.ts";

/** Whether a row may change the column of a record that is there. */
export function isMutable({ merge }: Carried): boolean {
  return merge !== "never";
}

/**
 * What a blank fills is not blank any more in a record that was made with its column's default, and a list goes behind it: the first row
 * decides.
 */
export function needsFirst({ merge, fallback }: Carried): boolean {
  return (merge === "fill" || merge === "append") && fallback !== null;
}

/** The merged value of a group's rows, which have it under the column's name; `order`: their order in the file. */
export function mergedValue({ name, merge, members = null }: Carried, order: Sql): Sql {
  const id = sql.id(name);
  const all = sql`jsonb_agg(${id} order by ${order}) filter (where ${id} is not null)`;
  if (members !== null && (merge === "overwrite" || merge === "fill"))
    return unitedMembers(all, merge === "fill" ? "first" : "last");
  return {
    overwrite: sql`(array_agg(${id} order by ${order} desc) filter (where ${id} is not null))[1]`,
    fill: sql`(array_agg(${id} order by ${order}) filter (where ${id} is not null))[1]`,
    clear: sql`(array_agg(${id} order by ${order} desc))[1]`,
    append: united(all),
    never: firstValue(name, order),
  }[merge];
}

/** What the first of them has. */
export function firstValue(name: string, order: Sql): Sql {
  return sql`(array_agg(${sql.id(name)} order by ${order}))[1]`;
}

/** A carried value, or the column's default where it is blank. */
export function carriedOrDefault({ fallback, carry, typed }: Carried, carried: Sql): Sql {
  return fallback === null ? carried : sql`coalesce(${carried}, ${carry(typed(sql`(${sql.raw(fallback)})`))})`;
}

/** What a blank cell stores is the column's default, null without one. */
export function withDefault({ value, fallback }: Pick<Carried, "value" | "fallback">): Sql {
  return fallback === null ? value : sql`coalesce(${value}, ${sql.raw(fallback)})`;
}

/** What a new record gets, of `w`: merged values. */
export function storedNew(column: Carried, w: Sql): Sql {
  const { name, merge, store, fallback } = column;
  const all = sql`${w}.${sql.id(name)}`;
  if (!needsFirst(column)) return withDefault({ value: store(all), fallback });
  const first = sql`${w}.${sql.id(`first ${name}`)}`;
  return withDefault({
    value: store(merge === "append" ? appended(carriedOrDefault(column, first), all) : first),
    fallback,
  });
}

/** What the column of a record that is there becomes, carried: `old` its value, `w` the merged ones. */
export function carriedNew(column: Carried, old: Sql, w: Sql): Sql {
  const fresh = sql`${w}.${sql.id(column.name)}`;
  const document = documentAfter(column, old, fresh);
  if (document !== null) return document;
  return {
    overwrite: sql`coalesce(${fresh}, ${old})`,
    fill: column.isText ? sql`coalesce(nullif(${old}, ''), ${fresh}, ${old})` : sql`coalesce(${old}, ${fresh})`,
    clear: carriedOrDefault(column, fresh),
    append: appended(old, fresh),
    never: old,
  }[column.merge];
}

/** The carried values of records `t` as `old <name>`, behind others of a list. */
export function oldValues(columns: readonly Carried[]): Sql[] {
  return columns.map(({ name, column, carry }) => sql`, ${carry(sql.id("t", column))} as ${sql.id(`old ${name}`)}`);
}

/** Whether any of the columns becomes something else: `d` has their `oldValues`, `f` the merged ones. */
export function anyDiffers(columns: readonly Carried[], d: Sql, f: Sql): Sql {
  if (columns.length === 0) return sql`false`;
  const differs = columns.map((column) => {
    const old = sql`${d}.${sql.id(`old ${column.name}`)}`;
    return sql`${column.compared(old)} is distinct from ${column.compared(carriedNew(column, old, f))}`;
  });
  return sql`(${sql.join(differs, sql` or `)})`;
}

/** Whether one row `x` asks for another value than `old`, carried: what its record, or its group, has before it. */
export function wantsOther(column: Carried, x: Sql, old: Sql): Sql {
  const fresh = sql`${x}.${sql.id(column.name)}`;
  const document = documentAfter(column, old, fresh);
  if (document !== null) return sql`${document} is distinct from ${old}`;
  if (column.merge === "clear")
    return sql`${column.compared(carriedOrDefault(column, fresh))} is distinct from ${column.compared(old)}`;
  if (column.merge === "fill")
    return sql`(${fresh} is not null and ${column.isText ? sql`nullif(${old}, '')` : old} is null)`;
  if (column.merge === "append") return sql`(${fresh} is not null and not ${hasAll(old, fresh)})`;
  return sql`(${fresh} is not null and ${column.compared(fresh)} is distinct from ${column.compared(old)})`;
}

/** What a record has that the row `b` made, carried. */
export function carriedMade(column: Carried, b: Sql): Sql {
  return carriedOrDefault(column, sql`${b}.${sql.id(column.name)}`);
}
