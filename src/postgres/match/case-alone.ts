/**
 * Rows of the file that are taken for the same by a text key though it differs in upper and lower case: usual for names and codes that
 * people type, and wrong for ids such as Salesforce's. Told only where neither the definition nor the table says how they compare.
 */
import { keyColumn } from "../../core/importer.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { noteIssueCounts } from "../stage/checkpoint.ts";
import type { Plan } from "../tables/plan.ts";
import { repeats } from "./match-file.ts";
import { comparisonOf, type MatchKey } from "./match-keys.ts";

/** The parts of a key that are told, as a staged row `s` has them. */
export function writtenParts(plan: Plan, key: MatchKey): Sql[] {
  return toldParts(plan, key).map((field) => {
    const column = sql.id("s", field);
    return plan.target.isUnicode ? sql`normalize(${column})` : column;
  });
}

/** Counts them by field; once the repeats are known, whose keys have `writtenParts`. Whoever matches again counts the same. */
export async function noteCaseAlone(session: Session, plan: Plan, keys: readonly MatchKey[]): Promise<void> {
  const { job } = plan;
  const counts = [];
  // Of a match by other keys.
  await session.change(
    sql`delete from sluice.import_issue_counts where job_id = ${job.id} and code = 'key_case_differs'`,
  );
  const told = new Map<string, Sql[]>();
  for (const [k, key] of keys.entries()) {
    for (const [place, field] of toldParts(plan, key).entries()) {
      const isOther = sql`k = ${sql.lit(k)} and differs & ${sql.lit(1 << place)} <> 0`;
      told.set(field, [...(told.get(field) ?? []), isOther]);
    }
  }
  for (const [field, others] of told) {
    // A row that repeats one by several keys is one row.
    const [{ count }] = await session.query<{ count: number }>(
      sql`select count(distinct row_no)::int8 as count from ${repeats} where ${sql.join(others, sql` or `)}`,
    );
    if (count > 0) counts.push({ field, code: "key_case_differs", count } as const);
  }
  await noteIssueCounts(session, job.id, counts);
}

function toldParts(plan: Plan, key: MatchKey): string[] {
  return key.filter((field) => comparisonOf(plan, key, field) === "any_case" && !isSaid(plan, field));
}

/** Whether the definition says that case is no difference, or an index or the type of the table's column. */
function isSaid({ importer, target }: Plan, name: string): boolean {
  const field = importer.fields[name];
  const column = keyColumn(importer, name);
  const isFolded = target.foldedColumns.includes(column) || target.columns.get(column)?.baseType === "citext";
  return isFolded || (field.kind === "text" && field.compare !== undefined);
}
