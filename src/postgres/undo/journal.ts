/**
 * What an import wrote down of a record, by chunk: its only or main record in the chunk's row and in `import_rows`, others in the
 * journal of records. And where an undo counts what it has done.
 */
import { type Part, withParts } from "../connection/parts.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import type { UndoPlan } from "./undo-plan.ts";

const isInChunk = ({ record }: UndoPlan): boolean => record === null || record.isInChunk;

/** The query of the records that a chunk created: `place` from 1, `id`, and the same as text. */
export function createdIn(plan: UndoPlan, chunk: number): Sql {
  const [table, ofRecord] = isInChunk(plan)
    ? [sql`sluice.import_chunks`, sql``]
    : [sql`sluice.import_record_chunks`, sql`and c.record = ${plan.record?.name ?? ""}`];
  return sql`
    select i.place, i.id::${sql.raw(plan.idType)}, i.id
    from ${table} c cross join unnest(coalesce(c.created_keys, c.created_ids::text[])) with ordinality i (id, place)
    where c.job_id = ${plan.job.id} and c.chunk_no = ${chunk} ${ofRecord}`;
}

/**
 * The query of what a chunk changed, in brackets: `row_no`, which stands for one change, `record_id`, the changed columns `before` and `after`, and
 * `before_xid`. In `import_rows` they lie in its range, but for those of groups that it settled for other chunks: two ways
 * into the primary key, each by row numbers, where one condition with `or` might read all rows of the job.
 */
export function changedIn(plan: UndoPlan, chunk: number): Sql {
  const { job } = plan;
  if (!isInChunk(plan))
    return sql`(
    select r.place as row_no, r.record_id, r.before, r.after, r.before_xid from sluice.import_record_changes r
    where r.job_id = ${job.id} and r.chunk_no = ${chunk} and r.record = ${plan.record?.name ?? ""} and r.action <> 'deleted')`;
  const its = (column: string) =>
    sql`(select ${sql.id(column)} from sluice.import_chunks where job_id = ${job.id} and chunk_no = ${chunk})`;
  const updates = (rows: Sql) => sql`
    select r.row_no, r.record_id, r.before, r.after, r.before_xid from sluice.import_rows r
    where r.job_id = ${job.id} and r.chunk_no = ${chunk} and r.before is not null and ${rows}`;
  return sql`(${updates(sql`r.row_no >= ${its("from_row")} and r.row_no < ${its("to_row")}`)}
    union all
    ${updates(sql`r.row_no = any (${its("settled_rows")}::integer[]) and not (r.row_no >= ${its("from_row")} and r.row_no < ${its("to_row")})`)})`;
}

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
