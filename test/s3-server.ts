/**
 * An S3-compatible store in memory, on a real socket, for the real SDK: verifies signatures (AWS, "Signature Version 4") and bodies,
 * keeps uploads by parts with their limits, ranges, pages and conditional writes, and fails as a test tells it to. Like many that
 * are not AWS's own it refuses checksums that nobody asked for.
 */
import { createHash, createHmac, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";

export interface S3Request {
  /** As the API calls it: `GetObject`, `UploadPart`. */
  operation: string;
  key: string;
  method: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  bytes: Buffer;
}

/**
 * `cut`: the connection ends without an answer. `unheard`: so it does after the work is done. `half`: in the middle of the body. `hang`:
 * nothing comes.
 */
export type Fault = { status: number; code: string } | "cut" | "unheard" | "half" | "hang";

interface StoredObject {
  bytes: Buffer;
  etag: string;
  modifiedAt: Date;
}
interface StoredUpload {
  key: string;
  begunAt: Date;
  parts: Map<number, StoredObject>;
}

export interface S3Server {
  /** What `SLUICE_S3_ENDPOINT` is. */
  url: string;
  bucket: string;
  /** By their keys, as a test may look at them, age them and take them away. */
  objects: Map<string, StoredObject>;
  uploads: Map<string, StoredUpload>;
  /** All that was asked, in its order. */
  requests: S3Request[];
  /** What a request meets instead of an answer. */
  fault: (request: S3Request) => Fault | undefined | Promise<Fault | undefined>;
  /** Pages that the bucket's CORS lets PUT, and read the answer. */
  origins: string[];
  /** Nobody is there until `start` is called again, at the same address. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** As variables of the environment, and as settings. */
  environment: Record<string, string>;
  /** The variables for a program in this process: the SDK reads its own from `process.env`. */
  variables: Record<string, string>;
  settings: {
    endpoint: string;
    region: string;
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken: string;
    pathStyle: null;
  };
}

const keys = { id: "AKIDTEST", secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region: "eu-test-1" };
/** AWS, "Amazon S3 multipart upload limits". */
const leastPartBytes = 5 * 1024 * 1024;

export interface S3ServerOptions {
  /** Things in one answer of a list. */
  pageSize?: number;
  /** As Supabase's does: a condition of a write is not looked at. */
  ignoresConditions?: boolean;
  /** What precedes the buckets in their addresses. */
  path?: string;
  /** Answers what is asked outside of that. */
  beside?: (request: S3Request, response: ServerResponse, path: string) => Promise<void>;
}

/** Call it in a test, or around all of a file's with `closes` to be called after them. */
export async function s3Server({
  pageSize = 1000,
  ignoresConditions = false,
  path: root = "",
  beside,
}: S3ServerOptions = {}): Promise<S3Server> {
  const bucket = "imports-test";
  const objects: S3Server["objects"] = new Map();
  const uploads: S3Server["uploads"] = new Map();
  const requests: S3Request[] = [];

  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) fail(response, 500, "InternalError", String(error));
      else response.destroy();
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  let port = 0;
  const start = async (): Promise<void> => {
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  await start();
  onTestFinished(stop);

  const url = `http://127.0.0.1:${port}${root}`;
  const store: S3Server = {
    url,
    bucket,
    objects,
    uploads,
    requests,
    fault: () => undefined,
    origins: [],
    start,
    stop,
    environment: {
      SLUICE_S3_ENDPOINT: url,
      AWS_REGION: keys.region,
      AWS_ACCESS_KEY_ID: keys.id,
      AWS_SECRET_ACCESS_KEY: keys.secret,
    },
    variables: {
      SLUICE_S3_ENDPOINT: url,
      SLUICE_S3_REGION: keys.region,
      SLUICE_S3_ACCESS_KEY_ID: keys.id,
      SLUICE_S3_SECRET_ACCESS_KEY: keys.secret,
    },
    settings: {
      endpoint: url,
      region: keys.region,
      accessKeyId: keys.id,
      secretAccessKey: keys.secret,
      sessionToken: "",
      pathStyle: null,
    },
  };
  return store;

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const [path, search = ""] = (incoming.url ?? "").split("?", 2);
    const isBeside = beside !== undefined && !path.startsWith(root);
    const [named, ...rest] = path
      .slice(isBeside ? 1 : root.length + 1)
      .split("/")
      .map(decodeURIComponent);
    const request: S3Request = {
      operation: "",
      key: rest.join("/"),
      method: incoming.method ?? "",
      query: new URLSearchParams(search),
      headers: incoming.headers,
      bytes,
    };
    if (isBeside) return beside(request, response, path);
    const origin = String(incoming.headers.origin);
    const isAllowed = store.origins.includes(origin);
    if (isAllowed) response.setHeader("access-control-allow-origin", origin);
    if (request.method === "OPTIONS") {
      // AWS, "How does CORS work?": nothing else is allowed, no header of the page's own neither.
      const asks = incoming.headers["access-control-request-method"];
      const isPut = isAllowed && asks === "PUT" && incoming.headers["access-control-request-headers"] === undefined;
      response.writeHead(isPut ? 200 : 403, isPut ? { "access-control-allow-methods": "PUT" } : {}).end();
      return;
    }
    request.operation = operationOf(request);
    requests.push(request);
    const fault = await store.fault(request);
    if (fault === "hang") return;
    if (fault === "cut") {
      response.destroy();
      return;
    }
    if (typeof fault === "object") {
      fail(response, fault.status, fault.code);
      return;
    }
    const refused = refusal(request, path, search);
    if (refused !== null) {
      fail(response, ...refused);
      return;
    }
    if (named !== bucket) {
      fail(response, 404, "NoSuchBucket");
      return;
    }
    if (fault === "unheard") {
      const { destroy } = response;
      response.end = () => destroy.call(response);
    }
    perform(request, response, fault === "half");
  }

  function perform(request: S3Request, response: ServerResponse, half: boolean): ServerResponse {
    const { operation, key, query, headers, bytes } = request;
    const uploadId = query.get("uploadId") ?? "";
    const upload = uploads.get(uploadId);
    if (uploadId !== "" && (upload === undefined || upload.key !== key)) return fail(response, 404, "NoSuchUpload");
    switch (operation) {
      case "PutObject": {
        const there = objects.get(key);
        if (!ignoresConditions && headers["if-none-match"] === "*" && there !== undefined)
          return fail(response, 412, "PreconditionFailed");
        if (!ignoresConditions && headers["if-match"] !== undefined && headers["if-match"] !== there?.etag)
          return fail(response, 412, "PreconditionFailed");
        objects.set(key, objectOf(bytes));
        return response.writeHead(200, { etag: etagOf(bytes) }).end();
      }
      case "CopyObject": {
        const from = decodeURIComponent(String(headers["x-amz-copy-source"])).replace(`${bucket}/`, "");
        const source = objects.get(from);
        if (source === undefined) return fail(response, 404, "NoSuchKey");
        objects.set(key, objectOf(source.bytes));
        return xml(response, `<CopyObjectResult><ETag>${source.etag}</ETag></CopyObjectResult>`);
      }
      case "HeadObject":
      case "GetObject":
        return sendObject(request, response, half);
      case "DeleteObject":
        objects.delete(key);
        return response.writeHead(204).end();
      case "ListObjectsV2":
        return listObjects(request, response);
      case "CreateMultipartUpload": {
        const id = `${randomUUID()}+/=`;
        uploads.set(id, { key, begunAt: new Date(), parts: new Map() });
        return xml(
          response,
          `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
        );
      }
      case "UploadPart": {
        const number = Number(query.get("partNumber"));
        if (!(number >= 1 && number <= 10_000)) return fail(response, 400, "InvalidArgument");
        (upload as StoredUpload).parts.set(number, objectOf(bytes));
        return response.writeHead(200, { etag: etagOf(bytes) }).end();
      }
      case "ListParts":
        return listParts(request, response, upload as StoredUpload);
      case "CompleteMultipartUpload":
        return complete(request, response, upload as StoredUpload, uploadId);
      case "AbortMultipartUpload":
        uploads.delete(uploadId);
        return response.writeHead(204).end();
      case "ListMultipartUploads":
        return listUploads(request, response);
      default:
        return fail(response, 501, "NotImplemented");
    }
  }

  function sendObject(
    { key, method, headers, query }: S3Request,
    response: ServerResponse,
    half: boolean,
  ): ServerResponse {
    const object = objects.get(key);
    if (object === undefined) return fail(response, 404, "NoSuchKey", "", method === "HEAD");
    const { bytes, etag, modifiedAt } = object;
    if (headers["if-none-match"] === etag) {
      return response.writeHead(304).end();
    }
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ?? [];
    const isRange = from !== undefined;
    if (isRange && Number(from) >= bytes.length) return fail(response, 416, "InvalidRange");
    const end = isRange && to !== "" ? Math.min(Number(to) + 1, bytes.length) : bytes.length;
    const body = bytes.subarray(Number(from ?? 0), end);
    const disposition = query.get("response-content-disposition");
    response.writeHead(isRange ? 206 : 200, {
      etag,
      "last-modified": modifiedAt.toUTCString(),
      "content-length": body.length,
      ...(isRange && { "content-range": `bytes ${from}-${end - 1}/${bytes.length}` }),
      ...(disposition !== null && { "content-disposition": disposition }),
      ...(query.has("response-content-type") && { "content-type": query.get("response-content-type") as string }),
      ...(query.has("response-cache-control") && { "cache-control": query.get("response-cache-control") as string }),
    });
    if (!half || method === "HEAD") return response.end(method === "HEAD" ? undefined : body);
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
    return response;
  }

  function listObjects({ query }: S3Request, response: ServerResponse): ServerResponse {
    const after = query.get("continuation-token") ?? query.get("start-after") ?? "";
    const size = Math.min(Number(query.get("max-keys") ?? pageSize), pageSize);
    const found = [...objects.keys()].filter((key) => key.startsWith(query.get("prefix") ?? "") && key > after).sort();
    const page = found.slice(0, size);
    const contents = page.map((key) => {
      const { bytes, etag, modifiedAt } = objects.get(key) as StoredObject;
      return `<Contents><Key>${escaped(key)}</Key><LastModified>${modifiedAt.toISOString()}</LastModified><ETag>${escaped(etag)}</ETag><Size>${bytes.length}</Size></Contents>`;
    });
    const more = found.length > page.length;
    const next = more ? `<NextContinuationToken>${escaped(page.at(-1) ?? "")}</NextContinuationToken>` : "";
    return xml(
      response,
      `<ListBucketResult><IsTruncated>${more}</IsTruncated><KeyCount>${page.length}</KeyCount>${next}${contents.join("")}</ListBucketResult>`,
    );
  }

  function listParts({ query }: S3Request, response: ServerResponse, upload: StoredUpload): ServerResponse {
    const after = Number(query.get("part-number-marker") ?? 0);
    const found = [...upload.parts].filter(([number]) => number > after).sort(([a], [b]) => a - b);
    const page = found.slice(0, pageSize);
    const parts = page.map(
      ([number, { bytes, etag }]) =>
        `<Part><PartNumber>${number}</PartNumber><ETag>${escaped(etag)}</ETag><Size>${bytes.length}</Size></Part>`,
    );
    const more = found.length > page.length;
    const next = more ? `<NextPartNumberMarker>${page.at(-1)?.[0]}</NextPartNumberMarker>` : "";
    return xml(
      response,
      `<ListPartsResult><IsTruncated>${more}</IsTruncated>${next}${parts.join("")}</ListPartsResult>`,
    );
  }

  function listUploads({ query }: S3Request, response: ServerResponse): ServerResponse {
    const [key, id] = [query.get("key-marker") ?? "", query.get("upload-id-marker") ?? ""];
    const found = [...uploads]
      .map(([uploadId, upload]) => ({ uploadId, ...upload }))
      .filter((each) => each.key.startsWith(query.get("prefix") ?? ""))
      .sort((a, b) => (a.key === b.key ? compare(a.uploadId, b.uploadId) : compare(a.key, b.key)))
      .filter((each) => each.key > key || (each.key === key && each.uploadId > id));
    const page = found.slice(0, pageSize);
    const more = found.length > page.length;
    const last = page.at(-1);
    const next = more
      ? `<NextKeyMarker>${escaped(last?.key ?? "")}</NextKeyMarker><NextUploadIdMarker>${last?.uploadId}</NextUploadIdMarker>`
      : "";
    const listed = page.map(
      (each) =>
        `<Upload><Key>${escaped(each.key)}</Key><UploadId>${each.uploadId}</UploadId><Initiated>${each.begunAt.toISOString()}</Initiated></Upload>`,
    );
    return xml(
      response,
      `<ListMultipartUploadsResult><IsTruncated>${more}</IsTruncated>${next}${listed.join("")}</ListMultipartUploadsResult>`,
    );
  }

  function complete(
    { key, bytes }: S3Request,
    response: ServerResponse,
    upload: StoredUpload,
    id: string,
  ): ServerResponse {
    const named = [...bytes.toString().matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part]) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: /<ETag>(.*?)</.exec(part)?.[1].replaceAll("&quot;", '"'),
    }));
    const parts: Buffer[] = [];
    for (const [index, { number, etag }] of named.entries()) {
      const part = upload.parts.get(number);
      if (index > 0 && number <= named[index - 1].number) return fail(response, 400, "InvalidPartOrder");
      if (part === undefined || part.etag !== etag) return fail(response, 400, "InvalidPart");
      if (index < named.length - 1 && part.bytes.length < leastPartBytes) return fail(response, 400, "EntityTooSmall");
      parts.push(part.bytes);
    }
    if (parts.length === 0) return fail(response, 400, "MalformedXML");
    const whole = objectOf(Buffer.concat(parts));
    objects.set(key, { ...whole, etag: `"${whole.etag.slice(1, -1)}-${parts.length}"` });
    uploads.delete(id);
    return xml(response, `<CompleteMultipartUploadResult><Key>${escaped(key)}</Key></CompleteMultipartUploadResult>`);
  }
}

function operationOf({ method, query, key, headers }: S3Request): string {
  const has = (name: string): boolean => query.has(name);
  if (key === "") return method === "GET" ? (has("uploads") ? "ListMultipartUploads" : "ListObjectsV2") : "";
  if (method === "PUT" && has("partNumber")) return "UploadPart";
  if (method === "PUT") return headers["x-amz-copy-source"] === undefined ? "PutObject" : "CopyObject";
  if (method === "POST") return has("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload";
  if (method === "DELETE") return has("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
  if (method === "GET") return has("uploadId") ? "ListParts" : "GetObject";
  return method === "HEAD" ? "HeadObject" : "";
}

/** What is wrong with the request's signature or body; null: nothing. */
function refusal({ method, headers, bytes, query }: S3Request, path: string, search: string): [number, string] | null {
  const isSignedUrl = query.has("X-Amz-Signature");
  const named = isSignedUrl
    ? [query.get("X-Amz-Credential"), query.get("X-Amz-SignedHeaders"), query.get("X-Amz-Signature")]
    : /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=(\w+)$/
        .exec(headers.authorization ?? "")
        ?.slice(1);
  const [credential, signedHeaders, signature] = named ?? [];
  if (!credential || !signedHeaders || !signature) return [403, "AccessDenied"];
  const [id, day, region, service, end] = credential.split("/");
  if (id !== keys.id) return [403, "InvalidAccessKeyId"];
  if (region !== keys.region) return [400, "AuthorizationHeaderMalformed"];
  const date = (isSignedUrl ? query.get("X-Amz-Date") : headers["x-amz-date"]) as string;
  if (isSignedUrl) {
    const signedAt = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, "$1-$2-$3:$4:$5"));
    if (Date.now() > signedAt + 1000 * Number(query.get("X-Amz-Expires"))) return [403, "AccessDenied"];
  }
  const payload = isSignedUrl ? "UNSIGNED-PAYLOAD" : String(headers["x-amz-content-sha256"]);
  if (payload.startsWith("STREAMING-")) return [501, "NotImplemented"];
  if (Object.keys(headers).some((name) => /^x-amz-(?:checksum|trailer|sdk-checksum)/.test(name)))
    return [400, "InvalidRequest"];
  if (payload !== "UNSIGNED-PAYLOAD" && payload !== sha256(bytes)) return [400, "XAmzContentSHA256Mismatch"];

  const pairs = search.split("&").filter((pair) => pair !== "" && !pair.startsWith("X-Amz-Signature="));
  const sorted = pairs.map((pair) => (pair.includes("=") ? pair : `${pair}=`)).sort();
  const signed = signedHeaders.split(";");
  if (!signed.includes("host")) return [403, "SignatureDoesNotMatch"];
  const canonical = [
    method,
    path,
    sorted.join("&"),
    ...signed.map(
      (name) =>
        `${name}:${String(headers[name] ?? "")
          .trim()
          .replaceAll(/ +/g, " ")}`,
    ),
    "",
    signedHeaders,
    payload,
  ].join("\n");
  const text = ["AWS4-HMAC-SHA256", date, `${day}/${region}/${service}/${end}`, sha256(canonical)].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<Buffer | string>(hmac, `AWS4${keys.secret}`);
  return hmac(key, text).toString("hex") === signature ? null : [403, "SignatureDoesNotMatch"];
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(of: Buffer | string): string {
  return createHash("sha256").update(of).digest("hex");
}

function etagOf(bytes: Buffer): string {
  return `"${createHash("md5").update(bytes).digest("hex")}"`;
}

function objectOf(bytes: Buffer): StoredObject {
  return { bytes, etag: etagOf(bytes), modifiedAt: new Date() };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function xml(response: ServerResponse, text: string): ServerResponse {
  return response
    .writeHead(200, { "content-type": "application/xml" })
    .end(`<?xml version="1.0" encoding="UTF-8"?>${text}`);
}

function fail(response: ServerResponse, status: number, code: string, message = "", bare = false): ServerResponse {
  response.writeHead(status, { "content-type": "application/xml" });
  return response.end(
    bare ? undefined : `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
}
