/**
 * The database's own identity: an id that Sluice's schema keeps for this database in this cluster. A copy from a template, or a
 * dump that was restored elsewhere, holds the original's row but does not match it, and gets an id of its own. A physical copy
 * (snapshot, point-in-time recovery) cannot be told from the original: docs/operating.md says what to do.
 */
import type { FilesOwner } from "../../core/ports.ts";
import { clusterOf } from "../connection/cluster.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";

/** Hexadecimal digits of the id that a folder is called by: 48 bits, among a handful of databases. */
const namespaceDigits = 12;

/** By what this database's files are named. Its id is made when none is there that fits. */
export async function filesOwner(database: Database): Promise<FilesOwner> {
  const cluster = await clusterOf(database);
  const here = sql`(select oid from pg_database where datname = current_database())`;
  const find = () =>
    // One of the database's roles may read the cluster's identifier, and another not.
    database.query<{ namespace: string; adoptsUnnamed: boolean }>(sql`
      select left(replace(id::text, '-', ''), ${namespaceDigits}) as namespace, is_first as "adoptsUnnamed"
      from sluice.identities where database = ${here} and (cluster = ${cluster} or 0 in (cluster, ${cluster}))
      order by cluster = ${cluster} desc, made_at limit 1
    `);
  const [found] = await find();
  if (found !== undefined) return found;
  await database.change(sql`
    insert into sluice.identities (cluster, database, is_first)
    select ${cluster}, ${here}, not exists (select from sluice.identities)
    on conflict do nothing
  `);
  const [made] = await find();
  return made;
}
