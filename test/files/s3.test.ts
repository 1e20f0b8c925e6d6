/** Files in an S3-compatible store: what is kept, continued by whoever is there, read by ranges, and taken away, with the real SDK. */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Files, FilesOwner } from "../../src/core/ports.ts";
import { s3Files } from "../../src/files/s3.ts";
import { freshFolder } from "../run-cli.ts";
import { type S3Server, s3Server } from "../s3-server.ts";

const mebibyte = 1024 * 1024;
/** Bytes of which no two places look alike. */
const bytesOf = (length: number): Buffer => {
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let i = 0; i < words.length; i++) words[i] = Math.imul(i, 0x9e3779b1);
  return Buffer.from(words.buffer, 0, length);
};
/** Two whole parts and a rest. */
const bytes = bytesOf(11 * mebibyte + 12_345);
const sha256 = (of: Uint8Array): string => createHash("sha256").update(of).digest("hex");

const mine: FilesOwner = { namespace: "0123456789ab", adoptsUnnamed: true };
const theirs: FilesOwner = { namespace: "ba9876543210", adoptsUnnamed: false };

function filesIn(
  server: S3Server,
  { owner = mine, idleMs }: { owner?: FilesOwner | null; idleMs?: number } = {},
): Promise<Files> {
  return s3Files(
    new URL(`s3://${server.bucket}/app/one`),
    server.settings,
    owner,
    idleMs === undefined ? {} : { idleMs },
  );
}

async function* pieces(of: Uint8Array, pieceBytes = 64 * 1024): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < of.length; at += pieceBytes) yield of.subarray(at, at + pieceBytes);
}

async function wholeOf(files: Files, path: string, readBytes = 64 * 1024): Promise<Buffer> {
  const source = await files.open(path);
  const whole = Buffer.alloc(source.sizeBytes);
  for (let at = 0; at < whole.length; ) at += await source.read(whole.subarray(at, at + readBytes), at);
  await source.close();
  return whole;
}

/** Ages what is there by two days. */
function makeOld({ objects, uploads }: S3Server): void {
  const old = new Date(Date.now() - 48 * 3600 * 1000);
  for (const object of objects.values()) object.modifiedAt = old;
  for (const upload of uploads.values()) upload.begunAt = old;
}

const day = 24 * 3600 * 1000;

it.each([
  ["one byte", 1],
  ["a part, and no byte more", 5 * mebibyte],
  ["a part and a byte", 5 * mebibyte + 1],
  ["several parts", bytes.length],
])("keeps a file of %s, hashed, from a path and from a stream", async (_, length) => {
  const server = await s3Server();
  const files = await filesIn(server);
  const path = join(await freshFolder(), "a.csv");
  await writeFile(path, bytes.subarray(0, length));
  const kept = [
    await files.keep(path, { name: "a.csv" }),
    await files.keep(pieces(bytes.subarray(0, length)), { name: "stdin" }),
  ];
  for (const { storagePath, hash, sizeBytes } of kept) {
    expect([hash, sizeBytes]).toEqual([sha256(bytes.subarray(0, length)), length]);
    expect(storagePath).toMatch(/^s3:\/\/imports-test\/app\/one\/files\/0123456789ab\/[0-9a-f-]{36}$/);
    expect((await wholeOf(files, storagePath)).equals(bytes.subarray(0, length))).toBe(true);
  }
  expect([server.objects.size, server.uploads.size]).toEqual([2, 0]);
  const again = await files.keepAgain(kept[0].storagePath);
  await files.remove(kept[0].storagePath);
  await files.remove(kept[0].storagePath);
  expect(sha256(await wholeOf(files, again))).toBe(kept[0].hash);
  for (const ask of [files.open, files.keepAgain])
    await expect(ask(kept[0].storagePath)).rejects.toMatchObject({ code: "not_found", next: { code: "upload_again" } });
});

it("leaves nothing behind of a file that cannot be kept, nor of a report that is given up", async () => {
  const server = await s3Server();
  const files = await filesIn(server);
  const stop = new AbortController();
  async function* stopped(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < 3; at++) yield bytesOf(10 * mebibyte);
    stop.abort(new Error("stopped"));
    yield Buffer.from("b");
  }
  await expect(files.keep(pieces(Buffer.alloc(0)), { name: "stdin" })).rejects.toThrow("stdin is empty");
  await expect(files.keep(stopped(), { name: "stdin", signal: stop.signal })).rejects.toThrow("stopped");
  expect(server.requests.map(({ operation }) => operation)).toContain("UploadPart");
  const report = await files.createReport("r.csv");
  await report.write("half");
  await report.discard();
  expect([server.objects.size, server.uploads.size]).toEqual([0, 0]);
});

it("puts a report in its place only when it is whole", async () => {
  const server = await s3Server();
  const files = await filesIn(server);
  const report = await files.createReport("r.csv");
  await report.write("é;1\n");
  await report.write("x".repeat(6 * mebibyte));
  expect(server.objects.size).toBe(0);
  await report.close();
  expect(report.path).toBe("s3://imports-test/app/one/reports/0123456789ab/r.csv");
  expect((await wholeOf(files, report.path)).toString()).toBe(`é;1\n${"x".repeat(6 * mebibyte)}`);
});

/** Sends the rest of a file in pieces, each by a writer of its own, as requests do; returns its hash and path. */
async function sendRest(
  opened: () => Promise<Files>,
  path: string,
  { pieceBytes, noted, sizeBytes = bytes.length }: { pieceBytes: number; noted: { bytes: number }; sizeBytes?: number },
): Promise<{ hash: string; storagePath: string }> {
  let last: Files | undefined;
  for (;;) {
    const files = await opened();
    const afresh = files !== last;
    last = files;
    const from = await files.uploadedBytes(path, { notedBytes: noted.bytes, sizeBytes, afresh });
    expect(from).toBeLessThan(sizeBytes);
    const writer = await files.continueUpload(path, from, { afresh });
    try {
      for await (const piece of pieces(bytes.subarray(from, Math.min(from + pieceBytes, sizeBytes))))
        await writer.write(piece);
      if (from + pieceBytes >= sizeBytes) return await writer.finish();
      await writer.flush();
      noted.bytes = await writer.sync();
    } finally {
      await writer.close();
    }
  }
}

it.each([
  ["by one process", true, bytes.length],
  ["by one process after another", false, bytes.length],
  ["that is small, by one process after another", false, 4 * mebibyte],
])("takes an upload in pieces %s", async (_, isOne, sizeBytes) => {
  const server = await s3Server({ pageSize: 1 });
  const one = await filesIn(server);
  const path = await one.startUpload("a".repeat(32), { atMostBytes: sizeBytes });
  const opened = isOne ? async () => one : () => filesIn(server);
  const sent = await sendRest(opened, path, { pieceBytes: 900_000, noted: { bytes: 0 }, sizeBytes });
  expect(sent.hash).toBe(sha256(bytes.subarray(0, sizeBytes)));
  expect(sha256(await wholeOf(one, sent.storagePath))).toBe(sent.hash);
  // No tail and no part is left.
  expect([[...server.objects.keys()], server.uploads.size]).toEqual([[sent.storagePath.slice(18)], 0]);
});

it("gives the first bytes back while they come in, to be judged by", async () => {
  const files = await filesIn(await s3Server());
  const path = await files.startUpload("a", { atMostBytes: bytes.length });
  const writer = await files.continueUpload(path, 0, { afresh: true });
  for await (const piece of pieces(bytes.subarray(0, 7 * mebibyte))) await writer.write(piece);
  const head = Buffer.alloc(64 * 1024);
  expect([await writer.read(head, 0), head.equals(bytes.subarray(0, head.length))]).toEqual([head.length, true]);
  await writer.close();
  await files.abortUpload(path);
});

it("loses and doubles nothing whichever request to the store a process dies at, answered or not", async () => {
  const server = await s3Server();
  const sizeBytes = 6 * mebibyte;
  const asked = async (isDying: (nth: number) => "cut" | "unheard" | undefined): Promise<number> => {
    server.objects.clear();
    const noted = { bytes: 0 };
    let files = await filesIn(server);
    const path = await files.startUpload("b".repeat(32), { atMostBytes: sizeBytes });
    const begun = server.requests.length;
    let isDead = false;
    server.fault = () => {
      const how = isDying(server.requests.length - begun);
      if (how === undefined && !isDead) return undefined;
      // What a dead process would have asked after that is not done.
      if (isDead) return { status: 403, code: "Dead" };
      isDead = true;
      return how === "unheard" ? "unheard" : { status: 403, code: "Dead" };
    };
    const send = (): Promise<{ hash: string; storagePath: string } | null> =>
      sendRest(async () => files, path, { pieceBytes: 2_400_000, noted, sizeBytes }).catch(() => null);
    let sent = await send();
    const count = server.requests.length - begun;
    server.fault = () => undefined;
    if (sent === null) files = await filesIn(server);
    sent ??= await send();
    expect(sent).not.toBe(null);
    expect(sent?.hash).toBe(sha256(bytes.subarray(0, sizeBytes)));
    expect(sha256(server.objects.get(sent?.storagePath.slice(18) ?? "")?.bytes ?? Buffer.alloc(0))).toBe(sent?.hash);
    expect(server.uploads.size).toBe(0);
    return count;
  };
  const all = await asked(() => undefined);
  expect(all).toBeGreaterThan(8);
  for (let nth = 1; nth <= all; nth++) {
    await asked((each) => (each === nth ? "cut" : undefined));
    await asked((each) => (each === nth ? "unheard" : undefined));
  }
});

it("compares what comes again of an upload that was finished unheard", async () => {
  const server = await s3Server();
  const files = await filesIn(server);
  const path = await files.startUpload("c", { atMostBytes: bytes.length });
  const sizeBytes = bytes.length;
  await sendRest(async () => files, path, { pieceBytes: 3_000_000, noted: { bytes: 0 } });
  const next = await filesIn(server);
  const from = await next.uploadedBytes(path, { notedBytes: 3_000_000, sizeBytes, afresh: true });
  expect(from).toBe(3_000_000);
  const other = await next.continueUpload(path, from, { afresh: true });
  await expect(other.write(Buffer.from("something else"))).rejects.toMatchObject({ code: "conflict" });
  await other.close();
  const same = await next.continueUpload(path, from, { afresh: true });
  for await (const piece of pieces(bytes.subarray(from))) await same.write(piece);
  expect((await same.finish()).hash).toBe(sha256(bytes));
  await same.close();
});

it("continues before a part that the store has lost, and says so to who had sent it", async () => {
  const server = await s3Server();
  const files = await filesIn(server);
  const path = await files.startUpload("d", { atMostBytes: bytes.length });
  const writer = await files.continueUpload(path, 0, { afresh: true });
  for await (const piece of pieces(bytes)) await writer.write(piece);
  await writer.flush();
  const [upload] = [...server.uploads.values()];
  upload.parts.delete(2);
  await expect(writer.finish()).rejects.toMatchObject({ code: "unavailable", message: /lost a part/ });
  await writer.close();
  const noted = { bytes: bytes.length - 1 };
  expect(await files.uploadedBytes(path, { notedBytes: noted.bytes, sizeBytes: bytes.length, afresh: true })).toBe(
    5 * mebibyte,
  );
  expect((await sendRest(() => filesIn(server), path, { pieceBytes: bytes.length, noted })).hash).toBe(sha256(bytes));
  // Nothing is left of the upload at all.
  const gone = await files.startUpload("e", { atMostBytes: bytes.length });
  server.uploads.clear();
  const asked = (await filesIn(server)).uploadedBytes(gone, { notedBytes: 9, sizeBytes: 99_999_999, afresh: true });
  await expect(asked).rejects.toMatchObject({ code: "not_found" });
});

it("reads a file in few requests from its beginning to its end, and anywhere", async () => {
  const server = await s3Server();
  const files = await filesIn(server);
  const large = bytesOf(30 * mebibyte);
  const { storagePath } = await files.keep(pieces(large, mebibyte), { name: "large.csv" });
  server.requests.length = 0;
  expect((await wholeOf(files, storagePath)).equals(large)).toBe(true);
  expect(server.requests.length).toBeLessThan(16);
  const source = await files.open(storagePath);
  const into = Buffer.alloc(1000);
  for (const at of [0, large.length - 22, large.length - 70_000, 17, 12_345_678, large.length - 1, large.length]) {
    const length = await source.read(into, at);
    expect([length, into.subarray(0, length).equals(large.subarray(at, at + 1000))]).toEqual([
      Math.min(1000, large.length - at),
      true,
    ]);
  }
  await source.close();
});

it("takes away what nobody needs, page by page, and nothing of another database's", async () => {
  const server = await s3Server({ pageSize: 2 });
  const [own, other] = [await filesIn(server), await filesIn(server, { owner: theirs })];
  const begin = async (files: Files, id: string): Promise<string> => {
    const path = await files.startUpload(id, { atMostBytes: bytes.length });
    const writer = await files.continueUpload(path, 0, { afresh: true });
    for await (const piece of pieces(bytes.subarray(0, 6 * mebibyte))) await writer.write(piece);
    await writer.flush();
    await writer.close();
    return path;
  };
  for (const files of [own, other]) {
    for (let n = 0; n < 3; n++) await files.keep(pieces(Buffer.from(`a\n${n}\n`)), { name: "a" });
    await begin(files, "1");
    const report = await files.createReport("import-1-rejected.csv");
    await report.write("of one of them");
    await report.close();
  }
  const forgotten = await own.createReport("import-2-rejected.csv");
  await forgotten.close();
  const reportPath = `s3://${server.bucket}/app/one/reports/${mine.namespace}/import-1-rejected.csv`;
  const needed = await own.keep(pieces(Buffer.from("a\nneeded\n")), { name: "a" });
  const continued = await begin(own, "2");
  const small = await own.startUpload("3", { atMostBytes: 100 });
  const writer = await own.continueUpload(small, 0, { afresh: true });
  await writer.write(Buffer.from("a\n1"));
  await writer.flush();
  await writer.close();
  makeOld(server);
  const young = await own.keep(pieces(Buffer.from("a\nyoung\n")), { name: "a" });
  const ofOther = [...server.objects.keys()].filter((key) => key.includes(theirs.namespace));

  await own.removeUnneeded({ olderThanMs: day, needed: new Set([needed.storagePath, continued, small, reportPath]) });
  const left = [...server.objects.keys()].filter((key) => key.includes(mine.namespace)).sort();
  const keys = [needed.storagePath, young.storagePath].map((path) => path.slice(18));
  const folder = `app/one/files/${mine.namespace}`;
  expect(left).toEqual(
    [
      ...keys,
      `${folder}/upload-2.tail-2`,
      `${folder}/upload-3.tail-1`,
      `app/one/reports/${mine.namespace}/import-1-rejected.csv`,
    ].sort(),
  );
  expect([...server.uploads.values()].map(({ key }) => key).sort()).toEqual(
    [`${folder}/upload-2`, `app/one/files/${theirs.namespace}/upload-1`].sort(),
  );

  // By name, too, each takes its own away alone.
  for (const key of ofOther) await own.remove(`s3://${server.bucket}/${key}`);
  for (const [id, { key }] of server.uploads)
    if (key.includes(theirs.namespace))
      await own.abortUpload(`s3://${server.bucket}/${key}?part=5242880&upload=${encodeURIComponent(id)}`);
  await expect(other.continueUpload(continued, 0, { afresh: true })).rejects.toThrow(/another database/);
  expect([...server.objects.keys()].filter((key) => key.includes(theirs.namespace))).toEqual(ofOther);
  expect(server.uploads.size).toBe(2);
  await own.abortUpload(continued);
  await own.abortUpload(small);
  expect([server.uploads.size, [...server.objects.keys()].filter((key) => key.includes(".tail-")).length]).toEqual([
    1, 1,
  ]);
});

it.each([
  ["AccessDenied", 403, "forbidden", /refuses access \(AccessDenied\)\. Check its keys/],
  ["SignatureDoesNotMatch", 403, "forbidden", /refuses access \(SignatureDoesNotMatch\)/],
  ["NoSuchBucket", 404, "invalid", /has no bucket for s3:\/\/imports-test\/app\/one.*SLUICE_S3_ENDPOINT/],
  ["AuthorizationHeaderMalformed", 400, "invalid", /another region.*SLUICE_S3_REGION/],
  ["EntityTooLarge", 413, "too_large", /does not take a file of this size/],
  ["QuotaExceeded", 400, "unavailable", /is full \(QuotaExceeded\)/],
  ["RequestTimeTooSkewed", 403, "unavailable", /clock of this machine is wrong/],
  ["InvalidDigest", 400, "unavailable", /refused a request \(400 InvalidDigest\)/],
  ["SlowDown", 503, "unavailable", /does not answer as it should \(503 SlowDown\).*Nothing is lost/],
])("says of %s what can be done", async (code, status, kind, message) => {
  const server = await s3Server();
  const files = await filesIn(server);
  server.fault = ({ operation }) => (operation === "PutObject" ? { status, code } : undefined);
  await expect(files.keep(pieces(Buffer.from("a\n1\n")), { name: "a" })).rejects.toMatchObject({
    code: kind,
    message: expect.stringMatching(message),
    told: expect.anything(),
  });
});

it("says that the store is away, or that nothing comes from it, and continues when it is back", async () => {
  const server = await s3Server();
  const files = await filesIn(server);
  const impatient = await filesIn(server, { idleMs: 250 });
  const { storagePath } = await files.keep(pieces(bytes), { name: "a.csv" });
  const away = { code: "unavailable", message: expect.stringMatching(/does not answer as it should/) };
  server.fault = () => "hang";
  await expect(impatient.open(storagePath)).rejects.toMatchObject(away);
  server.fault = () => undefined;
  const source = await files.open(storagePath);
  await server.stop();
  await expect(source.read(Buffer.alloc(10), 0)).rejects.toMatchObject({
    ...away,
    message: expect.stringMatching(/ECONNREFUSED/),
  });
  await server.start();
  const into = Buffer.alloc(10);
  expect([await source.read(into, 0), into.equals(bytes.subarray(0, 10))]).toEqual([10, true]);
  await source.close();
});

it("asks again for a range that breaks off, or that is not what was asked for", async () => {
  const server = await s3Server();
  const files = await filesIn(server);
  const { storagePath } = await files.keep(pieces(bytes), { name: "a.csv" });
  let nth = 0;
  server.fault = ({ operation }) => (operation === "GetObject" && nth++ % 2 === 0 ? "half" : undefined);
  expect((await wholeOf(files, storagePath)).equals(bytes)).toBe(true);
  expect(nth).toBeGreaterThan(4);
});

it("makes a link by which anyone gets the file for a while, under its name, and nobody another", async () => {
  const server = await s3Server();
  const files = await filesIn(server);
  const { storagePath } = await files.keep(pieces(Buffer.from("a\n1\n")), { name: "a.csv" });
  const link = (await files.link(storagePath, {
    expiresInSeconds: 60,
    fileName: "Année (1).csv",
    contentType: "text/csv",
  })) as string;
  const answer = await fetch(link);
  expect([answer.status, await answer.text(), answer.headers.get("content-disposition")]).toEqual([
    200,
    "a\n1\n",
    "attachment; filename*=UTF-8''Ann%C3%A9e%20%281%29.csv",
  ]);
  expect((await fetch(link.replace("/files/", "/reports/"))).status).toBe(403);
  expect(link).not.toMatch(/checksum/i);
});

it("works with keys of the environment, as AWS's own tools find them, and says when there are none", async () => {
  const server = await s3Server();
  const settings = { ...server.settings, accessKeyId: "", secretAccessKey: "" };
  const before = { ...process.env };
  try {
    Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: "true", AWS_CONFIG_FILE: "/dev/null" });
    Object.assign(process.env, { AWS_SHARED_CREDENTIALS_FILE: "/dev/null" });
    const address = new URL(`s3://${server.bucket}`);
    await expect((await s3Files(address, settings)).open(`s3://${server.bucket}/files/a`)).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringMatching(/There are no keys for the object storage.*AWS_ACCESS_KEY_ID/),
    });
    Object.assign(process.env, server.environment);
    const files = await s3Files(address, settings);
    const { storagePath } = await files.keep(pieces(Buffer.from("a\n1\n")), { name: "a.csv" });
    expect((await wholeOf(files, storagePath)).toString()).toBe("a\n1\n");
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
});

it.each([
  ["s3://", {}, /names no bucket/],
  ["s3://bucket/with space", {}, /a prefix has only letters/],
  ["s3://bucket/a/../b%2e", {}, /a prefix has only letters/],
  ["s3://key:secret@bucket", {}, /keys do not belong into the address.*SLUICE_S3_ACCESS_KEY_ID/],
  ["s3://bucket?endpoint=x", {}, /SLUICE_S3_ENDPOINT/],
  ["s3://bucket", { endpoint: "", region: "" }, /set SLUICE_S3_REGION/],
  ["s3://bucket", { endpoint: "storage.example.com" }, /must begin with https:/],
  ["s3://bucket", { secretAccessKey: "" }, /belong together/],
])("refuses %s with %j", async (address, changed, message) => {
  const { settings } = await s3Server();
  const opening = (async () => s3Files(new URL(address), { ...settings, ...changed }))();
  await expect(opening).rejects.toThrow(message);
});
