/**
 * Small zip archives in memory, right or wrong on purpose: every field of an entry's headers can be set, and an archive can
 * be taken apart into its entries again. PKWARE APPNOTE 6.3.10, section 4.3.
 */
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

export interface ZipEntry {
  name: string;
  content: Uint8Array | string;
  /** The content stands as it is, or it is packed already (`raw`). Default `deflate`. */
  method?: "store" | "deflate";
  /** Content is what the archive holds, packed by whoever gives it: sizes and checksum are then given too. */
  raw?: { sizeBytes: number; crc: number };
  /** Sizes and checksum stand behind the content only (general purpose bit 3), as streaming writers leave them. */
  dataDescriptor?: boolean;
  /** Sizes and place stand in zip64 fields (section 4.5.3). */
  zip64?: boolean;
  /** Lies: what the directory says in place of the truth. */
  says?: { sizeBytes?: number; packedBytes?: number; crc?: number; method?: number; flags?: number; offset?: number };
}

export interface ZipOptions {
  /** Bytes before the first entry, and after the directory as the archive's comment. */
  prefix?: Uint8Array;
  comment?: Uint8Array;
  /** Number of entries that the end record says. */
  entryCount?: number;
}

/** The archive's bytes. */
export function zipOf(entries: readonly ZipEntry[], options: ZipOptions = {}): Buffer {
  const prefix = options.prefix ?? new Uint8Array(0);
  const parts: Uint8Array[] = [prefix];
  const directory: Uint8Array[] = [];
  let offset = prefix.length;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const content = typeof entry.content === "string" ? Buffer.from(entry.content) : entry.content;
    const stored = entry.method === "store";
    const packed = entry.raw !== undefined || stored ? content : deflateRawSync(content);
    const crc = entry.says?.crc ?? entry.raw?.crc ?? crc32(content);
    const sizeBytes = entry.says?.sizeBytes ?? entry.raw?.sizeBytes ?? content.length;
    const packedBytes = entry.says?.packedBytes ?? packed.length;
    const flags = entry.says?.flags ?? 0x0800 | (entry.dataDescriptor ? 8 : 0);
    const method = entry.says?.method ?? (stored ? 0 : 8);
    const place = entry.says?.offset ?? offset;

    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(entry.zip64 ? 45 : 20, 4);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(0x21, 12);
    if (!entry.dataDescriptor) writeSizes(local, 14, crc, packedBytes, sizeBytes);
    local.writeUInt16LE(name.length, 26);
    const pieces: Uint8Array[] = [local, name, packed];
    if (entry.dataDescriptor) {
      const descriptor = Buffer.alloc(16);
      descriptor.writeUInt32LE(0x08074b50, 0);
      writeSizes(descriptor, 4, crc, packedBytes, sizeBytes);
      pieces.push(descriptor);
    }
    const extra = entry.zip64 ? zip64Extra(sizeBytes, packedBytes, place) : Buffer.alloc(0);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(entry.zip64 ? 45 : 20, 4);
    local.copy(record, 6, 4, 14);
    writeSizes(record, 16, crc, entry.zip64 ? unknown32 : packedBytes, entry.zip64 ? unknown32 : sizeBytes);
    record.writeUInt16LE(name.length, 28);
    record.writeUInt16LE(extra.length, 30);
    record.writeUInt32LE(entry.zip64 ? unknown32 : place, 42);
    directory.push(record, name, extra);
    parts.push(...pieces);
    offset += pieces.reduce((sum, piece) => sum + piece.length, 0);
  }
  const size = directory.reduce((sum, piece) => sum + piece.length, 0);
  const comment = options.comment ?? new Uint8Array(0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.entryCount ?? entries.length, 8);
  end.writeUInt16LE(options.entryCount ?? entries.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, ...directory, end, comment]);
}

const unknown32 = 0xffffffff;

function writeSizes(into: Buffer, at: number, crc: number, packedBytes: number, sizeBytes: number): void {
  into.writeUInt32LE(crc >>> 0, at);
  into.writeUInt32LE(packedBytes >>> 0, at + 4);
  into.writeUInt32LE(sizeBytes >>> 0, at + 8);
}

function zip64Extra(sizeBytes: number, packedBytes: number, offset: number): Buffer {
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(sizeBytes), 4);
  extra.writeBigUInt64LE(BigInt(packedBytes), 12);
  extra.writeBigUInt64LE(BigInt(offset), 20);
  return extra;
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
