/**
 * Values of weaker keys that hundreds of rows share, as a switchboard's phone. Of rows with one and with the same stronger keys, each
 * finds by it the records that have none of those: they are looked for once for all of them, where every row with every record is too much.
 */
import { tableId } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { isFilled, type MatchKey, partName, stagedPart } from "./match-keys.ts";
import { foundByKey, foundByOne, type Search } from "./match-table.ts";
import { hasKey, isSameByStronger, patternOf } from "./strength.ts";

/** More rows than this with a value and the same stronger keys are a group; of a chunk fewer, as every chunk reads the records anew. */
const manyRows = { file: 200, chunk: 20 };
/**
 * Of more rows than `few`, one in `oneOf` is looked at to learn whether there may be groups: where more than `size` of those share a value.
 * Of a whole file these are the rows of one page in `oneOf`, for the others are not read then. A group that is missed costs time alone.
 */
const sample = { few: 5_000, oneOf: 16, size: 5 };

/** Whether there may be groups that find records; usually there are none. */
export async function sharesOften(
  session: TargetSession,
  plan: Plan,
  keys: readonly MatchKey[],
  range: Range | null,
): Promise<boolean> {
  const { table } = plan.importer.target;
  if (range === null) {
    const [{ none }] = await session.tables.query<{ none: boolean }>(
      sql`select not exists (select from ${tableId(table)}) as none`,
    );
    if (none) return false;
  }
  const isSampled = (range === null ? plan.job.validRows : range.to - range.from) > sample.few;
  const size = isSampled ? sample.size : sizeFor(range);
  const { rows } = stageTables(plan.job.id, plan.job.stageGeneration);
  const pages = sql`tablesample system (${sql.lit(100 / sample.oneOf)}) repeatable (1)`;
  const from = sql`${rows} s ${isSampled && range === null ? pages : sql``}`;
  const looked = isSampled && range !== null ? sql`and hashint4(s.row_no) & ${sql.lit(sample.oneOf - 1)} = 0` : sql``;
  const where = sql`${inRange(range)} ${looked}`;
  const perKey = keys.slice(1).map((_, k) => sql`exists (${groupsOf(plan, keys, k + 1, { from, where, size })})`);
  const [{ often }] = await session.query<{ often: boolean }>(sql`select ${sql.join(perKey, sql` or `)} as often`);
  return often;
}

/** The query of `foundByKey`, and the expressions before it that it reads from. Of a group, one row has all records, the others the oldest two. */
export function foundByGroup(
  plan: Plan,
  keys: readonly MatchKey[],
  { where, range, ...search }: Search & { where: Sql; range: Range | null },
): { before: Sql; found: Sql } {
  const { rows } = stageTables(plan.job.id, plan.job.stageGeneration);
  const { view } = search;
  const before: Sql[] = [];
  const found = [foundByKey(plan, keys.slice(0, 1), { ...search, where, from: () => sql`` })];
  for (const [k, key] of keys.entries()) {
    if (k === 0) continue;
    const [groups, all, oldest] = ["groups", "all", "oldest"].map((name) => sql.id(`${name} ${k}`));
    const stronger = keys.slice(0, k);
    const parts = key.map((field, part) => sql`h.${partName(part)} = ${stagedPart(plan, key, field)}`);
    const isIn = sql`h.pattern = ${patternOf(stronger)} and ${sql.join(parts, sql` and `)}`;
    const open = sql`${isFilled(key)} and ${where}`;
    const noneShared = stronger.map(
      (each) => sql`(not (${isFilled(each)}) or (${hasKey(plan, each, view.valueOf)}) is not true)`,
    );
    before.push(
      sql`${groups} as materialized (${groupsOf(plan, keys, k, { from: sql`${rows} s`, where, size: sizeFor(range) })}),
    ${all} as materialized (${foundByOne(plan, keys, k, {
      ...search,
      staged: sql`(select s.* from ${rows} s join ${groups} h on h.row_no = s.row_no offset 0) s`,
      where: sql.join(noneShared, sql` and `),
    })}),
    ${oldest} as materialized (select row_no, (array_agg(distinct id))[1:2] as ids from ${all} d group by row_no),`,
    );
    found.push(
      foundByOne(plan, keys, k, {
        ...search,
        staged: sql`(select s.* from ${rows} s where ${open} and not exists (select from ${groups} h where ${isIn}) offset 0) s`,
        where: isSameByStronger(plan, stronger, view.valueOf),
      }),
      sql`select row_no, id, k from ${all} d`,
      sql`
      select s.row_no, unnest(o.ids) as id, ${sql.lit(k)} as k from ${rows} s join ${groups} h on ${isIn} join ${oldest} o on o.row_no = h.row_no
      where ${open} and s.row_no <> h.row_no`,
    );
  }
  return { before: sql.join(before, sql` `), found: sql.join(found, sql` union all `) };
}

/** The groups by a key: its values, the pattern of the stronger keys, and the first row. */
function groupsOf(
  plan: Plan,
  keys: readonly MatchKey[],
  k: number,
  { from, where, size }: { from: Sql; where: Sql; size: number },
): Sql {
  const key = keys[k];
  const columns = [
    ...key.map((field, part) => sql`${stagedPart(plan, key, field)} as ${partName(part)}`),
    sql`${patternOf(keys.slice(0, k))} as pattern`,
  ];
  return sql`
    select ${sql.join(columns)}, min(s.row_no) as row_no from ${from} where ${isFilled(key)} and ${where}
    group by ${sql.join(columns.map((_, place) => sql.lit(place + 1)))} having count(*) > ${sql.lit(size)}`;
}

function sizeFor(range: Range | null): number {
  return range === null ? manyRows.file : manyRows.chunk;
}

function inRange(range: Range | null): Sql {
  return range === null ? sql`true` : sql`s.row_no >= ${range.from} and s.row_no < ${range.to}`;
}
