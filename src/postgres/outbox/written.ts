/** What is written into the outbox: parts of the statements and transactions of what it tells of. */
import { type Session, type Sql, sql } from "../connection/session.ts";

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
    from events e join ${jobs} j on j.id = e.job_id join sluice.sinks s on e.name = any (s.topics)
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
    select s.name, ${topic}, j.id, jsonb_build_object(${ofImport}, 'at', clock_timestamp(), 'data', jsonb_build_object(
      'chunk', c.chunk_no, 'fromRow', c.from_row, 'toRow', c.to_row - 1,
      'created', to_jsonb(case when cardinality(c.created_keys) > 0 then c.created_keys else c.created_ids::text[] end),
      'updated', (
        select jsonb_agg(distinct r.record_id) from sluice.import_rows r
        where r.job_id = c.job_id and r.outcome = 'updated' and r.chunk_no = c.chunk_no
          and (r.row_no >= c.from_row and r.row_no < c.to_row or r.row_no = any (c.settled_rows))
      )))
    from sluice.sinks s cross join sluice.import_chunks c join sluice.import_jobs j on j.id = c.job_id
    where ${topic} = any (s.topics) and c.job_id = ${jobId} and c.chunk_no = ${chunkNo}
  `);
}
