/**
 * The part of a file's text that its reader looks at: UTF-8 in one buffer, filled block by block and emptied from the
 * front, that knows each row's place in the file.
 */
import type { Source } from "../../core/ports.ts";
import type { Encoding } from "../../core/row.ts";
import { decoderFor } from "./decode.ts";
import { cutLength, Utf8Mender } from "./decode-utf8.ts";
import { type Decoder, slackBytes } from "./decoder.ts";
import { Places } from "./places.ts";

/** Read from disk at a time. */
const defaultBlockBytes = 128 * 1024;
/** Room for the longest sequence of any encoding. */
const leastBlockBytes = 48;
/** Room before a block for the beginning of a character. */
const roomForCut = 8;

export class TextWindow {
  /** The text; its buffer changes as it grows. */
  bytes: Uint8Array;
  /** Where the text ends in `bytes`. */
  end = 0;
  /** Nothing comes after it. */
  atEnd = false;
  readonly #source: Source;
  readonly #decoder: Decoder | null;
  readonly #mender: Utf8Mender;
  /** UTF-8 that a block becomes at most. */
  readonly #blockBytes: number;
  readonly #maxBytes: number;
  /** The block that is decoded, and the one that is read meanwhile; a character cut by a block's edge goes before it. */
  #raw: Buffer | null;
  #nextRaw: Buffer;
  #cutBytes = 0;
  /** The read that is in progress. */
  #ahead: Promise<number> | null = null;
  /** The file's byte after what is read. */
  #fileOffset: number;
  /** The file's byte that the text begins with, unless `#places` knows. */
  #base: number;
  #places: Places | null;

  /**
   * From `offset` of the file on; `maxTextBytes`: the longest text that will be asked for. `strays`: bytes that are no UTF-8
   * are Windows-1252.
   */
  constructor(
    source: Source,
    encoding: Encoding,
    options: { offset: number; maxTextBytes: number; blockBytes?: number; strays?: boolean },
  ) {
    const { offset, maxTextBytes, blockBytes } = options;
    this.#source = source;
    this.#decoder = decoderFor(encoding);
    this.#mender = new Utf8Mender(options.strays ?? false);
    const growth = this.#decoder?.growth ?? 1;
    this.#blockBytes = Math.max(leastBlockBytes, blockBytes ?? Math.ceil(defaultBlockBytes * growth));
    this.#maxBytes = maxTextBytes + 2 * this.#blockBytes;
    const rawBytes = Math.floor(this.#blockBytes / growth);
    // UTF-8 is copied from the block at once, and needs no second one.
    this.#raw = this.#decoder === null ? null : Buffer.allocUnsafe(rawBytes);
    this.#nextRaw = Buffer.allocUnsafe(rawBytes);
    this.#places = this.#decoder === null ? null : new Places(this.#decoder.unitBytes, offset);
    this.#fileOffset = offset;
    this.#base = offset;
    this.bytes = Buffer.allocUnsafe(2 * this.#blockBytes + slackBytes);
  }

  /**
   * Reads until the text is at least `length` bytes longer than before, by one block at least; nothing while more than the
   * longest text is there.
   */
  async fill(length = 1): Promise<void> {
    const most = this.#maxBytes - this.#blockBytes;
    if (this.end > most) return;
    const wanted = Math.min(this.end + length, most);
    do await this.#fillBlock();
    while (!this.atEnd && this.end < wanted);
  }

  async #fillBlock(): Promise<void> {
    if (this.bytes.length - this.end < this.#blockBytes + slackBytes) this.#grow();
    const read = await (this.#ahead ?? this.#readAhead());
    this.#ahead = null;
    const blockOffset = this.#fileOffset - this.#cutBytes;
    this.#count(read);
    // What is taken here was read while the rows before it were scanned.
    const block = this.#nextRaw.subarray(roomForCut - this.#cutBytes, roomForCut + read);
    if (this.#raw === null || this.#decoder === null || this.#places === null) {
      this.#takeUtf8(block, blockOffset);
      if (!this.atEnd) this.#ahead = this.#readAhead();
      return;
    }
    [this.#raw, this.#nextRaw] = [this.#nextRaw, this.#raw];
    if (!this.atEnd) this.#ahead = this.#readAhead();
    this.#places.startBlock(this.end, blockOffset, block.length);
    const decoded = this.#decoder.decode(block, this.bytes, this.end, this.atEnd, this.#places);
    this.end += decoded.written;
    this.#cutBytes = block.length - decoded.read;
    this.#nextRaw.set(block.subarray(decoded.read), roomForCut - this.#cutBytes);
  }

  /** Bytes that were no UTF-8 and were read as Windows-1252. */
  get strayCount(): number {
    return this.#mender.strayCount;
  }

  /** Takes a block of UTF-8 as it is, or mended. A character that is cut at its end waits for the next. */
  #takeUtf8(block: Buffer, offset: number): void {
    const cut = this.atEnd ? 0 : cutLength(block);
    const whole = block.subarray(0, block.length - cut);
    if (this.#mender.isNeeded(whole)) {
      this.#grow(this.#mender.growth * whole.length);
      if (this.#places === null) {
        this.#places = new Places(1, this.#base);
        this.#places.startBlock(0, this.#base, 1);
      }
      this.#places.startBlock(this.end, offset, whole.length);
      this.end += this.#mender.decode(whole, this.bytes, this.end, true, this.#places).written;
    } else {
      this.#places?.startBlock(this.end, offset, 1);
      this.bytes.set(whole, this.end);
      this.end += whole.length;
    }
    this.#cutBytes = cut;
    this.#nextRaw.set(block.subarray(block.length - cut), roomForCut - cut);
  }

  #readAhead(): Promise<number> {
    const reading = this.#source.read(this.#nextRaw.subarray(roomForCut), this.#fileOffset);
    // Whoever waits for it hears of its failure; nobody may.
    reading.catch(() => {});
    return reading;
  }

  #count(read: number): void {
    this.#fileOffset += read;
    this.atEnd = read === 0 || this.#fileOffset >= this.#source.sizeBytes;
  }

  /** Waits for the read that is in progress: the source may be closed then. */
  async settle(): Promise<void> {
    await this.#ahead?.catch(() => {});
  }

  /** Makes room; for mended text there may be `length` bytes more of it. */
  #grow(length = 0): void {
    const needed = this.end + length + slackBytes;
    if (length > 0 && needed <= this.bytes.length) return;
    const usual = Math.min(2 * this.bytes.length, this.#maxBytes + slackBytes);
    const grown = Buffer.allocUnsafe(length > 0 ? Math.max(needed, usual) : usual);
    grown.set(this.bytes.subarray(0, this.end));
    this.bytes = grown;
  }

  /** Drops the first `length` bytes of the text. */
  drop(length: number): void {
    if (length === 0) return;
    this.#base += length;
    this.#places?.shift(length);
    this.bytes.copyWithin(0, length, this.end);
    this.end -= length;
  }

  /** The file's byte at which the text's row or line at `position` begins. */
  offsetAt(position: number): number {
    return this.#places === null ? this.#base + position : this.#places.offsetAt(position);
  }
}
