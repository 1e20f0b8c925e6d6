/**
 * Finds a text file's encoding: by its byte order mark, by where its zeros are, by being valid UTF-8 in all the places
 * examined, and otherwise by how it reads.
 */
import { isAscii, isUtf8 } from "node:buffer";
import type { Source } from "../../core/ports.ts";
import type { Encoding } from "../../core/row.ts";
import { guessEncoding } from "./guess-encoding.ts";

export interface FoundEncoding {
  encoding: Encoding;
  bomBytes: number;
  /** It was guessed by statistics, and people should look at the accents. */
  guessed: boolean;
  /** All that was examined is ASCII, and not all was examined: what comes may be UTF-8 or Windows-1252. */
  unsettled?: boolean;
}

/** Files up to this size are looked through whole; larger ones at their beginning, their end and places between. */
const wholeScanBytes = 16 * 1024 * 1024;
const blockBytes = 1024 * 1024;
const placeBytes = 16 * 1024;
const placeCount = 64;

/** RFC 3629 section 6, Unicode section 23.8, GB 18030's own: the byte order marks. The longer ones come first. */
const marks: readonly (readonly [mark: string, encoding: Encoding])[] = [
  ["\xff\xfe\0\0", "utf-32le"],
  ["\0\0\xfe\xff", "utf-32be"],
  ["\x84\x31\x95\x33", "gb18030"],
  ["\xef\xbb\xbf", "utf-8"],
  ["\xff\xfe", "utf-16le"],
  ["\xfe\xff", "utf-16be"],
];

/** The encoding that a byte order mark says. */
export function byteOrderMark(head: Uint8Array): FoundEncoding | null {
  const start = Buffer.from(head.buffer, head.byteOffset, Math.min(4, head.length)).toString("latin1");
  const known = marks.find(([mark]) => start.startsWith(mark));
  return known === undefined ? null : { encoding: known[1], bomBytes: known[0].length, guessed: false };
}

/** `head`: the file's beginning, some hundred kilobytes or all there is. */
export async function detectEncoding(source: Source, head: Uint8Array, signal?: AbortSignal): Promise<FoundEncoding> {
  const marked = byteOrderMark(head);
  if (marked !== null) return marked;
  const unmarked = wideEncoding(head);
  if (unmarked !== null) return { encoding: unmarked, bomBytes: 0, guessed: false };
  const evidence = new Evidence();
  evidence.add(head, { cutBefore: false, cutAfter: head.length < source.sizeBytes });
  // What is unpacked while it is read has no end to look at and no places to jump to.
  if (Number.isFinite(source.sizeBytes) && head.length < source.sizeBytes) await lookOn(source, head, evidence, signal);
  // The seven-bit encoding of Japanese mail is recognised by its escapes.
  if (evidence.isAscii) {
    if (hasShifts(head)) return { encoding: "iso-2022-jp", bomBytes: 0, guessed: false };
    const unsettled = head.length < source.sizeBytes && source.sizeBytes > wholeScanBytes;
    return { encoding: "utf-8", bomBytes: 0, guessed: false, ...(unsettled && { unsettled }) };
  }
  if (evidence.isUtf8) return { encoding: "utf-8", bomBytes: 0, guessed: false };
  const { encoding, certain } = guessEncoding(evidence.sample());
  return { encoding, bomBytes: 0, guessed: !certain };
}

/** Examines the rest of the file, or places in it. */
async function lookOn(source: Source, head: Uint8Array, evidence: Evidence, signal?: AbortSignal): Promise<void> {
  const whole = source.sizeBytes <= wholeScanBytes;
  const block = Buffer.alloc(whole ? blockBytes : placeBytes);
  const last = source.sizeBytes - block.length;
  let next = whole ? evidence.seen : head.length;
  for (let k = 1; whole ? next < source.sizeBytes : k <= placeCount; k++) {
    signal?.throwIfAborted();
    const offset = whole ? next : Math.floor(head.length + (k / placeCount) * Math.max(0, last - head.length));
    const length = await source.read(block, offset);
    if (length === 0) break;
    const atEnd = offset + length >= source.sizeBytes;
    next = offset + evidence.add(block.subarray(0, length), { cutBefore: !whole, cutAfter: !atEnd });
    if (evidence.isOverwhelming) break;
  }
}

function hasShifts(head: Uint8Array): boolean {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length);
  return text.includes("\x1b$B") || text.includes("\x1b$@") || text.includes("\x1b(I");
}

/** What was seen of a file whose characters are of one byte or more. */
class Evidence {
  /** Good sequences of UTF-8 beyond ASCII. */
  sequences = 0;
  /** Those of them that are letters and signs of the languages that are written in Latin letters. */
  latin = 0;
  /** Bytes that are not UTF-8. */
  invalid = 0;
  /** The last of them is the first byte of a character, and the file's last. */
  endsCut = false;
  /** Bytes of the first piece that were examined. */
  seen = 0;
  readonly #samples: Uint8Array[] = [];
  #sampleBytes = 0;

  get isAscii(): boolean {
    return this.sequences === 0 && this.invalid === 0;
  }

  /**
   * A few broken bytes in a file full of good UTF-8 are damage, and become issues at their rows; mostly broken is another
   * encoding. Lines of Windows-1252 among lines of UTF-8 leave good sequences that are hardly anything but accents, which other
   * encodings make by chance alone.
   */
  get isUtf8(): boolean {
    // A file that was cut off may end within a character.
    const invalid = this.invalid - (this.endsCut && this.sequences > 0 ? 1 : 0);
    if (invalid === 0 || this.sequences > 10 * invalid) return true;
    return this.sequences >= 2 && this.sequences >= invalid / 4 && this.latin >= 0.9 * this.sequences;
  }

  /** Thousands of bytes that are not UTF-8, and hardly a good sequence: what comes after makes no difference. */
  get isOverwhelming(): boolean {
    return this.invalid > 2000 && this.sequences < this.invalid;
  }

  /**
   * Counts good sequences and bytes that are not UTF-8; returns the bytes examined, without a sequence that is cut at the
   * end.
   */
  add(bytes: Uint8Array, cut: { cutBefore: boolean; cutAfter: boolean }): number {
    const looked = this.#weigh(bytes, cut);
    if (this.seen === 0) this.seen = looked;
    return looked;
  }

  #weigh(bytes: Uint8Array, { cutBefore, cutAfter }: { cutBefore: boolean; cutAfter: boolean }): number {
    if (isAscii(bytes)) return bytes.length;
    let i = 0;
    while (cutBefore && i < 3 && (bytes[i] & 0xc0) === 0x80) i++;
    let end = bytes.length;
    while (cutAfter && end > bytes.length - 3 && (bytes[end - 1] & 0xc0) === 0x80) end--;
    if (cutAfter && bytes[end - 1] >= 0xc0) end--;
    if (isUtf8(bytes.subarray(i, end))) {
      // How many there are is only weighed against what is broken: the first ones represent all.
      const counted = bytes.subarray(i, Math.min(end, i + countedBytes));
      let sequences = 0;
      for (let k = 0; k < counted.length; k++) if (counted[k] >= 0xc0) sequences++;
      const all = 1 + Math.round((sequences * (end - i)) / Math.max(1, counted.length));
      this.sequences += all;
      this.latin += all;
      return end;
    }
    this.#keepSample(bytes);
    while (i < bytes.length) {
      const byte = bytes[i];
      if (byte < 0x80) {
        i++;
        continue;
      }
      const length = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
      if (cutAfter && length > 1 && i + length > bytes.length) return i;
      if (length > 1 && (bytes[i + 1] & 0xc0) === 0x80 && isUtf8(bytes.subarray(i, i + length))) {
        this.sequences++;
        if (isLatin(byte, bytes[i + 1])) this.latin++;
        i += length;
      } else {
        this.invalid++;
        this.endsCut = length > 1 && i + 1 === bytes.length;
        i++;
      }
    }
    return i;
  }

  /** Keeps the words with something beyond ASCII in them, up to some kilobytes of each piece. */
  #keepSample(bytes: Uint8Array): void {
    const room = Math.min(maxSampleBytes - this.#sampleBytes, maxSampleBytes / 4);
    let kept = 0;
    for (let i = 0; i < bytes.length && kept < room; i++) {
      if (bytes[i] < 0x80) continue;
      let start = i;
      while (start > 0 && i - start < wordBytes && !isBetweenWords(bytes[start - 1])) start--;
      let end = i + 1;
      while (end < bytes.length && end - start < 2 * wordBytes && !isBetweenWords(bytes[end])) end++;
      // What is before and after a word belongs to it (`12 €`), but not half of a character.
      const before = start >= 2 && bytes[start - 2] < 0x80 ? 2 : 1;
      const piece = bytes.slice(Math.max(0, start - before), Math.min(bytes.length, end + 1));
      this.#samples.push(piece, Uint8Array.of(0x0a));
      kept += piece.length + 1;
      i = end;
    }
    this.#sampleBytes += kept;
  }

  sample(): Uint8Array {
    return Buffer.concat(this.#samples);
  }
}

const countedBytes = 4096;
const maxSampleBytes = 16 * 1024;
const wordBytes = 100;

/** Whether UTF-8 is a letter or sign of U+00A0 to U+017F, or a quotation mark, dash or euro sign (U+2010 to U+20BF). */
function isLatin(first: number, second: number): boolean {
  return (first >= 0xc3 && first <= 0xc5) || (first === 0xc2 && second >= 0xa0) || (first === 0xe2 && second <= 0x82);
}

/** No byte below is the second of any encoding's two, but for GB18030's digits. */
function isBetweenWords(byte: number): boolean {
  return byte < 0x30;
}

/** How much of the file is searched for zeros. */
const wideBytes = 64 * 1024;

/**
 * UTF-16 or UTF-32 without a byte order mark, recognised by their ASCII (line breaks, delimiters, digits), which in every
 * language takes a byte and zeros on the same side of it.
 */
function wideEncoding(head: Uint8Array): Encoding | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, wideBytes) & ~3);
  if (head.length < 2) return null;
  const short = bytes.length === 0 ? Buffer.from(head.buffer, head.byteOffset, head.length & ~1) : bytes;
  if (!short.includes(0)) return null;
  const zeros = short.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0);
  for (const encoding of ["utf-32le", "utf-32be"] as const)
    if (isUtf32(short, encoding === "utf-32be")) return encoding;
  const little = asciiUnits(short, 0);
  const big = asciiUnits(short, 1);
  const [encoding, ascii] = little >= big ? (["utf-16le", little] as const) : (["utf-16be", big] as const);
  // Zeros from damage are anywhere; those of UTF-16 are next to its ASCII.
  return ascii >= 2 && ascii >= 4 * Math.min(little, big) && ascii >= 0.7 * zeros && isUtf16(short, encoding)
    ? encoding
    : null;
}

/** Units of two bytes that are ASCII as text has it, `low` being the place of the byte that is not zero. */
function asciiUnits(bytes: Uint8Array, zeroFirst: 0 | 1): number {
  let count = 0;
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const byte = bytes[i + zeroFirst];
    if (bytes[i + 1 - zeroFirst] === 0 && ((byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d))) count++;
  }
  return count;
}

/** Whether ASCII beyond zeros is hardly there, which is what a text of one byte a character is made of. */
function isUtf16(bytes: Buffer, encoding: "utf-16le" | "utf-16be"): boolean {
  const text = new TextDecoder(encoding).decode(bytes);
  const breaks = text.split(/[\r\n]/).length - 1;
  let raw = 0;
  for (const byte of bytes) if (byte === 0x0a || byte === 0x0d) raw++;
  // Of a text with line breaks, most bytes that look like one are one.
  return breaks >= raw / 2;
}

/** Every four bytes are a character of Unicode, and not all of them U+0000. */
function isUtf32(bytes: Uint8Array, bigEndian: boolean): boolean {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length & ~3);
  let filled = 0;
  for (let i = 0; i + 3 < words.byteLength; i += 4) {
    const code = words.getUint32(i, !bigEndian);
    if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
    if (code !== 0) filled++;
  }
  return filled > 0 && filled >= words.byteLength / 8;
}
