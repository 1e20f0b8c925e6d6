/** What the thread that reads an XLS workbook is asked, and what it answers. */

import type { Telling } from "../../core/errors.ts";
import type { SampleRow } from "../table/table.ts";
import type { SurveyedSheet } from "../workbook/sheet-choice.ts";

export interface ThreadData {
  /** What the file is called. */
  name: string;
  /** The file. */
  bytes: Uint8Array;
}

/** `survey`: the sheets with their first rows. `rows`: rows of one sheet in batches, from `row` on; `next`: the next batch. */
export type Question =
  | { ask: "survey"; maxRows: number }
  | { ask: "rows"; sheetIndex: number; sheet: string; row: number; columnCount: number; maxRows: number }
  | { ask: "next" };

export interface XlsSheet extends SurveyedSheet {
  rows: SampleRow[];
  hiddenColumns: number;
  mergedCells: number;
}

/** Rows of a batch (row.ts), with the arrays cut to what is filled. */
export interface XlsRows {
  bytes: Uint8Array;
  rowCount: number;
  cells: Int32Array;
  flags: Uint8Array;
  shapes: Uint8Array;
  rowNumbers: Int32Array;
  cellCounts: Int32Array;
  rowStarts: Int32Array;
  rowEnds: Int32Array;
  surplus: Map<number, Int32Array>;
  hiddenRows: number;
  firstHidden: number;
  /** Number of the row after these; `done`: there is none. */
  nextRow: number;
  done: boolean;
  /** Of the sheet's rows, these and all before. */
  share: number;
}

/** `problem`: why the file cannot be read. */
export type Answer = { sheets: XlsSheet[] } | { rows: XlsRows } | { problem: Telling };
