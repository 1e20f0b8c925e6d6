/** A cell while it is edited: an input, or the choices of its field. Enter and Tab keep what stands there, Escape does not. */
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { useTexts } from "../../foundation/texts.ts";
import type { GridColumn } from "./grid-columns.ts";

/** Where the focus goes then: it stays in the grid, or has left it already. */
export type AfterEdit = "stay" | "forward" | "back" | "leave";

export interface CellEditorProps {
  column: GridColumn;
  /** What stands there at first. */
  text: string;
  isWrong: boolean;
  onEdited: (text: string, next: AfterEdit) => void;
  onCancel: () => void;
}

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
      end("stay");
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
      {column.choices.map(({ value }) => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </select>
  );
}
