import { type Part, withParts } from "../connection/parts.ts";
import { listed } from "../connection/planning.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";

/** Identifiers of 32 bits. */
const xidRange = sql.lit(2 ** 32);

/**
 * Adds the transaction under way to those that wrote the chunk's records, or restored them. The chunk's row must have been
 * written since the same savepoint as they: so its xmin is theirs, which no function tells.
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

/**
 * Whose a record is, for the ids that the part `ids (id)` holds: `writers (job_id, xid)` of all imports into this target that are
 * not undone, and `given (record_id, job_id, xid)`, the imports that a record was given back to by the undo of a later one.
 */
export function writers({ job }: Plan, cluster: Sql): Part[] {
  return [
    {
      name: "writers",
      materialized: true,
      query: sql`
        select job_id, mod(x, ${xidRange})::text::xid as xid
        from (
          select c.job_id, c.writer_cluster, unnest(c.writer_xids) as x
          from sluice.import_chunks c
          where ${listed(sql`c.job_id`, sql`select id from sluice.import_jobs where target = ${job.target} and status <> 'undone'`)}
        ) w
        where ${isTrusted(sql`x`, sql`w.writer_cluster`, cluster)}`,
    },
    {
      name: "returned",
      materialized: true,
      query: sql`
        select record_id, job_id, by_job, by_chunk from sluice.import_returned
        where ${listed(sql`record_id`, sql`select id::text from ids`)}`,
    },
    {
      name: "given",
      materialized: true,
      query: sql`
        select distinct record_id, job_id, mod(x, ${xidRange})::text::xid as xid
        from (
          select r.record_id, r.job_id, u.undo_cluster, unnest(u.undo_xids) as x
          from returned r join sluice.import_chunks u on u.job_id = r.by_job and u.chunk_no = r.by_chunk
          where ${listed(sql`u.job_id`, sql`select by_job from returned`)}
        ) g
        where ${isTrusted(sql`x`, sql`g.undo_cluster`, cluster)}`,
    },
  ];
}

/** Where `judgeWriters` finds what `handOverJudges` tells. */
const judges = {
  ours: sql.id("pg_temp", "sluice_ours"),
  given: sql.id("pg_temp", "sluice_given"),
  later: sql.id("pg_temp", "sluice_later"),
};

/**
 * Hands over, for the records that `ids` lists (a query of `id`), which transactions were the import's (`ours`), which of the records
 * were `given` back to it and by whom, and which import wrote `later`. For `joinWriters`.
 */
export async function handOverJudges(session: TargetSession, plan: Plan, cluster: Sql, ids: Sql): Promise<void> {
  const ours = await handOver(session, "sluice_ours", sql`xid xid`);
  const given = await handOver(session, "sluice_given", sql`record_id text, xid xid`);
  const later = await handOver(session, "sluice_later", sql`xid xid, job_id bigint`);
  const { id } = plan.job;
  const parts: Part[] = [
    { name: "ids", query: ids, materialized: true },
    ...writers(plan, cluster),
    { name: "ours", query: sql`insert into ${ours} select distinct xid from writers where job_id = ${id}` },
    { name: "is_given", query: sql`insert into ${given} select record_id, xid from given where job_id = ${id}` },
  ];
  await session.query(sql`
    ${withParts(parts)}
    insert into ${later} select xid, max(job_id) from writers where job_id <> ${id} group by xid
  `);
}

/**
 * Joins that say of a record `f` with its `writer` (xmin) and its id whether it is as the job left it: then `isUntouched`
 * holds, and who wrote it later else. Over what `handOverJudges` has told.
 */
export const joinWriters = (id: Sql): Sql => sql`
  left join ${judges.ours} o on o.xid = f.writer
  left join ${judges.given} g on g.xid = f.writer and g.record_id = ${id}::text
  left join ${judges.later} l on l.xid = f.writer`;

/** See `joinWriters`. */
export const isUntouched = sql`(o.xid is not null or g.record_id is not null)`;

/** The later import that wrote the record's version, null when it was somebody else. See `joinWriters`. */
export const laterImport = sql`l.job_id`;

/**
 * The imports to which the records of `b (record_id, xid)` belonged that had these xmins: those that wrote them, and those
 * they were given back to, as `(record_id, job_id)`.
 */
export function ownersOf({ job }: Plan, b: Sql): Sql {
  return sql`
    select b.record_id, w.job_id from ${b} b join writers w on w.xid = b.xid
    union
    select b.record_id, g.job_id from ${b} b join given g on g.record_id = b.record_id and g.xid = b.xid
      join sluice.import_jobs j on j.id = g.job_id
    where j.target = ${job.target} and j.status <> 'undone'`;
}
