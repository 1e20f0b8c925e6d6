/** The rows of a sheet as they come out of the archive: its part and the shared strings, read side by side. */
import { SluiceError, told } from "../../core/errors.ts";
import type { Batch, FileFinding } from "../../core/row.ts";
import { rowsPerBatch } from "../table/batch-room.ts";
import { partText } from "../xml/part-text.ts";
import { PartWindow } from "../xml/part-window.ts";
import type { ZipEntry } from "../zip/archive.ts";
import { SharedStrings } from "./shared-strings.ts";
import { SheetScanner } from "./sheet-scanner.ts";
import type { Workbook } from "./workbook.ts";

/** Twenty million strings. What a few MB unpack to beyond it is a bomb, and would fill the disk. */
const maxStringsBytes = 1024 * 1024 * 1024;

/** Sizes that tests make small, so that every boundary is crossed; nothing else sets them. */
export interface SheetSizes {
  maxRowsPerBatch?: number;
  maxRowBytes?: number;
  /** XML of one cell or string that is read; a larger one is reported. */
  maxItemBytes?: number;
  /** Bytes of shared strings held in memory; what is beyond goes to a temporary file. */
  stringBytesInMemory?: number;
  /** Cuts the pieces of both parts. */
  pieceBytes?: number;
}

export interface SheetRowsOptions extends SheetSizes {
  columnCount: number;
  from?: { offset: number; row: number };
  onFinding?: (finding: FileFinding, row: number) => void;
  signal?: AbortSignal;
  sample?: Sampling;
}

/** Reading that is to be quick rather than whole. */
export interface Sampling {
  /** Batches that are read as they are; from then on, a shared string that lies further than `stringBytes` is just some text. */
  exactBatches: number;
  stringBytes: number;
  /** Bytes of the sheet that are read at most before a row is found. */
  partBytes: number;
}

/** Stands for a text that a sample did not look up. */
const someText = "…";

/**
 * The sheet's rows in batches, the last of them when the part's checksum has been checked. The batch is reused.
 *
 * @param scanned called with the scanner, which knows what precedes the rows.
 * @throws SluiceError `invalid`: damage, a document type, or a checkpoint of another sheet.
 */
export async function* sheetRows(
  workbook: Workbook,
  entry: ZipEntry,
  options: SheetRowsOptions,
  scanned?: (scanner: SheetScanner) => void,
): AsyncGenerator<Batch> {
  const { from } = options;
  const resumed = from !== undefined && from.offset > 0;
  const renumbered = yield* scanRows(workbook, entry, options, scanned, resumed ? { from } : {});
  // In a sheet whose row numbers are wrong, a row's number depends on all before it: they are counted again.
  if (renumbered) yield* scanRows(workbook, entry, options, scanned, { skipTo: from?.offset });
}

async function* scanRows(
  workbook: Workbook,
  entry: ZipEntry,
  options: SheetRowsOptions,
  scanned: ((scanner: SheetScanner) => void) | undefined,
  start: { from?: { offset: number; row: number }; skipTo?: number },
): AsyncGenerator<Batch, boolean> {
  const { archive, sharedStrings } = workbook;
  const { columnCount, signal, onFinding, pieceBytes, sample } = options;
  const what = `${archive.fileName} (${entry.name})`;
  const strings = new SharedStrings(
    sharedStrings === null ? null : cut(archive.read(sharedStrings, { maxBytes: maxStringsBytes, signal }), pieceBytes),
    `${archive.fileName} (${sharedStrings?.name})`,
    { bytesInMemory: options.stringBytesInMemory, maxItemBytes: options.maxItemBytes },
  );
  const pieces = partText(cut(archive.read(entry, { signal }), pieceBytes), what);
  try {
    const window = new PartWindow();
    const scanner = new SheetScanner(window, {
      what,
      columnCount,
      maxRows: rowsPerBatch(columnCount, options.maxRowsPerBatch),
      maxRowBytes: options.maxRowBytes,
      maxItemBytes: options.maxItemBytes,
      strings,
      styles: workbook.styles,
      date1904: workbook.date1904,
      ...start,
    });
    scanned?.(scanner);
    const { batch } = scanner.rows;
    const hand = (next: Batch["next"]): Batch => {
      for (const { finding, row } of scanner.takeFindings()) onFinding?.(finding, row);
      batch.next = next;
      batch.readBytes = archive.bytesRead;
      return batch;
    };
    let atEnd = false;
    let batches = 0;
    if (start.from !== undefined) {
      await skipTo(pieces, window, start.from.offset, archive.fileName);
      if (window.end === 0) return false;
    }
    for (;;) {
      const stop = scanner.scan(atEnd);
      if (stop === "batch_full") {
        batches++;
        yield hand(batch.next);
        signal?.throwIfAborted();
      } else if (stop === "need_string") {
        const { wantedString } = scanner;
        const isExact = sample === undefined || batches < sample.exactBatches;
        await strings.loadTo(wantedString, isExact ? undefined : sample.stringBytes);
        if (!isExact) scanner.unknownString = someText;
      } else if (stop === "renumbered") {
        return true;
      } else if (atEnd) {
        break;
      } else {
        if (sample !== undefined && batches === 0 && window.base > sample.partBytes) break;
        const { done, value } = await pieces.next();
        if (done) atEnd = true;
        else {
          window.push(value, scanner.position);
          scanner.position = 0;
        }
      }
    }
    if (sample === undefined) await strings.finish();
    const last = hand({ offset: window.base + window.end, row: scanner.rows.number + 1 });
    if (batch.rowCount > 0) yield last;
    return false;
  } finally {
    await pieces.return(undefined);
    await strings.close();
  }
}

/** Passes over the part up to an offset; the window then begins there. It stays empty at the part's very end. */
async function skipTo(
  pieces: AsyncGenerator<Uint8Array>,
  window: PartWindow,
  offset: number,
  fileName: string,
): Promise<void> {
  let at = 0;
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) break;
    if (at + value.length > offset) {
      window.push(value.subarray(offset - at), 0);
      break;
    }
    at += value.length;
  }
  if (window.end === 0 ? at === offset : window.bytes[0] === 0x3c) {
    window.base = offset;
    return;
  }
  throw new SluiceError(
    "invalid",
    told`${fileName} has no row at the checkpoint (${offset} in its sheet): it is not the file this import began with.`,
    { next: { code: "upload_again" } },
  );
}

async function* cut(pieces: AsyncGenerator<Uint8Array>, pieceBytes: number | undefined): AsyncGenerator<Uint8Array> {
  if (pieceBytes === undefined) return yield* pieces;
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += pieceBytes) yield piece.subarray(at, at + pieceBytes);
  }
}
