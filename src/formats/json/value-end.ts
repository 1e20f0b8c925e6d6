/**
 * Finds where a JSON value ends and holds it against the grammar on the way, without recursion: a value that nests deeper
 * than 64 levels is refused, not followed.
 */
import {
  closeBrace,
  closeBracket,
  closingQuote,
  colon,
  comma,
  incomplete,
  malformed,
  maxDepth,
  openBrace,
  openBracket,
  quote,
  skipSpace,
  tokenEnd,
  tokenKind,
  tooDeep,
} from "./token.ts";

/** The end of a value, or why it was not found. */
export class ValueEnd {
  /** Where the last value that was not whole or not well-formed went wrong. */
  problemAt = 0;
  /** The last value breaks off within a string. */
  inString = false;
  /** The last value is an array or object that holds another. */
  nests = false;
  readonly #stack = new Uint8Array(maxDepth);

  /** The position after the value at `start`, or `incomplete`, `malformed`, `tooDeep`. `last`: nothing comes after `end`. */
  find(bytes: Uint8Array, start: number, end: number, last: boolean): number {
    const stack = this.#stack;
    let depth = 0;
    let i = start;
    this.nests = false;
    this.inString = false;
    for (;;) {
      // A value.
      const byte = bytes[i];
      if (i >= end) return this.#cut(end);
      if (byte === openBrace || byte === openBracket) {
        if (depth > 0) this.nests = true;
        if (depth === maxDepth) return this.#fail(i, tooDeep);
        stack[depth++] = byte;
        i = skipSpace(bytes, i + 1, end);
        if (i >= end) return this.#cut(end);
        if (bytes[i] !== (byte === openBrace ? closeBrace : closeBracket)) {
          if (byte === openBrace) i = this.#name(bytes, i, end);
          if (i < 0) return i;
          continue;
        }
        depth--;
        i++;
      } else if (byte === quote) {
        const closing = closingQuote(bytes, i, end);
        if (closing < 0) return this.#cutString(end);
        i = closing + 1;
      } else {
        const stop = tokenEnd(bytes, i, end);
        if (stop === end && !last) return this.#cut(end);
        if (stop === i || tokenKind(bytes, i, stop) === "unknown") return this.#fail(i, malformed);
        i = stop;
      }
      // What comes after a value.
      for (;;) {
        if (depth === 0) return i;
        i = skipSpace(bytes, i, end);
        if (i >= end) return this.#cut(end);
        const isObject = stack[depth - 1] === openBrace;
        let after = bytes[i];
        if (after === comma) {
          i = skipSpace(bytes, i + 1, end);
          if (i >= end) return this.#cut(end);
          // A comma after the last one is forgiven.
          after = bytes[i];
          if (after !== (isObject ? closeBrace : closeBracket)) {
            if (isObject) i = this.#name(bytes, i, end);
            if (i < 0) return i;
            break;
          }
        }
        if (after !== (isObject ? closeBrace : closeBracket)) return this.#fail(i, malformed);
        depth--;
        i++;
      }
    }
  }

  /** The position of the value after the name at `at`. */
  #name(bytes: Uint8Array, at: number, end: number): number {
    if (bytes[at] !== quote) return this.#fail(at, malformed);
    const closing = closingQuote(bytes, at, end);
    if (closing < 0) return this.#cutString(end);
    let i = skipSpace(bytes, closing + 1, end);
    if (i >= end) return this.#cut(end);
    if (bytes[i] !== colon) return this.#fail(i, malformed);
    i = skipSpace(bytes, i + 1, end);
    return i >= end ? this.#cut(end) : i;
  }

  #cut(at: number): number {
    return this.#fail(at, incomplete);
  }

  #cutString(at: number): number {
    this.inString = true;
    return this.#fail(at, incomplete);
  }

  #fail(at: number, answer: number): number {
    this.problemAt = at;
    return answer;
  }
}
