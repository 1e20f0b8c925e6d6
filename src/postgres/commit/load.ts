/** The statement that turns a range of staged rows into records, of those rows that each become a record of their own. */

import { tableId } from "../connection/connect.ts";
import { type Part, withParts } from "../connection/parts.ts";
import { RowsLeftOut } from "../connection/row-errors.ts";
import { type Sql, sql } from "../connection/session.ts";
import { lookupJoins } from "../match/staged-value.ts";
import { stageTables } from "../stage/stage.ts";
import { withDefault } from "../tables/merge.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { nextRank } from "./even-owners.ts";
import { givenId, idSourceOf, type LeftOut, leftOutOf, noteLeftOut } from "./left-out.ts";
import {
  carriedFields,
  countInto,
  givenColumns,
  historyOf,
  idsOf,
  type LoadedChunk,
  ownerValue,
} from "./load-parts.ts";

/**
 * Creates a record for every row of the range that matches nothing: the common case, and the path that must be fast.
 * The plan counted on: a bitmap scan of the stage's block range index, an anti join with the few matched rows. Sorted, whatever
 * the join: records are numbered as the file has them. Returns how many there are.
 */
export async function createSingles(
  session: TargetSession,
  plan: Plan,
  chunk: LoadedChunk,
  range: Range,
): Promise<number> {
  const { job, importer, target } = plan;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const fields = carriedFields(plan);
  const given = givenColumns(plan);
  const rank = await nextRank(session, plan, chunk);
  const owner = ownerValue(plan, sql`${rank} + row_number() over (order by s.row_no) - 1`);
  const columns = [
    ...fields.map(({ column }) => column),
    ...given.map(({ column }) => column),
    ...(owner ? [owner.column] : []),
  ];
  const values = [...fields.map(withDefault), ...given.map(({ value }) => value), ...(owner ? [owner.value] : [])];
  const from = sql`
      from ${rows} s ${lookupJoins(plan)}
      where s.row_no >= ${range.from} and s.row_no < ${range.to} and s.row_no > 0
        and not exists (
          select from ${match} m where m.row_no = s.row_no and m.row_no >= ${range.from} and m.row_no < ${range.to}
        )`;
  if (target.mayLeaveOut || plan.records !== undefined)
    return createWatched(session, plan, { chunk, columns, values, from });
  const fresh = sql`
    insert into ${tableId(importer.target.table)} (${sql.join(columns.map((column) => sql.id(column)))})
    select ${sql.join(values)} ${from}
    order by s.row_no
    returning ${sql.id(importer.target.id)} as id`;
  const [{ created, ids }] = await session.tables.query<{ created: number; ids: string | null }>(sql`
    ${withParts([{ name: "fresh", query: fresh }, historyOf(plan, "history", "fresh", "imported")])}
    select count(*)::int as created, ${idsOf(plan, "fresh")} as ids from fresh
  `);
  await countInto(session, plan, chunk, { created }, ids);
  return created;
}

/**
 * The same for a table that may leave rows out, or whose records others of the same row refer to: their ids are known beforehand.
 *
 * @throws RowsLeftOut where it left out some, and does not tell which.
 */
async function createWatched(
  session: TargetSession,
  plan: Plan,
  {
    chunk,
    columns,
    values,
    from,
  }: { chunk: LoadedChunk; columns: readonly string[]; values: readonly Sql[]; from: Sql },
): Promise<number> {
  const { importer } = plan;
  const ids = idSourceOf(plan);
  const names = columns.map((column) => sql.id(column));
  const picked = values.map((value, k) => sql`, ${value} as ${sql.id(`value ${k}`)}`);
  const stored = values.map((_, k) => sql.id(`value ${k}`));
  if (ids !== null && !ids.isField) {
    names.push(sql.id(importer.target.id));
    stored.push(givenId);
  }
  // They come in their order; who tells them by it says so, which is one more sort.
  const inOrder = ids === null ? sql`order by row_no` : sql``;
  const unknown =
    ids === null
      ? sql`(select count(*) from source) = 1`
      : sql`not exists (select from fresh f where f.id = s.${givenId})`;
  const source = sql`
    select s.row_no, s.row_offset, ${ids?.value ?? sql`null`} as ${givenId}${sql.join(picked, sql``)} ${from}
    -- Sequences count after the sort: ids follow the file's order.
    order by s.row_no`;
  const fresh = sql`
    insert into ${tableId(importer.target.table)} (${sql.join(names)}) ${ids?.overriding ?? sql``}
    select ${sql.join(stored)} from source ${inOrder}
    returning ${sql.id(importer.target.id)} as id`;
  const leftOut = sql`
    select s.row_no, s.row_offset from source s
    where (select count(*) from fresh) < (select count(*) from source) and ((select count(*) from source) = 1 or ${unknown})`;
  const [made] = await session.tables.query<{ sent: number; created: number; ids: string | null } & LeftOut>(sql`
    ${withParts([
      { name: "source", query: source, materialized: true },
      { name: "fresh", query: fresh },
      { name: "left_out", query: leftOut },
      madeRows(plan, ids !== null),
      historyOf(plan, "history", "fresh", "imported"),
    ])}
    select (select count(*) from source)::int as sent, (select count(*) from fresh)::int as created, ${idsOf(plan, "fresh")} as ids,
      ${leftOutOf()} from left_out l
  `);
  if (made.created + made.leftOut !== made.sent) throw new RowsLeftOut();
  const skipped = await noteLeftOut(session, plan, chunk, made);
  await countInto(session, plan, chunk, { created: made.created, skipped }, made.ids);
  return made.created;
}

/** The part that notes which record each row has made; null where nobody asks. */
function madeRows({ records, target }: Plan, idsAreKnown: boolean): Part | null {
  if (records === undefined) return null;
  const made = target.mayLeaveOut ? sql`where exists (select from fresh f where f.id = s.${givenId})` : sql``;
  const query = idsAreKnown
    ? sql`select s.row_no, s.${givenId}, 'n' from source s ${made}`
    : // Made in the order in which they were sent.
      sql`
      select s.row_no, f.id, 'n' from (select row_no, row_number() over (order by row_no) as n from source) s
        join (select id, row_number() over () as n from fresh) f on f.n = s.n`;
  return { name: "made_rows", query: sql`insert into ${records.rows} (row_no, id, action) ${query}` };
}
