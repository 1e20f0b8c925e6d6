/**
 * What an edit writes, set-based over its rows of one transaction: the rows before and after it, the rows themselves in the
 * stage and in `import_rows`, warnings, issue counts and the job's counters. Taken back, it is the same the other way round.
 */
import { type IssueCode, leavesOut, warningRowsCap } from "../../core/issue.ts";
import type { EditCounts, RowChange } from "../../core/store/review.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { indexNewRows, type StageTables } from "../stage/stage.ts";
import { keptWarnings, newestEdit } from "./rows.ts";

/** The job whose rows are changed, held by the transaction. */
export interface HeldJob {
  id: number;
  generation: number;
  tables: StageTables;
}

/** Rows of one edit, from the first to the last number. */
interface EditedRange {
  edit: number;
  from: number;
  to: number;
}

/** Writes down what the rows are now and what they become. `changes` are in the order of their rows. */
export async function noteChanges(
  session: Session,
  job: HeldJob,
  edit: number,
  changes: readonly RowChange[],
): Promise<EditedRange> {
  const range = { edit, from: changes[0].row, to: changes[changes.length - 1].row };
  const within = (row: Sql): Sql => sql`${row} >= ${range.from} and ${row} <= ${range.to}`;
  await session.change(sql`
    with fresh as (
      select * from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as c ("row" integer, cells jsonb, typed jsonb,
        fresh jsonb, "values" jsonb, documents jsonb, issues jsonb, warnings jsonb, uncapped jsonb, edited jsonb)
    ), changed as (
      -- A document is told as its text.
      select c.*, c."values" || (
        select coalesce(jsonb_object_agg(d.name, (c."values" ->> d.name)::jsonb), '{}')
        from jsonb_array_elements_text(c.documents) d (name) where c."values" ->> d.name is not null
      ) as made
      from fresh c
    ), present as (
      select c."row" as row_no, coalesce(r.kept_values, s."values") as base, coalesce(r.row_offset, s.row_offset, 0) as row_offset,
        -- Only of a row that came valid out of the file: what was changed of it.
        case when p.after is not null then p.after -> 'edited' when r.row_no is null then '{}'::jsonb end as edited,
        case when r.row_no is null
          then jsonb_build_object('values', s."values", 'warnings', coalesce(p.after -> 'warnings', ${keptWarnings(job.id, sql`s.row_no`)}, '[]') || coalesce(c.uncapped, '[]'))
          else jsonb_build_object('cells', r.cells, 'issues', coalesce(r.issues, '[]'), 'typed', r.typed_cells, 'kept', r.kept_values,
            'offset', r.row_offset) end as before
      from fresh c
      left join (select * from sluice.import_rows where job_id = ${job.id} and ${within(sql`row_no`)}) r on r.row_no = c."row"
      left join (
        select t.row_no, t.row_offset, to_jsonb(t.*) as "values" from ${job.tables.rows} t where ${within(sql`t.row_no`)}
      ) s on s.row_no = c."row"
      ${newestEdit(job.id, sql`c."row"`)}
    )
    insert into sluice.import_edited_rows (edit_id, row_no, job_id, before, after)
    select ${edit}, c."row", ${job.id}, n.before,
      jsonb_build_object('warnings', c.warnings) || case when c.issues is null
        then jsonb_build_object('values', coalesce(n.base, jsonb_build_object('row_no', c."row", 'row_offset', n.row_offset)) || c.made)
          || case when n.edited is null then jsonb_build_object('cells', c.cells) else '{}' end
        else jsonb_build_object('cells', c.cells, 'issues', c.issues, 'typed', c.typed, 'offset', n.row_offset,
          'kept', n.base - array(select jsonb_array_elements_text(c.fresh))) end
        || case when n.edited is null then '{}'::jsonb else jsonb_build_object('edited', n.edited || c.edited) end
    from changed c join present n on n.row_no = c."row"
  `);
  return range;
}

/** Makes the rows of an edit what they are after it; or, `back`, what they were before. */
export async function makeSo(
  session: Session,
  job: HeldJob,
  { edit, from, to }: EditedRange,
  { back = false }: { back?: boolean } = {},
): Promise<EditCounts> {
  const was = sql.id("e", back ? "after" : "before");
  const is = sql.id("e", back ? "before" : "after");
  const rows = sql`sluice.import_edited_rows e`;
  const mine = sql`e.edit_id = ${edit} and e.row_no >= ${from} and e.row_no <= ${to}`;
  await session.change(sql`
    delete from ${job.tables.rows} s using ${rows}
    where ${mine} and ${was} ? 'values' and s.row_no = e.row_no and s.row_no >= ${from} and s.row_no <= ${to}
  `);
  await session.change(sql`
    insert into ${job.tables.rows}
    select v.* from ${rows} cross join lateral jsonb_populate_record(null::${job.tables.rows}, ${is} -> 'values') v
    where ${mine} and ${is} ? 'values' order by e.row_no
  `);
  await indexNewRows(session, job.id, job.generation);
  await session.change(sql`
    delete from sluice.import_rows r using ${rows}
    where ${mine} and ${is} ? 'values' and r.job_id = ${job.id} and r.row_no = e.row_no and r.row_no >= ${from} and r.row_no <= ${to}
  `);
  await session.change(sql`
    insert into sluice.import_rows (job_id, row_no, outcome, issues, cells, row_offset, typed_cells, kept_values)
    select ${job.id}, e.row_no, case when ${isLeftOut(is)} then 'skipped' else 'invalid' end, ${is} -> 'issues', ${array(is, "cells", "text")}, (${is} ->> 'offset')::bigint,
      nullif(${array(is, "typed", "integer")}, '{}'), nullif(${is} -> 'kept', 'null')
    from ${rows} where ${mine} and ${is} ? 'issues'
    on conflict (job_id, row_no) do update set outcome = excluded.outcome, issues = excluded.issues, cells = excluded.cells,
      typed_cells = excluded.typed_cells, kept_values = excluded.kept_values
  `);
  await keepWarnings(session, job, { edit, from, to }, is);
  await session.change(sql`
    insert into sluice.import_issue_counts (job_id, chunk_no, field, code, count)
    select ${job.id}, -1, coalesce(issue ->> 'f', ''), issue ->> 'c', sum(n)
    from (
      select jsonb_array_elements(coalesce(${was} -> 'issues', ${was} -> 'warnings')) as issue, -1 as n from ${rows} where ${mine}
      union all
      select jsonb_array_elements(coalesce(${is} -> 'issues', ${is} -> 'warnings')), 1 from ${rows} where ${mine}
    ) found
    group by 3, 4 having sum(n) <> 0
    on conflict (job_id, chunk_no, field, code) do update set count = import_issue_counts.count + excluded.count
  `);
  // Warnings beyond the cap are counted without their rows, so that a count may end below what is left.
  await session.change(
    sql`delete from sluice.import_issue_counts where job_id = ${job.id} and chunk_no = -1 and count <= 0`,
  );
  const [counts] = await session.query<EditCounts>(sql`
    with edited as (
      select ${was} ? 'values' as was_valid, ${is} ? 'values' as is_valid, ${isLeftOut(was)} as was_out, ${isLeftOut(is)} as is_out
      from ${rows} where ${mine}
    ), moved as (
      select count(*) as changed, count(*) filter (where is_out and not was_out) as left_out,
        count(*) filter (where is_valid and not was_valid) as now_valid,
        count(*) filter (where was_valid and not is_valid and not is_out) as now_invalid,
        count(*) filter (where not was_valid and not is_valid and not is_out) as still_invalid,
        count(*) filter (where is_valid) - count(*) filter (where was_valid) as valid,
        count(*) filter (where is_out) - count(*) filter (where was_out) as skipped
      from edited
    )
    update sluice.import_jobs set valid_rows = valid_rows + valid, invalid_rows = invalid_rows - valid - skipped,
      skipped_rows = skipped_rows + skipped,
      -- Duplicates are decided anew.
      matched_at = null, updated_at = now()
    from moved where id = ${job.id}
    returning changed, left_out as "leftOut", now_valid as "nowValid", now_invalid as "nowInvalid", still_invalid as "stillInvalid"
  `);
  return counts;
}

/** Whether the row is left out in that state. */
function isLeftOut(state: Sql): Sql {
  const codes = leavesOut.map((c) => sql`coalesce(${state} -> 'issues' @> ${JSON.stringify([{ c }])}::jsonb, false)`);
  return sql`(${sql.join(codes, sql` or `)})`;
}

/** The elements of a state's list as an array of Postgres, in their order. */
function array(state: Sql, name: string, type: "text" | "integer"): Sql {
  return sql`array(
    select each::${sql.raw(type)} from jsonb_array_elements_text(nullif(${state} -> ${sql.lit(name)}, 'null')) with ordinality l (each, place) order by place
  )`;
}

/** What was decided of rows is no note of what was seen in them: it is kept of all. */
const uncapped = "decided_update" satisfies IssueCode;

/** Warnings of rows that are valid now, as far as fewer than the cap are kept of their code. */
async function keepWarnings(session: Session, job: HeldJob, { edit, from, to }: EditedRange, is: Sql): Promise<void> {
  const mine = sql`e.edit_id = ${edit} and e.row_no >= ${from} and e.row_no <= ${to}`;
  await session.change(sql`
    delete from sluice.import_warnings w using sluice.import_edited_rows e
    where ${mine} and w.job_id = ${job.id} and w.row_no = e.row_no and w.row_no >= ${from} and w.row_no <= ${to}
  `);
  await session.change(sql`
    insert into sluice.import_warnings (job_id, code, row_no, field, params, row_offset)
    select ${job.id}, code, row_no, field, params, row_offset from (
      select found.*, row_number() over (partition by code order by row_no, field) + coalesce(there.kept, 0) as place
      from (
        select e.row_no, issue ->> 'c' as code, coalesce(issue ->> 'f', '') as field, issue -> 'p' as params,
          (${is} -> 'values' ->> 'row_offset')::bigint as row_offset
        from sluice.import_edited_rows e cross join lateral jsonb_array_elements(${is} -> 'warnings') issue
        where ${mine} and ${is} ? 'values'
      ) found
        left join (
          -- Of the others few are kept.
          select code, count(*) as kept from sluice.import_warnings where job_id = ${job.id} and code <> ${uncapped} group by code
        ) there using (code)
    ) numbered
    where place <= ${warningRowsCap} or code = ${uncapped}
    on conflict do nothing
  `);
}

/** Forgets what an edit did to rows, once it is taken back. */
export async function forgetChanges(session: Session, { edit, from, to }: EditedRange): Promise<void> {
  await session.change(
    sql`delete from sluice.import_edited_rows where edit_id = ${edit} and row_no >= ${from} and row_no <= ${to}`,
  );
}

/**
 * Does in a stage that was made again from the file what was done in the one before: every edited row becomes what the
 * newest edit made of it. Counters, issues and rejected rows rest in logged tables, and are there already.
 */
export async function replayChanges(session: Session, { id, generation, tables }: HeldJob): Promise<void> {
  const [{ edited }] = await session.query<{ edited: boolean }>(
    sql`select exists (select from sluice.import_edited_rows where job_id = ${id}) as edited`,
  );
  // A first stage has no rejected row.
  if (!edited && generation === 0) return;
  // Rejected rows do not come in with an importer, or keys, that were changed since: that is for the review to say.
  await session.change(sql`
    delete from ${tables.rows} s
    using (
      select row_no from sluice.import_edited_rows where job_id = ${id}
      union select row_no from sluice.import_rows where job_id = ${id} and outcome in ('invalid', 'skipped') and cells is not null
    ) e
    where s.row_no = e.row_no
  `);
  await session.change(sql`
    insert into ${tables.rows}
    select v.* from (
      select distinct on (row_no) row_no, after from sluice.import_edited_rows where job_id = ${id} order by row_no, edit_id desc
    ) e cross join lateral jsonb_populate_record(null::${tables.rows}, e.after -> 'values') v
    where e.after ? 'values' order by e.row_no
  `);
  await indexNewRows(session, id, generation);
}
