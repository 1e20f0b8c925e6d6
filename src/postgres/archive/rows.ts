/** The rows of an import page by page: those kept in `sluice.import_rows`, and the valid ones of a stage that is ready. */

import type { ImportJob } from "../../core/import.ts";
import type { ArchivedRow, Listed, Page, RowFilter } from "../../core/store/archive.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import { boundedPage } from "../connection/bounded-rows.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { sharedCodes, sharedOfCreated } from "../match/shared-keys.ts";
import { keptWarnings } from "../review/rows.ts";
import { hasStageTable, stageIsIntact, stageTables } from "../stage/stage.ts";

/** Row numbers looked through at first for a page of kept rows, which have an index; more where few rows are wanted. */
const firstKeptWindow = 4096;
/** The same for rows of the stage, all of which are read: at least this many, and twice the page. */
const leastStagedWindow = 256;

export async function listRows(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  page: Page,
): Promise<Listed<ArchivedRow>> {
  const [kept, staged] = await Promise.all([
    keptReader(database, job.id, filter),
    stagedReader(database, job, columns, filter, page),
  ]);
  return boundedPage<ArchivedRow>(async (last, limit) => {
    const step = { after: last?.row ?? page.after, limit };
    const found = await Promise.all([kept(step), staged(step)]);
    return found
      .flat()
      .sort((a, b) => a.row - b.row)
      .slice(0, limit);
  }, page.limit);
}

/** The row number, among those that pass the filter, `skip` rows after `after`; `after` itself where `skip` is 0. */
export async function rowBehind(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  { after, skip }: { after: number; skip: number },
): Promise<number> {
  if (skip === 0) return after;
  const kept = keptSource(job.id, filter);
  const staged = await stagedSource(database, job, columns, filter, after);
  const sources = [
    ...(kept === null ? [] : [sql`(select row_no ${kept} and row_no > ${after} order by row_no limit ${skip})`]),
    ...(staged === null
      ? []
      : [sql`(select s.row_no ${staged.rows} and s.row_no > ${after} order by s.row_no limit ${skip})`]),
  ];
  if (sources.length === 0) return after;
  const [{ last }] = await database.query<{ last: number | null }>(sql`
    select max(row_no) as last from (select row_no from (${sql.join(sources, sql` union all `)}) r order by row_no limit ${skip}) skipped
  `);
  return last ?? after;
}

/** Reads the rows of one source in pages. */
type ReadPage = (page: Page) => Promise<ArchivedRow[]>;
const nothing: ReadPage = async () => [];

/** `[{"c": code, "f": field}]`, which an issue of the row must hold. */
function wantedIssue({ issue, field }: RowFilter): string | null {
  if (issue === undefined && field === undefined) return null;
  return JSON.stringify([{ ...(issue !== undefined && { c: issue }), ...(field !== undefined && { f: field }) }]);
}

/** Whether a value holds a text, in any case. */
function holds(value: Sql, text: string): Sql {
  return sql`strpos(lower(${value}), lower(${text}::text)) > 0`;
}

/** The rows kept in `sluice.import_rows` that a filter finds, as `from … where …`; null: it wants none of them. */
export function keptSource(jobId: number, filter: RowFilter): Sql | null {
  const statuses = filter.statuses?.filter((status) => status !== "valid");
  if (statuses?.length === 0) return null;
  const issue = wantedIssue(filter);
  const conditions = [
    sql`job_id = ${jobId}`,
    ...(statuses === undefined ? [] : [sql`outcome = any (${statuses})`]),
    ...(issue === null ? [] : [sql`issues @> ${issue}::jsonb`]),
    ...(filter.search === undefined
      ? []
      : [sql`exists (select from unnest(cells) cell where ${holds(sql`cell`, filter.search)})`]),
  ];
  return sql`from sluice.import_rows where ${sql.join(conditions, sql` and `)}`;
}

async function keptReader(database: Database, jobId: number, filter: RowFilter): Promise<ReadPage> {
  const source = keptSource(jobId, filter);
  if (source === null) return nothing;
  const [{ last }] = await database.query<{ last: number | null }>(
    sql`select max(row_no) as last from sluice.import_rows where job_id = ${jobId}`,
  );
  return (page) =>
    inWindows(page, { firstWindow: firstKeptWindow, last: last ?? 0 }, (from, to, limit) =>
      database.query<ArchivedRow>(sql`
        select row_no as row, outcome as status, coalesce(issues, '[]') as issues, cells, null as values, record_id as "recordId"
        ${source} and row_no > ${from} and row_no <= ${to} order by row_no limit ${limit}
      `),
    );
}

/** The valid rows of a stage that a filter finds. */
export interface StagedSource {
  /** `from … s where …` */
  rows: Sql;
  /** What is said of a row beside its warnings, as issues in JSON; null: nothing. */
  note: Sql | null;
  /** No row behind this one is found. */
  last: number;
}

/** Null: the filter wants none of them. `after`: those up to this row are not asked for. */
export async function stagedSource(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  after = 0,
): Promise<StagedSource | null> {
  if (job.status !== "ready" || filter.statuses?.includes("valid") === false) return null;
  if (!(await stageIsIntact(database, job.id, job.stageGeneration))) return null;
  const { rows } = stageTables(job.id, job.stageGeneration);
  const searched =
    filter.search === undefined || columns.length === 0
      ? sql`true`
      : // One text of all cells: to lower each by itself takes longer.
        holds(textOf(columns.map(({ name }) => sql`s.${sql.id(name)}::text`)), filter.search);
  if (isOfMatch(filter.issue)) {
    const found = await matchedSource(database, job, columns, filter.issue);
    if (found === null || filter.field !== undefined) return null;
    return {
      rows: sql`from ${rows} s join ${found.rows} on m.row_no = s.row_no where ${searched}`,
      note: found.issue,
      last: job.countedToRow,
    };
  }
  // Few valid rows have an issue, all of them warnings: those are gone through, and not the stage.
  const numbers = wantedIssue(filter) === null ? null : await warnedRows(database, job.id, filter, after);
  if (numbers?.length === 0) return null;
  const warned: Sql = numbers === null ? sql`true` : sql`s.row_no = any (${numbers})`;
  return {
    // Row 0 is no row of the file.
    rows: sql`from ${rows} s where s.row_no > 0 and ${warned} and ${searched}`,
    note: null,
    last: numbers?.at(-1) ?? job.countedToRow,
  };
}

async function stagedReader(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  { after, limit: wanted }: Page,
): Promise<ReadPage> {
  const source = await stagedSource(database, job, columns, filter, after);
  if (source === null) return nothing;
  const values = columns.map(({ name }) => sql`${name}::text, s.${sql.id(name)}::text`);
  const firstWindow = Math.max(leastStagedWindow, wanted * 2);
  return (page) =>
    inWindows(page, { firstWindow, last: source.last }, (from, to, limit) =>
      // Row numbers have a block range index in the stage: a page costs its window. What is told of a row is made of those that
      // are left, not of all in the window.
      database.query<ArchivedRow>(sql`
      select s.row_no as row, 'valid' as status, coalesce(${keptWarnings(job.id, sql`s.row_no`)}, '[]') || s."its note" as issues,
        null as cells, ${objectOf(values)} as values, null as "recordId"
      from (
        select s.*, ${source.note ?? sql`'[]'::jsonb`} as "its note"
        ${source.rows} and s.row_no > ${from} and s.row_no <= ${to} order by s.row_no limit ${limit}
      ) s
      order by s.row_no
    `),
    );
}

/** A function of Postgres takes at most 100 arguments. */
const valuesPerCall = 50;

function textOf(values: readonly Sql[]): Sql {
  const parts: Sql[] = [];
  for (let from = 0; from < values.length; from += valuesPerCall) {
    parts.push(sql`concat_ws(chr(31), ${sql.join(values.slice(from, from + valuesPerCall))})`);
  }
  return parts.length === 1 ? parts[0] : sql`concat_ws(chr(31), ${sql.join(parts)})`;
}

function objectOf(values: readonly Sql[]): Sql {
  const parts: Sql[] = [];
  for (let from = 0; from < values.length; from += valuesPerCall) {
    parts.push(sql`jsonb_build_object(${sql.join(values.slice(from, from + valuesPerCall))})`);
  }
  return parts.length === 0 ? sql`'{}'::jsonb` : sql.join(parts, sql` || `);
}

/** What the match tells of rows: of a ready import, by its last dry run. */
const ofMatch = ["duplicate_in_file", "duplicate_in_table", "no_match", ...sharedCodes] as const;
type OfMatch = (typeof ofMatch)[number];

export function isOfMatch(issue: RowFilter["issue"]): issue is OfMatch {
  return ofMatch.includes(issue as OfMatch);
}

/** The rows of which the last dry run found that, as `m`; null: there was none. */
async function matchedSource(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  code: OfMatch,
): Promise<{ rows: Sql; issue: Sql } | null> {
  const { id, stageGeneration } = job;
  const isOfShared = code === "key_shared_in_file" || code === "key_shared_in_table";
  if (!(await hasStageTable(database, id, stageGeneration, isOfShared ? "shared" : "match"))) return null;
  if (isOfShared)
    return {
      rows: sql`(select w.* from (${sharedOfCreated({ job, columns })}) w where w.code = ${code}) m`,
      issue: sql`jsonb_build_array(jsonb_build_object('c', m.code, 'p', m.params))`,
    };
  const { match } = stageTables(id, stageGeneration);
  const wanted = {
    duplicate_in_file: sql`(action = 'f' or (action in ('c', 'u') and root <> row_no))`,
    duplicate_in_table: sql`action in ('t', 'u')`,
    no_match: sql`action = 'n'`,
  }[code];
  const params = {
    duplicate_in_file: sql`, 'p', jsonb_build_object('row', coalesce(m.of_row, m.root))`,
    duplicate_in_table: sql`, 'p', jsonb_build_object('record', m.record_id)`,
    no_match: sql``,
  }[code];
  return {
    rows: sql`(select * from ${match} where ${wanted}) m`,
    issue: sql`jsonb_build_array(jsonb_build_object('c', ${code}::text${params}))`,
  };
}

/** Numbers of the rows that have a warning; few, since there is a cap for each code. */
async function warnedRows(
  database: Database,
  jobId: number,
  { issue, field }: RowFilter,
  after: number,
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
  { firstWindow, last }: { firstWindow: number; last: number },
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
