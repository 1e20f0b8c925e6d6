/** One part of a zip archive, as the archive's directory describes it. */

export interface ZipEntry {
  /** With `/` between folders and none in front, whatever the writer chose. A name only: nothing is ever written there. */
  readonly name: string;
  /** Another entry of the archive has the same name: which of them is meant cannot be known. */
  readonly ambiguous: boolean;
  readonly compressedBytes: number;
  /** As the directory declares; what really comes out is counted. */
  readonly sizeBytes: number;
  readonly crc32: number;
  /** APPNOTE 4.4.5: 0 stored, 8 deflated; others are refused when the entry is read. */
  readonly method: number;
  readonly encrypted: boolean;
  /** Where its local header is in the file. */
  readonly offset: number;
  /** Where whatever comes after it begins: its bytes end before. */
  readonly limit: number;
}
