/**
 * Tables of Citus. A plain one is as in any Postgres. A reference table has a copy on each machine, a distributed one a part of its
 * records on each; in both the `xmin` that is read is a machine's own, which may equal one of another by chance. So who wrote a
 * record is not known there, and of a distributed one records cannot be locked by a query (`for update`) either.
 */
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";

export type Distribution = "local" | "reference" | "distributed";

/** By the catalogue of Citus (`pg_dist_partition`), where that is there. */
export async function distributionOf(database: Database, oid: number): Promise<Distribution> {
  const [{ isCitus }] = await database.query<{ isCitus: boolean }>(
    sql`select to_regclass('pg_dist_partition') is not null as "isCitus"`,
  );
  if (!isCitus) return "local";
  // Without a distribution column (n) are reference tables (replicated by two-phase commit, t), tables of one shard, which are
  // colocated with others, and local ones that Citus only knows of.
  const [found] = await database.query<{ distribution: Distribution }>(sql`
    select case when partmethod = 'n' and repmodel = 't' then 'reference'
      when partmethod = 'n' and colocationid = 0 then 'local' else 'distributed' end as distribution
    from pg_dist_partition where logicalrelid = ${oid}::oid
  `);
  return found?.distribution ?? "local";
}
