/** The records of a table that count for a row, as a relation to join with: all of them, or those of the keys that rows have. */
import { isFetchedByList, listed } from "../connection/planning.ts";
import { type Sql, sql } from "../connection/session.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { RecordTable } from "../tables/record-table.ts";
import { condition } from "../tables/records.ts";
import { mainRows } from "./main-rows.ts";
import type { KeyColumn, RecordsContext, WrittenRecord } from "./written-record.ts";

/** The table's records that count, under the alias `t`, each with its keys as they are compared. `also`: system columns that the caller reads. */
export function recordsRelation(record: WrittenRecord, list: Sql = sql``, also: Sql = sql``): Sql {
  const { plan, table, tableName, keys, scope } = record;
  const xid = table.showsWriters ? sql`, t.xmin` : sql``;
  const compared = [...keys.flat(), ...(record.step === null ? [] : [record.step])].map(
    ({ name, recordValue }) => sql`, ${recordValue} as ${sql.id(name)}`,
  );
  const conditions = [
    ...scope.map(({ column, value }) => sql`and ${sql.id("t", column)} = ${value}`),
    ...(plan.versions === null ? [] : [sql`and ${sql.id("t", plan.versions.to)} is null`]),
    ...(plan.where === null ? [] : [sql`and ${condition(plan.where)}`]),
  ];
  return sql`(select t.*${xid}${also}${sql.join(compared, sql``)} from ${tableName} t where true ${sql.join(conditions, sql` `)} ${list}) t`;
}

/**
 * The same, fetched by the list of the keys that rows have where an index serves it. `rows`: the part of the statement that has them; null:
 * only ids of records are listed. `mainIds`: the query of the main records' ids, where they are not those of `mainRows`.
 */
export async function recordsOf(
  session: TargetSession,
  { records }: RecordsContext,
  record: WrittenRecord,
  {
    only,
    rows,
    key = record.keys[0],
    mainIds = idsOfRows(only),
    also,
  }: { only: "others" | "all"; rows: string | null; key?: readonly KeyColumn[]; mainIds?: Sql; also?: Sql },
): Promise<Sql> {
  const fetched = (part: KeyColumn, values: Sql): Sql =>
    recordsRelation(record, sql`and ${listed(part.recordValue, values)} offset 0`, also);
  const refs = key.filter(({ source }) => source.kind === "ref");
  for (const part of [...refs, ...(rows === null ? [] : key.filter((each) => !refs.includes(each)))]) {
    const ids = part.source.kind === "ref" ? idsOf(records.get(part.source.record), mainIds) : null;
    // As it is planned: what a list has, the planner never knows.
    const alike = sql`select null::${sql.raw(part.type)}`;
    const isServed = (): Promise<boolean> =>
      isFetchedByList(session.tables, sql`select * from ${fetched(part, alike)}`);
    if (!(await once(record, part.name, isServed))) continue;
    return fetched(
      part,
      ids === null
        ? sql`select distinct ${sql.id(part.name)} from ${sql.raw(rows ?? "src")}`
        : sql`select id::${sql.raw(part.type)} from (${ids}) i`,
    );
  }
  return recordsRelation(record, sql``, also);
}

/** The parts of keys that an index serves, of each table as it was read: what it does is asked once, not with every chunk. */
const served = new WeakMap<RecordTable, Set<string>>();

/** A no is asked again: a table that has grown, or another transaction's way to plan, may turn it into a yes. */
async function once({ plan, table }: WrittenRecord, part: string, ask: () => Promise<boolean>): Promise<boolean> {
  const known = served.get(table) ?? new Set<string>();
  served.set(table, known);
  const name = `${plan.name} ${part}`;
  if (known.has(name)) return true;
  const is = await ask();
  if (is) known.add(name);
  return is;
}

/** The ids of the records that rows refer to; without a record, of their main ones. */
function idsOf(parent: WrittenRecord | undefined, mainIds: Sql): Sql {
  return parent === undefined ? mainIds : sql`select id from ${parent.known} where id is not null`;
}

function idsOfRows(only: "others" | "all"): Sql {
  return sql`select id from ${mainRows} where id is not null ${only === "all" ? sql`` : sql`and action <> 'n'`}`;
}

/** That a row and a record have the same key. */
export function sameKey(key: readonly KeyColumn[], one: string, other: string): Sql {
  return sql.join(
    key.map(({ name }) => sql`${sql.id(one, name)} = ${sql.id(other, name)}`),
    sql` and `,
  );
}
