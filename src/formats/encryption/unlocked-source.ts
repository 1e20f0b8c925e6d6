/**
 * What an encrypted Office file holds, where the password is the one that Excel itself tries ([MS-OFFCRYPTO] 2.3.4). It is decrypted
 * as it is read, a few segments at a time, and stands nowhere in the clear.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import { CompoundFile, type CompoundStream, damaged, readFully } from "../compound/compound-file.ts";
import { agileCipher } from "./agile.ts";
import { type SegmentCipher, segmentBytes } from "./segment-cipher.ts";
import { standardCipher } from "./standard.ts";

/** Excel's description of its encryption has 1 KB. */
const maxInfoBytes = 64 * 1024;
/** The length of the package, before its segments. */
const sizeBytesAhead = 8;
/** Segments that are decrypted at once. */
const segmentsAtOnce = 64;

/**
 * The package of an encrypted file as a Source of its own; closing it leaves the file open.
 *
 * @throws SluiceError `invalid`: another password, damage.
 */
export async function unlocked(source: Source, signal?: AbortSignal): Promise<Source> {
  const file = await CompoundFile.open(source);
  const description = await file.stream("EncryptionInfo");
  const stream = await file.stream("EncryptedPackage");
  if (description === null || stream === null || description.sizeBytes > maxInfoBytes) throw damaged(source.name);
  const info = Buffer.alloc(description.sizeBytes);
  if ((await readFully(description, info, 0)) < info.length) throw damaged(source.name);
  const cipher = info.length < 8 ? null : await cipherOf(info, source.name, signal);
  if (cipher === null) {
    throw new SluiceError(
      "invalid",
      told`${source.name} is password-protected. Open it, remove the password, and save it.`,
    );
  }
  const size = Buffer.alloc(sizeBytesAhead);
  const isWhole = (await readFully(stream, size, 0)) === size.length;
  const sizeBytes = isWhole ? Number(size.readBigUInt64LE(0)) : Number.POSITIVE_INFINITY;
  // The last segment is filled up, so that there is more than the package has, never less.
  if (sizeBytes > stream.sizeBytes - sizeBytesAhead) throw damaged(source.name);
  return new UnlockedSource(source.name, sizeBytes, stream, cipher);
}

/** 2.3.4.5 and 2.3.4.10: the versions, two numbers of two bytes, say how the rest is to be read. */
async function cipherOf(info: Buffer, name: string, signal?: AbortSignal): Promise<SegmentCipher | null> {
  const [major, minor] = [info.readUInt16LE(0), info.readUInt16LE(2)];
  if (major === 4 && minor === 4) return agileCipher(info.subarray(8), `${name} (EncryptionInfo)`, signal);
  return minor === 2 ? standardCipher(info) : null;
}

class UnlockedSource implements Source {
  readonly name: string;
  readonly sizeBytes: number;
  readonly #stream: CompoundStream;
  readonly #cipher: SegmentCipher;
  /** What was decrypted last, and where it begins. */
  #clear: Buffer = Buffer.alloc(0);
  #clearStart = 0;

  constructor(name: string, sizeBytes: number, stream: CompoundStream, cipher: SegmentCipher) {
    this.name = name;
    this.sizeBytes = sizeBytes;
    this.#stream = stream;
    this.#cipher = cipher;
  }

  async read(into: Uint8Array, offset: number): Promise<number> {
    if (offset >= this.sizeBytes) return 0;
    if (offset < this.#clearStart || offset >= this.#clearStart + this.#clear.length) {
      const clear = await this.#decrypt(Math.floor(offset / segmentBytes), into.length);
      this.#clear = clear.bytes;
      this.#clearStart = clear.start;
    }
    const from = offset - this.#clearStart;
    const end = Math.min(this.#clear.length, from + into.length);
    return this.#clear.copy(into, 0, from, end);
  }

  async close(): Promise<void> {}

  /** The segments from `first` on that `wanted` bytes reach into, as far as they are decrypted at once. */
  async #decrypt(first: number, wanted: number): Promise<{ bytes: Buffer; start: number }> {
    const start = first * segmentBytes;
    const count = Math.min(segmentsAtOnce, Math.ceil(wanted / segmentBytes) + 1);
    // A sheet and its strings are read at the same time, so each has its own.
    const packed = Buffer.allocUnsafe(count * segmentBytes);
    const length = await readFully(this.#stream, packed, sizeBytesAhead + start);
    const pieces: Buffer[] = [];
    for (let at = 0; at < length; at += segmentBytes) {
      const segment = packed.subarray(at, Math.min(length, at + segmentBytes));
      pieces.push(this.#cipher.decrypt(segment, first + at / segmentBytes));
    }
    const bytes = Buffer.concat(pieces);
    if (bytes.length === 0) throw damaged(this.name);
    return { bytes: bytes.subarray(0, this.sizeBytes - start), start };
  }
}
