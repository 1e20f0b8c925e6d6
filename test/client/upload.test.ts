/** Uploads by the client: over a network that breaks, from where an earlier one stopped, and what is not tried again. */
import { openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createClient } from "../../src/client/index.ts";
import { s3Files } from "../../src/files/s3.ts";
import { csvOf, serverBehindCuts, sha256, uploadPlace } from "../http/upload-server.ts";
import { freshFolder } from "../run-cli.ts";
import { s3Server } from "../s3-server.ts";

const csv = csvOf(3_000_000);
const clientAt = (url: string) => createClient({ baseUrl: url.replace("/api/v1", "") });

it.each([
  ["bytes", async () => csv, { name: "people.csv" }],
  ["a browser's file", async () => new File([csv], "people.csv"), {}],
  [
    "a file on disk",
    async () => {
      const path = join(await freshFolder(), "people.csv");
      await writeFile(path, csv);
      return openAsBlob(path);
    },
    { name: "people.csv", pieceBytes: 1_000_000 },
  ],
])("uploads %s", async (_, source, options) => {
  const client = clientAt((await (await uploadPlace()).start()).url);
  const upload = await client.upload(await source(), options);
  expect(upload).toMatchObject({
    fileName: "people.csv",
    status: "complete",
    sizeBytes: csv.length,
    hash: sha256(csv),
  });
});

it.each([1, 2, 3])("goes on after cuts at random bytes, with another server each time (seed %i)", async (seed) => {
  const proxy = await serverBehindCuts(await uploadPlace(), { seed, cuts: 8, withinBytes: 700_000 });
  const offsets: number[] = [];
  const upload = await clientAt(proxy.url).upload(csv, {
    name: "people.csv",
    pieceBytes: 500_000,
    onProgress: ({ sentBytes }) => offsets.push(sentBytes),
  });
  expect(upload).toMatchObject({ status: "complete", hash: sha256(csv) });
  expect(proxy.cutCount).toBeGreaterThan(1);
  expect([offsets[0], offsets.at(-1)]).toEqual([0, csv.length]);
});

it("goes on after cuts where the files are in an object storage, which has no whole part yet", async () => {
  const store = await s3Server();
  const proxy = await serverBehindCuts(await uploadPlace(), {
    seed: 4,
    cuts: 5,
    withinBytes: 1_500_000,
    filesOf: async () => ({ ...(await s3Files(new URL(`s3://${store.bucket}`), store.settings)), direct: null }),
  });
  const large = csvOf(8_000_000);
  const upload = await clientAt(proxy.url).upload(large, { name: "people.csv", pieceBytes: 1_000_000 });
  expect(upload).toMatchObject({ status: "complete", hash: sha256(large) });
  expect(proxy.cutCount).toBeGreaterThan(1);
  expect([[...store.objects.values()].map(({ bytes }) => sha256(bytes)), store.uploads.size]).toEqual([
    [sha256(large)],
    0,
  ]);
});

/** A client whose requests meet `before` on their way; and the sizes of the bodies that came to the server. */
function clientPast(url: string, before: (bodyBytes: number) => Response | null) {
  const sent: number[] = [];
  const client = createClient({
    baseUrl: url.replace("/api/v1", ""),
    fetch: async (address, init) => {
      const body = init?.body as Uint8Array | Blob | undefined;
      const bodyBytes = body === undefined ? 0 : body instanceof Blob ? body.size : body.byteLength;
      const refused = before(bodyBytes);
      if (refused !== null) return refused;
      if (bodyBytes > 0) sent.push(bodyBytes);
      return fetch(address, init);
    },
  });
  return { client, sent };
}
const tooLargeForProxy = () => new Response("<h1>413 Request Entity Too Large</h1>", { status: 413 });

it.each([
  ["that grow with the network", {}],
  ["of a size that was asked for", { pieceBytes: 3_000_000 }],
])("sends pieces %s, as large as the server says that they may be", async (_, options) => {
  const { url } = await (await uploadPlace()).start({ limits: { pieceBytes: 300_000 } });
  const { client, sent } = clientPast(url, () => null);
  expect(await client.upload(csv, options)).toMatchObject({ status: "complete", hash: sha256(csv) });
  expect([Math.max(...sent), sent.length]).toEqual([300_000, 10]);
});

it("halves its pieces where something before the server refuses them for their size, and gives up at crumbs", async () => {
  const { url } = await (await uploadPlace()).start();
  const { client, sent } = clientPast(url, (bytes) => (bytes > 300_000 ? tooLargeForProxy() : null));
  expect(await client.upload(csv, { pieceBytes: 2_000_000 })).toMatchObject({ status: "complete", hash: sha256(csv) });
  expect(Math.max(...sent)).toBe(250_000);
  let refusals = 0;
  const never = clientPast(url, (bytes) => (bytes > 0 && ++refusals > 0 ? tooLargeForProxy() : null)).client;
  await expect(never.upload(csv)).rejects.toMatchObject({ status: 413, detail: expect.stringMatching(/in pieces/) });
  expect(refusals).toBe(6);
});

it("goes on after a reload where an earlier upload was stopped", async () => {
  const client = clientAt((await (await uploadPlace()).start()).url);
  const stop = new AbortController();
  let id = "";
  const stopped = client.upload(csv, {
    pieceBytes: 400_000,
    signal: stop.signal,
    onBegin: (begun) => {
      id = begun;
    },
    onProgress: ({ sentBytes }) => {
      if (sentBytes >= 800_000) stop.abort(new Error("the page is left"));
    },
  });
  await expect(stopped).rejects.toThrow("the page is left");
  const offsets: number[] = [];
  const upload = await client.upload(csv, { resumeFrom: id, onProgress: ({ sentBytes }) => offsets.push(sentBytes) });
  expect(upload).toMatchObject({ id, hash: sha256(csv) });
  expect([offsets[0], offsets.at(-1)]).toEqual([800_000, csv.length]);
  // It is complete: nothing goes again.
  expect((await client.upload(csv, { resumeFrom: id })).id).toBe(id);
});

it("begins anew where an earlier upload has expired, and refuses another file", async () => {
  const client = clientAt((await (await uploadPlace()).start()).url);
  const { id } = await client.upload(csv);
  await expect(client.upload(csv.subarray(5), { resumeFrom: id })).rejects.toMatchObject({ code: "invalid" });
  await client.uploads.delete(id);
  const upload = await client.upload(csv, { resumeFrom: id });
  expect([upload.id === id, upload.hash]).toEqual([false, sha256(csv)]);
});

it.each([
  ["no table", Buffer.from("%PDF-1.7\n"), 422, /is a PDF/],
  ["an empty file", Buffer.alloc(0), 422, /is empty/],
  ["a file that is too large", csv, 413, /Maximum size/],
])("does not try %s again", async (_, bytes, status, message) => {
  const place = await uploadPlace();
  const { url } = await place.start({ limits: { fileBytes: 1_000_000 } });
  let calls = 0;
  const client = createClient({
    baseUrl: url.replace("/api/v1", ""),
    fetch: (...call) => {
      calls++;
      return fetch(...call);
    },
  });
  const refused = await client.upload(bytes).catch((error: unknown) => error);
  expect(refused).toMatchObject({ status, message: expect.stringMatching(message) });
  expect(calls).toBeLessThanOrEqual(2);
});

it("gives up on a server that stays away", async () => {
  const { url, kill } = await (await uploadPlace()).start();
  await kill();
  await expect(clientAt(url).upload(csv, { retries: 1 })).rejects.toMatchObject({ status: 0, code: "network" });
});
