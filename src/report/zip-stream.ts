/**
 * A zip archive written as it goes (APPNOTE.TXT 6.3.9): each part is deflated, its size and checksum follow it in a data
 * descriptor, the directory comes last.
 */
import { SluiceError, told } from "../core/errors.ts";

export interface ZipPart {
  /** ASCII. */
  name: string;
  pieces: Iterable<string> | AsyncIterable<string>;
}

interface Entry {
  name: Uint8Array;
  crc: number;
  packedBytes: number;
  bytes: number;
  offset: number;
}

/** From here on the sizes of zip64 are needed, which this does not write. */
const maxBytes = 0xffff_ffff;
const deflateMethod = 8;
/** Bit 3: sizes and checksum follow the part (section 4.4.4). */
const descriptorFollows = 8;
const versionNeeded = 20;
/** 1980-01-01, the first day there is, so that the same rows give the same bytes. */
const dosDate = 0x0021;

const encoder = new TextEncoder();

/** @throws SluiceError `too_large` beyond 4 GiB. */
export async function* zipped(parts: AsyncIterable<ZipPart>): AsyncGenerator<Uint8Array> {
  const entries: Entry[] = [];
  let offset = 0;
  for await (const { name, pieces } of parts) {
    const entry: Entry = { name: encoder.encode(name), crc: 0, packedBytes: 0, bytes: 0, offset };
    const head = record(0x04034b50, [
      [2, versionNeeded],
      [2, descriptorFollows],
      [2, deflateMethod],
      [2, 0],
      [2, dosDate],
      [4, 0],
      [4, 0],
      [4, 0],
      [2, entry.name.length],
      [2, 0],
    ]);
    yield head;
    yield entry.name;
    for await (const packed of deflated(pieces, entry)) {
      entry.packedBytes += packed.length;
      yield packed;
    }
    const descriptor = record(0x08074b50, [
      [4, entry.crc],
      [4, entry.packedBytes],
      [4, entry.bytes],
    ]);
    yield descriptor;
    offset += head.length + entry.name.length + entry.packedBytes + descriptor.length;
    if (offset > maxBytes || entry.bytes > maxBytes) {
      throw new SluiceError("too_large", told`The workbook would have more than 4 GiB. Take the report as CSV.`);
    }
    entries.push(entry);
  }
  let directoryBytes = 0;
  for (const { name, crc, packedBytes, bytes, offset: at } of entries) {
    const line = record(0x02014b50, [
      [2, versionNeeded],
      [2, versionNeeded],
      [2, descriptorFollows],
      [2, deflateMethod],
      [2, 0],
      [2, dosDate],
      [4, crc],
      [4, packedBytes],
      [4, bytes],
      [2, name.length],
      [2, 0],
      [2, 0],
      [2, 0],
      [2, 0],
      [4, 0],
      [4, at],
    ]);
    yield line;
    yield name;
    directoryBytes += line.length + name.length;
  }
  yield record(0x06054b50, [
    [2, 0],
    [2, 0],
    [2, entries.length],
    [2, entries.length],
    [4, directoryBytes],
    [4, offset],
    [2, 0],
  ]);
}

/** A record of the archive: its signature and its little-endian numbers, each with its bytes. */
function record(signature: number, numbers: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array {
  const bytes = new Uint8Array(4 + numbers.reduce((sum, [length]) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, signature, true);
  let at = 4;
  for (const [length, value] of numbers) {
    if (length === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += length;
  }
  return bytes;
}

/** Deflates text, counting and checking what goes in. */
function deflated(pieces: ZipPart["pieces"], entry: Entry): AsyncIterable<Uint8Array> {
  async function* counted(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for await (const piece of pieces) {
      const bytes = encoder.encode(piece);
      entry.crc = crc32(bytes, entry.crc);
      entry.bytes += bytes.length;
      yield bytes;
    }
  }
  return ReadableStream.from(counted()).pipeThrough(new CompressionStream("deflate-raw"));
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** CRC-32 (ISO 3309), continued from `before`. */
function crc32(bytes: Uint8Array, before: number): number {
  let crc = ~before;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}
