/**
 * The resumable endpoint of Supabase Storage for whoever has no session there (https://supabase.com/docs/guides/storage/uploads/resumable-uploads,
 * "Presigned uploads"): tus 1.0. The server begins an upload by the project's key; a browser goes on with it by a token for that object alone.
 */
import { SluiceError, told } from "../core/errors.ts";
import type { DirectResumable } from "../core/ports.ts";
import type { ObjectAddress } from "./s3-address.ts";

export interface SupabaseStorage {
  /** Its uploads are below this. */
  readonly address: string;
  /**
   * A token that lets whoever has it upload one object, which must not be there yet. Null: the project refuses.
   *
   * @throws SluiceError `unavailable` while it does not answer.
   */
  sign(at: ObjectAddress): Promise<SignedUpload | null>;
  /** Begins an upload of exactly so many bytes; its id. Null: the project refuses. @throws SluiceError `unavailable` */
  begin(at: ObjectAddress, signed: SignedUpload, sizeBytes: number): Promise<string | null>;
  /** The bytes that are stored; null: there is no such upload, or no longer. @throws SluiceError `unavailable` */
  offsetOf(id: string, signed: SignedUpload): Promise<number | null>;
  /** What whoever goes on with an upload needs. */
  resumable(id: string, signed: SignedUpload): DirectResumable;
}

export interface SignedUpload {
  token: string;
  expiresInSeconds: number;
}

/** "It must be set to 6MB for now": the storage below takes parts of this size. */
const pieceBytes = 6 * 1024 * 1024;
const protocol = { "tus-resumable": "1.0.0" };
const answerMs = 15_000;
/** Of a token that does not say how long it holds. */
const unknownSeconds = 60;

/**
 * The Storage that an S3 endpoint belongs to, where it is the project's own: its key goes to no other host.
 *
 * @returns null where it is another storage, or a setting is missing.
 */
export function supabaseStorage(settings: {
  endpoint: string;
  projectUrl: string;
  serviceKey: string;
}): SupabaseStorage | null {
  const endpoint = URL.parse(settings.endpoint);
  const project = URL.parse(settings.projectUrl);
  const path = /^(.*\/storage\/v1)\/s3\/?$/.exec(endpoint?.pathname ?? "")?.[1];
  if (settings.serviceKey === "" || endpoint === null || project === null || path === undefined) return null;
  if (!hostsOf(project).includes(endpoint.origin)) return null;

  const root = `${endpoint.origin}${path}`;
  const address = `${root}/upload/resumable/sign/`;
  const authorization = { apikey: settings.serviceKey, authorization: `Bearer ${settings.serviceKey}` };
  const ask = async (url: string, init: RequestInit): Promise<Response | null> => {
    let reason: string;
    try {
      const response = await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(answerMs) });
      const { status } = response;
      if (status < 500 && status !== 408 && status !== 429) return response;
      await response.body?.cancel();
      reason = String(status);
    } catch (cause) {
      reason = (cause as Error).name;
    }
    throw new SluiceError(
      "unavailable",
      told`The object storage ${root} does not answer as it should (${reason}). Nothing is lost: try again when it does.`,
    );
  };
  /** Null for what is refused. */
  const granted = async (url: string, init: RequestInit): Promise<Response | null> => {
    const response = await ask(url, init);
    if (response?.ok) return response;
    await response?.body?.cancel();
    return null;
  };

  return {
    address,

    async sign({ bucket, key }) {
      const name = [bucket, ...key.split("/")].map(encodeURIComponent).join("/");
      const headers = { ...authorization, "content-type": "application/json" };
      const response = await granted(`${root}/object/upload/sign/${name}`, { method: "POST", headers, body: "{}" });
      if (response === null) return null;
      const { token, url = "" } = (await response.json()) as { token?: string; url?: string };
      // Older ones tell it in the address alone.
      const signed = token ?? URL.parse(url, root)?.searchParams.get("token");
      return typeof signed === "string" ? { token: signed, expiresInSeconds: secondsLeft(signed) } : null;
    },

    async begin({ bucket, key }, { token }, sizeBytes) {
      const metadata = {
        bucketName: bucket,
        objectName: key,
        contentType: "application/octet-stream",
        cacheControl: "0",
      };
      const headers = {
        ...protocol,
        "x-signature": token,
        "upload-length": String(sizeBytes),
        "upload-metadata": Object.entries(metadata)
          .map(([name, value]) => `${name} ${Buffer.from(value).toString("base64")}`)
          .join(","),
      };
      const response = await granted(address.slice(0, -1), { method: "POST", headers });
      await response?.body?.cancel();
      // Its last part alone: browsers are sent to no address that an answer names.
      const id = response?.headers.get("location")?.split("/").at(-1) ?? "";
      return /^[\w-]+$/.test(id) ? id : null;
    },

    async offsetOf(id, { token }) {
      const headers = { ...protocol, "x-signature": token };
      const response = await granted(address + id, { method: "HEAD", headers });
      const offset = Number(response?.headers.get("upload-offset") ?? Number.NaN);
      return Number.isInteger(offset) && offset >= 0 ? offset : null;
    },

    resumable: (id, { token }) => ({ url: address + id, headers: { "x-signature": token }, pieceBytes }),
  };
}

/** Storage has a host of its own as well, which takes large files sooner. */
function hostsOf({ origin }: URL): string[] {
  return [origin, origin.replace(/^(https:\/\/[a-z0-9]+)\.supabase\.co$/, "$1.storage.supabase.co")];
}

/** Of a JWT that is only looked at: whoever takes it verifies it. */
function secondsLeft(token: string): number {
  try {
    const { exp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()) as { exp?: unknown };
    if (typeof exp === "number") return Math.max(1, Math.floor(exp - Date.now() / 1000));
  } catch {
    // Then it says nothing.
  }
  return unknownSeconds;
}
