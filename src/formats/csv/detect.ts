/**
 * Finds a delimited file's dialect from its first bytes and a sample of the rest: encoding, delimiter, line ending and
 * header row.
 */
import { isAscii, isUtf8 } from "node:buffer";
import { SluiceError } from "../../errors.ts";
import type { DialectHints, Source } from "../../ports.ts";
import { cellText, type Dialect, type Encoding } from "../../row.ts";
import { decoderFor } from "./decode.ts";
import { CsvScanner, maxRowBytes } from "./scanner.ts";

/** The delimiter and the header are judged on this much of the file. */
const headBytes = 256 * 1024;
/** Files up to this size are looked through whole for their encoding; larger ones in samples. */
const wholeScanBytes = 32 * 1024 * 1024;
const sampleBytes = 64 * 1024;
const sampleCount = 64;

const delimiters = [",", ";", "\t", "|"] as const;
/** Postgres takes at most 1,600 columns in a table; a file may have more, of which some are mapped. */
const maxColumns = 16_384;

/**
 * The dialect of a delimited file.
 *
 * @throws SluiceError `invalid`: empty, binary, or more than 16,384 columns.
 */
export async function detectCsv(source: Source, hints: DialectHints, signal?: AbortSignal): Promise<Dialect> {
  const head = Buffer.alloc(Math.min(headBytes, source.sizeBytes));
  const headLength = await source.read(head, 0);
  if (headLength === 0) throw new SluiceError("invalid", `${source.name} is empty: it has no header and no rows.`);
  const raw = head.subarray(0, headLength);
  const { encoding, bomBytes } = hints.encoding
    ? { encoding: hints.encoding, bomBytes: bomOf(raw)?.bomBytes ?? 0 }
    : await detectEncoding(source, raw, signal);
  const text = toUtf8(raw.subarray(bomBytes), encoding, headLength === source.sizeBytes);
  refuseBinary(source.name, text, encoding);
  const atEnd = headLength === source.sizeBytes;
  const delimiter = hints.delimiter ?? detectDelimiter(text, atEnd);
  const rows = await headRows(source, { text, delimiter, atEnd, encoding, bomBytes });
  if (rows.length === 0) throw new SluiceError("invalid", `${source.name} has only empty lines: no header and no rows.`);
  const headerRow = hints.headerRow ?? (looksLikeHeader(rows.map((row) => row.cells)) ? rows[0].number : 0);
  const header = headerRow === 0 ? rows[0] : rows.find((row) => row.number === headerRow);
  if (header === undefined) {
    throw new SluiceError("invalid", `${source.name} has no row ${headerRow} among its first rows to take as the header.`);
  }
  if (header.cells.length > maxColumns) {
    throw new SluiceError(
      "invalid",
      `${source.name} has ${header.cells.length} columns, the limit is ${maxColumns}. Is the delimiter ${JSON.stringify(delimiter)} right?`,
    );
  }
  return {
    format: "csv",
    encoding,
    delimiter,
    quote: '"',
    lineEnding: detectLineEnding(text),
    bomBytes,
    headerRow,
    columns: header.cells.map((cell, c) => (headerRow === 0 ? "" : cell.trim()) || `Column ${c + 1}`),
  };
}

/** RFC 3629 section 6 and Unicode section 23.8: the byte order marks. */
function bomOf(bytes: Uint8Array): { encoding: Encoding; bomBytes: number } | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: "utf-8", bomBytes: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: "utf-16le", bomBytes: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: "utf-16be", bomBytes: 2 };
  return null;
}

async function detectEncoding(
  source: Source,
  head: Uint8Array,
  signal?: AbortSignal,
): Promise<{ encoding: Encoding; bomBytes: number }> {
  const bom = bomOf(head);
  if (bom !== null) return bom;
  // Western text in UTF-16 without a mark has a zero in every second byte.
  const evens = zeroShare(head, 0);
  const odds = zeroShare(head, 1);
  if (odds > 0.4 && evens < 0.1) return { encoding: "utf-16le", bomBytes: 0 };
  if (evens > 0.4 && odds < 0.1) return { encoding: "utf-16be", bomBytes: 0 };
  const evidence = { sequences: 0, invalid: 0 };
  const whole = source.sizeBytes <= wholeScanBytes;
  const size = whole ? 1024 * 1024 : sampleBytes;
  const count = whole ? Math.ceil(source.sizeBytes / size) : sampleCount;
  const sample = Buffer.alloc(size);
  for (let k = 0; k < count; k++) {
    signal?.throwIfAborted();
    const offset = whole ? k * size : Math.floor((k / (sampleCount - 1)) * (source.sizeBytes - size));
    const length = await source.read(sample, offset);
    weighUtf8(sample.subarray(0, length), evidence);
  }
  // A few broken bytes in a file full of good UTF-8 are damage, and become issues; mostly broken is another encoding.
  const utf8 = evidence.invalid === 0 || evidence.sequences > 10 * evidence.invalid;
  return { encoding: utf8 ? "utf-8" : "windows-1252", bomBytes: 0 };
}

function zeroShare(bytes: Uint8Array, parity: 0 | 1): number {
  let zeros = 0;
  const length = Math.min(bytes.length, 4096);
  for (let i = parity; i < length; i += 2) if (bytes[i] === 0) zeros++;
  return zeros / Math.max(1, length / 2);
}

/** Counts good multi-byte sequences and bytes that are no UTF-8; sequences cut at the sample's edges do not count. */
function weighUtf8(bytes: Uint8Array, evidence: { sequences: number; invalid: number }): void {
  if (isAscii(bytes)) return;
  let i = 0;
  while (i < 3 && (bytes[i] & 0xc0) === 0x80) i++;
  while (i < bytes.length) {
    const byte = bytes[i];
    if (byte < 0x80) {
      i++;
      continue;
    }
    const length = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    if (length > 1 && i + length > bytes.length) return;
    if (length > 1 && isUtf8(bytes.subarray(i, i + length))) {
      evidence.sequences++;
      i += length;
    } else {
      evidence.invalid++;
      i++;
    }
  }
}

function toUtf8(raw: Uint8Array, encoding: Encoding, atEnd: boolean): Uint8Array {
  const decoder = decoderFor(encoding);
  if (decoder === null) return raw;
  const out = Buffer.alloc(Math.ceil(raw.length * decoder.growth) + 4);
  return out.subarray(0, decoder.decode(raw, out, 0, atEnd).written);
}

/** The signatures of files that people rename to .csv, each with what to do. */
const signatures: [number[], string][] = [
  [[0x50, 0x4b, 0x03, 0x04], "a workbook or a zip archive. Save the sheet as CSV first"],
  [[0xd0, 0xcf, 0x11, 0xe0], "an old Excel workbook (.xls). Save the sheet as CSV first"],
  [[0x1f, 0x8b], "gzip-compressed. Unpack it first"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF. Export the table as CSV from where it came"],
];

function refuseBinary(name: string, text: Uint8Array, encoding: Encoding): void {
  for (const [signature, what] of signatures) {
    if (signature.every((byte, i) => text[i] === byte)) {
      throw new SluiceError("invalid", `${name} is ${what}.`);
    }
  }
  if (encoding === "utf-16le" || encoding === "utf-16be") return;
  let controls = 0;
  for (const byte of text) if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) controls++;
  if (controls > text.length / 20) {
    throw new SluiceError("invalid", `${name} is not a text file: ${controls} of its first ${text.length} bytes are control characters. Export it as CSV.`);
  }
}

function detectLineEnding(text: Uint8Array): Dialect["lineEnding"] {
  const lineFeed = text.indexOf(0x0a);
  if (lineFeed < 0) return text.indexOf(0x0d) < 0 ? "\n" : "\r";
  return text[lineFeed - 1] === 0x0d ? "\r\n" : "\n";
}

/** The delimiter that cuts the most rows into the same number of cells, and into the most of them. */
function detectDelimiter(text: Uint8Array, atEnd: boolean): string {
  let best = { delimiter: ",", score: 0 };
  for (const delimiter of delimiters) {
    const counts = new Map<number, number>();
    let rows = 0;
    for (const row of sampleRows(text, delimiter, atEnd)) {
      counts.set(row.cells.length, (counts.get(row.cells.length) ?? 0) + 1);
      rows++;
    }
    let score = 0;
    for (const [cells, times] of counts) {
      if (cells > 1) score = Math.max(score, (times / rows) ** 2 * Math.log2(1 + cells));
    }
    if (score > best.score + 1e-9) best = { delimiter, score };
  }
  return best.delimiter;
}

/** Cells a row is looked at for while its number of columns is not known. */
const probeColumns = maxColumns + 1;

/** The header may be longer than the head (thousands of columns): then more of the file is read. */
async function headRows(
  source: Source,
  head: { text: Uint8Array; delimiter: string; atEnd: boolean; encoding: Encoding; bomBytes: number },
): Promise<{ number: number; cells: string[] }[]> {
  const rows = [...sampleRows(head.text, head.delimiter, head.atEnd)];
  if (rows.length > 0 || head.atEnd) return rows;
  const more = Buffer.alloc(Math.min(source.sizeBytes, maxRowBytes));
  const length = await source.read(more, 0);
  const text = toUtf8(more.subarray(head.bomBytes, length), head.encoding, length === source.sizeBytes);
  const longer = [...sampleRows(text, head.delimiter, length === source.sizeBytes)];
  if (longer.length === 0) {
    throw new SluiceError("invalid", `${source.name}: the first row is longer than ${maxRowBytes} bytes. Is it a text file with lines?`);
  }
  return longer;
}

function* sampleRows(text: Uint8Array, delimiter: string, atEnd: boolean): Generator<{ number: number; cells: string[] }> {
  const scanner = new CsvScanner({ delimiter, columnCount: probeColumns, row: 1, maxRows: 1, bytes: text });
  for (let n = 0; n < 1000; n++) {
    const stop = scanner.scan(text.length, atEnd);
    const { batch } = scanner;
    if (batch.rowCount === 1) {
      const cells = Array.from({ length: Math.min(batch.cellCounts[0], probeColumns) }, (_, c) => cellText(batch, 0, c));
      yield { number: batch.rowNumbers[0], cells };
    }
    if (stop !== "batch_full") return;
  }
}

/** A header names: no cell of it is a number, an e-mail or a date, and hardly one is empty. */
function looksLikeHeader(rows: string[][]): boolean {
  const [first, ...rest] = rows;
  const filled = first.filter((cell) => cell.trim() !== "");
  if (filled.length === 0) return false;
  if (filled.some((cell) => cell.includes("@"))) return false;
  const dataLike = filled.filter((cell) => /^[\s\d.,:/+()-]*\d[\s\d.,:/+()-]*$/.test(cell)).length;
  if (dataLike === 0) return true;
  // Years as headers (2024; 2025) stand above rows that are numbers too, but not on their own.
  return rest.length > 0 && dataLike < filled.length / 2;
}

