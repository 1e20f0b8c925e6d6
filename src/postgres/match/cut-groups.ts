/**
 * Rows of one record that are written apart, where rows make other records too: each in its own place in the file, so that it finds what
 * the rows before it have made. A group that is cut goes on with the first of its rows behind the cut.
 */
import { type Session, type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { findRecordsOfGroups } from "./match.ts";
import { asTheyStand } from "./match-table.ts";

/** At the borders of all chunks. */
export function cutGroupsAtChunks(session: Session, plan: Plan, rowsPerChunk: number): Promise<void> {
  return cut(session, plan, sql`row_no / ${sql.lit(rowsPerChunk)}`, sql`true`);
}

/** Before a row. */
export function cutGroups(session: Session, plan: Plan, before: number): Promise<void> {
  return cut(session, plan, sql`row_no >= ${before}`, sql`root < ${before}`);
}

/** `of_row` remembers the row that the group began with. */
async function cut(session: Session, { job }: Plan, part: Sql, where: Sql): Promise<void> {
  const { match } = stageTables(job.id, job.stageGeneration);
  await session.query(sql`
    update ${match} m set root = g.root, of_row = coalesce(m.of_row, m.root)
    from (
      select row_no, min(row_no) over (partition by root, ${part}) as root from ${match}
      where action in ('u', 'c') and ${where} and root in (select root from ${match} where root <> row_no and action in ('u', 'c'))
    ) g
    where g.row_no = m.row_no and m.action in ('u', 'c') and m.root <> g.root
  `);
}

/** Finds the records of rows of the range whose record rows before it have made: they update it now. */
export function findMadeBefore(session: TargetSession, plan: Plan, range: Range): Promise<void> {
  return findRecordsOfGroups(session, plan, range, { view: asTheyStand(plan), where: sql`and m.of_row is not null` });
}
