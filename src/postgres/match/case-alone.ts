/**
 * Rows of the file that are taken for the same by a text key though it differs in upper and lower case: usual for names and codes that
 * people type, and wrong for ids such as Salesforce's. Told only where neither the definition nor the table says how they compare.
 */
import { keyColumn } from "../../core/importer.ts";
import { type Session, sql } from "../connection/session.ts";
import { noteIssueCounts } from "../stage/checkpoint.ts";
import { stageTables } from "../stage/stage.ts";
import type { Plan } from "../tables/plan.ts";
import { repeats } from "./match-file.ts";
import { comparisonOf, type MatchKey } from "./match-keys.ts";

/** Counts them by field; once the repeats are known. Whoever matches again counts the same. */
export async function noteCaseAlone(session: Session, plan: Plan, keys: readonly MatchKey[]): Promise<void> {
  const { job } = plan;
  const { rows } = stageTables(job.id, job.stageGeneration);
  const counts = [];
  // Of a match by other keys.
  await session.change(
    sql`delete from sluice.import_issue_counts where job_id = ${job.id} and code = 'key_case_differs'`,
  );
  for (const [k, key] of keys.entries()) {
    for (const field of key) {
      if (comparisonOf(plan, key, field) !== "any_case" || isSaid(plan, field)) continue;
      const value = plan.target.isUnicode ? sql`normalize(${sql.id("s", field)})` : sql.id("s", field);
      // One join with the stage, whose statistics may be wrong: a second would hash what they make of the first.
      const [{ count }] = await session.query<{ count: number }>(sql`
        select count(*)::int8 as count from (
          select from (
            select row_no, row_no as at from ${repeats} where k = ${sql.lit(k)}
            union all select row_no, first_row from ${repeats} where k = ${sql.lit(k)}
          ) r join ${rows} s on s.row_no = r.at
          group by r.row_no having min(${value} collate "C") <> max(${value} collate "C")
        ) d
      `);
      if (count > 0) counts.push({ field, code: "key_case_differs", count } as const);
    }
  }
  await noteIssueCounts(session, job.id, counts);
}

/** Whether the definition says that case is no difference, or an index or the type of the table's column. */
function isSaid({ importer, target }: Plan, name: string): boolean {
  const field = importer.fields[name];
  const column = keyColumn(importer, name);
  const isFolded = target.foldedColumns.includes(column) || target.columns.get(column)?.baseType === "citext";
  return isFolded || (field.kind === "text" && field.compare !== undefined);
}
