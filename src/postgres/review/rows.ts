/** Rows of an import under review as an edit needs them, and the values that keep rows out. */
import { told } from "../../core/errors.ts";
import { type BadValue, type BadValuesPage, type HeldRow, LostMatch, type Selection } from "../../core/store/review.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import type { StageTables } from "../stage/stage.ts";
import { holds, keptSource, lacksMatch, stagedSource } from "./row-filter.ts";

/** The newest edit's outcome of a row, as `p.after`, and what the row was, as `p.before`; null where no edit has touched it. */
export function newestEdit(jobId: number, row: Sql): Sql {
  return sql`left join lateral (
    select e.before, e.after from sluice.import_edited_rows e where e.job_id = ${jobId} and e.row_no = ${row} order by e.edit_id desc limit 1
  ) p on true`;
}

/** The warnings kept of a row, as issues. */
export function keptWarnings(jobId: number, row: Sql): Sql {
  return sql`(
    select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('c', code, 'f', nullif(field, ''), 'p', params)) order by code, field)
    from sluice.import_warnings where job_id = ${jobId} and row_no = ${row}
  )`;
}

/** Values as text, so that a decimal loses nothing on its way. */
const asTexts = (values: Sql): Sql =>
  sql`(select jsonb_object_agg(key, to_jsonb(value)) from jsonb_each_text(${values}))`;

/** The rows with numbers in (after, upTo] that a selection picks, in their order; at most `limit`. */
export async function heldRows(
  session: Session,
  job: { id: number; tables: StageTables },
  selection: Selection,
  { after, upTo, limit }: { after: number; upTo: number; limit: number },
): Promise<HeldRow[]> {
  const { kept, rows, issue, within } = selection;
  const among = (row: Sql): Sql => (rows === undefined ? sql`` : sql`and ${row} = any (${[...rows]}::integer[])`);
  const range = (row: Sql): Sql => sql`${row} > ${after} and ${row} <= ${upTo}`;
  const keptWithin = within === undefined ? null : keptSource(job.id, within.filter);
  const outcomes = kept === undefined ? ["invalid"] : kept === "both" ? ["invalid", "skipped"] : ["skipped"];
  const invalid =
    within !== undefined && keptWithin === null
      ? []
      : await session.query<HeldRow>(sql`
    select r.row_no as row, r.outcome as status, r.cells, coalesce(r.typed_cells, '{}') as typed,
      ${asTexts(sql`r.kept_values`)} as kept, coalesce(r.issues, '[]') as issues, coalesce(p.after -> 'warnings', '[]') as warnings,
      p.before -> 'issues' as "issuesBefore"
    from sluice.import_rows r ${newestEdit(job.id, sql`r.row_no`)}
    where r.job_id = ${job.id} and ${range(sql`r.row_no`)} and r.outcome = any (${outcomes}) and r.cells is not null
      ${keptWithin === null ? sql`` : sql`and r.row_no in (select r.row_no ${keptWithin} and ${range(sql`r.row_no`)})`}
      ${issue === undefined ? sql`` : sql`and r.issues @> ${JSON.stringify([issue])}::jsonb`}
      ${among(sql`r.row_no`)} ${anyIs(selection, selection.cells.map(cellAt))}
    order by r.row_no limit ${limit}
  `);
  if (selection.staged.length === 0) return invalid;
  if (within !== undefined && (await lacksMatch(session, within.job, within.filter)))
    throw new LostMatch(
      "conflict",
      told`Which rows of import ${job.id} are duplicates is not known any more. Make a dry run, and try again.`,
    );
  const stagedWithin =
    within === undefined ? null : await stagedSource(session, within.job, within.columns, within.filter, after);
  if (within !== undefined && stagedWithin === null) return invalid;
  const staged = await session.query<HeldRow>(sql`
    select s.row_no as row, 'valid' as status,
      -- Of a row that was rejected at first its own cells are known.
      (select array_agg(cell order by place) from jsonb_array_elements_text(p.after -> 'cells') with ordinality c (cell, place)) as cells,
      '{}'::integer[] as typed, ${asTexts(sql`to_jsonb(s.*)`)} as kept, '[]'::jsonb as issues,
      coalesce(p.after -> 'warnings', ${keptWarnings(job.id, sql`s.row_no`)}, '[]') as warnings
    from (
      select s.* from ${job.tables.rows} s
      where ${range(sql`s.row_no`)} ${among(sql`s.row_no`)}
        ${stagedWithin === null ? sql`` : sql`and s.row_no in (select s.row_no ${stagedWithin.rows} and ${range(sql`s.row_no`)})`}
        ${anyIs(selection, selection.staged.map(stagedText))}
      order by s.row_no limit ${limit}
    ) s ${newestEdit(job.id, sql`s.row_no`)}
    order by s.row_no
  `);
  return [...invalid, ...staged].sort((a, b) => a.row - b.row).slice(0, limit);
}

export const cellAt = (place: number): Sql => sql`coalesce(r.cells[${sql.lit(place + 1)}], '')`;
/** As `asTexts` has it, whatever the session's style of dates. */
export const stagedText = (column: string): Sql => sql`coalesce(to_jsonb(${sql.id("s", column)}) #>> '{}', '')`;

function anyIs({ text, match }: Selection, values: readonly Sql[]): Sql {
  if (text === null) return sql``;
  const tests = values.map((value) => {
    if (match === "equal") return sql`${value} = ${text}`;
    if (match === "pattern") return sql`${value} ~ ${text}`;
    return match === "contained" ? sql`strpos(${value}, ${text}) > 0` : holds(value, text);
  });
  return tests.length === 0 ? sql`and false` : sql`and (${sql.join(tests, sql` or `)})`;
}

/** Longer ones are told with their beginning alone. */
const maxValueChars = 1000;

/**
 * Different cells of a field that keep rows out, counted in the database: however many rows there are, a page comes back.
 * They are compared byte by byte, so that pages follow one another whatever the database's collation.
 */
export function badValues(
  database: Database,
  jobId: number,
  { field, place }: { field: string; place: number },
  { code, after, limit }: BadValuesPage,
): Promise<BadValue[]> {
  const issue = JSON.stringify([{ ...(code !== undefined && { c: code }), f: field }]);
  const rest =
    after === undefined
      ? sql``
      : sql`having count(*) < ${after.rows} or (count(*) = ${after.rows} and ${cellAt(place)} collate "C" > ${after.value})`;
  return database.query<BadValue>(sql`
    select left(value, ${sql.lit(maxValueChars)}) as value, rows from (
      select ${cellAt(place)} collate "C" as value, count(*)::int8 as rows
      from sluice.import_rows r
      where r.job_id = ${jobId} and r.outcome = 'invalid' and r.cells is not null and r.issues @> ${issue}::jsonb
      group by 1 ${rest}
      order by 2 desc, 1 limit ${limit}
    ) v order by rows desc, v.value
  `);
}
