/** What the load of rows that share a record would come to, without writing: for a dry run. */
import { withParts } from "../connection/parts.ts";
import { type Sql, sql } from "../connection/session.ts";
import { sizeOfGroups } from "../match/records-by-list.ts";
import { shown } from "../tables/carried.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { groupParts, outcomeCounts, wantsOf } from "./load-groups.ts";

/** What writeGroups would count, without writing. */
export async function countGroups(
  session: TargetSession,
  plan: Plan,
  range: Range,
): Promise<Pick<ForeseenGroups, "created" | "updated" | "unchanged" | "skipped">> {
  const { created, updated, unchanged, skipped } = outcomeCounts;
  const size = await sizeOfGroups(session, plan, range);
  const [counts] = await session.tables.query<
    Pick<ForeseenGroups, "created" | "updated" | "unchanged" | "skipped">
  >(sql`
    ${withParts(groupParts(plan, range, { size, forUpdate: false }))}
    select ${created} as created, ${updated} as updated, ${unchanged} as unchanged, ${skipped} as skipped
  `);
  return counts;
}

/** What writeGroups would count and change, without writing. */
export interface ForeseenGroups {
  created: number;
  updated: number;
  unchanged: number;
  /** Rows of records that a policy does not let be changed. */
  skipped: number;
  /** Field → rows that write it. */
  fields: Record<string, number>;
  /** The first records that would be changed, by their first row. */
  samples: { row: number; recordId: string; changes: { column: string; from: string | null; to: string | null }[] }[];
}

/** Of a value in a sample: a longer one is told with its beginning alone. */
const sampleChars = 10_000;

/** A journal's value as a text; null of JSON as none. */
const textOf = (value: Sql): Sql => sql`(${shown(value)}) #>> '{}'`;

/** @param limit samples at most */
export async function foreseeGroups(
  session: TargetSession,
  plan: Plan,
  range: Range,
  limit: number,
): Promise<ForeseenGroups> {
  const { created, updated, unchanged, skipped } = outcomeCounts;
  const size = await sizeOfGroups(session, plan, range);
  const written = wantsOf(plan).map(
    ({ field, name, wants }) =>
      sql`(${sql.lit(field)}, ${wants} and (b.id is null or c.${sql.id(`old_${name}`)} is distinct from c.${sql.id(`new_${name}`)}))`,
  );
  const fields =
    written.length === 0
      ? sql`'{}'::jsonb`
      : sql`(
      select coalesce(jsonb_object_agg(name, rows), '{}') from (
        select f.name, count(*) as rows
        from outcomes o join members m on m.row_no = o.row_no join base b on b.root = o.root left join changed c on c.root = o.root
          cross join lateral (values ${sql.join(written)}) f (name, hit)
        where o.outcome = 'updated' and f.hit
        group by f.name
      ) w)`;
  const [foreseen] = await session.tables.query<ForeseenGroups>(sql`
    ${withParts(groupParts(plan, range, { size, forUpdate: false }))}
    select ${created} as created, ${updated} as updated, ${unchanged} as unchanged, ${skipped} as skipped, ${fields} as fields, (
      select coalesce(jsonb_agg(s.sample order by s.row_no), '[]') from (
        select f.row_no, jsonb_build_object('row', f.row_no, 'recordId', c.id::text, 'changes', (
            select jsonb_agg(jsonb_build_object('column', n.key, 'from', left(${textOf(sql`(c.old_values -> n.key)`)}, ${sql.lit(sampleChars)}), 'to', left(${textOf(sql`n.value`)}, ${sql.lit(sampleChars)})) order by n.place)
            from jsonb_each(c.new_values) with ordinality n (key, value, place)
          )) as sample
        from changed c join (select root, min(row_no) as row_no from outcomes where outcome = 'updated' group by root) f on f.root = c.root
        order by f.row_no limit ${limit}
      ) s) as samples
  `);
  return foreseen;
}
