/** The columns of the grid: the fields that a column of the file feeds, in the file's order, with places that follow from their widths. */
import type { CSSProperties } from "react";
import type { ImporterField, MappedColumn } from "../../../client/index.ts";
import { shownKind } from "../../foundation/field-kind.ts";

export interface GridColumn {
  field: string;
  label: string;
  /** What the file calls it. */
  header: string;
  kind: string;
  choices: { value: string; words: string[] }[] | null;
  /** Pixels from the end of the row numbers. */
  start: number;
  width: number;
  style: CSSProperties;
}

/** Of the column of row numbers, in pixels. */
export const numberWidth = 84;

export function gridColumns(mapped: readonly MappedColumn[], fields: readonly ImporterField[]): GridColumn[] {
  const byName = new Map(fields.map((field) => [field.name, field]));
  let start = 0;
  const columns: GridColumn[] = [];
  for (const { column, field } of mapped) {
    if (field === null) continue;
    const { label = field, kind = "text", choices } = byName.get(field) ?? {};
    const width = Math.max(shownKind(kind).width, Math.min(260, 48 + label.length * 8));
    const style = { insetInlineStart: numberWidth + start, width };
    columns.push({ field, label, header: column, kind, choices: choices ?? null, start, width, style });
    start += width;
  }
  return columns;
}

export function widthOf(columns: readonly GridColumn[]): number {
  const last = columns.at(-1);
  return numberWidth + (last === undefined ? 0 : last.start + last.width);
}

/** The columns that are seen, from the first to before the last; `left`: pixels scrolled, `view`: pixels seen. */
export function columnsInView(
  columns: readonly GridColumn[],
  left: number,
  view: number,
): { first: number; last: number } {
  const firstAt = (place: number): number => {
    let low = 0;
    for (let high = columns.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (columns[middle].start + columns[middle].width <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    first: Math.max(0, firstAt(left) - 1),
    last: Math.min(columns.length, firstAt(left + view - numberWidth) + 2),
  };
}
