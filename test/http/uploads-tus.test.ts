/** Resumable uploads: cut anywhere, served by any server, wanted by two at once; what arrives is the file, and its hash. */
import { appendFile, readdir, readFile, truncate } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import * as tus from "tus-js-client";
import { expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { csvOf, jsonOf, serverBehindCuts, sha256, type UploadPlace, uploadPlace } from "./upload-server.ts";

const csv = csvOf(3_000_000);
const protocol = { "tus-resumable": "1.0.0" };
const patchHeaders = { ...protocol, "content-type": "application/offset+octet-stream" };
const named = { "upload-metadata": `filename ${btoa("people.csv")}` };

/** As tus-js-client uploads it, coming back as often as it must. */
function upload(url: string, bytes: Buffer, options: Partial<tus.UploadOptions> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const each = new tus.Upload(bytes, {
      endpoint: `${url}/uploads/tus`,
      metadata: { filename: "people.csv" },
      retryDelays: Array.from({ length: 30 }, () => 20),
      onError: reject,
      onSuccess: () => resolve(each.url?.split("/").at(-1) as string),
      ...options,
    });
    each.start();
  });
}

async function begin(url: string, size: number): Promise<string> {
  const answer = await fetch(`${url}/uploads/tus`, {
    method: "POST",
    headers: { ...protocol, ...named, "upload-length": String(size) },
  });
  expect(answer.status).toBe(201);
  return new URL(answer.headers.get("location") as string, url).href;
}

function patch(location: string, offset: number, bytes: Uint8Array): Promise<Response> {
  return fetch(location, {
    method: "PATCH",
    headers: { ...patchHeaders, "upload-offset": String(offset) },
    body: bytes as Buffer<ArrayBuffer>,
  });
}

async function offsetOf(location: string): Promise<number> {
  const answer = await fetch(location, { method: "HEAD", headers: protocol });
  return Number(answer.headers.get("upload-offset") ?? Number.NaN);
}

/** What the server says of it, and what is on the disk. */
async function arrived(place: UploadPlace, { url }: { url: string }, id: string): Promise<unknown> {
  const { status, hash, receivedBytes, fileName } = await jsonOf(fetch(`${url}/uploads/${id}`));
  return {
    status,
    hash,
    receivedBytes,
    fileName,
    stored: sha256(await readFile(join(place.folder, "files", `upload-${id}`))),
  };
}

function whole(bytes: Uint8Array): unknown {
  return {
    status: "complete",
    hash: sha256(bytes),
    receivedBytes: bytes.length,
    fileName: "people.csv",
    stored: sha256(bytes),
  };
}

it.each([
  ["in one request", {}],
  ["with its first bytes in the creation", { uploadDataDuringCreation: true }],
  ["in chunks", { chunkSize: 700_000 }],
])("takes a file of tus-js-client %s", async (_, options) => {
  const place = await uploadPlace();
  const server = await place.start();
  expect(await arrived(place, server, await upload(server.url, csv, options))).toEqual(whole(csv));
});

it.each([1, 2, 3, 4])("goes on after cuts at random bytes, with another server each time (seed %i)", async (seed) => {
  const place = await uploadPlace();
  const proxy = await serverBehindCuts(place, { seed, cuts: 12, withinBytes: 900_000 });
  const id = await upload(proxy.url, csv);
  expect(proxy.cutCount).toBeGreaterThan(5);
  expect(await arrived(place, { url: proxy.target }, id)).toEqual(whole(csv));
});

it("takes turns between two servers on one database", async () => {
  const place = await uploadPlace();
  const servers = [await place.start(), await place.start()];
  const location = await begin(servers[0].url, csv.length);
  const [, path] = location.split("/api/v1");
  for (let offset = 0, turn = 0; offset < csv.length; turn++) {
    const chunk = csv.subarray(offset, offset + 190_001);
    const there = `${servers[turn % 3 === 0 ? 0 : 1].url}${path}`;
    expect((await patch(there, offset, chunk)).headers.get("upload-offset")).toBe(String(offset + chunk.length));
    offset += chunk.length;
    expect(await offsetOf(`${servers[(turn + 1) % 2].url}${path}`)).toBe(offset);
  }
  expect(await arrived(place, servers[1], location.split("/").at(-1) as string)).toEqual(whole(csv));
});

/** A PATCH that brings some bytes and then nothing more, until it is ended from outside. */
function stalledPatch(location: string, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve) => {
    const request = httpRequest(location, {
      method: "PATCH",
      headers: { ...patchHeaders, "upload-offset": "0", "content-length": csv.length },
    });
    request.on("response", (response) => {
      resolve(`${response.statusCode} ${response.headers["upload-offset"]}`);
      request.destroy();
    });
    request.on("error", () => resolve("cut"));
    request.write(bytes);
  });
}

it.each([
  ["the same server", 1],
  ["another server", 2],
])("lets a second client have the upload that a first one holds, at %s", async (_, serverCount) => {
  const place = await uploadPlace();
  const first = await place.start();
  const second = serverCount === 1 ? first : await place.start();
  const location = await begin(first.url, csv.length);
  const id = location.split("/").at(-1) as string;
  const stalled = stalledPatch(location, csv.subarray(0, 1_000_000));
  await expect.poll(() => storedBytes(place, id)).toBeGreaterThan(500_000);
  const offset = await offsetOf(`${second.url}/uploads/tus/${id}`);
  expect(offset).toBeGreaterThan(500_000);
  expect(await stalled).toBe(`204 ${offset}`);
  expect((await patch(`${second.url}/uploads/tus/${id}`, offset, csv.subarray(offset))).status).toBe(204);
  expect(await arrived(place, second, id)).toEqual(whole(csv));
});

async function storedBytes(place: UploadPlace, id: string): Promise<number> {
  return readFile(join(place.folder, "files", `upload-${id}`)).then(
    ({ length }) => length,
    () => 0,
  );
}

it("makes one file of two clients that send the same upload at once", async () => {
  const place = await uploadPlace();
  const servers = [await place.start(), await place.start()];
  const id = (await begin(servers[0].url, csv.length)).split("/").at(-1) as string;
  const done = await Promise.all(
    servers.map(({ url }) => upload(url, csv, { uploadUrl: `${url}/uploads/tus/${id}`, chunkSize: 300_000 })),
  );
  expect(done).toEqual([id, id]);
  expect(await arrived(place, servers[0], id)).toEqual(whole(csv));
});

it("waits for the lease of a process that died", async () => {
  const place = await uploadPlace();
  const { url } = await place.start();
  const location = await begin(url, csv.length);
  await place.database.query(sql`
    insert into sluice.upload_locks (upload_id, holder, expires_at) values (${location.split("/").at(-1)}, 'dead', now() + interval '700 milliseconds')
  `);
  expect((await patch(location, 0, csv)).status).toBe(204);
  expect(await place.database.query(sql`select holder from sluice.upload_locks`)).toEqual([]);
});

it.each([
  ["more bytes than were noted: they are cut off", (path: string) => appendFile(path, "x".repeat(5000)), 1_000_000],
  ["fewer bytes than were noted: they are sent again", (path: string) => truncate(path, 654_321), 654_321],
])("finds on the disk %s", async (_, change, expected) => {
  const place = await uploadPlace();
  let server = await place.start();
  const location = await begin(server.url, csv.length);
  const id = location.split("/").at(-1) as string;
  expect((await patch(location, 0, csv.subarray(0, 1_000_000))).status).toBe(204);
  await change(join(place.folder, "files", `upload-${id}`));
  // The same server has a hash in memory, another one has not.
  for (const next of [server, await place.start()]) {
    server = next;
    expect(await offsetOf(`${server.url}/uploads/tus/${id}`)).toBe(expected);
  }
  expect((await patch(`${server.url}/uploads/tus/${id}`, expected, csv.subarray(expected))).status).toBe(204);
  expect(await arrived(place, server, id)).toEqual(whole(csv));
});

it("uses the hash in memory only for bytes that it has seen itself", async () => {
  const place = await uploadPlace();
  const first = await place.start();
  const second = await place.start();
  const location = await begin(first.url, csv.length);
  const id = location.split("/").at(-1) as string;
  await patch(location, 0, csv.subarray(0, 1_000_000));
  // The second loses what the first has stored, and stores it again.
  await truncate(join(place.folder, "files", `upload-${id}`), 0);
  const other = Buffer.from(csv);
  other.fill("y", 10, 20);
  await patch(`${second.url}/uploads/tus/${id}`, 0, other.subarray(0, 1_000_000));
  await patch(location, 1_000_000, other.subarray(1_000_000));
  expect(await arrived(place, first, id)).toEqual(whole(other));
});

it("fences off a writer whose lease another has taken", async () => {
  const place = await uploadPlace();
  const { url } = await place.start();
  const location = await begin(url, csv.length);
  const id = location.split("/").at(-1) as string;
  const late = new Promise<string>((resolve) => {
    const request = httpRequest(location, {
      method: "PATCH",
      headers: { ...patchHeaders, "upload-offset": "0", "content-length": csv.length },
    });
    request.on("error", (error) => resolve(error.message));
    request.on("response", async (response) => {
      response.setEncoding("utf8");
      let text = "";
      for await (const piece of response) text += piece;
      resolve(`${response.statusCode} ${JSON.parse(text).detail}`);
    });
    request.write(csv.subarray(0, 1_000_000), async () => {
      await expect.poll(() => storedBytes(place, id)).toBeGreaterThan(500_000);
      await place.database.query(
        sql`update sluice.upload_locks set holder = 'another', expires_at = now() + interval '1 minute'`,
      );
      request.end(csv.subarray(1_000_000));
    });
  });
  expect(await late).toBe(`409 Upload ${id} was taken over by another request. Ask for its offset again.`);
  expect(await place.database.query(sql`select status, received_bytes from sluice.uploads`)).toEqual([
    { status: "open", received_bytes: 0 },
  ]);
});

const post = { method: "POST", headers: { ...protocol, ...named } };

it.each([
  ["without the protocol's version", { method: "POST", headers: named }, 412, /Tus-Resumable Required/],
  ["without a length", post, 400, /Upload-Length/],
  [
    "of a file that is empty",
    { ...post, headers: { ...post.headers, "upload-length": "0" } },
    422,
    /people\.csv is empty/,
  ],
  [
    "of a file that is too large",
    { ...post, headers: { ...post.headers, "upload-length": "5000001" } },
    413,
    /Maximum size exceeded/,
  ],
  [
    "of a file that no quota holds",
    { ...post, headers: { ...post.headers, "upload-length": "4000000" } },
    413,
    /larger than 4 MB, the limit for all your uploads together/,
  ],
  [
    "with broken metadata",
    { ...post, headers: { ...protocol, "upload-metadata": "a b c", "upload-length": "5" } },
    400,
    /Invalid upload-metadata/,
  ],
  [
    "of an unknown length",
    { ...post, headers: { ...post.headers, "upload-defer-length": "1" } },
    501,
    /not \(yet\) supported/,
  ],
])("refuses an upload %s", async (_, request, status, detail) => {
  const place = await uploadPlace();
  const { url } = await place.start({ limits: { fileBytes: 5_000_000, quota: { files: 5, bytes: 3_500_000 } } });
  const answer = await fetch(`${url}/uploads/tus`, request);
  const text = await answer.text();
  expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([status, null]);
  expect(text).toMatch(detail);
  expect(await place.database.query(sql`select id from sluice.uploads`)).toEqual([]);
});

it("says when to come back where the quota is used up", async () => {
  const { url } = await (await uploadPlace()).start({
    limits: { fileBytes: 5_000_000, quota: { files: 1, bytes: 5_000_000 }, keepMs: 60_000 },
  });
  const request = { ...post, headers: { ...post.headers, "upload-length": "1000" } };
  const first = await fetch(`${url}/uploads/tus`, request);
  const answer = await fetch(`${url}/uploads/tus`, request);
  expect([first.status, answer.status, answer.headers.get("retry-after")]).toEqual([
    201,
    429,
    expect.stringMatching(/^(60|5\d)$/),
  ]);
  const id = first.headers.get("location")?.split("/").at(-1);
  expect(await jsonOf(answer)).toMatchObject({
    code: "too_many",
    detail: expect.stringContaining('The oldest: "people.csv".'),
    next: expect.objectContaining({ code: "delete_uploads", uploadIds: id }),
    retryAfterSeconds: Number(answer.headers.get("retry-after")),
  });
});

it("keeps uploads of others, finished ones and wrong offsets apart", async () => {
  const place = await uploadPlace();
  const { url } = await place.start();
  const location = await begin(url, csv.length);
  const bo = { ...protocol, "x-user": "bo" };
  expect((await fetch(location, { method: "HEAD", headers: bo })).status).toBe(404);
  expect((await fetch(location, { method: "DELETE", headers: bo })).status).toBe(404);
  expect(
    (await fetch(location, { method: "PATCH", headers: { ...patchHeaders, ...bo, "upload-offset": "0" }, body: csv }))
      .status,
  ).toBe(404);
  expect([
    (await patch(location, 5, csv.subarray(5))).status,
    (await patch(location, 0, csvOf(3_100_000))).status,
  ]).toEqual([409, 413]);
  expect(await offsetOf(location)).toBe(0);
  expect((await patch(location, 0, csv)).status).toBe(204);
  expect([
    (await patch(location, csv.length, Buffer.alloc(0))).status,
    (await patch(location, csv.length, Buffer.from("x"))).status,
  ]).toEqual([204, 413]);
  expect((await fetch(location, { method: "DELETE", headers: protocol })).status).toBe(204);
  expect((await fetch(location, { method: "HEAD", headers: protocol })).status).toBe(404);
  expect(await readdir(join(place.folder, "files"))).toEqual([]);
});

it("refuses what is no table as soon as it is seen, however small the pieces", async () => {
  const place = await uploadPlace();
  const { url } = await place.start();
  const pdf = Buffer.from(`%PDF-1.7\n${"x".repeat(200_000)}`);
  const location = await begin(url, pdf.length);
  expect((await patch(location, 0, pdf.subarray(0, 40_000))).status).toBe(204);
  const refused = await patch(location, 40_000, pdf.subarray(40_000, 90_000));
  expect([refused.status, (await jsonOf(refused)).detail]).toEqual([
    422,
    expect.stringContaining("people.csv is a PDF"),
  ]);
  expect((await fetch(location, { method: "HEAD", headers: protocol })).status).toBe(404);
  expect(await readdir(join(place.folder, "files"))).toEqual([]);
});

it("says when an upload expires, and forgets it a day after its last byte", async () => {
  const place = await uploadPlace();
  const { url, uploads, files } = await place.start();
  const location = await begin(url, csv.length);
  await place.database.query(
    sql`update sluice.uploads set changed_at = now() - interval '20 hours', expires_at = now() + interval '4 hours'`,
  );
  const answer = await patch(location, 0, csv.subarray(0, 100));
  expect(answer.headers.get("upload-expires")).toMatch(/GMT$/);
  const [{ hours }] = await place.database.query<{ hours: number }>(
    sql`select round(extract(epoch from expires_at - now()) / 3600)::int as hours from sluice.uploads`,
  );
  expect(hours).toBe(24);
  await place.database.query(sql`update sluice.uploads set expires_at = now() - interval '1 second'`);
  expect((await fetch(location, { method: "HEAD", headers: protocol })).status).toBe(404);
  expect(await uploads.expire(files)).toBe(1);
  expect(await readdir(join(place.folder, "files"))).toEqual([]);
});

it("takes the requests of another server, whose bodies are web streams", async () => {
  const place = await uploadPlace();
  const server = await place.start();
  const address = "https://app.test/api/v1/uploads/tus";
  const made = await server.fetch(
    new Request(address, { method: "POST", headers: { ...protocol, ...named, "upload-length": String(csv.length) } }),
  );
  const location = new URL(made.headers.get("location") as string, address);
  const half = 1_500_000;
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(csv.subarray(0, half)));
      controller.error(new Error("gone"));
    },
  });
  const send = (offset: number, body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>): Promise<Response> =>
    server.fetch(
      new Request(location, {
        method: "PATCH",
        headers: { ...patchHeaders, "upload-offset": String(offset) },
        body,
        duplex: "half",
      }),
    );
  const cut = await send(0, broken);
  expect([cut.status, (await jsonOf(cut)).detail]).toEqual([422, expect.stringContaining("The connection was lost")]);
  expect((await send(0, new Uint8Array(csv.subarray(0, half)))).headers.get("upload-offset")).toBe(String(half));
  expect((await send(half, new Uint8Array(csv.subarray(half)))).status).toBe(204);
  expect(await arrived(place, server, location.pathname.split("/").at(-1) as string)).toEqual(whole(csv));
});

it.each<[string, string, Record<string, string>, number]>([
  ["a length that is no number", "POST", { "upload-length": "abc" }, 400],
  ["metadata that is none", "POST", { "upload-length": "5", "upload-metadata": "filename !!!" }, 400],
  ["no version", "POST", { "upload-length": "5", "tus-resumable": "" }, 412],
  ["no length", "POST", {}, 400],
])("refuses %s by a problem, as every other route does", async (_what, method, headers, status) => {
  const { url } = await (await uploadPlace()).start();
  const answer = await fetch(`${url}/uploads/tus`, { method, headers: { ...protocol, ...headers } });
  expect([answer.status, answer.headers.get("content-type"), await jsonOf(answer)]).toEqual([
    status,
    "application/problem+json",
    expect.objectContaining({ code: "invalid", status, detail: expect.stringMatching(/\S/) }),
  ]);
});

it("tells what it knows of tus", async () => {
  const { url } = await (await uploadPlace()).start();
  const { status, headers } = await fetch(`${url}/uploads/tus`, { method: "OPTIONS" });
  expect([status, headers.get("tus-version"), headers.get("tus-extension"), headers.get("tus-max-size")]).toEqual([
    204,
    "1.0.0",
    "creation,creation-with-upload,termination,expiration",
    String(2 * 1024 ** 3),
  ]);
});
