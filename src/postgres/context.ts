/** What the caller says beside the file, as SQL: the tenant or owner that matching keeps to. */

import { type Sql, sql } from "./connect.ts";
import type { Plan } from "./plan.ts";

/** The condition that a record belongs to the caller's context: tenant, owner. */
export function sameContext({ job, importer }: Plan): Sql {
  const parts = Object.entries(importer.context ?? {}).map(
    ([name, { column, type }]) =>
      sql`and ${sql.id("t", column ?? name)} = ${job.context[name]}::${sql.raw(type ?? "text")}`,
  );
  return sql.join(parts, sql` `);
}
