/** What an S3-compatible store refused or failed to do, as a person can do something about it. */
import { SluiceError, type Telling, told } from "../core/errors.ts";
import { storeCode, storeStatus } from "../core/object-store.ts";

/** No such object. An answer to HEAD has no words, only the status. */
export function isMissing(error: unknown): boolean {
  const code = storeCode(error);
  return (
    code === "NoSuchKey" || code === "NotFound" || (storeStatus(error) === 404 && !isOfBucket(code) && code !== gone)
  );
}

const gone = "NoSuchUpload";
/** The upload by parts is there no more: finished, aborted, or expired. */
export function isUploadGone(error: unknown): boolean {
  return storeCode(error) === gone;
}

export function isNotImplemented(error: unknown): boolean {
  return storeStatus(error) === 501 || storeCode(error) === "NotImplemented";
}

function isOfBucket(code: string): boolean {
  return code === "NoSuchBucket" || code === "InvalidBucketName";
}

const refusals = new Set([
  ...["AccessDenied", "AllAccessDisabled", "InvalidAccessKeyId", "SignatureDoesNotMatch", "Forbidden", "Unauthorized"],
  ...["ExpiredToken", "InvalidToken", "TokenRefreshRequired", "InvalidSecurity", "UnauthorizedAccess", "InvalidJWT"],
]);
const otherRegion = new Set([
  ...["PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "InvalidRegion"],
]);
const tooLarge = new Set(["EntityTooLarge", "MaxMessageLengthExceeded", "PayloadTooLarge"]);
const full = new Set(["QuotaExceeded", "XMinioStorageFull", "ServiceQuotaExceeded", "InsufficientStorage"]);

/**
 * The error to throw instead. `where` is the storage's address, as SLUICE_FILES has it.
 *
 * `unavailable` is tried again by whoever works; the others wait for somebody who changes a setting, a right or the file.
 */
export function explainStore(error: unknown, where: string): unknown {
  if (error instanceof SluiceError || isAborted(error)) return error;
  const code = storeCode(error);
  const status = storeStatus(error);
  const explained = (kind: ConstructorParameters<typeof SluiceError>[0], telling: Telling): SluiceError =>
    new SluiceError(kind, telling, { cause: error });

  if (code === "CredentialsProviderError" || code === "TokenProviderError")
    return explained(
      "forbidden",
      told`There are no keys for the object storage ${where}. Set SLUICE_S3_ACCESS_KEY_ID and SLUICE_S3_SECRET_ACCESS_KEY, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`,
    );
  if (isOfBucket(code))
    return explained(
      "invalid",
      told`The object storage has no bucket for ${where}. Create it, or correct SLUICE_FILES and SLUICE_S3_ENDPOINT.`,
    );
  if (otherRegion.has(code) || status === 301)
    return explained(
      "invalid",
      told`The object storage ${where} is in another region than was asked for (${code}). Correct SLUICE_S3_REGION.`,
    );
  if (code === "RequestTimeTooSkewed")
    return explained(
      "unavailable",
      told`The clock of this machine is wrong: the object storage ${where} refuses what it signs. Set the clock, then try again.`,
    );
  if (refusals.has(code) || status === 401 || status === 403)
    return explained(
      "forbidden",
      told`The object storage ${where} refuses access (${code}). Check its keys; they must be allowed to read, write, list and delete there.`,
    );
  if (tooLarge.has(code) || status === 413)
    return explained(
      "too_large",
      told`The object storage ${where} does not take a file of this size (${code}). Raise the limit there, or split the file.`,
    );
  if (full.has(code) || status === 507)
    return explained(
      "unavailable",
      told`The object storage ${where} is full (${code}). Free some space there, then start again: nothing is lost.`,
    );
  if (status === undefined || status >= 500 || status === 429 || status === 408)
    return explained(
      "unavailable",
      told`The object storage ${where} does not answer as it should (${reasonOf(error, code)}). Nothing is lost: try again when it does.`,
    );
  return explained(
    "unavailable",
    told`The object storage ${where} refused a request (${reasonOf(error, code)}). Nothing is lost: see what it objects to, then try again.`,
  );
}

function isAborted(error: unknown): boolean {
  return (error as Error | undefined)?.name === "AbortError";
}

/** What happened, in a few words: a connection's code says more than the name of its error. */
function reasonOf(error: unknown, name: string): string {
  const { code, message = "" } = (error ?? {}) as { code?: string; message?: string };
  const status = storeStatus(error);
  if (status !== undefined) return name === "" || name === "Error" ? `${status}` : `${status} ${name}`;
  // Its message is about the SDK.
  if (name === "TimeoutError") return code ?? name;
  return [code ?? name, message.slice(0, 200)].filter((each) => each !== "").join(": ");
}
