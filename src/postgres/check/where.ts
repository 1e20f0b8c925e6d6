/** `match.where`: whether Postgres understands it, and how it goes with the unique indexes over the keys. */
import { told } from "../../core/errors.ts";
import type { Importer } from "../../core/importer.ts";
import { mainRecord } from "../../core/records.ts";
import { type Database, isConnectionLoss, tableId } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { sampleRun, sessionOn } from "../tables/on-target.ts";
import { condition } from "../tables/records.ts";
import { type Finder, failure } from "./finding.ts";

/** Planned, not run. */
export const findUnfitWhere: Finder = async ({ database, importer, target }) => {
  const { where } = importer.match;
  if (where === undefined) return [];
  const plan = mainRecord(importer);
  const option = plan === undefined ? "match.where" : `records.${plan.name}.where`;
  try {
    await sessionOn(database, sampleRun(importer), (session) =>
      session.tables.query(
        // Not in brackets too: `true) or (true` must not get out of those that it is put in.
        sql`explain select from ${tableId(importer.target.table)} t where ${sql.raw(`${where}\n`)} and ${condition(where)}`,
      ),
    );
    return [];
  } catch (error) {
    const { code = "", message } = error as { code?: string; message: string };
    if (isConnectionLoss(error)) throw error;
    // What it says makes no sense here (42), or a value in it is none (22). Policies may have failed as well, for a context
    // that never was: of them it is no matter here.
    const isOwn = importer.session === undefined ? /^(?:42|22)/ : /^42(?:601|703|702|804|883|P0[12]|P10)/;
    if (!isOwn.test(code)) return [];
    return [
      failure(
        told`\`${option}\` of the importer "${importer.name}" is not a condition on a record of ${target.name}: ${message}. It must be SQL, such as: deleted_at is null`,
      ),
    ];
  }
};

class RolledBack extends Error {}

/** `match.where` as Postgres writes the condition of an index; as it stands where it cannot be one. */
export async function conditionOf(database: Database, importer: Importer): Promise<string> {
  const { where = "true" } = importer.match;
  let written = where;
  await database
    .transaction(async (session) => {
      // Called as the record is in the condition.
      await session.query(sql`create temporary table t (like ${tableId(importer.target.table)}) on commit drop`);
      await session.query(sql`create index sluice_where on pg_temp.t ((true)) where ${condition(where)}`);
      const [index] = await session.query<{ written: string }>(
        sql`select pg_get_expr(indpred, indrelid) as written from pg_index where indexrelid = 'pg_temp.sluice_where'::regclass`,
      );
      written = index.written;
      throw new RolledBack();
    })
    // A sub-select, or a function that is not immutable: then only the text can be compared.
    .catch(() => {});
  return written;
}
