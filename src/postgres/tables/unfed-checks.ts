/** Rules of a table about columns that an import leaves to their defaults: these are the same for every record, so either all break one or none. */
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import type { TargetTable } from "./target.ts";

/** The name of a rule that the defaults break; null without one. `fed`: the columns that something fills. */
export async function ruleBrokenByDefaults(
  database: Pick<Session | Database, "query">,
  { checks, columns }: Pick<TargetTable, "checks" | "columns">,
  fed: ReadonlySet<string>,
): Promise<string | null> {
  for (const { name, columns: about, expression, ofDomain } of checks) {
    const unfed = about.flatMap((column) => columns.get(column) ?? []);
    if (unfed.length === 0 || unfed.some((column) => fed.has(column.name) || column.generated)) continue;
    if (unfed.some(({ defaultExpression }) => isCalled.test(defaultExpression ?? ""))) continue;
    const values = unfed.map(
      ({ name: column, defaultExpression, castType }) =>
        sql`(${sql.raw(defaultExpression ?? "null")})::${sql.raw(castType)} as ${sql.id(ofDomain ? "value" : column)}`,
    );
    if (
      isCalled.test(
        expression.replaceAll(/\b(?:ANY|ALL|AND|OR|NOT|IN|CASE|WHEN|VALUE|ARRAY|COALESCE|NULLIF)\b\s*\(/gi, ""),
      )
    )
      continue;
    const [{ isBroken }] = await database.query<{ isBroken: boolean }>(
      sql`select not coalesce((${sql.raw(expression)}), true) as "isBroken" from (select ${sql.join(values)}) as checked`,
    );
    if (isBroken) return name;
  }
  return null;
}

/** What a function gives may hang on the session, be another value each time, or change something: constants alone are looked at. */
const isCalled = /[\w"]\s*\(|current_|session_user|localtime/i;
