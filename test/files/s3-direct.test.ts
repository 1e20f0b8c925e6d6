/** Parts of uploads that are sent to an S3-compatible store by presigned addresses: what these allow, what is missing, what becomes of them. */
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import type { DirectPart, DirectUploads, Files } from "../../src/core/ports.ts";
import { openFiles } from "../../src/files/open-files.ts";
import { s3Files } from "../../src/files/s3.ts";
import { openBucket } from "../../src/files/s3-bucket.ts";
import { freshFolder } from "../run-cli.ts";
import { type S3Server, s3Server } from "../s3-server.ts";

const mebibyte = 1024 * 1024;
const words = Uint32Array.from({ length: 3 * mebibyte }, (_, i) => Math.imul(i, 0x9e3779b1));
/** Two whole parts and a rest. */
const bytes = Buffer.from(words.buffer, 0, 11 * mebibyte + 12_345);
const sha256 = (of: Uint8Array): string => createHash("sha256").update(of).digest("hex");
const all = { sizeBytes: bytes.length, most: 16, expiresInSeconds: 60 };

async function openDirect(server: S3Server, namespace = "0123456789ab"): Promise<Files & { direct: DirectUploads }> {
  const owner = { namespace, adoptsUnnamed: false };
  const files = await s3Files(new URL(`s3://${server.bucket}/app`), server.settings, owner);
  return files as Files & { direct: DirectUploads };
}

async function begun() {
  const server = await s3Server();
  const files = await openDirect(server);
  const path = await files.startUpload("a", { atMostBytes: bytes.length });
  return { server, files, path };
}

const bytesOf = ({ fromBytes, sizeBytes }: DirectPart): Buffer => bytes.subarray(fromBytes, fromBytes + sizeBytes);

async function put(part: DirectPart, body: Buffer = bytesOf(part)): Promise<number> {
  return (await fetch(part.url, { method: "PUT", body: new Uint8Array(body) })).status;
}

async function finish(files: Files, path: string) {
  const writer = await files.continueUpload(path, bytes.length, { afresh: true });
  try {
    const head = Buffer.alloc(10);
    await writer.read(head, 0);
    expect(head.equals(bytes.subarray(0, 10))).toBe(true);
    return await writer.finish();
  } finally {
    await writer.close();
  }
}

it("makes a file of parts that came in any order, with nothing but their addresses", async () => {
  const { server, files, path } = await begun();
  const { storedBytes, parts } = await files.direct.missing(path, all);
  expect([storedBytes, parts.map(({ sizeBytes }) => sizeBytes)]).toEqual([
    0,
    [5 * mebibyte, 5 * mebibyte, mebibyte + 12_345],
  ]);
  expect(parts[0].url).toContain(`${server.url}/${server.bucket}/app/files/0123456789ab/upload-a?`);
  expect(await files.direct.address()).toBe(`${server.url}/${server.bucket}/app/files/0123456789ab/sample`);
  expect(await put(parts[2])).toBe(200);
  expect(await files.direct.join(path, all)).toBe(false);
  const left = await files.direct.missing(path, all);
  expect([left.storedBytes, left.parts.map(({ fromBytes }) => fromBytes)]).toEqual([
    mebibyte + 12_345,
    [0, 5 * mebibyte],
  ]);
  expect((await files.direct.missing(path, { ...all, most: 1 })).parts).toHaveLength(1);
  expect(await Promise.all(left.parts.map((part) => put(part)))).toEqual([200, 200]);
  expect((await files.direct.missing(path, all)).parts).toEqual([]);
  expect(await files.direct.join(path, all)).toBe(true);
  const { hash, storagePath } = await finish(files, path);
  expect(hash).toBe(sha256(bytes));
  expect([server.objects.size, server.uploads.size]).toEqual([1, 0]);
  // Joined once more, as by a server that was not heard; and no address changes it now.
  expect(await files.direct.join(path, all)).toBe(true);
  expect(await files.direct.missing(path, all)).toMatchObject({
    storedBytes: bytes.length,
    parts: [],
    uploadPath: path,
  });
  expect(await put(parts[0], Buffer.alloc(5 * mebibyte))).toBe(404);
  expect((await finish(files, path)).hash).toBe(sha256(bytes));
  await files.remove(storagePath);
  expect(server.objects.size).toBe(0);
});

it("signs for one part of one size, for a while, and for nothing else", async () => {
  const { server, files, path } = await begun();
  const other = await files.startUpload("b", { atMostBytes: bytes.length });
  const [part] = (await files.direct.missing(path, all)).parts;
  const [ofOther] = (await files.direct.missing(other, all)).parts;
  const { searchParams } = new URL(part.url);
  expect(searchParams.get("X-Amz-SignedHeaders")).toBe("content-length;host");
  expect(searchParams.get("X-Amz-Expires")).toBe("60");
  expect(part.url).not.toContain(server.settings.secretAccessKey);

  const body = new Uint8Array(bytesOf(part));
  const changed = (name: string, value: string): string => {
    const url = new URL(part.url);
    url.searchParams.set(name, value);
    return url.href;
  };
  const attempts: [string, string, RequestInit][] = [
    ["one byte less", part.url, { method: "PUT", body: body.subarray(1) }],
    ["one byte more", part.url, { method: "PUT", body: new Uint8Array(body.length + 1) }],
    ["nothing at all", part.url, { method: "PUT" }],
    ["another part", changed("partNumber", "2"), { method: "PUT", body }],
    ["a part beyond the file", changed("partNumber", "4"), { method: "PUT", body }],
    [
      "another upload",
      changed("uploadId", new URL(ofOther.url).searchParams.get("uploadId") as string),
      { method: "PUT", body },
    ],
    ["another object", part.url.replace("upload-a", "upload-b"), { method: "PUT", body }],
    ["a longer time", changed("X-Amz-Expires", "604800"), { method: "PUT", body }],
    ["reading it", part.url, { method: "GET" }],
    ["aborting it", part.url, { method: "DELETE" }],
    ["completing it", part.url, { method: "POST", body: "<CompleteMultipartUpload/>" }],
    ["no signature", part.url.split("?")[0], { method: "PUT", body }],
  ];
  for (const [what, url, init] of attempts) expect([what, (await fetch(url, init)).status]).toEqual([what, 403]);
  expect([...server.uploads.values()].map(({ parts }) => parts.size)).toEqual([0, 0]);

  const [late] = (await files.direct.missing(path, { ...all, expiresInSeconds: 1 })).parts;
  const signedAt = Date.parse(
    (new URL(late.url).searchParams.get("X-Amz-Date") as string).replace(
      /^(....)(..)(..T..)(..)(..Z)$/,
      "$1-$2-$3:$4:$5",
    ),
  );
  await expect.poll(() => Date.now() > signedAt + 1000).toBe(true);
  expect(await put(late)).toBe(403);
});

it("counts no part of another size, which a store let in", async () => {
  const { server, files, path } = await begun();
  const { parts } = await files.direct.missing(path, all);
  expect(await Promise.all(parts.map((part) => put(part)))).toEqual([200, 200, 200]);
  const [upload] = server.uploads.values();
  const [, second] = [...upload.parts.entries()].sort(([a], [b]) => a - b);
  upload.parts.set(2, { ...second[1], bytes: second[1].bytes.subarray(1) });
  upload.parts.set(4, second[1]);
  expect((await files.direct.missing(path, all)).parts.map(({ fromBytes }) => fromBytes)).toEqual([5 * mebibyte]);
  expect(await files.direct.join(path, all)).toBe(false);
  expect(await put(parts[1])).toBe(200);
  expect(await files.direct.join(path, all)).toBe(true);
  expect((await finish(files, path)).hash).toBe(sha256(bytes));
});

it("goes on through the server with what was sent directly, and the other way round", async () => {
  const { files, path } = await begun();
  const { parts } = await files.direct.missing(path, all);
  expect(await Promise.all([put(parts[0]), put(parts[2])])).toEqual([200, 200]);
  const there = await files.uploadedBytes(path, { notedBytes: 0, sizeBytes: bytes.length, afresh: true });
  expect(there).toBe(5 * mebibyte);
  const writer = await files.continueUpload(path, there, { afresh: true });
  await writer.write(bytes.subarray(there, there + 1000));
  await writer.flush();
  await writer.close();
  const left = await files.direct.missing(path, all);
  expect(left.parts.map(({ fromBytes }) => fromBytes)).toEqual([5 * mebibyte]);
  expect(await put(left.parts[0])).toBe(200);
  expect(await files.direct.join(path, all)).toBe(true);
  expect((await finish(files, path)).hash).toBe(sha256(bytes));
});

it("signs nothing of another database's, of a small file, or of an upload that is gone", async () => {
  const { server, files, path } = await begun();
  const copy = await openDirect(server, "ba9876543210");
  await expect(copy.direct.missing(path, all)).rejects.toMatchObject({ code: "not_found" });
  await expect(copy.direct.join(path, all)).rejects.toMatchObject({ code: "not_found" });
  expect(files.direct.takes(await files.startUpload("small", { atMostBytes: 5 * mebibyte }))).toBe(false);
  expect(files.direct.takes(path)).toBe(true);
  await files.abortUpload(path);
  await expect(files.direct.missing(path, all)).rejects.toMatchObject({ code: "not_found" });
  await expect(files.direct.join(path, all)).rejects.toMatchObject({ code: "not_found" });
  expect(server.uploads.size).toBe(0);
});

it("is there only where the config says so, and never for a folder", async () => {
  const server = await s3Server();
  const dataDir = await freshFolder();
  const { endpoint, region, accessKeyId, secretAccessKey } = server.settings;
  const config = {
    ...{ dataDir, files: `s3://${server.bucket}/app`, s3Endpoint: endpoint, s3Region: region },
    ...{ s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey },
  };
  expect((await openFiles(config)).direct).toBe(null);
  expect(await (await openFiles({ ...config, s3Uploads: true })).direct?.address()).toContain(server.url);
  expect((await openFiles({ dataDir, files: "", s3Uploads: true })).direct).toBe(null);
});

it("signs no checksum for AWS either, since the bytes are not there yet", async () => {
  const settings = { region: "eu-north-1", accessKeyId: "key", secretAccessKey: "secret" };
  const bucket = await openBucket(settings, "s3://orders/app");
  const part = { number: 1, sizeBytes: 5 * mebibyte, expiresInSeconds: 60 };
  const url = new URL(await bucket.partLink({ bucket: "orders", key: "app/a" }, "upload", part));
  expect(url.host).toBe("orders.s3.eu-north-1.amazonaws.com");
  expect(url.search).not.toMatch(/checksum/i);
  expect(url.searchParams.get("X-Amz-SignedHeaders")).toBe("content-length;host");
});
