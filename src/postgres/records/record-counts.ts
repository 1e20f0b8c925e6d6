/** What an import has made of each of its records, over all chunks. */
import { linkName, targetRecord } from "../../core/records.ts";
import type { RecordCounts } from "../../core/store/commits.ts";
import { type Session, sql } from "../connection/session.ts";
import type { Plan } from "../tables/plan.ts";

/** In the order in which they are written. */
export async function recordCounts(session: Session, { job, importer }: Plan): Promise<RecordCounts[]> {
  const names = importer.records?.flatMap(({ name, link }) => (link === null ? [name] : [name, linkName(name)])) ?? [
    targetRecord,
  ];
  return session.query<RecordCounts>(sql`
    select n.record, coalesce(sum(c.created), 0)::int8 as created, coalesce(sum(c.updated), 0)::int8 as updated,
      coalesce(sum(c.unchanged), 0)::int8 as unchanged, coalesce(sum(c.closed), 0)::int8 as closed,
      coalesce(sum(c.deactivated), 0)::int8 as deactivated, coalesce(sum(c.deleted), 0)::int8 as deleted
    from unnest(${names}::text[]) with ordinality n (record, place)
      left join sluice.import_record_chunks c on c.job_id = ${job.id} and c.record = n.record
    group by n.record, n.place order by n.place
  `);
}
