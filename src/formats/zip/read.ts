/** What one entry of a zip archive holds: read by blocks, inflated off the main thread, counted and checked. */
import { pipeline } from "node:stream";
import { crc32, createInflateRaw } from "node:zlib";
import { SluiceError, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import { damaged, fill, passwordProtected } from "./directory.ts";
import type { ZipEntry } from "./entry.ts";

const blockBytes = 256 * 1024;
/** Larger pieces are no faster (the inflating is all that is left), and each takes memory until it is collected. */
const pieceBytes = 64 * 1024;
/** One piece waits while the next is inflated. (`highWaterMark` is an option of every stream.) */
const inflateOptions = { chunkSize: pieceBytes, highWaterMark: pieceBytes };
/**
 * Deflate packs 1032 : 1 at best, identical rows up to 300 : 1, real ones 10 : 1. Judged from this many bytes
 * on, since small parts may be one long run.
 */
const maxRatio = 500;
const ratioFromBytes = 64 * 1024 * 1024;

export interface ZipReadOptions {
  /** Refuse the entry when more than this comes out of it. */
  maxBytes?: number;
  /** Check CRC-32 and size at the end; true unless said otherwise. */
  checksum?: boolean;
  signal?: AbortSignal;
}

/** @param onRead called with the number of bytes of the file as they are read. */
export async function* readEntry(
  source: Source,
  entry: ZipEntry,
  options: ZipReadOptions,
  onRead: (length: number) => void,
): AsyncGenerator<Uint8Array> {
  const { maxBytes = Number.POSITIVE_INFINITY, checksum = true, signal } = options;
  refuse(source.name, entry, maxBytes);
  let packed = 0;
  const blocks = packedBlocks(source, entry, signal, (length) => {
    packed += length;
    onRead(length);
  });
  let size = 0;
  let crc = 0;
  for await (const piece of entry.method === 0 ? blocks : inflated(source.name, entry, blocks)) {
    signal?.throwIfAborted();
    size += piece.length;
    if (size > maxBytes) throw tooLarge(source.name, entry, maxBytes);
    if (size > ratioFromBytes && size > maxRatio * packed) throw bomb(source.name, entry);
    if (checksum) crc = crc32(piece, crc);
    yield piece;
  }
  if (!checksum) return;
  // Writers without zip64 declare sizes beyond 4 GB modulo 2^32.
  if (size !== entry.sizeBytes && size % 2 ** 32 !== entry.sizeBytes) {
    throw damaged(source.name, told`${entry.name} has ${size} bytes, but ${entry.sizeBytes} are declared`);
  }
  if (crc !== entry.crc32) throw damaged(source.name, told`${entry.name} fails its checksum`);
}

/** What is known to be no use before a byte is read. */
function refuse(fileName: string, entry: ZipEntry, maxBytes: number): void {
  if (entry.encrypted) throw new SluiceError("invalid", passwordProtected(fileName));
  if (entry.ambiguous) {
    // Two programs could read two different tables in it.
    throw damaged(fileName, told`its zip archive has several entries named ${entry.name}`);
  }
  if (entry.method !== 0 && entry.method !== 8) {
    throw new SluiceError(
      "invalid",
      told`${fileName}: ${entry.name} is compressed with method ${entry.method}, which spreadsheets do not use. Unpack the file and compress it with Deflate, or save it again.`,
    );
  }
  if (entry.sizeBytes > maxBytes) throw tooLarge(fileName, entry, maxBytes);
  if (entry.sizeBytes > ratioFromBytes && entry.sizeBytes > maxRatio * entry.compressedBytes) {
    throw bomb(fileName, entry);
  }
}

function tooLarge(fileName: string, entry: ZipEntry, maxBytes: number): SluiceError {
  const limit = maxBytes < 2 ** 20 ? told`${maxBytes} bytes` : told`${Math.round(maxBytes / 2 ** 20)} MB`;
  return new SluiceError(
    "invalid",
    told`${fileName}: ${entry.name} unpacks to more than ${limit}, far more than it needs. Open the file in a spreadsheet program, copy the table into a new one, and save that.`,
  );
}

function bomb(fileName: string, entry: ZipEntry): SluiceError {
  return new SluiceError(
    "invalid",
    told`${fileName}: ${entry.name} unpacks to more than ${maxRatio} times its size, as a zip bomb does, so it was not read. If the table is real, save it as CSV.`,
  );
}

/** The entry's bytes as they are in the file. The local header (APPNOTE 4.3.7) only says where they begin. */
async function* packedBlocks(
  source: Source,
  entry: ZipEntry,
  signal: AbortSignal | undefined,
  onRead: (length: number) => void,
): AsyncGenerator<Uint8Array> {
  let at = entry.offset;
  let end = entry.limit;
  let left = -1;
  while (left !== 0) {
    const block = Buffer.allocUnsafe(Math.min(blockBytes, end - at));
    const length = await fill(source, block, at, signal);
    if (length < block.length) throw damaged(source.name, told`it is truncated inside ${entry.name}`);
    onRead(length);
    let data: Uint8Array = block;
    if (left < 0) {
      const header = localHeaderLength(block);
      if (header < 0 || header > block.length || at + header + entry.compressedBytes > end) {
        throw damaged(source.name, told`${entry.name} is not where the zip directory says`);
      }
      left = entry.compressedBytes;
      end = at + header + left;
      data = block.subarray(header, header + left);
    }
    at += block.length;
    left -= data.length;
    if (data.length > 0) yield data;
  }
}

function localHeaderLength(block: Buffer): number {
  if (block.length < 30 || block.readUInt32LE(0) !== 0x04034b50) return -1;
  return 30 + block.readUInt16LE(26) + block.readUInt16LE(28);
}

async function* inflated(
  fileName: string,
  entry: ZipEntry,
  blocks: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw(inflateOptions);
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  // An error goes through `inflate` to the loop below.
  pipeline(blocks, inflate, () => close());
  try {
    for await (const piece of inflate) yield piece;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code === "string" && code.startsWith("Z_")) {
      throw damaged(fileName, told`${entry.name} cannot be unpacked`, error);
    }
    throw error;
  } finally {
    inflate.destroy();
    await closed;
  }
}
