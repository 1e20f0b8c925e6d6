/** Decrypts a package piece by piece: any of its segments without those before. */

/** 2.3.4.15: a segment of an agile package; of others any multiple of the cipher's block will do. */
export const segmentBytes = 4096;

export interface SegmentCipher {
  /** A segment's own bytes, from those of the package; the last one may be shorter. */
  decrypt(segment: Uint8Array, index: number): Buffer;
}
