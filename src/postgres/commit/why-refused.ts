/** What is told of a commit that the database stops: what it refuses, and what a person can do about it. */
import { type Telling, told } from "../../core/errors.ts";
import { pausedByRefusals } from "../../core/import.ts";
import { targetFields } from "../../core/importer.ts";
import { keyText, sameKeys } from "../../core/keys.ts";
import { duplicatesIn } from "../../core/modes.ts";
import type { Database } from "../connection/connect.ts";
import { type DataError, lacksRight } from "../connection/row-errors.ts";
import { sql } from "../connection/session.ts";
import type { Plan } from "../tables/plan.ts";
import { quotedName } from "../tables/target.ts";

/** What is wrong with the table as a whole. */
export function whyTableRefuses({ target }: Plan, error: Error): Telling {
  return lacksRight(error)
    ? told`The database user lacks a right that every row needs: ${error.message}. Grant it, then resume the import.`
    : told`${target.name} rejects every row: ${error.message}. Correct the table or its triggers, then resume the import.`;
}

/** Why more rows are refused than are likely to be wrong. */
export async function whyTooMany(database: Database, plan: Plan, refusal: DataError): Promise<Telling> {
  return pausedByRefusals(refusal.message, await uniqueAdvice(database, plan, refusal));
}

/**
 * Where a unique index refuses rows that are matched by other fields: to match by its own. Null where that would change nothing, since
 * another table's index refuses, the import matches nothing, or no field feeds a part of the index.
 */
async function uniqueAdvice(
  database: Database,
  { importer, job, target }: Plan,
  refusal: DataError,
): Promise<Telling | null> {
  if (refusal.code !== "23505" || refusal.constraint === undefined) return null;
  if (duplicatesIn(job).strategy === "create" || importer.match.keys.length === 0) return null;
  const [index] = await database.query<{ keys: string[] }>(sql`
    select array(select pg_get_indexdef(i.indexrelid, k, true) from generate_series(1, i.indnkeyatts) k) as keys
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
    where c.relname = ${refusal.constraint} and n.nspname = ${refusal.schema ?? ""} and t.relname = ${refusal.table ?? ""}
      and to_regclass(${quotedName(target.name)}) in (select t.oid union all select relid from pg_partition_ancestors(t.oid))
  `);
  if (index === undefined) return null;
  const columns = index.keys.map(
    (key) => /"?([^()":]+)"?\)*(?:::\w+\)*)?$/.exec(key.replace(/::[a-z ]+/g, ""))?.[1] ?? key,
  );
  const fed = new Map(targetFields(importer).map(([name, column]) => [column, name]));
  const fields = columns.flatMap((column) => (Object.hasOwn(importer.context ?? {}, column) ? [] : [fed.get(column)]));
  if (fields.length === 0 || !fields.every((field) => field !== undefined)) return null;
  if (job.duplicates.keys.some((key) => sameKeys([key], [fields]))) return null;
  return told`The index ${refusal.constraint} does not allow two records with the same ${fields}. Match on ${keyText(fields)} instead, so that such rows count as duplicates.`;
}
