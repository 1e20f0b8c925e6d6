/**
 * The marks of a delimited text as the bytes they are: what ends a cell, what encloses one, what precedes a quote inside one.
 */
import type { CsvDialect } from "../../core/row.ts";

/** How the cells of a text are separated and enclosed. */
export type Marks = Pick<CsvDialect, "delimiter"> & Partial<Pick<CsvDialect, "quote" | "escape" | "runs" | "wrapped">>;

/** Marks that a text is read with, found or on trial. */
export type TrialMarks = Required<Pick<CsvDialect, "delimiter" | "quote" | "escape">> &
  Pick<CsvDialect, "runs" | "wrapped">;

export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;
export const space = 0x20;
const tab = 0x09;
const backslash = 0x5c;
/** What no byte of a text equals. */
const noByte = -1;

export class Syntax {
  /** Its first byte. */
  readonly delimiter: number;
  readonly delimiterBytes: number;
  /** Several delimiters are one. */
  readonly runs: boolean;
  readonly quote: number;
  /** What precedes a quote inside quotes: a backslash, or the quote itself. */
  readonly escape: number;
  /** 1 for a byte that ends a cell, or begins a delimiter of several bytes. */
  readonly ends = new Uint8Array(256);
  /** 1 for what may be between a delimiter and a quote. */
  readonly blanks = new Uint8Array(256);
  /** A delimiter is one byte, whatever is before and after it. */
  readonly simple: boolean;
  readonly #delimiter: Uint8Array;

  constructor({ delimiter, quote = '"', escape = "double", runs = false }: Marks) {
    this.#delimiter = Buffer.from(delimiter, "latin1");
    this.delimiter = this.#delimiter[0];
    this.delimiterBytes = this.#delimiter.length;
    this.runs = runs;
    this.simple = this.delimiterBytes === 1 && !runs;
    this.quote = quote === "none" ? noByte : quote.charCodeAt(0);
    this.escape = escape === "backslash" ? backslash : this.quote;
    for (const byte of [this.delimiter, lineFeed, carriageReturn]) this.ends[byte] = 1;
    for (const byte of [space, tab]) if (byte !== this.delimiter) this.blanks[byte] = 1;
  }

  get backslashes(): boolean {
    return this.escape === backslash;
  }

  isDelimiter(bytes: Uint8Array, at: number, end: number): boolean {
    const mark = this.#delimiter;
    if (at + mark.length > end) return false;
    for (let k = 0; k < mark.length; k++) if (bytes[at + k] !== mark[k]) return false;
    return true;
  }

  /** Whether a cell that reaches to `at` ends there: at a delimiter or a line break. */
  endsCell(bytes: Uint8Array, at: number, end: number): boolean {
    const byte = bytes[at];
    return this.ends[byte] === 1 && (byte !== this.delimiter || this.isDelimiter(bytes, at, end));
  }

  /** Where the cell after the delimiter at `at` begins. */
  afterDelimiter(bytes: Uint8Array, at: number, end: number): number {
    let next = at + this.delimiterBytes;
    if (this.runs) while (next < end && bytes[next] === this.delimiter) next++;
    return next;
  }

  /** Where what is no blank begins. */
  skipBlanks(bytes: Uint8Array, at: number, end: number): number {
    let next = at;
    while (next < end && this.blanks[bytes[next]] === 1) next++;
    return next;
  }
}

export function isLineBreak(byte: number): boolean {
  return byte === lineFeed || byte === carriageReturn;
}
