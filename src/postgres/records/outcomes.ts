/** What became of rows: by their main record, or, where that was left as it was or there is none, by the others. */
import { type Session, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { type MainRows, mainRows, touchedRows, type Unchanged } from "./main-rows.ts";
import type { RecordsContext } from "./written-record.ts";

/** Of the main record in a range. */
export interface MainSummary {
  /** Records, not rows. */
  created: number;
  updated: number;
  unchanged: number;
  /** Rows that did not each make one alone, and the records that they belong to. */
  otherRows: number;
  otherRecords: number;
}

export async function summarizeMain(
  session: Session,
  { created, left }: MainRows,
  { kept, settled }: Pick<Unchanged, "kept" | "settled">,
): Promise<MainSummary> {
  // Each the only row of its record.
  if (left === 0) return { created, updated: 0, unchanged: kept + settled, otherRows: kept, otherRecords: kept };
  const [summary] = await session.query<MainSummary>(sql`
    select count(*) filter (where made)::int as created, count(*) filter (where changed and not made)::int as updated,
      count(*) filter (where not changed and not made)::int as unchanged,
      coalesce(sum(rows) filter (where not alone), 0)::int as "otherRows", count(*) filter (where not alone)::int as "otherRecords"
    from (
      select bool_or(action = 'c') as made, bool_or(action = 'u') as changed, false as alone, count(*) as rows
      from ${mainRows} where action not in ('n', '-') group by id
      union all
      -- Each the only one of its record.
      select action = 'n', false, action = 'n', 1 from ${mainRows} where action in ('n', '-')
    ) r
  `);
  return { ...summary, unchanged: summary.unchanged + settled };
}

/** Counts rows that leave their main record as it is. */
export async function countUnchanged(session: Session, { job }: Plan, chunk: number, rows: number): Promise<void> {
  if (rows > 0)
    await session.query(
      sql`update sluice.import_chunks set unchanged = unchanged + ${rows} where job_id = ${job.id} and chunk_no = ${chunk}`,
    );
}

/** Rows that left their main record as it was, and made or changed another one, count as updated. */
export async function settleRows(
  session: Session,
  { plan: { job }, rows }: RecordsContext,
  chunk: number,
  range: Range,
): Promise<void> {
  await session.query(sql`
    with moved as (
      select m.row_no, m.id, s.row_offset from ${mainRows} m join ${rows} s on s.row_no = m.row_no
      where m.action in ('=', '-') and s.row_no >= ${range.from} and s.row_no < ${range.to} and m.row_no in (select t.row_no from ${touchedRows} t)
    ), noted as (
      insert into sluice.import_rows (job_id, row_no, outcome, row_offset, record_id, chunk_no)
      select ${job.id}, row_no, 'updated', row_offset, id::text, ${chunk}::integer from moved
    )
    update sluice.import_chunks set unchanged = unchanged - (select count(*) from moved), updated = updated + (select count(*) from moved)
    where job_id = ${job.id} and chunk_no = ${chunk}
  `);
}

/** Of an importer without a main record: a row that made any record counts as created. */
export async function countRows(session: Session, { job }: Plan, chunk: number, range: Range): Promise<void> {
  const { rows } = stageTables(job.id, job.stageGeneration);
  await session.query(sql`
    with fate as (
      select m.row_no, s.row_offset, bool_or(t.made) as made
      from ${mainRows} m join ${rows} s on s.row_no = m.row_no left join ${touchedRows} t on t.row_no = m.row_no
      where s.row_no >= ${range.from} and s.row_no < ${range.to} group by m.row_no, s.row_offset
    ), noted as (
      insert into sluice.import_rows (job_id, row_no, outcome, row_offset, chunk_no)
      select ${job.id}, row_no, 'updated', row_offset, ${chunk}::integer from fate where not made
    )
    update sluice.import_chunks set created = created + (select count(*) from fate where made), updated = updated + (select count(*) from fate where not made),
      unchanged = unchanged + (select count(*) from fate where made is null)
    where job_id = ${job.id} and chunk_no = ${chunk}
  `);
}
