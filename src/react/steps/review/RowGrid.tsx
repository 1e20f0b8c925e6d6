/**
 * The rows of an import as a grid of any length and width: only what is in view is there. One cell has the focus, the arrows move
 * it, Enter edits it (ARIA Authoring Practices, grid). Ranges are selected as in a spreadsheet, and copied, pasted over, emptied and
 * filled. Below it the cell is shown in full, with all that is wrong with it.
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
import type { EditCounts, NewEdit, Row } from "../../../client/index.ts";
import { useAnnounce } from "../../foundation/Frame.tsx";
import { useFormats } from "../../foundation/format.ts";
import { useTexts } from "../../foundation/texts.ts";
import type { AfterEdit } from "./CellEditor.tsx";
import { CellDetail } from "./CellEditor.tsx";
import { ColumnDialog } from "./ColumnDialog.tsx";
import { ColumnsDialog } from "./ColumnsDialog.tsx";
import type { ReviewFilter } from "./FilterBar.tsx";
import { fittingWidth } from "./fitting-width.ts";
import { GridHead, GridRow, headHeight, type RowWords } from "./GridRow.tsx";
import { arranged, type GridColumn, widthOf } from "./grid-columns.ts";
import { useGridLayout } from "./grid-layout.ts";
import { RowKeys, rowHeight } from "./grid-scroll.ts";
import { type GridCellPlace, rangeOf, type Selected, sizeOf, wholeOf } from "./grid-selection.ts";
import { moveOf, rowsKeyOf } from "./review-keys.ts";
import type { RowWindow } from "./row-window.ts";
import { edgeOf, useColumnDrag } from "./use-column-drag.ts";
import { useGridEdits } from "./use-grid-edits.ts";
import { useGridView } from "./use-grid-view.ts";
import { isLeftOutByHand, useWholeRows } from "./use-whole-rows.ts";

export interface RowGridProps {
  rows: RowWindow;
  /** Those that a person has hidden too. */
  columns: readonly GridColumn[];
  importer: string;
  /** Rows of the whole import, which say how high the grid is. */
  most: number;
  /** Edits on their way to the server: the row's number, and the field. */
  saving: ReadonlyMap<number, string>;
  onSave: (row: Row, field: string, value: string) => void;
  onPut: (edit: NewEdit) => Promise<EditCounts | null>;
  /** The field that the rows are shown for: its column comes into view. */
  field: string | null;
  id: number;
  filter: ReviewFilter;
  onFilter: (filter: ReviewFilter) => void;
  /** A duplicate is to be seen beside what it repeats. */
  onCompare: (row: Row) => void;
}

/** Placeholder rows until the number of rows is known. */
const unknownRows = 12;
/** The window bounds how many of them are seen. */
const mostRowsInView = 60;

export function RowGrid(props: RowGridProps): ReactNode {
  const { rows, most, saving, onSave, onPut, field, filter } = props;
  const t = useTexts("review");
  const formats = useFormats();
  useSyncExternalStore(rows.subscribe, rows.version, rows.version);
  const count = rows.total ?? (rows.found || unknownRows);
  const [layout, setLayout] = useGridLayout(props.importer);
  const { columns, frozen: wantedFrozen } = useMemo(
    () => arranged(props.columns, layout, field),
    [props.columns, layout, field],
  );
  /** The column whose order, values and width are chosen; -1: all columns. */
  const [opened, setOpened] = useState<number | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const view = useGridView(scroller, count, columns, wantedFrozen);
  const { frozen, first, last, firstColumn, lastColumn, base, layerTop, show } = view;
  const [active, setActive] = useState<GridCellPlace>({ place: 0, column: 0 });
  const [selected, setSelected] = useState<Selected | null>(null);
  const [note, setNote] = useState<string | null>(null);
  // Of other rows nothing is selected.
  const [selectedOf, setSelectedOf] = useState(rows);
  if (selectedOf !== rows) {
    setSelectedOf(rows);
    setSelected(null);
    setNote(null);
  }
  const announce = useAnnounce();
  const dragsFrom = useRef<GridCellPlace | null>(null);
  /** False: what was pressed ended an edit first. */
  const isPressed = useRef(false);
  const [editing, setEditing] = useState<{ row: Row; text: string } | null>(null);
  const takesFocus = useRef(false);
  const rowKeys = useRef(new RowKeys());

  useEffect(() => rows.want(first, last), [rows, first, last]);
  useEffect(() => () => rows.close(), [rows]);
  useEffect(() => {
    if (active.place > 0 && active.place >= count) setActive((at) => ({ ...at, place: Math.max(0, count - 1) }));
  }, [active.place, count]);

  useEffect(() => {
    if (active.column >= columns.length) setActive((at) => ({ ...at, column: columns.length - 1 }));
  }, [active.column, columns.length]);

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
    (next: GridCellPlace, selection: Selected | null = null): void => {
      takesFocus.current = true;
      show(next.place, next.column < 0 ? null : next.column);
      setActive(next);
      setSelected(selection);
      setNote(null);
    },
    [show],
  );
  const grid = { rows: count, columns: columns.length };
  const range = rangeOf(selected ?? { anchor: active, head: active, whole: null }, grid);
  const size = sizeOf(range);
  const isSelection = selected !== null || active.column < 0;
  const isWholeRows = active.column < 0 || selected?.whole === "rows" || selected?.whole === "all";
  const select = (anchor: GridCellPlace, head: GridCellPlace, whole: Selected["whole"] = null): void => {
    goTo(head, { anchor, head, whole });
    const { rows: high, columns: wide, cells } = sizeOf(rangeOf({ anchor, head, whole }, grid));
    announce(t("selectedCells", { count: cells, rows: high, columns: wide }));
  };
  const extend = (head: GridCellPlace): void =>
    select(selected?.anchor ?? active, head, selected?.whole === "all" ? null : selected?.whole);
  const onNote = (text: string): void => {
    setNote(text);
    announce(text);
  };
  const present = rows.total ?? rows.found;
  const edits = useGridEdits({ scroller, rows, columns, range, count: present, onSave, onPut, onNote });
  const wholeRows = useWholeRows({ rows, range, count: present, filter, onPut, onNote });
  const editRows = (kind: "leave_out" | "put_back"): void => {
    takesFocus.current = true;
    void wholeRows.edit(kind);
  };
  const edit = (at: GridCellPlace, text?: string): void => {
    const row = rows.at(at.place);
    const column = columns[at.column];
    show(at.place, at.column);
    // It was scrolled away, and is on its way again.
    if (row === undefined || column === undefined) return;
    setActive(at);
    if (column.isComputed) return;
    if (isLeftOutByHand(row)) {
      onNote(t("rowIsOut"));
      return;
    }
    setEditing({
      row,
      text: column.choices === null && text !== undefined ? text : (row.values?.[column.field] ?? ""),
    });
  };
  const latest = useRef({ active, editing, columns, count, edits, onSave });
  latest.current = { active, editing, columns, count, edits, onSave };
  const onEdited = useCallback(
    (text: string, next: AfterEdit): void => {
      const { active: at, editing: edited, columns: all, count: high, edits: many, onSave: save } = latest.current;
      if (edited === null) return;
      const { field } = all[at.column];
      setEditing(null);
      if (next === "fill") {
        takesFocus.current = true;
        void many.fill(text);
        return;
      }
      if (text !== (edited.row.values?.[field] ?? "")) save(edited.row, field, text);
      if (next === "leave") return;
      const within = (place: number, places: number): number => Math.min(places - 1, Math.max(0, place));
      const right = next === "forward" ? 1 : next === "back" ? -1 : 0;
      const down = next === "down" ? 1 : next === "up" ? -1 : 0;
      goTo({ place: within(at.place + down, high), column: within(at.column + right, all.length) });
    },
    [goTo],
  );
  const onCancel = useCallback((): void => {
    takesFocus.current = true;
    setEditing(null);
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (editing !== null) return;
    if (!["Control", "Meta", "Shift", "Alt"].includes(event.key)) setNote(null);
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const whole = wholeOf(event);
    if (whole !== null) {
      event.preventDefault();
      select(active, active, whole);
    } else if (event.key === "Escape" && selected !== null) {
      event.preventDefault();
      goTo(active);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      const value = rows.at(active.place)?.values?.[columns[Math.max(0, active.column)]?.field ?? ""];
      if (active.column >= 0) void edits.fill(value ?? "");
    } else if (rowsKeyOf(event, isWholeRows) !== null) {
      event.preventDefault();
      editRows(rowsKeyOf(event, isWholeRows) ?? "leave_out");
    } else if (event.altKey && event.key === "ArrowDown") {
      event.preventDefault();
      setOpened(active.column);
    } else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      edit(active);
    } else if (isPlain && event.key.length === 1 && event.key !== " ") {
      event.preventDefault();
      edit(active, event.key);
    } else if (isPlain && (event.key === "Delete" || (event.key === "Backspace" && isSelection))) {
      event.preventDefault();
      void edits.fill("");
    } else if (isPlain && event.key === "Backspace") {
      event.preventDefault();
      edit(active, "");
    } else {
      const isRtl = getComputedStyle(event.currentTarget).direction === "rtl";
      const next = moveOf(event, active, { rows: count, columns: columns.length, page: view.rowsInView - 1, isRtl });
      if (next === null) return;
      event.preventDefault();
      if (event.shiftKey) extend(next);
      else goTo(next);
    }
  };
  const setWidth = ({ field: name }: GridColumn, width: number): void =>
    setLayout({ ...layout, widths: { ...layout.widths, [name]: width } });
  const drag = useColumnDrag(columns, setWidth);
  const fitToCells = (column: GridColumn): void => {
    const here: Row[] = [];
    for (let place = first; place < last; place++) {
      const row = rows.at(place);
      if (row !== undefined) here.push(row);
    }
    if (scroller.current !== null) setWidth(column, fittingWidth(column, here, scroller.current));
  };
  const hide = ({ field: name }: GridColumn): void => {
    takesFocus.current = true;
    setOpened(null);
    setLayout({ ...layout, hidden: [...layout.hidden, name] });
  };
  const close = (): void => setOpened(null);
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
      out: t("rowOut"),
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
        aria-multiselectable="true"
        aria-busy={rows.total === null || undefined}
        className="grid"
        style={
          {
            "--grid-height": `${headHeight + Math.min(Math.max(most, 4), mostRowsInView) * rowHeight + 18}px`,
          } as CSSProperties
        }
        onScroll={view.onScroll}
        onKeyDown={onKeyDown}
        onMouseDown={(event) => {
          const at = event.button === 0 && editing === null ? cellOf(event) : null;
          dragsFrom.current = at;
          isPressed.current = at !== null;
          if (at === null) return;
          // Before the browser gives the focus to what was pressed.
          event.preventDefault();
          if (event.shiftKey) extend(at);
          else if (at.column < 0) select(at, at, "rows");
          else goTo(at);
        }}
        onMouseMove={(event) => {
          const from = dragsFrom.current;
          const at = from === null || (event.buttons & 1) === 0 ? null : cellOf(event);
          if (from === null || at === null || editing !== null) return;
          if (at.place === active.place && at.column === active.column) return;
          select(from, at, from.column < 0 ? "rows" : null);
        }}
        onClick={(event) => {
          const head = (event.target as Element).closest<HTMLElement>("[data-head]")?.dataset.head;
          const at = cellOf(event);
          if (editing !== null || edgeOf(event) !== null) return;
          if (head !== undefined) {
            const top = { place: active.place, column: Number(head) };
            select(event.shiftKey ? (selected?.anchor ?? active) : top, top, "columns");
          } else if (at !== null && !isPressed.current) goTo(at);
        }}
        onDoubleClick={(event) => {
          const at = cellOf(event);
          const edge = edgeOf(event);
          if (edge !== null) fitToCells(columns[edge]);
          else if (at !== null && at.column >= 0 && editing === null) edit(at);
        }}
      >
        <GridHead
          columns={columns}
          frozen={frozen}
          first={firstColumn}
          last={lastColumn}
          sort={filter.sort}
          filtered={filter.where}
          hidden={props.columns.length - columns.length}
          drag={drag}
          onMenu={setOpened}
        />
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
                frozen={frozen}
                firstColumn={firstColumn}
                lastColumn={lastColumn}
                active={active.place === place ? active.column : null}
                editing={
                  editing !== null && active.place === place ? { column: active.column, text: editing.text } : null
                }
                selectedFrom={isSelection && place >= range.top && place <= range.bottom ? range.left : -1}
                selectedTo={isSelection && place >= range.top && place <= range.bottom ? range.right : -1}
                saving={saving.get(rows.at(place)?.row ?? 0) ?? null}
                words={words}
                onEdited={onEdited}
                onCancel={onCancel}
              />
            ))}
          </div>
        </div>
      </div>
      <CellDetail
        row={activeRow}
        column={columns[active.column]}
        // Of one row by its number what is said of the row is shown.
        selected={selected !== null && size.cells > 1 && (size.rows > 1 || active.column >= 0) ? size : null}
        note={note}
        wholeRows={wholeRows}
        onEdit={isLeftOutByHand(activeRow) ? null : () => edit(active)}
        onCompare={props.onCompare}
        onRows={editRows}
      />
      {opened !== null && columns[opened] !== undefined && (
        <ColumnDialog
          id={props.id}
          column={columns[opened]}
          filter={filter}
          onFilter={(next) => {
            // The row that had the focus may be far down, or gone.
            goTo({ place: 0, column: opened });
            props.onFilter(next);
          }}
          isFrozen={opened === wantedFrozen - 1}
          isOnly={columns.length === 1}
          onWidth={(width) => setWidth(columns[opened], width)}
          onFit={() => fitToCells(columns[opened])}
          onHide={() => hide(columns[opened])}
          onFreeze={(isFrozen) => setLayout({ ...layout, frozen: isFrozen ? columns[opened].field : null })}
          onAll={() => setOpened(-1)}
          onClose={close}
        />
      )}
      {opened === -1 && <ColumnsDialog columns={props.columns} layout={layout} onLayout={setLayout} onClose={close} />}
    </div>
  );
}
