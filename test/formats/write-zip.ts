/** Writes zip archives (APPNOTE 6.3.10) for tests, sound ones and others. */
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipPart {
  name: string;
  content: string | Uint8Array;
  /** Stored as it is instead of deflated. */
  stored?: boolean;
  /** Deflated bytes to use instead of the content's own. */
  packed?: Uint8Array;
  /** What the directory says instead of the truth. */
  declared?: {
    sizeBytes?: number;
    crc32?: number;
    method?: number;
    flags?: number;
    offset?: number;
    packedBytes?: number;
  };
}

export interface ZipWriteOptions {
  /** Sizes and checksum stand behind each entry, zeros in front of it. */
  dataDescriptors?: boolean;
  /** Sizes, places and counts in 64 bits. */
  zip64?: boolean;
  comment?: string;
  /** Bytes in front of the archive and behind it that are not its own. */
  before?: Uint8Array;
  after?: Uint8Array;
}

const record = (length: number, ...fields: [at: number, bytes: number, value: number][]): Buffer => {
  const buffer = Buffer.alloc(length);
  for (const [at, bytes, value] of fields) {
    if (bytes === 8) buffer.writeBigUInt64LE(BigInt(value), at);
    else buffer.writeUIntLE(value, at, bytes);
  }
  return buffer;
};

export function writeZip(parts: readonly ZipPart[], options: ZipWriteOptions = {}): Uint8Array {
  const { dataDescriptors = false, zip64 = false, comment = "", before, after } = options;
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const add = (...added: Uint8Array[]): void => {
    for (const piece of added) {
      pieces.push(Buffer.from(piece));
      at += piece.length;
    }
  };
  for (const { name, content, stored = false, packed, declared = {} } of parts) {
    const plain = Buffer.from(content as Uint8Array);
    const data = packed ?? (stored ? plain : deflateRawSync(plain));
    const nameBytes = Buffer.from(name);
    const {
      sizeBytes = plain.length,
      crc32: crc = crc32(plain),
      method = stored ? 0 : 8,
      // Bit 11: the name is UTF-8; bit 3: sizes come behind.
      flags = 0x800 | (dataDescriptors ? 8 : 0),
      offset = at,
      packedBytes = data.length,
    } = declared;
    const start = offset;
    const hidden = dataDescriptors ? 0 : 1;
    const wide = zip64 && !dataDescriptors;
    const extra = record(20, [0, 2, 1], [2, 2, 16], [4, 8, sizeBytes], [12, 8, packedBytes]);
    add(
      record(
        30,
        [0, 4, 0x04034b50],
        [4, 2, zip64 ? 45 : 20],
        [6, 2, flags],
        [8, 2, method],
        [14, 4, hidden * crc],
        [18, 4, wide ? 0xffffffff : hidden * packedBytes],
        [22, 4, wide ? 0xffffffff : hidden * (sizeBytes % 2 ** 32)],
        [26, 2, nameBytes.length],
        [28, 2, wide ? extra.length : 0],
      ),
      nameBytes,
      wide ? extra : Buffer.alloc(0),
      data,
    );
    if (dataDescriptors) {
      const bytes = zip64 ? 8 : 4;
      add(
        record(8 + 2 * bytes, [0, 4, 0x08074b50], [4, 4, crc], [8, bytes, packedBytes], [8 + bytes, bytes, sizeBytes]),
      );
    }
    const centralExtra = record(28, [0, 2, 1], [2, 2, 24], [4, 8, sizeBytes], [12, 8, packedBytes], [20, 8, start]);
    directory.push(
      record(
        46,
        [0, 4, 0x02014b50],
        [4, 2, 45],
        [6, 2, zip64 ? 45 : 20],
        [8, 2, flags],
        [10, 2, method],
        [16, 4, crc],
        [20, 4, zip64 ? 0xffffffff : packedBytes],
        [24, 4, zip64 ? 0xffffffff : sizeBytes % 2 ** 32],
        [28, 2, nameBytes.length],
        [30, 2, zip64 ? centralExtra.length : 0],
        [42, 4, zip64 ? 0xffffffff : start],
      ),
      nameBytes,
      zip64 ? centralExtra : Buffer.alloc(0),
    );
  }
  const directoryStart = at;
  add(Buffer.concat(directory));
  const directoryBytes = at - directoryStart;
  const count = parts.length;
  if (zip64) {
    const recordStart = at;
    add(
      record(
        56,
        [0, 4, 0x06064b50],
        [4, 8, 44],
        [12, 2, 45],
        [14, 2, 45],
        [24, 8, count],
        [32, 8, count],
        [40, 8, directoryBytes],
        [48, 8, directoryStart],
      ),
      record(20, [0, 4, 0x07064b50], [8, 8, recordStart], [16, 4, 1]),
    );
  }
  add(
    record(
      22,
      [0, 4, 0x06054b50],
      [8, 2, zip64 ? 0xffff : count % 2 ** 16],
      [10, 2, zip64 ? 0xffff : count % 2 ** 16],
      [12, 4, zip64 ? 0xffffffff : directoryBytes],
      [16, 4, zip64 ? 0xffffffff : directoryStart],
      [20, 2, Buffer.byteLength(comment)],
    ),
    Buffer.from(comment),
  );
  return Buffer.concat([before ?? Buffer.alloc(0), ...pieces, after ?? Buffer.alloc(0)]);
}
