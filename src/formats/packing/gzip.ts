/**
 * The bytes inside a gzip file (RFC 1952), read forward: all its members, each checked against its CRC-32 and length by
 * zlib.
 */
import { createGunzip } from "node:zlib";
import { SluiceError, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";
import type { Unpacking } from "./unpacked-source.ts";

/** Read from the stored file at a time. */
const blockBytes = 64 * 1024;
/** Inflated at a time. */
const pieceBytes = 128 * 1024;

/**
 * Unpacks from the file's start.
 *
 * @throws SluiceError `invalid` where the file is cut, damaged, or continues as something else.
 */
export function gunzip(source: Source, signal?: AbortSignal): Unpacking {
  let packedBytes = 0;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let memberAt = 0; memberAt < source.sizeBytes; ) {
      const from = memberAt;
      const member = createGunzip({ chunkSize: pieceBytes });
      // Fed on demand: while nobody takes what is inflated, nothing more is read.
      const feeding = feed(member, source, from, signal);
      feeding.catch((error) => member.destroy(error as Error));
      try {
        for await (const piece of member) {
          packedBytes = from + member.bytesWritten;
          yield piece as Uint8Array;
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw explained(source.name, error);
      } finally {
        member.destroy();
        await feeding.catch(() => {});
      }
      // zlib stops at padding, and says nothing about what comes after it.
      memberAt = await skipZeros(source, from + member.bytesWritten, signal);
      packedBytes = memberAt;
    }
  }
  return { pieces: pieces(), packedBytes: () => packedBytes };
}

/** Writes the file into `member` as fast as it takes it; ends early when it has closed. */
async function feed(
  member: ReturnType<typeof createGunzip>,
  source: Source,
  from: number,
  signal?: AbortSignal,
): Promise<void> {
  let wake = (): void => {};
  for (const event of ["drain", "close", "end", "error"]) member.on(event, () => wake());
  const isOver = (): boolean => member.destroyed || member.readableEnded;
  for (let offset = from; !isOver(); ) {
    signal?.throwIfAborted();
    // zlib works on it while the next is read: a block of its own each time.
    const block = Buffer.allocUnsafe(blockBytes);
    const length = await source.read(block, offset);
    offset += length;
    if (isOver()) return;
    if (length === 0) {
      member.end();
      return;
    }
    if (member.write(block.subarray(0, length))) continue;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (isOver() || !member.writableNeedDrain) resolve();
    });
  }
}

/** Where the zeros end that tapes and block devices pad a member with; the file's size when nothing else comes. */
async function skipZeros(source: Source, from: number, signal?: AbortSignal): Promise<number> {
  const block = Buffer.allocUnsafe(blockBytes);
  for (let offset = from; ; ) {
    signal?.throwIfAborted();
    const length = await source.read(block, offset);
    if (length === 0) return source.sizeBytes;
    const at = block.subarray(0, length).findIndex((byte) => byte !== 0);
    if (at >= 0) return offset + at;
    offset += length;
  }
}

function explained(name: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "Z_BUF_ERROR") {
    return new SluiceError(
      "invalid",
      told`${name} is truncated: the download or upload was cut off. Download it again; nothing in it was imported.`,
      { cause: error },
    );
  }
  if (code?.startsWith("Z_")) {
    return new SluiceError(
      "invalid",
      told`${name} is damaged: gzip cannot unpack it (${message}). Download it again.`,
      {
        cause: error,
      },
    );
  }
  return error;
}
