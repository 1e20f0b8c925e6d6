/** A bucket of S3, or of a store that speaks its protocol, as a source, by the AWS SDK. Its objects are whole as soon as they are there. */
import type { Readable } from "node:stream";
import type { S3Client, _Object as S3Object } from "@aws-sdk/client-s3";
import { SluiceError, told } from "../core/errors.ts";
import { copySource, objectStoreOptions, storeCode, storeStatus } from "../core/object-store.ts";
import { optionalPackage } from "../core/optional-package.ts";
import type { ListedFile, OpenPlace, S3Place } from "../core/source.ts";
import { outboundAgents } from "../outbound/agents.ts";
import type { Outbound } from "../outbound/outbound.ts";

/** As many as a store lists at once. */
const pageFiles = 1000;
const silenceMs = 60_000;

/** @throws SluiceError `invalid` for an endpoint that may not be asked */
export async function openS3(place: S3Place, outbound: Outbound): Promise<OpenPlace> {
  const { bucket: Bucket, prefix = "" } = place;
  const sdk = await optionalPackage(
    "This kind of source needs the package @aws-sdk/client-s3",
    "@aws-sdk/client-s3",
    () => import(/* webpackIgnore: true */ /* turbopackIgnore: true */ "@aws-sdk/client-s3"),
  );
  const { client, close } = clientOf(sdk.S3Client, place, outbound);
  const key = (name: string): string => `${prefix}${name}`;
  const asked = async <T>(what: string, ask: Promise<T>): Promise<T> => {
    try {
      return await ask;
    } catch (error) {
      throw explained(error, what);
    }
  };
  return {
    grows: false,
    async *list(signal) {
      let token: string | undefined;
      do {
        const page = await asked(
          Bucket,
          client.send(
            new sdk.ListObjectsV2Command({
              ...{ Bucket, Prefix: prefix, Delimiter: "/", MaxKeys: pageFiles, EncodingType: "url" },
              ...(token !== undefined && { ContinuationToken: token }),
            }),
            { abortSignal: signal },
          ),
        );
        const name = (encoded: string): string =>
          (page.EncodingType === "url" ? decoded(encoded) : encoded).slice(prefix.length);
        yield (page.Contents ?? []).flatMap((each) => fileOf(each, name));
        token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (token !== undefined);
    },
    async fetch({ name, tag }, _, signal) {
      const version = tag === null ? {} : { IfMatch: tag };
      const command = new sdk.GetObjectCommand({ Bucket, Key: key(name), ...version });
      const { Body } = await asked(name, client.send(command, { abortSignal: signal }));
      return { bytes: readOf(Body as Readable, name), tag: () => tag };
    },
    async isSame({ name, tag }, signal) {
      const command = new sdk.HeadObjectCommand({ Bucket, Key: key(name) });
      try {
        const { ETag } = await asked(name, client.send(command, { abortSignal: signal }));
        return ETag === tag;
      } catch (error) {
        if (error instanceof SluiceError && error.code === "not_found") return false;
        throw error;
      }
    },
    async remove({ name }, signal) {
      const command = new sdk.DeleteObjectCommand({ Bucket, Key: key(name) });
      await asked(name, client.send(command, { abortSignal: signal }));
    },
    async move({ name, tag }, { folder, as }, signal) {
      const target = { Bucket, Key: key(`${folder}/${as}`), CopySource: copySource(Bucket, key(name)) };
      const command = new sdk.CopyObjectCommand({ ...target, ...(tag !== null && { CopySourceIfMatch: tag }) });
      await asked(name, client.send(command, { abortSignal: signal }));
      const removal = new sdk.DeleteObjectCommand({ Bucket, Key: key(name) });
      await asked(name, client.send(removal, { abortSignal: signal }));
    },
    async close() {
      close();
    },
  };
}

function clientOf(Client: typeof S3Client, place: S3Place, outbound: Outbound): { client: S3Client; close(): void } {
  const { endpoint } = place;
  const agents = outboundAgents(outbound);
  const client = new Client({
    ...objectStoreOptions({ ...place, endpoint: endpoint === undefined ? "" : outbound.check(endpoint).href }),
    requestHandler: { ...agents, requestTimeout: silenceMs, socketTimeout: silenceMs },
    maxAttempts: 3,
  });
  return {
    client,
    close() {
      client.destroy();
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

function fileOf({ Key, Size, LastModified, ETag }: S3Object, nameOf: (key: string) => string): ListedFile[] {
  if (Key === undefined) return [];
  const name = nameOf(Key);
  // A key that ends with a slash stands for a folder; not every store leaves out what is in one.
  if (name === "" || name.includes("/")) return [];
  return [{ name, sizeBytes: Size ?? null, modifiedAt: LastModified ?? null, tag: ETag ?? null }];
}

/** Blanks come as `+`, which itself comes as `%2B`. */
function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return key;
  }
}

async function* readOf(body: Readable, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw explained(error, name);
  }
}

function explained(error: unknown, what: string): unknown {
  if (error instanceof SluiceError) return error;
  const { message = "", cause } = error as { message?: string; cause?: unknown };
  if (cause instanceof SluiceError) return cause;
  const [name, status] = [storeCode(error), storeStatus(error)];
  // Another version has taken the place of the one that was listed.
  if (name === "NoSuchKey" || name === "NotFound" || name === "PreconditionFailed")
    return new SluiceError("not_found", told`${what} is not there any more.`, { cause: error });
  if (status === 401 || status === 403)
    return new SluiceError("forbidden", told`${what}: the store refuses the source's keys (${name}).`, {
      cause: error,
    });
  if (status === 404)
    return new SluiceError("invalid", told`${what}: the store does not have it (${name}).`, { cause: error });
  const code = isPassing(name, status) ? "unavailable" : "invalid";
  return new SluiceError(code, told`${what}: the store says "${message || name}".`, { cause: error });
}

/** Whether another try may help. It does not with another region, a bucket's name that cannot be, or keys that have expired. */
function isPassing(name: string, status: number | undefined): boolean {
  if (status === undefined || status >= 500) return true;
  return status !== 301 && (status < 400 || [408, 409, 429].includes(status) || name === "RequestTimeout");
}
