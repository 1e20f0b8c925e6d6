/**
 * A JSON file's text as UTF-8, from any place of it on. JSON is UTF-8 (RFC 8259, section 8.1); PowerShell and Windows'
 * Notepad write UTF-16 nevertheless.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import type { DialectHints, Encoding } from "../../core/row.ts";
import { writeCode } from "./token.ts";

/** Read of a file in UTF-16 at a time. */
const rawBytes = 64 * 1024;

/** The most UTF-8 that comes out of one byte of UTF-16: three bytes of two. */
const growth = 1.5;

export class TextReader {
  /** Nothing comes after what has been read. */
  atEnd = false;
  readonly #source: Source;
  readonly #highByte: 0 | 1 | null;
  #offset: number;
  #raw = new Uint8Array(0);
  #rawLength = 0;

  /** `offset`: byte of the file. */
  constructor(source: Source, encoding: Encoding, offset: number) {
    this.#source = source;
    this.#offset = offset;
    this.#highByte = encoding === "utf-16le" ? 1 : encoding === "utf-16be" ? 0 : null;
    if (this.#highByte !== null) this.#raw = new Uint8Array(rawBytes);
  }

  /** Writes text to `into` from `at` on, at most up to `end`; returns the bytes written. */
  async read(into: Uint8Array, at: number, end: number): Promise<number> {
    if (this.#highByte === null) {
      const read = await this.#source.read(into.subarray(at, end), this.#offset);
      this.#offset += read;
      this.atEnd = read === 0 || this.#offset >= this.#source.sizeBytes;
      return read;
    }
    const wanted = Math.min(this.#raw.length, Math.floor((end - at) / growth)) & ~1;
    const read = await this.#source.read(this.#raw.subarray(this.#rawLength, wanted), this.#offset);
    this.#offset += read;
    this.atEnd = read === 0 || this.#offset >= this.#source.sizeBytes;
    return this.#decode(this.#rawLength + read, into, at);
  }

  /** Bytes of the file that `bytes[start, end)` came from. */
  fileLength(bytes: Uint8Array, start: number, end: number): number {
    if (this.#highByte === null) return end - start;
    let units = 0;
    for (let i = start; i < end; i++) {
      const byte = bytes[i];
      if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
    }
    return 2 * units;
  }

  /** UTF-16 (RFC 2781). Half of a surrogate pair becomes the three bytes that UTF-8 forbids. */
  #decode(length: number, out: Uint8Array, at: number): number {
    const raw = this.#raw;
    const high = this.#highByte as 0 | 1;
    const low = 1 - high;
    let o = at;
    let i = 0;
    for (; i + 1 < length; i += 2) {
      let code = (raw[i + high] << 8) | raw[i + low];
      if (code >= 0xd800 && code < 0xdc00) {
        if (i + 3 >= length && !this.atEnd) break;
        const second = i + 3 < length ? (raw[i + 2 + high] << 8) | raw[i + 2 + low] : 0;
        if (second >= 0xdc00 && second < 0xe000) {
          code = 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00);
          i += 2;
        }
      }
      o += writeCode(code, out, o);
    }
    raw.copyWithin(0, i, length);
    this.#rawLength = length - i;
    return o - at;
  }
}

/**
 * How the text is encoded: by its mark, else by the zeros that UTF-16 has next to a bracket.
 *
 * @throws SluiceError `invalid` for an encoding that JSON is never written in.
 */
export function textEncoding(
  name: string,
  head: Uint8Array,
  hints: DialectHints = {},
): { encoding: Encoding; bomBytes: number } {
  const found = markedEncoding(head);
  const asked = hints.encoding;
  if (asked === undefined || asked === found.encoding) return found;
  if (asked === "utf-8" || asked === "utf-16le" || asked === "utf-16be") return { encoding: asked, bomBytes: 0 };
  throw new SluiceError(
    "invalid",
    told`${name} is JSON, which is UTF-8 (or UTF-16), not ${asked}. Save the file as UTF-8.`,
    { next: { code: "omit_option", option: "encoding" } },
  );
}

function markedEncoding(head: Uint8Array): { encoding: Encoding; bomBytes: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: "utf-8", bomBytes: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: "utf-16le", bomBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: "utf-16be", bomBytes: 2 };
  if (head.length >= 4 && head[0] !== 0 && head[1] === 0 && head[3] === 0) return { encoding: "utf-16le", bomBytes: 0 };
  if (head.length >= 4 && head[0] === 0 && head[1] !== 0 && head[2] === 0) return { encoding: "utf-16be", bomBytes: 0 };
  return { encoding: "utf-8", bomBytes: 0 };
}
