/** The rows of an import page by page: those kept in `sluice.import_rows`, and the valid ones of a stage that is ready. */
import type { ArchivedRow, Page, RowFilter, RowStatus } from "../archive.ts";
import type { ImportJob } from "../import.ts";
import type { StageColumn } from "../store.ts";
import { type Database, type Sql, sql } from "./connect.ts";
import { stageIsIntact, stageTables } from "./stage.ts";

/** Row numbers looked through at first for one page; more where few rows are wanted. */
const firstWindow = 4096;

export async function listRows(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  page: Page,
): Promise<ArchivedRow[]> {
  const wanted = (status: RowStatus): boolean => filter.statuses?.includes(status) ?? true;
  const [kept, staged] = await Promise.all([
    keptRows(database, job.id, filter, page),
    wanted("valid") && job.status === "ready" ? stagedRows(database, job, columns, filter, page) : [],
  ]);
  return [...kept, ...staged].sort((a, b) => a.row - b.row).slice(0, page.limit);
}

/** `[{"c": code, "f": field}]`, which an issue of the row must hold. */
function wantedIssue({ issue, field }: RowFilter): string | null {
  if (issue === undefined && field === undefined) return null;
  return JSON.stringify([{ ...(issue !== undefined && { c: issue }), ...(field !== undefined && { f: field }) }]);
}

/** Whether a value holds a text, in any case. */
function holds(value: Sql, text: string): Sql {
  return sql`strpos(lower(${value}), lower(${text}::text)) > 0`;
}

async function keptRows(database: Database, jobId: number, filter: RowFilter, page: Page): Promise<ArchivedRow[]> {
  const statuses = filter.statuses?.filter((status) => status !== "valid");
  if (statuses?.length === 0) return [];
  const issue = wantedIssue(filter);
  const conditions = [
    ...(statuses === undefined ? [] : [sql`and outcome = any (${statuses})`]),
    ...(issue === null ? [] : [sql`and issues @> ${issue}::jsonb`]),
    ...(filter.search === undefined
      ? []
      : [sql`and exists (select from unnest(cells) cell where ${holds(sql`cell`, filter.search)})`]),
  ];
  const [{ last }] = await database.query<{ last: number | null }>(
    sql`select max(row_no) as last from sluice.import_rows where job_id = ${jobId}`,
  );
  return inWindows(page, last ?? 0, (from, to, limit) =>
    database.query<ArchivedRow>(sql`
      select row_no as row, outcome as status, coalesce(issues, '[]') as issues, cells, null as values, record_id as "recordId"
      from sluice.import_rows where job_id = ${jobId} and row_no > ${from} and row_no <= ${to} ${sql.join(conditions, sql` `)}
      order by row_no limit ${limit}
    `),
  );
}

async function stagedRows(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  page: Page,
): Promise<ArchivedRow[]> {
  if (!(await stageIsIntact(database, job.id, job.stageGeneration))) return [];
  const { rows } = stageTables(job.id, job.stageGeneration);
  const values = columns.map(({ name }) => sql`${name}::text, s.${sql.id(name)}::text`);
  // Few valid rows have an issue, all of them warnings: those are gone through, and not the stage.
  const issue = wantedIssue(filter);
  const numbers = issue === null ? null : await warnedRows(database, job.id, filter, page);
  if (numbers?.length === 0) return [];
  const warned: Sql = numbers === null ? sql`` : sql`and s.row_no = any (${numbers})`;
  const { search } = filter;
  const searched: Sql =
    search === undefined
      ? sql``
      : sql`and (${sql.join(
          columns.map(({ name }) => holds(sql`s.${sql.id(name)}::text`, search)),
          sql` or `,
        )})`;
  return inWindows(page, numbers?.at(-1) ?? job.countedToRow, (from, to, limit) =>
    // Row numbers have a block range index in the stage: a page costs its window.
    database.query<ArchivedRow>(sql`
      select s.row_no as row, 'valid' as status, coalesce(w.issues, '[]') as issues, null as cells,
        jsonb_build_object(${sql.join(values)}) as values, null as "recordId"
      from ${rows} s
      left join lateral (
        select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('c', code, 'f', nullif(field, ''), 'p', params))) as issues
        from sluice.import_warnings where job_id = ${job.id} and row_no = s.row_no
      ) w on true
      where s.row_no > ${from} and s.row_no <= ${to} ${warned} ${searched}
      order by s.row_no limit ${limit}
    `),
  );
}

/** Numbers of the rows that have a warning; few, since there is a cap for each code. */
async function warnedRows(
  database: Database,
  jobId: number,
  { issue, field }: RowFilter,
  { after = 0 }: Page,
): Promise<number[]> {
  const rows = await database.query<{ row: number }>(sql`
    select distinct row_no as row from sluice.import_warnings
    where job_id = ${jobId} and row_no > ${after} ${issue === undefined ? sql`` : sql`and code = ${issue}`}
      ${field === undefined ? sql`` : sql`and field = ${field}`}
    order by 1
  `);
  return rows.map(({ row }) => row);
}

/** Rows from windows of row numbers, which grow as long as little is found, up to the last row there can be. */
async function inWindows(
  { after = 0, limit }: Page,
  last: number,
  read: (from: number, to: number, limit: number) => Promise<ArchivedRow[]>,
): Promise<ArchivedRow[]> {
  const found: ArchivedRow[] = [];
  let from = after;
  for (let window = firstWindow; found.length < limit && from < last; window *= 4) {
    found.push(...(await read(from, Math.min(from + window, last), limit - found.length)));
    from += window;
  }
  return found;
}
