/**
 * Rows that share a weaker key with an earlier row or a record and are told apart from it by a stronger one: those that make a new
 * record go in with a warning that says with whom.
 */
import { type IssueCode, warningRowsCap } from "../../core/issue.ts";
import { type Session, type Sql, sql } from "../connection/session.ts";
import { hasStageTable, stageTables } from "../stage/stage.ts";
import type { Plan, Range } from "../tables/plan.ts";
import { repeats } from "./match-file.ts";
import { matchKeys } from "./match-keys.ts";

/** Makes the table anew: a row, the place of the key, and the earlier row or the record that has it too. */
export async function makeShared(
  session: Session,
  { id, stageGeneration }: { id: number; stageGeneration: number },
): Promise<void> {
  const { shared } = stageTables(id, stageGeneration);
  await session.query(sql`drop table if exists ${shared}`);
  await session.query(sql`
    create unlogged table ${shared} (row_no integer not null, k integer not null, of_row integer, record_id text)
      with (autovacuum_enabled = false)
  `);
}

/** Whether there is one: a worker of an earlier version makes none. */
export function hasShared(
  session: Session,
  { id, stageGeneration }: { id: number; stageGeneration: number },
): Promise<boolean> {
  return hasStageTable(session, id, stageGeneration, "shared");
}

/** Notes the rows of the file, once the match has decided which of them make a record. `keys`: how many there are. */
export async function noteSharedInFile(session: Session, { job }: Plan, keys: number): Promise<void> {
  const { match, shared } = stageTables(job.id, job.stageGeneration);
  // The strongest key that both have, as a bit.
  const decisive = sql`(r.common & -r.common)`;
  await session.query(sql`
    insert into ${shared} (row_no, k, of_row)
    select distinct on (r.row_no) r.row_no, r.k, r.first_row
    from (select *, pattern & first_pattern & ((1 << k) - 1) as common from ${repeats} where k > 0 and k < ${sql.lit(keys)}) r
      left join ${repeats} mine on mine.row_no = r.row_no and 1 << mine.k = ${decisive} and mine.k < ${sql.lit(keys)}
      left join ${repeats} other on other.row_no = r.first_row and 1 << other.k = ${decisive} and other.k < ${sql.lit(keys)}
    where r.common <> 0 and coalesce(mine.first_row, r.row_no) <> coalesce(other.first_row, r.first_row)
      and not exists (select from ${match} m where m.row_no = r.first_row and m.action = 'i')
      and not exists (select from ${shared} w where w.row_no = r.row_no) and ${makesRecord(match, "r")}
    order by r.row_no, r.k
  `);
}

/** That a row is not decided otherwise than to make a record. */
function makesRecord(match: Sql, row: string): Sql {
  return sql`not exists (
        select from ${match} m where m.row_no = ${sql.id(row, "row_no")} and not (m.action = 'c' and m.root = m.row_no))`;
}

/** Codes of the warnings. */
export const sharedCodes = ["key_shared_in_file", "key_shared_in_table"] as const satisfies IssueCode[];

/** The rows that make a record, as a query of `row_no`, `code` and `params`. */
export function sharedOfCreated(plan: Pick<Plan, "job" | "columns">): Sql {
  const { job } = plan;
  const { match, shared } = stageTables(job.id, job.stageGeneration);
  const fields = matchKeys(plan).map((key, k) => sql`when ${sql.lit(k)} then ${key.join(", ")}`);
  return sql`
      select w.row_no, case when w.of_row is null then 'key_shared_in_table' else 'key_shared_in_file' end as code,
        jsonb_strip_nulls(jsonb_build_object('fields', case w.k ${sql.join(fields, sql` `)} end, 'row', w.of_row, 'record', w.record_id)) as params
      from ${shared} w where ${makesRecord(match, "w")}`;
}

/** Whether there can be any. */
export function mayShare(plan: Plan): boolean {
  const { mode, duplicates } = plan.job;
  return mode !== "update_only" && duplicates.strategy !== "create" && matchKeys(plan).length > 1;
}

/** Keeps the warnings of a chunk's rows that went in, up to the cap, and counts them; in its transaction. */
export async function recordShared(session: Session, plan: Plan, chunk: { no: number }, range: Range): Promise<void> {
  const { job } = plan;
  if (!mayShare(plan) || !(await hasShared(session, job))) return;
  const { rows } = stageTables(job.id, job.stageGeneration);
  await session.query(sql`
    with told as materialized (
      select t.*, s.row_offset from (${sharedOfCreated(plan)}) t join ${rows} s on s.row_no = t.row_no
      where t.row_no >= ${range.from} and t.row_no < ${range.to} and s.row_no >= ${range.from} and s.row_no < ${range.to}
        and not exists (select from sluice.import_rows r where r.job_id = ${job.id} and r.row_no = t.row_no)
    ), counted as (
      insert into sluice.import_issue_counts (job_id, chunk_no, field, code, count)
      select ${job.id}, ${chunk.no}, '', code, count(*) from told group by code
      on conflict (job_id, chunk_no, field, code) do update set count = import_issue_counts.count + excluded.count
    ), kept as (
      select code, count(*) as rows from sluice.import_warnings where job_id = ${job.id} group by code
    )
    insert into sluice.import_warnings (job_id, code, row_no, field, params, row_offset)
    select ${job.id}, code, row_no, '', params, row_offset from (
      select told.*, row_number() over (partition by told.code order by row_no) + coalesce(kept.rows, 0) as place
      from told left join kept on kept.code = told.code
    ) numbered
    where place <= ${warningRowsCap}
    on conflict do nothing
  `);
}
