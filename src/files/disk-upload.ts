/**
 * An upload being written to a file on disk: pieces are gathered and written together, and hashed after they are written.
 */
import { constants, type FileHandle, open } from "node:fs/promises";
import { SluiceError, told } from "../core/errors.ts";
import type { UploadWriter } from "../core/ports.ts";
import type { Hashing } from "./hashing.ts";

/** Bytes of one write. There are two buffers of this size: one is filled while the other is written. */
const writeBytes = 512 * 1024;

/** Bytes of a piece of work for the thread that hashes: it gets few large messages rather than many small ones. */
const hashBytes = 4 * 1024 * 1024;

/** Opens the file, which is created if missing, and truncates it at `offset`. */
export async function openDiskUpload(
  path: string,
  offset: number,
  { hashing, afresh }: { hashing: Hashing; afresh: boolean },
): Promise<UploadWriter> {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const { size } = await handle.stat();
    if (size < offset) {
      throw new SluiceError(
        "conflict",
        told`Only ${size} of ${offset} bytes of the upload have arrived. Continue from byte ${size}.`,
      );
    }
    if (size > offset) await handle.truncate(offset);
    hashing.goOn(path, offset, afresh);
    return new DiskUpload(handle, path, offset, hashing);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class DiskUpload implements UploadWriter {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #hashing: Hashing;
  /** What is written of the file. */
  #writtenBytes: number;
  /** How far the thread was told to hash. */
  #toldBytes: number;
  #filling = Buffer.allocUnsafeSlow(writeBytes);
  #filledBytes = 0;
  #spare = Buffer.allocUnsafeSlow(writeBytes);
  #writing: Promise<void> = Promise.resolve();
  #failure: unknown;
  /** What waits is to be written although the buffer is not full. */
  #isUrgent = false;

  constructor(handle: FileHandle, path: string, offset: number, hashing: Hashing) {
    this.#handle = handle;
    this.#path = path;
    this.#writtenBytes = offset;
    this.#toldBytes = offset;
    this.#hashing = hashing;
  }

  async write(piece: Uint8Array): Promise<void> {
    for (let at = 0; at < piece.length; ) {
      const length = Math.min(piece.length - at, writeBytes - this.#filledBytes);
      this.#filling.set(length === piece.length ? piece : piece.subarray(at, at + length), this.#filledBytes);
      this.#filledBytes += length;
      at += length;
      if (this.#filledBytes === writeBytes || this.#isUrgent) await this.#passOn();
    }
  }

  async flush(): Promise<void> {
    if (this.#filledBytes > 0) await this.#passOn();
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async sync(): Promise<number> {
    const written = this.#writtenBytes;
    await this.#handle.datasync();
    // Of a slow upload, what waits now counts the next time.
    this.#isUrgent = true;
    return written;
  }

  async read(into: Uint8Array, offset: number): Promise<number> {
    await this.flush();
    let done = 0;
    while (done < into.length) {
      const { bytesRead } = await this.#handle.read(into, done, into.length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return done;
  }

  async finish(): Promise<{ hash: string; storagePath: string }> {
    await this.flush();
    // The file stays where it is: a finish that is cut short leaves nothing in between.
    const [hash] = await Promise.all([this.#hashing.digest(this.#path, this.#writtenBytes), this.#handle.datasync()]);
    return { hash, storagePath: this.#path };
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#handle.close();
    }
  }

  /** Starts to write what is gathered, when what went before is written. */
  async #passOn(): Promise<void> {
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
    const full = this.#filling.subarray(0, this.#filledBytes);
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
    this.#filledBytes = 0;
    this.#isUrgent = false;
    this.#writing = this.#put(full).catch((error) => {
      this.#failure = error;
    });
  }

  async #put(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, at, bytes.length - at, this.#writtenBytes);
      at += bytesWritten;
      this.#writtenBytes += bytesWritten;
    }
    if (this.#writtenBytes - this.#toldBytes < hashBytes) return;
    this.#toldBytes = this.#writtenBytes;
    this.#hashing.goOn(this.#path, this.#writtenBytes, false);
  }
}
