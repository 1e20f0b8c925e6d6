/**
 * Where the table is among a file's first rows, whatever the format: its header, its columns' names, its end, and what
 * surrounds it.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { Between, FileFinding } from "../../core/row.ts";
import { headerCells, isRule, kindBetween, pageTitles, repeatsHeader } from "./between.ts";
import { columnNames } from "./column-names.ts";
import { findHeader, type Header, noHeader, shiftedNames } from "./header.ts";
import { looksLikeHeader, namesData } from "./header-row.ts";
import { knownWords } from "./header-words.ts";
import { largestRegion, regionsOf } from "./region.ts";
import { filledWidth, isFilled, mostFrequent, type SampleRow } from "./sample-row.ts";
import type { Region } from "./table-region.ts";
import { commentMark, countComments } from "./title.ts";

export { mostFrequent, type SampleRow };

/** Postgres takes at most 1,600 columns in a table; a file may have more, of which some are mapped. It is Excel's limit too. */
export const maxColumns = 16_384;

/** The part of a dialect that its first rows decide. */
export interface FoundTable {
  headerRow: number;
  headerRows: number;
  lastRow: number | null;
  columns: string[];
  findings: FileFinding[];
  between: Between;
}

/**
 * Finds the table in a sample: the largest of those that empty rows part, below the titles above it. Empty rows may be
 * omitted from the sample or included.
 *
 * @param headerRow what a person says: the header's row, 0 for none.
 * @param sample.whole the rows are all that the file has, so that its end is known too.
 * @param sample.names what the importer knows its columns by.
 * @throws SluiceError `invalid` when there is no row, no such header row, or more than 16,384 columns.
 */
export function findTable(
  name: string,
  rows: readonly SampleRow[],
  headerRow?: number,
  { whole = false, names = [] }: { whole?: boolean; names?: readonly string[] } = {},
): FoundTable {
  const filled = rows.filter(({ cells }) => cells.some(isFilled));
  if (filled.length === 0) throw new SluiceError("invalid", told`${name} has only empty lines: no header and no rows.`);
  const { region, regions, header, between } = locate(name, filled, headerRow, names);
  const width = tableWidth(header, region);
  if (width > maxColumns) throw new SluiceError("invalid", told`${name} has more than ${maxColumns} columns.`);
  const columns = columnNames(Array.from({ length: width }, (_, c) => header.names[c] ?? ""));
  return {
    headerRow: header.row,
    headerRows: header.rows,
    lastRow: lastRowOf(regions, region, whole),
    columns,
    findings: findingsOf(filled, regions, region, header),
    between,
  };
}

/** A table among the rows of a sample. */
interface Located {
  regions: Region[];
  region: Region;
  header: Header;
  between: Between;
}

/** The table without what comes between its rows: once found, its header tells which rows those are. */
function locate(
  name: string,
  rows: readonly SampleRow[],
  headerRow: number | undefined,
  names: readonly string[],
): Located {
  const isSaid = ({ number }: SampleRow): boolean => number === headerRow;
  const comments = rows.slice(0, countComments(rows));
  const left = new Set(comments.filter((row) => !isSaid(row)).map(({ number }) => number));
  const wide = rows.some(({ cells }) => filledWidth(cells) > 1);
  for (const row of rows) if (wide && !isSaid(row) && isRule(row.cells)) left.add(row.number);
  const lastComment = comments.at(-1);
  let found = locateAmong(name, rows, left, headerRow, names);
  if (headerRow === undefined && lastComment !== undefined && isHeaderAfterAll(lastComment, found)) {
    left.delete(lastComment.number);
    found = locateAmong(name, rows, left, lastComment.number, names);
  }
  const between = betweenOf(rows, found, comments);
  const width = widthOf(found);
  let more = false;
  for (const row of rows) {
    const { number, cells } = row;
    if (number <= found.header.row || left.has(number) || kindBetween(cells, between, width) === null) continue;
    left.add(number);
    more = true;
  }
  return more ? { ...locateAmong(name, rows, left, headerRow, names), between } : { ...found, between };
}

function locateAmong(
  name: string,
  rows: readonly SampleRow[],
  left: ReadonlySet<number>,
  headerRow: number | undefined,
  names: readonly string[],
): Omit<Located, "between"> {
  if (headerRow !== undefined && headerRow > 0) {
    // The last row of a header that is found as well is not another header by being said.
    const found = locateAmong(name, rows, left, undefined, names);
    if (found.header.row === headerRow && found.header.rows > 1) return found;
  }
  const kept = rows.filter(({ number }) => !left.has(number));
  const some = kept.length > 0 ? kept : rows;
  const regions = regionsOf(some, headerRow, left);
  const region = largestRegion(regions, headerRow);
  return { regions, region, header: headerOf(name, some, region, headerRow, names) };
}

/** Names after a `#`, right above values: `#id,name,city`. */
function isHeaderAfterAll(comment: SampleRow, { region, header }: Omit<Located, "between">): boolean {
  const [first, ...below] = region.rows;
  if (first.number !== comment.number + 1 || filledWidth(comment.cells) !== region.width || region.width < 2)
    return false;
  if (header.row === 0) return looksLikeHeader([comment.cells, ...region.rows.map(({ cells }) => cells)]);
  const cells = below.map((row) => row.cells);
  return !namesData(first.cells, cells) && !first.cells.some(knownWords());
}

function betweenOf(
  rows: readonly SampleRow[],
  found: Omit<Located, "between">,
  comments: readonly SampleRow[],
): Between {
  const { header } = found;
  const isOfHeader = ({ number }: SampleRow): boolean => number > header.row - header.rows && number <= header.row;
  const headers = rows.filter(isOfHeader).map(({ cells }) => headerCells(cells));
  const repeated = new Set(rows.filter(({ cells }) => repeatsHeader(cells, headers)));
  const isHeader = (row: SampleRow): boolean => repeated.has(row);
  const place = { firstRow: header.row - header.rows + 1, lastRow: header.row, width: widthOf(found) };
  const paged = rows.some((row) => row.number > header.row && isHeader(row));
  const titles = header.row === 0 ? [] : pageTitles(rows, place, isHeader);
  const comment = comments.length === 0 ? null : commentMark(comments[0]);
  return { header: headers, titles, comment, paged };
}

function widthOf({ header, region }: Omit<Located, "between">): number {
  return Math.max(region.width, filledWidth(header.names));
}

function headerOf(
  name: string,
  rows: readonly SampleRow[],
  region: Region,
  headerRow: number | undefined,
  names: readonly string[],
): Header {
  if (headerRow === undefined) {
    const header = findHeader(region, names);
    if (header.row === 0 || header.rows > 1) return header;
    const shifted = shiftedNames(header.names, rowsBelow(region, header.row));
    return shifted === null ? header : { ...header, names: shifted, shifted: true };
  }
  if (headerRow === 0) return noHeader;
  const header = rows.find(({ number }) => number === headerRow);
  if (header === undefined) {
    throw new SluiceError(
      "invalid",
      told`${name} has no row ${headerRow} among its first rows that could be the header.`,
      {
        next: { code: "choose_header_row" },
      },
    );
  }
  const shifted = shiftedNames(header.cells, rowsBelow(region, headerRow));
  return { ...noHeader, row: headerRow, names: shifted ?? header.cells, shifted: shifted !== null };
}

function rowsBelow({ rows }: Region, row: number): SampleRow[] {
  return rows.filter(({ number }) => number > row);
}

/**
 * How many columns there are: as many as the header has, without those at its end that have no name and no value; more
 * where nearly every row has more.
 */
function tableWidth({ row, names }: Header, region: Region): number {
  const widths = rowsBelow(region, row).map(({ cells }) => filledWidth(cells));
  const named = filledWidth(names);
  if (row === 0) return Math.max(1, region.width);
  let width = named;
  for (const each of widths) if (each <= names.length) width = Math.max(width, each);
  const wider = widths.filter((each) => each > width);
  if (wider.length >= 3 && wider.length >= 0.8 * widths.length) return mostFrequent(wider);
  return Math.max(1, width);
}

/** Pairs of a word and its value (`Account;12345`) are titles rather than a table. */
function isTable({ kind, rows, width }: Region): boolean {
  const names = filledWidth(rows[0].cells) > 1 && looksLikeHeader(rows.map(({ cells }) => cells));
  return kind === "table" && (width > 2 || names);
}

/** The table's last row, if other rows follow it; known for a file that was read to its end. */
function lastRowOf(regions: readonly Region[], region: Region, whole: boolean): number | null {
  const last = region.rows.at(-1)?.number ?? 0;
  const after = regions.filter(({ rows }) => rows[0].number > last);
  if (after.length === 0) return null;
  // In a file that was not read to its end, only another table ends this one.
  return whole || after.some(({ kind }) => kind === "table") ? last : null;
}

function findingsOf(
  sample: readonly SampleRow[],
  regions: readonly Region[],
  region: Region,
  { row, rows, guessed, shifted }: Header,
): FileFinding[] {
  const findings: FileFinding[] = [];
  const others = new Set(regions.filter((each) => each !== region && isTable(each)));
  const first = row === 0 ? region.rows[0].number : row - rows + 1;
  const ofOthers = new Set([...others].flatMap((each) => each.rows).map(({ number }) => number));
  const titles = sample.filter(({ number }) => number < first && !ofOthers.has(number)).length;
  if (titles > 0 && row > 0) findings.push({ code: "titles_above_header", count: titles });
  if (others.size > 0) findings.push({ code: "other_tables", count: others.size });
  if (shifted) findings.push({ code: "header_shifted", count: 1 });
  if (guessed) findings.push({ code: "header_guessed", count: 1 });
  return findings;
}
