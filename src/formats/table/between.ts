/**
 * What comes between the rows of a table and is none of them: its header once more (files put together, pages of a print), the
 * titles of pages, rules of dashes, comments.
 */
import type { Between } from "../../core/row.ts";
import { totals } from "./region.ts";
import { filledWidth, isFilled, type SampleRow } from "./sample-row.ts";
import { commentMark, countFilled, isPageNumber } from "./title.ts";

export type BetweenKind = "header_repeated" | "page_titles" | "rules_between";

const ruleMarks = /^[\s\-=_~+|:.#*─━═│┃║┼├┤┬┴┌┐└┘╔╗╚╝╠╣╦╩╬]+$/;
const ruleRun = /([-=_~─━═])\1\1|(:-+:?|-+:)|([*#.])\3{9}/;

/** Whether all that a row has is lines drawn of signs: `-----+-----`, `|---|:--|`, `=====`. */
export function isRule(cells: readonly string[]): boolean {
  let filled = 0;
  let runs = 0;
  for (const cell of cells) {
    if (!isFilled(cell)) continue;
    if (!ruleMarks.test(cell)) return false;
    filled++;
    if (ruleRun.test(cell)) runs++;
    else if (!/^\s*[+|│┃║]\s*$/.test(cell)) return false;
  }
  return filled > 0 && runs > 0;
}

/** A title's words, with every number as a zero: the next page has the same. */
export function titleText(cells: readonly string[]): string {
  return cells.filter(isFilled).join(" ").replaceAll(/\d+/g, "0").replaceAll(/\s+/g, " ").trim();
}

/**
 * A header's row as it is compared: trimmed, also of the byte order mark that a file of its own begins with, and without the blank
 * cells at its end.
 */
export function headerCells(cells: readonly string[]): string[] {
  return cells.slice(0, filledWidth(cells)).map((cell) => cell.trim());
}

/** Whether a row is one of the header's once more. Nearly every row differs in its first cell. */
export function repeatsHeader(cells: readonly string[], header: Between["header"]): boolean {
  return header.some((row) => row.every((name, c) => cells[c]?.trim() === name) && filledWidth(cells) === row.length);
}

/** What a row is if it is no row of the table; null: it is one. `columnCount`: of the table. */
export function kindBetween(cells: readonly string[], between: Between, columnCount: number): BetweenKind | null {
  if (columnCount > 1 && isRule(cells)) return "rules_between";
  const filled = countFilled(cells);
  if (filled > 0 && repeatsHeader(cells, between.header)) return "header_repeated";
  if (columnCount < 2 || filled === 0 || filled >= columnCount) return null;
  if (between.titles.length > 0 && between.titles.includes(titleText(cells))) return "page_titles";
  if (filled > Math.max(1, 0.5 * columnCount)) return null;
  if (between.comment !== null && commentMark({ number: 0, cells: [...cells] }) === between.comment)
    return "page_titles";
  const line = cells.filter(isFilled).join(" ");
  return isPageNumber(line, between.paged) ? "page_titles" : null;
}

/** Rows above a header's repetition that may be titles of its page. */
const maxPageTitles = 12;

/**
 * The titles of pages, as `titleText` writes them: those above the header, and what comes before each of its repetitions.
 *
 * @param isHeader whether a row is the header's, the first or a repetition.
 */
export function pageTitles(
  rows: readonly SampleRow[],
  { firstRow, lastRow, width }: { firstRow: number; lastRow: number; width: number },
  isHeader: (row: SampleRow) => boolean,
): string[] {
  const narrow = ({ cells }: SampleRow): boolean => {
    const filled = countFilled(cells);
    return filled < width && filled <= Math.max(1, 0.5 * width);
  };
  const titles = new Set<string>();
  const keep = (text: string): void => {
    // What is added up comes again as well.
    if (!totals.test(text) && /\p{L}.*\p{L}.*\p{L}/u.test(text)) titles.add(text);
  };
  for (const row of rows) if (row.number < firstRow && countFilled(row.cells) < width) keep(titleText(row.cells));
  const seen = new Map<string, number>();
  for (const [at, row] of rows.entries()) {
    if (row.number <= lastRow || !isHeader(row)) continue;
    const own = new Set<string>();
    for (let k = at - 1; k >= 0 && at - k <= maxPageTitles && rows[k].number > lastRow && narrow(rows[k]); k--)
      if (!isHeader(rows[k])) own.add(titleText(rows[k].cells));
    for (const text of own) seen.set(text, (seen.get(text) ?? 0) + 1);
  }
  for (const [text, times] of seen) if (times > 1) keep(text);
  return [...titles];
}
