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
  /** The cells that it covers: so many rows from `top` on, and columns from `left` on. */
  top: number;
  left: number;
  height: number;
  width: number;
  /** What a cell of these gets, by its place among them; null for one that stays as it is. */
  at: (row: number, column: number) => string | null;
  /** Cells that had no place. */
  cutOff: number;
}

/**
 * Where a block goes: into the range as often as it fits there a whole number of times, else once from its first cell. What would stand
 * beyond the last row or column has no place.
 */
export function placed(block: Block, range: CellRange, grid: { rows: number; columns: number }): Placed {
  const high = block.length;
  const wide = block.reduce((most, cells) => Math.max(most, cells.length), 0);
  const { top, left } = range;
  const size = sizeOf(range);
  const isTiled = size.rows % high === 0 && size.columns % wide === 0;
  const wanted = isTiled ? size : { rows: high, columns: wide };
  const height = Math.max(0, Math.min(wanted.rows, grid.rows - top));
  const width = Math.max(0, Math.min(wanted.columns, grid.columns - left));
  return {
    top,
    left,
    height,
    width,
    at: (row, column) => block[row % high][column % wide] ?? null,
    cutOff: wanted.rows * wanted.columns - height * width,
  };
}
