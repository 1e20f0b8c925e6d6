/** The rows of the grid, and its head: numbers with how each row stands, and the cells of the columns in view, wrong ones marked and told. */
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus goes through the cells, which name their column
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold a million rows of which thirty are there

import { memo, type ReactNode } from "react";
import type { Issue, Row } from "../../../client/index.ts";
import { choiceName } from "../../foundation/mappable-fields.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Icon, type IconName } from "../../parts/Icon.tsx";
import { type AfterEdit, CellEditor } from "./CellEditor.tsx";
import type { ReviewFilter } from "./FilterBar.tsx";
import { type GridColumn, isAbout, widthOf } from "./grid-columns.ts";
import { rowHeight } from "./grid-scroll.ts";
import type { ColumnDrag } from "./use-column-drag.ts";
import { isLeftOutByHand } from "./use-whole-rows.ts";

/** A cell that is being edited: its text is what the person has typed so far. */
interface Editing {
  column: number;
  text: string;
}

interface GridRowProps {
  place: number;
  /** Pixels from the start of the layer; null: the row is out of view, and kept only because it has the focus. */
  top: number | null;
  /** Undefined: it is on its way. */
  row: Row | undefined;
  columns: readonly GridColumn[];
  /** So many of them stay in view. */
  frozen: number;
  firstColumn: number;
  lastColumn: number;
  /** The column whose cell has the grid's focus, -1 being the row's number; null: none here. */
  active: number | null;
  editing: Editing | null;
  /** The columns that are selected, both ends among them; -1: none. */
  selectedFrom: number;
  selectedTo: number;
  /** A field whose edit is on its way to the server. */
  saving: string | null;
  words: RowWords;
  onEdited: (text: string, next: AfterEdit) => void;
  onCancel: () => void;
}

/** What a screen reader hears of a row, in the reader's language. */
export interface RowWords {
  number: (row: number) => string;
  wrong: string;
  warned: string;
  noted: string;
  /** Of a row that is left out. */
  out: string;
  blank: string;
  /** Of a row that is on its way. */
  loading: string;
}

const none: readonly Issue[] = [];

export const GridRow = memo(function GridRow(props: GridRowProps): ReactNode {
  const { place, top, row, columns, frozen, firstColumn, lastColumn, active, editing, saving, words } = props;
  const issues = row?.issues ?? none;
  const cells: ReactNode[] = [];
  const cell = (c: number): void => {
    cells.push(
      <GridCell
        key={c}
        column={columns[c]}
        place={c}
        frozen={frozenClass(c, frozen)}
        row={row}
        issues={issues}
        isActive={active === c}
        isSelected={(active === c && props.selectedFrom < 0) || (c >= props.selectedFrom && c <= props.selectedTo)}
        isMarked={c >= props.selectedFrom && c <= props.selectedTo}
        isSaving={saving === columns[c].field}
        editing={editing?.column === c ? editing : null}
        words={words}
        onEdited={props.onEdited}
        onCancel={props.onCancel}
      />,
    );
  };
  // The cell with the focus stays, in its place among the others: one that React moves loses it.
  const drawn = shownColumns(frozen, firstColumn, lastColumn);
  const isAway = active !== null && active >= frozen && (active < firstColumn || active >= lastColumn);
  if (isAway && active < columns.length) drawn.push(active);
  for (const c of drawn.sort((a, b) => a - b)) cell(c);
  const state = row === undefined ? "loading" : stateOf(row);
  const isOut = state === "out";
  return (
    <div
      role="row"
      aria-rowindex={place + 2}
      className={`grid-row${top === null ? " away" : place % 2 === 1 ? " odd" : ""}${isOut ? " out" : ""}`}
      style={{ top: top ?? 0, height: rowHeight }}
      data-place={place}
    >
      <div
        role="rowheader"
        aria-colindex={1}
        aria-selected={props.selectedFrom === 0 && props.selectedTo === columns.length - 1}
        className={`grid-number ${state}`}
        tabIndex={active === -1 ? 0 : -1}
        data-column={-1}
        title={rowTitle(issues)}
      >
        {row === undefined ? (
          <span className="hidden-text">{words.loading}</span>
        ) : (
          <>
            <Mark state={state} words={words} />
            <span>{words.number(row.row)}</span>
            <Heard issues={issues.filter(({ field }) => field === null)} />
          </>
        )}
      </div>
      {cells}
    </div>
  );
});

/** In the order that they are drawn in: first those that stay in view. */
function shownColumns(frozen: number, first: number, last: number): number[] {
  const shown = Array.from({ length: frozen }, (_, c) => c);
  for (let c = first; c < last; c++) shown.push(c);
  return shown;
}

function frozenClass(column: number, frozen: number): string {
  if (column >= frozen) return "";
  return column === frozen - 1 ? " frozen last" : " frozen";
}

type State = "right" | "wrong" | "warned" | "noted" | "out" | "loading";

function stateOf({ status, issues }: Row): State {
  if (status === "skipped") return "out";
  if (issues.length === 0) return "right";
  if (issues.some(({ severity }) => severity === "error")) return "wrong";
  return issues.some(({ severity }) => severity === "warning") ? "warned" : "noted";
}

function Mark({ state, words }: { state: State; words: RowWords }): ReactNode {
  if (state === "right" || state === "loading") return null;
  return (
    <>
      <Icon name={state === "noted" || state === "out" ? "info" : "warn"} size={14} />
      <span className="hidden-text">{words[state]} </span>
    </>
  );
}

function rowTitle(issues: readonly Issue[]): string | undefined {
  const own = issues.filter(({ field }) => field === null);
  return own.length === 0 ? undefined : own.map(({ message }) => message).join("\n");
}

function Heard({ issues }: { issues: readonly Issue[] }): ReactNode {
  return issues.length > 0 && <span className="hidden-text"> {issues.map(({ message }) => message).join(" ")}</span>;
}

interface GridCellProps {
  column: GridColumn;
  place: number;
  frozen: string;
  row: Row | undefined;
  issues: readonly Issue[];
  isActive: boolean;
  /** It is one of those that an edit would change. */
  isSelected: boolean;
  /** It is drawn as one of several. */
  isMarked: boolean;
  isSaving: boolean;
  editing: Editing | null;
  words: RowWords;
  onEdited: GridRowProps["onEdited"];
  onCancel: () => void;
}

function GridCell(props: GridCellProps): ReactNode {
  const { column, place, row, issues, isActive, isSelected, isMarked, isSaving, editing, words, onEdited, onCancel } =
    props;
  const value = row?.values?.[column.field] ?? "";
  const own = issues.length === 0 ? none : issues.filter((issue) => isAbout(column, issue, value));
  const isWrong = own.some(({ severity }) => severity === "error");
  const state = own.length === 0 ? "" : isWrong ? " wrong" : " warned";
  return (
    <div
      role="gridcell"
      aria-colindex={place + 2}
      aria-selected={isSelected}
      aria-invalid={isWrong || undefined}
      aria-readonly={column.isComputed || isLeftOutByHand(row) || undefined}
      aria-busy={isSaving || undefined}
      className={`grid-cell${props.frozen}${state}${isMarked ? " selected" : ""}${isSaving ? " saving" : ""}${editing === null ? "" : " editing"}`}
      style={column.style}
      tabIndex={isActive && editing === null ? 0 : -1}
      data-column={place}
      title={own.length === 0 ? undefined : own.map(({ message }) => message).join("\n")}
    >
      {editing !== null ? (
        <CellEditor column={column} text={editing.text} isWrong={isWrong} onEdited={onEdited} onCancel={onCancel} />
      ) : row === undefined ? (
        <span className="grid-waiting" />
      ) : (
        <>
          {own.length > 0 && <Icon name="warn" size={14} />}
          {value === "" ? (
            own.length > 0 && <span className="muted">{words.blank}</span>
          ) : (
            <span className="grid-text" dir="auto">
              {choiceName(column.choices, value.length > 300 ? value.slice(0, 300) : value)}
            </span>
          )}
          <Heard issues={own} />
        </>
      )}
    </div>
  );
}

/** Its height in pixels. */
export const headHeight = 40;

/** The fields of the columns in view. It stays on top. */
export function GridHead({
  columns,
  frozen,
  first,
  last,
  sort,
  filtered,
  hidden,
  drag,
  onMenu,
}: {
  columns: readonly GridColumn[];
  frozen: number;
  first: number;
  last: number;
  /** By which the rows are sorted. */
  sort: ReviewFilter["sort"];
  /** Columns of which some values are shown alone. */
  filtered: ReviewFilter["where"];
  /** Columns that are not shown. */
  hidden: number;
  drag: ColumnDrag;
  /** -1: that of all columns. */
  onMenu: (column: number) => void;
}): ReactNode {
  const t = useTexts("review");
  // By the keyboard from any cell of the column: Alt and the arrow down.
  const menu = (column: number, label: string, look: string, icon: IconName): ReactNode => (
    <button
      type="button"
      tabIndex={-1}
      className={`grid-menu${look}`}
      aria-label={label}
      aria-haspopup="dialog"
      aria-keyshortcuts="Alt+ArrowDown"
      title={`${label} (Alt+↓)`}
      onClick={(event) => {
        event.stopPropagation();
        onMenu(column);
      }}
    >
      <Icon name={icon} size={14} />
    </button>
  );
  const all = hidden === 0 ? t("columnsMenu") : t("columnsHidden", { count: hidden });
  return (
    <div role="rowgroup" className="grid-head" style={{ height: headHeight, width: widthOf(columns) }} {...drag}>
      <div role="row" aria-rowindex={1} className="grid-head-row">
        <div role="columnheader" aria-colindex={1} aria-label={t("row")} className="grid-number">
          {menu(-1, all, hidden > 0 ? " active" : "", "table")}
          {t("row")}
        </div>
        {shownColumns(frozen, first, last).map((c) => {
          const column = columns[c];
          const order = sort?.field === column.field ? sort.order : null;
          const isFiltered = Object.hasOwn(filtered, column.field);
          return (
            <div
              key={column.field}
              role="columnheader"
              aria-label={column.label}
              aria-colindex={c + 2}
              data-head={c}
              aria-sort={order === null ? undefined : order === "asc" ? "ascending" : "descending"}
              className={`grid-cell${frozenClass(c, frozen)}`}
              style={column.style}
              title={
                column.header === null
                  ? t("noColumn")
                  : column.header === column.label
                    ? undefined
                    : t("fromColumn", { column: column.header })
              }
            >
              <span className="grid-text">{column.label}</span>
              {menu(
                c,
                t("columnMenu", { column: column.label }),
                `${order !== null || isFiltered ? " active" : ""}${order === "asc" ? " ascending" : ""}`,
                isFiltered ? "filter" : "down",
              )}
              {/* By the keyboard in the menu. */}
              <span className="grid-edge" data-edge={c} aria-hidden="true" />
            </div>
          );
        })}
      </div>
    </div>
  );
}
