/**
 * An S3-compatible store: how AWS's SDK is set up for it, and what its refusals say. files/ and sources/ each have a client of their
 * own, and neither sees the other.
 */

/** How a store is reached; what is missing or empty is left to the SDK: its own variables, files and roles. */
export interface ObjectStore {
  /** Of a store that is not AWS's own, such as `https://REF.storage.supabase.co/storage/v1/s3`. */
  endpoint?: string | undefined;
  region?: string | undefined;
  accessKeyId?: string | undefined;
  secretAccessKey?: string | undefined;
  sessionToken?: string | undefined;
  /** Whether a bucket is the first part of the path; null: where the store is not AWS's own. */
  pathStyle?: boolean | null | undefined;
}

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** A part of the SDK's own options. */
export interface ObjectStoreOptions {
  region: string;
  endpoint?: string;
  credentials?: Credentials;
  forcePathStyle: boolean;
  requestChecksumCalculation: "WHEN_SUPPORTED" | "WHEN_REQUIRED";
  responseChecksumValidation: "WHEN_SUPPORTED" | "WHEN_REQUIRED";
}

export function objectStoreOptions({
  endpoint = "",
  region = "",
  accessKeyId = "",
  secretAccessKey = "",
  sessionToken = "",
  pathStyle = null,
}: Readonly<ObjectStore>): ObjectStoreOptions {
  const isAws = isOfAws(endpoint);
  // Sent by default since 2025, as trailers that other stores take for content, or refuse.
  const checksums = isAws ? "WHEN_SUPPORTED" : "WHEN_REQUIRED";
  return {
    // Stores that have one region accept this one.
    region: region === "" ? "us-east-1" : region,
    ...(endpoint !== "" && { endpoint }),
    ...(accessKeyId !== "" &&
      secretAccessKey !== "" && {
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== "" && { sessionToken }) },
      }),
    forcePathStyle: pathStyle ?? !isAws,
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
  };
}

/** Whether an endpoint, or none, is AWS's own. */
export function isOfAws(endpoint: string): boolean {
  return endpoint === "" || /(?:^|\.)amazonaws\.com(?:\.cn)?$/.test(URL.parse(endpoint)?.hostname ?? "");
}

/** An object as the source of a copy. */
export function copySource(bucket: string, key: string): string {
  return `${bucket}/${key}`.split("/").map(encodeURIComponent).join("/");
}

/** What the SDK throws for an answer, or for none. */
interface StoreFailure {
  name?: string;
  Code?: string;
  $metadata?: { httpStatusCode?: number };
}

/** The store's own word, such as `NoSuchKey`; for an answer without a body, its status. */
export function storeCode(error: unknown): string {
  const { name, Code } = (error ?? {}) as StoreFailure;
  return Code ?? name ?? String(storeStatus(error) ?? "");
}

/** Of the answer; undefined: there was none. */
export function storeStatus(error: unknown): number | undefined {
  return ((error ?? {}) as StoreFailure).$metadata?.httpStatusCode;
}
