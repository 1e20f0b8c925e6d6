/**
 * Passes over JSON that is not kept: an element that is too large, or what comes after the rows. It remembers where it is
 * from one piece of the file to the next, and takes no memory.
 */
import {
  backslash,
  closeBrace,
  closeBracket,
  colon,
  comma,
  isSpace,
  lineFeed,
  openBrace,
  openBracket,
  quote,
} from "./token.ts";

export class Passage {
  /** Arrays of objects or arrays that were met, those within arrays not counted. */
  tables = 0;
  #depth: number;
  #arrays = 0;
  #inString = false;
  #escaped = false;
  #started = false;
  /** The last token was the bracket of an array that no other is around. */
  #opened = false;

  /** `depth`: brackets that are open. */
  constructor(depth = 0) {
    this.#depth = depth;
  }

  /** Continues in `bytes[start, end)`: the position after the end of what was open or of one element, or -1. */
  pass(bytes: Uint8Array, start: number, end: number): number {
    for (let i = start; i < end; i++) {
      if (this.#inString) {
        i = this.#passString(bytes, i, end);
        if (i < end && this.#depth === 0) return i + 1;
        continue;
      }
      const byte = bytes[i];
      if (isSpace(byte)) {
        if (this.#started && this.#depth === 0) return i;
        continue;
      }
      if (this.#opened && (byte === openBrace || byte === openBracket)) this.tables++;
      this.#opened = false;
      if (byte === quote) {
        this.#inString = true;
      } else if (byte === openBrace || byte === openBracket) {
        this.#depth++;
        if (byte === openBracket) this.#opened = this.#arrays === 0;
        if (byte === openBracket || this.#arrays > 0) this.#arrays++;
      } else if (byte === closeBrace || byte === closeBracket) {
        if (this.#depth === 0) return i;
        this.#depth--;
        if (this.#arrays > 0) this.#arrays--;
        if (this.#depth === 0) return i + 1;
      } else if (byte === comma && this.#depth === 0 && this.#started) {
        return i;
      }
      this.#started = true;
    }
    return -1;
  }

  /** The position of the closing quote, or `end`. */
  #passString(bytes: Uint8Array, start: number, end: number): number {
    const rest = bytes.subarray(0, end);
    let from = this.#escaped ? start + 1 : start;
    this.#escaped = false;
    for (;;) {
      const found = rest.indexOf(quote, from);
      const at = found < 0 ? end : found;
      // A quote after an odd number of backslashes is text.
      let slashes = 0;
      while (at - slashes > from && bytes[at - slashes - 1] === backslash) slashes++;
      if (found < 0) {
        this.#escaped = slashes % 2 === 1 || from > end;
        return end;
      }
      if (slashes % 2 === 0) {
        this.#inString = false;
        return found;
      }
      from = found + 1;
    }
  }
}

/** Passes over one line. */
export class LinePassage {
  pass(bytes: Uint8Array, start: number, end: number): number {
    const feed = bytes.subarray(start, end).indexOf(lineFeed);
    return feed < 0 ? -1 : start + feed + 1;
  }
}

/** Passes over one member of an object: its key and its value. */
export class MemberPassage {
  readonly #key = new Passage();
  readonly #value = new Passage();
  #at: "key" | "colon" | "value" = "key";

  pass(bytes: Uint8Array, start: number, end: number): number {
    let i = start;
    if (this.#at === "key") {
      i = this.#key.pass(bytes, i, end);
      if (i < 0) return i;
      this.#at = "colon";
    }
    if (this.#at === "colon") {
      while (i < end && (isSpace(bytes[i]) || bytes[i] === colon)) i++;
      if (i === end) return -1;
      this.#at = "value";
    }
    return this.#value.pass(bytes, i, end);
  }
}
