/** The cell that has the focus: while it is edited, and in full. */
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import type { Issue, Row } from "../../../client/index.ts";
import { choiceName } from "../../foundation/mappable-fields.ts";
import { useTexts } from "../../foundation/texts.ts";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { type GridColumn, isAbout, isDuplicate } from "./grid-columns.ts";
import type { WholeRows } from "./use-whole-rows.ts";

/** Where the focus goes then, or that it has left the grid already; `fill`: the text goes into all selected cells. */
export type AfterEdit = "down" | "up" | "forward" | "back" | "leave" | "fill";

interface CellEditorProps {
  column: GridColumn;
  /** The initial text. */
  text: string;
  isWrong: boolean;
  onEdited: (text: string, next: AfterEdit) => void;
  onCancel: () => void;
}

/** An input, or the choices of its field. Enter, Ctrl+Enter and Tab keep what is typed, Escape does not. */
export function CellEditor({ column, text, isWrong, onEdited, onCancel }: CellEditorProps): ReactNode {
  const t = useTexts("review");
  const control = useRef<HTMLInputElement & HTMLSelectElement>(null);
  const isOver = useRef(false);
  useEffect(() => {
    const shown = control.current;
    shown?.focus({ preventScroll: true });
    if (shown instanceof HTMLInputElement) shown.setSelectionRange(shown.value.length, shown.value.length);
  }, []);
  const end = (next: AfterEdit): void => {
    if (isOver.current) return;
    isOver.current = true;
    onEdited(control.current?.value ?? text, next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // The grid's own keys are for cells that are not edited.
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      end(event.ctrlKey || event.metaKey ? "fill" : event.shiftKey ? "up" : "down");
    } else if (event.key === "Tab") {
      event.preventDefault();
      end(event.shiftKey ? "back" : "forward");
    } else if (event.key === "Escape") {
      event.preventDefault();
      isOver.current = true;
      onCancel();
    }
  };
  const given = {
    className: "grid-input",
    "aria-label": t("cellOf", { field: column.label }),
    "aria-invalid": isWrong || undefined,
    defaultValue: text,
    onKeyDown,
    onBlur: () => end("leave"),
  };
  if (column.choices === null)
    return <input ref={control} dir="auto" autoComplete="off" spellCheck={false} {...given} />;
  const known = column.choices.some(({ value }) => value === text);
  return (
    <select ref={control} {...given}>
      {!known && <option value={text}>{text === "" ? t("blank") : text}</option>}
      {column.choices.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** The cell that has the grid's focus, in full: its text however long, and what is wrong with it and its row. */
export function CellDetail({
  row,
  column,
  selected,
  note,
  wholeRows,
  onEdit,
  onCompare,
  onRows,
}: {
  row: Row | undefined;
  /** Undefined: the row's number. */
  column: GridColumn | undefined;
  /** The size of a selection of more than one cell. */
  selected: { rows: number; columns: number; cells: number } | null;
  /** What came of the last thing that was done with cells. */
  note: string | null;
  wholeRows: WholeRows;
  /** Null: the row is not edited. */
  onEdit: (() => void) | null;
  onCompare: (row: Row) => void;
  onRows: (kind: "leave_out" | "put_back") => void;
}): ReactNode {
  const t = useTexts("review");
  const { count, mayLeaveOut, mayPutBack } = wholeRows;
  const rowButtons = (
    <>
      {mayLeaveOut && (
        <Button size="small" look="quiet" icon="cross" title={t("leaveOutKey")} onClick={() => onRows("leave_out")}>
          {t("leaveOut", { count })}
        </Button>
      )}
      {mayPutBack && (
        <Button size="small" look="quiet" icon="plus" title={t("putBackKey")} onClick={() => onRows("put_back")}>
          {t("putBack", { count })}
        </Button>
      )}
    </>
  );
  if (note !== null || selected !== null)
    return (
      <div className="cell-detail">
        <div className="cell-detail-head">
          <span>
            {selected === null
              ? note
              : t("selectedCells", { count: selected.cells, rows: selected.rows, columns: selected.columns })}
          </span>
          <span className="row">{rowButtons}</span>
        </div>
        {selected !== null && (note === null ? <p className="muted small">{t("selectedHint")}</p> : <p>{note}</p>)}
      </div>
    );
  if (row === undefined) return <div className="cell-detail muted small">{t("detailHint")}</div>;
  const value = column === undefined ? null : (row.values?.[column.field] ?? "");
  const own = row.issues.filter((issue) => column !== undefined && isAbout(column, issue, value ?? ""));
  const rest = row.issues.filter((issue) => !own.includes(issue));
  return (
    <section className="cell-detail" aria-label={t("detailLabel")}>
      <div className="cell-detail-head">
        <span className="muted small">
          {column === undefined
            ? t("detailRow", { row: row.row })
            : t("detailCell", { row: row.row, field: column.label })}
        </span>
        <span className="row">
          {column !== undefined && onEdit !== null && (
            <Button size="small" look="quiet" icon="edit" onClick={onEdit}>
              {t("edit")}
            </Button>
          )}
          {isDuplicate(row) && (
            <Button size="small" look="quiet" icon="table" onClick={() => onCompare(row)}>
              {t("compare")}
            </Button>
          )}
          {rowButtons}
        </span>
      </div>
      {value !== null && (
        <div className="cell-detail-text" dir={value === "" ? undefined : "auto"}>
          {value === "" ? <span className="muted">{t("blank")}</span> : choiceName(column?.choices ?? null, value)}
        </div>
      )}
      {(own.length > 0 || rest.length > 0) && (
        <ul className="cell-detail-issues small">
          {own.map((issue) => (
            <Told key={`${issue.code} ${issue.field}`} issue={issue} />
          ))}
          {rest.map((issue) => (
            <Told key={`${issue.code} ${issue.field}`} issue={issue} isElsewhere />
          ))}
        </ul>
      )}
    </section>
  );
}

function Told({ issue, isElsewhere = false }: { issue: Issue; isElsewhere?: boolean }): ReactNode {
  return (
    <li className={`${issue.severity}${isElsewhere ? " elsewhere" : ""}`}>
      <Icon name={issue.severity === "info" ? "info" : "warn"} size={15} />
      <span>{issue.message}</span>
    </li>
  );
}
