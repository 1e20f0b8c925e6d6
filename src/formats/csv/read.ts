/**
 * Streams the rows of a delimited file as batches, from its start or from a checkpoint, in bounded memory.
 */
import { SluiceError } from "../../errors.ts";
import type { ReadOptions, Source } from "../../ports.ts";
import type { Batch, CsvDialect } from "../../row.ts";
import { decoderFor } from "./decode.ts";
import { CsvScanner, maxRowBytes } from "./scanner.ts";

/** Read from disk at a time. */
const defaultBlockBytes = 128 * 1024;
/** Room for the longest sequence of any encoding. */
const leastBlockBytes = 32;
const maxRowsPerBatch = 8192;
/** Cells a batch has room for: its offsets take 9 bytes a cell. */
const maxCellsPerBatch = 128 * 1024;
/** What is kept of a row that is too large, to show which it is. */
const shownBytes = 256;

/** Sizes that tests make small, so that every boundary is crossed; nothing else sets them. */
export interface ReaderSizes {
  blockBytes?: number;
  maxRowBytes?: number;
  maxRowsPerBatch?: number;
}

/**
 * The rows, the header among them when it is not read from a checkpoint, in batches of about half a megabyte. The batch is
 * reused: what you need of it, take before you ask for the next.
 *
 * @throws SluiceError `invalid` when the file ends before the checkpoint (it is another file).
 */
export async function* readCsv(
  source: Source,
  dialect: CsvDialect,
  options: ReadOptions & ReaderSizes = {},
): AsyncGenerator<Batch> {
  const { signal } = options;
  const blockBytes = Math.max(leastBlockBytes, options.blockBytes ?? defaultBlockBytes);
  const rowBytes = options.maxRowBytes ?? maxRowBytes;
  const from = options.from ?? { offset: dialect.bomBytes, row: 1 };
  if (from.offset > source.sizeBytes) {
    throw new SluiceError(
      "invalid",
      `${source.name} has ${source.sizeBytes} bytes, the checkpoint is at ${from.offset}: it is not the file this import began with.`,
    );
  }
  const decoder = decoderFor(dialect.encoding);
  const columnCount = dialect.columns.length;
  const maxRows = Math.max(
    1,
    Math.min(options.maxRowsPerBatch ?? maxRowsPerBatch, Math.floor(maxCellsPerBatch / columnCount)),
  );
  let bytes: Uint8Array = Buffer.allocUnsafe(2 * blockBytes);
  const raw: Uint8Array | null = decoder === null ? null : Buffer.allocUnsafe(Math.floor(blockBytes / decoder.growth));
  let rawLength = 0;
  let fileOffset = from.offset;
  let end = 0;
  let atEnd = false;
  /** Byte offset in the file of `bytes[0]`. */
  let base = from.offset;
  /** The beginning of a row that is too large, while the reader looks for its end. */
  let tooLarge: { head: Uint8Array; offset: number } | null = null;
  const { delimiter } = dialect;
  const scanner = new CsvScanner({ delimiter, columnCount, row: from.row, maxRows, bytes, maxRowBytes: rowBytes });
  const { batch } = scanner;
  const offsetAt = (position: number): number =>
    base + (decoder === null ? position : decoder.fileLength(bytes, 0, position));

  for (;;) {
    signal?.throwIfAborted();
    // Make room: what is left over of the last block moves to the front.
    if (scanner.position > 0) {
      const done = scanner.position;
      base = offsetAt(done);
      bytes.copyWithin(0, done, end);
      end -= done;
      scanner.shift(done);
    }
    if (!atEnd) {
      if (bytes.length - end < blockBytes) {
        const grown = Buffer.allocUnsafe(Math.min(2 * bytes.length, rowBytes + 2 * blockBytes));
        grown.set(bytes.subarray(0, end));
        bytes = grown;
        batch.bytes = grown;
      }
      if (raw === null || decoder === null) {
        const read = await source.read(bytes.subarray(end, end + blockBytes), fileOffset);
        fileOffset += read;
        end += read;
        atEnd = fileOffset >= source.sizeBytes || read === 0;
      } else {
        const read = await source.read(raw.subarray(rawLength), fileOffset);
        fileOffset += read;
        atEnd = fileOffset >= source.sizeBytes || read === 0;
        const decoded = decoder.decode(raw.subarray(0, rawLength + read), bytes, end, atEnd);
        raw.copyWithin(0, decoded.read, rawLength + read);
        rawLength += read - decoded.read;
        end += decoded.written;
      }
    }
    if (tooLarge !== null) {
      const at = lineEndIn(bytes, end);
      // A carriage return at the very end may be half of a line ending.
      const whole = at < end && (bytes[at] === 0x0a || at + 1 < end || atEnd);
      scanner.position = !whole ? at : bytes[at] === 0x0d && at + 1 < end && bytes[at + 1] === 0x0a ? at + 2 : at + 1;
      if (!whole && !atEnd) continue;
      scanner.position = Math.min(scanner.position, end);
      batch.bytes = tooLarge.head;
      scanner.noteTooLarge();
      batch.rowOffsets[0] = tooLarge.offset;
      batch.next = { offset: offsetAt(scanner.position), row: scanner.row };
      batch.readBytes = source.packedBytesRead?.() ?? batch.next.offset;
      tooLarge = null;
      yield batch;
      batch.bytes = bytes;
    }
    for (;;) {
      const before = scanner.position;
      const stop = scanner.scan(end, atEnd);
      if (batch.rowCount > 0) {
        locateRows(batch, base, before, decoder?.fileLength);
        batch.next = { offset: offsetAt(scanner.position), row: scanner.row };
        batch.readBytes = source.packedBytesRead?.() ?? batch.next.offset;
        yield batch;
        signal?.throwIfAborted();
      }
      if (stop === "end") return;
      if (stop === "row_too_large") {
        const at = scanner.position;
        tooLarge = {
          head: Uint8Array.from(bytes.subarray(at, at + Math.min(shownBytes, rowBytes))),
          offset: offsetAt(at),
        };
        // The last byte looked at may be half of a line ending.
        scanner.position = at + rowBytes - 1;
        break;
      }
      if (stop === "need_more") break;
    }
  }
}

/** Where the first line ending is, or `end`. */
function lineEndIn(bytes: Uint8Array, end: number): number {
  let at = 0;
  while (at < end && bytes[at] !== 0x0a && bytes[at] !== 0x0d) at++;
  return at;
}

/** Notes each row's place in the file. */
function locateRows(
  batch: Batch,
  base: number,
  from: number,
  fileLength: ((bytes: Uint8Array, start: number, end: number) => number) | undefined,
): void {
  if (fileLength === undefined) {
    for (let r = 0; r < batch.rowCount; r++) batch.rowOffsets[r] = base + batch.rowStarts[r];
    return;
  }
  let offset = base + fileLength(batch.bytes, 0, from);
  let at = from;
  for (let r = 0; r < batch.rowCount; r++) {
    offset += fileLength(batch.bytes, at, batch.rowStarts[r]);
    at = batch.rowStarts[r];
    batch.rowOffsets[r] = offset;
  }
}
