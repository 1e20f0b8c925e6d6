/** The header of a table: which of its rows names the columns, and what the names are. */

import { filledWidth, isFilled, type SampleRow } from "./sample-row.ts";
import type { Region } from "./table-region.ts";

export interface Header {
  /** Its last row's number; 0: there is none. */
  row: number;
  /** How many rows it takes. */
  rows: number;
  /** The words above each column, as written. */
  names: string[];
}

const none: Header = { row: 0, rows: 1, names: [] };

/** Titles right above a header are searched for in this many rows. */
const maxTitles = 20;
/** Rows below a header that are compared with it. */
const maxBelow = 200;

/** The header of a part of the file: below the titles, its first row, if that has names rather than values. */
export function findHeader({ rows, width }: Region): Header {
  const first = rows.slice(0, maxTitles).findIndex((_, k) => !isTitle(rows, k, width));
  const at = Math.max(0, first);
  const below = (from: number): string[][] => rows.slice(from, from + maxBelow).map(({ cells }) => cells);
  for (const k of [at - 1, at]) {
    if (k >= 0 && k + 1 < rows.length && isGroupRow(rows[k], rows[k + 1], width, below(k + 2))) {
      const names = joinWords(rows[k].cells, rows[k + 1].cells, width);
      return { row: rows[k + 1].number, rows: 2, names };
    }
  }
  if (!looksLikeHeader(below(at))) return none;
  return { row: rows[at].number, rows: 1, names: rows[at].cells };
}

/** A row with little in it, or cut short, above one that has more: `Report 2024`, `Client: Dupont`. */
function isTitle(rows: readonly SampleRow[], at: number, width: number): boolean {
  const filled = countFilled(rows[at].cells);
  const short = filledWidth(rows[at].cells) < width && rows[at].cells.length < width;
  const few = width >= 3 ? filled <= Math.max(1, 0.4 * width) : filled < width && short;
  if (!few) return false;
  return rows.slice(at + 1, at + 1 + maxTitles).some(({ cells }) => countFilled(cells) >= 0.7 * width);
}

function countFilled(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) if (isFilled(cell)) count++;
  return count;
}

/** Digits, and what separates them in numbers, dates and phones. */
const digitsAndMarks = /^[\s\d.,:/+()%€$£-]*$/;

/** What a cell reads as: a name may be a column's; data (numbers, dates, phones, e-mails) is none. */
export function reads(cell: string): "blank" | "name" | "data" {
  if (!isFilled(cell)) return "blank";
  return cell.includes("@") || (digitsAndMarks.test(cell) && /\d/.test(cell)) ? "data" : "name";
}

/**
 * A header names: no cell of it is an e-mail, few are numbers or dates, and none comes again below as a value. `rows`
 * begins with it.
 */
export function looksLikeHeader(rows: readonly string[][]): boolean {
  const [first, ...below] = rows;
  const filled = first.filter(isFilled);
  if (filled.length === 0 || filled.some((cell) => cell.includes("@"))) return false;
  const dataLike = filled.filter((cell) => reads(cell) === "data").length;
  if (dataLike === 0) return !comesAgain(first, below);
  return below.length > 0 && (dataLike < filled.length / 2 || areYears(first, below));
}

const year = /^(19|20)\d\d$/;

/** Whether what is data in a row are years (2023; 2024), each another, above values that are none. */
export function areYears(first: readonly string[], below: readonly string[][]): boolean {
  const columns = [...first.keys()].filter((c) => reads(first[c]) === "data");
  const years = columns.map((c) => first[c].trim());
  return (
    years.every((each) => year.test(each)) &&
    new Set(years).size === years.length &&
    columns.every((c) => !below.some((cells) => year.test(cells[c]?.trim() ?? "")))
  );
}

/** Whether a row's words are values of their columns: one of them comes again, and none names anything else. */
function comesAgain(first: readonly string[], below: readonly string[][]): boolean {
  const line = first.join("\0");
  // A header that is repeated further down, as in concatenated files, is still a header.
  const others = below.filter((cells) => cells.join("\0") !== line);
  let again = 0;
  for (const [c, cell] of first.entries()) {
    if (!isFilled(cell)) continue;
    const values = others.map((cells) => cells[c] ?? "").filter(isFilled);
    if (values.length > 0 && values.filter((value) => reads(value) === "data").length >= 0.8 * values.length)
      return false;
    if (values.includes(cell)) again++;
  }
  return again > 0;
}

/**
 * Whether a row groups the names in the one below it (`Contact;;Address;` over `Name;Mail;Street;City`): each column has a
 * word in one of them, some group spans several names, and values are below. Decided with care: a header of one row whose
 * next is taken for names would lose a row.
 */
function isGroupRow(group: SampleRow, names: SampleRow, width: number, below: readonly string[][]): boolean {
  if (names.number !== group.number + 1 || below.length < 2) return false;
  let groups = 0;
  let spans = false;
  let current = "";
  let valued = false;
  const seen = new Set<string>();
  for (let c = 0; c < width; c++) {
    const over = group.cells[c]?.trim() ?? "";
    const name = names.cells[c]?.trim() ?? "";
    if (over === "" && name === "") return false;
    if (reads(over) === "data" || reads(name) === "data" || over.includes(":")) return false;
    if (over !== "") groups++;
    if (name !== "") {
      if (current !== "" && (over === "" || over === current)) spans = true;
      const values = below.map((cells) => cells[c] ?? "").filter(isFilled);
      if (values.length > 0 && values.filter((value) => reads(value) === "data").length >= 0.7 * values.length)
        valued = true;
      if (values.includes(name)) return false;
    }
    current = name === "" ? "" : over || current;
    const full = `${current}\0${name}`;
    if (name !== "" && seen.has(full)) return false;
    seen.add(full);
  }
  return groups >= 2 && spans && valued;
}

/** Each name with its group's before it; a word that is in both rows is used once. */
function joinWords(group: readonly string[], names: readonly string[], width: number): string[] {
  let current = "";
  return Array.from({ length: width }, (_, c) => {
    const over = group[c]?.trim() ?? "";
    const name = names[c]?.trim() ?? "";
    current = name === "" ? "" : over || current;
    return name === "" ? over : [current === name ? "" : current, name].filter(isFilled).join(" ");
  });
}

/** Headers as names that tell every column from the others: `Email`, `Email (2)`, `Column 3`. */
export function columnNames(headers: readonly string[]): string[] {
  const written = new Set(headers.map((header) => header.trim()));
  const taken = new Set<string>();
  const nexts = new Map<string, number>();
  return headers.map((header, c) => {
    const trimmed = header.trim();
    const name = trimmed || `Column ${c + 1}`;
    let unique = name;
    for (let n = nexts.get(name) ?? 2; taken.has(unique) || (unique !== trimmed && written.has(unique)); n++) {
      unique = `${name} (${n})`;
      nexts.set(name, n + 1);
    }
    taken.add(unique);
    return unique;
  });
}
