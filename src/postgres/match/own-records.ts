/** What the import under way has written itself, handed over to statements on the target. */
import { type Sql, sql } from "../connection/session.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";
import type { Plan } from "../tables/plan.ts";

/** The transactions that have written records of the import, as a table of `xid`. */
export async function handOverWriters(session: TargetSession, jobId: number): Promise<Sql> {
  const writers = await handOver(session, "sluice_writers", sql`xid xid`);
  await session.query(sql`
    insert into ${writers}
    select distinct mod(x, ${sql.lit(2 ** 32)})::text::xid from sluice.import_chunks c cross join unnest(c.writer_xids) x
    where c.job_id = ${jobId}
  `);
  return writers;
}

/** The records that chunks of the import have created, as a table of `id`. `where`: on the chunk `c`. */
export async function handOverMade(
  session: TargetSession,
  { job, importer, target }: Plan,
  where: Sql = sql``,
): Promise<Sql> {
  const idType = sql.raw(target.columns.get(importer.target.id)?.type ?? "text");
  const made = await handOver(session, "sluice_made", sql`id ${idType}`);
  await session.query(sql`
    insert into ${made}
    select distinct i.id::${idType} from sluice.import_chunks c
      cross join unnest(coalesce(c.created_keys, c.created_ids::text[])) i (id)
    where c.job_id = ${job.id} ${where}
  `);
  await session.query(sql`analyze ${made}`);
  return made;
}

/** The records that it has updated, as a table of `record_id`, text, and `before`, the values that it has changed. */
export async function handOverUpdated(session: TargetSession, { job }: Plan): Promise<Sql> {
  const updated = await handOver(session, "sluice_updated", sql`record_id text, before jsonb`);
  await session.query(sql`
    insert into ${updated}
    select r.record_id, r.before from sluice.import_rows r
    where r.job_id = ${job.id} and r.outcome = 'updated' and r.before is not null
  `);
  await session.query(sql`analyze ${updated}`);
  return updated;
}
