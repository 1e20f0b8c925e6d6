/** The first rows of a delimited text, read by marks that are on trial. */

import { type Batch, cellQuoted, cellText, rowQuoteUnclosed } from "../../core/row.ts";
import { maxColumns } from "../table/table.ts";
import { CsvScanner, type Marks } from "./scanner.ts";
import { separatorLine } from "./separator-line.ts";

/** The beginning of a file as UTF-8, without its byte order mark. */
export interface Head {
  text: Uint8Array;
  /** Nothing comes after it. */
  atEnd: boolean;
}

/** A row as some marks cut it. */
export interface TrialRow {
  number: number;
  cells: string[];
  /** Cells it really has, of which `cells` may hold the first alone. */
  width: number;
  /** For each cell, whether it was quoted. */
  quoted: boolean[];
  /** It opens a quote that never closes. */
  unclosed: boolean;
}

/** Cells examined in a row while the number of columns is not known. */
const probeColumns = maxColumns + 1;

/** The rows that `head` holds whole; a separator line is none. */
export function* sampleRows({ text, atEnd }: Head, marks: Marks, maxCells = probeColumns): Generator<TrialRow> {
  const scanner = new CsvScanner({ ...marks, columnCount: maxCells, row: 1, maxRows: 1, bytes: text });
  const separator = separatorLine(text);
  if (separator !== null) {
    scanner.position = separator.sizeBytes;
    scanner.row++;
  }
  for (;;) {
    const stop = scanner.scan(text.length, atEnd);
    if (scanner.batch.rowCount === 1) yield trialRow(scanner.batch);
    if (stop !== "batch_full") return;
  }
}

function trialRow(batch: Batch): TrialRow {
  const width = batch.cellCounts[0];
  const length = Math.min(width, batch.columnCount);
  const cells = Array.from({ length }, (_, c) => cellText(batch, 0, c));
  const quoted = Array.from({ length }, (_, c) => (batch.flags[c] & cellQuoted) !== 0);
  return { number: batch.rowNumbers[0], cells, width, quoted, unclosed: batch.shapes[0] === rowQuoteUnclosed };
}
