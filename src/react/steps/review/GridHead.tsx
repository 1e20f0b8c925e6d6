/** The head of the grid: the fields of the columns in view. It stays on top. */
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold a million rows of which thirty are there
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus goes through the cells, which name their column
import type { ReactNode } from "react";
import { useTexts } from "../../foundation/texts.ts";
import { type GridColumn, widthOf } from "./grid-columns.ts";

/** Its height in pixels. */
export const headHeight = 40;

export function GridHead({
  columns,
  first,
  last,
}: {
  columns: readonly GridColumn[];
  first: number;
  last: number;
}): ReactNode {
  const t = useTexts("review");
  return (
    <div role="rowgroup" className="grid-head" style={{ height: headHeight, width: widthOf(columns) }}>
      <div role="row" aria-rowindex={1} className="grid-head-row">
        <div role="columnheader" aria-colindex={1} className="grid-number">
          {t("row")}
        </div>
        {columns.slice(first, last).map((column, k) => (
          <div
            key={column.field}
            role="columnheader"
            aria-colindex={first + k + 2}
            className="grid-cell"
            style={column.style}
            title={column.header === column.label ? undefined : t("fromColumn", { column: column.header })}
          >
            <span className="grid-text">{column.label}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
