/**
 * Where delimiters, quotes and line breaks are in a piece of text, found 32 bytes at a time, so that the rows between are
 * taken without examining every byte. Other control characters may be among them.
 */

/** Text that is scanned at once; its marks fit the processor's first-level cache. */
const pieceBytes = 4096;
const stepBytes = 32;
/** Tabs and line breaks are below it. */
const firstOther = 0x0e;

export class MarkIndex {
  /** Ascending, as far as `count`. */
  readonly positions = new Int32Array(pieceBytes);
  count = 0;
  /** The marks before it are known, from the last `restart` on. */
  covered = 0;
  readonly #delimiter: number;
  readonly #quote: number;
  #bytes = new Uint8Array();
  #view = new DataView(this.#bytes.buffer);

  constructor(delimiter: number, quote: number) {
    this.#delimiter = delimiter;
    this.#quote = quote;
  }

  /** Forgets all marks: the next piece of `bytes` begins at `position`. */
  restart(bytes: Uint8Array, position: number): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes as Uint8Array<ArrayBuffer>;
      this.#view = new DataView(this.#bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.count = 0;
    this.covered = position;
  }

  /** Replaces the marks of the last piece with those of the next, up to `end`; false when no text is left. */
  advance(end: number): boolean {
    const from = this.covered;
    if (from >= end) return false;
    const to = Math.min(from + pieceBytes, end);
    const whole = to - ((to - from) % stepBytes);
    const { positions } = this;
    const bytes = this.#bytes;
    let count = this.#findWhole(from, whole);
    for (let at = whole; at < to; at++) {
      const byte = bytes[at];
      if (byte === this.#delimiter || byte === this.#quote || byte < firstOther) positions[count++] = at;
    }
    this.count = count;
    this.covered = to;
    return true;
  }

  #findWhole(from: number, to: number): number {
    const { positions } = this;
    const view = this.#view;
    const delimiters = Math.imul(this.#delimiter, 0x01010101);
    const quotes = Math.imul(this.#quote, 0x01010101);
    let count = 0;
    for (let at = from; at < to; at += stepBytes) {
      // A bit for each byte, spelt out word by word: as a loop it takes a quarter longer.
      let marks =
        marksOf(view.getInt32(at, true), delimiters, quotes) |
        (marksOf(view.getInt32(at + 4, true), delimiters, quotes) << 4) |
        (marksOf(view.getInt32(at + 8, true), delimiters, quotes) << 8) |
        (marksOf(view.getInt32(at + 12, true), delimiters, quotes) << 12) |
        (marksOf(view.getInt32(at + 16, true), delimiters, quotes) << 16) |
        (marksOf(view.getInt32(at + 20, true), delimiters, quotes) << 20) |
        (marksOf(view.getInt32(at + 24, true), delimiters, quotes) << 24) |
        (marksOf(view.getInt32(at + 28, true), delimiters, quotes) << 28);
      while (marks !== 0) {
        const lowest = marks & -marks;
        positions[count++] = at + 31 - Math.clz32(lowest);
        marks ^= lowest;
      }
    }
    return count;
  }
}

/**
 * A bit for each of a word's four bytes that is a mark. A byte is zero where taking one off borrows and it had no high bit
 * (Mycroft 1987), below 14 where taking 14 off does; the byte after one may be reported wrongly.
 */
function marksOf(word: number, delimiters: number, quotes: number): number {
  const d = word ^ delimiters;
  const q = word ^ quotes;
  const high = ((d - 0x01010101) & ~d) | ((q - 0x01010101) & ~q) | ((word - 0x0e0e0e0e) & ~word);
  // The four high bits side by side, by a multiplication.
  return Math.imul((high & 0x80808080) >>> 7, 0x10204080) >>> 28;
}
