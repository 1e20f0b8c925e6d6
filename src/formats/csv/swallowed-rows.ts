/**
 * Tells a quoted cell that has line breaks in it (an address, a comment, a piece of CSV) from a stray quote that would swallow
 * the rows after it: what lies between two stray quotes are lines that each are a whole row.
 */
import { isBlank, type LineCells, lineCells } from "./line-cells.ts";
import { isLineBreak, type Syntax, space } from "./syntax.ts";

/** Lines that are looked at besides the last one, and the text that is. */
const maxLines = 8;
const maxText = 64 * 1024;
/** Cells whose values are compared. */
const maxCompared = 32;

/** What a quoted cell over several lines is: one cell, `doubtful` if its lines could be rows all the same; or `rows`. */
export type Verdict = "cell" | "doubtful" | "rows";

export interface OverLines {
  bytes: Uint8Array;
  syntax: Syntax;
  /** Cells that a row has; 0: it is not known. */
  width: number;
  /** Start and end of each cell of the row that is before this one. */
  before: ArrayLike<number>;
  /** The cell's place in the row, from 0. */
  column: number;
  /** The quote that opens the cell, the first line break in it, and the quote that closes it. */
  opening: number;
  lineBreak: number;
  closing: number;
  /** What follows the closing quote, to where the line ends. */
  after: number;
  lineEnd: number;
}

export function judgeOverLines(cell: OverLines): Verdict {
  const { bytes, syntax, width, column, opening, lineBreak, closing, after, lineEnd } = cell;
  const { stray, opens } = innerQuotes(cell);
  if (width === 0) return stray ? "rows" : "cell";
  // What is behind the cells before it.
  const behind = { syntax, width: Math.max(1, width - column) };
  const first = lineCells(bytes, { from: opening, to: lineBreak }, { ...behind, asText: true });
  const rest = lineCells(bytes, { from: after, to: lineEnd }, behind);
  /** As rows: how many cells the first line has, and as one cell: how many the row has. */
  const firstCount = column + first.count;
  const cellCount = column + rest.count;
  const fitsAsCell = cellCount === width || (rest.isOpen && cellCount < width);
  const usual = firstCount === cellCount && firstCount >= 2 && firstCount < width ? firstCount : width;
  const lines = linesBetween(cell);
  const isRow = (line: LineCells): boolean => line.count === usual && filledCells(bytes, line) >= Math.min(2, usual);
  const inner = lines.slice(0, -1);
  const areRows =
    firstCount === usual && isRow(lines[lines.length - 1]) && 2 * inner.filter(isRow).length >= inner.length;
  if (!areRows) {
    if (!stray) return "cell";
    return fitsAsCell && !(opens && firstCount === width) ? "cell" : "rows";
  }
  if (stray || cellCount !== usual) return "rows";
  const agreement = compareLines(cell, first, lines, rest);
  if (width === 1) return agreement > 0 && agreement === lines.length ? "rows" : "cell";
  if (agreement < 0 || isProse(cell, first, lines, rest) || hasDoubledQuotes(bytes, opening + 1, closing, syntax))
    return "cell";
  const isLong = inner.length > 0 && usual > 2;
  return isLong || agreement >= (inner.length > 0 ? 1 : 2) ? "rows" : "doubtful";
}

function filledCells(bytes: Uint8Array, { spans, count }: LineCells): number {
  let filled = 0;
  for (let k = 0; k < count; k++) if (!isBlank(bytes, spans[2 * k], spans[2 * k + 1])) filled++;
  return filled;
}

/** Whether a quote inside is not escaped, as far as it is looked at, and whether one seems to open a cell. */
function innerQuotes({ bytes, syntax, opening, closing }: OverLines): { stray: boolean; opens: boolean } {
  const { quote, escape } = syntax;
  const end = Math.min(closing, opening + maxText);
  let stray = false;
  for (let at = opening + 1; at < end; at++) {
    const next = bytes[at + 1];
    if (at + 1 < end && ((bytes[at] === quote && next === quote) || (bytes[at] === escape && next === escape))) at++;
    else if (bytes[at] === escape && escape !== quote && next === quote) at++;
    else if (bytes[at] === quote) {
      stray = true;
      let before = at - 1;
      while (before > opening && syntax.blanks[bytes[before]] === 1) before--;
      if (before > opening && syntax.ends[bytes[before]] === 1) return { stray, opens: true };
    }
  }
  return { stray, opens: false };
}

/** The first lines after the one that opens the cell, and the one that closes it; blank lines are none. */
function linesBetween({ bytes, syntax, width, lineBreak, closing, lineEnd }: OverLines): LineCells[] {
  const lines: LineCells[] = [];
  let from = lineBreak + 1;
  const most = Math.min(closing, lineBreak + maxText);
  for (let at = from; at < most && lines.length < maxLines; at++) {
    if (!isLineBreak(bytes[at])) continue;
    if (!isBlank(bytes, from, at)) lines.push(lineCells(bytes, { from, to: at }, { syntax, width }));
    from = at + 1;
  }
  let last = closing;
  while (last > lineBreak + 1 && !isLineBreak(bytes[last - 1])) last--;
  lines.push(lineCells(bytes, { from: last, to: lineEnd }, { syntax, width }));
  return lines;
}

type Kind = "blank" | "number" | "code" | "email" | "text";

/**
 * How well the lines' values agree, were they rows, with the cells of the row that are certain: those before the cell and
 * those after it. Below 0: they do not.
 */
function compareLines(
  { bytes, column, before }: OverLines,
  first: LineCells,
  lines: readonly LineCells[],
  rest: LineCells,
): number {
  let agreement = 0;
  const compare = (a: Kind, b: Kind): void => {
    if (a === "blank" || b === "blank") return;
    if (a === b) agreement += a === "text" ? 0 : 1;
    else if (a === "number" || b === "number" || a === "email" || b === "email") agreement -= 2;
  };
  const kindIn = (spans: ArrayLike<number>, k: number): Kind => kindOf(bytes, spans[2 * k], spans[2 * k + 1]);
  // Of a file of one column there is nothing else to compare.
  if (column === 0 && rest.count === 1) {
    const kind = kindOf(bytes, first.spans[0] + 1, first.spans[1]);
    for (const line of lines) {
      const own = kindOf(bytes, line.spans[0], line.spans[1]);
      if (own === kind && own !== "text" && own !== "blank") agreement++;
    }
    return agreement;
  }
  for (const [l, line] of lines.entries()) {
    for (let k = 0; k < Math.min(column, line.count, maxCompared); k++)
      compare(kindIn(before, k), kindIn(line.spans, k));
    if (l === lines.length - 1) break;
    for (let k = 1; k < Math.min(rest.count, line.count - column, maxCompared); k++)
      compare(kindIn(rest.spans, k), kindIn(line.spans, column + k));
  }
  for (let k = 1; k < Math.min(rest.count, first.count, maxCompared); k++)
    compare(kindIn(rest.spans, k), kindIn(first.spans, k));
  return agreement;
}

/** A comma and a blank inside, and none outside: sentences. */
function isProse(
  { bytes, syntax, column, before }: OverLines,
  first: LineCells,
  lines: readonly LineCells[],
  rest: LineCells,
): boolean {
  if (syntax.delimiter === 0x09 || syntax.delimiter === space) return false;
  const spaced = (spans: ArrayLike<number>, cells: number): number => {
    let count = 0;
    for (let k = 1; k < cells; k++) if (bytes[spans[2 * k]] === space && spans[2 * k] < spans[2 * k + 1]) count++;
    return count;
  };
  const inside = lines.slice(0, -1).reduce((sum, { spans, count }) => sum + spaced(spans, count), 0);
  const last = lines[lines.length - 1];
  const all = inside + spaced(first.spans, first.count) + spaced(last.spans, Math.min(last.count, column + 1));
  return all > 0 && spaced(before, column) + spaced(rest.spans, rest.count) === 0;
}

/** A writer that doubles the quotes inside a cell closes it too. An empty cell between delimiters is none. */
function hasDoubledQuotes(bytes: Uint8Array, from: number, to: number, syntax: Syntax): boolean {
  const { quote } = syntax;
  const end = Math.min(to, from + maxText);
  for (let at = from; at + 1 < end; at++) {
    if (bytes[at] !== quote || bytes[at + 1] !== quote) continue;
    const opens = at === from || syntax.ends[bytes[at - 1]] === 1;
    if (!(opens && syntax.ends[bytes[at + 2]] === 1)) return true;
    at++;
  }
  return false;
}

function kindOf(bytes: Uint8Array, from: number, to: number): Kind {
  let digits = 0;
  let letters = 0;
  let others = 0;
  for (let at = from; at < Math.min(to, from + 64); at++) {
    const byte = bytes[at];
    if (byte >= 0x30 && byte <= 0x39) digits++;
    else if (byte === 0x40) return "email";
    else if (byte >= 0x80 || (byte | 0x20) >= 0x61) letters++;
    else if (byte === space) others++;
  }
  if (digits === 0) return letters === 0 ? "blank" : "text";
  if (letters === 0) return "number";
  return others === 0 ? "code" : "text";
}
