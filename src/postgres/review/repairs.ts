/** Cells of an import under review that computed repairs are about. A window of row numbers at a time, whatever plan the database chooses. */
import type { ImportJob } from "../../core/import.ts";
import { maxRepairChars } from "../../core/repairs.ts";
import type { CellAbove, IssueCell, RepeatedField, Review, RowRange } from "../../core/store/review.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { type StageTables, stageTables } from "../stage/stage.ts";
import { cellAt, stagedText } from "./rows.ts";

/** Rows looked back at for a value that is repeated below. */
const mostRowsBack = 10_000;
/** One more than a repair reads: what is longer shows. */
const cut = (text: Sql): Sql => sql`left(${text}, ${sql.lit(maxRepairChars + 1)})`;

export function repairReads(database: Database): Pick<Review, "issueCells" | "matchingCells" | "cellsAbove"> {
  return {
    issueCells: (job, asked, { after, upTo, columns }) =>
      database.query<IssueCell>(sql`
        select r.row_no as row, w.at, ${cut(sql`coalesce(r.cells[w.place + 1], '')`)} as cell,
          not exists (
            select from unnest(r.cells[1:${sql.lit(columns)}]) with ordinality c (cell, at) where c.at <> w.place + 1 and c.cell ~ '\\S'
          ) as "isAlone"
        from sluice.import_rows r cross join lateral jsonb_array_elements(r.issues) i (issue)
        join jsonb_to_recordset(${JSON.stringify(asked.map((each, at) => ({ ...each, at })))}::jsonb)
          w (at integer, field text, code text, place integer) on w.field = i.issue ->> 'f' and w.code = i.issue ->> 'c'
        where r.job_id = ${job.id} and r.row_no > ${after} and r.row_no <= ${upTo} and r.outcome = 'invalid' and r.cells is not null
        order by r.row_no
      `),
    matchingCells: (job, { field, place, pattern }, { after, upTo }) =>
      database.query<{ row: number; cell: string }>(sql`
        select s.row_no as row, ${stagedText(field)} as cell from ${rowsOf(job)} s
        where s.row_no > ${after} and s.row_no <= ${upTo} and ${stagedText(field)} ~ ${pattern}
        union all
        select r.row_no, ${cellAt(place)} from sluice.import_rows r
        where r.job_id = ${job.id} and r.row_no > ${after} and r.row_no <= ${upTo} and r.outcome = 'invalid'
          and ${cellAt(place)} ~ ${pattern} and not r.issues @> ${JSON.stringify([{ f: field }])}::jsonb
        order by 1
      `),
    cellsAbove: (job, asked, range) =>
      cellsAbove(database, { id: job.id, tables: stageTables(job.id, job.stageGeneration) }, asked, range),
  };
}

function rowsOf({ id, stageGeneration }: ImportJob): Sql {
  return stageTables(id, stageGeneration).rows;
}

/**
 * One pass over the rows of the range: a blank cell gets the last one before it that is not blank. Of what stands above the range
 * itself the database is asked, unless it is known.
 */
export async function cellsAbove(
  session: Session | Database,
  { id, tables }: { id: number; tables: StageTables },
  { field, place, isWords }: RepeatedField,
  { after, upTo, before }: RowRange & { before?: CellAbove },
): Promise<{ rows: Map<number, CellAbove>; last: CellAbove | null }> {
  const issue = JSON.stringify([{ c: "required", f: field }]);
  const column = sql.id("s", field);
  const above =
    before === undefined
      ? sql`select * from (
          (select r.row_no, ${cut(cellAt(place))} as cell, coalesce(${sql.lit(place)} = any (r.typed_cells), false) as typed, false as wanted
          from sluice.import_rows r
          where r.job_id = ${id} and r.row_no <= ${after} and r.row_no > ${after - mostRowsBack} and r.outcome = 'invalid' and ${cellAt(place)} ~ '\\S'
          order by r.row_no desc limit 1)
          union all
          (select s.row_no, ${cut(stagedText(field))}, ${!isWords}, false from ${tables.rows} s
          where s.row_no > 0 and s.row_no <= ${after} and s.row_no > ${after - mostRowsBack} and ${column} is not null
          order by s.row_no desc limit 1)
        ) found`
      : sql`select 0, ${before.text}::text, ${before.isTyped}::boolean, false`;
  const found = await session.query<{ row: number; text: string | null; isTyped: boolean | null }>(sql`
    with near (row_no, cell, typed, wanted) as (
      ${above}
      union all
      select r.row_no, case when ${cellAt(place)} ~ '\\S' then ${cut(cellAt(place))} end,
        coalesce(${sql.lit(place)} = any (r.typed_cells), false), r.issues @> ${issue}::jsonb
      from sluice.import_rows r
      where r.job_id = ${id} and r.row_no > ${after} and r.row_no <= ${upTo} and r.outcome = 'invalid' and r.cells is not null
      union all
      select s.row_no, ${cut(sql`nullif(${stagedText(field)}, '')`)}, ${!isWords}, false from ${tables.rows} s
      where s.row_no > ${Math.max(after, 0)} and s.row_no <= ${upTo}
      union all
      select ${upTo + 1}, null, false, true
    ), blocks as (
      select *, count(cell) over (order by row_no) as block from near
    )
    select row, text, "isTyped" from (
      select row_no as row, wanted, first_value(cell) over w as text, first_value(typed) over w as "isTyped"
      from blocks window w as (partition by block order by row_no)
    ) filled
    where wanted and text is not null order by row
  `);
  const rows = new Map(found.map(({ row, text, isTyped }) => [row, { text: text ?? "", isTyped: isTyped === true }]));
  const last = rows.get(upTo + 1) ?? null;
  rows.delete(upTo + 1);
  return { rows, last };
}
