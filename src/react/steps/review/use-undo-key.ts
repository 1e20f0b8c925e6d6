/** Ctrl+Z (⌘Z) outside of a control that has an undo of its own. */
import { useEffect, useRef } from "react";

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
