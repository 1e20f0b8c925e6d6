/** How a record's id is known before the record is made. */
import { type Sql, sql } from "../connection/session.ts";
import type { TargetTable } from "./target.ts";

export interface IdSource {
  value: Sql;
  /** Whether a field feeds it: then it is among the columns already. */
  isField: boolean;
  /** Before `select` or `values`, where an identity column is told its value. */
  overriding: Sql;
}

/** The next id by the table's own default or sequence; null where only the database knows it. */
export function nextId(target: TargetTable, id: string): IdSource | null {
  const column = target.columns.get(id);
  if (column === undefined || !column.mayInsert) return null;
  if (column.identitySequence !== null)
    return {
      value: sql`nextval(${column.identitySequence}::regclass)`,
      isField: false,
      overriding: sql`overriding system value`,
    };
  if (column.defaultExpression === null) return null;
  return { value: sql`(${sql.raw(column.defaultExpression)})`, isField: false, overriding: sql`` };
}
