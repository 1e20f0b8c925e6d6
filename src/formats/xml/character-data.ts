/**
 * Character data of XML gathered as UTF-8: references and CDATA resolved (XML 1.0, sections 2.4, 2.7, 2.11 and 4.1), and the
 * escapes that spreadsheets add to it, `_x000D_` for characters XML cannot hold (ECMA-376 part 1, section 22.9.2.19, ST_Xstring).
 */
import { bytesIndexOf } from "./token.ts";

/** What is kept of a text, in bytes: Excel's 32,767 characters take at most half of it. The rest is dropped, and reported. */
const maxTextBytes = 256 * 1024;

/** 1 for bytes that represent themselves in text. Beyond a window's end there are zeros, which do not. */
export const plainText = new Uint8Array(256).fill(1);
for (const special of ["<", "&", "\r", "\0"]) plainText[special.charCodeAt(0)] = 0;

export class CharacterData {
  bytes: Buffer = Buffer.allocUnsafeSlow(1024);
  length = 0;
  /** The text was longer than what is kept. */
  cut = false;

  clear(): void {
    this.length = 0;
    this.cut = false;
  }

  /** Appends the text from `i` up to the next tag; returns the tag's place, -1: it is not before `end`. */
  append(source: Buffer, i: number, end: number): number {
    for (;;) {
      const start = i;
      while (plainText[source[i]] === 1) i++;
      if (i > end) i = end;
      this.#copy(source, start, i);
      if (i >= end) return -1;
      switch (source[i]) {
        case 0x3c: {
          if (i + 1 >= end) return -1;
          if (source[i + 1] !== 0x21 && source[i + 1] !== 0x3f) return i;
          const next = this.#appendMarked(source, i, end);
          if (next === i) return i;
          if (next < 0) return -1;
          i = next;
          break;
        }
        case 0x26: {
          const semicolon = bytesIndexOf(source.subarray(0, Math.min(end, i + 12)), ";", i, end);
          if (semicolon < 0 && end - i < 12) return -1;
          const code = semicolon < 0 ? -1 : referenced(source.toString("latin1", i + 1, semicolon));
          if (code < 0) this.#byte(0x26);
          else this.codePoint(code);
          i = code < 0 ? i + 1 : semicolon + 1;
          break;
        }
        case 0x0d:
          // A line ends in one line feed, however it was written.
          if (i + 1 >= end) return -1;
          if (source[i + 1] !== 0x0a) this.#byte(0x0a);
          i++;
          break;
        default:
          this.#byte(source[i++]);
      }
    }
  }

  /** A CDATA section's text; comments and instructions have none. Returns the place after it, -1: beyond `end`, `i`: a tag. */
  #appendMarked(source: Buffer, i: number, end: number): number {
    const start = source.toString("latin1", i, Math.min(end, i + 9));
    const cdata = start === "<![CDATA[";
    const mark = cdata ? "]]>" : start.startsWith("<!--") ? "-->" : start.startsWith("<?") ? "?>" : "";
    if (mark === "") return "<!--".startsWith(start) || "<![CDATA[".startsWith(start) ? -1 : i;
    const found = bytesIndexOf(source, mark, i + (cdata ? 9 : 2), end);
    if (found < 0) return -1;
    for (let k = i + 9; cdata && k < found; k++) {
      if (source[k] !== 0x0d) this.#byte(source[k]);
      else if (source[k + 1] !== 0x0a) this.#byte(0x0a);
    }
    return found + mark.length;
  }

  /** Resolves the `_xHHHH_` escapes in what was appended from `from` on; `_x005F_` is an escaped underscore. */
  unescape(from: number): void {
    const { bytes, length } = this;
    const first = bytes.indexOf("_x", from, "latin1");
    if (first < 0 || first >= length) return;
    const text = Buffer.from(bytes.subarray(first, length));
    this.length = first;
    for (let i = 0; i < text.length; ) {
      let code = escaped(text, i);
      if (code < 0) {
        this.#byte(text[i++]);
        continue;
      }
      i += 7;
      const low = code >= 0xd800 && code < 0xdc00 ? escaped(text, i) : -1;
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i += 7;
      }
      this.codePoint(code);
    }
  }

  /** A lone surrogate becomes the three bytes that UTF-8 forbids, so that validation finds it. */
  codePoint(code: number): void {
    if (code < 0x80) {
      this.#byte(code);
      return;
    }
    if (code < 0x800) {
      this.#byte(0xc0 | (code >> 6));
    } else {
      if (code < 0x10000) {
        this.#byte(0xe0 | (code >> 12));
      } else {
        this.#byte(0xf0 | (code >> 18));
        this.#byte(0x80 | ((code >> 12) & 0x3f));
      }
      this.#byte(0x80 | ((code >> 6) & 0x3f));
    }
    this.#byte(0x80 | (code & 0x3f));
  }

  #byte(byte: number): void {
    // Never within a character.
    if (this.cut || (this.length >= maxTextBytes && (byte & 0xc0) !== 0x80)) {
      this.cut = true;
      return;
    }
    if (this.length >= this.bytes.length) this.#reserve(1);
    this.bytes[this.length++] = byte;
  }

  #copy(source: Buffer, start: number, end: number): void {
    if (this.cut || start === end) return;
    if (this.length + end - start > maxTextBytes) {
      for (let i = start; i < end; i++) this.#byte(source[i]);
      return;
    }
    this.#reserve(end - start);
    source.copy(this.bytes, this.length, start, end);
    this.length += end - start;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.length + count));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}

const named: ReadonlyMap<string, number> = new Map([
  ["lt", 0x3c],
  ["gt", 0x3e],
  ["amp", 0x26],
  ["quot", 0x22],
  ["apos", 0x27],
]);

/** The code point that a reference (without `&` and `;`) denotes; -1: none. */
function referenced(name: string): number {
  const code = named.get(name);
  if (code !== undefined) return code;
  const digits = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name);
  if (digits === null) return -1;
  const value = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  return value <= 0x10ffff ? value : -1;
}

/** The code unit of the escape at `i`, -1: there is none. */
function escaped(text: Buffer, i: number): number {
  if (text[i] !== 0x5f || text[i + 1] !== 0x78 || text[i + 6] !== 0x5f) return -1;
  const digits = text.toString("latin1", i + 2, i + 6);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
}

/** The end of the first `most` characters of UTF-8, counted so. */
export function endOfCharacters(bytes: Uint8Array, start: number, end: number, most: number): number {
  let count = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if ((byte & 0xc0) === 0x80) continue;
    count += byte >= 0xf0 ? 2 : 1;
    if (count > most) return i;
  }
  return end;
}
