/**
 * The shared strings of a workbook (ECMA-376 part 1, section 18.4.9): read as far as cells ask for, held as bytes in a compact
 * table that goes to a temporary file when it is large.
 */

import { told } from "../../core/errors.ts";
import { maxCellCharacters } from "../table/batch-room.ts";
import { type CharacterData, endOfCharacters, plainText } from "../xml/character-data.ts";
import { damaged, ElementSkip, maxTagBytes, refuseLongTag } from "../xml/element-skip.ts";
import { partText } from "../xml/part-text.ts";
import { copyWords, PartWindow } from "../xml/part-window.ts";
import { checkProlog } from "../xml/prolog.ts";
import { TagPrefix } from "../xml/tag-prefix.ts";
import { tokenStart, XmlToken } from "../xml/token.ts";
import { ByteStore, pageMask, pageShift } from "./byte-store.ts";
import { StringItem } from "./string-item.ts";

/** XML of one cell or string. With more it is not read whole; 32,767 characters in as many formatted runs would fit. */
export const maxItemBytes = 4 * 1024 * 1024;
/** Text and places held in memory; a workbook of 700,000 rows with three texts each has 60 MB. */
const defaultBytesInMemory = 96 * 1024 * 1024;
/** A longer string has its length in four bytes after this one. */
const longMark = 255;
const tooLongBit = 0x80000000;

/** 1 for what the inner loop copies as it is: an underscore may begin an escape. */
const plain = Uint8Array.from(plainText);
plain[0x5f] = 0;

export class SharedStrings {
  /** Strings read so far. */
  count = 0;
  /** The end of the part has been reached. */
  complete: boolean;
  /** A string's bytes, preceded by their number. */
  readonly texts: ByteStore;
  /** For each string its place in `texts`, in four bytes. */
  readonly places: ByteStore;
  /** What `find` found. */
  foundBytes = 0;
  /** The string has more than 32,767 characters, of which the first are kept. */
  foundTooLong = false;
  #foundAt = 0;
  readonly #pieces: AsyncGenerator<Uint8Array> | null;
  readonly #what: string;
  readonly #window = new PartWindow();
  readonly #token = new XmlToken();
  readonly #item = new StringItem();
  readonly #skip: ElementSkip;
  readonly #maxItemBytes: number;
  readonly #scratch = Buffer.alloc(5);
  #position = 0;
  readonly #prefix = new TagPrefix();
  /** Bytes of an item that is not whole yet; it is examined again when there are twice as many. */
  #unfinished = 0;

  /**
   * @param pieces the part as it is unpacked; null: the workbook has none.
   * @param what the part's name with its file, for messages.
   */
  constructor(
    pieces: AsyncIterable<Uint8Array> | null,
    what: string,
    sizes: { bytesInMemory?: number; maxItemBytes?: number } = {},
  ) {
    const { bytesInMemory = defaultBytesInMemory } = sizes;
    this.#maxItemBytes = sizes.maxItemBytes ?? maxItemBytes;
    this.#pieces = pieces === null ? null : partText(pieces, what);
    this.#what = what;
    this.#skip = new ElementSkip(what);
    this.complete = pieces === null;
    this.texts = new ByteStore((bytesInMemory * 3) / 4);
    this.places = new ByteStore(bytesInMemory / 4);
  }

  /**
   * Reads on until there is a string of this index, or no more strings; at most about `maxBytes` of the part.
   *
   * @throws SluiceError `invalid` for a part that breaks off or has a document type.
   */
  async loadTo(index: number, maxBytes = Number.POSITIVE_INFINITY): Promise<void> {
    const window = this.#window;
    const from = window.base;
    while (this.count <= index && !this.complete && this.#pieces !== null && window.base - from < maxBytes) {
      const { done, value } = await this.#pieces.next();
      if (done) this.complete = true;
      else window.push(value, this.#position);
      if (!done) this.#position = 0;
      this.#scan();
    }
  }

  /** Reads the rest of the part without taking it in, so that its checksum is checked. */
  async finish(): Promise<void> {
    if (this.#pieces === null) return;
    for await (const _ of this.#pieces);
  }

  async close(): Promise<void> {
    await this.#pieces?.return(undefined);
    this.texts.close();
    this.places.close();
  }

  /** Looks a string up: `foundBytes` and `foundTooLong`; `copyFound` then copies it. `index` is below `count`. */
  find(index: number): void {
    const place = this.places.page(4 * index).readUInt32BE((4 * index) & pageMask);
    const length = this.texts.page(place)[place & pageMask];
    if (length < longMark) {
      this.foundBytes = length;
      this.foundTooLong = false;
      this.#foundAt = place + 1;
      return;
    }
    this.texts.read(place + 1, 4, this.#scratch, 0);
    const word = this.#scratch.readUInt32LE(0);
    this.foundBytes = word % tooLongBit;
    this.foundTooLong = word >= tooLongBit;
    this.#foundAt = place + 5;
  }

  copyFound(out: Buffer, at: number): void {
    this.texts.read(this.#foundAt, this.foundBytes, out, at);
  }

  #scan(): void {
    const { bytes, end } = this.#window;
    let i = this.#position;
    if (!this.complete && end - i < 2 * this.#unfinished) return;
    this.#unfinished = 0;
    for (;;) {
      if (this.#skip.active) {
        i = this.#skip.run(bytes, i, end);
        if (this.#skip.active) break;
        continue;
      }
      if (bytes[i] !== 0x3c) {
        i = bytes.indexOf(0x3c, i);
        if (i < 0 || i >= end) {
          i = end;
          break;
        }
      }
      const next = this.#plainItem(bytes, i);
      if (next > 0) {
        i = next;
        continue;
      }
      const other = this.#other(bytes, i, end);
      if (other < 0) {
        this.#unfinished = end - i;
        break;
      }
      i = other;
    }
    this.#position = i;
    if (this.complete && (i < end || this.#skip.active)) throw damaged(this.#what, told`ends abruptly`);
  }

  /** `<si><t>…</t></si>` of plain text, which nearly all are; returns the place after it, or -1. */
  #plainItem(bytes: Buffer, i: number): number {
    const prefix = this.#prefix.length;
    let k = i + 1 + prefix;
    if (bytes[k] !== 0x73 || bytes[k + 1] !== 0x69 || bytes[k + 2] !== 0x3e || bytes[k + 3] !== 0x3c) return -1;
    k += 4 + prefix;
    if (bytes[k++] !== 0x74) return -1;
    // ` xml:space="preserve"`, which is how all text is read.
    if (bytes[k] === 0x20 && bytes[k + 11] === 0x22 && bytes[k + 20] === 0x22) k += 21;
    if (bytes[k] !== 0x3e) return -1;
    const start = ++k;
    while (plain[bytes[k]] === 1 || (bytes[k] === 0x5f && bytes[k + 1] !== 0x78 && bytes[k + 1] !== 0)) k++;
    const text = k + 2 + prefix;
    const item = text + 4 + prefix;
    if (bytes[k] !== 0x3c || bytes[k + 1] !== 0x2f || bytes[text] !== 0x74 || bytes[text + 1] !== 0x3e) return -1;
    if (bytes[text + 2] !== 0x3c || bytes[text + 3] !== 0x2f || bytes[item] !== 0x73 || bytes[item + 1] !== 0x69)
      return -1;
    if (bytes[item + 2] !== 0x3e || !this.#prefix.holds(bytes, i, item)) return -1;
    const length = k - start;
    if (length >= longMark) return -1;
    const place = this.texts.claim(length + 1);
    const view = this.texts.views[place >>> pageShift] as DataView;
    const at = place & pageMask;
    view.setUint8(at, length);
    copyWords(this.#window.view, start, view, at + 1, length);
    this.#note(place);
    return item + 3;
  }

  /** Whatever else is at `i`; returns the place after it, -1: it is incomplete. */
  #other(bytes: Buffer, i: number, end: number): number {
    const token = this.#token;
    if (!token.read(bytes, i, end)) {
      const isLong = end - i > maxTagBytes;
      if (isLong && token.unclosed !== "") return this.#skip.beginAt(i, token.unclosed);
      refuseLongTag(end - i, this.#what);
      return -1;
    }
    checkProlog(token, bytes, i, this.#what);
    if (token.kind === tokenStart) refuseLongTag(token.next - i, this.#what);
    if (token.kind === tokenStart && this.#prefix.length < 0) this.#prefix.learn(bytes, i, token.nameStart);
    if (token.kind !== tokenStart || !token.is("si")) return token.next;
    const { next } = token;
    const { text } = this.#item;
    text.clear();
    if (token.empty) {
      this.#add(text, false);
      return next;
    }
    // What becomes of a string depends on its own bytes alone, never on how much of the part is in the window.
    const limit = i + this.#maxItemBytes;
    const behind = this.#item.read(bytes, next, Math.min(end, limit));
    if (behind < 0 && end < limit) return -1;
    this.#add(text, behind < 0);
    if (behind >= 0) return behind;
    this.#skip.depth = 1;
    return next;
  }

  #add(text: CharacterData, cut: boolean): void {
    const { bytes } = text;
    // Any number of cells may name one string: more of it than a cell holds would come out as often.
    const length =
      text.length > maxCellCharacters ? endOfCharacters(bytes, 0, text.length, maxCellCharacters) : text.length;
    const tooLong = cut || text.cut || length < text.length;
    const isLong = tooLong || length >= longMark;
    const head = this.#scratch;
    head[0] = isLong ? longMark : length;
    head.writeUInt32LE(length + (tooLong ? tooLongBit : 0), 1);
    // A short one is in one page, with its length; so are a long one's five bytes.
    const place = this.texts.claim(isLong ? 5 : length + 1);
    const page = this.texts.page(place);
    head.copy(page, place & pageMask, 0, isLong ? 5 : 1);
    if (isLong) this.texts.append(bytes, 0, length);
    else bytes.copy(page, (place + 1) & pageMask, 0, length);
    this.#note(place);
  }

  #note(place: number): void {
    const at = this.places.claim(4);
    const view = this.places.views[at >>> pageShift] as DataView;
    view.setUint32(at & pageMask, place);
    this.count++;
  }
}
