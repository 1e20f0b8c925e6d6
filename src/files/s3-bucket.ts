/**
 * An S3-compatible store as Sluice uses it, by AWS's SDK: objects, ranges of them, uploads by parts. What goes wrong is explained;
 * what is missing is null. Nothing here counts on conditional writes, lifecycles, tags or metadata, which not every store has.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { S3Client, S3ClientConfig } from "@aws-sdk/client-s3";
import { SluiceError, told } from "../core/errors.ts";
import { copySource, isOfAws, type ObjectStore, objectStoreOptions } from "../core/object-store.ts";
import { optionalPackage } from "../core/optional-package.ts";
import type { ObjectAddress } from "./s3-address.ts";
import { explainStore, isMissing, isNotImplemented, isUploadGone } from "./s3-error.ts";

/** One part of an upload, as the store has it. */
export interface StoredPart {
  number: number;
  sizeBytes: number;
  etag: string;
}

export interface Bucket {
  /** Exactly the bytes from `from` to before `to`. @throws SluiceError `not_found` when the object is gone. */
  get(at: ObjectAddress, from: number, to: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Its size; null: there is no such object. */
  sizeOf(at: ObjectAddress): Promise<number | null>;
  put(at: ObjectAddress, bytes: Uint8Array): Promise<void>;
  /** False: the store copies no object of that size at once. @throws SluiceError `not_found` */
  copy(from: ObjectAddress, to: ObjectAddress): Promise<boolean>;
  /** What is gone already is no failure. */
  delete(at: ObjectAddress): Promise<void>;
  list(from: ObjectAddress): AsyncGenerator<{ key: string; changedAt: Date }>;

  begin(at: ObjectAddress): Promise<string>;
  putPart(at: ObjectAddress, uploadId: string, number: number, bytes: Uint8Array): Promise<string>;
  /** In the order of their numbers; null: there is no such upload. */
  parts(at: ObjectAddress, uploadId: string): Promise<StoredPart[] | null>;
  /** The etags of the parts from the first on. False: there is no such upload. @throws SluiceError `unavailable` when a part is lost. */
  complete(at: ObjectAddress, uploadId: string, etags: readonly string[]): Promise<boolean>;
  abort(at: ObjectAddress, uploadId: string): Promise<void>;
  /** Uploads by parts that are not finished; none where the store does not tell. */
  listUploads(from: ObjectAddress): AsyncGenerator<{ key: string; uploadId: string; begunAt: Date }>;

  /** An address at which anyone may get the object for a while. `disposition`: the header that it comes with. */
  link(
    at: ObjectAddress,
    options: { expiresInSeconds: number; disposition: string; contentType: string },
  ): Promise<string>;
  /** An address to which anyone may PUT one part of exactly this size for a while. */
  partLink(
    at: ObjectAddress,
    uploadId: string,
    options: { number: number; sizeBytes: number; expiresInSeconds: number },
  ): Promise<string>;
}

const connectMs = 10_000;
/** A connection on which nothing moves for this long is given up. */
const idleMs = 30_000;
/** Of one request, by the SDK; and of a body that breaks off, by us. */
const attempts = 4;
const firstPauseMs = 200;

/**
 * @param where the storage's address, for messages
 * @throws SluiceError `invalid` where the SDK is not installed, or a setting is missing.
 */
export async function openBucket(
  settings: Readonly<ObjectStore>,
  where: string,
  timeouts: { idleMs?: number } = {},
): Promise<Bucket> {
  const sdk = await optionalPackage(
    "SLUICE_FILES names an object storage, which needs AWS's SDK",
    "@aws-sdk/client-s3 @aws-sdk/s3-request-presigner",
    () => import(/* webpackIgnore: true */ /* turbopackIgnore: true */ "@aws-sdk/client-s3"),
  );
  const options = clientOptions(settings, { idleMs, ...timeouts });
  const client = new sdk.S3Client(options);
  // Of a body that is not there yet, the SDK would sign the checksum of nothing.
  const signer = new sdk.S3Client({ ...options, requestChecksumCalculation: "WHEN_REQUIRED" });

  /** Does `work`, and explains what fails of it. */
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explainStore(error, where);
    }
  };
  const at = ({ bucket, key }: ObjectAddress): { Bucket: string; Key: string } => ({ Bucket: bucket, Key: key });

  return {
    get: (address, from, to, signal) =>
      explained(async () => {
        for (let attempt = 1; ; attempt++) {
          try {
            return await readRange(
              client,
              new sdk.GetObjectCommand({ ...at(address), Range: `bytes=${from}-${to - 1}` }),
              {
                bytes: to - from,
                signal,
              },
            );
          } catch (error) {
            if (isMissing(error)) throw objectGone(address, error);
            signal?.throwIfAborted();
            if (!(error instanceof BrokenBody) || attempt === attempts) throw error;
            await delay(firstPauseMs * 2 ** attempt, undefined, { signal });
          }
        }
      }),
    sizeOf: (address) =>
      explained(async () => {
        try {
          const { ContentLength } = await client.send(new sdk.HeadObjectCommand(at(address)));
          return ContentLength ?? 0;
        } catch (error) {
          if (isMissing(error)) return null;
          throw error;
        }
      }),
    put: (address, bytes) =>
      explained(async () => {
        await client.send(new sdk.PutObjectCommand({ ...at(address), Body: bytes }));
      }),
    copy: (from, to) =>
      explained(async () => {
        try {
          const CopySource = copySource(from.bucket, from.key);
          await client.send(new sdk.CopyObjectCommand({ ...at(to), CopySource }));
          return true;
        } catch (error) {
          if (isMissing(error)) throw objectGone(from, error);
          // More than 5 GiB (AWS, "CopyObject").
          const { name } = error as Error;
          if (name === "InvalidRequest" || name === "EntityTooLarge") return false;
          throw error;
        }
      }),
    delete: (address) =>
      explained(async () => {
        await client.send(new sdk.DeleteObjectCommand(at(address))).catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
      }),
    async *list({ bucket, key }) {
      let token: string | undefined;
      do {
        const page = await explained(() =>
          client.send(new sdk.ListObjectsV2Command({ Bucket: bucket, Prefix: key, ContinuationToken: token })),
        );
        for (const { Key, LastModified } of page.Contents ?? [])
          if (Key !== undefined && LastModified !== undefined) yield { key: Key, changedAt: LastModified };
        token = page.IsTruncated ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },

    begin: (address) =>
      explained(async () => {
        const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(at(address)));
        if (UploadId === undefined) throw new Error("CreateMultipartUpload named no upload");
        return UploadId;
      }),
    putPart: (address, UploadId, PartNumber, bytes) =>
      explained(async () => {
        const { ETag } = await client
          .send(new sdk.UploadPartCommand({ ...at(address), UploadId, PartNumber, Body: bytes }))
          .catch((error: unknown) => {
            throw isUploadGone(error) ? uploadGone(error) : error;
          });
        if (ETag === undefined) throw new Error("UploadPart named no ETag");
        return ETag;
      }),
    parts: (address, UploadId) =>
      explained(async () => {
        const found: StoredPart[] = [];
        let marker: string | undefined;
        try {
          do {
            const page = await client.send(
              new sdk.ListPartsCommand({ ...at(address), UploadId, PartNumberMarker: marker }),
            );
            for (const { PartNumber = 0, Size = 0, ETag = "" } of page.Parts ?? [])
              found.push({ number: PartNumber, sizeBytes: Size, etag: ETag });
            marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
          } while (marker !== undefined);
        } catch (error) {
          if (isUploadGone(error) || isMissing(error)) return null;
          throw error;
        }
        return found.sort((a, b) => a.number - b.number);
      }),
    complete: (address, UploadId, etags) =>
      explained(async () => {
        const Parts = etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
        try {
          await client.send(
            new sdk.CompleteMultipartUploadCommand({ ...at(address), UploadId, MultipartUpload: { Parts } }),
          );
          return true;
        } catch (error) {
          if (isUploadGone(error)) return false;
          const { name } = error as Error;
          if (name === "InvalidPart" || name === "InvalidPartOrder") throw partLost(error);
          throw error;
        }
      }),
    abort: (address, UploadId) =>
      explained(async () => {
        await client.send(new sdk.AbortMultipartUploadCommand({ ...at(address), UploadId })).catch((error: unknown) => {
          if (!isUploadGone(error) && !isMissing(error)) throw error;
        });
      }),
    async *listUploads({ bucket, key }) {
      let [KeyMarker, UploadIdMarker]: (string | undefined)[] = [];
      do {
        const page = await explained(() =>
          client
            .send(new sdk.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key, KeyMarker, UploadIdMarker }))
            .catch((error: unknown) => {
              if (isNotImplemented(error)) return null;
              throw error;
            }),
        );
        for (const { Key, UploadId, Initiated } of page?.Uploads ?? [])
          if (Key !== undefined && UploadId !== undefined && Initiated !== undefined)
            yield { key: Key, uploadId: UploadId, begunAt: Initiated };
        [KeyMarker, UploadIdMarker] = page?.IsTruncated ? [page.NextKeyMarker, page.NextUploadIdMarker] : [];
      } while (KeyMarker !== undefined);
    },

    async link(address, { expiresInSeconds, disposition, contentType }) {
      const { getSignedUrl } = await presigner("Links to stored files need the presigner of AWS's SDK");
      const command = new sdk.GetObjectCommand({
        ...at(address),
        ResponseContentDisposition: disposition,
        ResponseContentType: contentType,
        // Whoever shares the machine or the way finds no copy.
        ResponseCacheControl: "private, no-store",
      });
      return explained(() => getSignedUrl(client, command, { expiresIn: expiresInSeconds }));
    },
    async partLink(address, UploadId, { number, sizeBytes, expiresInSeconds }) {
      const { getSignedUrl } = await presigner("SLUICE_S3_UPLOADS needs the presigner of AWS's SDK");
      // The length is a signed header: another one is refused before a byte is read.
      const command = new sdk.UploadPartCommand({
        ...at(address),
        UploadId,
        PartNumber: number,
        ContentLength: sizeBytes,
      });
      return explained(() => getSignedUrl(signer, command, { expiresIn: expiresInSeconds }));
    },
  };
}

function presigner(purpose: string): Promise<typeof import("@aws-sdk/s3-request-presigner")> {
  return optionalPackage(
    purpose,
    "@aws-sdk/s3-request-presigner",
    () => import(/* webpackIgnore: true */ /* turbopackIgnore: true */ "@aws-sdk/s3-request-presigner"),
  );
}

/** @throws SluiceError `invalid` for settings that do not fit. */
function clientOptions(settings: Readonly<ObjectStore>, timeouts: { idleMs: number }): S3ClientConfig {
  const { endpoint = "", region = "", accessKeyId = "", secretAccessKey = "" } = settings;
  if (endpoint !== "" && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ""))
    throw new SluiceError("invalid", "SLUICE_S3_ENDPOINT must begin with https:// (or http://).");
  if (isOfAws(endpoint) && region === "")
    throw new SluiceError("invalid", "SLUICE_FILES names a bucket of AWS: set SLUICE_S3_REGION, or AWS_REGION.");
  if ((accessKeyId === "") !== (secretAccessKey === ""))
    throw new SluiceError(
      "invalid",
      "SLUICE_S3_ACCESS_KEY_ID and SLUICE_S3_SECRET_ACCESS_KEY belong together: set both, or neither.",
    );
  return {
    ...objectStoreOptions(settings),
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: connectMs, socketTimeout: timeouts.idleMs },
  };
}

/** The answer began, and its bytes did not come as they were announced. */
class BrokenBody extends Error {}

async function readRange(
  client: S3Client,
  command: InstanceType<typeof import("@aws-sdk/client-s3").GetObjectCommand>,
  { bytes, signal }: { bytes: number; signal?: AbortSignal },
): Promise<Uint8Array> {
  const { Body, ContentLength } = await client.send(command, { abortSignal: signal });
  if (Body === undefined) throw new BrokenBody("the answer has no body");
  if (ContentLength !== undefined && ContentLength !== bytes) {
    (Body as { destroy?: () => void }).destroy?.();
    throw new BrokenBody(`asked for ${bytes} bytes of an object, and offered ${ContentLength}`);
  }
  const read = await Body.transformToByteArray().catch((cause: Error) => {
    throw new BrokenBody(cause.message, { cause });
  });
  if (read.length !== bytes) throw new BrokenBody(`${read.length} of ${bytes} bytes of an object arrived`);
  return read;
}

function objectGone({ bucket, key }: ObjectAddress, cause: unknown): SluiceError {
  const detail = told`Sluice's copy of the file is gone (${`s3://${bucket}/${key}`}).`;
  return new SluiceError("not_found", detail, { cause, next: { code: "upload_again" } });
}

export function uploadGone(cause?: unknown): SluiceError {
  return new SluiceError("not_found", told`The object storage no longer has the beginning of the upload.`, {
    cause,
    next: { code: "upload_again" },
  });
}

export function partLost(cause?: unknown): SluiceError {
  return new SluiceError("unavailable", told`The object storage has lost a part of the file. Send it again.`, {
    cause,
  });
}
