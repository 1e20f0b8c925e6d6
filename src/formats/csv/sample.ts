/** The first rows of a delimited text, read by marks that are on trial. */
import { isAscii } from "node:buffer";
import { type Batch, cellEscaped, cellQuoted, cellText, rowQuoteUnclosed } from "../../core/row.ts";
import { maxColumns } from "../table/table.ts";
import { CsvScanner } from "./scanner.ts";
import { separatorLine } from "./separator-line.ts";
import type { Marks } from "./syntax.ts";

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
  /** It has quotes that no writer's rules explain. */
  irregular: boolean;
}

/** Cells examined in a row while the number of columns is not known. */
const probeColumns = maxColumns + 1;

/** The rows that `head` holds whole; a separator line is none. `width`: how many cells they have, if that is known. */
export function* sampleRows(
  { text, atEnd }: Head,
  marks: Marks,
  { maxCells = probeColumns, width = 0 }: { maxCells?: number; width?: number } = {},
): Generator<TrialRow> {
  const { wrapped } = marks;
  // Unwrapping writes into the text.
  const bytes = wrapped === undefined ? text : Uint8Array.from(text);
  const letters =
    wrapped === undefined && isAscii(text)
      ? Buffer.from(text.buffer, text.byteOffset, text.length).toString("latin1")
      : null;
  const scanner = new CsvScanner({ ...marks, columnCount: maxCells, width, row: 1, maxRows: 1, bytes });
  const separator = separatorLine(text);
  if (separator !== null) {
    scanner.position = separator.sizeBytes;
    scanner.row++;
  }
  for (;;) {
    scanner.irregular = false;
    const stop = scanner.scan(text.length, atEnd);
    if (scanner.batch.rowCount === 1) yield trialRow(scanner.batch, scanner.irregular, letters);
    if (stop !== "batch_full") return;
  }
}

/** `letters`: the batch's bytes, letter by letter, where all are ASCII: to cut cells out costs a tenth of decoding each. */
function trialRow(batch: Batch, irregular: boolean, letters: string | null): TrialRow {
  const { flags, cells: places } = batch;
  const width = batch.cellCounts[0];
  const length = Math.min(width, batch.columnCount);
  const cells: string[] = [];
  const quoted: boolean[] = [];
  for (let c = 0; c < length; c++) {
    const isPlain = letters !== null && (flags[c] & cellEscaped) === 0;
    cells.push(isPlain ? letters.slice(places[2 * c], places[2 * c + 1]) : cellText(batch, 0, c));
    quoted.push((flags[c] & cellQuoted) !== 0);
  }
  const unclosed = batch.shapes[0] === rowQuoteUnclosed;
  return { number: batch.rowNumbers[0], cells, width, quoted, unclosed, irregular };
}
