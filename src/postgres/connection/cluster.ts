/** Which cluster of databases this is. */
import type { Database } from "./connect.ts";
import { type Sql, sql } from "./session.ts";

export const clusters = new WeakMap<Database, Promise<Sql>>();

/** The cluster's system identifier as SQL; 0 where the role may not read it. */
export function clusterOf(database: Database): Promise<Sql> {
  let cluster = clusters.get(database);
  if (cluster === undefined) {
    cluster = database
      .query<{ allowed: boolean }>(sql`select has_function_privilege('pg_control_system()', 'execute') as allowed`)
      .then(([{ allowed }]) => (allowed ? sql`(select system_identifier from pg_control_system())` : sql`0`));
    clusters.set(database, cluster);
    cluster.catch(() => clusters.delete(database));
  }
  return cluster;
}
