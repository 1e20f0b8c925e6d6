/** Which cells of a grid are selected: a rectangle between two corners, or whole rows, columns, or all. */

/** A cell of a grid. */
export interface GridCellPlace {
  /** Place of the row in the list. */
  place: number;
  /** Place of the column; -1: the row's number. */
  column: number;
}

export interface Selected {
  /** The corner that stays, and the one that is moved, which has the focus. */
  anchor: GridCellPlace;
  head: GridCellPlace;
  whole: "rows" | "columns" | "all" | null;
}

/** Both ends are in it. */
export interface CellRange {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export function rangeOf(
  { anchor, head, whole }: Selected,
  { rows, columns }: { rows: number; columns: number },
): CellRange {
  const [top, bottom] = inOrder(anchor.place, head.place);
  const [left, right] = inOrder(anchor.column, head.column);
  const last = Math.max(0, rows - 1);
  const allRows = whole === "columns" || whole === "all";
  // From a row's number on, the row is selected as a whole.
  const allColumns = whole === "rows" || whole === "all" || left < 0;
  return {
    top: allRows ? 0 : Math.min(top, last),
    bottom: allRows ? last : Math.min(bottom, last),
    left: allColumns ? 0 : left,
    right: allColumns ? columns - 1 : right,
  };
}

const inOrder = (a: number, b: number): [number, number] => (a <= b ? [a, b] : [b, a]);

export function sizeOf({ top, bottom, left, right }: CellRange): { rows: number; columns: number; cells: number } {
  const [rows, columns] = [bottom - top + 1, right - left + 1];
  return { rows, columns, cells: rows * columns };
}

/** What Ctrl+A, Ctrl+Space and Shift+Space select. Null: another key. */
export function wholeOf(event: {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}): "rows" | "columns" | "all" | null {
  const { key, shiftKey, altKey } = event;
  const isControl = event.ctrlKey || event.metaKey;
  if (altKey) return null;
  if (isControl && !shiftKey && key.toLowerCase() === "a") return "all";
  if (key !== " " || isControl === shiftKey) return null;
  return isControl ? "columns" : "rows";
}

/** A block of cells to be put into a grid. */
export type Block = readonly (readonly string[])[];

export interface Placed {
  /** Rows of the grid from here on; of each its cells from `left` on, null for one that stays as it is. */
  top: number;
  left: number;
  rows: (string | null)[][];
  /** Cells that had no place. */
  cutOff: number;
}

/**
 * Where a block goes: into the range as often as it fits there a whole number of times, else once from its first cell. What would stand
 * beyond the last row or column has no place.
 */
export function placed(block: Block, range: CellRange, grid: { rows: number; columns: number }): Placed {
  const height = block.length;
  const width = Math.max(0, ...block.map((cells) => cells.length));
  const { top, left } = range;
  if (height === 0 || width === 0) return { top, left, rows: [], cutOff: 0 };
  const size = sizeOf(range);
  const isTiled = size.rows % height === 0 && size.columns % width === 0;
  const wanted = isTiled ? size : { rows: height, columns: width };
  const rows = Math.min(wanted.rows, grid.rows - top);
  const columns = Math.min(wanted.columns, grid.columns - left);
  return {
    top,
    left,
    rows: Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) => block[r % height][c % width] ?? null),
    ),
    cutOff: wanted.rows * wanted.columns - rows * columns,
  };
}
