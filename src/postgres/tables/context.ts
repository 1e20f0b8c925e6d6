/** What the caller says beside the file, as SQL: the tenant or owner that matching keeps to. */

import { scopePairs } from "../../core/context-scope.ts";
import type { ContextScope } from "../../core/fields/kind.ts";
import type { Importer } from "../../core/importer.ts";
import type { LinkPlan } from "../../core/records.ts";
import { type Sql, sql } from "../connection/session.ts";
import type { Plan } from "./plan.ts";

/** The condition that a record belongs to the caller's context: tenant, owner. */
export function sameContext({ job, importer }: Pick<Plan, "job" | "importer">): Sql {
  const parts = Object.entries(importer.context ?? {}).map(
    ([name, { column, type }]) =>
      sql`and ${sql.id("t", column ?? name)} = ${job.context[name]}::${sql.raw(type ?? "text")}`,
  );
  return sql.join(parts, sql` `);
}

/** Context values that records of another table must share, each with its column there. */
export interface Bound {
  name: string;
  column: string;
  type: string;
}

/** What a `context` of a reference, of owners or of a foreign key says. */
export function boundsOf(importer: Pick<Importer, "context">, scope: ContextScope = []): Bound[] {
  return scopePairs(scope).map(([name, column]) => {
    const given = importer.context?.[name];
    return { name, column: column ?? given?.column ?? name, type: given?.type ?? "text" };
  });
}

/** The condition that a record (`r`, unless told otherwise) of another table shares context values. */
export function inBounds(bounds: readonly Bound[], context: Readonly<Record<string, string>>, alias = "r"): Sql {
  const parts = bounds.map(
    ({ name, column, type }) => sql`and ${sql.id(alias, column)} = ${context[name] ?? null}::${sql.raw(type)}`,
  );
  return sql.join(parts, sql` `);
}

/** The condition that an owner (`r`) shares the context values that the importer's `assign` names. */
export function ownersInContext(importer: Importer, context: Readonly<Record<string, string>>): Sql {
  return inBounds(boundsOf(importer, importer.assign?.context), context);
}

/** The columns of a link table that context values go into. */
export function linkContext(
  { context = [], column: one, to }: LinkPlan,
  columns: { has(name: string): boolean },
): NonNullable<LinkPlan["context"]> {
  return context.filter(({ column, isSaid }) => column !== one && column !== to && (isSaid || columns.has(column)));
}
