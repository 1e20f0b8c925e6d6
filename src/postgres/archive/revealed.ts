/** Of which records of the target values are told, as a condition on the record `t`. */

import type { ImportJob } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import type { Revealed } from "../../core/store/archive.ts";
import { type Database, tableId } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { sameContext } from "../tables/context.ts";
import { runOf, sessionOn } from "../tables/on-target.ts";
import { readTarget } from "../tables/target.ts";

/** Without owners nobody owns a record. */
export function isRevealed({ assign }: Importer, revealed: Revealed): Sql {
  if (revealed.kind === "all") return sql`true`;
  if (revealed.kind === "none" || assign === undefined) return sql`false`;
  return sql`coalesce(t.${sql.id(assign.column)}::text = ${revealed.ownerId}::text, false)`;
}

export async function revealedOf(
  database: Database,
  job: ImportJob,
  importer: Importer,
  ids: readonly string[],
  revealed: Revealed,
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const id = sql.id("t", importer.target.id);
  const { columns } = await readTarget(database, importer, null);
  const idType = sql.raw(columns.get(importer.target.id)?.type ?? "text");
  const found = await sessionOn(database, runOf({ job, importer }), (session) =>
    session.tables.query<{ id: string }>(sql`
      select ${id}::text as id from ${tableId(job.target)} t
      where ${id} = any (${[...ids]}::text[]::${idType}[]) and ${isRevealed(importer, revealed)} ${sameContext({ job, importer })}
    `),
  );
  return new Set(found.map((each) => each.id));
}
