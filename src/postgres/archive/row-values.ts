/** The different values of a column among the rows of a filter, counted window by window. */
import type { ImportJob } from "../../core/import.ts";
import type { RowColumn, RowFilter, RowValues } from "../../core/store/archive.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { bothSources, compared, holds, keptText, stagedText } from "../review/row-filter.ts";

/** Different values that are told. */
const mostValues = 1000;
const firstWindow = 32 * 1024;
const timeMs = 600;

export async function listRowValues(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  { column, search, after }: { column: RowColumn; search?: string | undefined; after: number },
): Promise<RowValues> {
  const begunAt = performance.now();
  const counts = new Map<string, number>();
  const last = job.countedToRow;
  let isCut = false;
  let from = after;
  for (let window = firstWindow; from < last && !isCut && performance.now() - begunAt < timeMs; window *= 2) {
    const to = Math.min(from + window, last);
    const found = await valuesWithin(database, job, columns, filter, { column, search, from, to });
    for (const { value, rows } of found.slice(0, mostValues)) counts.set(value, (counts.get(value) ?? 0) + rows);
    isCut = found.length > mostValues || counts.size > mostValues;
    from = to;
  }
  const items = [...counts].map(([value, rows]) => ({ value, rows }));
  items.sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1));
  return { items: items.slice(0, mostValues), through: from >= last ? null : from, isCut };
}

async function valuesWithin(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  { column, search, from, to }: { column: RowColumn; search?: string | undefined; from: number; to: number },
): Promise<RowValues["items"]> {
  const values = await bothSources(database, job, columns, filter, {
    after: from,
    kept: (of) => sql`select ${compared(keptText(column))} as value ${of} and r.row_no > ${from} and r.row_no <= ${to}`,
    staged: (of) =>
      sql`select ${compared(stagedText(column))} as value ${of} and s.row_no > ${from} and s.row_no <= ${to}`,
  });
  if (values === null) return [];
  const wanted: Sql = search === undefined ? sql`` : sql`where ${holds(sql`v.value`, search)}`;
  return database.query<RowValues["items"][number]>(sql`
    select v.value collate "C" as value, count(*)::int8 as rows from (${values}) v ${wanted}
    group by 1 order by 2 desc, 1 limit ${mostValues + 1}
  `);
}
