/** Files that are dropped anywhere on the page, and tables that are pasted into the step or the bare page, while a step is shown. */
import { useEffect, useRef, useState } from "react";
import { useFrame } from "../../foundation/Frame.tsx";
import type { Clipboard } from "./PasteTable.tsx";

export interface DroppedFiles {
  files: File[];
  /** Names of folders, which cannot be sent. */
  folders: string[];
}

/** @returns whether something is being dragged over the page that can be dropped. */
export function useDroppedFiles(
  onFiles: (dropped: DroppedFiles) => void,
  onPaste: (clipboard: Clipboard) => void,
): boolean {
  const frame = useFrame();
  const [isOver, setOver] = useState(false);
  // The page is listened to once, however often the step is rendered.
  const latest = useRef({ onFiles, onPaste });
  useEffect(() => {
    latest.current = { onFiles, onPaste };
  });
  useEffect(() => {
    const holdsFiles = (event: DragEvent): boolean =>
      !event.defaultPrevented && !isInAnother(event, frame) && (event.dataTransfer?.types.includes("Files") ?? false);
    const onDragOver = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      // Else the browser would open the file in place of the page.
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = "copy";
      setOver(true);
    };
    const onDragLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      setOver(false);
      if (!holdsFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      latest.current.onFiles(droppedBy(event.dataTransfer));
    };
    const onPasted = (event: ClipboardEvent): void => {
      const data = event.clipboardData;
      if (event.defaultPrevented || data === null || !isForUs(event, frame)) return;
      event.preventDefault();
      if (data.files.length > 0 && !data.types.includes("text/plain")) latest.current.onFiles(droppedBy(data));
      else latest.current.onPaste({ text: data.getData("text/plain"), html: data.getData("text/html") });
    };
    document.addEventListener("dragover", onDragOver);
    document.addEventListener("dragleave", onDragLeave);
    document.addEventListener("drop", onDrop);
    document.addEventListener("paste", onPasted);
    return () => {
      document.removeEventListener("dragover", onDragOver);
      document.removeEventListener("dragleave", onDragLeave);
      document.removeEventListener("drop", onDrop);
      document.removeEventListener("paste", onPasted);
    };
  }, [frame]);
  return isOver;
}

function droppedBy(data: DataTransfer): DroppedFiles {
  const dropped: DroppedFiles = { files: [], folders: [] };
  for (const item of data.items) {
    if (item.kind !== "file") continue;
    const entry = item.webkitGetAsEntry?.();
    const file = item.getAsFile();
    if (entry?.isDirectory) dropped.folders.push(entry.name);
    else if (file !== null) dropped.files.push(file);
  }
  return dropped;
}

/** Over another component of ours, which takes its own: a page may have several, and one in a window over it. */
function isInAnother(event: Event, frame: ShadowRoot | null): boolean {
  const others = event
    .composedPath()
    .filter((each) => each instanceof HTMLElement && each.dataset.sluice !== undefined);
  return others.length > 0 && !others.some((each) => (each as HTMLElement).shadowRoot === frame);
}

/** Pasted into nothing that takes text, in our own frame or where nothing has the focus. */
function isForUs(event: ClipboardEvent, frame: ShadowRoot | null): boolean {
  const path = event.composedPath();
  const target = path[0];
  if (target instanceof HTMLElement) {
    if (target.isContentEditable || target instanceof HTMLTextAreaElement) return false;
    if (target instanceof HTMLInputElement && !["radio", "checkbox", "file", "button"].includes(target.type))
      return false;
    if (target.closest("dialog:not(.wizard-window)") !== null) return false;
  }
  return target === document.body || target === document.documentElement || (frame !== null && path.includes(frame));
}
