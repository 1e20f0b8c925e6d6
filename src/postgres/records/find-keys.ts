/** Records that rows never change: their keys are gathered, and looked up; what a new one gets is read of its first row. */
import { withParts } from "../connection/parts.ts";
import { type Sql, sql } from "../connection/session.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import type { Found } from "./found.ts";
import { touchedRows } from "./main-rows.ts";
import { recordsOf, sameKey } from "./records-relation.ts";
import { isKnownByKey, type RowRelation, rowOfPos, rowRelation } from "./row-source.ts";
import type { KeyColumn, RecordsContext, WrittenRecord } from "./written-record.ts";

/**
 * The keys of the rows, each once, with the first row that has it. What makes another value of a text for the comparison is done to
 * different texts, not to every row: there are few brands, and many products.
 */
export function askedKeys({ keys: [key], plan }: WrittenRecord, { from, where, pos }: RowRelation): Sql {
  const columns = sql.join(key.map((_, k) => sql.lit(k + 2)));
  const named = (value: (part: KeyColumn) => Sql): Sql =>
    sql.join(
      key.map((part) => sql`, ${value(part)} as ${sql.id(part.name)}`),
      sql``,
    );
  if (plan.each.length > 0 || key.every(({ given, value }) => given === value))
    return sql`select min(${pos}) as first${named(({ value }) => value)} ${from} where ${where} group by ${columns}`;
  return sql`
    select min(g.first) as first${named(({ name, compare }) => compare(sql.id("g", name)))}
    from (select min(${pos}) as first${named(({ given }) => given)} ${from} where ${where} group by ${columns}) g
    group by ${columns}`;
}

/** See `findRecord`. */
export async function findOfKeys(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
  only: "others" | "all",
): Promise<Found> {
  const { columns, identity, keys, work, plan } = record;
  const [key] = keys;
  const { from, where, pos } = rowRelation(context, record, range, only);
  const ord = plan.each.length === 0 ? sql`0::bigint` : sql`e.ord`;
  const keyNames = key.map(({ name }) => sql`, ${sql.id(name)}`);
  const valueNames = columns.map(({ name }) => sql`, ${sql.id(name)}`);
  const ids = identity.map(({ name, column }) => sql`, ${sql.id("t", column)} as ${sql.id(name)}`);
  const idNames = identity.map(({ name }) => sql`, ${sql.id(name)}`);
  const records = await recordsOf(session, context, record, { only, rows: "asked" });
  const once = record.isUnique
    ? sql`select *, 1::bigint as times from found_all`
    : sql`select distinct on (first) *, count(*) over (partition by first) as times from found_all order by first${sql.join(idNames, sql``)}`;
  const state = sql`case
      when ${record.isKeyedByMain ? sql`false` : sql`d.times > 1`} then 'a'
      when d.first is null then ${plan.onMissing === "issue" ? sql`'x'` : sql`'n'`} end`;
  const known =
    record.isReferred && isKnownByKey(record)
      ? sql`
        insert into ${record.known} (id${sql.join(keyNames, sql``)})
        select ${sql.id(identity[0].name)}${sql.join(keyNames, sql``)} from decided where there and state is distinct from 'a'`
      : null;
  const [counts] = await session.tables.query<Found>(sql`
    ${withParts([
      {
        name: "asked",
        materialized: true,
        query: askedKeys(record, { from, where, pos }),
      },
      {
        name: "found_all",
        query: sql`select f.first${sql.join(ids, sql``)} from asked f join ${records} on ${sameKey(key, "t", "f")}`,
      },
      { name: "found", query: once, materialized: true },
      {
        name: "decided",
        materialized: true,
        query: sql`
          select f.*${sql.join(
            identity.map(({ name }) => sql`, ${sql.id("d", name)}`),
            sql``,
          )}, d.first is not null as there, coalesce(d.times, 0) as times, ${state} as state
          from asked f left join found d on d.first = f.first`,
      },
      {
        name: "noted",
        query: sql`
          insert into ${work} (first, row_no, ord, state, alt${sql.join([...idNames, ...keyNames, ...valueNames], sql``)})
          select d.first, x.row_no, x.ord, d.state, 0${sql.join(
            [
              ...[...identity, ...key].map(({ name }) => sql`, ${sql.id("d", name)}`),
              ...columns.map(({ name }) => sql`, ${sql.id("x", name)}`),
            ],
            sql``,
          )}
          from decided d join (
            select s.row_no, ${pos} as pos, ${ord} as ord${sql.join(
              columns.map(({ name, value, carry }) => sql`, ${carry(value)} as ${sql.id(name)}`),
              sql``,
            )} ${from} where ${where}
          ) x on x.pos = d.first
          where d.state is not null`,
      },
      {
        name: "touched",
        query: sql`
          insert into ${touchedRows} (row_no, record, made)
          select distinct ${rowOfPos(record, sql`first`)}, ${sql.lit(plan.name)}, true from decided where state = 'n'`,
      },
      known === null ? null : { name: "told", query: known },
    ])}
    select count(*)::int as groups, count(*) filter (where there)::int as there, count(*) filter (where not there)::int as missing,
      0 as differing, count(*) filter (where times > 1)::int as ambiguous
    from decided
  `);
  return counts;
}
