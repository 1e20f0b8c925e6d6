/**
 * Knows how a row that is inside quotes at a line break continues. All such rows are in the same state there, so that what
 * the first of them found out holds for those that begin after it: each byte is looked ahead at once, however many rows
 * of a file open a quote and never close it.
 */

const backslash = 0x5c;
const space = 0x20;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** The state of the lookahead. The states with `Lines` are of a quoted cell that has a line break in it. */
const cellStart = 0;
const inText = 1;
const quoted = 2;
const quotedLines = 3;
/** A quote in `quoted`, two states on: the cell is closed, or the next one doubles it. */
const closedLines = 5;
const spaced = 6;
const spacedLines = 7;
/** A backslash that may escape in `quoted`, six states on. */
const escaping = 8;
const escapingLines = 9;
const rowEnded = 10;
const neverCloses = 11;

export class QuoteLookahead {
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #backslashes: boolean;
  /** How far is looked ahead. */
  #position = 0;
  #state = neverCloses;
  /** The line break at which the row being scanned asked last. */
  #asked = 0;

  /** `backslashes`: inside quotes a quote may follow one. */
  constructor(delimiter: number, quote: number, backslashes: boolean) {
    this.#delimiter = delimiter;
    this.#quote = quote;
    this.#backslashes = backslashes;
  }

  /** The buffer's content moved down by `bytes`. */
  shift(bytes: number): void {
    this.#position -= bytes;
    this.#asked -= bytes;
  }

  /** A row ran into text after a closing quote, or into the end of the file: those that begin before it do too. */
  staysOpenUntil(position: number): void {
    this.#position = position;
    this.#state = neverCloses;
  }

  /**
   * Whether a row inside quotes at the line break `at` is known not to close before `end`. `atEnd`: the file ends there;
   * `atLimit`: a row must have ended there.
   */
  staysOpen(bytes: Uint8Array, at: number, end: number, atEnd: boolean, atLimit: boolean): boolean {
    this.#asked = at;
    if (at >= this.#position) return false;
    this.#lookAhead(bytes, end);
    if (this.#state === rowEnded || this.#state === neverCloses) return this.#state === neverCloses;
    return atLimit || (atEnd && insideQuotes(this.#state));
  }

  /** The row that begins at `rowStart` has not ended at `limit`: how it continues is noted for the rows after it. */
  follow(bytes: Uint8Array, rowStart: number, limit: number): void {
    if (this.#asked < Math.max(rowStart, this.#position)) return;
    this.#position = this.#asked;
    this.#state = quotedLines;
    this.#lookAhead(bytes, limit);
  }

  #lookAhead(bytes: Uint8Array, end: number): void {
    let state = this.#state;
    let at = this.#position;
    for (; at < end && state < rowEnded; at++) state = this.#next(state, bytes[at]);
    this.#position = at;
    this.#state = state;
  }

  #next(state: number, byte: number): number {
    const quote = this.#quote;
    const breaks = byte === lineFeed || byte === carriageReturn;
    if (insideQuotes(state)) {
      const still = state < escaping ? state : state - 6;
      if (state >= escaping && (byte === quote || byte === backslash)) return still;
      if (byte === quote) return still + 2;
      if (byte === backslash && this.#backslashes) return still + 6;
      return breaks ? quotedLines : still;
    }
    if (byte === this.#delimiter) return cellStart;
    if (breaks) return rowEnded;
    if (state === cellStart) return byte === quote ? quoted : inText;
    if (state === inText) return inText;
    if (byte === quote && state <= closedLines) return state - 2;
    const overLines = state === closedLines || state === spacedLines;
    if (byte === space) return overLines ? spacedLines : spaced;
    return overLines ? neverCloses : inText;
  }
}

function insideQuotes(state: number): boolean {
  return state === quoted || state === quotedLines || state === escaping || state === escapingLines;
}
