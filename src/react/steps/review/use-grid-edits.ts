/** What is done with the selected cells of a grid at once: copied, cut, pasted over, emptied, filled. Each change is one edit. */
import { type RefObject, useEffect, useRef } from "react";
import type { NewEdit, Row } from "../../../client/index.ts";
import { useFrame } from "../../foundation/Frame.tsx";
import { useTexts } from "../../foundation/texts.ts";
import type { GridColumn } from "./grid-columns.ts";
import { type Block, type CellRange, placed, sizeOf } from "./grid-selection.ts";
import type { RowWindow } from "./row-window.ts";
import { fromTsv, toTsv } from "./tsv.ts";

type CellsEdit = Extract<NewEdit, { kind: "cells" }>;

export interface GridEditsOptions {
  scroller: RefObject<HTMLElement | null>;
  rows: RowWindow;
  columns: readonly GridColumn[];
  range: CellRange;
  /** Rows of the list. */
  count: number;
  onSave(row: Row, field: string, value: string): void;
  onPut(edit: CellsEdit): Promise<unknown>;
  /** Says what came of it, where that is not seen. */
  onNote(text: string): void;
}

export interface GridEdits {
  /** Puts a text into every selected cell. */
  fill(text: string): Promise<void>;
}

/** What one edit may have, as the API bounds it: rows, cells, and bytes with some room for the rest of the request. */
const most = { rows: 10_000, cells: 100_000, bytes: 1_000_000 };
const never = new AbortController().signal;

export function useGridEdits(options: GridEditsOptions): GridEdits {
  const t = useTexts("review");
  const frame = useFrame();
  const { rows, columns, range, count, onSave, onPut, onNote } = options;

  const put = async (block: Block, { cutOff = 0 } = {}): Promise<void> => {
    const { top, left, rows: wanted, cutOff: outside } = placed(block, range, { rows: count, columns: columns.length });
    if (wanted.length > most.rows || wanted.length * (wanted[0]?.length ?? 0) > most.cells)
      return onNote(t("tooManyCells"));
    const found = await rows.read(top, top + wanted.length, never).catch(() => null);
    if (found === null) return onNote(t("cellsUnread"));
    const edit = cellsEdit(found, columns.slice(left, left + (wanted[0]?.length ?? 0)), wanted);
    if (edit === null) return onNote(t("nothingChanged"));
    if (new TextEncoder().encode(JSON.stringify(edit)).length > most.bytes) return onNote(t("tooManyCells"));
    const beyond = cutOff + outside;
    if (beyond > 0) onNote(t("cellsBeyond", { count: beyond }));
    const [first] = edit.rows;
    const row = found.find((each) => each.row === first.row);
    const [value] = first.values;
    // Of one cell the row alone is drawn anew.
    if (edit.rows.length === 1 && edit.fields.length === 1 && row !== undefined && value !== null)
      onSave(row, edit.fields[0], value);
    else await onPut(edit);
  };

  const textOf = (found: readonly Row[]): string =>
    toTsv(
      found.map(({ values }) => columns.slice(range.left, range.right + 1).map(({ field }) => values?.[field] ?? "")),
    );
  const copy = (event: ClipboardEvent): boolean => {
    const size = sizeOf(range);
    event.preventDefault();
    if (size.rows > most.rows) {
      onNote(t("tooManyCells"));
      return false;
    }
    const here: Row[] = [];
    for (let place = range.top; place <= range.bottom; place++) {
      const row = rows.at(place);
      if (row !== undefined) here.push(row);
    }
    const told = t("copied", { count: size.cells });
    if (here.length === size.rows) {
      event.clipboardData?.setData("text/plain", textOf(here));
      onNote(told);
      return true;
    }
    // The rest of the rows is on its way: the clipboard takes a text that comes later from a page that it trusts alone.
    const text = rows
      .read(range.top, range.bottom + 1, never)
      .then((found) => new Blob([textOf(found)], { type: "text/plain" }));
    const written = navigator.clipboard?.write([new ClipboardItem({ "text/plain": text })]) ?? Promise.reject();
    written.then(
      () => onNote(told),
      () => onNote(t("copyRefused")),
    );
    return false;
  };
  const handlers = {
    copy: (event: ClipboardEvent): void => void copy(event),
    cut: (event: ClipboardEvent): void => {
      if (copy(event)) void put([[""]]);
    },
    paste: (event: ClipboardEvent): void => {
      event.preventDefault();
      const block = fromTsv(event.clipboardData?.getData("text/plain") ?? "");
      if (block.length > 0) void put(block);
    },
  };
  const latest = useRef(handlers);
  latest.current = handlers;
  const { scroller } = options;
  useEffect(() => {
    // Told to the document's body, not to the cell, since no text is selected (Clipboard API, section 5.2.2).
    const onClipboard = (event: Event): void => {
      const focused = (frame ?? document).activeElement;
      if (event.defaultPrevented || focused === null || !scroller.current?.contains(focused)) return;
      if (focused.matches("input, select, textarea")) return;
      latest.current[event.type as keyof typeof handlers](event as ClipboardEvent);
    };
    const types = ["copy", "cut", "paste"] as const;
    for (const type of types) document.addEventListener(type, onClipboard);
    return () => {
      for (const type of types) document.removeEventListener(type, onClipboard);
    };
  }, [frame, scroller]);

  return { fill: (text) => put([[text]]) };
}

/** Cells that change, of columns that can be edited. Null: there are none. */
function cellsEdit(
  found: readonly Row[],
  columns: readonly GridColumn[],
  wanted: readonly (readonly (string | null)[])[],
): CellsEdit | null {
  const open = columns.flatMap(({ field, isComputed }, place) => (isComputed ? [] : [{ field, place }]));
  const rows = found.flatMap(({ row, values }, r) => {
    const cells = open.map(({ field, place }) => {
      const text = wanted[r]?.[place] ?? null;
      return text === (values?.[field] ?? "") ? null : text;
    });
    return cells.every((text) => text === null) ? [] : [{ row, values: cells }];
  });
  return rows.length === 0 ? null : { kind: "cells", fields: open.map(({ field }) => field), rows };
}
