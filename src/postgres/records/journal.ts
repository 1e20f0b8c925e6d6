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
  /** The created ones, as the texts of arrays. */
  ids: string[];
  /** Whether they are numbers. */
  hasNumberIds: boolean;
  /** Times that the table had several of one key, and the oldest was taken. */
  ambiguous?: number;
}

export function nothingWritten(record: string, hasNumberIds: boolean): Written {
  return { record, created: 0, updated: 0, unchanged: 0, closed: 0, ids: [], hasNumberIds };
}

/** Adds to what the chunk's other ranges have come to. */
export async function noteWritten(
  session: Session,
  jobId: number,
  chunk: number,
  written: readonly Written[],
): Promise<void> {
  const some = written.filter(({ created, updated, unchanged, closed }) => created + updated + unchanged + closed > 0);
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
      sql`(${jobId}::bigint, ${chunk}::integer, ${each.record}, ${each.created}, ${each.updated}, ${each.unchanged}, ${each.closed}, ${ids(each, true)}, ${ids(each, false)})`,
  );
  const added = ["created", "updated", "unchanged", "closed"].map(
    (name) => sql`${sql.id(name)} = c.${sql.id(name)} + excluded.${sql.id(name)}`,
  );
  const joined = ["created_ids", "created_keys"].map(
    (name) => sql`${sql.id(name)} = nullif(coalesce(c.${sql.id(name)}, '{}') || excluded.${sql.id(name)}, '{}')`,
  );
  await session.query(sql`
    insert into sluice.import_record_chunks as c (job_id, chunk_no, record, created, updated, unchanged, closed, created_ids, created_keys)
    values ${sql.join(rows)}
    on conflict (job_id, chunk_no, record) do update set ${sql.join([...added, ...joined])}
  `);
  if (!some.some(({ updated, closed }) => updated + closed > 0)) return;
  await session.query(sql`
    insert into sluice.import_record_changes (job_id, chunk_no, record, place, row_no, record_id, action, before, after, before_xid)
    select ${jobId}, ${chunk}, h.record, coalesce(p.place, 0) + row_number() over (partition by h.record order by h.pos), h.row_no, h.record_id,
      h.action, h.before, h.after, h.before_xid
    from ${changes} h left join (
      select record, max(place) as place from sluice.import_record_changes where job_id = ${jobId} and chunk_no = ${chunk} group by record
    ) p on p.record = h.record
  `);
}
