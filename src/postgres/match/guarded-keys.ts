/**
 * Keys that a unique index guards: a row that would give its record the key of another one is refused. Taken in the order of the file that
 * is told before anything is written, where a group's rows are merged.
 */
import { contextColumns, keyColumn } from "../../core/importer.ts";
import { tableId } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { hasStageTable, stageTables } from "../stage/stage.ts";
import { storedAs } from "../tables/kept-value.ts";
import type { Plan } from "../tables/plan.ts";
import { comparisonOf, type MatchKey, matchKeys } from "./match-keys.ts";

export interface Guard {
  /** As `match.issue` has it. */
  issue: string;
  /** Columns of which the index tells apart what the key takes for the same, where records are written in another case. */
  lowered: string[];
}

/** By key: the index over exactly its columns, beside those of the context; null where there is none, or it compares otherwise than the key. */
export function guardsOf(plan: Plan, keys: readonly MatchKey[]): (Guard | null)[] {
  const { importer, target } = plan;
  const scope = new Set(contextColumns(importer));
  return keys.map((key) => {
    const columns = key.map((field) => keyColumn(importer, field));
    const index = target.uniques.find((unique) => {
      const own = unique.columns.filter((column) => !scope.has(column));
      return own.length === columns.length && own.every((column) => columns.includes(column));
    });
    if (index === undefined || !key.every((field) => isStoredAsCompared(plan, key, field))) return null;
    const field = key.length === 1 ? { f: key[0] } : {};
    const isLowered = (name: string): boolean => comparisonOf(plan, key, name) === "lower_case";
    return {
      issue: JSON.stringify([{ c: "database_unique", ...field, p: { index: index.name } }]),
      lowered: key.filter(isLowered).map((name) => keyColumn(importer, name)),
    };
  });
}

/**
 * The `issue`, in the match, of a row in a group that gives its record a guarded value which another record had before: it is written after
 * the row that takes it from there.
 */
export const takesOver = sql`'true'::jsonb`;

/** Whether there may be such rows. */
export function mayTakeOver(plan: Plan): boolean {
  const { job, importer } = plan;
  if ((job.duplicates.strategy !== "update" && !plan.skipsUndecided) || importer.load !== undefined) return false;
  return guardsOf(plan, matchKeys(plan))
    .slice(1)
    .some((guard) => guard !== null);
}

/** Whether there are such rows. */
export async function someTakeOver(session: Session, plan: Plan): Promise<boolean> {
  const { job } = plan;
  if (!mayTakeOver(plan)) return false;
  const { match } = stageTables(job.id, job.stageGeneration);
  // When all is done, the stage may be gone.
  if (!(await hasStageTable(session, job.id, job.stageGeneration, "match"))) return false;
  const [{ some }] = await session.query<{ some: boolean }>(
    sql`select exists (select from ${match} where issue = ${takesOver}) as some`,
  );
  return some;
}

/** Whether two rows with the same key have the same value in the column, too. */
function isStoredAsCompared(plan: Plan, key: MatchKey, field: string): boolean {
  const column = plan.target.columns.get(keyColumn(plan.importer, field));
  if (column === undefined) return false;
  const comparison = comparisonOf(plan, key, field);
  if (comparison === "looked_up") return true;
  if (comparison === "any_case") return column.baseType === "citext";
  return !column.isLoose && storedAs(plan, field, column) !== null;
}

/** Of which keys that holds for these records, too. */
export async function areGuarded(
  session: Session,
  { importer }: Plan,
  guards: readonly (Guard | null)[],
  records: Sql,
): Promise<boolean[]> {
  const lowered = [...new Set(guards.flatMap((guard) => guard?.lowered ?? []))];
  if (lowered.length === 0) return guards.map((guard) => guard !== null);
  const isMixed = lowered.map((column) => {
    const value = sql.id("t", column);
    return sql`coalesce(bool_or(${value}::text <> lower(${value}::text)), false)`;
  });
  const [{ mixed }] = await session.query<{ mixed: boolean[] }>(sql`
    select array[${sql.join(isMixed)}] as mixed
    from ${records} r join ${tableId(importer.target.table)} t on ${sql.id("t", importer.target.id)} = r.id
  `);
  return guards.map((guard) => guard?.lowered.every((column) => !mixed[lowered.indexOf(column)]) ?? false);
}
