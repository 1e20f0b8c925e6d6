/** What the caller says beside the file, as SQL: the tenant or owner that matching keeps to. */

import type { Importer } from "../importer.ts";
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

/** The condition that an owner (`r`) shares the context values that the importer's `assign` names. */
export function ownersInContext(importer: Importer, context: Readonly<Record<string, string>>): Sql {
  const parts = (importer.assign?.context ?? []).map((name) => {
    const { column, type } = importer.context?.[name] ?? {};
    return sql`and r.${sql.id(column ?? name)} = ${context[name] ?? null}::${sql.raw(type ?? "text")}`;
  });
  return sql.join(parts, sql` `);
}
