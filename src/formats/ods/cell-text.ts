/**
 * The text of one cell, gathered as UTF-8 from its paragraphs (OpenDocument 1.3 part 3, sections 5.1.3 and 6.1.2): a line
 * feed between them, references resolved. White space is kept as written, as spreadsheets do.
 */
import { decodeEntities } from "../xml/entities.ts";

/** Text is kept up to this: more than any row may have, so that the row is reported as too large. */
const maxTextBytes = 4 * 1024 * 1024 + 64;
/** `&#x10FFFF;` */
const longestReference = 10;

const less = 0x3c;
const ampersand = 0x26;
const carriageReturn = 0x0d;

export class CellText {
  bytes: Buffer = Buffer.allocUnsafeSlow(1024);
  length = 0;

  clear(): void {
    this.length = 0;
  }

  /**
   * Appends character data from `i` up to the next tag or `end`; returns how far it came. It stops before a reference or a
   * line ending that may extend beyond `end`, unless that cannot be one.
   */
  append(source: Buffer, i: number, end: number): number {
    while (i < end) {
      const start = i;
      while (i < end && source[i] !== less && source[i] !== ampersand && source[i] !== carriageReturn) i++;
      this.#copy(source, start, i);
      if (i === end || source[i] === less) return i;
      if (source[i] === carriageReturn) {
        // XML 1.0, section 2.11: a line ends in one line feed, however it was written.
        if (i + 1 >= end) return i;
        if (source[i + 1] !== 0x0a) this.byte(0x0a);
        i++;
        continue;
      }
      const semicolon = source.subarray(i, Math.min(end, i + longestReference)).indexOf(0x3b);
      if (semicolon < 0 && end - i < longestReference) return i;
      const reference = semicolon < 0 ? null : decodeEntities(source.toString("latin1", i, i + semicolon + 1));
      if (reference === null) this.byte(source[i++]);
      else {
        this.#copy(Buffer.from(reference), 0, Buffer.byteLength(reference));
        i += semicolon + 1;
      }
    }
    return i;
  }

  /** Everything between `start` and `end` unchanged: a CDATA section. */
  appendRaw(source: Buffer, start: number, end: number): void {
    this.#copy(source, start, end);
  }

  /** An attribute's value, or anything else that is there whole. */
  appendWhole(source: Buffer, start: number, end: number): void {
    for (let i = this.append(source, start, end); i < end; i = this.append(source, i, end)) this.byte(source[i++]);
  }

  byte(byte: number): void {
    if (this.length >= maxTextBytes) return;
    this.#reserve(1);
    this.bytes[this.length++] = byte;
  }

  #copy(source: Buffer, start: number, end: number): void {
    const count = Math.min(end - start, maxTextBytes - this.length);
    if (count <= 0) return;
    this.#reserve(count);
    source.copy(this.bytes, this.length, start, start + count);
    this.length += count;
  }

  #reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.length + count));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}
