/**
 * Records of rows that each mean another one, in a table that has no two of one key: rows and records are joined and compared, and only
 * what is left to do is written down.
 */
import { withParts } from "../connection/parts.ts";
import { type Sql, sql } from "../connection/session.ts";
import { anyDiffers, isMutable, needsFirst, oldValues } from "../tables/merge.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import type { Found } from "./found.ts";
import { touchedRows } from "./main-rows.ts";
import { recordsOf, sameKey } from "./records-relation.ts";
import { rowRelation } from "./row-source.ts";
import type { RecordColumn, RecordsContext, WrittenRecord } from "./written-record.ts";

/** See `findRecord`. */
export async function findOfDistinctRows(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
  only: "others" | "all",
): Promise<Found> {
  const { columns, identity, keys, work, plan } = record;
  const [key] = keys;
  const { from, where, pos } = rowRelation(context, record, range, only);
  const mutable = columns.filter(isMutable);
  const keyValues = key.map(({ name, value }) => sql`, ${value} as ${sql.id(name)}`);
  const values = (of: readonly RecordColumn[]): Sql[] =>
    of.map(({ name, value, carry }) => sql`, ${carry(value)} as ${sql.id(name)}`);
  const names = (of: readonly { name: string }[]): Sql[] => of.map(({ name }) => sql`, ${sql.id(name)}`);
  const ids = identity.map(({ name, column }) => sql`, ${sql.id("t", column)} as ${sql.id(name)}`);
  const records = await recordsOf(session, context, record, { only, rows: null });
  const isThere = sql`${sql.id("d", identity[0].name)} is not null`;
  const firsts = columns.map(({ name }) => sql`, ${sql.id(`first ${name}`)}`);
  const [counts] = await session.tables.query<Found>(sql`
    ${withParts([
      {
        name: "decided",
        materialized: true,
        query: sql`
          select d.row_no${sql.join(names(identity), sql``)}, case
              when not (${isThere}) then ${plan.onMissing === "issue" ? sql`'x'` : sql`'n'`} when ${anyDiffers(mutable, sql`d`, sql`d`)} then 'f' end as state
          from (
            select f.*${sql.join([...ids, ...oldValues(mutable)], sql``)}
            from (
              select s.row_no${sql.join([...keyValues, ...values(mutable)], sql``)} ${from} where ${where} limit ${sql.lit(range.to - range.from)}
            ) f left join ${records} on ${sameKey(key, "t", "f")}
          ) d`,
      },
      {
        name: "noted",
        query: sql`
          insert into ${work} (first, row_no, ord, state, alt${sql.join([...names(identity), ...names(key), ...names(columns), ...firsts], sql``)})
          select x.pos, x.row_no, 0, d.state, 0${sql.join(
            [
              ...identity.map(({ name }) => sql`, ${sql.id("d", name)}`),
              ...[...key, ...columns].map(({ name }) => sql`, ${sql.id("x", name)}`),
              ...columns.map((each) => (needsFirst(each) ? sql`, ${sql.id("x", each.name)}` : sql`, null`)),
            ],
            sql``,
          )}
          from decided d join (
            select s.row_no, ${pos} as pos${sql.join([...keyValues, ...values(columns)], sql``)} ${from} where ${where}
          ) x on x.row_no = d.row_no
          where d.state is not null`,
      },
      {
        name: "touched",
        query: sql`
          insert into ${touchedRows} (row_no, record, made)
          select row_no, ${sql.lit(plan.name)}, state = 'n' from decided where state in ('n', 'f')`,
      },
    ])}
    select count(*)::int as groups, count(*) filter (where ${isThere})::int as there, count(*) filter (where not (${isThere}))::int as missing,
      count(*) filter (where state = 'f')::int as differing, 0 as ambiguous
    from decided d
  `);
  return counts;
}
