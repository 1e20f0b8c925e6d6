/** How well marks on trial cut the first rows of a text. */
import { mostFrequent } from "../table/table.ts";
import type { TrialRow } from "./sample.ts";
import type { TrialMarks } from "./syntax.ts";

/** The delimiters that nearly all files have. */
export const usual = [",", ";", "\t", "|"] as const;

/** What is left of the score where the first row, which may be the header, is not cut. */
const uncutHeader = 0.1;

/** How evenly and plausibly marks cut the rows; 0 when they do not cut them. */
export function scoreOf(rows: readonly TrialRow[], marks: TrialMarks): number {
  const below = belowTitles(rows, marks.delimiter);
  if (below === null) return 0;
  const { table, parted } = below;
  const share = (test: (row: TrialRow) => boolean): number => table.filter(test).length / table.length;
  // Commas in the sentences of a file of one column are not in every row.
  if (share(({ width }) => width < 2) > 0.5) return 0;
  const width = mostFrequent(table.map((row) => row.width).filter((each) => each > 1));
  // Delimiters at the end of every line part nothing.
  const filled = filledColumns(table, width);
  if (filled < 2) return 0;
  const broken = share((row) => isBroken(row, marks));
  const sound = broken > 0.1 ? 0.3 : 1 - broken;
  return (
    share((row) => row.width === width) ** 2 *
    Math.log2(1 + filled) *
    sound *
    (0.1 + 0.9 * plainShare(table, marks)) *
    (parted ? 1 : uncutHeader)
  );
}

/** Of the unusual delimiters, which occur in times, addresses and formulas too. */
export function strictScoreOf(rows: readonly TrialRow[], marks: TrialMarks): number {
  if (rows.length < 2) return 0;
  const even = rows.filter(({ width }) => width === rows[0].width && width > 1).length / rows.length;
  if (even < 0.9) return 0;
  if (marks.delimiter === ":") {
    const texts = rows.map(({ cells }) => cells.join(":"));
    if (texts.filter((text) => /\d:\d\d|:\/\/|: /.test(text)).length > rows.length / 10) return 0;
  }
  return scoreOf(rows, marks);
}

/** Of what is inside quoted lines: a comma and a blank are prose, and sentences have now more of them, now fewer. */
export function wrappedScoreOf(rows: readonly TrialRow[], marks: TrialMarks): number {
  const width = mostFrequent(rows.map((row) => row.width));
  const even = rows.filter((row) => row.width === width).length;
  const prose = rows.filter(({ cells }) => cells.length > 1 && cells.slice(1).every((cell) => cell.startsWith(" ")));
  return even < 0.9 * rows.length || prose.length > rows.length / 2 ? 0 : scoreOf(rows, marks);
}

/** `3 March 2024`, `Mar 3, 2024`, `2024-03-03 10:30`: blanks within one value. */
const datesAndTimes =
  /^(\d{1,2}\.? \p{L}{3,9}\.?,? \d{2,4}|\p{L}{3,9}\.? \d{1,2},? \d{2,4}|[\d./-]{6,10}[ T]\d{1,2}:\d\d.*)$/u;

/**
 * Of blanks, which part words and thousands too: all rows are cut alike, the first as well. Cells in quotes show it, or gaps of
 * several blanks, or a column of numbers beside one of words.
 */
export function blankScoreOf(rows: readonly TrialRow[], marks: TrialMarks): number {
  if (rows.length < 2) return 0;
  const [{ width }] = rows;
  const inQuotes = rows.filter(({ quoted }) => quoted.includes(true)).length;
  if (rows.some((row) => isBroken(row, marks))) return 0;
  // A writer that encloses some cells in nearly every row parts the others by blanks, though some have blanks of their own.
  const even = rows.filter((row) => row.width === width).length;
  if (width >= 3 && inQuotes >= 0.9 * rows.length && rows.every((row) => row.width >= width)) return even + 1;
  if (width < 2 || even < rows.length) return 0;
  if (inQuotes > 0 || marks.delimiter === "  ") return scoreOf(rows, marks);
  if (width < 3 || rows.length < 3) return 0;
  const below = rows.slice(1);
  if (below.some(({ cells }) => datesAndTimes.test(cells.join(" ")))) return 0;
  const isNumber = (cell: string): boolean => /\d/.test(cell) && /^[\d.,:/+()%€$£-]+$/.test(cell);
  const columns = rows[0].cells.map((_, c) => below.map(({ cells }) => isNumber(cells[c])));
  const numbers = columns.filter((column) => column.every((each) => each)).length;
  const words = columns.filter((column) => !column.includes(true)).length;
  return numbers > 0 && words > 0 && !rows[0].cells.some(isNumber) ? scoreOf(rows, marks) : 0;
}

/**
 * The rows from the first that is cut: what is above may be titles, if something distinguishes them from a column's name over
 * sentences. Null where the delimiter is none. `parted`: nothing is above, or an empty line is between.
 */
function belowTitles(
  rows: readonly TrialRow[],
  delimiter: string,
): { table: readonly TrialRow[]; parted: boolean } | null {
  const first = rows.findIndex(({ width }) => width > 1);
  if (first < 0) return null;
  if (first === 0) return { table: rows, parted: true };
  const table = rows.slice(first);
  const parted = table[0].number > rows[first - 1].number + 1;
  if (!parted && first > rows.length / 3) return { table: rows, parted };
  // A comma and a space are prose.
  const prose = table.filter(({ cells }) => cells.slice(1).some((cell) => cell.startsWith(" "))).length;
  if (delimiter !== "\t" && prose > table.length / 2) return rows[0].width > 1 ? { table: rows, parted } : null;
  return { table, parted };
}

/** Columns up to the last that has something in it. */
function filledColumns(rows: readonly TrialRow[], width: number): number {
  let columns = 0;
  for (const { cells } of rows) {
    for (let c = Math.min(cells.length, width); c > columns; c--) {
      if (cells[c - 1].trim() === "") continue;
      columns = c;
      break;
    }
  }
  return Math.max(columns, rows.some((row) => row.width > row.cells.length) ? width : 0);
}

/** Whether a row has quotes where these marks do not allow them. */
export function isBroken({ cells, quoted, unclosed, irregular }: TrialRow, { quote }: TrialMarks): boolean {
  if (unclosed || irregular) return true;
  if (quote === "none") return false;
  if (quote === "'") return cells.some((cell, c) => !quoted[c] && cell.startsWith(quote));
  return cells.some((cell, c) => !quoted[c] && (cell.startsWith(quote) || cell.split(quote).length % 2 === 0));
}

/** The share of the cells in which no other delimiter seems to be at work. */
function plainShare(rows: readonly TrialRow[], { quote, delimiter }: TrialMarks): number {
  let cellCount = 0;
  let plain = 0;
  const inner = quote === "none" ? /$^/g : new RegExp(`${quote}[^${quote}]*${quote}`, "g");
  const others = usual.filter((each) => each !== delimiter);
  for (const { cells, quoted } of rows.slice(0, 100)) {
    for (const [c, cell] of cells.entries()) {
      cellCount++;
      if (quoted[c]) {
        plain++;
        continue;
      }
      const bare = quote !== "none" && cell.includes(quote) ? cell.replaceAll(inner, "") : cell;
      if (!others.some((each) => bare.includes(each)) || isPlainComma(bare)) plain++;
    }
  }
  return plain / Math.max(1, cellCount);
}

/** Commas as numbers and sentences have them (`EUR 12,50`, `Dupont, Jean`), and no other delimiter. */
function isPlainComma(text: string): boolean {
  if (/[;|\t]/.test(text)) return false;
  return !/,(?! )/.test(text) || /^[a-z€$£+(-]{0,4}\s?\d[\d.,\s'’]*[a-z%€$£²³)]{0,4}$/i.test(text);
}
