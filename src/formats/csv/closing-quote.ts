/**
 * Finds where a quoted cell closes: at a quote that a delimiter or a line's end follows, with blanks between them at most.
 * Any other quote inside is text, whether it is doubled (RFC 4180, section 2.7), after a backslash, or neither.
 */
import { isLineBreak, type Syntax } from "./syntax.ts";

/** What is answered instead of a place: it does not close in what is there; or a line ends first. */
export const staysOpen = -1;
export const atLineBreak = -2;

const backslash = 0x5c;

export class ClosingQuote {
  readonly #syntax: Syntax;
  /** Of the cell found last: what follows its quote and the blanks after it. */
  after = 0;
  /** Quotes inside are escaped. */
  escaped = false;
  /** A quote inside is neither escaped nor the end. */
  stray = false;
  /** From where to search on: the line break, or what could not be decided yet. */
  from = 0;

  constructor(syntax: Syntax) {
    this.#syntax = syntax;
  }

  /** The closing quote of a cell whose text goes on at `from`. `stopAtBreak`: at the first line break it says `atLineBreak`. */
  find(bytes: Uint8Array, from: number, end: number, atEnd: boolean, stopAtBreak: boolean): number {
    const syntax = this.#syntax;
    const { quote, escape } = syntax;
    let at = from;
    for (;;) {
      let byte = 0;
      // Most bytes are above the quote: one comparison separates them from those to examine.
      while (at < end && ((byte = bytes[at]) > quote ? byte !== escape : byte !== quote && byte >= 0x20)) at++;
      if (at >= end) return this.#undecided(end);
      if (byte === quote) {
        if (at + 1 >= end && !atEnd) return this.#undecided(at);
        if (at + 1 < end && bytes[at + 1] === quote) {
          this.escaped = true;
          at += 2;
          continue;
        }
        const after = syntax.skipBlanks(bytes, at + 1, end);
        if (!atEnd && after + syntax.delimiterBytes > end) return this.#undecided(at);
        if (after >= end || syntax.endsCell(bytes, after, end)) {
          this.after = after;
          return at;
        }
        this.stray = true;
        at++;
      } else if (byte === backslash) {
        if (at + 1 >= end && !atEnd) return this.#undecided(at);
        const escapes = at + 1 < end && (bytes[at + 1] === quote || bytes[at + 1] === backslash);
        if (escapes) this.escaped = true;
        at += escapes ? 2 : 1;
      } else {
        if (stopAtBreak && isLineBreak(byte)) {
          this.from = at;
          return atLineBreak;
        }
        at++;
      }
    }
  }

  #undecided(at: number): number {
    this.from = at;
    return staysOpen;
  }
}
