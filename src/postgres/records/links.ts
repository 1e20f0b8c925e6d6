/** Many to many: the rows of a link table that a range's rows ask for and that are not there. */
import { type LinkPlan, linkName } from "../../core/records.ts";
import { tableId } from "../connection/connect.ts";
import { withParts } from "../connection/parts.ts";
import { isFetchedByList, listed } from "../connection/planning.ts";
import { type Sql, sql } from "../connection/session.ts";
import { linkContext } from "../tables/context.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Range } from "../tables/plan.ts";
import type { Created } from "./create.ts";
import { mainRows, touchedRows } from "./main-rows.ts";
import { joinOf, refId, rowOfPos, rowRelation } from "./row-source.ts";
import { type RecordsContext, tableOf, type WrittenRecord } from "./written-record.ts";

/** Both records are there: of each pair that is not linked yet, one link. */
export async function writeLinks(
  session: TargetSession,
  context: RecordsContext,
  record: WrittenRecord,
  range: Range,
): Promise<Created & { pairs: number }> {
  const { link, columns: ends, one, other, given } = linkEnds(context, record);
  const { from, where, pos } = rowRelation(context, record, range);
  const table = tableId(link.table);
  const columns = [...ends, ...given.map(({ column }) => column)].map((name) => sql.id(name));
  const parent = context.records.get(link.from);
  const ids = parent === undefined ? sql`select id from ${mainRows}` : sql`select id from ${parent.known}`;
  const list = listed(
    sql.id("l", link.column),
    sql`select id::${castOf(context, link, link.column)} from (${ids}) i where id is not null`,
  );
  const fetched = sql`(select * from ${table} l where ${list} offset 0) l`;
  const links = (await isFetchedByList(session.tables, sql`select * from ${fetched}`)) ? fetched : sql`${table} l`;
  const [made] = await session.tables.query<Created & { pairs: number }>(sql`
    ${withParts([
      {
        name: "pairs",
        materialized: true,
        query: sql`
          select ${one} as one, ${other} as other, min(${pos}) as first ${from} ${joinOf(record)}
          where ${where} and ${one} is not null and ${other} is not null group by 1, 2`,
      },
      {
        name: "missing",
        materialized: true,
        query: sql`
          select p.* from pairs p
          where not exists (select from ${links} where ${sql.id("l", link.column)} = p.one and ${sql.id("l", link.to)} = p.other)`,
      },
      {
        name: "fresh",
        query: sql`
          insert into ${table} (${sql.join(columns)}) select one, other${sql.join(
            given.map(({ value }) => sql`, ${value}`),
            sql``,
          )} from missing order by first
          returning jsonb_build_array(${sql.id(link.column)}, ${sql.id(link.to)})::text as id`,
      },
      {
        name: "touched",
        query: sql`
          insert into ${touchedRows} (row_no, record, made)
          select distinct ${rowOfPos(record, sql`first`)}, ${linkName(record.plan.name)}, false from missing`,
      },
    ])}
    select (select count(*) from pairs)::int as pairs, count(*)::int as created, array_agg(id)::text as ids from fresh
  `);
  return made;
}

/** What a link table has of both records, and beside them. */
export interface LinkEnds {
  link: LinkPlan;
  /** The columns of the record that is referred to, and of the record itself. */
  columns: readonly [string, string];
  /** Their values in a row. */
  one: Sql;
  other: Sql;
  /** Columns of the context. */
  given: { column: string; value: Sql }[];
}

export function linkEnds(context: RecordsContext, { plan }: WrittenRecord): LinkEnds {
  const link = plan.link as LinkPlan;
  const cast = (column: string): Sql => castOf(context, link, column);
  return {
    link,
    columns: [link.column, link.to],
    one: sql`${refId(context, link.from)}::${cast(link.column)}`,
    other: sql`${sql.id(`r ${plan.name}`, "id")}::${cast(link.to)}`,
    given: linkContext(link, tableOf(context.plan, link.table).columns).map(({ name, column }) => ({
      column,
      value: sql`${context.plan.job.context[name] ?? null}::text::${cast(column)}`,
    })),
  };
}

function castOf({ plan }: RecordsContext, { table }: LinkPlan, column: string): Sql {
  return sql.raw(tableOf(plan, table).columns.get(column)?.castType ?? "text");
}
