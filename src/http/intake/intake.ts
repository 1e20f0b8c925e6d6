/**
 * Takes uploads in: bytes are stored and hashed on their way, what is safely stored is recorded, and what is too
 * large or no table is refused. Memory stays the same whatever the file.
 */
import { randomUUID } from "node:crypto";
import { SluiceError, told } from "../../core/errors.ts";
import type { DirectPart, DirectResumable, DirectUploads, Files, UploadWriter } from "../../core/ports.ts";
import {
  cleanFileName,
  defaultUploadLimits,
  type Upload,
  type UploadLimits,
  type Uploads,
  unfinishedUpload,
} from "../../core/store/uploads.ts";
import { type ByteStream, inGoodTime, type Pace } from "./body-bytes.ts";
import { UploadLocks } from "./locks.ts";

/** What is stored is noted so often: a process that dies costs no more of an upload. */
const noteMs = 2_000;
/** A request without data for this long is given up. */
const idleMs = 60_000;
/** An upload must make progress: a minute, and a second more per this many bytes. A phone at the edge of its network is faster. */
export const uploadPace: Pace = { graceMs: idleMs, bytesPerSecond: 512 };
/** Bytes by which a file is judged. */
const headBytes = 64 * 1024;
/** An upload in one request is deleted this long after its last byte, if the request ends unfinished. */
const singleKeepMs = 10 * 60 * 1000;
/** Addresses that a client gets at a time, and how long each holds: long enough for a slow line to begin with the last of them. */
const directParts = { most: 16, expiresInSeconds: 300 };

export interface IntakeParts {
  files: Files;
  uploads: Uploads;
  /** Throws `invalid` where a file that begins so holds no table. `head` is 64 KiB, or all there is. */
  judge: (head: Uint8Array, fileName: string) => void;
  limits?: UploadLimits;
}

export interface ExpectedUpload {
  id?: string;
  fileName: string | null | undefined;
  metadata?: Record<string, string | null>;
  /** Null: not known before the last byte. */
  sizeBytes: number | null;
  /** Where the size is not known: the most that it can be; default: the largest that is allowed. */
  atMostBytes?: number;
}

/** Parts of an upload that are missing, and where to send them. */
export interface MissingParts {
  sizeBytes: number;
  storedBytes: number;
  expiresInSeconds: number;
  parts: DirectPart[];
  /** Null, and no parts: all of it is there. */
  resumable: DirectResumable | null;
}

/** Who uploads a file: a person in one tenant. */
type Bringer = { id: string };

/** A file that an import is made of. */
export interface UploadedFile {
  name: string;
  storagePath: string;
  hash: string;
  sizeBytes: number;
}

export class Intake {
  readonly limits: UploadLimits;
  readonly locks: UploadLocks;
  readonly uploads: Uploads;
  readonly #files: Files;
  readonly #judge: IntakeParts["judge"];
  /** Tells the bytes that this process has stored last from those of others. */
  readonly #name = randomUUID();

  constructor({ files, uploads, judge, limits = defaultUploadLimits }: IntakeParts) {
    this.#files = files;
    this.uploads = uploads;
    this.#judge = judge;
    this.limits = limits;
    this.locks = new UploadLocks(uploads);
  }

  /**
   * Begins an upload.
   *
   * @throws SluiceError `invalid` for an empty file, `too_large`, `too_many` when the quota is used up.
   */
  async begin(user: Bringer, expected: ExpectedUpload): Promise<Upload> {
    const { id = newUploadId(), sizeBytes, atMostBytes = this.limits.fileBytes, metadata = {} } = expected;
    const fileName = cleanFileName(expected.fileName);
    if (sizeBytes === 0) throw new SluiceError("invalid", told`${fileName} is empty: it has no header and no rows.`);
    if ((sizeBytes ?? 0) > this.limits.fileBytes) throw this.#tooLarge(fileName);
    const reservedBytes = sizeBytes ?? Math.min(atMostBytes, this.limits.fileBytes);
    const storagePath = await this.#files.startUpload(id, { atMostBytes: reservedBytes });
    const keepMs = sizeBytes === null ? singleKeepMs : this.limits.keepMs;
    try {
      return await this.uploads.create(
        { id, userId: user.id, fileName, metadata, sizeBytes, reservedBytes, storagePath, keepMs },
        this.limits.quota,
      );
    } catch (error) {
      // The sweep takes away what the storage does not now.
      await this.#files.abortUpload(storagePath).catch(() => {});
      throw error;
    }
  }

  /** @throws SluiceError `not_found`, for the upload of another user too. */
  async find(user: Bringer, id: string): Promise<Upload> {
    const upload = await this.uploads.get(id);
    if (upload.userId === user.id) return upload;
    throw new SluiceError("not_found", told`There is no upload ${id}, or it has expired. Upload the file again.`);
  }

  /** An upload with the bytes that are really there: a crash may have left fewer than were noted, or more. */
  async reconciled(id: string): Promise<Upload> {
    const upload = await this.uploads.get(id);
    if (upload.status !== "open") return upload;
    const { storagePath, receivedBytes: notedBytes, sizeBytes } = upload;
    const afresh = this.#isAnothers(upload);
    return {
      ...upload,
      receivedBytes: await this.#files.uploadedBytes(storagePath, { notedBytes, sizeBytes, afresh }),
    };
  }

  /**
   * Appends bytes to those that are there, whatever ends the stream, and completes the upload with the last of them.
   *
   * @throws SluiceError `invalid` when it is not a table, `too_large`, `conflict` when another request has taken it over.
   */
  async write(upload: Upload, bytes: ByteStream, holder: string | null): Promise<Upload> {
    const { sizeBytes, fileName } = upload;
    const mostBytes = sizeBytes ?? this.limits.fileBytes;
    let atBytes = upload.receivedBytes;
    const writer = await this.#files.continueUpload(upload.storagePath, atBytes, { afresh: this.#isAnothers(upload) });
    try {
      const notes = new Notes((receivedBytes) => this.#note(upload, receivedBytes, holder), writer);
      const idle = setTimeout(() => bytes.fail(idleError(upload.id)), idleMs);
      let judged = atBytes >= headBytes;
      try {
        for await (const piece of inGoodTime(bytes, uploadPace)) {
          idle.refresh();
          if (atBytes + piece.length > mostBytes) throw this.#tooLarge(fileName, sizeBytes);
          await writer.write(piece);
          atBytes += piece.length;
          if (!judged && atBytes >= headBytes) {
            await this.#judgeStored(upload, writer);
            judged = true;
          }
          notes.mayTake();
        }
      } finally {
        clearTimeout(idle);
        await notes.settle();
        // The last byte is noted with the completion: a client that learned of it would never come back to complete the upload.
        if (sizeBytes !== null && atBytes < sizeBytes) {
          await writer.flush();
          await this.#note(upload, await writer.sync(), holder);
        }
      }
      if (sizeBytes !== null && atBytes < sizeBytes) return { ...upload, receivedBytes: atBytes };
      if (!judged) await this.#judgeStored(upload, writer);
      return await this.#complete(upload, atBytes, await writer.finish(), holder);
    } catch (error) {
      throw await this.#refused(upload, error);
    } finally {
      await writer.close();
    }
  }

  /** Whether the parts of an upload may be sent to the place of the files itself. */
  async takesDirectly({ storagePath, sizeBytes }: Upload): Promise<boolean> {
    const { direct } = this.#files;
    return sizeBytes !== null && direct?.takes(storagePath) === true && (await direct.address()) !== null;
  }

  /** @throws SluiceError `not_found` where it does not come in parts, `conflict` where another request began it at the same moment. */
  async missingParts(upload: Upload): Promise<MissingParts> {
    const { direct, sizeBytes } = this.#directly(upload);
    const { expiresInSeconds } = directParts;
    if (upload.status !== "open")
      return { sizeBytes, storedBytes: sizeBytes, expiresInSeconds, parts: [], resumable: null };
    const { id, storagePath } = upload;
    const found = await direct.missing(storagePath, { sizeBytes, ...directParts });
    const { uploadPath, storedBytes, ...rest } = found;
    if (uploadPath !== storagePath && !(await this.uploads.move(id, { from: storagePath, to: uploadPath })))
      throw takenOver(id);
    await this.#note(upload, storedBytes, null);
    return { sizeBytes, storedBytes, ...rest };
  }

  /**
   * Completes an upload whose parts have come to the place of the files: it is looked at and hashed there. May be repeated.
   *
   * @throws SluiceError `conflict` while parts are missing, or another request does the same; `invalid` when it is not a table.
   */
  async joinParts({ id }: Upload, signal: AbortSignal): Promise<Upload> {
    const lock = this.locks.newLock(id);
    await lock.lock(signal, () => {});
    try {
      const upload = await this.uploads.get(id);
      if (upload.status !== "open") return upload;
      const { direct, sizeBytes } = this.#directly(upload);
      const { storagePath } = upload;
      if (!(await direct.join(storagePath, { sizeBytes }))) throw unfinishedUpload(upload);
      const writer = await this.#files.continueUpload(storagePath, sizeBytes, { afresh: true });
      try {
        await this.#judgeStored(upload, writer);
        return await this.#complete(upload, sizeBytes, await writer.finish(), this.locks.holderOf(id).holder);
      } catch (error) {
        throw await this.#refused(upload, error);
      } finally {
        await writer.close();
      }
    } finally {
      await lock.unlock();
    }
  }

  /** A file that comes in one request: stored whole, or not at all. */
  async receive(user: Bringer, expected: Omit<ExpectedUpload, "sizeBytes">, bytes: ByteStream): Promise<Upload> {
    const upload = await this.begin(user, { ...expected, sizeBytes: null });
    try {
      return await this.write(upload, bytes, null);
    } catch (error) {
      await this.discard(upload);
      throw error;
    }
  }

  /** Takes the upload and its file away. @throws SluiceError `conflict` when an import has it. */
  discard({ id }: Upload): Promise<void> {
    return this.uploads.discard(id, this.#files);
  }

  /**
   * The file of a complete upload, for an import to be made of it (`NewDraft.uploadId`).
   *
   * @throws SluiceError `not_found`; `conflict` when it is not complete, or an import has it.
   */
  async fileOf(user: Bringer, id: string): Promise<UploadedFile> {
    const { fileName, storagePath, hash, sizeBytes } = await this.uploads.ready(id, user.id);
    return { name: fileName, storagePath, hash: hash as string, sizeBytes: sizeBytes as number };
  }

  async #complete(
    { id }: Upload,
    receivedBytes: number,
    finished: { hash: string; storagePath: string },
    holder: string | null,
  ): Promise<Upload> {
    const stored = { receivedBytes, writer: this.#name, keepMs: this.limits.keepMs, holder, ...finished };
    if (!(await this.uploads.complete(id, stored))) throw takenOver(id);
    return this.uploads.get(id);
  }

  /** Whether the last bytes may have been stored by another process. */
  #isAnothers({ writer }: Upload): boolean {
    return writer !== this.#name;
  }

  async #note({ id, sizeBytes }: Upload, receivedBytes: number, holder: string | null): Promise<void> {
    if (receivedBytes === sizeBytes) return;
    const keepMs = sizeBytes === null ? singleKeepMs : this.limits.keepMs;
    if (!(await this.uploads.store(id, { receivedBytes, writer: this.#name, keepMs, holder }))) throw takenOver(id);
  }

  /** What is said of an upload that failed; nothing is kept of one that is no table. */
  async #refused(upload: Upload, error: unknown): Promise<unknown> {
    if (!(error instanceof NoTable)) return error;
    await this.discard(upload);
    return error.cause instanceof SluiceError ? new UnreadableFile(error.cause) : error.cause;
  }

  #directly({ id, storagePath, sizeBytes }: Upload): { direct: DirectUploads; sizeBytes: number } {
    const { direct } = this.#files;
    if (direct !== null && sizeBytes !== null && direct.takes(storagePath)) return { direct, sizeBytes };
    throw new SluiceError("not_found", told`Upload ${id} goes through the server. Send it by tus.`);
  }

  async #judgeStored({ fileName }: Upload, writer: UploadWriter): Promise<void> {
    const head = Buffer.alloc(headBytes);
    const found = await writer.read(head, 0);
    try {
      this.#judge(head.subarray(0, found), fileName);
    } catch (cause) {
      throw new NoTable(cause);
    }
  }

  #tooLarge(fileName: string, sizeBytes: number | null = null): SluiceError {
    return new SluiceError(
      "too_large",
      sizeBytes === null
        ? told`${fileName} is larger than ${Math.floor(this.limits.fileBytes / 1024 ** 2)} MB, the limit for one file. Split it, or compress it with gzip.`
        : told`${fileName} has more than the ${sizeBytes} bytes that were announced. Upload it again.`,
    );
  }
}

export function newUploadId(): string {
  return randomUUID().replaceAll("-", "");
}

/** Records what is stored, now and then during the writing. */
class Notes {
  readonly #note: (receivedBytes: number) => Promise<void>;
  readonly #writer: UploadWriter;
  #lastAt = performance.now();
  #underWay: Promise<void> | null = null;
  #failure: unknown;

  constructor(note: (receivedBytes: number) => Promise<void>, writer: UploadWriter) {
    this.#note = note;
    this.#writer = writer;
  }

  /** @throws what made the last one fail. */
  mayTake(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#underWay !== null || performance.now() - this.#lastAt < noteMs) return;
    this.#lastAt = performance.now();
    this.#underWay = this.#writer
      .sync()
      .then((receivedBytes) => this.#note(receivedBytes))
      .catch((error) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#underWay = null;
      });
  }

  /** Until none is in progress. */
  async settle(): Promise<void> {
    await this.#underWay;
  }
}

/** Why a file was refused by its beginning. */
export class UnreadableFile extends SluiceError {
  constructor({ code, message, told: telling, next }: SluiceError) {
    super(code, message, { told: telling, next });
  }
}

/** A file that was refused by its beginning: nothing of it is kept. */
class NoTable extends Error {
  constructor(cause: unknown) {
    super("no table", { cause });
  }
}

function takenOver(id: string): SluiceError {
  return new SluiceError("conflict", told`Upload ${id} was taken over by another request. Ask for its offset again.`);
}

function idleError(id: string): SluiceError {
  return new SluiceError(
    "invalid",
    told`Upload ${id} sent no bytes for ${idleMs / 1000} seconds. Continue from its offset.`,
  );
}
