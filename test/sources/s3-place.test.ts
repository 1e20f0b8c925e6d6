/** A bucket as a source, on a store that checks signatures and conditions and lists in pages. */
import { createHash } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import type { ListedFile, OpenPlace, S3Place } from "../../src/core/source.ts";
import { openOutbound } from "../../src/outbound/outbound.ts";
import { sourceAdapters } from "../../src/sources/sources.ts";
import { type S3Server, s3Server } from "../s3-server.ts";

const signal = new AbortController().signal;

function placeOf({ bucket, settings }: S3Server, other: Partial<S3Place> = {}): S3Place {
  const { endpoint, region, accessKeyId, secretAccessKey } = settings;
  return { kind: "s3", bucket, prefix: "incoming/", endpoint, region, accessKeyId, secretAccessKey, ...other };
}

async function open(place: S3Place, allow = ["127.0.0.1"]): Promise<OpenPlace> {
  const adapters = sourceAdapters({ outbound: openOutbound({ allow }), secretsKey: "", folders: [] });
  const opened = await adapters.open(place, "config", signal);
  onTestFinished(() => opened.close());
  return opened;
}

function put({ objects }: S3Server, key: string, text: string): void {
  const bytes = Buffer.from(text);
  const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
  objects.set(key, { bytes, etag, modifiedAt: new Date("2026-01-01T08:00:00Z") });
}

async function listed(place: OpenPlace): Promise<ListedFile[]> {
  const all: ListedFile[] = [];
  for await (const page of place.list(signal)) all.push(...page);
  return all;
}

async function textOf(place: OpenPlace, file: ListedFile): Promise<string> {
  let text = "";
  for await (const part of (await place.fetch(file, null, signal))?.bytes ?? []) text += Buffer.from(part).toString();
  return text;
}

it("lists what is directly below the prefix, page by page, and reads the version that was listed", async () => {
  const store = await s3Server({ pageSize: 2 });
  for (const name of ["a b.csv", "c+d.csv", "é.csv", "x&y.csv", "z.csv"]) put(store, `incoming/${name}`, `${name}\n`);
  put(store, "incoming/", "");
  put(store, "incoming/done/old.csv", "old");
  put(store, "elsewhere/other.csv", "other");
  const place = await open(placeOf(store));
  const files = await listed(place);
  expect(files.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
    ["a b.csv", 8],
    ["c+d.csv", 8],
    ["x&y.csv", 8],
    ["z.csv", 6],
    ["é.csv", 7],
  ]);
  for (const file of files) expect(await textOf(place, file)).toBe(`${file.name}\n`);
  expect(await place.isSame(files[0], signal)).toBe(true);
  put(store, "incoming/a b.csv", "changed");
  expect(await place.isSame(files[0], signal)).toBe(false);
  await place.remove(files[1], signal);
  await place.remove(files[1], signal);
  expect([...store.objects.keys()]).not.toContain("incoming/c+d.csv");
  expect(await place.isSame(files[1], signal)).toBe(false);
});

it("refuses a store that refuses its keys, one that is away, and one in a private network", async () => {
  const store = await s3Server();
  const wrong = await open(placeOf(store, { secretAccessKey: "wrong" }));
  await expect(listed(wrong)).rejects.toMatchObject({ code: "forbidden" });
  const place = await open(placeOf(store));
  for (const [status, code, expected] of [
    // Another region, keys that have expired, a name that cannot be: nothing of it goes by itself.
    [301, "PermanentRedirect", "invalid"],
    [400, "AuthorizationHeaderMalformed", "invalid"],
    [400, "ExpiredToken", "invalid"],
    [400, "RequestTimeout", "unavailable"],
    [409, "OperationAborted", "unavailable"],
    [503, "SlowDown", "unavailable"],
  ] as const) {
    store.fault = () => ({ status, code });
    await expect(listed(place), code).rejects.toMatchObject({ code: expected });
  }
  store.fault = () => undefined;
  await store.stop();
  await expect(listed(place)).rejects.toMatchObject({ code: "unavailable" });
  await expect(open(placeOf(store), [])).rejects.toMatchObject({ code: "forbidden" });
});
