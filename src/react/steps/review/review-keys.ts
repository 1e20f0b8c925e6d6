/** The keys of the review: which cell one leads to in the grid, and taking a change back. */
import { useEffect, useRef } from "react";
import type { GridCellPlace } from "./grid-selection.ts";

interface GridSize {
  rows: number;
  columns: number;
  /** Rows that Page Up and Page Down go. */
  page: number;
  isRtl: boolean;
}

/** Which cell a key leads to, as the ARIA Authoring Practices have it for a grid. Null: the key is none of the grid's. */
export function moveOf(
  { key, ctrlKey, metaKey, altKey }: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean },
  { place, column }: GridCellPlace,
  { rows, columns, page, isRtl }: GridSize,
): GridCellPlace | null {
  if (altKey) return null;
  const far = ctrlKey || metaKey;
  const sideways = (step: number): GridCellPlace => {
    const wanted = far ? (step < 0 ? 0 : columns - 1) : column + step;
    return { place, column: Math.min(columns - 1, Math.max(-1, wanted)) };
  };
  const upright = (step: number): GridCellPlace => ({
    place: Math.max(0, Math.min(rows - 1, place + step)),
    column,
  });
  switch (key) {
    case "ArrowLeft":
      return sideways(isRtl ? 1 : -1);
    case "ArrowRight":
      return sideways(isRtl ? -1 : 1);
    case "ArrowUp":
      return upright(far ? -rows : -1);
    case "ArrowDown":
      return upright(far ? rows : 1);
    case "PageUp":
      return upright(-page);
    case "PageDown":
      return upright(page);
    case "Home":
      return { place: far ? 0 : place, column: Math.min(0, columns - 1) };
    case "End":
      return { place: far ? Math.max(0, rows - 1) : place, column: columns - 1 };
    default:
      return null;
  }
}

/**
 * What a key does with the selected rows as a whole, as in Excel and Google Sheets: Ctrl+- and Ctrl++ where rows are selected, where other
 * cells are with Alt, since the browser zooms by them. Null: another key.
 */
export function rowsKeyOf(
  { key, code, ctrlKey, metaKey, altKey }: Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey">,
  isWholeRows: boolean,
): "leave_out" | "put_back" | null {
  if (!(ctrlKey || metaKey) || !(isWholeRows || altKey)) return null;
  if (key === "-" || key === "–" || code === "NumpadSubtract") return "leave_out";
  return key === "+" || key === "=" || code === "NumpadAdd" ? "put_back" : null;
}

/** Ctrl+Z (⌘Z) outside of a control that has an undo of its own. */
export function useUndoKey(isOn: boolean, undo: () => void): void {
  const latest = useRef(undo);
  useEffect(() => {
    latest.current = undo;
  });
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      if (event.defaultPrevented) return;
      // Within the shadow root too: the event's target is the host then.
      const [target] = event.composedPath();
      if (target instanceof Element && target.closest("input, textarea, select, dialog, [contenteditable]")) return;
      event.preventDefault();
      latest.current();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [isOn]);
}
