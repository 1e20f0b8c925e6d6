/**
 * Files in an S3-compatible object storage: `PREFIX/files/NAMESPACE` and `PREFIX/reports/NAMESPACE`, a folder for each database, which
 * alone changes what is in it. Sluice takes away itself what it leaves there, as not every storage has lifecycles.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { SluiceError, told } from "../core/errors.ts";
import type { ObjectStore } from "../core/object-store.ts";
import { piecesOf } from "../core/pieces.ts";
import type { Files, FilesOwner } from "../core/ports.ts";
import {
  addressOf,
  isIn,
  type ObjectAddress,
  type PartsAddress,
  pathOf,
  placeOf,
  tailOf,
  uploadOfTail,
} from "./s3-address.ts";
import { openBucket, uploadGone } from "./s3-bucket.ts";
import { directUploads, uploadOfAnother } from "./s3-direct.ts";
import { comparingWriter, leastPartBytes, partBytesFor, s3Writer, sourceOf, type Written } from "./s3-upload.ts";
import { openForReading } from "./source.ts";
import { supabaseUploads } from "./supabase-direct.ts";
import type { SupabaseStorage } from "./supabase-storage.ts";

/** Of a stream that nobody knows the end of: up to 156 GiB. */
const streamedPartBytes = 16 * 1024 * 1024;
const readBytes = 1024 * 1024;
/** Uploads of which this process remembers what is stored; of the others it asks. */
const maxRemembered = 500;

/**
 * @param owner null: the storage is nobody else's.
 * @param supabase the project whose Storage it is, where browsers send their uploads to that one's own endpoint.
 * @throws SluiceError `invalid` for an address that names no bucket, settings that do not fit, and where the SDK is not installed.
 */
export async function s3Files(
  address: URL,
  settings: Readonly<ObjectStore>,
  owner: FilesOwner | null = null,
  { supabase = null, ...timeouts }: { idleMs?: number; supabase?: SupabaseStorage | null } = {},
): Promise<Files> {
  const place = placeOf(address);
  const bucket = await openBucket(settings, address.href, timeouts);
  const folderOf = (room: "files" | "reports"): ObjectAddress => ({
    bucket: place.bucket,
    key: [place.prefix, room, owner?.namespace ?? "", ""].filter((each, i) => each !== "" || i === 3).join("/"),
  });
  const within = (folder: ObjectAddress, name: string): ObjectAddress => ({ ...folder, key: `${folder.key}${name}` });
  const uploads = folderOf("files");
  const reports = folderOf("reports");
  const isOwn = (at: ObjectAddress): boolean => owner === null || isIn(owner.namespace, at);
  const remembered = new Map<string, Written>();

  const remember = (path: string, written: Written): void => {
    remembered.delete(path);
    remembered.set(path, written);
    for (const oldest of remembered.keys()) {
      if (remembered.size <= maxRemembered) return;
      remembered.delete(oldest);
    }
  };
  const nothingWritten = (): Written => ({ atBytes: 0, etags: [], hash: createHash("sha256"), hasTail: false });
  const newWriter = (at: ObjectAddress, partBytes: number) =>
    s3Writer({ bucket, at, partBytes, uploadId: null, written: nothingWritten(), tail: null });

  /** Takes away an object, what is stored of it as an upload, and the tails of that. */
  const remove = async (path: string): Promise<void> => {
    remembered.delete(path);
    const { parts, ...at } = addressOf(path);
    if (!isOwn(at)) return;
    const isUpload = parts !== null || isUploadName(at.key);
    if (parts !== null) await bucket.abort(at, parts.uploadId);
    await bucket.delete(at);
    if (!isUpload) return;
    for await (const { key } of bucket.list({ ...at, key: `${at.key}.tail-` })) await bucket.delete({ ...at, key });
  };

  /** How much of an upload is stored: whole parts, and a tail. Null: nothing, as the upload by parts is over. */
  const storedOf = async (at: ObjectAddress, parts: PartsAddress | null) => {
    const etags: string[] = [];
    if (parts !== null) {
      const found = await bucket.parts(at, parts.uploadId);
      if (found === null) return null;
      for (const { number, sizeBytes, etag } of found) {
        if (number !== etags.length + 1 || sizeBytes !== parts.partBytes) break;
        etags.push(etag);
      }
    }
    const tailBytes = await bucket.sizeOf(tailOf(at, etags.length + 1));
    return { etags, tailBytes: tailBytes ?? 0, hasTail: tailBytes !== null };
  };

  const files: Files = {
    async keep(from, { name, signal }) {
      const [bytes, partBytes] =
        typeof from === "string" ? await pathToRead(from) : ([from, streamedPartBytes] as const);
      const writer = newWriter(within(uploads, randomUUID()), partBytes);
      try {
        let sizeBytes = 0;
        for await (const piece of bytes) {
          signal?.throwIfAborted();
          await writer.write(piece);
          sizeBytes += piece.length;
        }
        if (sizeBytes === 0) throw new SluiceError("invalid", told`${name} is empty: it has no header and no rows.`);
        return { ...(await writer.finish()), sizeBytes };
      } catch (error) {
        // The sweep takes away what the storage does not now.
        await writer.discard().catch(() => {});
        throw error;
      }
    },

    async keepAgain(storagePath) {
      const to = within(uploads, randomUUID());
      if (await bucket.copy(addressOf(storagePath), to)) return pathOf(to);
      const source = await files.open(storagePath);
      try {
        return (await files.keep(piecesOf(source, readBytes), { name: source.name })).storagePath;
      } finally {
        await source.close();
      }
    },

    async open(storagePath) {
      const at = addressOf(storagePath);
      const sizeBytes = await bucket.sizeOf(at);
      if (sizeBytes !== null) return sourceOf(bucket, at, sizeBytes);
      throw new SluiceError("not_found", told`Sluice's copy of the file is gone (${storagePath}).`, {
        next: { code: "upload_again" },
      });
    },

    remove,
    abortUpload: remove,

    async removeUnneeded({ olderThanMs, needed }) {
      const neededKeys = new Map(
        [...needed].filter((path) => path.startsWith("s3://")).map((path) => [addressOf(path).key, path]),
      );
      const isOld = (moment: Date): boolean => Date.now() - moment.getTime() >= olderThanMs;
      for (const folder of [uploads, reports]) {
        for await (const { key, changedAt } of bucket.list(folder)) {
          if (!isOld(changedAt)) continue;
          const ofUpload = uploadOfTail(key);
          const isNeeded =
            ofUpload === null
              ? neededKeys.has(key)
              : neededKeys.has(ofUpload) && (await bucket.sizeOf({ ...folder, key: ofUpload })) === null;
          if (!isNeeded) await bucket.delete({ ...folder, key });
        }
        for await (const { key, uploadId, begunAt } of bucket.listUploads(folder)) {
          const path = neededKeys.get(key);
          if (!isOld(begunAt) || (path !== undefined && addressOf(path).parts?.uploadId === uploadId)) continue;
          await bucket.abort({ ...folder, key }, uploadId);
        }
      }
    },

    async createReport(name) {
      const at = within(reports, name);
      const writer = newWriter(at, leastPartBytes);
      return {
        path: pathOf(at),
        write: (text) => writer.write(Buffer.from(text)),
        async close() {
          await writer.finish();
        },
        discard: () => writer.discard(),
      };
    },

    async startUpload(id, { atMostBytes }) {
      const at = within(uploads, `upload-${id}`);
      const partBytes = partBytesFor(atMostBytes);
      const parts =
        atMostBytes <= partBytes ? null : { partBytes, uploadId: await bucket.begin(at), resumableId: null };
      const path = pathOf(at, parts);
      remember(path, nothingWritten());
      return path;
    },

    async uploadedBytes(uploadPath, { notedBytes, sizeBytes, afresh }) {
      const { parts, ...at } = addressOf(uploadPath);
      if (!afresh && remembered.get(uploadPath)?.atBytes === notedBytes) return notedBytes;
      if (notedBytes === 0 && parts === null) return 0;
      const stored = await storedOf(at, parts);
      if (stored === null || (parts === null && !stored.hasTail)) {
        // Completed, and nobody heard of it: what comes again is compared with it.
        const wholeBytes = await bucket.sizeOf(at);
        if (wholeBytes !== null && wholeBytes === sizeBytes) return Math.min(notedBytes, wholeBytes);
        if (parts === null) return 0;
        throw uploadGone();
      }
      const partBytes = parts?.partBytes ?? 0;
      const there = stored.etags.length * partBytes + stored.tailBytes;
      if (sizeBytes === null || there < sizeBytes) return there;
      // A client that is told of its last byte never comes back to complete the upload.
      return stored.tailBytes > 0 ? there - stored.tailBytes : there - partBytes;
    },

    async continueUpload(uploadPath, offset, { afresh }) {
      const { parts, ...at } = addressOf(uploadPath);
      if (!isOwn(at)) throw uploadOfAnother();
      const partBytes = parts?.partBytes ?? leastPartBytes;
      const [whole, restBytes] = [Math.floor(offset / partBytes), offset % partBytes];
      const known = remembered.get(uploadPath);
      remembered.delete(uploadPath);
      const isKnown = known?.atBytes === offset && (!afresh || offset === 0);
      let stored: Pick<Written, "etags"> | undefined = known;
      if (!isKnown) {
        const found = await storedOf(at, parts);
        const wholeBytes = found === null || (parts === null && !found.hasTail) ? await bucket.sizeOf(at) : null;
        if (wholeBytes !== null && wholeBytes >= offset) return comparingWriter(bucket, at, wholeBytes, offset);
        if (found === null) throw uploadGone();
        stored = found;
      }
      const etags = (stored?.etags ?? []).slice(0, whole);
      const tail = restBytes === 0 ? null : await tailBytes(at, whole + 1, restBytes);
      if (etags.length < whole || (restBytes > 0 && tail === null))
        throw new SluiceError(
          "conflict",
          told`The upload is not stored as far as byte ${offset}. Ask for its offset again.`,
        );
      const hash = isKnown ? known.hash : whole === 0 ? createHash("sha256").update(tail ?? "") : null;
      return s3Writer({
        bucket,
        at,
        partBytes,
        uploadId: parts?.uploadId ?? null,
        written: { atBytes: offset, etags, hash, hasTail: tail !== null },
        tail,
        onStored: (written) => remember(uploadPath, written),
      });
    },

    async link(storagePath, { expiresInSeconds, fileName, contentType }) {
      // As RFC 8187 has it: these are no characters of its values.
      const coded = encodeURIComponent(fileName.toWellFormed()).replaceAll(
        /['()*]/g,
        (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
      );
      const disposition = `attachment; filename*=UTF-8''${coded}`;
      return bucket.link(addressOf(storagePath), { expiresInSeconds, disposition, contentType });
    },

    direct:
      supabase === null
        ? directUploads({ bucket, sample: within(uploads, "sample"), isOwn })
        : supabaseUploads({ bucket, storage: supabase, isOwn }),
  };
  return files;

  /** The first bytes of a tail; null: there are not as many. */
  async function tailBytes(at: ObjectAddress, part: number, bytes: number): Promise<Uint8Array | null> {
    const tail = tailOf(at, part);
    const sizeBytes = await bucket.sizeOf(tail);
    return sizeBytes === null || sizeBytes < bytes ? null : bucket.get(tail, 0, bytes);
  }
}

function isUploadName(key: string): boolean {
  return key.split("/").at(-1)?.startsWith("upload-") === true;
}

/** A file of this machine, and the parts that it is stored in. */
async function pathToRead(path: string): Promise<readonly [AsyncIterable<Uint8Array>, number]> {
  const handle = await openForReading(path);
  const { size } = await handle.stat().finally(() => handle.close());
  return [createReadStream(path, { highWaterMark: readBytes }), partBytesFor(size)];
}
