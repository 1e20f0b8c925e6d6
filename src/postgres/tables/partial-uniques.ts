/** Unique indexes with a condition: which rows and records it is about, as the match tests it before a row can fail. */
import { mainRecord } from "../../core/records.ts";
import { type Sql, sql } from "../connection/session.ts";
import { filledBeside } from "./filled-beside.ts";
import { keepsValue } from "./kept-value.ts";
import type { Plan } from "./plan.ts";
import type { TargetColumn, UniqueIndex } from "./target.ts";

/** A default that is the same for every row: `true`, `0`, `'open'::text`. */
const constant = /^(?:true|false|-?\d+(?:\.\d+)?|'(?:[^']|'')*'(?:::[a-z ]+)?)$/;

/**
 * The condition of an index over a new record, as a staged row makes it: a function of the row's alias. Null where only the
 * database knows what the record will hold.
 */
export function holdsFor(
  plan: Plan,
  { predicate, predicateColumns }: UniqueIndex,
  plain: ReadonlyMap<string, string>,
): ((row: string) => Sql) | null {
  if (predicate === null) return () => sql`true`;
  const { importer, target, job } = plan;
  const given = new Map(
    Object.entries(importer.context ?? {}).map(([name, { column, type }]) => [
      column ?? name,
      sql`${job.context[name]}::${sql.raw(type ?? "text")}`,
    ]),
  );
  /** What something fills that is not known here. */
  const filled = new Set([
    ...filledBeside(importer),
    importer.assign?.column,
    ...(mainRecord(importer)?.columns ?? []).map(({ column }) => column),
    ...plan.columns.map(({ name }) => importer.fields[name]?.column),
  ]);
  const valueOf = (row: string, column: TargetColumn): Sql | null => {
    const from = plain.get(column.name);
    const type = sql.raw(column.castType);
    const isSet = from !== undefined && keepsValue(plan, from, column);
    if (from !== undefined && !isSet) return null;
    const fallback =
      column.defaultExpression === null
        ? sql`null::${type}`
        : constant.test(column.defaultExpression)
          ? sql`${sql.raw(column.defaultExpression)}::${type}`
          : null;
    if (fallback === null || column.generated) return null;
    if (from !== undefined) return sql`coalesce(${sql.id(row, from)}::${type}, ${fallback})`;
    const context = given.get(column.name);
    if (context !== undefined) return sql`${context}::${type}`;
    return filled.has(column.name) ? null : fallback;
  };
  const columns = predicateColumns.map((name) => target.columns.get(name));
  if (columns.some((column) => column === undefined || valueOf("s", column) === null)) return null;
  return (row) => {
    const values = (columns as TargetColumn[]).map(
      (column) => sql`${valueOf(row, column) as Sql} as ${sql.id(column.name)}`,
    );
    // The expression as the catalogue has it; names of columns are found in the sub-select.
    return sql`coalesce((select ${sql.raw(predicate)} from (select ${sql.join(values)}) as made), false)`;
  };
}
