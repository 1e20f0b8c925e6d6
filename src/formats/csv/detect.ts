/**
 * Finds a delimited file's dialect from its first bytes and a sample of the rest: encoding, marks, line ending, and where
 * its table is.
 */
import { isAscii } from "node:buffer";
import { SluiceError, type Telling, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import type { CsvDialect, DetectionHints, Encoding, FileFinding } from "../../core/row.ts";
import { ShortRows } from "../../core/short-rows.ts";
import { maxRowBytes } from "../table/batch-room.ts";
import { kindBetween } from "../table/between.ts";
import { isFilled } from "../table/sample-row.ts";
import { type FoundTable, findTable, type SampleRow } from "../table/table.ts";
import { decoderFor } from "./decode.ts";
import { hasControls, Utf8Mender } from "./decode-utf8.ts";
import { slackBytes } from "./decoder.ts";
import { byteOrderMark, detectEncoding, type FoundEncoding } from "./detect-encoding.ts";
import { detectMarks } from "./detect-marks.ts";
import { encodingOf } from "./encoding.ts";
import { garbledText } from "./garbled-text.ts";
import { Places } from "./places.ts";
import { type Head, sampleRows } from "./sample.ts";
import { separatorLine } from "./separator-line.ts";
import { countWrapped } from "./wrapped-text.ts";

/** Files up to this size are read whole, so that what is below the table is known. */
const wholeBytes = 1024 * 1024;
/** The marks and the header of a larger one are judged on this much of it, and this many rows. */
const headBytes = 128 * 1024;
const headRows = 1000;

/**
 * The dialect of a delimited file. It takes a bounded time, whatever the file's size.
 *
 * @throws SluiceError `invalid`: empty, binary, an unknown encoding, a first row without an end, or more than 16,384 columns.
 */
export async function detectCsv(source: Source, hints: DetectionHints, signal?: AbortSignal): Promise<CsvDialect> {
  signal?.throwIfAborted();
  const raw = await readHead(source, source.sizeBytes <= wholeBytes ? wholeBytes : headBytes);
  if (raw.length === 0) throw new SluiceError("invalid", told`${source.name} is empty: it has no header and no rows.`);
  refuseSignatures(source.name, raw);
  const { encoding, bomBytes, guessed, unsettled } =
    hints.encoding === undefined ? await detectEncoding(source, raw, signal) : saidEncoding(hints.encoding, raw);
  const head = await headText(source, raw, encoding, bomBytes);
  refuseBinary(source.name, head.text, encoding);
  const delimiter = hints.delimiter ?? separatorLine(head.text)?.delimiter;
  const { marks, width } = detectMarks(head, { ...hints, delimiter });
  const rows: SampleRow[] = [];
  for (const { number, cells } of sampleRows(head, marks, { width })) {
    // Files put together have each its own byte order mark.
    if (cells[0].startsWith("\uFEFF")) cells[0] = cells[0].slice(1);
    rows.push({ number, cells });
    if (rows.length >= headRows && !head.atEnd && number > (hints.headerRow ?? 0)) break;
  }
  const table = findTable(source.name, rows, hints.headerRow, { whole: head.atEnd, names: hints.names });
  const findings: FileFinding[] = guessed ? [{ code: "encoding_guessed", count: 1, params: { encoding } }] : [];
  const unwrapped = marks.wrapped === undefined ? 0 : countWrapped(Buffer.from(head.text).toString("latin1"));
  if (unwrapped > 0) findings.push({ code: "rows_unwrapped", count: unwrapped });
  if (!isAscii(head.text)) findings.push(...garbledText(rows.map(({ cells }) => cells)));
  return {
    format: "csv",
    encoding,
    ...marks,
    lineEnding: detectLineEnding(head.text),
    bomBytes,
    packing: "none",
    ...table,
    ...(endEarly(rows, table) && { endsEarly: true }),
    ...(unsettled && { strayBytes: "windows-1252" }),
    findings: [...findings, ...table.findings],
  };
}

/** Whether rows of the sample are short because blank cells were left out at their end. */
function endEarly(rows: readonly SampleRow[], { columns, headerRow, lastRow, between }: FoundTable): boolean {
  if (rows.every(({ cells }) => cells.length >= columns.length)) return false;
  const short = new ShortRows({ columns: columns.length, headerRow });
  for (const { number, cells } of rows) {
    if (number <= headerRow || number > (lastRow ?? number) || !cells.some(isFilled)) continue;
    if (kindBetween(cells, between, columns.length) !== null) continue;
    short.add(
      number,
      Math.min(cells.length, columns.length),
      !isFilled(cells[Math.min(cells.length, columns.length) - 1]),
    );
  }
  return short.areTrimmed;
}

/** The file's first bytes, as many as there are. */
async function readHead(source: Source, sizeBytes: number): Promise<Uint8Array> {
  const head = Buffer.alloc(Math.min(sizeBytes, source.sizeBytes));
  let length = 0;
  while (length < head.length) {
    const read = await source.read(head.subarray(length), length);
    if (read === 0) break;
    length += read;
  }
  return head.subarray(0, length);
}

/** The encoding that a person says; a byte order mark says which end of UTF-16 and UTF-32 comes first. */
function saidEncoding(label: string, raw: Uint8Array): FoundEncoding {
  const encoding = encodingOf(label);
  const mark = byteOrderMark(raw);
  if (mark === null) return { encoding, bomBytes: 0, guessed: false };
  const wide = /^utf-(16|32)/.exec(encoding)?.[0];
  const marked = wide !== undefined && mark.encoding.startsWith(wide);
  const bomBytes = marked || mark.encoding === encoding || mark.encoding === "utf-8" ? mark.bomBytes : 0;
  return { encoding: marked ? mark.encoding : encoding, bomBytes, guessed: false };
}

/** The head as text; more of the file when its first row is longer (thousands of columns). */
async function headText(source: Source, raw: Uint8Array, encoding: Encoding, bomBytes: number): Promise<Head> {
  const textOf = (bytes: Uint8Array, asked: number): Head => {
    const atEnd = bytes.length < asked || bytes.length === source.sizeBytes;
    return { text: toUtf8(bytes.subarray(bomBytes), encoding, atEnd), atEnd };
  };
  const hasRow = (head: Head): boolean =>
    head.atEnd || [",", ";", "\t", "|"].some((delimiter) => !sampleRows(head, { delimiter }).next().done);
  const head = textOf(raw, Math.min(headBytes, source.sizeBytes));
  if (hasRow(head)) return head;
  const longer = textOf(await readHead(source, maxRowBytes), maxRowBytes);
  if (hasRow(longer)) return longer;
  if (longer.text.every((byte) => byte === 0x0a || byte === 0x0d)) {
    throw new SluiceError(
      "invalid",
      told`${source.name} begins with ${longer.text.length} bytes of empty lines, so no header was found.`,
    );
  }
  throw new SluiceError(
    "invalid",
    told`${source.name}: the first row is longer than ${maxRowBytes} bytes. Is it a text file with lines?`,
  );
}

function toUtf8(raw: Uint8Array, encoding: Encoding, atEnd: boolean): Uint8Array {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.length);
  const decoder = decoderFor(encoding) ?? (hasControls(bytes) ? new Utf8Mender(false) : null);
  if (decoder === null) return raw;
  const out = Buffer.alloc(Math.ceil(raw.length * decoder.growth) + slackBytes);
  const places = new Places(decoder.unitBytes, 0);
  places.startBlock(0, 0, raw.length);
  return out.subarray(0, decoder.decode(raw, out, 0, atEnd, places).written);
}

/** The signatures of files that people rename to .csv, each with what to do. */
const signatures: [number[], what: (name: string) => Telling][] = [
  [[0x50, 0x4b, 0x03, 0x04], (name) => told`${name} is a workbook or a zip archive. Save the sheet as CSV first.`],
  [[0xd0, 0xcf, 0x11, 0xe0], (name) => told`${name} is an old Excel workbook (.xls). Save the sheet as CSV first.`],
  [[0x1f, 0x8b], (name) => told`${name} is gzip-compressed. Unpack it first.`],
  [[0x25, 0x50, 0x44, 0x46], (name) => told`${name} is a PDF. Export the table as CSV from the program it came from.`],
];

function refuseSignatures(name: string, raw: Uint8Array): void {
  for (const [signature, what] of signatures) {
    if (signature.every((byte, i) => raw[i] === byte)) throw new SluiceError("invalid", what(name));
  }
}

/** Text has hardly a control character, but for those that part cells. A few NULs are damage, and become issues. */
function refuseBinary(name: string, head: Uint8Array, encoding: Encoding): void {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, 32 * 1024));
  const controls = text.toString("latin1").match(strayControls)?.length ?? 0;
  if (controls > Math.max(8, text.length / 20)) {
    throw new SluiceError(
      "invalid",
      told`${name} is not a text file (read as ${encoding}): ${controls} of its first ${text.length} bytes are control characters. Export it as CSV.`,
    );
  }
}

/** The control characters that are neither white space nor delimiters of old systems. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const strayControls = /[\0\x03-\x08\v\f\x0e-\x1d]/g;

function detectLineEnding(text: Uint8Array): CsvDialect["lineEnding"] {
  const lineFeed = text.indexOf(0x0a);
  if (lineFeed < 0) return text.indexOf(0x0d) < 0 ? "\n" : "\r";
  return text[lineFeed - 1] === 0x0d ? "\r\n" : "\n";
}
