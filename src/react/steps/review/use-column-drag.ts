/** The edge of a column's head, dragged to another width, which follows the pointer at once. */
import { type PointerEvent, useRef } from "react";
import type { GridColumn } from "./grid-columns.ts";
import { boundedWidth } from "./grid-layout.ts";

interface Dragged {
  column: GridColumn;
  from: number;
  /** 1 or -1: which way is wider. */
  sign: number;
}

export interface ColumnDrag {
  onPointerDown(event: PointerEvent): void;
  onPointerMove(event: PointerEvent): void;
}

/** The column whose edge an event is about. */
export function edgeOf(event: { target: EventTarget }): number | null {
  const edge = (event.target as Element).closest<HTMLElement>("[data-edge]")?.dataset.edge;
  return edge === undefined ? null : Number(edge);
}

export function useColumnDrag(
  columns: readonly GridColumn[],
  onWidth: (column: GridColumn, width: number) => void,
): ColumnDrag {
  const dragged = useRef<Dragged | null>(null);
  return {
    onPointerDown(event) {
      const edge = edgeOf(event);
      dragged.current = null;
      if (edge === null || event.button !== 0 || columns[edge] === undefined) return;
      // Neither selected nor scrolled meanwhile.
      event.preventDefault();
      const target = event.target as Element;
      target.setPointerCapture(event.pointerId);
      const sign = getComputedStyle(target).direction === "rtl" ? -1 : 1;
      dragged.current = { column: columns[edge], from: event.clientX, sign };
    },
    onPointerMove(event) {
      const drag = dragged.current;
      if (drag === null || (event.buttons & 1) === 0) return;
      const width = boundedWidth(drag.column.width + drag.sign * (event.clientX - drag.from));
      onWidth(drag.column, width);
    },
  };
}
