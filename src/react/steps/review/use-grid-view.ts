/** Which rows and columns of a grid are in view, as its scroller is scrolled. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { headHeight } from "./GridRow.tsx";
import { columnsInView, endOf, frozenIn, type GridColumn, numberWidth } from "./grid-columns.ts";
import { GridScroll, rowHeight, type Scrolled } from "./grid-scroll.ts";

/** Rows are placed in a layer by their distance from an anchor row: no browser positions exactly at millions of pixels. */
const layerRows = 1024;
/** So long after the last scroll the bar is put where the rows are. */
const settleMs = 150;

export interface GridView {
  first: number;
  last: number;
  firstColumn: number;
  lastColumn: number;
  /** The row that the layer begins with, and where the layer stands. */
  base: number;
  layerTop: number;
}

export interface UsedGridView extends GridView {
  /** Columns that stay in view. */
  frozen: number;
  scroll: GridScroll;
  onScroll(): void;
  show(row: number, column: number | null): void;
  /** Whole rows that fit into the view. */
  rowsInView: number;
}

const isSame = (a: GridView, b: GridView): boolean =>
  a.first === b.first &&
  a.last === b.last &&
  a.firstColumn === b.firstColumn &&
  a.lastColumn === b.lastColumn &&
  a.base === b.base &&
  a.layerTop === b.layerTop;

export function useGridView(
  scroller: RefObject<HTMLDivElement | null>,
  rows: number,
  columns: readonly GridColumn[],
  wantedFrozen: number,
): UsedGridView {
  const [size, setSize] = useState({ width: 800, height: 480 });
  useLayoutEffect(() => {
    const seen = scroller.current;
    if (seen === null) return;
    const measure = (): void => setSize({ width: seen.clientWidth, height: seen.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(seen);
    return () => observer.disconnect();
  }, [scroller]);

  const frozen = frozenIn(columns, wantedFrozen, size.width);
  const scroll = useMemo(
    () => new GridScroll(rows, Math.max(rowHeight, size.height - headHeight)),
    [rows, size.height],
  );
  const scrolled = useRef<Scrolled>({ bar: 0, way: 0 });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const look = useCallback((): GridView => {
    const { first, last } = scroll.range(scrolled.current);
    const left = Math.abs(scroller.current?.scrollLeft ?? 0);
    const seen = columnsInView(columns, frozen, left, size.width);
    const base = Math.floor(first / layerRows) * layerRows;
    const { bar, way } = scrolled.current;
    const layerTop = base * rowHeight + bar - way;
    return { first, last, firstColumn: seen.first, lastColumn: seen.last, base, layerTop };
  }, [scroll, columns, frozen, size.width, scroller]);

  const [view, setView] = useState<GridView>(look);
  const update = useCallback(() => {
    const next = look();
    setView((before) => (isSame(before, next) ? before : next));
  }, [look]);

  const settle = useCallback((): void => {
    const seen = scroller.current;
    if (seen === null) return;
    const settled = scroll.settled(scrolled.current);
    if (Math.abs(settled.bar - seen.scrollTop) < 1) return;
    seen.scrollTop = settled.bar;
    scrolled.current = { bar: seen.scrollTop, way: settled.way };
    update();
  }, [scroll, scroller, update]);

  const onScroll = useCallback((): void => {
    const seen = scroller.current;
    if (seen === null) return;
    scrolled.current = scroll.follow(scrolled.current, seen.scrollTop);
    update();
    if (!scroll.isScaled) return;
    clearTimeout(timer.current);
    if (scroll.isStuck(scrolled.current)) settle();
    else timer.current = setTimeout(settle, settleMs);
  }, [scroll, scroller, update, settle]);
  useEffect(() => () => clearTimeout(timer.current), []);

  // Another number of rows, or another size: the same rows stay in view as far as there are such.
  useLayoutEffect(() => {
    const seen = scroller.current;
    scrolled.current = scroll.settled(scrolled.current);
    if (seen !== null && Math.abs(seen.scrollTop - scrolled.current.bar) >= 1) seen.scrollTop = scrolled.current.bar;
    update();
  }, [scroll, scroller, update]);

  const show = useCallback(
    (row: number, column: number | null): void => {
      const seen = scroller.current;
      if (seen === null) return;
      const way = scroll.toShow(scrolled.current, row);
      if (way !== scrolled.current.way) {
        const settled = scroll.settled({ bar: 0, way });
        seen.scrollTop = settled.bar;
        scrolled.current = { bar: seen.scrollTop, way: settled.way };
      }
      const wanted = column === null ? undefined : columns[column];
      if (wanted !== undefined && column !== null && column >= frozen) {
        const left = Math.abs(seen.scrollLeft);
        const sign = getComputedStyle(seen).direction === "rtl" ? -1 : 1;
        const room = seen.clientWidth - numberWidth;
        // As far as the column begins beside those that stay.
        const most = wanted.start - endOf(columns, frozen);
        if (most < left) seen.scrollLeft = sign * most;
        else if (wanted.start + wanted.width > left + room)
          seen.scrollLeft = sign * Math.min(most, wanted.start + wanted.width - room);
      }
      update();
    },
    [scroll, columns, frozen, scroller, update],
  );

  // Of columns that are laid out anew they are not looked up yet.
  const lastColumn = Math.min(view.lastColumn, columns.length);
  const firstColumn = Math.min(Math.max(view.firstColumn, frozen), lastColumn);
  return {
    ...view,
    firstColumn,
    lastColumn,
    frozen,
    scroll,
    onScroll,
    show,
    rowsInView: Math.max(1, Math.floor(scroll.view / rowHeight)),
  };
}
