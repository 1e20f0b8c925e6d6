/**
 * Resumable uploads by tus 1.0 (https://tus.io/protocols/resumable-upload): a file goes in pieces, and when the network
 * fails it goes on where the server is. Where the server says so, a large file goes straight to its object storage: in
 * parts, several at a time, or to Supabase's one piece after another.
 */
import type { Upload } from "./api.ts";
import { type CallOptions, type Connection, pause } from "./connection.ts";
import { ClientError } from "./error.ts";
import type { Schemas } from "./schemas.ts";

/** A file of a browser, bytes, or anything that gives a part of itself, such as Node's `fs.openAsBlob(path)`. */
export type UploadSource = Blob | Uint8Array;

export interface UploadOptions extends CallOptions {
  /** What the file is called. Default: the name that a File has. */
  name?: string;
  /** Told of the bytes that the server has. */
  onProgress?: (progress: { sentBytes: number; totalBytes: number }) => void;
  /** Told the upload's id as soon as there is one: keep it to go on after a reload. */
  onBegin?: (uploadId: string) => void;
  /** The id of an upload of the same file that was not finished. One that has expired begins anew. */
  resumeFrom?: string;
  /** Bytes of one request. Default: as many as go in about a second, 8 MiB at most. Never more than the server says, or lets through. */
  pieceBytes?: number;
  /** How often in a row the network may fail without a byte having gone. Default 10. */
  retries?: number;
  /** Tells in `sameAs` of imports of this importer only. */
  importer?: string;
}

/** A small piece is told of soon and costs little when the network fails; a large one is quicker. */
const firstPieceBytes = 512 * 1024;
const minPieceBytes = 128 * 1024;
const maxPieceBytes = 8 * 1024 * 1024;
/** Where even so little is refused, it is not for the size. */
const leastPieceBytes = 16 * 1024;
/** A piece that goes more quickly than this is followed by a larger one, a slower one than thrice this by a smaller. */
const quickPieceMs = 600;
/** Parts on their way to the object storage at the same time. */
const lanes = 4;
/** The storage may be out of this page's reach, by CORS or a firewall: then everything goes through the server. */
const triesOfStorage = 2;
/** In a row, where it was within reach before: then the server takes over, too. */
const mostFailuresOfStorage = 5;
const defaultRetries = 10;
const firstPauseMs = 250;
const maxPauseMs = 10_000;

const protocol = { "tus-resumable": "1.0.0" };
const path = "/uploads/tus";

export async function uploadFile(
  connection: Connection,
  source: UploadSource,
  options: UploadOptions,
): Promise<Upload> {
  const { signal, importer } = options;
  const sending = new Sending(connection, source, options);
  const id = await sending.send();
  return connection.json<Upload>("GET", `/uploads/${id}`, { query: { importer }, signal });
}

class Sending {
  readonly #connection: Connection;
  readonly #source: UploadSource;
  readonly #options: UploadOptions;
  readonly #size: number;
  #id: string | null;
  /** What the server has; null: it must be asked. */
  #offset: number | null = null;
  #failures = 0;
  #pieceBytes = firstPieceBytes;
  /** Of the last piece that was sent. */
  #sentBytes = 0;
  /** What the server, or one before it, takes in one request. */
  #limitBytes = Number.POSITIVE_INFINITY;
  /** Whether the server leaves the parts of this upload to its object storage. */
  #isDirect = false;
  /** Of all parts that are known to be in the storage. */
  #partBytes = 0;
  /** How often nothing has reached the storage; null: something has. */
  #storageFailures: number | null = 0;
  /** Of the parts sent straight to the storage: what it had when it was last asked, and whether it has taken any since. */
  #listedBytes = -1;
  #sentParts = false;

  constructor(connection: Connection, source: UploadSource, options: UploadOptions) {
    this.#connection = connection;
    this.#source = source;
    this.#options = options;
    this.#size = source instanceof Uint8Array ? source.length : source.size;
    this.#id = options.resumeFrom ?? null;
  }

  /** Until the server has the whole file; returns the upload's id. */
  async send(): Promise<string> {
    const { signal, retries = defaultRetries } = this.#options;
    for (;;) {
      try {
        if (this.#id === null) await this.#begin();
        if (this.#offset === null) await this.#ask();
        if (this.#id !== null && this.#offset === this.#size) return this.#id;
        if (this.#id !== null) await (this.#isDirect ? this.#sendDirectly() : this.#sendPiece());
      } catch (error) {
        if (this.#isOverLimit(error)) continue;
        // 409 and 423: another request, often the one that broke off, is still being ended.
        const isPassing =
          error instanceof ClientError &&
          (error.mayPass || error.status === 409 || error.status === 423 || error.status === 500);
        if (!isPassing || this.#failures >= retries) throw error;
        await pause(Math.min(firstPauseMs * 2 ** this.#failures, maxPauseMs), signal);
        this.#failures++;
        this.#offset = null;
        if (this.#isDirect && this.#failures >= mostFailuresOfStorage) this.#leaveStorage();
        // Some proxies only cut what is too large for them.
        this.#pieceBytes = Math.max(this.#pieceBytes / 2, minPieceBytes);
      }
    }
  }

  async #begin(): Promise<void> {
    const name = this.#options.name ?? ("name" in this.#source ? String(this.#source.name) : "upload");
    const response = await this.#connection.once("POST", path, {
      headers: { ...protocol, "upload-length": String(this.#size), "upload-metadata": `filename ${base64(name)}` },
      signal: this.#options.signal,
    });
    // Its last part alone: what stands before may look otherwise from here, behind a proxy.
    const id = response.headers.get("location")?.split("/").at(-1);
    if (!id) throw new ClientError(response.status, "network", "The server did not say where to send the file.");
    this.#id = id;
    this.#heed(response);
    this.#offset = 0;
    this.#options.onBegin?.(id);
    this.#tell();
  }

  /** Asks how much the server has. Of an upload that has expired nothing is left: it begins anew. */
  async #ask(): Promise<void> {
    const { signal } = this.#options;
    let response: Response;
    try {
      response = await this.#connection.once("HEAD", `${path}/${this.#id}`, { headers: protocol, signal });
    } catch (error) {
      if (!(error instanceof ClientError) || (error.status !== 404 && error.status !== 410)) throw error;
      this.#id = null;
      return;
    }
    const size = Number(response.headers.get("upload-length") ?? Number.NaN);
    if (size !== this.#size) {
      throw new ClientError(
        422,
        "invalid",
        `Upload ${this.#id} is of a file with ${size} bytes, this one has ${this.#size}. Leave resumeFrom away.`,
      );
    }
    this.#heed(response);
    this.#moveTo(Number(response.headers.get("upload-offset")));
  }

  /** Keeps to what the server says that one request may carry. */
  #heed(response: Response): void {
    const limit = /(?:^|[,\s])max-append-size=(\d+)/.exec(response.headers.get("upload-limit") ?? "")?.[1];
    if (limit !== undefined) this.#limitBytes = Math.min(this.#limitBytes, Math.max(Number(limit), leastPieceBytes));
    this.#isDirect = response.headers.get("upload-direct") === "?1" && (this.#storageFailures ?? 0) < triesOfStorage;
  }

  /** A piece that something before the server has refused for its size is sent again in halves; of the server itself, it is the file. */
  #isOverLimit(error: unknown): boolean {
    if (!(error instanceof ClientError) || error.status !== 413 || error.code !== "network") return false;
    if (this.#sentBytes <= leastPieceBytes) return false;
    this.#limitBytes = Math.ceil(this.#sentBytes / 2);
    this.#sentBytes = 0;
    this.#offset = null;
    return true;
  }

  async #sendPiece(): Promise<void> {
    const { signal, pieceBytes: wanted = this.#pieceBytes } = this.#options;
    const pieceBytes = Math.min(wanted, this.#limitBytes);
    this.#sentBytes = Math.min(pieceBytes, this.#size - (this.#offset as number));
    const from = this.#offset as number;
    const beganAt = performance.now();
    const response = await this.#connection.once("PATCH", `${path}/${this.#id}`, {
      headers: { ...protocol, "content-type": "application/offset+octet-stream", "upload-offset": String(from) },
      bytes: this.#source.slice(from, from + pieceBytes),
      signal,
    });
    this.#moveTo(Number(response.headers.get("upload-offset")));
    const tookMs = performance.now() - beganAt;
    if (tookMs < quickPieceMs) this.#pieceBytes = Math.min(2 * this.#pieceBytes, maxPieceBytes);
    else if (tookMs > 3 * quickPieceMs) this.#pieceBytes = Math.max(this.#pieceBytes / 2, minPieceBytes);
  }

  /** From now on everything goes through the server. */
  #leaveStorage(): void {
    this.#storageFailures = triesOfStorage;
    this.#isDirect = false;
    this.#offset = null;
  }

  /** Sends what is missing to the storage, as far as there are addresses; with nothing missing, completes the upload. */
  async #sendDirectly(): Promise<void> {
    const { signal } = this.#options;
    const at = `/uploads/${this.#id}`;
    const missing = await this.#missing();
    if (missing === null) return this.#leaveStorage();
    const { storedBytes, parts, resumable, expiresInSeconds } = missing;
    const until = performance.now() + expiresInSeconds * 1000;
    if (this.#sentParts && storedBytes <= this.#listedBytes) {
      this.#sentParts = false;
      throw new ClientError(0, "network", "The object storage of the server does not have the parts that it took.");
    }
    if (storedBytes > this.#listedBytes) this.#failures = 0;
    this.#listedBytes = storedBytes;
    this.#sentParts = false;
    this.#partBytes = storedBytes;
    this.#tell();
    if (parts.length === 0 && resumable === null) {
      await this.#connection.once("POST", `${at}/complete`, { signal });
      this.#moveTo(this.#size);
      return;
    }
    const failure = await (resumable === null
      ? this.#putParts(parts, until)
      : this.#continueThere(resumable, storedBytes, until));
    if (failure === undefined) return;
    signal?.throwIfAborted();
    if (this.#storageFailures === null) throw failure;
    // No failure of the server's, which takes over.
    if (++this.#storageFailures < triesOfStorage) await pause(firstPauseMs, signal);
    this.#offset = null;
  }

  /** Null: the storage takes nothing of it, or the upload is gone, as the server then says. */
  async #missing(): Promise<Schemas["UploadParts"] | null> {
    try {
      const { signal } = this.#options;
      const response = await this.#connection.once("POST", `/uploads/${this.#id}/parts`, { signal });
      return (await response.json()) as Schemas["UploadParts"];
    } catch (error) {
      if (error instanceof ClientError && error.status === 404) return null;
      throw error;
    }
  }

  /** Several parts at once; returns what failed first. */
  async #putParts(parts: Schemas["UploadParts"]["parts"], until: number): Promise<unknown> {
    let failure: unknown;
    const waiting = parts.values();
    const lane = async (): Promise<void> => {
      for (const { url, fromBytes, sizeBytes } of waiting) {
        // Its address no longer holds: the next round has others.
        if (performance.now() > until) return;
        await this.#toStorage(url, { method: "PUT" }, fromBytes, sizeBytes).catch((error: unknown) => {
          failure ??= error;
        });
        if (failure !== undefined) return;
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return failure;
  }

  /** One piece after another, by tus; returns what failed. */
  async #continueThere(
    { url, headers, pieceBytes }: NonNullable<Schemas["UploadParts"]["resumable"]>,
    fromBytes: number,
    until: number,
  ): Promise<unknown> {
    try {
      for (let at = fromBytes; at < this.#size && performance.now() < until; at += pieceBytes) {
        const ofPiece = { "content-type": "application/offset+octet-stream", "upload-offset": String(at) };
        const init = { method: "PATCH", headers: { ...headers, ...protocol, ...ofPiece } };
        await this.#toStorage(url, init, at, Math.min(pieceBytes, this.#size - at));
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  /** By no means with what the server is sent: the address, or the token for it, is all that the storage asks for. */
  async #toStorage(url: string, init: RequestInit, fromBytes: number, sizeBytes: number): Promise<void> {
    const body = this.#source.slice(fromBytes, fromBytes + sizeBytes) as Blob;
    let status = 0;
    let cause: unknown;
    try {
      const response = await fetch(url, {
        ...init,
        body,
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: this.#options.signal,
      });
      status = response.status;
      await response.arrayBuffer();
      if (response.ok) {
        this.#storageFailures = null;
        this.#sentParts = true;
        this.#partBytes += sizeBytes;
        this.#tell();
        return;
      }
    } catch (error) {
      cause = error;
    }
    // Another request, often the one that broke off, is still being ended: it is within reach.
    if (status === 409 || status === 423) this.#storageFailures = null;
    // Status 0: whatever the storage says, an address that the server signs anew may work.
    const answer = status === 0 ? "cannot be reached from here" : `answers with ${status}`;
    throw new ClientError(0, "network", `The object storage of the server ${answer}.`, {}, cause);
  }

  #moveTo(offset: number): void {
    if (!Number.isInteger(offset) || offset < 0 || offset > this.#size) {
      throw new ClientError(0, "network", "The server did not say how much of the file it has.");
    }
    if (this.#offset !== null && offset > this.#offset) this.#failures = 0;
    this.#offset = offset;
    this.#tell();
  }

  #tell(): void {
    this.#options.onProgress?.({ sentBytes: Math.max(this.#offset ?? 0, this.#partBytes), totalBytes: this.#size });
  }
}

/** Of its UTF-8 bytes. */
function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
