/**
 * The stretch of an XML part that a scanner looks at: pieces are appended at the end, what has been read is dropped at the front.
 */

/** Zeros beyond the end: no XML holds one, so that a scanner's inner loop stops there without counting. */
const zeros = 64;

/** A buffer's bytes as numbers of any width. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** What `copyWords` may read and write beyond the bytes that are meant. */
export const wordBytes = 8;

/**
 * Copies `count` bytes by words of eight, which for texts of a few words takes a third of the time of any other way. Up to
 * seven bytes more are read and written.
 */
export function copyWords(source: DataView, from: number, out: DataView, at: number, count: number): void {
  for (let k = 0; k < count; k += wordBytes) out.setBigUint64(at + k, source.getBigUint64(from + k));
}

export class PartWindow {
  /** What is there, up to `end`; at least 64 zeros follow. */
  bytes: Buffer = Buffer.alloc(zeros);
  /** The same bytes, for copying by words. */
  view = viewOf(this.bytes);
  end = 0;
  /** Offset in the part of `bytes[0]`. */
  base = 0;

  /** Drops everything before `from` and appends a piece; offsets into `bytes` shrink by `from`. */
  push(piece: Uint8Array, from: number): void {
    const kept = this.end - from;
    const needed = kept + piece.length + zeros;
    if (needed > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * kept + zeros));
      this.bytes.copy(grown, 0, from, this.end);
      this.bytes = grown;
      this.view = viewOf(grown);
    } else if (kept > 0) {
      this.bytes.copyWithin(0, from, this.end);
    }
    this.bytes.set(piece, kept);
    this.end = kept + piece.length;
    this.bytes.fill(0, this.end, this.end + zeros);
    this.base += from;
  }
}
