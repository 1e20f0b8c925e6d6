/**
 * A growing buffer of COPY's text format (the Postgres manual, "COPY", Text Format): columns by tab, rows by line feed,
 * `\N` for null, backslash escapes.
 */

const tab = 0x09;
const lineFeed = 0x0a;
const backslash = 0x5c;

/** What follows the backslash for the bytes that must be escaped; 0 for the others. */
export const copyEscapes = new Uint8Array(256);
copyEscapes[0x08] = 0x62;
copyEscapes[tab] = 0x74;
copyEscapes[lineFeed] = 0x6e;
copyEscapes[0x0b] = 0x76;
copyEscapes[0x0c] = 0x66;
copyEscapes[0x0d] = 0x72;
copyEscapes[backslash] = backslash;

/** The decimal digits of 0 to 99, two by two. */
const pairs = new Uint8Array(200);
for (let k = 0; k < 200; k++) pairs[k] = 0x30 + (k % 2 === 0 ? Math.floor(k / 20) : (k >> 1) % 10);

export class CopyText {
  bytes: Buffer;
  /** Of the same bytes. */
  view: DataView;
  length = 0;

  constructor(capacity = 256 * 1024) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Makes sure that `more` bytes fit; call it before writing to `bytes` directly. */
  reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.length + more));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }

  tab(): void {
    this.bytes[this.length++] = tab;
  }

  endRow(): void {
    this.bytes[this.length++] = lineFeed;
  }

  null(): void {
    this.bytes[this.length++] = backslash;
    this.bytes[this.length++] = 0x4e;
  }

  /** A whole number of at most 2^53. */
  integer(value: number): void {
    this.reserve(20);
    let rest = value;
    if (rest < 0) {
      this.bytes[this.length++] = 0x2d;
      rest = -rest;
    }
    if (rest >= 1e9) {
      const high = Math.floor(rest / 1e9);
      this.#digits(high, digitsOf(high));
      this.#digits(rest - high * 1e9, 9);
    } else {
      this.#digits(rest, digitsOf(rest));
    }
  }

  /** The last `digits` digits of a number below 10^9. */
  #digits(value: number, digits: number): void {
    const { bytes } = this;
    let rest = value | 0;
    this.length += digits;
    let at = this.length;
    for (let left = digits; left > 1; left -= 2) {
      const next = (rest / 100) | 0;
      const pair = 2 * (rest - 100 * next);
      bytes[--at] = pairs[pair + 1];
      bytes[--at] = pairs[pair];
      rest = next;
    }
    if (at > this.length - digits) bytes[--at] = 0x30 + (rest % 10);
  }

  /** Bytes that need no escape. */
  plain(source: Uint8Array): void {
    this.reserve(source.length);
    const { bytes } = this;
    let at = this.length;
    // Of the few bytes that these are, a call of `set` takes longer.
    for (let k = 0; k < source.length; k++) bytes[at++] = source[k];
    this.length = at;
  }

  /** Any text; what a Postgres text cannot hold (NUL, a lone surrogate) becomes U+FFFD. */
  text(value: string): void {
    const source = Buffer.from(value.includes("\0") ? value.replaceAll("\0", "\ufffd") : value, "utf8");
    this.reserve(2 * source.length);
    let at = this.length;
    for (const byte of source) {
      const escape = copyEscapes[byte];
      if (escape !== 0) {
        this.bytes[at++] = backslash;
        this.bytes[at++] = escape;
      } else {
        this.bytes[at++] = byte;
      }
    }
    this.length = at;
  }

  /** What was written from `start` to `end`, with the escapes taken back. */
  read(start: number, end: number): string {
    const text = this.bytes.toString("utf8", start, end);
    return text.includes("\\") ? text.replace(/\\(.)/g, (_, letter: string) => unescapes[letter] ?? letter) : text;
  }
}

function digitsOf(value: number): number {
  if (value < 1e5) return value < 1e2 ? (value < 10 ? 1 : 2) : value < 1e3 ? 3 : value < 1e4 ? 4 : 5;
  return value < 1e7 ? (value < 1e6 ? 6 : 7) : value < 1e8 ? 8 : 9;
}

const unescapes: Record<string, string> = { b: "\b", t: "\t", n: "\n", v: "\v", f: "\f", r: "\r" };
