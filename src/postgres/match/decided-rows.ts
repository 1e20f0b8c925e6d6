/**
 * Rows of which a person has decided that they update what they repeat, in an import that skips duplicates. Such an import is matched as one
 * that updates, in which the other rows are skipped where they find something: a row that is skipped changes no key of its record, so what the
 * rows behind it find is what it would be one by one. Decisions are kept like warnings of their rows, and all of them.
 */
import { decidesByRow } from "../../core/importer.ts";
import type { IssueCode } from "../../core/issue.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { matchKeys } from "./match-keys.ts";

const code = "decided_update" satisfies IssueCode;

/** Whether it can be decided: not where all duplicates update or are created, the importer's own code loads, or rows make several records. */
export function mayDecide(plan: Plan): boolean {
  const { job, importer, skipsUndecided = false } = plan;
  return skipsUndecided || (job.duplicates.strategy === "skip" && matchKeys(plan).length > 0 && decidesByRow(importer));
}

/** The plan with what was decided row by row. */
export async function withDecisions(database: Database, plan: Plan): Promise<Plan> {
  const { job } = plan;
  if (!mayDecide(plan)) return plan;
  const [{ some }] = await database.query<{ some: boolean }>(
    sql`select exists (select from sluice.import_warnings where job_id = ${job.id} and code = ${code}) as some`,
  );
  if (!some) return plan;
  const duplicates = { ...job.duplicates, strategy: "update" } as const;
  return { ...plan, job: { ...job, duplicates, repeats: "all" }, skipsUndecided: true };
}

/** The condition that it was decided of a row. */
export function isDecided({ job }: Plan, row: Sql): Sql {
  return sql`exists (
    select from sluice.import_warnings w where w.job_id = ${job.id} and w.code = ${code} and w.row_no = ${row}
  )`;
}

/**
 * Skips the rows that update a record, or what an earlier row makes, without anybody having decided so. Of a chunk's `range` the groups keep
 * the row that they are known by: the chunk writes what is left of them.
 */
export async function skipUndecided(session: Session, plan: Plan, range: Range | null): Promise<void> {
  const { match } = stageTables(plan.job.id, plan.job.stageGeneration);
  const inRange = range === null ? sql`` : sql`and m.root >= ${range.from} and m.root < ${range.to}`;
  await session.query(sql`
    update ${match} m set action = case m.action when 'u' then 't' else 'f' end,
      root = case m.action when 'u' then m.row_no else m.root end, of_row = case m.action when 'c' then m.root end, ambiguous = false
    where (m.action = 'u' or (m.action = 'c' and m.root <> m.row_no)) ${inRange} and not ${isDecided(plan, sql`m.row_no`)}
  `);
  if (range !== null) return;
  await session.query(sql`
    update ${match} m set root = g.first
    from (
      select root, min(row_no) as first from ${match} where action = 'u' group by root having min(row_no) <> root
    ) g
    where g.root = m.root and m.action = 'u'
  `);
  // Rows that simply become records.
  await session.query(sql`
    delete from ${match} m where m.action = 'c' and m.root = m.row_no
      and not exists (select from ${match} o where o.root = m.root and o.action = 'c' and o.row_no <> o.root)
  `);
}
