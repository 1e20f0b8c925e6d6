/** The rows of an import page by page: those kept in `sluice.import_rows`, and the valid ones of a stage that is ready. */

import type { ImportJob } from "../../core/import.ts";
import type { ArchivedRow, Listed, Page, RowFilter } from "../../core/store/archive.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import { boundedPage } from "../connection/bounded-rows.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import {
  bothSources,
  keptSource,
  objectOf,
  type StagedSource,
  stagedSource,
  wantedIssues,
} from "../review/row-filter.ts";
import { keptWarnings } from "../review/rows.ts";
import type { RowEntry } from "./row-entries.ts";

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
  const rows = await bothSources(database, job, columns, filter, {
    after,
    kept: (of) => sql`(select r.row_no ${of} and r.row_no > ${after} order by r.row_no limit ${skip})`,
    staged: (of) => sql`(select s.row_no ${of} and s.row_no > ${after} order by s.row_no limit ${skip})`,
  });
  if (rows === null) return after;
  const [{ last }] = await database.query<{ last: number | null }>(sql`
    select max(row_no) as last from (select row_no from (${rows}) r order by row_no limit ${skip}) skipped
  `);
  return last ?? after;
}

/** Reads the rows of one source in pages. */
type ReadPage = (page: Page) => Promise<ArchivedRow[]>;
const nothing: ReadPage = async () => [];

async function keptReader(database: Database, jobId: number, filter: RowFilter): Promise<ReadPage> {
  const source = keptSource(jobId, filter);
  if (source === null) return nothing;
  const [{ last }] = await database.query<{ last: number | null }>(
    sql`select max(row_no) as last from sluice.import_rows where job_id = ${jobId}`,
  );
  return (page) =>
    inWindows(page, { firstWindow: firstKeptWindow, last: last ?? 0 }, (from, to, limit) =>
      readKept(database, sql`${source} and r.row_no > ${from} and r.row_no <= ${to} order by r.row_no limit ${limit}`),
    );
}

/** `source`: `from … r where …` */
function readKept(database: Database, source: Sql): Promise<ArchivedRow[]> {
  return database.query<ArchivedRow>(sql`
    select r.row_no as row, r.outcome as status, coalesce(r.issues, '[]') as issues, r.cells, null as values, r.record_id as "recordId"
    ${source}
  `);
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
  const firstWindow = Math.max(leastStagedWindow, wanted * 2);
  return (page) =>
    inWindows(page, { firstWindow, last: source.last }, (from, to, limit) =>
      // Row numbers have a block range index in the stage: a page costs its window.
      readStaged(
        database,
        job,
        columns,
        source,
        sql`s.row_no > ${from} and s.row_no <= ${to} order by s.row_no limit ${limit}`,
      ),
    );
}

/** What is told of a row is made of those that are left, not of all that are looked at. */
function readStaged(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  { rows, note }: StagedSource,
  condition: Sql,
): Promise<ArchivedRow[]> {
  const values = columns.map(({ name }) => sql`${name}::text, s.${sql.id(name)}::text`);
  return database.query<ArchivedRow>(sql`
    select s.row_no as row, 'valid' as status, coalesce(${keptWarnings(job.id, sql`s.row_no`)}, '[]') || s."its note" as issues,
      null as cells, ${objectOf(values)} as values, null as "recordId"
    from (select s.*, ${note ?? sql`'[]'::jsonb`} as "its note" ${rows} and ${condition}) s
    order by s.row_no
  `);
}

/** Rows by their entries, in the order of these; large ones make the page short. */
export function rowsOfEntries(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  entries: readonly RowEntry[],
): Promise<Listed<ArchivedRow>> {
  let next = 0;
  return boundedPage<ArchivedRow>(async (_, limit) => {
    const found: ArchivedRow[] = [];
    while (found.length === 0 && next < entries.length) {
      const wanted = entries.slice(next, next + limit);
      next += wanted.length;
      found.push(...(await readEntries(database, job, columns, filter, wanted)));
    }
    return found;
  }, entries.length);
}

async function readEntries(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  entries: readonly RowEntry[],
): Promise<ArchivedRow[]> {
  const found = new Map<number, ArchivedRow>();
  const take = (rows: readonly ArchivedRow[]): void => {
    for (const row of rows) found.set(row.row, row);
  };
  const staged = await stagedSource(database, job, columns, {});
  // What the match tells of them is told with them.
  const issues = wantedIssues(filter);
  const noted = issues.length === 0 ? staged : await stagedSource(database, job, columns, { issues });
  const keptOf = async (numbers: readonly number[]): Promise<void> => {
    if (numbers.length === 0) return;
    take(
      await readKept(database, sql`${keptSource(job.id, {}) as Sql} and r.row_no = any (${[...numbers]}::integer[])`),
    );
  };
  const places = entries.flatMap(({ place }) => (place === null ? [] : [place]));
  if (staged !== null && places.length > 0)
    take(await readStaged(database, job, columns, noted ?? staged, sql`s.ctid = any (${places}::tid[])`));
  await keptOf(entries.flatMap(({ row, place }) => (place === null ? [row] : [])));
  // Those that were edited since stand elsewhere.
  const moved = entries.flatMap(({ row }) => (found.has(row) ? [] : [row]));
  if (staged !== null && moved.length > 0)
    take(await readStaged(database, job, columns, staged, sql`s.row_no = any (${moved}::integer[])`));
  await keptOf(moved.filter((row) => !found.has(row)));
  return entries.flatMap(({ row }) => found.get(row) ?? []);
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
