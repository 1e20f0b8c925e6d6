/** White space around cells and rows without a cell: what people and spreadsheets leave. */
import { type Batch, rowTooLarge } from "../core/row.ts";

/** A row whose cells are all empty is not a row: sheets end in hundreds of them. */
export function isBlankRow(batch: Batch, r: number): boolean {
  if (batch.surplus.has(r) || batch.shapes[r] === rowTooLarge) return false;
  const first = r * batch.columnCount;
  for (let cell = first; cell < first + batch.columnCount; cell++) {
    const end = batch.cells[2 * cell + 1];
    for (let i = batch.cells[2 * cell]; i < end; ) {
      const space = spaceAt(batch.bytes, i, end);
      if (space === 0) return false;
      i += space;
    }
  }
  return true;
}

/** 1 for the bytes that white space can begin or end with. */
export const mayBeSpace = new Uint8Array(256);
for (const byte of [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xc2, 0xe2, 0xa0, 0xaf]) mayBeSpace[byte] = 1;

/** Bytes of the white space at `at`: ASCII's, and the no-break spaces that spreadsheets and web pages leave. */
export function spaceAt(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at];
  if (byte > 0x20 && byte < 0xc2) return 0;
  if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) return 1;
  if (byte === 0xc2 && at + 1 < end && bytes[at + 1] === 0xa0) return 2;
  if (byte === 0xe2 && at + 2 < end && bytes[at + 1] === 0x80 && bytes[at + 2] === 0xaf) return 3;
  return 0;
}

/** The same for the white space that ends at `end`. */
export function spaceBefore(bytes: Uint8Array, start: number, end: number): number {
  const byte = bytes[end - 1];
  if (byte > 0x20 && byte < 0x80) return 0;
  if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) return 1;
  if (byte === 0xa0 && end - 2 >= start && bytes[end - 2] === 0xc2) return 2;
  if (byte === 0xaf && end - 3 >= start && bytes[end - 2] === 0x80 && bytes[end - 3] === 0xe2) return 3;
  return 0;
}
