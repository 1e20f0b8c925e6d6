/**
 * Rows that would leave their main record as it is, where rows make other records too: told by one comparison, without a lock, so that a file
 * that is imported again writes nothing. What is left takes the way of all groups.
 */
import { tableId } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { hasIdIn } from "../match/records-by-list.ts";
import { lookupJoins } from "../match/staged-value.ts";
import { stageTables } from "../stage/stage.ts";
import { sameContext } from "../tables/context.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { isMatched } from "../tables/records.ts";
import { wantsOf } from "./load-groups.ts";
import { countInto, groupedFields, type LoadedChunk } from "./load-parts.ts";

/**
 * Notes them among `plan.records.rows`, as rows that need no more; each is the only one of its record in the range. `mayShare`: whether
 * any record has several. Returns how many.
 */
export async function settleUnchanged(
  session: TargetSession,
  plan: Plan,
  chunk: LoadedChunk,
  range: Range,
  { mayShare }: { mayShare: boolean },
): Promise<number> {
  const { job, importer, records } = plan;
  if (records === undefined) return 0;
  const { rows, match } = stageTables(job.id, job.stageGeneration);
  const fields = groupedFields(plan);
  const id = sql.id("t", importer.target.id);
  const values = fields.map(({ name, value, carry }) => sql`, ${carry(value)} as ${sql.id(name)}`);
  const current = fields.map(({ name, column, carry }) => sql`, ${carry(sql.id("t", column))} as ${sql.id(name)}`);
  const wants = wantsOf(plan).map((each) => each.wants);
  const inRange = (alias: string) =>
    sql`${sql.id(alias, "row_no")} >= ${range.from} and ${sql.id(alias, "row_no")} < ${range.to}`;
  const alone = sql`k.action = 'u' and k.root = k.row_no and not k.ambiguous and ${inRange("k")}`;
  const isOnly = mayShare
    ? sql`and not exists (
          select from ${match} o where o.root >= ${range.from} and o.root < ${range.to} and o.root <> o.row_no and o.root = k.root and o.action in ('u', 'c'))`
    : sql``;
  const [{ settled }] = await session.tables.query<{ settled: number }>(sql`
    with settled as (
      insert into ${records.rows} (row_no, id, action)
      select m.row_no, b.id, '-'
      from (
        select k.row_no, k.record_id${sql.join(values, sql``)}
        from ${match} k join ${rows} s on s.row_no = k.row_no ${lookupJoins(plan)}
        where ${alone} and ${inRange("s")} ${isOnly}
      ) m
      join (
        select ${id} as id${sql.join(current, sql``)} from ${tableId(importer.target.table)} t
        where ${hasIdIn(plan, sql`select k.record_id from ${match} k where ${alone}`)} ${sameContext(plan)} ${isMatched(importer)}
      ) b on b.id = m.record_id
      where not (${wants.length === 0 ? sql`false` : sql.join(wants, sql` or `)})
      returning 1
    )
    select count(*)::int as settled from settled
  `);
  if (settled > 0) await countInto(session, plan, chunk, { unchanged: settled }, null);
  return settled;
}
