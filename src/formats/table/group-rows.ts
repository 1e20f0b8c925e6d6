/** Headers of several rows, of which the upper ones group the names in the lowest: `Contact;;Address;` over `Name;Mail;Street;City`. */
import { reads, shareOfData } from "./cell-reading.ts";
import type { IsWord } from "./header-row.ts";
import { isFilled, type SampleRow } from "./sample-row.ts";
import { areSeries } from "./series.ts";
import { isPageNumber } from "./title.ts";

/** The rows of a header, the groups above the names. */
const maxGroupRows = 3;

/**
 * How many rows above the one at `at` group its names; 0: none. Decided with care: a header of one row whose next is taken for
 * names would lose a row.
 */
export function groupsAbove(rows: readonly SampleRow[], at: number, width: number, isWord: IsWord): number {
  const below = rows.slice(at + 1).map(({ cells }) => cells);
  for (let count = Math.min(maxGroupRows, at); count > 0; count--) {
    const header = rows.slice(at - count, at + 1);
    if (header.every(({ number }, k) => number === header[0].number + k) && areGroups(header, width, below, isWord))
      return count;
  }
  return 0;
}

/**
 * Whether the upper rows group the names of the last: each column has a word, each upper row has several, some group spans
 * several names, and the names are above values or are told apart by their groups alone.
 */
function areGroups(header: readonly SampleRow[], width: number, below: readonly string[][], isWord: IsWord): boolean {
  if (below.length < 2) return false;
  const names = paddedTo(header[header.length - 1].cells, width);
  const groups = header.slice(0, -1).map(({ cells }) => paddedTo(cells, width));
  if (groups.some((cells) => cells.filter(isFilled).length < 2)) return false;
  if (groups.some((cells) => cells.some((cell) => reads(cell) === "data" || cell.includes(":")))) return false;
  if (groups.some((cells) => cells.some((cell) => isPageNumber(cell)))) return false;
  // A word and its value at the left, above names of which each has its own.
  const isPair = groups.some((cells) => cells.findLastIndex(isFilled) === 1) && width > 3;
  if (isPair && names.every(isFilled) && new Set(names).size === names.length) return false;
  const numbers = names.filter((cell) => reads(cell) === "data");
  // Years, of which each group has the same.
  if (numbers.length > 0 && !isSeriesByGroup(names, groups, below, isWord)) return false;
  const paths = groupedNames([...groups, names]);
  if (paths.some((path) => path.length === 0)) return false;
  const full = paths.map((path) => path.join("\0"));
  if (new Set(full).size < full.length) return false;
  let spans = false;
  let valued = false;
  for (const [c, name] of names.entries()) {
    if (name === "") continue;
    const values = below.map((cells) => cells[c]?.trim() ?? "");
    if (values.includes(name)) return false;
    if ((shareOfData(values) ?? 0) >= 0.7) valued = true;
    if (c > 0 && names[c - 1] !== "" && paths[c].length > 1 && paths[c][0] === paths[c - 1][0]) spans = true;
  }
  const written = names.filter(isFilled);
  return spans && (valued || new Set(written).size < written.length);
}

function isSeriesByGroup(
  names: readonly string[],
  groups: readonly string[][],
  below: readonly string[][],
  isWord: IsWord,
): boolean {
  const lowest = groups[groups.length - 1];
  const starts = [...lowest.keys()].filter((c) => lowest[c] !== "");
  return starts.every((start, k) => {
    const end = starts[k + 1] ?? names.length;
    const part = names.slice(start, end);
    return (
      part.every((cell) => reads(cell) !== "data") ||
      areSeries(
        part,
        below.map((cells) => cells.slice(start, end)),
        isWord,
      )
    );
  });
}

function paddedTo(cells: readonly string[], width: number): string[] {
  return Array.from({ length: width }, (_, c) => cells[c]?.trim() ?? "");
}

/** Of each column the words from its groups down to its name: a group goes on over blank cells, as far as what is above it does. */
export function groupedNames(rows: readonly (readonly string[])[]): string[][] {
  const names = rows[rows.length - 1];
  const groups = rows.slice(0, -1);
  const current = groups.map(() => "");
  return names.map((name, c) => {
    for (const [level, cells] of groups.entries()) {
      const above = groups.slice(0, level).some((upper) => upper[c] !== "");
      if (cells[c] !== "") current[level] = cells[c];
      else if (above || (name === "" && level === groups.length - 1)) current[level] = "";
    }
    const path = name === "" ? groups.map((cells) => cells[c]) : [...current, name];
    return path.filter((word, k) => word !== "" && !path.slice(0, k).includes(word));
  });
}
