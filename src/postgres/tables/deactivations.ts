/** Records that are said to be gone rather than deleted: by columns with values of their own. */
import type { Absent } from "../../core/records.ts";
import { type Sql, sql } from "../connection/session.ts";
import type { TargetTable } from "./target.ts";

/** A record that is deactivated already is not there to be removed. */
export function isActive(target: TargetTable, how: Exclude<Absent, "leave">): Sql {
  if (how === "delete") return sql``;
  const differs = deactivations(target, how).map(
    ({ column, value }) => sql`${sql.id("t", column)} is distinct from ${value}`,
  );
  return sql`and (${sql.join(differs, sql` or `)})`;
}

/** The columns that say that a record is gone, with their values. */
export function deactivations(
  target: TargetTable,
  how: Exclude<Absent, "leave" | "delete">,
): { column: string; value: Sql }[] {
  return Object.entries(how.deactivate).map(([column, value]) => ({
    column,
    value: sql`${value === null ? null : String(value)}::text::${sql.raw(target.columns.get(column)?.castType ?? "text")}`,
  }));
}
