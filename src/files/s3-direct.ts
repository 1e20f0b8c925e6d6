/**
 * Uploads whose parts browsers send to the object storage themselves, by addresses that are signed for one part each (AWS, "Uploading
 * objects with presigned URLs"). The storage's own list of parts says what has come: no browser is believed, and no ETag needed of it.
 */
import { SluiceError, told } from "../core/errors.ts";
import type { DirectPart, DirectUploads } from "../core/ports.ts";
import { addressOf, isS3Path, type ObjectAddress, type PartsAddress } from "./s3-address.ts";
import { type Bucket, uploadGone } from "./s3-bucket.ts";

interface DirectParts {
  bucket: Bucket;
  /** Where an upload would be. */
  sample: ObjectAddress;
  isOwn: (at: ObjectAddress) => boolean;
}

export function directUploads({ bucket, sample, isOwn }: DirectParts): DirectUploads {
  let address: Promise<string | null> | undefined;

  /** ETags by the number of the part, from 0, of those that are stored as they must be. Null: the upload by parts is over. */
  const storedParts = async (
    { at, uploadId, partBytes }: OwnUpload,
    sizeBytes: number,
  ): Promise<Map<number, string> | null> => {
    const found = await bucket.parts(at, uploadId);
    if (found !== null) {
      const whole = found.filter((part) => part.sizeBytes === sizeOfPart(part.number - 1, partBytes, sizeBytes));
      return new Map(whole.map(({ number, etag }) => [number - 1, etag]));
    }
    // Joined, and nobody heard of it.
    if ((await bucket.sizeOf(at)) === sizeBytes) return null;
    throw uploadGone();
  };

  return {
    address() {
      address ??= bucket.partLink(sample, "sample", { number: 1, sizeBytes: 1, expiresInSeconds: 1 }).then(
        (url) => url.split("?")[0],
        () => {
          address = undefined;
          return null;
        },
      );
      return address;
    },

    // No header is asked for, so that the bucket's CORS need allow none.
    sends: { method: "PUT", headers: [] },

    takes: comesInParts,

    async missing(uploadPath, { sizeBytes, most, expiresInSeconds }) {
      const own = ownUpload(uploadPath, isOwn);
      const stored = await storedParts(own, sizeBytes);
      const rest = { resumable: null, expiresInSeconds, uploadPath };
      if (stored === null) return { storedBytes: sizeBytes, parts: [], ...rest };
      const { at, uploadId, partBytes } = own;
      let storedBytes = 0;
      const wanted: Promise<DirectPart>[] = [];
      for (let index = 0; index * partBytes < sizeBytes; index++) {
        const part = { fromBytes: index * partBytes, sizeBytes: sizeOfPart(index, partBytes, sizeBytes) };
        if (stored.has(index)) {
          storedBytes += part.sizeBytes;
        } else if (wanted.length < most) {
          const options = { number: index + 1, sizeBytes: part.sizeBytes, expiresInSeconds };
          wanted.push(bucket.partLink(at, uploadId, options).then((url) => ({ ...part, url })));
        }
      }
      return { storedBytes, parts: await Promise.all(wanted), ...rest };
    },

    async join(uploadPath, { sizeBytes }) {
      const own = ownUpload(uploadPath, isOwn);
      const stored = await storedParts(own, sizeBytes);
      if (stored === null) return true;
      const etags: string[] = [];
      for (let index = 0; index * own.partBytes < sizeBytes; index++) {
        const etag = stored.get(index);
        if (etag === undefined) return false;
        etags.push(etag);
      }
      // Not joined: another request was quicker, which its size shows.
      await bucket.complete(own.at, own.uploadId, etags);
      if ((await bucket.sizeOf(own.at)) === sizeBytes) return true;
      throw uploadGone();
    },
  };
}

/** An upload by parts of this database. */
export interface OwnUpload extends PartsAddress {
  at: ObjectAddress;
}

/** @throws SluiceError `not_found` for an upload of another database. */
export function ownUpload(uploadPath: string, isOwn: (at: ObjectAddress) => boolean): OwnUpload {
  const { parts, ...at } = addressOf(uploadPath);
  if (!isOwn(at)) throw uploadOfAnother();
  if (parts === null) throw new SluiceError("internal", `${uploadPath} does not come in parts.`);
  return { at, ...parts };
}

export function comesInParts(uploadPath: string): boolean {
  return isS3Path(uploadPath) && addressOf(uploadPath).parts !== null;
}

/** `index`: from 0. Not positive: the file has no such part. */
function sizeOfPart(index: number, partBytes: number, sizeBytes: number): number {
  return Math.min(partBytes, sizeBytes - index * partBytes);
}

export function uploadOfAnother(): SluiceError {
  return new SluiceError(
    "not_found",
    told`The upload was started in another database, which this one was copied from. Upload the file again.`,
  );
}
