/**
 * Cells that are their own COPY text, as most are: copied four bytes at a time, while the same words tell whether something
 * in them has to be escaped.
 */
import { isDigit } from "./encode.ts";
import { mayBeSpace } from "./white-space.ts";

/** Which cells of a column are taken unchanged, except for escapes: those of this length that begin with a byte of a class. */
export interface Verbatim {
  least: number;
  most: number;
  begins: number;
  /** Bytes beyond ASCII that are looked for, whatever is known of the file: `noHighByte` or `anyHighByte`. */
  high: number;
}

/** Bytes that must follow a cell, and what is written. */
export const verbatimSlack = 4;

/** No limit in bytes. */
const anyLength = 2 ** 30;

const backslash = 0x5c;
const continuation = 0x80;
const sequence = 0xc0;
/** With which a spreadsheet's errors, formulas, guarded texts and a byte order mark begin. */
const marks: ReadonlySet<number> = new Set([..."#='"].map((mark) => mark.charCodeAt(0)).concat(0xef));
/** With which the words begin that no record is called by: `NULL`, `(null)`, `[NULL]`, `<NA>`. */
const nulls: ReadonlySet<number> = new Set([..."N([<"].map((mark) => mark.charCodeAt(0)));
/** With which a zero width space and a byte order mark end. */
const unseenEnds: ReadonlySet<number> = new Set([0x8b, 0xbf]);

/** Neither white space, nor half a character, nor a mark. */
const beginsPlain = 1;
/** The same without digits. */
const beginsWord = 2;
/** Nothing that nobody sees ends with it. */
export const endsPlain = 4;
/** Plain, and no word for a null begins with it. */
const beginsName = 8;
/** The classes of each byte. */
export const classes = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  const isPlain = mayBeSpace[byte] === 0 && !marks.has(byte) && (byte < continuation || byte >= sequence);
  if (isPlain) classes[byte] |= beginsPlain;
  if (isPlain && !isDigit(byte)) classes[byte] |= beginsWord;
  if (isPlain && !nulls.has(byte)) classes[byte] |= beginsName;
  if (mayBeSpace[byte] === 0 && !unseenEnds.has(byte)) classes[byte] |= endsPlain;
}

/** Bytes beyond ASCII, for `copyVerbatim`: whether they are looked for. */
export const anyHighByte = 0x80808080 | 0;
export const noHighByte = 0;

/**
 * Cells of this many bytes; `words`: those that begin with a digit are examined, `names`: those that may be a word for a null,
 * `seen`: those with a character beyond ASCII, which may be one that nobody sees.
 */
export function verbatim({ least = 1, most = anyLength, words = false, names = false, seen = false }): Verbatim {
  const begins = names ? beginsName : words ? beginsWord : beginsPlain;
  return { least, most, begins, high: seen ? anyHighByte : noHighByte };
}

/** No cell. */
export const neverVerbatim: Verbatim = { least: 1, most: -1, begins: 0, high: noHighByte };

/** A quick look whether a text has something that is undone, or characters that nobody sees: at its ends, of a key anywhere. */
export function mayBeMarked(bytes: Uint8Array, start: number, end: number, isKey: boolean): boolean {
  if ((classes[bytes[start]] & beginsName) === 0 || (classes[bytes[end - 1]] & endsPlain) === 0) return true;
  if (bytes[start] === backslash) return true;
  if (isKey) for (let i = start; i < end; i++) if (bytes[i] >= continuation) return true;
  return false;
}

/** Indexed by the number of bytes after the last whole word. */
const lowBytes = Int32Array.of(0, 0x80, 0x8080, 0x808080);

/**
 * Copies `length` bytes; 0 when they already are a value of COPY's text format. Control characters, backslashes and
 * the bytes that `high` names are not; what was written is to be dropped then. Both sides have `verbatimSlack` bytes more.
 */
export function copyVerbatim(
  from: DataView,
  start: number,
  length: number,
  to: DataView,
  at: number,
  high: number,
): number {
  const whole = length & ~3;
  let found = 0;
  // A byte is zero where taking one off borrows and it had no high bit (Mycroft 1987), below a space where taking 32 off does.
  for (let k = 0; k < whole; k += 4) {
    const word = from.getInt32(start + k, true);
    to.setInt32(at + k, word, true);
    const slashes = word ^ 0x5c5c5c5c;
    found |= ((slashes - 0x01010101) & ~slashes) | ((word - 0x20202020) & ~word) | (word & high);
  }
  const word = from.getInt32(start + whole, true);
  to.setInt32(at + whole, word, true);
  const slashes = word ^ 0x5c5c5c5c;
  const last = ((slashes - 0x01010101) & ~slashes) | ((word - 0x20202020) & ~word) | (word & high);
  return (found & 0x80808080) | (last & lowBytes[length & 3]);
}
