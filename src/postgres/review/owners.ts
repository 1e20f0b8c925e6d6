/**
 * Edited rows whose owners are in another column than when they were edited: what the edits wrote down of a row, before and
 * after, gets the owner that the row has in that column now, so that replaying and taking back give the right one.
 */
import type { ImportJob } from "../../core/import.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";

/** Runs in a stage that was made again from the file, before the edits are replayed in it: its rows are still the file's. */
export async function restateOwners(session: Session, job: ImportJob): Promise<void> {
  const { assignment, mapping } = job;
  if (assignment.mode !== "column") return;
  const place = mapping.columns.find(({ header }) => header === assignment.column)?.column;
  if (place === undefined) return;
  const { rows } = stageTables(job.id, job.stageGeneration);
  const key = sql`${String(place)}::text`;
  const cell = (state: Sql): Sql => sql`${state} -> 'cells' ->> ${sql.lit(place)}::integer`;
  await session.change(sql`
    with found as (
      select e.edit_id, e.row_no, e.before, e.after, s.owner_key as filed, case
          -- A row that came valid out of the file has kept what was changed of it, another one all its cells.
          when e.after -> 'edited' ? ${key} then nullif(btrim(e.after -> 'edited' ->> ${key}), '')
          when e.after ? 'edited' then s.owner_key
          else nullif(btrim(${cell(sql`e.after`)}), '') end as owner
      from sluice.import_edited_rows e left join ${rows} s on s.row_no = e.row_no and s.row_no > 0
      where e.job_id = ${job.id}
    ), owners as (
      select edit_id, row_no, owner, case
          when lag(edit_id) over earlier is not null then lag(owner) over earlier
          when before ? 'cells' then nullif(btrim(${cell(sql`before`)}), '')
          else filed end as owner_before
      from found window earlier as (partition by row_no order by edit_id)
    )
    update sluice.import_edited_rows e
    set before = ${withOwner(sql`e.before`, sql`o.owner_before`)}, after = ${withOwner(sql`e.after`, sql`o.owner`)}
    from owners o where o.edit_id = e.edit_id and o.row_no = e.row_no
  `);
  await session.change(sql`
    update sluice.import_rows r set kept_values = e.after -> 'kept'
    from (
      select distinct on (row_no) row_no, after from sluice.import_edited_rows where job_id = ${job.id} order by row_no, edit_id desc
    ) e
    where r.job_id = ${job.id} and r.row_no = e.row_no and r.kept_values is not null and jsonb_typeof(e.after -> 'kept') = 'object'
  `);
}

/** The row's staged values, or those that are kept of them while it is invalid, with the owner. */
function withOwner(state: Sql, owner: Sql): Sql {
  const named = sql`jsonb_build_object('owner_key', ${owner})`;
  return sql`case
    when ${state} ? 'values' then ${state} || jsonb_build_object('values', (${state} -> 'values') || ${named})
    when jsonb_typeof(${state} -> 'kept') = 'object' then ${state} || jsonb_build_object('kept', (${state} -> 'kept') || ${named})
    else ${state} end`;
}
