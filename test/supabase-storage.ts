/**
 * Supabase Storage as far as uploads go, since the real one needs Docker: its S3 endpoint, the tokens that a project's key signs for one
 * object, and the resumable endpoint for whoever has one (supabase/storage, src/http/routes/tus; the docs' "Resumable Uploads"). Pieces
 * have 6 MiB, addresses hold for a day and tokens for two hours, one writer is let in at a time, and what is there is not replaced.
 */
import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { jwtVerify, SignJWT } from "jose";
import { type S3Request, type S3Server, s3Server } from "./s3-server.ts";

interface ResumableUpload {
  key: string;
  sizeBytes: number;
  metadata: Record<string, string>;
  received: Buffer[];
  begunAt: number;
  isWritten: boolean;
}

export interface SupabaseRequest extends S3Request {
  operation: "sign" | "preflight" | "begin" | "offset" | "piece" | "";
}

export interface SupabaseStorageServer {
  /** Its S3 endpoint: objects, their uploads by parts, and what was asked of it. */
  s3: S3Server;
  /** Of the project. */
  projectUrl: string;
  serviceKey: string;
  /** By their ids, as a test may look at them and age them. */
  resumable: Map<string, ResumableUpload>;
  /** All that was asked beside S3, in its order. */
  requests: SupabaseRequest[];
  /** What such a request meets instead of an answer; `unheard`: the work is done, and nobody hears of it. */
  fault: (request: SupabaseRequest) => Fault | undefined | Promise<Fault | undefined>;
  /** How long tokens hold. */
  tokenSeconds: number;
  /** The bucket's limit of a file. */
  mostBytes: number;
  variables: Record<string, string>;
}
type Fault = { status: number } | "cut" | "unheard" | "hang";

const pieceBytes = 6 * 1024 * 1024;
const dayMs = 24 * 60 * 60 * 1000;
const root = "/storage/v1";
const signingKey = new TextEncoder().encode("the key that the project signs addresses with");
/** As tus-node-server has them, and those that Supabase adds. */
const allowedHeaders =
  "Authorization, Content-Type, Location, Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, Upload-Concat, Upload-Defer-Length, Upload-Length, Upload-Metadata, Upload-Offset, X-HTTP-Method-Override, X-Requested-With, X-Forwarded-Host, X-Forwarded-Proto, Forwarded, X-Upsert, Upload-Expires, ApiKey, x-signature";

export async function supabaseStorageServer(): Promise<SupabaseStorageServer> {
  const serviceKey = "sb_secret_N7UND0UgjKTVK-Uodkm0Hg_xSvEMPvz";
  const s3 = await s3Server({ ignoresConditions: true, path: `${root}/s3`, beside: answer });
  const { origin } = new URL(s3.url);
  const store: SupabaseStorageServer = {
    ...{ s3, serviceKey, projectUrl: origin, resumable: new Map(), requests: [], fault: () => undefined },
    ...{ tokenSeconds: 7200, mostBytes: Number.POSITIVE_INFINITY },
    variables: { ...s3.variables, NEXT_PUBLIC_SUPABASE_URL: origin, SUPABASE_SERVICE_ROLE_KEY: serviceKey },
  };
  return store;

  async function answer(given: S3Request, response: ServerResponse, path: string): Promise<void> {
    const request: SupabaseRequest = { ...given, operation: operationOf(given.method, path) };
    store.requests.push(request);
    const fault = await store.fault(request);
    if (fault === "hang") return;
    if (fault === "cut") {
      response.destroy();
    } else if (typeof fault === "object") {
      cors(request, response);
      response.writeHead(fault.status).end();
    } else {
      if (fault === "unheard") {
        const { destroy } = response;
        response.end = () => destroy.call(response);
      }
      if (request.operation === "sign") return sign(request, response, path);
      cors(request, response);
      await performTus(request, response, path);
    }
  }

  /** A refusal of REST is a 400 whose body has the status (supabase/storage, `StorageBackendError.render`). */
  async function sign({ headers }: SupabaseRequest, response: ServerResponse, path: string): Promise<void> {
    const refuse = (statusCode: string, error: string, message: string): void => {
      response
        .writeHead(400, { "content-type": "application/json" })
        .end(JSON.stringify({ statusCode, error, message }));
    };
    if (headers.authorization !== `Bearer ${serviceKey}` || headers.apikey !== serviceKey)
      return refuse("403", "Unauthorized", "Invalid Compact JWS");
    const url = decodeURIComponent(path.slice(`${root}/object/upload/sign/`.length));
    if (!url.startsWith(`${s3.bucket}/`)) return refuse("404", "Bucket not found", "Bucket not found");
    if (s3.objects.has(url.slice(s3.bucket.length + 1)) && headers["x-upsert"] !== "true")
      return refuse("409", "Duplicate", "The resource already exists");
    const token = await new SignJWT({ url, upsert: headers["x-upsert"] === "true", scope: "upload" })
      .setProtectedHeader({ alg: "HS256" })
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + store.tokenSeconds)
      .sign(signingKey);
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(JSON.stringify({ url: `/object/upload/sign/${url}?token=${token}`, token }));
  }

  async function performTus(request: SupabaseRequest, response: ServerResponse, path: string): Promise<void> {
    const { operation, headers, bytes } = request;
    const answer = (status: number, body = "", more: Record<string, string> = {}): void => {
      response.writeHead(status, { "tus-resumable": "1.0.0", "cache-control": "no-store", ...more }).end(body);
    };
    if (operation === "preflight") return answer(204, "", { "access-control-max-age": "86400" });
    if (operation === "") return answer(404, "Not found");
    if (headers["tus-resumable"] !== "1.0.0") return answer(412, "Tus-Resumable Required\n");
    const metadata = metadataOf(String(headers["upload-metadata"] ?? ""));
    const id = path.split("/").at(-1) ?? "";
    const upload = store.resumable.get(id);
    const url = operation === "begin" ? `${metadata.bucketName}/${metadata.objectName}` : urlOf(id);
    const token = String(headers["x-signature"] ?? "");
    if (token === "") return answer(400, "Missing x-signature header");
    const signed = await jwtVerify<{ url: string; upsert: boolean }>(token, signingKey).catch(() => null);
    if (signed?.payload.url !== url) return answer(400, "Invalid signature");
    if (operation === "begin") {
      const sizeBytes = Number(headers["upload-length"] ?? Number.NaN);
      if (!Number.isInteger(sizeBytes)) return answer(400, "Upload-Length or Upload-Defer-Length header required\n");
      if (sizeBytes > store.mostBytes) return answer(413, "Maximum size exceeded\n");
      const fresh = Buffer.from(`${url}/${randomUUID()}`).toString("base64url");
      const key = metadata.objectName;
      store.resumable.set(fresh, { key, sizeBytes, metadata, received: [], begunAt: Date.now(), isWritten: false });
      return answer(201, "", { location: `${origin}${path}/${fresh}` });
    }
    if (upload === undefined) return answer(404, "The file for this url was not found\n");
    if (Date.now() - upload.begunAt > dayMs) return answer(410, "The file for this url no longer exists\n");
    const offset = Buffer.concat(upload.received).length;
    if (operation === "offset")
      return answer(200, "", { "upload-offset": String(offset), "upload-length": String(upload.sizeBytes) });
    if (headers["content-type"] !== "application/offset+octet-stream") return answer(403, "Content-Type\n");
    if (upload.isWritten) return answer(409, "Upload is locked\n");
    if (Number(headers["upload-offset"]) !== offset) return answer(409, "Upload-Offset conflict\n");
    const isLast = offset + bytes.length === upload.sizeBytes;
    if (offset + bytes.length > upload.sizeBytes) return answer(413, "Exceeds the declared length\n");
    if (!isLast && bytes.length !== pieceBytes) return answer(400, "Pieces have 6 MB\n");
    upload.received.push(bytes);
    if (!isLast) return answer(204, "", { "upload-offset": String(offset + bytes.length) });
    if (s3.objects.has(upload.key) && !signed.payload.upsert) return answer(409, "The resource already exists");
    const whole = Buffer.concat(upload.received);
    s3.objects.set(upload.key, { bytes: whole, etag: `"${randomUUID()}"`, modifiedAt: new Date() });
    answer(204, "", { "upload-offset": String(whole.length), "tus-complete": "1" });
  }
}

function operationOf(method: string, path: string): SupabaseRequest["operation"] {
  if (method === "POST" && path.startsWith(`${root}/object/upload/sign/`)) return "sign";
  if (!path.startsWith(`${root}/upload/resumable/sign`)) return "";
  const operations: Record<string, SupabaseRequest["operation"]> = {
    ...{ OPTIONS: "preflight", POST: "begin", HEAD: "offset", PATCH: "piece" },
  };
  return operations[method] ?? "";
}

function cors({ headers }: SupabaseRequest, response: ServerResponse): void {
  response.setHeader("access-control-allow-origin", headers.origin ?? "*");
  response.setHeader("access-control-allow-methods", "POST, HEAD, PATCH, OPTIONS, DELETE");
  response.setHeader("access-control-allow-headers", allowedHeaders);
  response.setHeader("access-control-expose-headers", "Location, Upload-Offset, Upload-Length, Tus-Resumable");
}

/** Bucket and object of an id, which has a version behind them. */
function urlOf(id: string): string {
  return Buffer.from(id, "base64url").toString().split("/").slice(0, -1).join("/");
}

function metadataOf(header: string): Record<string, string> {
  const pairs = header.split(",").map((pair) => pair.trim().split(" "));
  return Object.fromEntries(pairs.map(([name, value = ""]) => [name, Buffer.from(value, "base64").toString()]));
}
