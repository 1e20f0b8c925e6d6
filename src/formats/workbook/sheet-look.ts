/** What a person sees of a sheet before choosing it: its first rows that hold something. */
import type { SheetLook } from "../../core/row.ts";

/** Rows that are read of each sheet; blank ones among them are left out. */
export const lookedAtRows = 20;
/** Rows that are shown. */
const shownRows = 5;
/** A workbook with more sheets is chosen from by name. */
export const maxLookedAtSheets = 100;

/** @param rows the first ones, and one more where there are more */
export function sheetLook(
  sheet: Pick<SheetLook, "name" | "index" | "hidden">,
  rows: readonly (readonly string[])[],
): SheetLook {
  const filled = rows
    .map((cells) => cells.slice(0, 1 + cells.findLastIndex((cell) => cell.trim() !== "")))
    .filter((cells) => cells.length > 0);
  return {
    ...sheet,
    columns: filled.reduce((widest, cells) => Math.max(widest, cells.length), 0),
    rows: filled.slice(0, shownRows),
    more: filled.length > shownRows || rows.length > lookedAtRows,
  };
}
