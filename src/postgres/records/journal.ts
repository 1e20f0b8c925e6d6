/** What a chunk made of each record, and what it changed: written down with the records themselves, for the history and an undo. */
import { type Session, type Sql, sql } from "../connection/session.ts";
import { changes } from "./main-rows.ts";

/** What was done to one record's table. */
export interface Written {
  record: string;
  created: number;
  updated: number;
  unchanged: number;
  closed: number;
  /** Others of a whole list. */
  deactivated: number;
  deleted: number;
  /** The created ones, as the texts of arrays. */
  ids: string[];
  /** Whether they are numbers. */
  hasNumberIds: boolean;
  /** Times that the table had several of one key, and the oldest was taken. */
  ambiguous?: number;
}

export function nothingWritten(record: string, hasNumberIds: boolean): Written {
  const none = { created: 0, updated: 0, unchanged: 0, closed: 0, deactivated: 0, deleted: 0 };
  return { record, ...none, ids: [], hasNumberIds };
}

/** What is counted of a record in a chunk. */
const counted = ["created", "updated", "unchanged", "closed", "deactivated", "deleted"] as const;

/** Whether it has changed records that were there, which the journal has. */
function hasChanges({ updated, closed, deactivated, deleted }: Written): boolean {
  return updated + closed + deactivated + deleted > 0;
}

/** Adds to what the chunk's other ranges have come to. */
export async function noteWritten(
  session: Session,
  jobId: number,
  chunk: number,
  written: readonly Written[],
): Promise<void> {
  const forgotten = written.some(hasChanges) ? await settleEarlier(session, jobId, chunk) : new Map<string, number>();
  const some = written
    .map((each) => ({ ...each, deleted: each.deleted - (forgotten.get(each.record) ?? 0) }))
    .filter((each) => counted.some((name) => each[name] > 0));
  if (some.length === 0) return;
  const ids = ({ ids: texts, hasNumberIds }: Written, ofNumbers: boolean): Sql => {
    const type = sql.raw(ofNumbers ? "bigint[]" : "text[]");
    if (texts.length === 0 || hasNumberIds !== ofNumbers) return sql`null::${type}`;
    return sql.join(
      texts.map((text) => sql`${text}::text::${type}`),
      sql` || `,
    );
  };
  const rows = some.map(
    (each) =>
      sql`(${jobId}::bigint, ${chunk}::integer, ${each.record}, ${sql.join(counted.map((name) => sql`${each[name]}`))}, ${ids(each, true)}, ${ids(each, false)})`,
  );
  const added = counted.map((name) => sql`${sql.id(name)} = c.${sql.id(name)} + excluded.${sql.id(name)}`);
  const joined = ["created_ids", "created_keys"].map(
    (name) => sql`${sql.id(name)} = nullif(coalesce(c.${sql.id(name)}, '{}') || excluded.${sql.id(name)}, '{}')`,
  );
  await session.query(sql`
    insert into sluice.import_record_chunks as c (job_id, chunk_no, record, ${sql.join(counted.map((name) => sql.id(name)))}, created_ids, created_keys)
    values ${sql.join(rows)}
    on conflict (job_id, chunk_no, record) do update set ${sql.join([...added, ...joined])}
  `);
  if (!some.some(hasChanges)) return;
  await session.query(sql`
    insert into sluice.import_record_changes (job_id, chunk_no, record, place, row_no, record_id, action, before, after, before_xid)
    select ${jobId}, ${chunk}, h.record, coalesce(p.place, 0) + row_number() over (partition by h.record order by h.pos), h.row_no, h.record_id,
      h.action, h.before, h.after, h.before_xid
    from ${changes} h left join (
      select record, max(place) as place from sluice.import_record_changes where job_id = ${jobId} and chunk_no = ${chunk} group by record
    ) p on p.record = h.record
  `);
}

/**
 * Settles what a range did to records that an earlier one of its chunk had made or changed, since an undo takes a chunk back at once. What
 * became of one that the chunk itself has made is not journalled, and one that is deleted then was never there; one that it changes again,
 * or deletes, has changed once, from what it was before the chunk. Returns how many were never there, by record.
 */
async function settleEarlier(session: Session, jobId: number, chunk: number): Promise<Map<string, number>> {
  const ofChunk = (alias: string): Sql =>
    sql`${sql.id(alias, "job_id")} = ${jobId} and ${sql.id(alias, "chunk_no")} = ${chunk}`;
  const never = await session.query<{ record: string; count: number }>(sql`
    with own as (
      delete from ${changes} h using sluice.import_record_chunks c
      where ${ofChunk("c")} and c.record = h.record and h.record_id = any (coalesce(c.created_keys, c.created_ids::text[]))
      returning h.record, h.record_id, h.action
    ), never as (
      select record, count(*)::int as count, array_agg(record_id) as ids from own where action = 'deleted' group by record
    ), without as (
      update sluice.import_record_chunks c set created = c.created - n.count,
        created_ids = (select array_agg(i.id order by i.place) from unnest(c.created_ids) with ordinality i (id, place) where i.id::text <> all (n.ids)),
        created_keys = (select array_agg(i.id order by i.place) from unnest(c.created_keys) with ordinality i (id, place) where i.id <> all (n.ids))
      from never n where ${ofChunk("c")} and c.record = n.record
    )
    select record, count from never
  `);
  await session.query(sql`
    with earlier as (
      select h.record, h.record_id, jsonb_object_agg(e.key, e.value) as before, (array_agg(e.before_xid order by e.place))[1] as before_xid,
        jsonb_object_agg(e.key, e.later) as after
      from ${changes} h cross join lateral (
        select distinct on (v.key) v.key, v.value, u.place, u.before_xid, last_value(u.after -> v.key) over (
            partition by v.key order by u.place rows between unbounded preceding and unbounded following) as later
        from sluice.import_record_changes u cross join jsonb_each(u.before) v
        where ${ofChunk("u")} and u.record = h.record and u.record_id = h.record_id and u.action <> 'deleted'
        order by v.key, u.place
      ) e
      group by h.record, h.record_id
    ), kept as (
      update ${changes} h set before = h.before || e.before, after = e.after || h.after, before_xid = e.before_xid
      from earlier e where h.record = e.record and h.record_id = e.record_id
    ), dropped as (
      delete from sluice.import_record_changes u using earlier e
      where ${ofChunk("u")} and u.record = e.record and u.record_id = e.record_id and u.action <> 'deleted' returning u.record, u.action
    )
    update sluice.import_record_chunks c set updated = c.updated - d.updated, deactivated = c.deactivated - d.deactivated
    from (
      select record, count(*) filter (where action = 'updated') as updated, count(*) filter (where action = 'deactivated') as deactivated
      from dropped group by record
    ) d
    where ${ofChunk("c")} and c.record = d.record
  `);
  return new Map(never.map(({ record, count }) => [record, count]));
}
