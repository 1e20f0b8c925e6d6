/**
 * Reads the rows of a delimited file as batches, from its start or from a checkpoint, in bounded memory.
 */
import { isUtf8 } from "node:buffer";
import { SluiceError, told } from "../../core/errors.ts";
import type { ReadOptions, Source } from "../../core/ports.ts";
import { type Batch, type CsvDialect, rowIntact, rowTooShort } from "../../core/row.ts";
import { paddedRow, padsShortRows } from "../../core/short-rows.ts";
import { maxRowBytes, rowsPerBatch, shownBytes } from "../table/batch-room.ts";
import { CsvScanner } from "./scanner.ts";
import { separatorLine, separatorLineBytes } from "./separator-line.ts";
import { TextWindow } from "./text-window.ts";

/** Sizes that tests make small, so that every boundary is crossed; nothing else sets them. */
export interface ReaderSizes {
  blockBytes?: number;
  maxRowBytes?: number;
  maxRowsPerBatch?: number;
}

/**
 * The rows, the header among them when it is not read from a checkpoint, in batches of about half a megabyte. The batch is
 * reused: copy what you need before you ask for the next. A separator line (`sep=;`) is not a row.
 *
 * @throws SluiceError `invalid` when the file ends before the checkpoint (it is another file).
 */
export async function* readCsv(
  source: Source,
  dialect: CsvDialect,
  options: ReadOptions & ReaderSizes = {},
): AsyncGenerator<Batch> {
  const { signal } = options;
  const rowBytes = options.maxRowBytes ?? maxRowBytes;
  const from = options.from ?? { offset: dialect.bomBytes, row: 1 };
  if (from.offset > source.sizeBytes) {
    throw new SluiceError(
      "invalid",
      told`${source.name} has ${source.sizeBytes} bytes, but the checkpoint is at ${from.offset}: it is not the file this import began with.`,
      { next: { code: "upload_again" } },
    );
  }
  const columnCount = dialect.columns.length;
  const maxRows = rowsPerBatch(columnCount, options.maxRowsPerBatch);
  const { offset } = from;
  const text = new TextWindow(source, dialect.encoding, {
    offset,
    maxTextBytes: rowBytes,
    blockBytes: options.blockBytes,
    strays: dialect.strayBytes !== undefined,
  });
  let toldStrays = false;
  const scanner = new CsvScanner({
    ...dialect,
    columnCount,
    width: columnCount,
    row: from.row,
    maxRows,
    bytes: text.bytes,
    maxRowBytes: rowBytes,
  });
  const { batch } = scanner;
  /** The beginning of a row that is too large, while the reader looks for its end. */
  let tooLarge: { head: Uint8Array; offset: number } | null = null;
  let atStart = from.row === 1;
  const pads = padsShortRows(dialect);

  try {
    for (;;) {
      signal?.throwIfAborted();
      // Make room: what is left over of the last block moves to the front.
      const done = scanner.position;
      if (done > 0) {
        text.drop(done);
        scanner.shift(done);
      }
      // A row that is longer than what was read is scanned again as rarely as can be: twice as much at a time.
      if (!text.atEnd) await text.fill(atStart ? separatorLineBytes : done === 0 ? text.end : 1);
      if (text.strayCount > 0 && !toldStrays) {
        toldStrays = true;
        const params = { encoding: dialect.strayBytes ?? "" };
        options.onFinding?.({ code: "encoding_guessed", count: 1, params }, scanner.row);
      }
      batch.bytes = text.bytes;
      if (atStart) {
        atStart = false;
        const line = separatorLine(text.bytes.subarray(0, text.end));
        if (line !== null) {
          scanner.position = line.sizeBytes;
          scanner.row++;
        }
      }
      if (tooLarge !== null) {
        const ending = lineEndIn(text);
        scanner.position = ending.end;
        if (!ending.whole) continue;
        batch.bytes = tooLarge.head;
        batch.wellFormed = false;
        scanner.noteTooLarge();
        batch.rowOffsets[0] = tooLarge.offset;
        batch.next = { offset: text.offsetAt(scanner.position), row: scanner.row };
        batch.readBytes = source.packedBytesRead?.() ?? batch.next.offset;
        tooLarge = null;
        yield batch;
        batch.bytes = text.bytes;
      }
      for (;;) {
        const stop = scanner.scan(text.end, text.atEnd);
        if (batch.rowCount > 0) {
          for (let r = 0; r < batch.rowCount; r++) batch.rowOffsets[r] = text.offsetAt(batch.rowStarts[r]);
          if (pads) padShortRows(batch, dialect, options.onFinding);
          // What parts cells is ASCII, so that none begins or ends within a character.
          batch.wellFormed = isUtf8(text.bytes.subarray(batch.rowStarts[0], batch.rowEnds[batch.rowCount - 1]));
          batch.next = { offset: text.offsetAt(scanner.position), row: scanner.row };
          batch.readBytes = source.packedBytesRead?.() ?? batch.next.offset;
          yield batch;
          signal?.throwIfAborted();
        }
        if (stop === "end") return;
        if (stop === "row_too_large") {
          const at = scanner.position;
          tooLarge = {
            head: Uint8Array.from(text.bytes.subarray(at, at + Math.min(shownBytes, rowBytes))),
            offset: text.offsetAt(at),
          };
          // The last byte examined may be half of a line ending.
          scanner.position = at + rowBytes - 1;
          break;
        }
        if (stop === "need_more") break;
      }
    }
  } finally {
    await text.settle();
  }
}

/** The cells that are missing are there already, as blank ones. */
function padShortRows(
  { rowCount, shapes, rowNumbers, rowStarts, rowEnds, bytes }: Batch,
  { headerRow, lastRow, delimiter }: CsvDialect,
  onFinding: ReadOptions["onFinding"],
): void {
  const last = lastRow ?? Number.POSITIVE_INFINITY;
  const mark = delimiter.charCodeAt(0);
  for (let r = 0; r < rowCount; r++) {
    const number = rowNumbers[r];
    if (shapes[r] !== rowTooShort || number <= headerRow || number > last) continue;
    let at = rowStarts[r];
    while (at < rowEnds[r] && (bytes[at] === 0x20 || bytes[at] === mark)) at++;
    if (at === rowEnds[r]) continue;
    shapes[r] = rowIntact;
    onFinding?.(paddedRow, number);
  }
}

/** Where the first line ending ends; where it may begin when the text does not hold it whole. */
function lineEndIn({ bytes, end, atEnd }: TextWindow): { end: number; whole: boolean } {
  const text = bytes.subarray(0, end);
  const lineFeed = text.indexOf(0x0a);
  const carriageReturn = (lineFeed < 0 ? text : text.subarray(0, lineFeed)).indexOf(0x0d);
  if (carriageReturn >= 0) {
    const next = carriageReturn + 1;
    // A carriage return at the very end may be half of a line ending.
    if (next === end && !atEnd) return { end: carriageReturn, whole: false };
    return { end: next === lineFeed ? next + 1 : next, whole: true };
  }
  return lineFeed < 0 ? { end, whole: atEnd } : { end: lineFeed + 1, whole: true };
}
