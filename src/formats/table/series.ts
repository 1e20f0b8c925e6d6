/** Names of columns that are numbers or days themselves: years, months, sizes, hours. */
import { reads } from "./cell-reading.ts";
import { isFilled } from "./sample-row.ts";

const year = /^(19|20)\d\d$/;
/** A month or a day: `2024-01`, `01/2024`, `31.12.2024`, `2024-01-31`. */
const period = /^((19|20)\d\d[-/.]\d\d?([-/.]\d\d?)?|\d\d?[-/.](19|20)\d\d|\d\d?[-/.]\d\d?[-/.](19|20)?\d\d)$/;
const number = /^\d{1,6}([.,]\d)?$/;

/** Rows of values that run on as a series does, of all: more, and the first row is one of them. Every second pair does by chance. */
const mostThatRun = 1 / 3;
const mostPairsThatRun = 2 / 3;

/**
 * Whether what is data in a row names its columns all the same: years or periods above values that are none; numbers that
 * run on from column to column, as values hardly do, beside a name or a blank corner.
 */
export function areSeries(
  first: readonly string[],
  below: readonly (readonly string[])[],
  isWord: (cell: string) => boolean,
): boolean {
  const columns = [...first.keys()].filter((c) => reads(first[c]) === "data");
  const cells = columns.map((c) => first[c].trim());
  if (columns.length === 0 || new Set(cells).size < cells.length) return false;
  for (const pattern of [year, period]) {
    const isOne = (cell: string | undefined): boolean => pattern.test(cell?.trim() ?? "");
    if (cells.every(isOne)) return columns.every((c) => !below.some((row) => isOne(row[c])));
  }
  const steps = stepsOf(cells);
  if (steps === null || columns.length < 2) return false;
  // Places instead of names, above words alone.
  if (
    columns.length === first.length &&
    isCounted(cells) &&
    !below.some((row) => row.some((cell) => reads(cell) === "data"))
  )
    return below.length > 0;
  const rows = below.filter((row) => columns.every((c) => isFilled(row[c] ?? "")));
  const regular = isRegular(steps);
  const running = rows.filter((row) => {
    const own = stepsOf(columns.map((c) => row[c].trim()));
    return own !== null && (!regular || columns.length < 3 || isRegular(own));
  }).length;
  if (rows.length === 0 || running > rows.length * (columns.length > 2 ? mostThatRun : mostPairsThatRun)) return false;
  const others = [...first.keys()].filter((c) => !columns.includes(c));
  if (others.some((c) => isLikeThose(c, first, below))) return false;
  const named = others.some((c) => isWord(first[c]) || hasDigitsOnlyBelow(c, first, below));
  const isCorner = first[0]?.trim() === "" && below.every((row) => isFilled(row[0] ?? ""));
  return named || isCorner || (others.length > 0 && regular && columns.length >= 4);
}

function isRegular(steps: readonly number[]): boolean {
  return steps.every((step) => Math.abs(step - steps[0]) < 1e-9);
}

/** `0`, `1`, `2` … */
function isCounted(cells: readonly string[]): boolean {
  return ["0", "1"].includes(cells[0]) && cells.every((cell, k) => Number(cell) === Number(cells[0]) + k);
}

/** A code above codes of the same form: `A1` above `A2`, `A3`. */
function isLikeThose(c: number, first: readonly string[], below: readonly (readonly string[])[]): boolean {
  const form = (cell: string): string => cell.trim().replaceAll(/\p{L}/gu, "a").replaceAll(/\d/g, "9");
  if (!/\d/.test(first[c])) return false;
  const forms = below.map((row) => form(row[c] ?? "")).filter(isFilled);
  return forms.filter((each) => each === form(first[c])).length >= 0.8 * forms.length;
}

/** How far each number is above the one before; null where one is not, or is no number. */
function stepsOf(cells: readonly string[]): number[] | null {
  if (!cells.every((cell) => number.test(cell))) return null;
  const numbers = cells.map((cell) => Number(cell.replace(",", ".")));
  const steps = numbers.slice(1).map((each, k) => each - numbers[k]);
  return steps.every((step) => step > 0) ? steps : null;
}

/** A word above codes: `Item` above `S1`, `S2`. */
function hasDigitsOnlyBelow(c: number, first: readonly string[], below: readonly (readonly string[])[]): boolean {
  const word = first[c].trim();
  const values = below.map((row) => row[c] ?? "").filter(isFilled);
  return word !== "" && !/\d/.test(word) && values.length > 0 && values.every((value) => /\d/.test(value));
}
