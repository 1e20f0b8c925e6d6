/** What is written into the outbox: parts of the statements and transactions of what it tells of. */
import { type Telling, textOf } from "../../core/errors.ts";
import type { FileSource } from "../../core/store/sources.ts";
import { jsonb, type Session, type Sql, sql } from "../connection/session.ts";

/** What a message says of its import, `j`, a row of `sluice.import_jobs`. */
const ofImport = sql`'importer', j.importer, 'fileName', j.file_name, 'target', j.target, 'context', j.context, 'user', j.created_by`;

/**
 * A CTE's statement: for each event of the CTE `events` a message to every sink that wants it. `jobs`: where the events' imports
 * are to be read, which a statement that changes them has in another CTE. Sinks are few, so it costs a look at an empty table
 * where there are none.
 */
export function eventsToSinks(jobs: Sql): Sql {
  return sql`
    insert into sluice.outbox (sink, topic, job_id, payload)
    select s.name, e.name, e.job_id, jsonb_build_object(${ofImport}, 'at', e.at,
      'data', jsonb_build_object('actor', e.actor) || e.data)
    from events e join ${jobs} j on j.id = e.job_id join sluice.sinks s on e.name = any (s.topics) and s.importer is null
    where not j.dry_run
    order by e.id`;
}

/**
 * Tells the sinks that want it of a chunk, with the records that it wrote, in the transaction that commits or undoes it: after
 * its counters and ids are noted.
 */
export async function chunkToSinks(
  session: Session,
  topic: "chunk.committed" | "chunk.undone",
  jobId: number,
  chunkNo: number,
): Promise<void> {
  await session.query(sql`
    insert into sluice.outbox (sink, topic, job_id, payload)
    select s.name, ${topic}, j.id, jsonb_build_object(${ofImport}, 'at', clock_timestamp(), 'data', coalesce(several.told, '{}') || jsonb_build_object(
      'chunk', c.chunk_no, 'fromRow', c.from_row, 'toRow', c.to_row - 1,
      'created', to_jsonb(case when cardinality(c.created_keys) > 0 then c.created_keys else c.created_ids::text[] end),
      'updated', (
        select jsonb_agg(distinct r.record_id) from sluice.import_rows r
        where r.job_id = c.job_id and r.outcome = 'updated' and r.record_id is not null and r.chunk_no = c.chunk_no
          and (r.row_no >= c.from_row and r.row_no < c.to_row or r.row_no = any (c.settled_rows))
      )))
    from sluice.sinks s cross join sluice.import_chunks c join sluice.import_jobs j on j.id = c.job_id
      -- Of an importer with several records, those of each beside the main one.
      left join lateral (
        select jsonb_build_object('records', jsonb_object_agg(r.record, r.ids)) as told
        from (
          select m.record, jsonb_build_object(
              'created', to_jsonb(coalesce(nullif(m.created_keys, '{}'), m.created_ids::text[], '{}')),
              'updated', coalesce(h.changed, '[]'), 'deleted', coalesce(h.gone, '[]')) as ids
          from sluice.import_record_chunks m
            cross join lateral (
              select jsonb_agg(h.record_id order by h.place) filter (where h.action <> 'deleted') as changed,
                jsonb_agg(h.record_id order by h.place) filter (where h.action = 'deleted') as gone
              from sluice.import_record_changes h
              where h.job_id = m.job_id and h.chunk_no = m.chunk_no and h.record = m.record
            ) h
          where m.job_id = c.job_id and m.chunk_no = c.chunk_no
        ) r
        having count(*) > 0
      ) several on true
    where ${topic} = any (s.topics) and (s.importer is null or s.importer = j.importer) and c.job_id = ${jobId} and c.chunk_no = ${chunkNo}
  `);
}

/**
 * Tells the sinks that want it that a source, or one of its files, waits for a person, in the transaction that notes it. Where there
 * is no import yet, the messages of one source are kept in their order by the number below zero.
 */
export async function sourceToSinks(
  session: Session,
  topic: "source.failed" | "source.waits",
  source: FileSource,
  { error, fileName = "", importId = null }: { error: Telling; fileName?: string; importId?: number | null },
): Promise<void> {
  const { id, name, importer, context, createdBy } = source;
  const payload = {
    importer,
    fileName,
    target: "",
    context,
    user: createdBy,
    data: { source: name, sourceId: id, reason: textOf(error), told: error },
  };
  await session.change(sql`
    insert into sluice.outbox (sink, topic, job_id, payload)
    select s.name, ${topic}, ${importId ?? -id}, ${jsonb(payload)} || jsonb_build_object('at', clock_timestamp())
      || case when j.id is null then '{}' else jsonb_build_object('target', j.target) end
    from sluice.sinks s left join sluice.import_jobs j on j.id = ${importId}
    where ${topic} = any (s.topics) and s.importer is null
  `);
}
