/**
 * Where an object of Sluice's is: `s3://bucket/prefix/files/NAMESPACE/NAME`. That of an upload by parts that is not finished says how
 * to go on with it, too: `?part=BYTES&upload=ID`, and `&resumable=ID` where Supabase Storage takes it by tus.
 */
import { SluiceError } from "../core/errors.ts";

/** An object, wherever it is. */
export interface ObjectAddress {
  bucket: string;
  key: string;
}

/** An upload by parts (AWS, "Uploading and copying objects using multipart upload"). */
export interface PartsAddress {
  uploadId: string;
  /** Of each part but the last. */
  partBytes: number;
  /** Of the same upload as Supabase Storage's resumable endpoint knows it; null: it has not begun there. */
  resumableId: string | null;
}

export interface StoredAddress extends ObjectAddress {
  /** Null: the object itself, or a small upload. */
  parts: PartsAddress | null;
}

export function isS3Path(path: string): boolean {
  return path.startsWith("s3://");
}

/** What a key may be made of without being escaped anywhere (AWS, "Naming Amazon S3 objects", safe characters). */
const plainKey = /^[\w!.*'()/-]*$/;
const bucketName = /^[\w.-]{1,255}$/;

/**
 * The bucket and prefix that `SLUICE_FILES` names.
 *
 * @throws SluiceError `invalid`
 */
export function placeOf(address: URL): { bucket: string; prefix: string } {
  const refuse = (problem: string): never => {
    throw new SluiceError("invalid", `SLUICE_FILES: ${problem} Write s3://bucket or s3://bucket/prefix.`);
  };
  if (address.username !== "" || address.password !== "")
    refuse("keys do not belong into the address, set SLUICE_S3_ACCESS_KEY_ID and SLUICE_S3_SECRET_ACCESS_KEY.");
  if (address.search !== "" || address.hash !== "" || address.port !== "")
    refuse("the address has a port, a query or a fragment; SLUICE_S3_ENDPOINT says where the store is.");
  const prefix = address.pathname.replaceAll(/^\/+|\/+$/g, "");
  if (!bucketName.test(address.hostname)) refuse("the address names no bucket.");
  if (!plainKey.test(prefix) || prefix.split("/").some((each) => each === "." || each === ".."))
    refuse("a prefix has only letters, digits and - _ . ! * ' ( ) between its slashes.");
  return { bucket: address.hostname, prefix };
}

export function pathOf({ bucket, key }: ObjectAddress, parts: PartsAddress | null = null): string {
  const path = `s3://${bucket}/${key}`;
  if (parts === null) return path;
  const { partBytes, uploadId, resumableId } = parts;
  const resumable = resumableId === null ? "" : `&resumable=${resumableId}`;
  return `${path}?part=${partBytes}&upload=${encodeURIComponent(uploadId)}${resumable}`;
}

/** @throws SluiceError `internal` for a path that `pathOf` did not make. */
export function addressOf(path: string): StoredAddress {
  const [, bucket, key, partBytes, uploadId, resumableId = null] =
    /^s3:\/\/([^/]+)\/([^?]+)(?:\?part=(\d+)&upload=([^&]+)(?:&resumable=([\w-]+))?)?$/.exec(path) ?? [];
  if (bucket === undefined) throw new SluiceError("internal", `${path} is no path of the object storage.`);
  return {
    bucket,
    key,
    parts:
      partBytes === undefined
        ? null
        : { partBytes: Number(partBytes), uploadId: decodeURIComponent(uploadId), resumableId },
  };
}

/** Whether the object is in the folder of a database. Its id alone decides: bucket and prefix may have been others. */
export function isIn(namespace: string, { key }: ObjectAddress): boolean {
  const [room, folder] = key.split("/").slice(-3, -1);
  return (room === "files" || room === "reports") && folder === namespace;
}

/** The bytes of an upload behind its last whole part, kept until there are enough for the next. `part`: its number, from 1. */
export function tailOf({ bucket, key }: ObjectAddress, part: number): ObjectAddress {
  return { bucket, key: `${key}.tail-${part}` };
}

/** The upload that an object is the tail of; null for an object of its own. */
export function uploadOfTail(key: string): string | null {
  return /^(.+)\.tail-\d+$/.exec(key)?.[1] ?? null;
}
