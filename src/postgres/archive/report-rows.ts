/** The rows that did not simply become records, read back in their order for reports. */
import type { EditedRow, Outcomes, ReportedRow } from "../../core/store/outcomes.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { newestEdit } from "../review/rows.ts";
import { listWarnings } from "../stage/warnings.ts";

/** Rows fetched at a time, so that a report of millions holds none. */
const pageRows = 500;
/** Row numbers looked through at first for one page; more where rejected rows are few. */
const firstWindow = 8192;

export function postgresOutcomes(database: Database): Outcomes {
  return {
    rows: (id, outcomes) => reportedRows(database, id, outcomes),
    edited: (id) => editedRows(database, id),
    warnings: (id) => listWarnings(database, id),
    keepCells: (id, rows) => keepCells(database, id, rows),
  };
}

/**
 * Rows in their order, at most `pageRows` at a time. They are asked for in windows of row numbers, so that whatever plan the database
 * chooses (it has no statistics yet of rows that just came in), a page never costs more than its window.
 */
async function* inWindows<Row extends { row: number }>(
  last: number | null,
  read: (after: number, upTo: number) => Promise<Row[]>,
): AsyncGenerator<Row> {
  let after = 0;
  let window = firstWindow;
  while (last !== null && after < last) {
    const page = await read(after, after + window);
    yield* page;
    if (page.length < pageRows) {
      after += window;
      window *= 2;
    } else {
      after = page[page.length - 1].row;
      window = Math.max(pageRows, Math.floor(window / 2));
    }
  }
}

/** The rows of some outcomes. */
async function* reportedRows(
  database: Database,
  jobId: number,
  outcomes: readonly ReportedRow["outcome"][],
): AsyncGenerator<ReportedRow> {
  const [{ last, edited }] = await database.query<{ last: number | null; edited: boolean }>(
    sql`select max(row_no) as last, exists (select from sluice.import_edits where job_id = ${jobId}) as edited
      from sluice.import_rows where job_id = ${jobId}`,
  );
  // What was edited stands as edited: in the cells that are kept, or laid over those that are read again.
  const cells = edited
    ? sql`case when r.cells is null and p.after ? 'cells'
        then array(select cell from jsonb_array_elements_text(p.after -> 'cells') with ordinality c (cell, place) order by place)
        else r.cells end as cells, p.after -> 'edited' as edited`
    : sql`r.cells, null as edited`;
  yield* inWindows(last, (after, upTo) =>
    database.query<ReportedRow>(sql`
      select r.row_no as row, outcome, coalesce(issues, '[]') as issues, ${cells}, row_offset as offset, record_id as "recordId"
      from sluice.import_rows r ${edited ? newestEdit(jobId, sql`r.row_no`) : sql``}
      where r.job_id = ${jobId} and row_no > ${after} and row_no <= ${upTo} and outcome = any (${[...outcomes]})
      order by row_no limit ${pageRows}
    `),
  );
}

/** Rows by their newest edit. */
async function* editedRows(database: Database, jobId: number): AsyncGenerator<EditedRow> {
  const [{ last }] = await database.query<{ last: number | null }>(
    sql`select max(row_no) as last from sluice.import_edited_rows where job_id = ${jobId}`,
  );
  yield* inWindows(last, (after, upTo) =>
    database.query<EditedRow>(sql`
      select e.row_no as row, e.after -> 'edited' as edited,
        case when e.after ? 'cells'
          then array(select cell from jsonb_array_elements_text(e.after -> 'cells') with ordinality c (cell, place) order by place)
        end as cells
      from (
        select row_no, max(edit_id) as edit_id from sluice.import_edited_rows
        where job_id = ${jobId} and row_no > ${after} and row_no <= ${upTo}
        group by row_no order by row_no limit ${pageRows}
      ) newest join sluice.import_edited_rows e using (edit_id, row_no)
      order by e.row_no
    `),
  );
}

/** The cells of rows as the file has them, kept because the file will be deleted. */
async function keepCells(
  database: Database,
  jobId: number,
  rows: readonly { row: number; cells: readonly string[] }[],
): Promise<void> {
  if (rows.length === 0) return;
  // A database text holds no NUL.
  const cells = rows.map((each) => JSON.stringify(each.cells.map((cell) => cell.replaceAll("\0", "").toWellFormed())));
  await database.change(sql`
    update sluice.import_rows r set cells = array(select cell from jsonb_array_elements_text(k.cells::jsonb) with ordinality c (cell, place) order by place)
    from unnest(${rows.map(({ row }) => row)}::integer[], ${cells}::text[]) k (row_no, cells)
    where r.job_id = ${jobId} and r.row_no = k.row_no and r.cells is null
  `);
}
