/**
 * How a file is written, and batches of its rows: bytes plus the offsets of the cells in them, whatever the format. A cell stays bytes until a
 * validator, a transform or an escape needs a string.
 */
import type { Telling } from "./errors.ts";
import type { FormatOf } from "./file-formats.ts";
import type { IssueCode, IssueParams } from "./issue.ts";
import { type Reading, readingOf } from "./reading.ts";

/** What every dialect says, whatever the format. */
interface TableDialect extends Reading {
  /** What the table lies in: nothing, gzip (RFC 1952), or a zip archive. */
  packing: Packing;
  /** Name of the table's file in a zip archive of several files. */
  entry?: string;
  /** Number of the header's last row, from 1; 0 when the file has no header. Rows above it are titles. */
  headerRow: number;
  /** How many rows the header takes, of which `headerRow` is the last; their words are joined. 1 unless it says more. */
  headerRows: number;
  /** Number of the table's last row where something else comes after it (a footer, another table); null: the file's end. */
  lastRow: number | null;
  /** The columns by their headers (or `Column 1` … without one). */
  columns: string[];
  /** What was noticed about the file as a whole: a second table, a hidden sheet. */
  findings: FileFinding[];
  /** What may come between the rows and is none of them; absent in imports from before it was looked for. */
  between?: Between;
}

/** By what a row below the header is known to be no row of the table. */
export interface Between {
  /** The cells of each of the header's rows, trimmed, without blank ones at the end: files put together repeat them, and pages. */
  header: string[][];
  /** Lines above the header, with each number as `0`: a print has them on every page. */
  titles: string[];
  /** What comments begin with; null: there are none. */
  comment: string | null;
  /** Its head shows pages of a print: `Page 2` alone in a row is a title then. */
  paged: boolean;
}
export type Packing = "none" | "gzip" | "zip";

/** What encloses a cell; `none`: every quote is text. */
export const quotes = ['"', "'", "none"] as const;
export type Quote = (typeof quotes)[number];
/**
 * How a quote is written inside a quoted cell: doubled (RFC 4180, section 2.7), or after a backslash, which is itself written
 * after another one.
 */
export const quoteEscapes = ["double", "backslash"] as const;
export type QuoteEscape = (typeof quoteEscapes)[number];

/** Characters of the longest delimiter. */
export const maxDelimiterChars = 4;

/** Whether it can separate cells: characters of ASCII, mostly one, and none that encloses a cell or ends a line. */
export function isDelimiter(text: string): boolean {
  const can = (code: number): boolean => code > 0 && code < 0x7f && code !== 0x0a && code !== 0x0d && code !== 0x22;
  return text !== "" && text.length <= maxDelimiterChars && [...text].every((each) => can(each.charCodeAt(0)));
}

/** Delimited text. */
export interface CsvDialect extends TableDialect {
  format: FormatOf<"text">;
  encoding: Encoding;
  /** One ASCII character, or several (`;;`, `|~|`). */
  delimiter: string;
  /** Several delimiters in a row are one, as of blanks that align columns. */
  runs?: boolean;
  /**
   * The rows, or some of them, are delimited text inside one quoted cell: what lines end with behind it (`;;;`), or nothing.
   */
  wrapped?: string;
  quote: Quote;
  escape: QuoteEscape;
  lineEnding: "\r\n" | "\n" | "\r";
  /** Bytes of a byte order mark at the start of the file. */
  bomBytes: number;
  /** Of a file whose sample was all ASCII: what bytes beyond the sample that are no UTF-8 are read as. */
  strayBytes?: "windows-1252";
  /** Blank cells at the end of rows are left out, as the file itself shows; absent: they are not. */
  endsEarly?: boolean;
}

/** A sheet of a workbook. */
export interface WorkbookDialect extends TableDialect {
  format: FormatOf<"workbook">;
  /** The sheet's name. */
  sheet: string;
  /** The sheet's place in the workbook, from 1. */
  sheetIndex: number;
}

/** Objects or arrays of JSON (RFC 8259): one array of them, or one a line. */
export interface JsonDialect extends TableDialect {
  format: FormatOf<"records">;
  encoding: Encoding;
  bomBytes: number;
}

/** How a file is written. Found once and frozen on the job: preview, parse and report all read with it. */
export type Dialect = CsvDialect | WorkbookDialect | JsonDialect;

/** Something about the file as a whole, counted with the import's issues. */
export interface FileFinding {
  code: IssueCode;
  /** How many there are: rows, cells, sheets. */
  count: number;
  params?: IssueParams;
}

/**
 * The name of a character encoding: the WHATWG Encoding Standard's, in lower case (`utf-8`, `windows-1252`,
 * `shift_jis`), or the label of an older one (`cp850`).
 */
export type Encoding = string;

/** Cell flags. */
export const cellQuoted = 1;
/** The cell holds escaped quotes: read it through `unescapeCell`. */
export const cellEscaped = 2;
/** The cell holds a spreadsheet's error value (`#N/A`, `#REF!`): its text is not data. */
export const cellError = 4;
/**
 * The cell was typed in the file, and its text is in plain form (a number with a point, an ISO 8601 date or time, `true`):
 * it is not read by the column's own marks and orders.
 */
export const cellTyped = 8;
/** Of an escaped cell: its escapes are backslashes. */
export const cellBackslash = 16;
/** Of an escaped cell: its quotes are apostrophes. */
export const cellApostrophe = 32;
/** The cell has more than 32,767 characters, Excel's limit; of a very long one the batch holds the beginning. */
export const cellTooLong = 64;
/** The cell is a value that was read already and is taken as it is. No file has such cells; the review makes them. */
export const cellRead = 128;

/** What is wrong with a row's shape, before any field is validated. */
export const rowIntact = 0;
export const rowTooShort = 1;
export const rowTooLong = 2;
export const rowQuoteUnclosed = 3;
export const rowTooLarge = 4;
/** The file repeats this row's number, or it is lower than an earlier one; the row has the next free number. */
export const rowNumberRepeated = 5;

/** A cell whose formula adds up cells above it. */
export interface SumCell {
  column: number;
  /** Numbers of the first row and the last; null: it does not say. */
  from: number | null;
  to: number | null;
}

/**
 * Some thousand rows. A reader reuses its batch: what you need of it, take before you ask for the next.
 */
export interface Batch {
  /** UTF-8, whatever the file's encoding (invalid bytes in a UTF-8 file are kept as they are). */
  bytes: Uint8Array;
  /** Every cell is known to be valid UTF-8; otherwise each is validated. */
  wellFormed?: boolean;
  rowCount: number;
  /** Cells a row of this file has; the stride of `cells` and `flags`. */
  columnCount: number;
  /** Start and end in `bytes` of cell c of row r, at `2 * (r * columnCount + c)`. */
  cells: Int32Array;
  /** Flags of cell c of row r, at `r * columnCount + c`. */
  flags: Uint8Array;
  /** What is wrong with the shape of row r, `rowIntact` when nothing is. */
  shapes: Uint8Array;
  /** Number of row r in the file. */
  rowNumbers: Int32Array;
  /** Cells that row r really has. */
  cellCounts: Int32Array;
  /** Where row r is: byte offset in the file, or in what is unpacked from it. */
  rowOffsets: Float64Array;
  /** Start of row r in `bytes`. */
  rowStarts: Int32Array;
  /** End of row r in `bytes`, without its line ending. */
  rowEnds: Int32Array;
  /** Cells that row r has beyond `columnCount`, as (start, end, flags); only rows of the shape `rowTooLong` are here. */
  surplus: Map<number, Int32Array>;
  /** What was noticed of rows whose shape is right, by their number in the file: warnings that go in with them. */
  notes: Map<number, IssueCode>;
  /** Of row r its cells that a workbook makes by adding up rows above them, in the same column. */
  sums?: Map<number, SumCell[]>;
  /** Where the next batch begins. */
  next: { offset: number; row: number };
  /** Bytes of the stored file that are read so far; for progress. */
  readBytes: number;
}

/**
 * A cell's text without the doubled quotes, decoded; invalid bytes become U+FFFD. `enough`: characters of it that are wanted; of a
 * longer one there may be some more.
 */
export function cellText(batch: Batch, row: number, column: number, enough?: number): string {
  const cell = row * batch.columnCount + column;
  const start = batch.cells[2 * cell];
  const end = batch.cells[2 * cell + 1];
  // A character takes three bytes at most, of which an escape may make six.
  const least = enough === undefined ? end : Math.min(end, start + 6 * (enough + 1));
  return textOf(batch.bytes, start, least, batch.flags[cell]);
}

/** All cells that a row really has, also those beyond the header's. `enough`: as for `cellText`. */
export function rowCells(batch: Batch, row: number, enough?: number): string[] {
  const own = Math.min(batch.cellCounts[row], batch.columnCount);
  const cells = Array.from({ length: own }, (_, column) => cellText(batch, row, column, enough));
  const surplus = batch.surplus.get(row);
  for (let k = 0; surplus !== undefined && k < surplus.length; k += 3) {
    cells.push(textOf(batch.bytes, surplus[k], surplus[k + 1], surplus[k + 2]));
  }
  return cells;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
function textOf(bytes: Uint8Array, start: number, end: number, flags: number): string {
  if ((flags & cellEscaped) === 0) return decoder.decode(bytes.subarray(start, end));
  const plain = new Uint8Array(end - start);
  return decoder.decode(plain.subarray(0, unescapeCell(bytes, start, end, plain, flags)));
}

/**
 * Copies a quoted cell with each escaped quote as one; returns the number of bytes written to `out`. `flags` are the
 * cell's: in a cell of backslashes a backslash escapes the quote or the backslash after it, and is text before
 * anything else.
 */
export function unescapeCell(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Uint8Array,
  flags: number = cellEscaped,
): number {
  const quote = flags & cellApostrophe ? 0x27 : 0x22;
  const escape = flags & cellBackslash ? 0x5c : quote;
  let length = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    const next = i + 1 < end ? bytes[i + 1] : -1;
    if ((byte === quote && next === quote) || (byte === escape && (next === quote || next === escape))) i++;
    out[length++] = bytes[i];
  }
  return length;
}

/** What a person says about a file's dialect instead of leaving it to detection. */
export interface DialectHints extends Reading {
  encoding?: Encoding;
  delimiter?: string;
  quote?: Quote;
  escape?: QuoteEscape;
  /** Number of the header's row from 1; 0: there is none. */
  headerRow?: number;
  /** Name of the workbook's sheet, or its place from 1. */
  sheet?: string;
  /** Name of the zip archive's file, or its place from 1. */
  entry?: string;
}

/** What a detection goes by. */
export interface DetectionHints extends DialectHints {
  /** What the importer knows its columns by: it tells the header and the sheet from others. */
  names?: readonly string[];
}

/** A sheet, as far as its first rows show it. */
export interface SheetLook {
  name: string;
  /** Place in the workbook, from 1. */
  index: number;
  hidden: boolean;
  /** Of the widest row examined. */
  columns: number;
  /** The first ones that hold something; none: the sheet is empty. */
  rows: string[][];
  /** Whether there are more. */
  more: boolean;
}

/** A file of a zip archive, as far as its first rows show it. */
export interface EntryLook {
  /** With the folders it is in. */
  name: string;
  /** Place among the archive's files, from 1. */
  index: number;
  /** As the archive declares. */
  sizeBytes: number;
  /** Of the widest row examined. */
  columns: number;
  /** The first ones that hold something; none: it was not looked into, or cannot be read. */
  rows: string[][];
  /** Whether there are more. */
  more: boolean;
  /** Why it cannot be read. */
  problem?: Telling;
}

/** Whether both read the same table of a file: its sheet, or its archive's file. */
export function isSameTable(one: Dialect, other: Dialect): boolean {
  const sheetOf = (dialect: Dialect): string | undefined => ("sheet" in dialect ? dialect.sheet : undefined);
  return one.entry === other.entry && sheetOf(one) === sheetOf(other);
}

/** A dialect as what a person would say of it. */
export function saidOf(dialect: Dialect): DialectHints {
  const hints: DialectHints = { headerRow: dialect.headerRow, ...readingOf(dialect) };
  if ("encoding" in dialect) hints.encoding = dialect.encoding;
  if ("delimiter" in dialect) hints.delimiter = dialect.delimiter;
  if ("quote" in dialect) hints.quote = dialect.quote;
  if ("escape" in dialect) hints.escape = dialect.escape;
  if ("sheet" in dialect) hints.sheet = dialect.sheet;
  if (dialect.entry !== undefined) hints.entry = dialect.entry;
  return hints;
}
