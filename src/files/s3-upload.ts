/**
 * A file being written to an object storage by parts (AWS, "Multipart upload limits": 5 MiB each but the last, 10,000 at most). Part
 * n is always the same range of the file, so that whoever goes on, and a process that does not know yet that another went on, write
 * the same thing. What is left behind the last whole part is kept as an object of its own, the tail, until the rest comes.
 */
import { createHash, type Hash } from "node:crypto";
import { SluiceError, told } from "../core/errors.ts";
import { piecesOf } from "../core/pieces.ts";
import type { Source, UploadWriter } from "../core/ports.ts";
import { rangedSource } from "./ranged-source.ts";
import { type ObjectAddress, pathOf, tailOf } from "./s3-address.ts";
import { type Bucket, partLost, uploadGone } from "./s3-bucket.ts";

export const leastPartBytes: number = 5 * 1024 * 1024;
const mostParts = 10_000;
/** Parts on their way at the same time; one more is filled meanwhile. */
const mostOnTheWay = 2;
/** What `read` is asked for. */
const headBytes = 64 * 1024;
/** Of a file that is read again to be hashed. */
const hashBytes = 1024 * 1024;

/** The size of the parts of a file of at most so many bytes. */
export function partBytesFor(atMostBytes: number): number {
  const mebibyte = 1024 * 1024;
  return Math.max(leastPartBytes, Math.ceil(atMostBytes / mostParts / mebibyte) * mebibyte);
}

/** What is known of a file that is being written, for the writer who goes on with it. */
export interface Written {
  atBytes: number;
  /** Of the whole parts from the first on. */
  etags: string[];
  /** Of all that is written; null: it must be read to be hashed. */
  hash: Hash | null;
  /** Whether there is a tail behind the last whole part. */
  hasTail: boolean;
}

export interface WriterParts {
  bucket: Bucket;
  at: ObjectAddress;
  partBytes: number;
  /** Null: none has begun; one begins with the first whole part. */
  uploadId: string | null;
  written: Written;
  /** The bytes of the tail. */
  tail: Uint8Array | null;
  /** Told of what is stored, so that the next writer need not ask. */
  onStored?: (written: Written) => void;
}

export interface S3Writer extends UploadWriter {
  /** Instead of `finish`: nothing is left of it. */
  discard(): Promise<void>;
}

export function s3Writer(parts: WriterParts): S3Writer {
  return new PartsWriter(parts);
}

class PartsWriter implements S3Writer {
  readonly #bucket: Bucket;
  readonly #at: ObjectAddress;
  readonly #partBytes: number;
  readonly #onStored: (written: Written) => void;
  readonly #hash: Hash | null;
  #uploadId: string | null;
  /** A place is empty until its part is stored. */
  readonly #etags: (string | undefined)[];
  /** Whole parts that are handed over. */
  #parts: number;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #head: Uint8Array[] = [];
  #headBytes = 0;
  readonly #onTheWay = new Set<Promise<void>>();
  #failure: unknown;
  /** Bytes from the beginning that outlive this process. */
  #durableBytes: number;
  /** The parts that have a tail before them, which is in the way when they are stored. */
  readonly #tails = new Set<number>();
  /** Whether the tail has all that waits. */
  #tailIsWhole: boolean;

  constructor({ bucket, at, partBytes, uploadId, written, tail, onStored = () => {} }: WriterParts) {
    this.#bucket = bucket;
    this.#at = at;
    this.#partBytes = partBytes;
    this.#uploadId = uploadId;
    this.#onStored = onStored;
    this.#etags = [...written.etags];
    this.#parts = written.etags.length;
    this.#durableBytes = written.atBytes;
    this.#hash = written.hash;
    this.#tailIsWhole = true;
    if (written.hasTail) this.#tails.add(this.#parts + 1);
    if (tail !== null && tail.length > 0) this.#hold(tail);
  }

  get #atBytes(): number {
    return this.#parts * this.#partBytes + this.#waitingBytes;
  }

  async write(piece: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (piece.length === 0) return;
    this.#hash?.update(piece);
    this.#hold(piece);
    this.#tailIsWhole = false;
    // One byte more than a part: what ends with a whole one is a small file, or ends with it.
    while (this.#waitingBytes > this.#partBytes) await this.#handOver(this.#take(this.#partBytes));
  }

  async flush(): Promise<void> {
    if (this.#uploadId !== null && this.#waitingBytes === this.#partBytes)
      await this.#handOver(this.#take(this.#partBytes));
    await this.#settle();
    const part = this.#parts + 1;
    if (!this.#tailIsWhole && this.#waitingBytes > 0) {
      this.#tails.add(part);
      await this.#bucket.put(tailOf(this.#at, part), Buffer.concat(this.#waiting));
    }
    this.#tailIsWhole = true;
    await this.#deleteTails(part);
    this.#durableBytes = this.#atBytes;
    this.#onStored({
      atBytes: this.#atBytes,
      etags: this.#etags as string[],
      hash: this.#hash?.copy() ?? null,
      hasTail: this.#waitingBytes > 0,
    });
  }

  async sync(): Promise<number> {
    return this.#durableBytes;
  }

  async read(into: Uint8Array, offset: number): Promise<number> {
    const head = Buffer.concat(this.#head).subarray(offset, offset + into.length);
    into.set(head);
    return head.length;
  }

  async finish(): Promise<{ hash: string; storagePath: string }> {
    await this.#settle();
    const sizeBytes = this.#atBytes;
    const rest = Buffer.concat(this.#waiting);
    if (this.#uploadId === null) {
      await this.#bucket.put(this.#at, rest);
    } else {
      if (rest.length > 0) this.#etags[this.#parts] = await this.#put(this.#uploadId, this.#parts + 1, rest);
      await this.#complete(this.#uploadId, sizeBytes);
    }
    await this.#deleteTails();
    const hash = this.#hash?.digest("hex") ?? (await hashOf(this.#bucket, this.#at, sizeBytes));
    return { hash, storagePath: pathOf(this.#at) };
  }

  /** What was not flushed is sent again by whoever goes on. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#onTheWay);
  }

  async discard(): Promise<void> {
    await this.close();
    if (this.#uploadId !== null) await this.#bucket.abort(this.#at, this.#uploadId);
    await this.#deleteTails();
  }

  #hold(piece: Uint8Array): void {
    this.#waiting.push(piece);
    this.#waitingBytes += piece.length;
    if (this.#parts > 0 || this.#headBytes >= headBytes) return;
    const head = piece.subarray(0, headBytes - this.#headBytes);
    this.#head.push(head);
    this.#headBytes += head.length;
  }

  /** The first bytes that wait. */
  #take(bytes: number): Buffer {
    const [only] = this.#waiting;
    const all =
      this.#waiting.length === 1
        ? Buffer.from(only.buffer, only.byteOffset, only.byteLength)
        : Buffer.concat(this.#waiting);
    const rest = all.subarray(bytes);
    this.#waiting = rest.length === 0 ? [] : [rest];
    this.#waitingBytes = rest.length;
    return all.subarray(0, bytes);
  }

  /** Starts to store a whole part, when there is room on the way. */
  async #handOver(bytes: Buffer): Promise<void> {
    this.#uploadId ??= await this.#bucket.begin(this.#at);
    const uploadId = this.#uploadId;
    const number = ++this.#parts;
    this.#tailIsWhole = false;
    this.#etags[number - 1] = undefined;
    while (this.#onTheWay.size >= mostOnTheWay) await Promise.race(this.#onTheWay);
    if (this.#failure !== undefined) throw this.#failure;
    const storing = this.#put(uploadId, number, bytes)
      .then((etag) => {
        this.#etags[number - 1] = etag;
        let whole = 0;
        while (this.#etags[whole] !== undefined) whole++;
        this.#durableBytes = Math.max(this.#durableBytes, whole * this.#partBytes);
      })
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#onTheWay.delete(storing));
    this.#onTheWay.add(storing);
  }

  #put(uploadId: string, number: number, bytes: Buffer): Promise<string> {
    return this.#bucket.putPart(this.#at, uploadId, number, bytes);
  }

  async #settle(): Promise<void> {
    await Promise.all(this.#onTheWay);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Whoever was here before, and was not heard of, may have completed it. */
  async #complete(uploadId: string, sizeBytes: number): Promise<void> {
    const completed = await this.#bucket.complete(this.#at, uploadId, this.#etags as string[]);
    const stored = await this.#bucket.sizeOf(this.#at);
    if (stored === sizeBytes) return;
    if (!completed && stored === null) throw uploadGone();
    throw partLost();
  }

  /** Of the parts before `part`, which are stored. */
  async #deleteTails(part: number = Number.POSITIVE_INFINITY): Promise<void> {
    for (const stored of [...this.#tails].filter((each) => each < part)) {
      await this.#bucket.delete(tailOf(this.#at, stored));
      this.#tails.delete(stored);
    }
  }
}

/** SHA-256 in hex of an object. */
async function hashOf(bucket: Bucket, at: ObjectAddress, sizeBytes: number): Promise<string> {
  const source = sourceOf(bucket, at, sizeBytes);
  try {
    const hash = createHash("sha256");
    for await (const piece of piecesOf(source, hashBytes)) hash.update(piece);
    return hash.digest("hex");
  } finally {
    await source.close();
  }
}

/** The object as a file that is read by ranges. */
export function sourceOf(bucket: Bucket, at: ObjectAddress, sizeBytes: number): Source {
  const name = at.key.split("/").at(-1) as string;
  return rangedSource({ name, sizeBytes }, (from, to, signal) => bucket.get(at, from, to, signal));
}

/**
 * Of an upload whose object is there, though nobody heard of it: what comes in once more must be the same bytes, and is compared
 * instead of stored.
 */
export function comparingWriter(bucket: Bucket, at: ObjectAddress, sizeBytes: number, fromBytes: number): UploadWriter {
  const source = sourceOf(bucket, at, sizeBytes);
  let atBytes = fromBytes;
  return {
    async write(piece) {
      const stored = new Uint8Array(piece.length);
      const length = await source.read(stored, atBytes);
      if (length < piece.length || Buffer.compare(stored, piece) !== 0)
        throw new SluiceError(
          "conflict",
          told`The upload was finished with other bytes than those that came now. Upload the file again.`,
          { next: { code: "upload_again" } },
        );
      atBytes += length;
    },
    async flush() {},
    sync: async () => atBytes,
    read: (into, offset) => source.read(into, offset),
    async finish() {
      if (atBytes !== sizeBytes) throw partLost();
      return { hash: await hashOf(bucket, at, sizeBytes), storagePath: pathOf(at) };
    },
    close: () => source.close(),
  };
}
