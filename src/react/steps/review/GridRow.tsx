/** The rows of the grid, and its head: numbers with how each row stands, and the cells of the columns in view, wrong ones marked and told. */
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus goes through the cells, which name their column
// biome-ignore-all lint/a11y/useSemanticElements: a table cannot hold a million rows of which thirty are there

import { memo, type ReactNode } from "react";
import type { Issue, Row } from "../../../client/index.ts";
import { choiceName } from "../../foundation/mappable-fields.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Icon } from "../../parts/Icon.tsx";
import { type AfterEdit, CellEditor } from "./CellEditor.tsx";
import type { ReviewFilter } from "./FilterBar.tsx";
import { type GridColumn, isAbout, widthOf } from "./grid-columns.ts";
import { rowHeight } from "./grid-scroll.ts";

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
  blank: string;
  /** Of a row that is on its way. */
  loading: string;
}

const none: readonly Issue[] = [];

export const GridRow = memo(function GridRow(props: GridRowProps): ReactNode {
  const { place, top, row, columns, firstColumn, lastColumn, active, editing, saving, words } = props;
  const issues = row?.issues ?? none;
  const cells: ReactNode[] = [];
  const cell = (c: number): void => {
    cells.push(
      <GridCell
        key={c}
        column={columns[c]}
        place={c}
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
  for (let c = firstColumn; c < lastColumn; c++) cell(c);
  if (active !== null && active >= 0 && active < columns.length && (active < firstColumn || active >= lastColumn)) {
    cell(active);
  }
  const state = row === undefined ? "loading" : stateOf(issues);
  return (
    <div
      role="row"
      aria-rowindex={place + 2}
      className={top === null ? "grid-row away" : place % 2 === 1 ? "grid-row odd" : "grid-row"}
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

type State = "right" | "wrong" | "warned" | "noted" | "loading";

function stateOf(issues: readonly Issue[]): State {
  if (issues.length === 0) return "right";
  if (issues.some(({ severity }) => severity === "error")) return "wrong";
  return issues.some(({ severity }) => severity === "warning") ? "warned" : "noted";
}

function Mark({ state, words }: { state: State; words: RowWords }): ReactNode {
  if (state === "right" || state === "loading") return null;
  return (
    <>
      <Icon name={state === "noted" ? "info" : "warn"} size={14} />
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
      aria-readonly={column.isComputed || undefined}
      aria-busy={isSaving || undefined}
      className={`grid-cell${state}${isMarked ? " selected" : ""}${isSaving ? " saving" : ""}${editing === null ? "" : " editing"}`}
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
  first,
  last,
  sort,
  filtered,
  onMenu,
}: {
  columns: readonly GridColumn[];
  first: number;
  last: number;
  /** By which the rows are sorted. */
  sort: ReviewFilter["sort"];
  /** Columns of which some values are shown alone. */
  filtered: ReviewFilter["where"];
  onMenu: (column: number) => void;
}): ReactNode {
  const t = useTexts("review");
  return (
    <div role="rowgroup" className="grid-head" style={{ height: headHeight, width: widthOf(columns) }}>
      <div role="row" aria-rowindex={1} className="grid-head-row">
        <div role="columnheader" aria-colindex={1} className="grid-number">
          {t("row")}
        </div>
        {columns.slice(first, last).map((column, k) => {
          const order = sort?.field === column.field ? sort.order : null;
          const isFiltered = Object.hasOwn(filtered, column.field);
          return (
            <div
              key={column.field}
              role="columnheader"
              aria-label={column.label}
              aria-colindex={first + k + 2}
              data-head={first + k}
              aria-sort={order === null ? undefined : order === "asc" ? "ascending" : "descending"}
              className="grid-cell"
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
              {/* By the keyboard from any cell of the column: Alt and the arrow down. */}
              <button
                type="button"
                tabIndex={-1}
                className={`grid-menu${order !== null || isFiltered ? " active" : ""}${order === "asc" ? " ascending" : ""}`}
                aria-label={t("columnMenu", { column: column.label })}
                aria-haspopup="dialog"
                aria-keyshortcuts="Alt+ArrowDown"
                title={`${t("columnMenu", { column: column.label })} (Alt+↓)`}
                onClick={(event) => {
                  event.stopPropagation();
                  onMenu(first + k);
                }}
              >
                <Icon name={isFiltered ? "filter" : "down"} size={14} />
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
}
