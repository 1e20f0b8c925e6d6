/** Streams the records of a JSON file as batches, from its start or from a checkpoint, in bounded memory. */
import { SluiceError, told } from "../../core/errors.ts";
import type { ReadOptions, Source } from "../../core/ports.ts";
import type { Batch, JsonDialect } from "../../core/row.ts";
import { maxRowBytes, rowsPerBatch, shownBytes } from "../table/batch-room.ts";
import { ElementCells } from "./element.ts";
import { findLayout } from "./layout.ts";
import { NameColumns } from "./names.ts";
import { LinePassage, MemberPassage, Passage } from "./passage.ts";
import { RowScanner } from "./rows.ts";
import { TextReader } from "./text-reader.ts";
import { isSpace, maxDepth, openBrace, openBracket } from "./token.ts";

/** Read from disk at a time. */
const defaultBlockBytes = 256 * 1024;
const leastBlockBytes = 32;

/** Sizes that tests make small, so that every boundary is crossed; nothing else sets them. */
export interface ReaderSizes {
  blockBytes?: number;
  maxRowBytes?: number;
  maxRowsPerBatch?: number;
}

/**
 * The records in batches; of a list of lists, the header is the first row. The batch is reused: what you need of it, take
 * before you ask for the next.
 *
 * A name that the dialect's columns lack is surplus of its row, as `name: value`. A damaged line of JSON Lines is a row
 * that is malformed, and reading continues after it; in an array nothing shows where the next element begins.
 *
 * @throws SluiceError `invalid` where the file breaks off or is no JSON, after the rows before that place were handed out;
 * and when the file ends before the checkpoint (it is another file).
 */
export async function* readJson(
  file: Source,
  dialect: JsonDialect,
  options: ReadOptions & ReaderSizes = {},
): AsyncGenerator<Batch> {
  const { signal } = options;
  signal?.throwIfAborted();
  const { layout, source, encoding } = await findLayout(file, dialect.encoding, dialect.bomBytes);
  const from = options.from ?? { offset: layout.start, row: 1 };
  if (from.offset > source.sizeBytes) {
    throw new SluiceError(
      "invalid",
      told`${source.name} has ${source.sizeBytes} bytes, but the checkpoint is at ${from.offset}: it is not the file this import began with.`,
      { next: { code: "upload_again" } },
    );
  }
  const blockBytes = Math.max(leastBlockBytes, options.blockBytes ?? defaultBlockBytes);
  const rowBytes = options.maxRowBytes ?? maxRowBytes;
  const columnCount = dialect.columns.length;
  const maxRows = rowsPerBatch(columnCount, options.maxRowsPerBatch);
  const keyed = layout.kind === "members";
  const columns = new NameColumns(source.name, dialect.columns, { keyed });
  const { rows: kind } = layout;
  const { row } = from;
  const cells = new ElementCells({ kind, columns, columnCount, maxRows, maxRowBytes: rowBytes, row, keyed });
  const scanner = new RowScanner(cells, { kind: layout.kind, row: from.row, maxRows, maxRowBytes: rowBytes });
  const { batch } = cells;
  const reader = new TextReader(source, encoding, from.offset);
  /** The file's bytes, followed by as much space for cells that have to be rewritten. */
  let bytes: Uint8Array = new Uint8Array(3 * blockBytes);
  let capacity = 2 * blockBytes;
  let end = 0;
  /** Byte of the file that `bytes[0]` came from. */
  let base = from.offset;
  const offsetAt = (position: number): number => base + reader.fileLength(bytes, 0, position);
  const drop = (length: number): void => {
    base = offsetAt(length);
    bytes.copyWithin(0, length, end);
    end -= length;
    scanner.position = 0;
  };
  const progress = (): void => {
    batch.next = { offset: offsetAt(scanner.position), row: scanner.row };
    batch.readBytes = source.packedBytesRead?.() ?? batch.next.offset;
  };
  const fill = async (): Promise<void> => {
    signal?.throwIfAborted();
    end += await reader.read(bytes, end, capacity);
  };

  for (;;) {
    if (scanner.position > 0) drop(scanner.position);
    if (!reader.atEnd) {
      // Twice as much each time, so that a large element is not scanned again for every block.
      if (capacity - end < blockBytes) {
        capacity = Math.min(2 * capacity, rowBytes + 2 * blockBytes);
        const grown = new Uint8Array(capacity + blockBytes);
        grown.set(bytes.subarray(0, end));
        bytes = grown;
      }
      await fill();
    }
    for (;;) {
      const before = scanner.position;
      const stop = scanner.scan(bytes, capacity, end, reader.atEnd);
      if (batch.rowCount > 0) {
        locateRows(batch, base, before, reader);
        progress();
        yield batch;
        signal?.throwIfAborted();
      }
      if (stop === "need_more") break;
      if (stop === "end") return;
      if (stop === "broken") throw brokenError();
      if (stop === "closed") {
        await passTail();
        return;
      }
      if (stop === "row_too_large") {
        await passTooLarge();
        yield batch;
      }
    }
  }

  function brokenError(): SluiceError {
    const problemAt = scanner.position >= end ? end : cells.problemAt;
    const { name } = source;
    const { row } = scanner;
    const at = offsetAt(problemAt);
    if (scanner.nestsTooDeep) {
      return new SluiceError(
        "invalid",
        told`${name} is nested more than ${maxDepth} levels deep at byte ${at}, in row ${row}, so it is not a table.`,
      );
    }
    return new SluiceError(
      "invalid",
      reader.atEnd && problemAt >= end
        ? told`${name} ends abruptly at byte ${at}, in row ${row}. Is the download complete? Export the file again.`
        : told`${name} is not valid JSON at byte ${at}, in row ${row}. There is no telling where the next row begins: correct the file, or write one record per line.`,
    );
  }

  /** Continues after an element that is too large; the batch has its beginning. */
  async function passTooLarge(): Promise<void> {
    const at = scanner.position;
    const shown = Uint8Array.from(bytes.subarray(at, Math.min(end, at + Math.min(shownBytes, rowBytes))));
    const offset = offsetAt(at);
    const passage = layout.kind === "lines" ? new LinePassage() : keyed ? new MemberPassage() : new Passage();
    let next = passage.pass(bytes, at, end);
    while (next < 0) {
      drop(end);
      if (reader.atEnd) {
        if (layout.kind === "lines") break;
        throw new SluiceError("invalid", told`${source.name} ends abruptly in row ${scanner.row}, at byte ${base}.`);
      }
      await fill();
      next = passage.pass(bytes, 0, end);
    }
    scanner.position = Math.max(next, 0);
    cells.begin(shown, shown.length);
    cells.addTooLarge(scanner.row++);
    batch.rowOffsets[0] = offset;
    progress();
  }

  /** Looks at what comes after the array: it has to close, and may hold other lists. */
  async function passTail(): Promise<void> {
    // Behind the bracket that the scanner stopped at.
    scanner.position++;
    const passage = new Passage(layout.wrappers);
    let open = layout.wrappers > 0;
    for (;;) {
      if (open) {
        const before = passage.tables;
        const next = passage.pass(bytes, scanner.position, end);
        open = next < 0;
        scanner.position = open ? end : next;
        const tables = passage.tables - before;
        // What the layout has found is reported with the dialect.
        if (tables > 0 && offsetAt(end) > layout.lookedBytes) {
          options.onFinding?.({ code: "other_tables", count: tables }, scanner.row);
        }
      }
      if (!open) {
        while (scanner.position < end && isFiller(bytes[scanner.position])) scanner.position++;
        if (scanner.position < end) {
          const byte = bytes[scanner.position];
          const offset = offsetAt(scanner.position);
          if (byte !== openBrace && byte !== openBracket) {
            throw new SluiceError(
              "invalid",
              told`${source.name} continues after the end of its list, at byte ${offset}, with something that is not JSON. Was the file damaged, or put together from several?`,
            );
          }
          if (offset >= layout.lookedBytes) options.onFinding?.({ code: "other_tables", count: 1 }, scanner.row);
          return;
        }
      }
      drop(end);
      if (reader.atEnd) break;
      await fill();
    }
    if (open) {
      throw new SluiceError(
        "invalid",
        told`${source.name} ends abruptly at byte ${base}: the object around the records is never closed. Is the download complete?`,
      );
    }
  }
}

/** What may follow the value: white space, and what a script has there. */
function isFiller(byte: number): boolean {
  return isSpace(byte) || byte === 0x3b || byte === 0x29 || byte === 0;
}

/** Notes each row's place in the file. */
function locateRows(batch: Batch, base: number, from: number, reader: TextReader): void {
  let offset = base + reader.fileLength(batch.bytes, 0, from);
  let at = from;
  for (let r = 0; r < batch.rowCount; r++) {
    offset += reader.fileLength(batch.bytes, at, batch.rowStarts[r]);
    at = batch.rowStarts[r];
    batch.rowOffsets[r] = offset;
  }
}
