/** Uploads that the client sends to Supabase Storage itself: with nothing but a token, over a network that breaks, through a reload, and whose they are. */
import { expect, it } from "vitest";
import { createClient } from "../../src/client/index.ts";
import type { UploadLimits } from "../../src/core/store/uploads.ts";
import { s3Files } from "../../src/files/s3.ts";
import { supabaseStorage } from "../../src/files/supabase-storage.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { csvOf, jsonOf, serverBehindCuts, sha256, uploadPlace } from "../http/upload-server.ts";
import { type SupabaseStorageServer, supabaseStorageServer } from "../supabase-storage.ts";

const mebibyte = 1024 * 1024;
/** Three whole pieces and a rest. */
const csv = csvOf(20_000_000);
const pieces = [0, 1, 2, 3].map((index) => String(index * 6 * mebibyte));
const clientAt = (url: string, user = "anna") =>
  createClient({ baseUrl: url.replace("/api/v1", ""), token: "of the server", headers: { "x-user": user } });

function filesIn({ s3, projectUrl, serviceKey }: SupabaseStorageServer) {
  const supabase = supabaseStorage({ endpoint: s3.url, projectUrl, serviceKey });
  return s3Files(new URL(`s3://${s3.bucket}`), s3.settings, null, { supabase });
}

async function openPlace(limits: Partial<UploadLimits> = {}) {
  const store = await supabaseStorageServer();
  const place = await uploadPlace();
  const server = await place.start({ files: await filesIn(store), limits });
  const asAnna = (path: string, init: RequestInit = {}) =>
    fetch(`${server.url}${path}`, { ...init, headers: { "x-user": "anna", ...init.headers } });
  const begin = async (sizeBytes = csv.length): Promise<{ id: string; answer: Response }> => {
    const metadata = `filename ${Buffer.from("people.csv").toString("base64")}`;
    const headers = { "tus-resumable": "1.0.0", "upload-length": String(sizeBytes), "upload-metadata": metadata };
    const answer = await asAnna("/uploads/tus", { method: "POST", headers });
    return { id: answer.headers.get("location")?.split("/").at(-1) as string, answer };
  };
  return { store, place, server, asAnna, begin };
}

/** Where the pieces that came to the storage itself begin. */
function sent({ requests }: SupabaseStorageServer): string[] {
  return requests
    .filter(({ operation }) => operation === "piece")
    .map(({ headers }) => String(headers["upload-offset"]));
}
const byServer = ({ s3 }: SupabaseStorageServer): number =>
  s3.requests.filter(({ operation }) => operation === "UploadPart").length;

it("sends a large file to the storage in pieces of 6 MiB, and nothing of the server's with them", async () => {
  const { store, server } = await openPlace();
  const seen: number[] = [];
  const upload = await clientAt(server.url).upload(csv, {
    name: "people.csv",
    onProgress: ({ sentBytes }) => seen.push(sentBytes),
  });
  expect(upload).toMatchObject({ status: "complete", sizeBytes: csv.length, hash: sha256(csv) });
  expect([sent(store), byServer(store)]).toEqual([pieces, 0]);
  expect([seen[0], seen.at(-1), seen.toSorted((a, b) => a - b)]).toEqual([0, csv.length, seen]);
  for (const { operation, headers } of store.requests) {
    expect([headers["x-user"], headers.cookie, headers.referer]).toEqual(Array(3).fill(undefined));
    if (operation === "piece") expect([headers.authorization, headers.apikey]).toEqual([undefined, undefined]);
  }
  expect([store.s3.uploads.size, store.s3.objects.size]).toEqual([0, 1]);
});

it("sends what is small through the server, and asks the project for nothing", async () => {
  const { store, server } = await openPlace();
  const small = csvOf(5 * mebibyte);
  const upload = await clientAt(server.url).upload(small, { name: "people.csv" });
  expect([upload.status, upload.hash, store.requests]).toEqual(["complete", sha256(small), []]);
});

it("goes on where the storage is after pieces that failed, were cut off or not heard of", async () => {
  const { store, server } = await openPlace();
  const faults = [undefined, { status: 503 }, "cut", "unheard", { status: 409 }, { status: 423 }] as const;
  let at = 0;
  store.fault = ({ operation }) => (operation === "piece" ? faults[at++] : undefined);
  const upload = await clientAt(server.url).upload(csv, { name: "people.csv" });
  expect(upload).toMatchObject({ status: "complete", hash: sha256(csv) });
  const [first, second, third, fourth] = pieces;
  expect(sent(store)).toEqual([first, second, second, second, third, third, third, fourth]);
  expect(byServer(store)).toBe(0);
});

it.each([
  ["no browser reaches the storage", "piece", "cut"],
  ["the token is refused", "piece", { status: 400 }],
  ["the project's key is refused", "sign", { status: 400 }],
  ["the file is too large for the bucket's own endpoint", "begin", { status: 413 }],
  ["the project signs nothing for long", "sign", { status: 503 }],
] as const)("goes through the server where %s", async (_, refused, fault) => {
  const { store, server } = await openPlace();
  store.fault = ({ operation }) => (operation === refused ? fault : undefined);
  const upload = await clientAt(server.url).upload(csv, { name: "people.csv" });
  expect(upload).toMatchObject({ status: "complete", hash: sha256(csv) });
  expect(byServer(store)).toBeGreaterThan(0);
  expect([store.s3.uploads.size, store.s3.objects.size]).toEqual([0, 1]);
});

it("goes through the server where the storage takes no more in the middle of a file", async () => {
  const { store, server } = await openPlace();
  store.fault = ({ operation }) => (operation === "piece" && sent(store).length > 2 ? { status: 507 } : undefined);
  const upload = await clientAt(server.url).upload(csv, { name: "people.csv" });
  expect(upload).toMatchObject({ status: "complete", hash: sha256(csv) });
  expect(byServer(store)).toBeGreaterThan(0);
});

it.each([1, 2])("goes on after cuts and deaths of the server, with another each time (seed %i)", async (seed) => {
  const store = await supabaseStorageServer();
  const proxy = await serverBehindCuts(await uploadPlace(), {
    ...{ seed, cuts: 6, withinBytes: 800 },
    filesOf: () => filesIn(store),
  });
  const upload = await clientAt(proxy.url).upload(csv, { name: "people.csv" });
  expect(upload).toMatchObject({ status: "complete", hash: sha256(csv) });
  expect(proxy.cutCount).toBeGreaterThan(1);
  expect(new Set(sent(store))).toEqual(new Set(pieces));
});

it("goes on after a reload, at another server, with what the storage does not have", async () => {
  const { store, place, server } = await openPlace();
  const reload = new AbortController();
  let id = "";
  const begun = clientAt(server.url).upload(csv, {
    name: "people.csv",
    signal: reload.signal,
    onBegin: (uploadId) => {
      id = uploadId;
    },
    onProgress: ({ sentBytes }) => {
      if (sentBytes > 6 * mebibyte) reload.abort();
    },
  });
  await expect(begun).rejects.toMatchObject({ name: "AbortError" });
  await server.kill();
  const before = sent(store).slice(0, 2);
  store.requests.length = 0;
  const again = await place.start({ files: await filesIn(store) });
  const upload = await clientAt(again.url).upload(csv, { name: "people.csv", resumeFrom: id });
  expect(upload).toMatchObject({ id, status: "complete", hash: sha256(csv) });
  expect(before).toEqual(pieces.slice(0, 2));
  for (const piece of before) expect(sent(store)).not.toContain(piece);
});

it("signs and completes nobody else's upload, and asks the project for nothing then", async () => {
  const { store, server, asAnna, begin } = await openPlace();
  const { id, answer } = await begin();
  expect(answer.headers.get("upload-direct")).toBe("?1");
  for (const path of ["parts", "complete"]) {
    const refused = await asAnna(`/uploads/${id}/${path}`, { method: "POST", headers: { "x-user": "bo" } });
    expect([refused.status, await jsonOf(refused)]).toMatchObject([404, { code: "not_found" }]);
  }
  expect(store.requests).toEqual([]);
  await expect(
    clientAt(server.url, "bo").upload(csv, { name: "people.csv", resumeFrom: id, retries: 0 }),
  ).resolves.not.toMatchObject({ id });
});

it("begins one upload at the storage, whoever asks at the same moment", async () => {
  const { store, place, server, asAnna, begin } = await openPlace();
  const { id } = await begin();
  const other = await place.start({ files: await filesIn(store) });
  const waiting: (() => void)[] = [];
  // Each has begun one before either notes it.
  store.fault = async ({ operation }) => {
    if (operation !== "begin") return;
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 2) for (const go of waiting) go();
    });
  };
  const answers = await Promise.all(
    [server, other].map(({ url }) =>
      fetch(`${url}/uploads/${id}/parts`, { method: "POST", headers: { "x-user": "anna" } }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const [won] = await Promise.all(answers.filter(({ status }) => status === 200).map((each) => jsonOf(each)));
  const next = await jsonOf(asAnna(`/uploads/${id}/parts`, { method: "POST" }));
  expect(next.resumable.url).toBe(won.resumable.url);
});

it("makes an upload of nothing that has another size than was announced, and notes how much has come", async () => {
  const { store, asAnna, begin } = await openPlace();
  const { id } = await begin();
  const { resumable } = await jsonOf(asAnna(`/uploads/${id}/parts`, { method: "POST" }));
  const headers = {
    ...{ ...resumable.headers, "tus-resumable": "1.0.0", "upload-offset": "0" },
    "content-type": "application/offset+octet-stream",
  };
  const body = new Uint8Array(csv.subarray(0, resumable.pieceBytes));
  expect((await fetch(resumable.url, { method: "PATCH", headers, body })).status).toBe(204);
  expect(await jsonOf(asAnna(`/uploads/${id}/parts`, { method: "POST" }))).toMatchObject({ storedBytes: body.length });
  expect(await jsonOf(asAnna(`/uploads/${id}`))).toMatchObject({ status: "open", receivedBytes: body.length });
  expect((await asAnna(`/uploads/${id}/complete`, { method: "POST" })).status).toBe(409);
  const [{ key }] = store.resumable.values();
  store.s3.objects.set(key, { bytes: Buffer.from("Email\nevil\n"), etag: '"x"', modifiedAt: new Date() });
  const refused = await asAnna(`/uploads/${id}/complete`, { method: "POST" });
  expect([refused.status, await jsonOf(refused)]).toMatchObject([
    409,
    {
      detail: `11 bytes were sent to the object storage, and ${csv.length} were announced. Upload the file again.`,
    },
  ]);
  expect(store.s3.objects.size).toBe(0);
  expect((await asAnna(`/uploads/${id}`, { method: "DELETE" })).status).toBe(204);
  expect(store.s3.uploads.size).toBe(0);
});

it("keeps nothing of what turns out to be no table, nor of what has expired", async () => {
  const { store, place, server, asAnna, begin } = await openPlace();
  const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(6 * mebibyte)]);
  await expect(clientAt(server.url).upload(png, { name: "people.csv" })).rejects.toMatchObject({ code: "invalid" });
  expect([store.s3.uploads.size, store.s3.objects.size]).toEqual([0, 0]);
  const { id } = await begin();
  await asAnna(`/uploads/${id}/parts`, { method: "POST" });
  await place.database.query(sql`update sluice.uploads set expires_at = now() - interval '1 second'`);
  expect(await server.uploads.expire(server.files)).toBe(1);
  expect(store.s3.uploads.size).toBe(0);
});

it("asks for no address where the limits of a file's size and of what waits are reached", async () => {
  const { store, begin } = await openPlace({ fileBytes: csv.length, quota: { files: 50, bytes: csv.length + 1 } });
  expect((await begin(csv.length + 1)).answer.status).toBe(413);
  expect((await begin()).answer.status).toBe(201);
  expect((await begin()).answer.status).toBe(429);
  expect([store.s3.uploads.size, store.requests]).toEqual([1, []]);
});
