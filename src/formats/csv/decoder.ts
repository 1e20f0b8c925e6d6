/**
 * What a decoder is: it turns a file's bytes into UTF-8 block by block and notes which bytes of the file they came from, so
 * that a row's place in the file is known. Bytes that are not a character of the encoding become a byte that no UTF-8 has:
 * validation finds it, and nothing is replaced in silence.
 */
import type { Places } from "./places.ts";

export interface Decoder {
  /** The most UTF-8 bytes that one byte of the file can become. */
  readonly growth: number;
  /** Bytes of the file that an ASCII character takes. */
  readonly unitBytes: number;
  /**
   * Decodes `input` to `out` at `at`, where there is room for `growth` bytes each and `slackBytes`, and notes in `places`,
   * whose block the input is, where ASCII begins. Returns bytes consumed and written; what is cut at the end stays
   * unconsumed unless `last`.
   */
  decode(
    input: Uint8Array,
    out: Uint8Array,
    at: number,
    last: boolean,
    places: Places,
  ): { read: number; written: number };
}

/** Decoders write whole words: they need this much space after what they decode. */
export const slackBytes = 8;

/** Represents what is not a character of the encoding: a byte that UTF-8 does not have (RFC 3629, section 1). */
export const noCharacter = 0xff;

/** Writes code points as UTF-8 (RFC 3629, section 3) and notes where ASCII begins. */
export class Utf8Writer {
  readonly #out: Uint8Array;
  readonly #places: Places;
  /** Where the next character goes. */
  length: number;
  #inAscii = false;

  constructor(out: Uint8Array, at: number, places: Places) {
    this.#out = out;
    this.length = at;
    this.#places = places;
  }

  /** Bytes of the file become no character: what follows them is a run of its own. */
  breakRun(): void {
    this.#inAscii = false;
  }

  /** `index`: the character's first byte in the block. A code below zero is not a character. */
  put(code: number, index: number): void {
    const out = this.#out;
    if (code >= 0 && code < 0x80) {
      if (!this.#inAscii) this.#places.note(this.length, index);
      this.#inAscii = true;
      out[this.length++] = code;
      return;
    }
    this.#inAscii = false;
    if (code < 0) {
      out[this.length++] = noCharacter;
    } else if (code < 0x800) {
      out[this.length++] = 0xc0 | (code >> 6);
      out[this.length++] = 0x80 | (code & 0x3f);
    } else if (code < 0x10000) {
      out[this.length++] = 0xe0 | (code >> 12);
      out[this.length++] = 0x80 | ((code >> 6) & 0x3f);
      out[this.length++] = 0x80 | (code & 0x3f);
    } else {
      out[this.length++] = 0xf0 | (code >> 18);
      out[this.length++] = 0x80 | ((code >> 12) & 0x3f);
      out[this.length++] = 0x80 | ((code >> 6) & 0x3f);
      out[this.length++] = 0x80 | (code & 0x3f);
    }
  }
}
