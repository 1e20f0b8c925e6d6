/** Uploads that are sent to Supabase Storage by its resumable endpoint: what the token allows, what is there, what becomes of it. */
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import type { DirectMissing, DirectResumable, DirectUploads, Files } from "../../src/core/ports.ts";
import { openFiles } from "../../src/files/open-files.ts";
import { s3Files } from "../../src/files/s3.ts";
import { supabaseStorage } from "../../src/files/supabase-storage.ts";
import { freshFolder } from "../run-cli.ts";
import { type SupabaseStorageServer, supabaseStorageServer } from "../supabase-storage.ts";

const mebibyte = 1024 * 1024;
const words = Uint32Array.from({ length: 4 * mebibyte }, (_, i) => Math.imul(i, 0x9e3779b1));
/** Two whole pieces and a rest. */
const bytes = Buffer.from(words.buffer, 0, 13 * mebibyte + 12_345);
const sha256 = (of: Uint8Array): string => createHash("sha256").update(of).digest("hex");
const all = { sizeBytes: bytes.length, most: 16, expiresInSeconds: 60 };
const tus = { "tus-resumable": "1.0.0" };

async function openDirect(server: SupabaseStorageServer, namespace = "0123456789ab") {
  const { projectUrl, serviceKey, s3 } = server;
  const supabase = supabaseStorage({ endpoint: s3.url, projectUrl, serviceKey });
  const owner = { namespace, adoptsUnnamed: false };
  const files = await s3Files(new URL(`s3://${s3.bucket}/app`), s3.settings, owner, { supabase });
  return files as Files & { direct: DirectUploads };
}

async function begun() {
  const server = await supabaseStorageServer();
  const files = await openDirect(server);
  return { server, files, path: await files.startUpload("a", { atMostBytes: bytes.length }) };
}

function send({ url, headers }: DirectResumable, at: number, body: Buffer, more: Record<string, string> = {}) {
  const ofPiece = { "content-type": "application/offset+octet-stream", "upload-offset": String(at) };
  const init = { method: "PATCH", headers: { ...headers, ...tus, ...ofPiece, ...more }, body: new Uint8Array(body) };
  return fetch(url, init).then(({ status }) => status);
}

async function sendAll({ resumable, storedBytes }: DirectMissing, of: Buffer = bytes): Promise<number[]> {
  const to = resumable as DirectResumable;
  const statuses: number[] = [];
  for (let at = storedBytes; at < of.length; at += to.pieceBytes)
    statuses.push(await send(to, at, of.subarray(at, at + to.pieceBytes)));
  return statuses;
}

async function finish(files: Files, path: string) {
  const writer = await files.continueUpload(path, bytes.length, { afresh: true });
  try {
    return await writer.finish();
  } finally {
    await writer.close();
  }
}

it("makes a file of pieces of 6 MiB, by an address and a token for that object alone", async () => {
  const { server, files, path } = await begun();
  const begunAt = await files.direct.missing(path, all);
  expect(begunAt).toMatchObject({ storedBytes: 0, parts: [], expiresInSeconds: expect.closeTo(7200, -1) });
  const { url, headers, pieceBytes } = begunAt.resumable as DirectResumable;
  expect(pieceBytes).toBe(6 * mebibyte);
  expect(url.startsWith((await files.direct.address()) as string)).toBe(true);
  expect(await files.direct.address()).toBe(`${server.projectUrl}/storage/v1/upload/resumable/sign/`);
  expect(Object.keys(headers)).toEqual(["x-signature"]);
  const [upload] = server.resumable.values();
  expect([upload.key, upload.sizeBytes, upload.metadata]).toMatchObject([
    "app/files/0123456789ab/upload-a",
    bytes.length,
    { bucketName: server.s3.bucket, contentType: "application/octet-stream", cacheControl: "0" },
  ]);

  expect(await send(begunAt.resumable as DirectResumable, 0, bytes.subarray(0, pieceBytes))).toBe(204);
  expect(await files.direct.join(begunAt.uploadPath, all)).toBe(false);
  const left = await files.direct.missing(begunAt.uploadPath, all);
  expect([left.storedBytes, left.uploadPath, left.resumable?.url]).toEqual([pieceBytes, begunAt.uploadPath, url]);
  expect(await sendAll(left)).toEqual([204, 204]);
  const whole = { storedBytes: bytes.length, parts: [], resumable: null, uploadPath: left.uploadPath };
  expect(await files.direct.missing(left.uploadPath, all)).toMatchObject(whole);
  expect(await files.direct.join(left.uploadPath, all)).toBe(true);
  const { hash, storagePath } = await finish(files, left.uploadPath);
  expect([hash, storagePath]).toEqual([sha256(bytes), `s3://${server.s3.bucket}/app/files/0123456789ab/upload-a`]);
  expect([server.s3.objects.size, server.s3.uploads.size]).toEqual([1, 0]);
  // Joined once more, as by a server that was not heard.
  expect(await files.direct.join(left.uploadPath, all)).toBe(true);
  await files.remove(storagePath);
  expect(server.s3.objects.size).toBe(0);
});

it("lets the token do nothing else, and tells the project's key to nobody", async () => {
  const { server, files, path } = await begun();
  const other = await files.startUpload("b", { atMostBytes: bytes.length });
  const missing = await files.direct.missing(path, all);
  const mine = missing.resumable as DirectResumable;
  const theirs = (await files.direct.missing(other, all)).resumable as DirectResumable;
  expect(JSON.stringify([missing, await files.direct.address()])).not.toContain(server.serviceKey);
  const piece = bytes.subarray(0, mine.pieceBytes);
  const offset = (to: DirectResumable) =>
    fetch(to.url, { method: "HEAD", headers: { ...to.headers, ...tus } }).then(({ status }) => status);
  expect({
    "another's address": await send({ ...theirs, headers: mine.headers }, 0, piece),
    "another's offset": await offset({ ...theirs, headers: mine.headers }),
    "no token": await send({ ...mine, headers: {} }, 0, piece),
    "less than a piece": await send(mine, 0, piece.subarray(1)),
    "from the middle": await send(mine, 1, piece),
    "more than was announced": await send(mine, 0, Buffer.alloc(bytes.length + 1)),
    "no tus": await send(mine, 0, piece, { "tus-resumable": "0.2.2" }),
  }).toEqual({
    ...{ "another's address": 400, "another's offset": 400, "no token": 400, "less than a piece": 400 },
    ...{ "from the middle": 409, "more than was announced": 413, "no tus": 412 },
  });
  expect([...server.resumable.values()].map(({ received }) => received.length)).toEqual([0, 0]);
  // What is whole is never replaced, whatever the request says.
  expect(await sendAll(missing)).toEqual([204, 204, 204]);
  const again = { ...mine, url: `${server.projectUrl}/storage/v1/upload/resumable/sign` };
  const metadata = `bucketName ${btoa(server.s3.bucket)},objectName ${btoa("app/files/0123456789ab/upload-a")}`;
  const headers = { ...mine.headers, ...tus, "upload-length": "4", "upload-metadata": metadata, "x-upsert": "true" };
  const second = await fetch(again.url, { method: "POST", headers });
  const to = { ...mine, url: second.headers.get("location") as string };
  expect(await send(to, 0, Buffer.from("evil"), { "x-upsert": "true" })).toBe(409);
  expect(await files.direct.join(missing.uploadPath, all)).toBe(true);
  expect((await finish(files, missing.uploadPath)).hash).toBe(sha256(bytes));
});

it("takes away what has another size than was announced, and takes the right file then", async () => {
  const { server, files, path } = await begun();
  const missing = await files.direct.missing(path, all);
  server.s3.objects.set("app/files/0123456789ab/upload-a", {
    ...{ bytes: Buffer.from("a\n1\n"), etag: '"x"', modifiedAt: new Date() },
  });
  for (const asking of [files.direct.join, files.direct.missing]) {
    await expect(asking(missing.uploadPath, all)).rejects.toMatchObject({
      code: "conflict",
      message: `4 bytes were sent to the object storage, and ${bytes.length} were announced. Upload the file again.`,
    });
    expect(server.s3.objects.size).toBe(0);
    server.s3.objects.set("app/files/0123456789ab/upload-a", {
      ...{ bytes: Buffer.from("a\n1\n"), etag: '"x"', modifiedAt: new Date() },
    });
  }
  server.s3.objects.clear();
  const next = await files.direct.missing(missing.uploadPath, all);
  expect(await sendAll(next)).toEqual([204, 204, 204]);
  expect(await files.direct.join(next.uploadPath, all)).toBe(true);
});

it("begins anew where the address has expired, or its end was lost", async () => {
  const { server, files, path } = await begun();
  const first = await files.direct.missing(path, all);
  const piece = bytes.subarray(0, 6 * mebibyte);
  expect(await send(first.resumable as DirectResumable, 0, piece)).toBe(204);
  const [upload] = server.resumable.values();
  upload.begunAt -= 25 * 60 * 60 * 1000;
  const second = await files.direct.missing(first.uploadPath, all);
  expect(second.storedBytes).toBe(0);
  expect(second.uploadPath).not.toBe(first.uploadPath);
  expect(await sendAll(second)).toEqual([204, 204, 204]);
  server.s3.objects.clear();
  const third = await files.direct.missing(second.uploadPath, all);
  expect([third.storedBytes, server.resumable.size]).toEqual([0, 3]);
  expect(await sendAll(third)).toEqual([204, 204, 204]);
  expect(await files.direct.join(third.uploadPath, all)).toBe(true);
});

it("signs again where the token has expired, and goes on there", async () => {
  const { server, files, path } = await begun();
  server.tokenSeconds = -1;
  const late = await files.direct.missing(path, all).catch((error: unknown) => error);
  expect(late).toMatchObject({ code: "not_found" });
  server.tokenSeconds = 7200;
  const first = await files.direct.missing(path, all);
  const piece = bytes.subarray(0, 6 * mebibyte);
  expect(await send(first.resumable as DirectResumable, 0, piece)).toBe(204);
  const again = await files.direct.missing(first.uploadPath, all);
  expect([again.storedBytes, again.resumable?.url]).toEqual([piece.length, first.resumable?.url]);
});

it("goes on through the server with the same upload, and the other way round", async () => {
  const { server, files, path } = await begun();
  const { uploadPath, resumable } = await files.direct.missing(path, all);
  expect(await send(resumable as DirectResumable, 0, bytes.subarray(0, 6 * mebibyte))).toBe(204);
  // What only the storage's own endpoint has does not count for the server.
  const noted = { notedBytes: 6 * mebibyte, sizeBytes: bytes.length, afresh: true };
  expect(await files.uploadedBytes(uploadPath, noted)).toBe(0);
  const writer = await files.continueUpload(uploadPath, 0, { afresh: true });
  await writer.write(bytes);
  const { hash } = await writer.finish();
  await writer.close();
  expect([hash, server.s3.uploads.size]).toEqual([sha256(bytes), 0]);
  // And the rest that comes there then replaces nothing.
  expect(await send(resumable as DirectResumable, 6 * mebibyte, bytes.subarray(6 * mebibyte, 12 * mebibyte))).toBe(204);
  expect(await send(resumable as DirectResumable, 12 * mebibyte, Buffer.alloc(mebibyte + 12_345))).toBe(409);
  expect(await files.direct.missing(uploadPath, all)).toMatchObject({ storedBytes: bytes.length, resumable: null });
});

it("lets another database's uploads alone", async () => {
  const { server, files, path } = await begun();
  const { uploadPath } = await files.direct.missing(path, all);
  const copy = await openDirect(server, "ba9876543210");
  const asked = server.requests.length;
  await expect(copy.direct.missing(uploadPath, all)).rejects.toMatchObject({ code: "not_found" });
  await expect(copy.direct.join(uploadPath, all)).rejects.toMatchObject({ code: "not_found" });
  expect(server.requests).toHaveLength(asked);
  expect(files.direct.takes(await files.startUpload("small", { atMostBytes: 5 * mebibyte }))).toBe(false);
  await files.abortUpload(uploadPath);
  expect(server.s3.uploads.size).toBe(0);
});

it("is not offered for a while after the project has refused, and is tried again by whoever it only kept waiting", async () => {
  const refusals = ["sign", "begin"] as const;
  for (const refused of refusals) {
    const { server, files, path } = await begun();
    server.fault = ({ operation }) => (operation === refused ? { status: 503 } : undefined);
    await expect(files.direct.missing(path, all)).rejects.toMatchObject({ code: "unavailable" });
    server.fault = ({ operation }) => (operation === refused ? "cut" : undefined);
    await expect(files.direct.missing(path, all)).rejects.toMatchObject({ code: "unavailable" });
    expect(await files.direct.address()).not.toBe(null);
    server.fault = ({ operation }) => (operation === refused ? { status: refused === "sign" ? 400 : 413 } : undefined);
    await expect(files.direct.missing(path, all)).rejects.toMatchObject({ code: "not_found" });
    // A file that is too large says nothing of others.
    expect((await files.direct.address()) === null).toBe(refused === "sign");
  }
});

it("is chosen by itself for the Storage of the project that is named, and its key goes to no other", async () => {
  const server = await supabaseStorageServer();
  const dataDir = await freshFolder();
  const { endpoint, region, accessKeyId, secretAccessKey } = server.s3.settings;
  const config = {
    ...{ dataDir, files: `s3://${server.s3.bucket}/app`, s3Endpoint: endpoint, s3Region: region },
    ...{ s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey, s3Uploads: null },
    ...{ hosting: { supabaseUrl: server.projectUrl }, supabaseServiceKey: server.serviceKey },
  };
  const methodOf = async (more: object): Promise<string | null> =>
    (await openFiles({ ...config, ...more })).direct?.sends.method ?? null;
  expect(await methodOf({})).toBe("PATCH");
  expect(await methodOf({ s3Uploads: true })).toBe("PATCH");
  expect(await methodOf({ s3Uploads: false })).toBe(null);
  expect(await methodOf({ supabaseServiceKey: "" })).toBe(null);
  expect(await methodOf({ supabaseServiceKey: "", s3Uploads: true })).toBe("PUT");
  expect(await methodOf({ files: "" })).toBe(null);

  const isOwn = (endpoint: string, projectUrl: string): boolean =>
    supabaseStorage({ endpoint, projectUrl, serviceKey: "sb_secret_x" }) !== null;
  const project = "https://abcdefghijklmnopqrst.supabase.co";
  expect(isOwn("https://abcdefghijklmnopqrst.storage.supabase.co/storage/v1/s3", project)).toBe(true);
  expect(isOwn("https://abcdefghijklmnopqrst.supabase.co/storage/v1/s3/", project)).toBe(true);
  expect(isOwn("https://api.example.com/storage/v1/s3", "https://api.example.com")).toBe(true);
  for (const other of [
    "https://othersothersothersot.storage.supabase.co/storage/v1/s3",
    "https://abcdefghijklmnopqrst.storage.supabase.co.example.com/storage/v1/s3",
    "https://example.com/abcdefghijklmnopqrst.supabase.co/storage/v1/s3",
    "http://abcdefghijklmnopqrst.storage.supabase.co/storage/v1/s3",
    "https://abcdefghijklmnopqrst.supabase.co:8443/storage/v1/s3",
    "https://abcdefghijklmnopqrst.supabase.co/elsewhere",
    "https://s3.eu-west-3.amazonaws.com",
    "",
  ])
    expect([other, isOwn(other, project)]).toEqual([other, false]);
  expect(isOwn("https://abcdefghijklmnopqrst.supabase.co/storage/v1/s3", "")).toBe(false);
});
