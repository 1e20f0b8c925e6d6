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

/** True while the full id `x` is the only one of its lower bits that can be a record's. */
const isTrusted = (x: Sql, clusterColumn: Sql, cluster: Sql) => sql`
  ${clusterColumn} = ${cluster} and pg_snapshot_xmax(pg_current_snapshot())::text::bigint - ${x} between 0 and ${sql.lit(2 ** 32 - 1)}`;

/** Whose records are judged: an import's, in its one table, or in one of those of its records. */
export interface JudgedPlan extends Pick<Plan, "job" | "target"> {
  /** The cluster in which xmin is read. */
  cluster: Sql;
  /** Where a row makes several: the tables of all of them. Any import into one of these may have written a record. */
  record: { tables: readonly string[] } | null;
}

/** The condition that an import `j` is one of those that may have written a record, or had it given back. */
const mayOwn = ({ job, record }: JudgedPlan, target: Sql, status: Sql): Sql =>
  record === null
    ? sql`${target} = ${job.target} and ${status} <> 'undone'`
    : sql`${target} = any (${[...record.tables]}::text[]) and ${status} <> 'undone'`;

/** What says of which table a record was that was given back to the import `j`: nothing where that is its target. */
export const returnedFrom = ({ target }: JudgedPlan): Sql =>
  sql`case when j.target = ${target.name} then '' else ${target.name} end`;

/**
 * Whose a record is, for the ids that the part `ids (id)` holds: `writers (job_id, xid)` of all imports into this target that are
 * not undone, and `given (record_id, job_id, xid)`, the imports that a record was given back to by the undo of a later one, or of their own
 * chunk: what is not undone yet has been given back by the transaction that asks.
 */
export function writers(plan: JudgedPlan): Part[] {
  const { cluster } = plan;
  const returned =
    plan.record === null
      ? sql`
        select record_id, job_id, by_job, by_chunk from sluice.import_returned
        where ${listed(sql`record_id`, sql`select id::text from ids`)}`
      : sql`
        select r.record_id, r.job_id, r.by_job, r.by_chunk
        from (
          select * from sluice.import_returned where ${listed(sql`record_id`, sql`select id::text from ids`)} offset 0
        ) r
        where r.record_table = (select ${returnedFrom(plan)} from sluice.import_jobs j where j.id = r.job_id)`;
  return [
    {
      name: "writers",
      materialized: true,
      query: sql`
        select job_id, mod(x, ${xidRange})::text::xid as xid
        from (
          select c.job_id, c.writer_cluster, unnest(c.writer_xids) as x
          from sluice.import_chunks c
          where ${listed(sql`c.job_id`, sql`select id from sluice.import_jobs where ${mayOwn(plan, sql`target`, sql`status`)}`)}
        ) w
        where ${isTrusted(sql`x`, sql`w.writer_cluster`, cluster)}`,
    },
    {
      name: "returned",
      materialized: true,
      query: returned,
    },
    {
      name: "given",
      materialized: true,
      query: sql`
        select distinct record_id, job_id, mod(x, ${xidRange})::text::xid as xid
        from (
          select r.record_id, r.job_id, u.undo_cluster, u.undone_at is null as is_under_way, unnest(u.undo_xids) as x
          from returned r join sluice.import_chunks u on u.job_id = r.by_job and u.chunk_no = r.by_chunk
          where ${listed(sql`u.job_id`, sql`select by_job from returned`)}
        ) g
        where g.is_under_way or ${isTrusted(sql`x`, sql`g.undo_cluster`, cluster)}`,
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
export async function handOverJudges(session: TargetSession, plan: JudgedPlan, ids: Sql): Promise<void> {
  const ours = await handOver(session, "sluice_ours", sql`xid xid`);
  const given = await handOver(session, "sluice_given", sql`record_id text, xid xid`);
  const later = await handOver(session, "sluice_later", sql`xid xid, job_id bigint`);
  const { id } = plan.job;
  const parts: Part[] = [
    { name: "ids", query: ids, materialized: true },
    ...writers(plan),
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

/** The transactions of this import, as a table of `xid`. See `handOverJudges`. */
export const ownWriters: Sql = judges.ours;

/** Those of other imports, as a table of `xid` and `job_id`. */
export const laterWriters: Sql = judges.later;

/** See `joinWriters`. */
export const isUntouched = sql`(o.xid is not null or g.record_id is not null)`;

/** The later import that wrote the record's version, null when it was somebody else. See `joinWriters`. */
export const laterImport = sql`l.job_id`;

/**
 * The imports to which the records of `b (record_id, xid)` belonged that had these xmins: those that wrote them, and those
 * they were given back to, as `(record_id, job_id)`.
 */
export function ownersOf(plan: JudgedPlan, b: Sql): Sql {
  return sql`
    select b.record_id, w.job_id from ${b} b join writers w on w.xid = b.xid
    union
    select b.record_id, g.job_id from ${b} b join given g on g.record_id = b.record_id and g.xid = b.xid
      join sluice.import_jobs j on j.id = g.job_id
    where ${mayOwn(plan, sql`j.target`, sql`j.status`)}`;
}
