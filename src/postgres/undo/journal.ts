/** What an import deleted, by its journal of records; and where an undo counts what it has done. */
import { type Part, withParts } from "../connection/parts.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import type { UndoPlan } from "./undo-plan.ts";

/** The query of the records that a chunk deleted: `place`, `record_id`, the whole record `before`, and `before_xid`. */
export function deletedIn({ job, record }: UndoPlan, chunk: number): Sql {
  return sql`
    select r.place, r.record_id, r.before, r.before_xid from sluice.import_record_changes r
    where r.job_id = ${job.id} and r.chunk_no = ${chunk} and r.record = ${record?.name ?? ""} and r.action = 'deleted'`;
}

/** The records of which a chunk's journal says something. */
export async function journalled(session: Session, jobId: number, chunk: number): Promise<Set<string>> {
  const rows = await session.query<{ record: string }>(sql`
    select record from sluice.import_record_chunks
    where job_id = ${jobId} and chunk_no = ${chunk} and num_nonnulls(created_ids, created_keys) > 0
    union
    select record from sluice.import_record_changes where job_id = ${jobId} and chunk_no = ${chunk}
  `);
  return new Set(rows.map(({ record }) => record));
}

/** The name of a record among those that were kept, as the end of a list of columns, and its value as that of a list of values. */
export function keptAs({ record }: UndoPlan): { column: Sql; value: Sql } {
  return record === null
    ? { column: sql``, value: sql`` }
    : { column: sql`, record`, value: sql`, ${record.name}::text` };
}

/** Records by what came of them. */
interface Undone {
  deleted?: Sql;
  restored?: Sql;
  kept: Sql;
}

/**
 * Lists the records that are kept and counts what came of all of them, for the chunk and, where there are several, for their record.
 * `listed`: the statement that lists them, which returns what `kept` counts of the part of that name.
 */
export async function noteUndone(
  session: Session,
  plan: UndoPlan,
  chunk: number,
  listed: Sql,
  undone: Undone,
): Promise<void> {
  const added = Object.entries(undone).map(([what, number]) => {
    const column = sql.raw(`undo_${what}`);
    return sql`${column} = ${column} + ${number}`;
  });
  await session.query(sql`
    ${withParts([{ name: "kept", query: listed }, countRecord(plan, chunk, undone)])}
    update sluice.import_chunks set ${sql.join(added)}
    where job_id = ${plan.job.id} and chunk_no = ${chunk}
  `);
}

/** The part that counts them for their record, where there are several. */
function countRecord({ job, record }: UndoPlan, chunk: number, { deleted, restored, kept }: Undone): Part | null {
  if (record === null) return null;
  const none = sql`0`;
  const added = (column: string): Sql => sql`${sql.id(column)} = ${sql.id("c", column)} + excluded.${sql.id(column)}`;
  return {
    name: "counted",
    query: sql`
      insert into sluice.import_record_chunks as c (job_id, chunk_no, record, undo_deleted, undo_restored, undo_kept)
      values (${job.id}, ${chunk}, ${record.name}, ${deleted ?? none}, ${restored ?? none}, ${kept})
      on conflict (job_id, chunk_no, record) do update set ${sql.join(["undo_deleted", "undo_restored", "undo_kept"].map(added))}`,
  };
}
