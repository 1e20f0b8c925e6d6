/**
 * Which import wrote a record last, told by its xmin: the id of the transaction that wrote this version of it. Each chunk
 * keeps the ids of its own; whoever changes the record later leaves another.
 *
 * Exact as long as fewer than 2^32 transactions have passed since: xmin holds the lower 32 bits, and stays readable after a
 * freeze (Postgres manual, 24.1.5). Older ones, and those of another cluster (after a dump and restore), are trusted no
 * longer: then everything counts as changed, and is kept.
 */
import { type Database, type Session, type Sql, sql } from "./connect.ts";
import type { Plan } from "./plan.ts";

/** Identifiers of 32 bits. */
const xidRange = sql.lit(2 ** 32);

const clusters = new WeakMap<Database, Promise<Sql>>();

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

/**
 * Adds the transaction under way to those that wrote the chunk's records, or restored them. The chunk's row must have been
 * written by the same statement as they: so its xmin is theirs, also inside a savepoint, whose id no function tells.
 */
export async function noteWriter(
  session: Session,
  { jobId, chunk, cluster }: { jobId: number; chunk: number; cluster: Sql },
  kind: "writer" | "undo",
): Promise<void> {
  const ids = sql.id(`${kind}_xids`);
  // A savepoint's id is given out after its transaction's: with the upper bits of the one the lower ones of the other.
  await session.query(sql`
    update sluice.import_chunks set ${sql.id(`${kind}_cluster`)} = ${cluster},
      ${ids} = array_append(${ids}, top.id + mod(${xidRange} + xmin::text::bigint - mod(top.id, ${xidRange}), ${xidRange}))
    from (select pg_current_xact_id()::text::bigint as id) top
    where job_id = ${jobId} and chunk_no = ${chunk}
  `);
}

/** True while the full id `x` is the only one of its lower bits that can stand in a record. */
const isTrusted = (x: Sql, clusterColumn: Sql, cluster: Sql) => sql`
  ${clusterColumn} = ${cluster} and pg_snapshot_xmax(pg_current_snapshot())::text::bigint - ${x} between 0 and ${sql.lit(2 ** 32 - 1)}`;

/** Two CTEs: `writers (job_id, xid)` of all imports into this target that are not undone, and `ours (xid)` among them. */
export function writers({ job }: Plan, cluster: Sql): Sql {
  return sql`
    writers as materialized (
      select c.job_id, mod(x, ${xidRange})::text::xid as xid
      from sluice.import_jobs j join sluice.import_chunks c on c.job_id = j.id cross join unnest(c.writer_xids) x
      where j.target = ${job.target} and j.status <> 'undone' and ${isTrusted(sql`x`, sql`c.writer_cluster`, cluster)}
    ), ours as materialized (select xid from writers where job_id = ${job.id})`;
}

/** The imports that the undo of a later one gave a record back to, as a condition on `r`, its `xid` being the record's. */
const givenBack = (xid: Sql, cluster: Sql) => sql`exists (
  select from sluice.import_chunks u cross join unnest(u.undo_xids) x
  where u.job_id = r.by_job and u.chunk_no = r.by_chunk and mod(x, ${xidRange})::text::xid = ${xid} and ${isTrusted(sql`x`, sql`u.undo_cluster`, cluster)}
)`;

/** Whether the record `t` is as the job left it. Needs the CTE `ours`. */
export function isUntouched({ job }: Plan, id: Sql, cluster: Sql): Sql {
  return sql`(t.xmin in (select xid from ours) or exists (
    select from sluice.import_returned r where r.record_id = ${id}::text and r.job_id = ${job.id} and ${givenBack(sql`t.xmin`, cluster)}
  ))`;
}

/** The later import that wrote a version of a record, null when it was somebody else. Needs the CTE `writers`. */
export function laterImport({ job }: Plan, xid: Sql): Sql {
  return sql`(select max(w.job_id) from writers w where w.xid = ${xid} and w.job_id <> ${job.id})`;
}

/**
 * A query of the imports `(job_id)` to which a record belonged whose xmin was `xid`: the one that wrote it, and the one it
 * was given back to. Needs the CTE `writers`.
 */
export function ownersOf({ job }: Plan, recordId: Sql, xid: Sql, cluster: Sql): Sql {
  return sql`
    select w.job_id from writers w where w.xid = ${xid}
    union
    select r.job_id from sluice.import_returned r join sluice.import_jobs j on j.id = r.job_id
    where r.record_id = ${recordId}::text and j.target = ${job.target} and j.status <> 'undone' and ${givenBack(xid, cluster)}`;
}
