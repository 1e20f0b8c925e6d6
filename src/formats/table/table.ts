/**
 * Where the table is among a file's first rows, whatever the format: its header, its columns' names, its end, and what
 * surrounds it.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { FileFinding } from "../../core/row.ts";
import { columnNames, findHeader, type Header, looksLikeHeader } from "./header.ts";
import { largestRegion, regionsOf } from "./region.ts";
import { filledWidth, isFilled, mostFrequent, type SampleRow } from "./sample-row.ts";
import type { Region } from "./table-region.ts";

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
}

/**
 * Finds the table in a sample: the largest of those that empty rows part, below the titles above it. Empty rows may be
 * omitted from the sample or included.
 *
 * @param headerRow what a person says: the header's row, 0 for none.
 * @param sample.whole the rows are all that the file has, so that its end is known too.
 * @throws SluiceError `invalid` when there is no row, no such header row, or more than 16,384 columns.
 */
export function findTable(
  name: string,
  rows: readonly SampleRow[],
  headerRow?: number,
  { whole = false }: { whole?: boolean } = {},
): FoundTable {
  const filled = rows.filter(({ cells }) => cells.some(isFilled));
  if (filled.length === 0) throw new SluiceError("invalid", told`${name} has only empty lines: no header and no rows.`);
  const regions = regionsOf(filled, headerRow);
  const region = largestRegion(regions, headerRow);
  const header = headerOf(name, rows, region, headerRow);
  const width = tableWidth(header, region);
  if (width > maxColumns) throw new SluiceError("invalid", told`${name} has more than ${maxColumns} columns.`);
  const names = Array.from({ length: width }, (_, c) => header.names[c] ?? "");
  return {
    headerRow: header.row,
    headerRows: header.rows,
    lastRow: lastRowOf(regions, region, whole),
    columns: columnNames(names),
    findings: findingsOf(regions, region, header),
  };
}

function headerOf(name: string, rows: readonly SampleRow[], region: Region, headerRow?: number): Header {
  if (headerRow === undefined) return findHeader(region);
  if (headerRow === 0) return { row: 0, rows: 1, names: [] };
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
  return { row: headerRow, rows: 1, names: header.cells };
}

/**
 * How many columns there are: as many as the header has, without those at its end that have no name and no value; more
 * where nearly every row has more.
 */
function tableWidth({ row, names }: Header, region: Region): number {
  const below = region.rows.filter(({ number }) => number > row);
  const widths = below.map(({ cells }) => filledWidth(cells));
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

function findingsOf(regions: readonly Region[], region: Region, { row, rows }: Header): FileFinding[] {
  const findings: FileFinding[] = [];
  const others = new Set(regions.filter((each) => each !== region && isTable(each)));
  const first = row === 0 ? region.rows[0].number : row - rows + 1;
  const titles = regions
    .filter((each) => !others.has(each))
    .flatMap((each) => each.rows)
    .filter(({ number }) => number < first).length;
  if (titles > 0 && row > 0) findings.push({ code: "titles_above_header", count: titles });
  if (others.size > 0) findings.push({ code: "other_tables", count: others.size });
  return findings;
}
