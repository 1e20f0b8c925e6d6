/** What is done with the selected cells of a grid at once: copied, cut, pasted over, emptied, filled. Each change is one edit. */
import { type RefObject, useEffect, useRef } from "react";
import type { EditCounts, NewEdit, Row } from "../../../client/index.ts";
import { useFrame } from "../../foundation/Frame.tsx";
import { choiceName, choiceOf } from "../../foundation/mappable-fields.ts";
import { useTexts } from "../../foundation/texts.ts";
import type { GridColumn } from "./grid-columns.ts";
import { type Block, type CellRange, type Placed, placed, sizeOf } from "./grid-selection.ts";
import type { RowWindow } from "./row-window.ts";
import { fromTsv, toTsv } from "./tsv.ts";
import { resultOf } from "./use-review.ts";

type CellsEdit = Extract<NewEdit, { kind: "cells" }>;

export interface GridEditsOptions {
  scroller: RefObject<HTMLElement | null>;
  rows: RowWindow;
  columns: readonly GridColumn[];
  range: CellRange;
  /** Rows of the list. */
  count: number;
  onSave(row: Row, field: string, value: string): void;
  onPut(edit: CellsEdit): Promise<EditCounts | null>;
  /** Says what came of it, where that is not seen. */
  onNote(text: string): void;
}

export interface GridEdits {
  /** Puts a text into every selected cell. */
  fill(text: string): Promise<void>;
}

/** What one edit may have, as the API bounds it: rows, cells, and bytes with some room for the rest of the request. */
const most = { rows: 10_000, cells: 100_000, bytes: 1_000_000 };
/** A longer text is not even taken apart. */
const mostPasted = 20 * most.bytes;
const never = new AbortController().signal;

export function useGridEdits(options: GridEditsOptions): GridEdits {
  const t = useTexts("review");
  const frame = useFrame();
  const { rows, columns, range, count, onSave, onPut, onNote } = options;

  const put = async (block: Block): Promise<void> => {
    const cells = placed(block, range, { rows: count, columns: columns.length });
    const { top, left, height, width } = cells;
    if (height > most.rows || height * width > most.cells) return onNote(t("tooManyCells"));
    const found = await rows.read(top, top + height, never).catch(() => null);
    if (found === null) return onNote(t("cellsUnread"));
    const covered = columns.slice(left, left + width);
    const { edit, changing } = cellsEdit(found, covered, cells);
    const beyond = cells.cutOff + (height - found.length) * width;
    const told = [
      beyond > 0 && t("cellsBeyond", { count: beyond }),
      covered.some(({ isComputed }) => isComputed) && t("cellsComputed"),
    ];
    const say = (...more: (string | false)[]): void => {
      const said = [...more, ...told].filter((each) => each !== false);
      if (said.length > 0) onNote(said.join(" "));
    };
    if (changing === 0) return say(t("nothingChanged"));
    if (new TextEncoder().encode(JSON.stringify(edit)).length > most.bytes) return onNote(t("tooManyCells"));
    const [{ row: number, values }] = edit.rows;
    const row = found.find((each) => each.row === number);
    // Of one cell the row alone is drawn anew.
    if (edit.rows.length === 1 && edit.fields.length === 1 && row !== undefined && values[0] !== null) {
      say();
      return onSave(row, edit.fields[0], values[0]);
    }
    const counts = await onPut(edit);
    if (counts === null) return;
    const stayed = changing - counts.changed;
    say(resultOf(counts, t), stayed > 0 && t("rowsStayed", { count: stayed }));
  };

  const textOf = (found: readonly Row[]): string =>
    toTsv(
      found.map(({ values }) =>
        columns.slice(range.left, range.right + 1).map((column) => shownText(column, values?.[column.field] ?? "")),
      ),
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
    const write = async (): Promise<void> => {
      const text = rows
        .read(range.top, range.bottom + 1, never)
        .then((found) => new Blob([textOf(found)], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
    };
    const written = navigator.clipboard === undefined ? Promise.reject() : write();
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
      const text = event.clipboardData?.getData("text/plain") ?? "";
      const block = text.length > mostPasted ? null : fromTsv(text);
      if (block === null) onNote(t("tooManyCells"));
      else if (block.length > 0) void put(block);
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

/** A cell as it is seen, and copied: of a choice its label, where that leads back to the same choice. */
function shownText({ choices }: GridColumn, value: string): string {
  const label = choiceName(choices, value);
  return choiceOf(choices, label) === value ? label : value;
}

/**
 * The cells of columns that can be edited, with what goes into them, and how many of the rows that changes. Those that have it already
 * go with them: somebody else may have changed them since.
 */
function cellsEdit(
  found: readonly Row[],
  covered: readonly GridColumn[],
  { at }: Placed,
): { edit: CellsEdit; changing: number } {
  const open = covered.flatMap((column, place) => (column.isComputed ? [] : [{ column, place }]));
  let changing = 0;
  const rows = found.flatMap(({ row, values }, r) => {
    const cells = open.map(({ column, place }) => {
      const text = at(r, place);
      return text === null ? null : choiceOf(column.choices, text);
    });
    if (cells.every((text) => text === null)) return [];
    if (cells.some((text, k) => text !== null && text !== (values?.[open[k].column.field] ?? ""))) changing++;
    return [{ row, values: cells }];
  });
  return { edit: { kind: "cells", fields: open.map(({ column }) => column.field), rows }, changing };
}
