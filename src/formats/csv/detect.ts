/**
 * Finds a delimited file's dialect from its first bytes and a sample of the rest: encoding, delimiter, line ending and
 * header row.
 */
import { isAscii, isUtf8 } from "node:buffer";
import { SluiceError } from "../../errors.ts";
import type { DialectHints, Source } from "../../ports.ts";
import { type CsvDialect, cellText, type Encoding } from "../../row.ts";
import { findTable, maxColumns, type SampleRow } from "../table.ts";
import { decoderFor } from "./decode.ts";
import { CsvScanner, maxRowBytes } from "./scanner.ts";

/** The delimiter and the header are judged on this much of the file. */
const headBytes = 256 * 1024;
/** Files up to this size are looked through whole for their encoding; larger ones in samples. */
const wholeScanBytes = 64 * 1024 * 1024;
const sampleBytes = 64 * 1024;
const sampleCount = 64;

const delimiters = [",", ";", "\t", "|"] as const;

/**
 * The dialect of a delimited file.
 *
 * @throws SluiceError `invalid`: empty, binary, or more than 16,384 columns.
 */
export async function detectCsv(source: Source, hints: DialectHints, signal?: AbortSignal): Promise<CsvDialect> {
  const raw = await readHead(source, headBytes);
  if (raw.length === 0) throw new SluiceError("invalid", `${source.name} is empty: it has no header and no rows.`);
  refuseSignatures(source.name, raw);
  const { encoding, bomBytes } = hints.encoding
    ? { encoding: hints.encoding, bomBytes: bomOf(raw)?.bomBytes ?? 0 }
    : await detectEncoding(source, raw, signal);
  const head = await headText(source, raw, encoding, bomBytes);
  refuseBinary(source.name, head.text, encoding);
  const delimiter = hints.delimiter ?? detectDelimiter(head, hints.headerRow ?? 0);
  const rows = [...sampleRows(head, delimiter)];
  const table = findTable(source.name, rows, hints.headerRow);
  return {
    format: "csv",
    encoding,
    delimiter,
    quote: '"',
    escape: "double",
    lineEnding: detectLineEnding(head.text),
    bomBytes,
    packing: "none",
    ...table,
  };
}

async function readHead(source: Source, sizeBytes: number): Promise<Uint8Array> {
  const head = Buffer.alloc(Math.min(sizeBytes, source.sizeBytes));
  return head.subarray(0, await source.read(head, 0));
}

/** The file's beginning as UTF-8. */
interface Head {
  text: Uint8Array;
  /** Nothing comes after it. */
  atEnd: boolean;
}

/** The head as text; more of the file when its first row is longer (thousands of columns). */
async function headText(source: Source, raw: Uint8Array, encoding: Encoding, bomBytes: number): Promise<Head> {
  const textOf = (bytes: Uint8Array): Head => {
    const atEnd = bytes.length === source.sizeBytes;
    return { text: toUtf8(bytes.subarray(bomBytes), encoding, atEnd), atEnd };
  };
  const hasRow = (head: Head): boolean => head.atEnd || delimiters.some((each) => !sampleRows(head, each).next().done);
  const head = textOf(raw);
  if (hasRow(head)) return head;
  const longer = textOf(await readHead(source, maxRowBytes));
  if (hasRow(longer)) return longer;
  throw new SluiceError(
    "invalid",
    `${source.name}: the first row is longer than ${maxRowBytes} bytes. Is it a text file with lines?`,
  );
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
  const sample = Buffer.alloc(size);
  let next = 0;
  for (let k = 0; whole ? next < source.sizeBytes : k < sampleCount; k++) {
    signal?.throwIfAborted();
    const offset = whole ? next : Math.floor((k / (sampleCount - 1)) * (source.sizeBytes - size));
    const length = await source.read(sample, offset);
    if (length === 0) break;
    const atEnd = offset + length >= source.sizeBytes;
    next =
      offset + weighUtf8(sample.subarray(0, length), evidence, { cutBefore: !whole && offset > 0, cutAfter: !atEnd });
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

/**
 * Counts good multi-byte sequences and bytes that are no UTF-8; returns the bytes looked at, without a sequence that is
 * cut at the end.
 */
function weighUtf8(
  bytes: Uint8Array,
  evidence: { sequences: number; invalid: number },
  { cutBefore, cutAfter }: { cutBefore: boolean; cutAfter: boolean },
): number {
  if (isAscii(bytes)) return bytes.length;
  let i = 0;
  while (cutBefore && i < 3 && (bytes[i] & 0xc0) === 0x80) i++;
  let end = bytes.length;
  while (cutAfter && end > bytes.length - 3 && (bytes[end - 1] & 0xc0) === 0x80) end--;
  if (cutAfter && bytes[end - 1] >= 0xc0) end--;
  if (isUtf8(bytes.subarray(i, end))) {
    for (; i < end; i++) if (bytes[i] >= 0xc0) evidence.sequences++;
    return end;
  }
  while (i < bytes.length) {
    const byte = bytes[i];
    if (byte < 0x80) {
      i++;
      continue;
    }
    const length = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    if (cutAfter && length > 1 && i + length > bytes.length) return i;
    if (length > 1 && i + length <= bytes.length && isUtf8(bytes.subarray(i, i + length))) {
      evidence.sequences++;
      i += length;
    } else {
      evidence.invalid++;
      i++;
    }
  }
  return i;
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

function refuseSignatures(name: string, raw: Uint8Array): void {
  for (const [signature, what] of signatures) {
    if (signature.every((byte, i) => raw[i] === byte)) throw new SluiceError("invalid", `${name} is ${what}.`);
  }
}

/** Text has hardly a control character. A few NULs are damage, and become issues. */
function refuseBinary(name: string, text: Uint8Array, encoding: Encoding): void {
  let controls = 0;
  for (const byte of text) if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) controls++;
  if (controls > text.length / 20) {
    throw new SluiceError(
      "invalid",
      `${name} is not a text file (read as ${encoding}): ${controls} of its first ${text.length} bytes are control characters. Export it as CSV.`,
    );
  }
}

function detectLineEnding(text: Uint8Array): CsvDialect["lineEnding"] {
  const lineFeed = text.indexOf(0x0a);
  if (lineFeed < 0) return text.indexOf(0x0d) < 0 ? "\n" : "\r";
  return text[lineFeed - 1] === 0x0d ? "\r\n" : "\n";
}

/** The delimiter that cuts the most rows into as many cells as the header has, and the header into the most. */
function detectDelimiter(head: Head, headerRow: number): string {
  let best: { delimiter: string; score: number } | null = null;
  for (const delimiter of delimiters) {
    const rows = [...sampleRows(head, delimiter)].filter(({ number }) => number >= headerRow);
    if (rows.length === 0 || rows[0].cells.length < 2) continue;
    const share = (test: (cells: number) => boolean): number =>
      rows.filter(({ cells }) => test(cells.length)).length / rows.length;
    // Commas in the sentences of a file of one column are not in every row.
    if (share((cells) => cells < 2) > 0.5) continue;
    const score = share((cells) => cells === rows[0].cells.length) ** 2 * Math.log2(1 + rows[0].cells.length);
    if (best === null || score > best.score + 1e-9) best = { delimiter, score };
  }
  if (best !== null) return best.delimiter;
  // One column: whatever does not stand in its cells.
  const bytes = Buffer.from(head.text.buffer, head.text.byteOffset, head.text.length);
  return [",", "\t", "|", ";"].find((delimiter) => !bytes.includes(delimiter)) ?? "\t";
}

/** Cells a row is looked at for while its number of columns is not known. */
const probeColumns = maxColumns + 1;

function* sampleRows({ text, atEnd }: Head, delimiter: string): Generator<SampleRow> {
  const scanner = new CsvScanner({ delimiter, columnCount: probeColumns, row: 1, maxRows: 1, bytes: text });
  for (let n = 0; n < 1000; n++) {
    const stop = scanner.scan(text.length, atEnd);
    const { batch } = scanner;
    if (batch.rowCount === 1) {
      const cells = Array.from({ length: Math.min(batch.cellCounts[0], probeColumns) }, (_, c) =>
        cellText(batch, 0, c),
      );
      yield { number: batch.rowNumbers[0], cells };
    }
    if (stop !== "batch_full") return;
  }
}
