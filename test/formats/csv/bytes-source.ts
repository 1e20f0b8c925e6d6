/** Files that rest in memory, are read in odd pieces, or are made up while they are read. */
import iconv from "iconv-lite";
import { type ReaderSizes, readCsv } from "../../../src/formats/csv/read.ts";
import type { ReadOptions, Source } from "../../../src/ports.ts";
import { type Batch, type CsvDialect, type Encoding, rowCells, rowIntact } from "../../../src/row.ts";

export interface CountingSource extends Source {
  /** Bytes handed out so far. */
  bytesRead: number;
  /** The longest read that was asked for. */
  longestRead: number;
}

/** `cut`: no read goes past a multiple of it, and `splitAt`: none goes past this offset. */
export function bytesSource(
  content: string | Uint8Array,
  { cut, splitAt }: { cut?: number; splitAt?: number } = {},
): CountingSource {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return {
    name: "people.csv",
    sizeBytes: bytes.length,
    bytesRead: 0,
    longestRead: 0,
    async read(into, offset) {
      let length = Math.min(into.length, bytes.length - offset);
      if (cut !== undefined) length = Math.min(length, cut - (offset % cut));
      if (splitAt !== undefined && offset < splitAt) length = Math.min(length, splitAt - offset);
      into.set(bytes.subarray(offset, offset + length));
      this.bytesRead += length;
      this.longestRead = Math.max(this.longestRead, into.length);
      return length;
    },
    close: async () => {},
  };
}

/** A file made of `parts`, each a piece of text repeated: as large as it likes, without memory. */
export function repeatedSource(parts: readonly (readonly [text: string, times: number])[]): CountingSource {
  const pieces = parts.map(([text, times]) => {
    const period = Buffer.byteLength(text);
    return { period, bytes: Buffer.from(text.repeat(Math.ceil(65_536 / period))), length: period * times };
  });
  return {
    name: "huge.csv",
    sizeBytes: pieces.reduce((sum, { length }) => sum + length, 0),
    bytesRead: 0,
    longestRead: 0,
    async read(into, offset) {
      let done = 0;
      let start = 0;
      for (const { bytes, period, length } of pieces) {
        const from = offset + done - start;
        if (from >= 0 && from < length && done < into.length) {
          const count = Math.min(into.length - done, length - from);
          for (let k = 0; k < count; ) {
            const at = (from + k) % period;
            k += bytes.copy(into, done + k, at, Math.min(bytes.length, at + count - k));
          }
          done += count;
        }
        start += length;
      }
      this.bytesRead += done;
      this.longestRead = Math.max(this.longestRead, into.length);
      return done;
    },
    close: async () => {},
  };
}

export function dialectOf(columns: readonly string[], more: Partial<CsvDialect> = {}): CsvDialect {
  return {
    format: "csv",
    encoding: "utf-8",
    delimiter: ",",
    quote: '"',
    escape: "double",
    packing: "none",
    headerRows: 1,
    lastRow: null,
    findings: [],
    lineEnding: "\n",
    bomBytes: 0,
    headerRow: 1,
    columns: [...columns],
    ...more,
  };
}

/** A row as plain data. */
export interface ReadRow {
  row: number;
  offset: number;
  shape: number;
  cells: string[];
}

export function rowsOf(batch: Batch): ReadRow[] {
  return Array.from({ length: batch.rowCount }, (_, r) => ({
    row: batch.rowNumbers[r],
    offset: batch.rowOffsets[r],
    shape: batch.shapes[r],
    cells: rowCells(batch, r),
  }));
}

export async function readRows(
  source: Source,
  dialect: CsvDialect,
  options: ReadOptions & ReaderSizes = {},
): Promise<ReadRow[]> {
  const rows: ReadRow[] = [];
  for await (const batch of readCsv(source, dialect, options)) rows.push(...rowsOf(batch));
  return rows;
}

/** The rows' cells alone: `[number, ...cells]`, and `!shape` in front of the cells where the shape is not right. */
export function plainRows(rows: readonly ReadRow[]): (string | number)[][] {
  return rows.map(({ row, shape, cells }) => [row, ...(shape === rowIntact ? [] : [`!${shape}`]), ...cells]);
}

/** Text in one of the encodings a file can have; what it does not have becomes a question mark. */
export function encodeText(text: string, encoding: Encoding, bom = false): Uint8Array {
  const marked = bom ? `\ufeff${text}` : text;
  switch (encoding) {
    case "utf-8":
      return Buffer.from(marked, "utf8");
    case "utf-16le":
      return Buffer.from(marked, "utf16le");
    case "utf-16be":
      return Buffer.from(marked, "utf16le").swap16();
    case "utf-32le":
      return Buffer.from(Uint32Array.from(marked, (char) => char.codePointAt(0) ?? 0).buffer);
    case "utf-32be":
      return Buffer.from(Uint32Array.from(marked, (char) => char.codePointAt(0) ?? 0).buffer).swap32();
    case "x-mac-cyrillic":
      return iconv.encode(text, "maccyrillic");
    case "big5":
      return iconv.encode(text, "big5hkscs");
  }
  return iconv.encode(marked, encoding);
}
