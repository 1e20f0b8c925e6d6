/** The bytes of JSON (RFC 8259): white space, strings and their escapes, and the words and numbers between them. */

/** What a scan answers instead of a position. */
export const incomplete = -1;
export const malformed = -2;
export const tooDeep = -3;

/** JSON's own limit is none; nobody's table is deeper than this, only bombs are. */
export const maxDepth = 64;

export const quote = 0x22;
export const backslash = 0x5c;
export const comma = 0x2c;
export const colon = 0x3a;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const lineFeed = 0x0a;

/** The first byte from `at` on that is not white space (section 2), or `end`. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && isSpace(bytes[i])) i++;
  return i;
}

export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The closing quote of the string that opens at `at`, or `incomplete`. Bytes of UTF-8 are never taken for a quote. */
export function closingQuote(bytes: Uint8Array, at: number, end: number): number {
  let i = at + 1;
  while (i < end) {
    const byte = bytes[i];
    if (byte === quote) return i;
    i += byte === backslash ? 2 : 1;
  }
  return incomplete;
}

const tokenBytes = new Uint8Array(256);
for (const char of "+-._") tokenBytes[char.charCodeAt(0)] = 1;
for (let byte = 0x30; byte <= 0x39; byte++) tokenBytes[byte] = 1;
for (let byte = 0x41; byte <= 0x5a; byte++) tokenBytes[byte] = tokenBytes[byte | 0x20] = 1;

/** Where the word or number at `at` ends. */
export function tokenEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at;
  while (i < end && tokenBytes[bytes[i]] === 1) i++;
  return i;
}

/**
 * `number`: of section 6's grammar. `figures`: begins as a number and is none (`007`, `+33`), which is text. `notNumber`:
 * Python writes NaN and Infinity. `unknown`: nothing that JSON knows.
 */
export type TokenKind = "number" | "figures" | "true" | "false" | "null" | "notNumber" | "unknown";

export function tokenKind(bytes: Uint8Array, start: number, end: number): TokenKind {
  const first = bytes[start];
  if (first <= 0x39) {
    if (isNumber(bytes, start, end)) return "number";
    return reads(bytes, start, end, "-Infinity") ? "notNumber" : start < end ? "figures" : "unknown";
  }
  if (first === 0x74 && reads(bytes, start, end, "true")) return "true";
  if (first === 0x66 && reads(bytes, start, end, "false")) return "false";
  if (first === 0x6e && reads(bytes, start, end, "null")) return "null";
  if (reads(bytes, start, end, "NaN") || reads(bytes, start, end, "Infinity")) return "notNumber";
  return "unknown";
}

function reads(bytes: Uint8Array, start: number, end: number, word: string): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word.charCodeAt(i)) return false;
  return true;
}

function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let i = bytes[start] === 0x2d ? start + 1 : start;
  const whole = i;
  while (i < end && isDigit(bytes[i])) i++;
  if (i === whole || (bytes[whole] === 0x30 && i > whole + 1)) return false;
  if (i < end && bytes[i] === 0x2e) {
    const fraction = ++i;
    while (i < end && isDigit(bytes[i])) i++;
    if (i === fraction) return false;
  }
  if (i < end && (bytes[i] | 0x20) === 0x65) {
    i++;
    if (i < end && (bytes[i] === 0x2b || bytes[i] === 0x2d)) i++;
    const exponent = i;
    while (i < end && isDigit(bytes[i])) i++;
    if (i === exponent) return false;
  }
  return i === end;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/**
 * Writes a string's text without its escapes (section 7) to `out` at `at`; returns the bytes written, never more than were
 * there. Half of a surrogate pair becomes the three bytes that UTF-8 forbids, so that validation finds it; an escape that
 * JSON does not know is kept as written.
 */
export function unescape(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let o = at;
  let i = start;
  while (i < end) {
    const byte = bytes[i];
    if (byte !== backslash || i + 1 >= end) {
      out[o++] = byte;
      i++;
      continue;
    }
    const letter = bytes[i + 1];
    const plain = escapes[letter];
    if (plain !== 0) {
      out[o++] = plain;
      i += 2;
      continue;
    }
    let code = letter === 0x75 ? hexAt(bytes, i + 2, end) : -1;
    if (code < 0) {
      out[o++] = byte;
      i++;
      continue;
    }
    i += 6;
    if (code >= 0xd800 && code < 0xdc00 && bytes[i] === backslash && bytes[i + 1] === 0x75) {
      const second = hexAt(bytes, i + 2, end);
      if (second >= 0xdc00 && second < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (second - 0xdc00);
        i += 6;
      }
    }
    o += writeCode(code, out, o);
  }
  return o - at;
}

const escapes = new Uint8Array(256);
for (const [letter, byte] of Object.entries({ '"': 0x22, "\\": 0x5c, "/": 0x2f, b: 8, f: 12, n: 10, r: 13, t: 9 })) {
  escapes[letter.charCodeAt(0)] = byte;
}

function hexAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return -1;
  let code = 0;
  for (let i = at; i < at + 4; i++) {
    const byte = bytes[i];
    const lower = byte | 0x20;
    if (isDigit(byte)) code = code * 16 + byte - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) code = code * 16 + lower - 0x57;
    else return -1;
  }
  return code;
}

/** Writes a code point as UTF-8, a surrogate as its scheme of three bytes; returns the bytes written. */
export function writeCode(code: number, out: Uint8Array, at: number): number {
  if (code < 0x80) {
    out[at] = code;
    return 1;
  }
  if (code < 0x800) {
    out[at] = 0xc0 | (code >> 6);
    out[at + 1] = 0x80 | (code & 0x3f);
    return 2;
  }
  if (code < 0x10000) {
    out[at] = 0xe0 | (code >> 12);
    out[at + 1] = 0x80 | ((code >> 6) & 0x3f);
    out[at + 2] = 0x80 | (code & 0x3f);
    return 3;
  }
  out[at] = 0xf0 | (code >> 18);
  out[at + 1] = 0x80 | ((code >> 12) & 0x3f);
  out[at + 2] = 0x80 | ((code >> 6) & 0x3f);
  out[at + 3] = 0x80 | (code & 0x3f);
  return 4;
}
