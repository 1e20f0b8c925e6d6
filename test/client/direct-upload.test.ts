/** Uploads whose parts the client sends to the object storage itself: over a network that breaks, from where one stopped, and whose they are. */
import { expect, it } from "vitest";
import { createClient } from "../../src/client/index.ts";
import type { UploadLimits } from "../../src/core/store/uploads.ts";
import { s3Files } from "../../src/files/s3.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { csvOf, jsonOf, serverBehindCuts, sha256, uploadPlace } from "../http/upload-server.ts";
import { type S3Server, s3Server } from "../s3-server.ts";

const mebibyte = 1024 * 1024;
/** Five parts, which are more than go at once. */
const csv = csvOf(26_000_000);
const partCount = 5;
const clientAt = (url: string, user = "anna") =>
  createClient({ baseUrl: url.replace("/api/v1", ""), token: "of the server", headers: { "x-user": user } });
const filesIn = (store: S3Server) => s3Files(new URL(`s3://${store.bucket}`), store.settings);

async function openPlace(limits: Partial<UploadLimits> = {}) {
  const store = await s3Server();
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

/** Parts by how often they came to the store. */
function puts({ requests }: S3Server): Record<string, number> {
  const seen: Record<string, number> = {};
  for (const { operation, query } of requests) {
    if (operation !== "UploadPart") continue;
    const number = query.get("partNumber") as string;
    seen[number] = (seen[number] ?? 0) + 1;
  }
  return seen;
}

it("sends the parts of a large file to the store, several at once, and nothing of the server's with them", async () => {
  const { store, server } = await openPlace();
  let [open, most] = [0, 0];
  const waiting: (() => void)[] = [];
  store.fault = async ({ operation }) => {
    if (operation !== "UploadPart") return undefined;
    most = Math.max(most, ++open);
    // The first ones wait for each other.
    if (most < 4) await new Promise<void>((resolve) => waiting.push(resolve));
    else for (const go of waiting) go();
    open--;
    return undefined;
  };
  const seen: number[] = [];
  const upload = await clientAt(server.url).upload(csv, {
    name: "people.csv",
    onProgress: ({ sentBytes }) => seen.push(sentBytes),
  });
  expect(upload).toMatchObject({ status: "complete", sizeBytes: csv.length, receivedBytes: csv.length });
  expect(upload.hash).toBe(sha256(csv));
  expect(most).toBe(4);
  expect(puts(store)).toEqual({ 1: 1, 2: 1, 3: 1, 4: 1, 5: 1 });
  expect([seen[0], seen.at(-1), seen.toSorted((a, b) => a - b)]).toEqual([0, csv.length, seen]);
  const parts = store.requests.filter(({ operation }) => operation === "UploadPart");
  for (const { headers } of parts)
    expect([headers.authorization, headers["x-user"], headers.cookie, headers.referer]).toEqual(
      Array(4).fill(undefined),
    );
  expect([store.uploads.size, store.objects.size]).toEqual([0, 1]);
});

it("sends what fits in one part through the server", async () => {
  const { store, server } = await openPlace();
  const small = csvOf(5 * mebibyte);
  const upload = await clientAt(server.url).upload(small, { name: "people.csv" });
  expect([upload.status, upload.hash, puts(store)]).toEqual(["complete", sha256(small), {}]);
});

it("asks for the parts that failed, with other addresses, and sends no other again", async () => {
  const { store, server } = await openPlace();
  const failed = new Set<string>();
  store.fault = ({ operation, query }) => {
    const number = query.get("partNumber") as string;
    if (operation !== "UploadPart" || number === "1" || failed.has(number)) return undefined;
    failed.add(number);
    if (number === "2") return { status: 503, code: "SlowDown" };
    if (number === "3") return { status: 403, code: "AccessDenied" };
    return number === "4" ? "cut" : "unheard";
  };
  const upload = await clientAt(server.url).upload(csv, { name: "people.csv" });
  expect(upload).toMatchObject({ status: "complete", hash: sha256(csv) });
  expect(puts(store)).toMatchObject({ 1: 1, 2: 2, 3: 2, 4: 2 });
});

it("goes through the server where the store is out of the client's reach", async () => {
  const { store, server } = await openPlace();
  store.fault = ({ operation, query }) =>
    operation === "UploadPart" && query.has("X-Amz-Signature") ? "cut" : undefined;
  const upload = await clientAt(server.url).upload(csv, { name: "people.csv" });
  expect(upload).toMatchObject({ status: "complete", hash: sha256(csv) });
});

it.each([1, 2])("goes on after cuts and deaths of the server, with another each time (seed %i)", async (seed) => {
  const store = await s3Server();
  const proxy = await serverBehindCuts(await uploadPlace(), {
    ...{ seed, cuts: 6, withinBytes: 800 },
    filesOf: () => filesIn(store),
  });
  const upload = await clientAt(proxy.url).upload(csv, { name: "people.csv" });
  expect(upload).toMatchObject({ status: "complete", hash: sha256(csv) });
  expect(proxy.cutCount).toBeGreaterThan(1);
  expect(Object.keys(puts(store))).toHaveLength(partCount);
});

it("goes on after a reload with the parts that are missing, at another server", async () => {
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
      if (sentBytes > 0) reload.abort();
    },
  });
  await expect(begun).rejects.toMatchObject({ name: "AbortError" });
  await server.kill();
  const [{ parts }] = store.uploads.values();
  const before = [...parts.keys()].map(String);
  expect(before.length).toBeGreaterThan(0);
  store.requests.length = 0;
  const again = await place.start({ files: await filesIn(store) });
  const upload = await clientAt(again.url).upload(csv, { name: "people.csv", resumeFrom: id });
  expect(upload).toMatchObject({ id, status: "complete", hash: sha256(csv) });
  for (const number of before) expect(puts(store)).not.toHaveProperty(number);
});

it("signs, completes and tells of nobody else's upload", async () => {
  const { store, server, asAnna, begin } = await openPlace();
  const { id, answer } = await begin();
  expect(answer.headers.get("upload-direct")).toBe("?1");
  store.requests.length = 0;
  for (const path of ["parts", "complete"]) {
    const refused = await asAnna(`/uploads/${id}/${path}`, { method: "POST", headers: { "x-user": "bo" } });
    expect([refused.status, await jsonOf(refused)]).toMatchObject([404, { code: "not_found" }]);
    expect((await asAnna(`/uploads/${"0".repeat(32)}/${path}`, { method: "POST" })).status).toBe(404);
  }
  // The store was not even asked.
  expect(store.requests).toEqual([]);
  await expect(
    clientAt(server.url, "bo").upload(csv, { name: "people.csv", resumeFrom: id, retries: 0 }),
  ).resolves.not.toMatchObject({ id });
});

it("completes nothing of which a part is missing, and says how much has come", async () => {
  const { store, asAnna, begin } = await openPlace();
  const { id } = await begin();
  const { parts } = await jsonOf(asAnna(`/uploads/${id}/parts`, { method: "POST" }));
  expect(parts).toHaveLength(partCount);
  const [{ url, fromBytes, sizeBytes }] = parts;
  const body = new Uint8Array(csv.subarray(fromBytes, fromBytes + sizeBytes));
  expect((await fetch(url, { method: "PUT", body })).status).toBe(200);
  expect(await jsonOf(asAnna(`/uploads/${id}/parts`, { method: "POST" }))).toMatchObject({ storedBytes: sizeBytes });
  expect(await jsonOf(asAnna(`/uploads/${id}`))).toMatchObject({ status: "open", receivedBytes: sizeBytes });
  const refused = await asAnna(`/uploads/${id}/complete`, { method: "POST" });
  expect([refused.status, await jsonOf(refused)]).toMatchObject([
    409,
    {
      detail: `Upload ${id} is not complete: ${sizeBytes} of ${csv.length} bytes have arrived. Upload the rest first.`,
    },
  ]);
  expect((await asAnna(`/uploads/${id}`, { method: "DELETE" })).status).toBe(204);
  expect([store.uploads.size, store.objects.size]).toEqual([0, 0]);
  expect((await fetch(url, { method: "PUT", body })).status).toBe(404);
});

it("keeps to the limits of a file's size and of what waits, before anything is signed", async () => {
  const { store, begin } = await openPlace({
    fileBytes: csv.length,
    quota: { files: 50, bytes: csv.length + 1 },
  });
  expect((await begin(csv.length + 1)).answer.status).toBe(413);
  expect((await begin()).answer.status).toBe(201);
  expect((await begin()).answer.status).toBe(429);
  // Nothing is left of the one that the quota refused.
  expect([store.uploads.size, puts(store)]).toEqual([1, {}]);
});

it("keeps nothing of what turns out to be no table, and says so", async () => {
  const { store, server } = await openPlace();
  const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(6 * mebibyte)]);
  await expect(clientAt(server.url).upload(png, { name: "people.csv" })).rejects.toMatchObject({ code: "invalid" });
  expect([store.uploads.size, store.objects.size]).toEqual([0, 0]);
});

it("completes once, whoever asks at the same moment, and again where nobody heard of it", async () => {
  const { store, place, server, asAnna, begin } = await openPlace();
  const { id } = await begin();
  const { parts } = await jsonOf(asAnna(`/uploads/${id}/parts`, { method: "POST" }));
  for (const { url, fromBytes, sizeBytes } of parts) {
    const body = new Uint8Array(csv.subarray(fromBytes, fromBytes + sizeBytes));
    expect((await fetch(url, { method: "PUT", body })).status).toBe(200);
  }
  // The parts are joined, and the process dies over it.
  store.fault = ({ operation }) => (operation === "GetObject" ? { status: 403, code: "AccessDenied" } : undefined);
  expect((await asAnna(`/uploads/${id}/complete`, { method: "POST" })).status).toBe(403);
  store.fault = () => undefined;
  const other = await place.start({ files: await filesIn(store) });
  const answers = await Promise.all(
    [server, other, server].map(({ url }) =>
      fetch(`${url}/uploads/${id}/complete`, { method: "POST", headers: { "x-user": "anna" } }),
    ),
  );
  for (const answer of answers)
    expect([answer.status, await jsonOf(answer)]).toMatchObject([200, { status: "complete", hash: sha256(csv) }]);
  expect(store.requests.filter(({ operation }) => operation === "CompleteMultipartUpload")).toHaveLength(1);
});

it("takes away what was begun and has expired", async () => {
  const { store, server, asAnna, begin, place } = await openPlace();
  const { id } = await begin();
  await asAnna(`/uploads/${id}/parts`, { method: "POST" });
  await place.database.query(sql`update sluice.uploads set expires_at = now() - interval '1 second'`);
  expect(await server.uploads.expire(server.files)).toBe(1);
  expect(store.uploads.size).toBe(0);
});
