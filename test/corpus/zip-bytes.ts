/**
 * Small zip archives in memory, right or wrong on purpose: every field of an entry's headers can be set, and an archive can
 * be taken apart into its entries again. PKWARE APPNOTE 6.3.10, section 4.3.
 */
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

export interface ZipEntry {
  name: string;
  content: Uint8Array | string;
  /** Default `deflate`. */
  method?: "store" | "deflate";
  /** Deflated bytes to use instead of the content's own. */
  packed?: Uint8Array;
  /** Sizes and checksum stand behind the content only (general purpose bit 3), as streaming writers leave them. */
  dataDescriptor?: boolean;
  /** The directory has sizes and place in zip64 fields (section 4.5.3). */
  zip64?: boolean;
  /** Lies: what the headers say in place of the truth. */
  says?: { sizeBytes?: number; packedBytes?: number; crc?: number; method?: number; flags?: number; offset?: number };
}

export interface ZipOptions {
  /** Bytes before the first entry, which offsets count, and the archive's comment behind the directory. */
  prefix?: Uint8Array;
  comment?: string | Uint8Array;
  /** Of every entry. */
  dataDescriptors?: boolean;
  /** Sizes, places and counts in 64 bits, wherever they stand. */
  zip64?: boolean;
  /** Bytes in front of the archive and behind it that are not its own. */
  before?: Uint8Array;
  after?: Uint8Array;
}

/** The archive's bytes. */
export function zipOf(entries: readonly ZipEntry[], options: ZipOptions = {}): Buffer {
  const { prefix = none, before = none, after = none, zip64: isZip64 = false } = options;
  const parts: Uint8Array[] = [before, prefix];
  const directory: Uint8Array[] = [];
  let offset = prefix.length;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const content = typeof entry.content === "string" ? Buffer.from(entry.content) : entry.content;
    const isStored = entry.method === "store";
    const packed = entry.packed ?? (isStored ? content : deflateRawSync(content));
    const isZip64Entry = isZip64 || entry.zip64 === true;
    const hasDescriptor = options.dataDescriptors || entry.dataDescriptor;
    const {
      crc = crc32(content),
      sizeBytes = content.length,
      packedBytes = packed.length,
      // Bit 11: the name is UTF-8.
      flags = 0x0800 | (hasDescriptor ? 8 : 0),
      method = isStored ? 0 : 8,
      offset: place = offset,
    } = entry.says ?? {};

    const local = Buffer.alloc(30);
    const localExtra = isZip64 && !hasDescriptor ? zip64Extra(sizeBytes, packedBytes) : none;
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(isZip64Entry ? 45 : 20, 4);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(0x21, 12);
    if (!hasDescriptor) writeSizes(local, 14, crc, isZip64 ? unknown32 : packedBytes, isZip64 ? unknown32 : sizeBytes);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(localExtra.length, 28);
    const pieces: Uint8Array[] = [local, name, localExtra, packed];
    if (hasDescriptor) pieces.push(descriptorOf(crc, packedBytes, sizeBytes, isZip64));
    const extra = isZip64Entry ? zip64Extra(sizeBytes, packedBytes, place) : none;
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(isZip64Entry ? 45 : 20, 4);
    local.copy(record, 6, 4, 14);
    writeSizes(record, 16, crc, isZip64Entry ? unknown32 : packedBytes, isZip64Entry ? unknown32 : sizeBytes);
    record.writeUInt16LE(name.length, 28);
    record.writeUInt16LE(extra.length, 30);
    record.writeUInt32LE(isZip64Entry ? unknown32 : place, 42);
    directory.push(record, name, extra);
    parts.push(...pieces);
    offset += pieces.reduce((sum, piece) => sum + piece.length, 0);
  }
  const size = directory.reduce((sum, piece) => sum + piece.length, 0);
  const comment = Buffer.from(options.comment ?? "");
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(isZip64 ? 0xffff : entries.length, 8);
  end.writeUInt16LE(isZip64 ? 0xffff : entries.length, 10);
  end.writeUInt32LE(isZip64 ? unknown32 : size, 12);
  end.writeUInt32LE(isZip64 ? unknown32 : offset, 16);
  end.writeUInt16LE(comment.length, 20);
  const wideEnd = isZip64 ? zip64End(entries.length, size, offset) : none;
  return Buffer.concat([...parts, ...directory, wideEnd, end, comment, after]);
}

const none = new Uint8Array(0);
const unknown32 = 0xffffffff;

function writeSizes(into: Buffer, at: number, crc: number, packedBytes: number, sizeBytes: number): void {
  into.writeUInt32LE(crc >>> 0, at);
  into.writeUInt32LE(packedBytes >>> 0, at + 4);
  into.writeUInt32LE(sizeBytes >>> 0, at + 8);
}

/** Behind the content: signature, checksum and sizes, these in 64 bits where the archive's are (section 4.3.9). */
function descriptorOf(crc: number, packedBytes: number, sizeBytes: number, isZip64: boolean): Buffer {
  const descriptor = Buffer.alloc(isZip64 ? 24 : 16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  writeSizes(descriptor, 4, crc, packedBytes, sizeBytes);
  if (isZip64) {
    descriptor.writeBigUInt64LE(BigInt(packedBytes), 8);
    descriptor.writeBigUInt64LE(BigInt(sizeBytes), 16);
  }
  return descriptor;
}

function zip64Extra(...numbers: readonly number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * numbers.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * numbers.length, 2);
  for (const [k, number] of numbers.entries()) extra.writeBigUInt64LE(BigInt(number), 4 + 8 * k);
  return extra;
}

/** The end record and its locator (sections 4.3.14 and 4.3.15). */
function zip64End(count: number, directoryBytes: number, directoryAt: number): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(45, 12);
  end.writeUInt16LE(45, 14);
  for (const [k, number] of [count, count, directoryBytes, directoryAt].entries())
    end.writeBigUInt64LE(BigInt(number), 24 + 8 * k);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(directoryAt + directoryBytes), 64);
  end.writeUInt32LE(1, 72);
  return end;
}

/** The entries of a sound archive, unpacked. */
export function entriesOf(zip: Uint8Array): { name: string; content: Buffer }[] {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.length);
  const end = bytes.lastIndexOf("PK\x05\x06", undefined, "latin1");
  const entries: { name: string; content: Buffer }[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let k = bytes.readUInt16LE(end + 10); k > 0; k--) {
    const nameLength = bytes.readUInt16LE(at + 28);
    const zip64At = at + 46 + nameLength + 4;
    const isZip64 = bytes.readUInt32LE(at + 42) === unknown32;
    const local = isZip64 ? Number(bytes.readBigUInt64LE(zip64At + 16)) : bytes.readUInt32LE(at + 42);
    const packedBytes = isZip64 ? Number(bytes.readBigUInt64LE(zip64At + 8)) : bytes.readUInt32LE(at + 20);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(from, from + packedBytes);
    const content = bytes.readUInt16LE(at + 10) === 0 ? Buffer.from(packed) : inflateRawSync(packed);
    entries.push({ name: bytes.toString("utf8", at + 46, at + 46 + nameLength), content });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}
