/**
 * The rows of an import as a grid of any length and width: only what is in view is there. One cell has the focus, the arrows move
 * it, Enter edits it (ARIA Authoring Practices, grid). Below it the cell is shown in full, with all that is wrong with it.
 */
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold a million rows of which thirty are there
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { Row } from "../../../client/index.ts";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import type { AfterEdit } from "./CellEditor.tsx";
import { CellDetail } from "./CellEditor.tsx";
import { GridHead, GridRow, headHeight, type RowWords } from "./GridRow.tsx";
import { type GridColumn, widthOf } from "./grid-columns.ts";
import { RowKeys, rowHeight } from "./grid-scroll.ts";
import { type GridCellPlace, moveOf } from "./review-keys.ts";
import type { RowWindow } from "./row-window.ts";
import { useGridView } from "./use-grid-view.ts";

export interface RowGridProps {
  rows: RowWindow;
  columns: readonly GridColumn[];
  /** Rows of the whole import, which say how high the grid is. */
  most: number;
  /** Edits on their way to the server: the row's number, and the field. */
  saving: ReadonlyMap<number, string>;
  onSave: (row: Row, field: string, value: string) => void;
  /** The field that the rows are shown for: its column comes into view. */
  field: string | null;
}

/** Placeholder rows until the number of rows is known. */
const unknownRows = 12;
/** The window bounds how many of them are seen. */
const mostRowsInView = 60;

export function RowGrid({ rows, columns, most, saving, onSave, field }: RowGridProps): ReactNode {
  const t = useTexts("review");
  const formats = useFormats();
  useSyncExternalStore(rows.subscribe, rows.version, rows.version);
  const count = rows.total ?? unknownRows;
  const scroller = useRef<HTMLDivElement>(null);
  const view = useGridView(scroller, count, columns);
  const { first, last, firstColumn, lastColumn, base, layerTop, show } = view;
  const [active, setActive] = useState<GridCellPlace>({ place: 0, column: 0 });
  const [editing, setEditing] = useState<{ row: Row; text: string } | null>(null);
  const takesFocus = useRef(false);
  const rowKeys = useRef(new RowKeys());

  useEffect(() => rows.want(first, last), [rows, first, last]);
  useEffect(() => () => rows.close(), [rows]);
  useEffect(() => {
    if (active.place > 0 && active.place >= count) setActive((at) => ({ ...at, place: Math.max(0, count - 1) }));
  }, [active.place, count]);

  const shownField = useRef<string | null>(null);
  useEffect(() => {
    // Once for each choice: the person goes on from there.
    if (shownField.current === field) return;
    shownField.current = field;
    const column = columns.findIndex((each) => each.field === field);
    if (column < 0) return;
    show(0, column);
    setActive({ place: 0, column });
  }, [field, columns, show]);

  // The focus follows the active cell, where the grid has it.
  useLayoutEffect(() => {
    if (!takesFocus.current || editing !== null) return;
    takesFocus.current = false;
    scroller.current
      ?.querySelector<HTMLElement>(`[data-place="${active.place}"] > [data-column="${active.column}"]`)
      ?.focus({ preventScroll: true });
  });

  const goTo = useCallback(
    (next: GridCellPlace): void => {
      takesFocus.current = true;
      show(next.place, next.column < 0 ? null : next.column);
      setActive(next);
    },
    [show],
  );
  const edit = (at: GridCellPlace, text?: string): void => {
    const row = rows.at(at.place);
    const column = columns[at.column];
    show(at.place, at.column);
    // It was scrolled away, and is on its way again.
    if (row === undefined || column === undefined) return;
    setActive(at);
    if (column.isComputed) return;
    setEditing({
      row,
      text: column.choices === null && text !== undefined ? text : (row.values?.[column.field] ?? ""),
    });
  };
  const latest = useRef({ active, editing, columns, onSave });
  latest.current = { active, editing, columns, onSave };
  const onEdited = useCallback(
    (text: string, next: AfterEdit): void => {
      const { active: at, editing: edited, columns: all, onSave: save } = latest.current;
      if (edited === null) return;
      const { field } = all[at.column];
      setEditing(null);
      if (text !== (edited.row.values?.[field] ?? "")) save(edited.row, field, text);
      if (next === "leave") return;
      const step = next === "forward" ? 1 : next === "back" ? -1 : 0;
      goTo({ place: at.place, column: Math.min(all.length - 1, Math.max(0, at.column + step)) });
    },
    [goTo],
  );
  const onCancel = useCallback((): void => {
    takesFocus.current = true;
    setEditing(null);
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (editing !== null) return;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      edit(active);
    } else if (isPlain && event.key.length === 1 && event.key !== " ") {
      event.preventDefault();
      edit(active, event.key);
    } else if (isPlain && (event.key === "Delete" || event.key === "Backspace")) {
      event.preventDefault();
      edit(active, "");
    } else {
      const isRtl = getComputedStyle(event.currentTarget).direction === "rtl";
      const next = moveOf(event, active, { rows: count, columns: columns.length, page: view.rowsInView - 1, isRtl });
      if (next === null) return;
      event.preventDefault();
      goTo(next);
    }
  };
  const cellOf = (event: MouseEvent): GridCellPlace | null => {
    const cell = (event.target as Element).closest<HTMLElement>("[data-column]");
    const row = cell?.closest<HTMLElement>("[data-place]");
    if (!cell || !row) return null;
    return { place: Number(row.dataset.place), column: Number(cell.dataset.column) };
  };

  const words = useMemo<RowWords>(
    () => ({
      number: formats.number,
      wrong: t("rowWrong"),
      warned: t("rowWarned"),
      noted: t("rowNoted"),
      blank: t("blank"),
      loading: t("looking"),
    }),
    [formats, t],
  );
  // The row with the focus stays, so that the focus does.
  const away = active.place < count && (active.place < first || active.place >= last) ? active.place : null;
  const places: number[] = away === null ? [] : [away];
  for (let place = first; place < last; place++) places.push(place);
  const keys = rowKeys.current.keysOf(places, away);
  const activeRow = rows.at(active.place);

  return (
    <div className="grid-frame">
      <div
        ref={scroller}
        role="grid"
        aria-label={t("gridLabel")}
        aria-rowcount={rows.total === null ? -1 : count + 1}
        aria-colcount={columns.length + 1}
        aria-busy={rows.total === null || undefined}
        className="grid"
        style={
          {
            "--grid-height": `${headHeight + Math.min(Math.max(most, 4), mostRowsInView) * rowHeight + 18}px`,
          } as CSSProperties
        }
        onScroll={view.onScroll}
        onKeyDown={onKeyDown}
        onClick={(event) => {
          const at = cellOf(event);
          if (at !== null && editing === null) goTo(at);
        }}
        onDoubleClick={(event) => {
          const at = cellOf(event);
          if (at !== null && at.column >= 0 && editing === null) edit(at);
        }}
      >
        <GridHead columns={columns} first={firstColumn} last={lastColumn} />
        <div
          role="rowgroup"
          className="grid-body"
          style={{ height: Math.max(view.scroll.height, 1), width: widthOf(columns) }}
        >
          <div className="grid-layer" role="presentation" style={{ transform: `translateY(${layerTop}px)` }}>
            {places.map((place) => (
              <GridRow
                key={keys.get(place)}
                place={place}
                top={place === away ? null : (place - base) * rowHeight}
                row={rows.at(place)}
                columns={columns}
                firstColumn={firstColumn}
                lastColumn={lastColumn}
                active={active.place === place ? active.column : null}
                editing={
                  editing !== null && active.place === place ? { column: active.column, text: editing.text } : null
                }
                saving={saving.get(rows.at(place)?.row ?? 0) ?? null}
                words={words}
                onEdited={onEdited}
                onCancel={onCancel}
              />
            ))}
          </div>
        </div>
      </div>
      <CellDetail row={activeRow} column={columns[active.column]} onEdit={() => edit(active)} />
    </div>
  );
}
