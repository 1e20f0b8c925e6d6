/** Whether a row names the columns of those below it. */
import { mayName, reads, shareOfData } from "./cell-reading.ts";
import { isFilled } from "./sample-row.ts";
import { areSeries } from "./series.ts";

type Rows = readonly (readonly string[])[];

/** Tells words that columns are usually called by; where nobody knows any, none is. */
export type IsWord = (cell: string) => boolean;
const noWords: IsWord = () => false;

/**
 * A header names: no cell of it is an e-mail, few are numbers or dates, and none comes again below as a value. `rows`
 * begins with it.
 */
export function looksLikeHeader(rows: Rows, isWord: IsWord = noWords): boolean {
  const [first, ...below] = rows;
  const filled = first.filter(isFilled);
  if (filled.length === 0 || filled.some((cell) => cell.includes("@"))) return false;
  const dataLike = filled.filter((cell) => reads(cell) === "data").length;
  if (dataLike === 0) return !comesAgain(first, below) || (filled.length > 1 && filled.every(isWord));
  if (below.length === 0) return false;
  if (areSeries(first, below, isWord)) return true;
  return dataLike < filled.length / 2 && !isOneOfThem(first, below, isWord);
}

/** Whether a row that has data has it where the rows below have it too, and nothing in it is a name for certain. */
function isOneOfThem(first: readonly string[], below: Rows, isWord: IsWord): boolean {
  if (below.length < 2 || first.filter(isWord).length >= 2 || namesData(first, below)) return false;
  return [...first.keys()].every(
    (c) => reads(first[c]) !== "data" || (shareOfData(below.map((cells) => cells[c] ?? "")) ?? 0) >= 0.8,
  );
}

/** Whether a cell of the row is a name above data. */
export function namesData(first: readonly string[], below: Rows): boolean {
  return first.some((cell, c) => mayName(cell) && (shareOfData(below.map((cells) => cells[c] ?? "")) ?? 0) >= 0.8);
}

/** Whether a row's words are values of their columns: one of them comes again, and none names anything else. */
function comesAgain(first: readonly string[], below: Rows): boolean {
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
