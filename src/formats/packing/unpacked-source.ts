/**
 * What is packed in a file, as a Source that is read forward. The beginning stays at hand, so that a detector can look
 * at it again and again; any other way back unpacks from the start.
 */
import { SluiceError, told } from "../../core/errors.ts";
import type { Source } from "../../core/ports.ts";

/** One run through a packed file, from its start. */
export interface Unpacking {
  /** Each piece is the caller's until it asks for the next. */
  pieces: AsyncGenerator<Uint8Array>;
  /** Bytes of the stored file that the pieces so far came from. */
  packedBytes(): number;
}

/** As much of the beginning is kept. */
const headBytes = 1024 * 1024;
/** Deflate packs to a thousandth at best (zlib's FAQ: 1032 to 1), and no table comes near it. Small files may. */
const maxRatio = 1000;
const freeBytes = 64 * 1024 * 1024;

export class UnpackedSource implements Source {
  readonly name: string;
  readonly #unpack: () => Unpacking;
  readonly #signal: AbortSignal | undefined;
  readonly #head = Buffer.allocUnsafe(headBytes);
  #headLength = 0;
  #run: Unpacking | null = null;
  #piece: Uint8Array = new Uint8Array();
  /** Where `#piece` begins. */
  #pieceAt = 0;
  #size = Number.POSITIVE_INFINITY;

  constructor(name: string, unpack: () => Unpacking, signal?: AbortSignal) {
    this.name = name;
    this.#unpack = unpack;
    this.#signal = signal;
  }

  /** Infinity until the end has been seen. */
  get sizeBytes(): number {
    return this.#size;
  }

  /** The first bytes, up to 1 MB. A file that is no longer than that has its size from now on. */
  async head(): Promise<Buffer> {
    while (this.#headLength < headBytes && this.#headLength < this.#size) await this.#advance();
    return this.#head.subarray(0, this.#headLength);
  }

  /**
   * @throws SluiceError `invalid` where the packed file is cut or damaged, `too_large` where it grows a thousandfold.
   */
  async read(into: Uint8Array, offset: number): Promise<number> {
    if (!Number.isFinite(offset)) return 0;
    let done = 0;
    while (done < into.length) {
      const at = offset + done;
      if (at < this.#headLength) {
        done += this.#head.copy(into, done, at, this.#headLength);
      } else if (at >= this.#size) {
        break;
      } else if (at < this.#pieceAt) {
        await this.#rewind();
      } else if (at < this.#pieceAt + this.#piece.length) {
        const found = this.#piece.subarray(at - this.#pieceAt, at - this.#pieceAt + into.length - done);
        into.set(found, done);
        done += found.length;
      } else {
        await this.#advance();
      }
    }
    return done;
  }

  packedBytesRead(): number {
    return this.#run?.packedBytes() ?? 0;
  }

  /** Ends the unpacking; the packed file stays open. */
  async close(): Promise<void> {
    await this.#rewind();
  }

  async #rewind(): Promise<void> {
    const run = this.#run;
    this.#run = null;
    this.#piece = new Uint8Array();
    this.#pieceAt = 0;
    await run?.pieces.return(undefined);
  }

  async #advance(): Promise<void> {
    this.#signal?.throwIfAborted();
    this.#run ??= this.#unpack();
    this.#pieceAt += this.#piece.length;
    const { done, value } = await this.#run.pieces.next();
    this.#piece = done ? new Uint8Array() : value;
    if (done) {
      this.#size = this.#pieceAt;
      return;
    }
    // In a later run the beginning is known already.
    if (this.#pieceAt === this.#headLength && this.#headLength < headBytes) {
      const fitting = value.subarray(0, headBytes - this.#headLength);
      this.#head.set(fitting, this.#headLength);
      this.#headLength += fitting.length;
    }
    const unpackedBytes = this.#pieceAt + value.length;
    if (unpackedBytes > freeBytes && unpackedBytes > maxRatio * this.#run.packedBytes()) {
      throw new SluiceError(
        "too_large",
        told`${this.name} unpacks to more than ${maxRatio} times its size: it is made to fill a disk, or holds next to nothing. Unpack it yourself if you trust it.`,
      );
    }
  }
}
