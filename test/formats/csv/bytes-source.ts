/** Delimited files in memory as Sources, and their rows as plain data. */
import iconv from "iconv-lite";
import type { IssueCode } from "../../../src/core/issue.ts";
import type { ReadOptions, Source } from "../../../src/core/ports.ts";
import { type Batch, type CsvDialect, type Encoding, rowCells, rowIntact } from "../../../src/core/row.ts";
import { type ReaderSizes, readCsv } from "../../../src/formats/csv/read.ts";
import { type CountingSource, generatedSource, memorySource } from "../../memory-source.ts";

export function bytesSource(
  content: string | Uint8Array,
  pieces: { cut?: number; splitAt?: number } = {},
): CountingSource {
  return memorySource("people.csv", content, pieces);
}

export function repeatedSource(parts: readonly (readonly [text: string, times: number])[]): CountingSource {
  return generatedSource("huge.csv", parts);
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
  /** What the reader noticed of a row that is whole. */
  note?: IssueCode;
  cells: string[];
}

export function rowsOf(batch: Batch): ReadRow[] {
  return Array.from({ length: batch.rowCount }, (_, r) => ({
    row: batch.rowNumbers[r],
    offset: batch.rowOffsets[r],
    shape: batch.shapes[r],
    ...(batch.notes.has(batch.rowNumbers[r]) && { note: batch.notes.get(batch.rowNumbers[r]) }),
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

/**
 * The rows' cells alone: `[number, ...cells]`, with `!shape` in front of the cells where the shape is not right, and `?code` where
 * something was noticed.
 */
export function plainRows(rows: readonly ReadRow[]): (string | number)[][] {
  return rows.map(({ row, shape, note, cells }) => [
    row,
    ...(shape === rowIntact ? [] : [`!${shape}`]),
    ...(note === undefined ? [] : [`?${note}`]),
    ...cells,
  ]);
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
