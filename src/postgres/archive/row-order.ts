/**
 * The rows of a filter in the order of a column. The first ones come of one look at all rows that keeps no more than these; where
 * somebody goes further than that, all of them are put in order, once.
 */
import { setImmediate } from "node:timers/promises";
import type { ImportJob } from "../../core/import.ts";
import type { RowFilter, RowSort } from "../../core/store/archive.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { keptSource, keptText, stagedSource } from "../review/row-filter.ts";
import { entryOf, RowEntries, type RowEntry } from "./row-entries.ts";

/** Rows whose order is found out at first. */
export const firstOrdered = 5000;
/** Cells of rejected rows that are read at a time. */
const cellsAtOnce = 10_000;
/** Of more rejected rows none is read: they stand behind the others, by their text. */
const mostRead = 200_000;
/** Entries of an answer that come in one value. */
const rowsOfPart = 65_536;
/** Of what cannot be read the order goes by its beginning. */
const comparedUnread = 100;

/** Types that Postgres itself puts in order; of the others it is their text. */
const ordered: ReadonlySet<string> = new Set([
  "bigint",
  "numeric",
  "date",
  "timestamptz",
  "time without time zone",
  "boolean",
]);
export const isOrderedType = (type: string): boolean => ordered.has(type);

/** `among`: the rows that the filter finds, where they are known and few. */
export async function orderRows(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  sort: RowSort,
  { limit, among }: { limit: number | null; among: readonly RowEntry[] | null },
): Promise<RowEntries> {
  const sources = await sourcesOf(database, job, columns, filter, sort, among);
  const entries = new RowEntries();
  if (sources.length === 0) return entries;
  const direction = sql.raw(sort.order);
  const isTyped = isOrderedType(sort.column.type);
  const collation = await collationOf(database, sort.language);
  const value = isTyped ? sql`u.value` : sql`u.value collate ${collation}`;
  const found = sql`
    select u.row_no, u.place from (${sql.join(sources, sql` union all `)}) u
    order by u.rank, ${value} ${direction}, u.unread collate ${collation} ${direction}, u.row_no ${limit === null ? sql`` : sql`limit ${limit}`}
  `;
  // In parts: of ten million rows one text would have two hundred million characters.
  const parts = await database.query<{ part: Buffer }>(sql`
    select string_agg(${entryOf(sql`o.row_no`, sql`o.place`)}, ''::bytea order by o.at) as part
    from (select f.*, row_number() over () as at from (${found}) f) o
    group by (o.at - 1) / ${sql.lit(rowsOfPart)} order by (o.at - 1) / ${sql.lit(rowsOfPart)}
  `);
  for (const { part } of parts) entries.add(part);
  return entries;
}

/** Each as row_no, place, rank (0: it has a value, 1: it cannot be read, 2: it is blank), value, unread. */
async function sourcesOf(
  database: Database,
  job: ImportJob,
  columns: readonly StageColumn[],
  filter: RowFilter,
  sort: RowSort,
  among: readonly RowEntry[] | null,
): Promise<Sql[]> {
  const { column } = sort;
  const isTyped = isOrderedType(column.type);
  const sources: Sql[] = [];
  // The matching rows are known; the filter is not run again.
  const rest = among === null ? filter : {};
  const staged = await stagedSource(database, job, columns, rest);
  if (staged !== null) {
    const own = sql`s.${sql.id(column.staged)}`;
    const value = isTyped ? own : labelled(sql`nullif(${own}::text, '')`, sort.labels);
    const places = among?.flatMap(({ place }) => place ?? []);
    sources.push(sql`
      select s.row_no, s.ctid as place, case when ${value} is null then 2 else 0 end as rank, ${value} as value, null::text as unread
      ${staged.rows} ${places === undefined ? sql`` : sql`and s.ctid = any (${places}::tid[])`}
    `);
  }
  const kept = keptSource(job.id, rest);
  if (kept !== null) {
    const numbers = among?.flatMap(({ row, place }) => (place === null ? [row] : []));
    const rows = sql`${kept} ${numbers === undefined ? sql`` : sql`and r.row_no = any (${numbers}::integer[])`}`;
    const read =
      !isTyped || sort.read === undefined || column.place === null
        ? null
        : await readCells(database, rows, column.place, sort.read);
    if (read === null) {
      const text = sql`nullif(left(${keptText(column)}, ${sql.lit(comparedUnread)}), '')`;
      const value = isTyped ? sql`null::${sql.raw(column.type)}` : labelled(text, sort.labels);
      const unread = isTyped ? text : sql`null::text`;
      const rank = sql`case when ${text} is null then 2 else ${sql.lit(isTyped ? 1 : 0)} end`;
      sources.push(sql`
        select r.row_no, null::tid as place, ${rank} as rank, ${value} as value, ${unread} as unread ${rows}
      `);
    } else {
      sources.push(sql`
        select r.row_no, null::tid as place,
          case when r.value is not null then 0 when r.unread is not null then 1 else 2 end as rank,
          r.value::${sql.raw(column.type)} as value, r.unread
        from unnest(${read.rows}::integer[], ${read.values}::text[], ${read.unread}::text[]) r (row_no, value, unread)
      `);
    }
  }
  return sources;
}

/** The cells of kept rows as the column's type has them; null: there are too many of them. */
async function readCells(
  database: Database,
  rows: Sql,
  place: number,
  read: NonNullable<RowSort["read"]>,
): Promise<{ rows: number[]; values: (string | null)[]; unread: (string | null)[] } | null> {
  const found = { rows: [] as number[], values: [] as (string | null)[], unread: [] as (string | null)[] };
  const cell = sql`coalesce(r.cells[${sql.lit(place + 1)}], '')`;
  for (let after = 0; ; ) {
    const cells = await database.query<{ row: number; cell: string; isTyped: boolean }>(sql`
      select r.row_no as row, left(${cell}, 1000) as cell, coalesce(${sql.lit(place)} = any (r.typed_cells), false) as "isTyped"
      ${rows} and r.row_no > ${after} order by r.row_no limit ${cellsAtOnce}
    `);
    for (const each of cells) {
      const text = each.cell.trim();
      const value = text === "" ? null : read(text, each.isTyped);
      found.rows.push(each.row);
      found.values.push(value);
      found.unread.push(value === null && text !== "" ? text.slice(0, comparedUnread).toWellFormed() : null);
    }
    if (cells.length < cellsAtOnce) return found;
    if (found.rows.length > mostRead) return null;
    after = cells[cells.length - 1].row;
    await setImmediate();
  }
}

/** A text by what it is called. */
function labelled(text: Sql, labels: RowSort["labels"] = {}): Sql {
  const all = Object.entries(labels);
  if (all.length === 0) return text;
  const cases = all.map(([value, label]) => sql`when ${value} then ${label}`);
  return sql`case ${text} ${sql.join(cases, sql` `)} else ${text} end`;
}

/** The alphabet of a language where the server has it, else any that ignores case, else that of the bytes. */
async function collationOf(database: Database, language: string): Promise<Sql> {
  const wanted = [`${language}-x-icu`, "und-x-icu"];
  const found = await database.query<{ name: string }>(sql`
    select collname as name from pg_collation
    where collname = any (${wanted}) and collnamespace = 'pg_catalog'::regnamespace and collencoding in (-1, pg_char_to_encoding(getdatabaseencoding()))
  `);
  const name = wanted.find((each) => found.some((there) => there.name === each)) ?? "C";
  return sql`pg_catalog.${sql.id(name)}`;
}
