/** The keys that recognise a duplicate, as they stand in the stage and in the target. */

import { kindOf } from "../../core/field.ts";
import type { KeyComparison } from "../../core/fields/kind.ts";
import { targetColumn } from "../../core/importer.ts";
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import type { Plan } from "../tables/plan.ts";

/** The keys that are mapped, in the order in which they decide. */
export function matchKeys({ job, columns }: Plan): string[] {
  return job.duplicates.keys.filter((key) => columns.some(({ name }) => name === key));
}

/** A staged key, normalised: e-mails and phones are already; text ignores case. */
export function stagedKey({ job, importer }: Plan, key: string): Sql {
  const column = sql.id("s", key);
  const comparison = kindOf(importer.fields[key]).key;
  if (comparison === "looked_up") {
    const { lookup } = stageTables(job.id, job.stageGeneration);
    return sql`(select l.id from ${lookup} l where l.name = ${sql.lit(key)} and l.word = lower(${column}))`;
  }
  return comparison === "any_case" ? sql`lower(${column})` : column;
}

/** The same key of a record; as the index on it is likely written. */
export function recordKey({ importer, target }: Plan, key: string): Sql {
  const name = targetColumn(importer, key);
  const column = sql.id("t", name);
  const comparison = kindOf(importer.fields[key]).key;
  if (comparison === "looked_up") return sql`${column}::text`;
  // Text in a column that is none (uuid, enum) is compared as text; on text and varchar an index on lower() still serves.
  const isText = /^(?:text|character varying|citext)/.test(target.columns.get(name)?.type ?? "text");
  if (ignoresCase(comparison)) return isText ? sql`lower(${column})` : sql`lower(${column}::text)`;
  return comparison === "word" && !isText ? sql`${column}::text` : column;
}

/** Whether records are compared in lower case. */
export function ignoresCase(comparison: KeyComparison): boolean {
  return comparison === "any_case" || comparison === "lower_case";
}
