/**
 * Uploads that browsers send to Supabase Storage by its resumable endpoint. What has come through the server is apart from that, as
 * parts of the S3 endpoint: whichever has the whole file first makes the object, which the token for the other then no longer replaces.
 */
import { SluiceError, told } from "../core/errors.ts";
import type { DirectUploads } from "../core/ports.ts";
import { type ObjectAddress, pathOf } from "./s3-address.ts";
import type { Bucket } from "./s3-bucket.ts";
import { comesInParts, ownUpload } from "./s3-direct.ts";
import type { SupabaseStorage } from "./supabase-storage.ts";

/** Where nothing is signed, everything goes through the server until it is asked again. */
const refusedMs = 60_000;

export function supabaseUploads({
  bucket,
  storage,
  isOwn,
}: {
  bucket: Bucket;
  storage: SupabaseStorage;
  isOwn: (at: ObjectAddress) => boolean;
}): DirectUploads {
  let refusedUntil = 0;
  /** Whether the object is there whole. One of another size than was announced was sent past it, and is taken away. */
  const isThere = async (at: ObjectAddress, sizeBytes: number): Promise<boolean> => {
    const stored = await bucket.sizeOf(at);
    if (stored === null || stored === sizeBytes) return stored !== null;
    await bucket.delete(at);
    throw new SluiceError(
      "conflict",
      told`${stored} bytes were sent to the object storage, and ${sizeBytes} were announced. Upload the file again.`,
      { next: { code: "upload_again" } },
    );
  };

  return {
    address: async () => (performance.now() < refusedUntil ? null : storage.address),

    sends: { method: "PATCH", headers: ["content-type", "tus-resumable", "upload-offset", "x-signature"] },

    takes: comesInParts,

    async missing(uploadPath, { sizeBytes, expiresInSeconds }) {
      const { at, ...parts } = ownUpload(uploadPath, isOwn);
      if (await isThere(at, sizeBytes))
        return { storedBytes: sizeBytes, parts: [], resumable: null, expiresInSeconds, uploadPath };
      const signed = await storage.sign(at);
      if (signed === null) {
        refusedUntil = performance.now() + refusedMs;
        throw refused();
      }
      let id = parts.resumableId;
      let storedBytes = id === null ? null : await storage.offsetOf(id, signed);
      // All of it, and yet no object: its end was lost.
      if (id === null || storedBytes === null || storedBytes >= sizeBytes) {
        id = await storage.begin(at, signed, sizeBytes);
        storedBytes = 0;
      }
      // The file is too large for the bucket, most likely.
      if (id === null) throw refused();
      return {
        storedBytes,
        parts: [],
        resumable: storage.resumable(id, signed),
        expiresInSeconds: signed.expiresInSeconds,
        uploadPath: pathOf(at, { ...parts, resumableId: id }),
      };
    },

    async join(uploadPath, { sizeBytes }) {
      const { at, uploadId } = ownUpload(uploadPath, isOwn);
      if (!(await isThere(at, sizeBytes))) return false;
      // What came through the server counts no more.
      await bucket.abort(at, uploadId);
      return true;
    },
  };
}

function refused(): SluiceError {
  return new SluiceError(
    "not_found",
    told`The object storage takes no uploads straight from browsers now. Send the file to the server, by tus.`,
  );
}
