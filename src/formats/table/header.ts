/** The header of a table: which of its rows names the columns, and what the names are. */
import { mayName, reads, shareOfData } from "./cell-reading.ts";
import { groupedNames, groupsAbove } from "./group-rows.ts";
import { type IsWord, looksLikeHeader, namesData } from "./header-row.ts";
import { countKnown, knownWords } from "./header-words.ts";
import { labelsBelow } from "./label-rows.ts";
import { filledWidth, isFilled, mostFrequent, type SampleRow } from "./sample-row.ts";
import type { Region } from "./table-region.ts";
import { isTitle, maxTitles } from "./title.ts";

export interface Header {
  /** Its last row's number; 0: there is none. */
  row: number;
  /** How many rows it takes. */
  rows: number;
  /** The words above each column, as written. */
  names: string[];
  /** Another row might be the header, or none. */
  guessed: boolean;
  /** The first column has no name, which `names` has as a blank one. */
  shifted: boolean;
}

export const noHeader: Header = { row: 0, rows: 1, names: [], guessed: false, shifted: false };

/** Rows below a header that are compared with it. */
const maxBelow = 200;

/**
 * The header of a part of the file: below the titles, its first row, if that has names rather than values; with the rows above
 * that group the names, and those below that say more of them.
 *
 * @param names what the importer knows its columns by.
 */
export function findHeader({ rows, width }: Region, names: readonly string[] = []): Header {
  const isWord = knownWords(names);
  const first = Math.max(
    0,
    rows.slice(0, maxTitles).findIndex((_, k) => !isTitle(rows, k, width)),
  );
  const sample = rows.slice(0, first + maxTitles + maxBelow);
  for (const at of [first + 2, first + 1, first]) {
    const groups = at < sample.length ? groupsAbove(sample, at, width, isWord) : 0;
    // A group row that is full is no title, and the names are below it; one that is not is above.
    if (groups > 0 && at - groups <= first) return groupedHeader(sample, at, groups, width);
  }
  const firstIsHeader = looksLikeHeader(belowOf(sample, first), isWord);
  const { at, guessed } = namesRow(sample, { first, isHeader: firstIsHeader }, width, isWord, names);
  const isHeader = at === first ? firstIsHeader : looksLikeHeader(belowOf(sample, at), isWord);
  if (!isHeader && countKnown(sample[at].cells, names) < 2) return noHeader;
  const labels = labelsBelow(sample, at, width);
  return {
    row: sample[at].number + labels.count,
    rows: 1 + labels.count,
    names: wordiest(sample.slice(at, at + 1 + labels.count), names),
    guessed: guessed || labels.guessed,
    shifted: false,
  };
}

function belowOf(rows: readonly SampleRow[], at: number): string[][] {
  return rows.slice(at, at + maxBelow).map(({ cells }) => cells);
}

function groupedHeader(rows: readonly SampleRow[], at: number, groups: number, width: number): Header {
  const header = rows
    .slice(at - groups, at + 1)
    .map(({ cells }) => Array.from({ length: width }, (_, c) => cells[c]?.trim() ?? ""));
  const names = groupedNames(header).map((path) => path.join(" "));
  return { row: rows[at].number, rows: groups + 1, names, guessed: false, shifted: false };
}

/** The row of a header that has most names that the importer knows, the first of those that have as many. */
function wordiest(rows: readonly SampleRow[], names: readonly string[]): string[] {
  return rows
    .map(({ cells }) => cells)
    .reduce((best, each) => (countKnown(each, names) > countKnown(best, names) ? each : best));
}

/** Rows below the first that may be the names. */
const maxRowsAbove = 20;

/**
 * Which row has the names: the first, unless one below it has them for certain and those above are no rows of the same table
 * (`HDR,ACME,2024-05-01,…`; `Crown Supplies, 12 High Street, Leeds`).
 */
function namesRow(
  rows: readonly SampleRow[],
  { first, isHeader }: { first: number; isHeader: boolean },
  width: number,
  isWord: IsWord,
  names: readonly string[],
): { at: number; guessed: boolean } {
  const known = knownRow(rows, first, names);
  if (known > first) return { at: known, guessed: false };
  const firstCells = rows[first].cells;
  const fits = filledWidth(firstCells) === width;
  const allNames = firstCells.every((cell) => reads(cell) !== "data");
  for (let at = first + 1; at < Math.min(rows.length - 1, first + maxRowsAbove); at++) {
    const above = rows.slice(first, at);
    if (!isFull(rows[at], width)) continue;
    const below = belowOf(rows, at).slice(1);
    const certain = namesData(rows[at].cells, below) && !comesBelow(rows[at].cells, below);
    const words = rows[at].cells.filter(isWord).length;
    const isForeign = above.every((row) => !isOfTable(row.cells, below, width));
    if (isHeader && fits && allNames) {
      // Names above names: the upper ones are prose, or nobody calls a column so.
      if (at > first + 1) break;
      if (isProse(rows, first) && (certain || words > 0)) return { at, guessed: true };
      const mostWords = words >= 3 && words >= 0.75 * width && !firstCells.some(isWord);
      if (mostWords && !certain && !namesData(firstCells, below) && fewWords(below, isWord))
        return { at, guessed: true };
      continue;
    }
    if (isHeader && fits && !(words > firstCells.filter(isWord).length)) break;
    const near = isHeader && filledWidth(firstCells) === width - 1;
    if (certain && isForeign && (!near || words > 0)) return { at, guessed: false };
    const narrower = above.every(({ cells }) => filledWidth(cells) !== width);
    if (
      narrower &&
      words >= 2 &&
      words >= 0.6 * width &&
      fewWords(below, isWord) &&
      !above.some(({ cells }) => cells.some(isWord))
    )
      return { at, guessed: false };
    if (
      isHeader &&
      narrower &&
      at === first + 1 &&
      isProse(rows, first) &&
      below.every((cells) => filledWidth(cells) === width)
    )
      return { at, guessed: false };
  }
  return { at: first, guessed: false };
}

/** The row near the top that has most of the importer's names, if it has several and more than the first. */
function knownRow(rows: readonly SampleRow[], first: number, names: readonly string[]): number {
  if (names.length === 0) return first;
  let best = { at: first, count: Math.max(1, countKnown(rows[first].cells, names)) };
  for (let at = first + 1; at < Math.min(rows.length, first + maxRowsAbove); at++) {
    const count = countKnown(rows[at].cells, names);
    if (count > best.count) best = { at, count };
  }
  return best.at;
}

/** Whether a row is as wide as the table, and all that it has may name something. */
function isFull({ cells }: SampleRow, width: number): boolean {
  const filled = cells.filter(isFilled);
  return filledWidth(cells) === width && filled.length >= 0.6 * width && filled.every(mayName);
}

function comesBelow(cells: readonly string[], below: readonly string[][]): boolean {
  const line = cells.join("\0");
  return below.some((row) => row.join("\0") !== line && cells.some((cell, c) => isFilled(cell) && row[c] === cell));
}

/** Whether a row has data where the rows below have it, and is as wide. */
function isOfTable(cells: readonly string[], below: readonly string[][], width: number): boolean {
  if (filledWidth(cells) !== width) return false;
  return cells.every(
    (cell, c) => !isFilled(cell) || !mayName(cell) || (shareOfData(below.map((row) => row[c] ?? "")) ?? 0) < 0.8,
  );
}

/** A comma and a space in each place, unlike the rows below. */
function isProse(rows: readonly SampleRow[], at: number): boolean {
  const spaced = (cells: readonly string[]): boolean =>
    cells.length > 1 && cells.slice(1).every((cell) => /^ \S/.test(cell));
  return spaced(rows[at].cells) && !rows.slice(at + 1, at + 10).some(({ cells }) => spaced(cells));
}

/** Whether hardly a row has several words that columns are called by: a dictionary is no evidence. */
function fewWords(below: readonly string[][], isWord: IsWord): boolean {
  return below.filter((cells) => cells.filter(isWord).length >= 2).length <= 0.1 * below.length;
}

/**
 * The names with a blank one before them where they are one fewer than the cells of the rows, whose first is no value but tells
 * them apart, as R writes the names of rows; null: they are not.
 */
export function shiftedNames(names: readonly string[], below: readonly SampleRow[]): string[] | null {
  const count = filledWidth(names);
  if (count === 0 || below.length < 2 || !names.slice(0, count).every(isFilled) || isOrdinal(names[0])) return null;
  const widths = below.map(({ cells }) => filledWidth(cells));
  if (mostFrequent(widths) !== count + 1 || widths.filter((each) => each === count + 1).length < 0.8 * widths.length)
    return null;
  if (widths.some((each) => each > count + 1)) return null;
  const first = below.map(({ cells }) => cells[0]?.trim() ?? "");
  if (first.some((cell) => cell === "") || new Set(first).size < first.length) return null;
  const cells = below.map((row) => row.cells);
  return areRowNames(first, names[0]) || addressesComeNext(names, cells) ? ["", ...names.slice(0, count)] : null;
}

const ordinal =
  /^(#|n[or°]?\.?|nr\.?|num(ber|éro|mer)?|id|ids?|key|index|row|rad|zeile|ligne|pos(ition)?\.?|lfd\.? ?nr\.?|code|kod)$/i;
function isOrdinal(name: string): boolean {
  return ordinal.test(name.trim());
}

/** What is usually in a first column of words. */
const identity =
  /^(full ?|last ?|first ?|company ?|product ?|item ?)?(name|nom|namn|title|titel|titre|label|product|produkt|produit|artikel|article|item|sku|e-?mail|customer|client|kund|kunde|company|contact|country|city|ville|ort|stad|stadt)$/i;

const ofAddresses = /^(e-?mail|mail|courriel|e-?post)\b/i;

/** Whether the e-mails that a name promises are in the column after it, and none is in its own. */
function addressesComeNext(names: readonly string[], below: readonly (readonly string[])[]): boolean {
  const isAddress = (cell = ""): boolean => cell.includes("@");
  const at = names.findIndex((name) => ofAddresses.test(name.trim()));
  return at >= 0 && below.every((cells) => !isAddress(cells[at]) && isAddress(cells[at + 1]));
}

/** Numbers from row to row, or words that are no numbers below a name of something else. */
function areRowNames(cells: readonly string[], firstName: string): boolean {
  if (cells.every((cell) => reads(cell) === "name")) return !identity.test(firstName.trim());
  if (!cells.every((cell) => /^\d+$/.test(cell))) return false;
  const numbers = cells.map(Number);
  const steps = numbers.slice(1).map((each, k) => each - numbers[k]);
  return steps.every((step) => step === 1) || (numbers.length >= 5 && steps.every((step) => step > 0));
}
