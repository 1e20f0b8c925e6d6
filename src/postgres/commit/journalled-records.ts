/**
 * What an import wrote down of a record, by chunk: its only or main record in the chunk's row and in `import_rows`, others in the
 * journal of records.
 */
import type { ImportJob } from "../../core/import.ts";
import { type Sql, sql } from "../connection/session.ts";

/** Of which of an import's records; null: of the only one there is. */
export interface JournalledPlan {
  job: Pick<ImportJob, "id">;
  record: { name: string; isInChunk: boolean } | null;
}

const isInChunk = ({ record }: JournalledPlan): boolean => record === null || record.isInChunk;

/** Whose rows, as `c`, have the ids of what was created, with the condition that they are this import's. */
export function chunksOf(plan: JournalledPlan): Sql {
  const job = sql`c.job_id = ${plan.job.id}`;
  return isInChunk(plan)
    ? sql`sluice.import_chunks c where ${job}`
    : sql`sluice.import_record_chunks c where ${job} and c.record = ${plan.record?.name ?? ""}`;
}

/** The query of the records that a chunk created: `place` from 1, `id` of this type, and the same as text. */
export function createdIn(plan: JournalledPlan & { idType: string }, chunk: number): Sql {
  return sql`
    select i.place, i.id::${sql.raw(plan.idType)}, i.id
    from (select coalesce(c.created_keys, c.created_ids::text[]) as ids from ${chunksOf(plan)} and c.chunk_no = ${chunk}) c
      cross join unnest(c.ids) with ordinality i (id, place)`;
}

/**
 * The query of what a chunk changed, in brackets: `row_no`, which stands for one change, `record_id`, the changed columns `before` and `after`, and
 * `before_xid`. In `import_rows` they lie in its range, but for those of groups that it settled for other chunks: two ways
 * into the primary key, each by row numbers, where one condition with `or` might read all rows of the job.
 */
export function changedIn(plan: JournalledPlan, chunk: number): Sql {
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
