/** Uploads on the disk: written in pieces of any size, gone on with, hashed as they stand there. */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Files } from "../../src/core/ports.ts";
import { diskFiles } from "../../src/files/disk.ts";
import { freshFolder } from "../run-cli.ts";

const bytes = randomBytes(3_000_000);
const size = { atMostBytes: bytes.length };
const asked = (notedBytes: number) => ({ notedBytes, sizeBytes: null, afresh: false });
const sha256 = (of: Uint8Array): string => createHash("sha256").update(of).digest("hex");

/** Writes `bytes` from one place to another, in pieces of a size. */
async function write(
  files: Files,
  path: string,
  [from, to]: [number, number],
  pieceBytes: number,
  afresh = false,
): Promise<string> {
  const writer = await files.continueUpload(path, from, { afresh });
  for (let at = from; at < to; at += pieceBytes) await writer.write(bytes.subarray(at, Math.min(at + pieceBytes, to)));
  await writer.flush();
  const stored = await writer.sync();
  expect(stored).toBe(to);
  const hash = to === bytes.length ? (await writer.finish()).hash : "";
  await writer.close();
  return hash;
}

it.each([1_000, 65_536, 524_288, 2_000_000])("writes and hashes pieces of %i bytes", async (pieceBytes) => {
  const files = diskFiles(await freshFolder());
  const path = await files.startUpload("a", size);
  expect(await files.uploadedBytes(path, asked(9))).toBe(0);
  expect(await write(files, path, [0, bytes.length], pieceBytes)).toBe(sha256(bytes));
  // What is behind the bytes that were noted was not made sure of.
  expect(await files.uploadedBytes(path, asked(9))).toBe(9);
  expect(await files.uploadedBytes(path, asked(9 * bytes.length))).toBe(bytes.length);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(sha256(await readFile(path))).toBe(sha256(bytes));
  expect(await files.link(path, { expiresInSeconds: 60, fileName: "a", contentType: "text/csv" })).toBe(null);
  await files.abortUpload(path);
  expect(await files.uploadedBytes(path, asked(9))).toBe(0);
});

it.each([
  ["with what is known of its hash", false, false],
  ["in another process", true, false],
  ["where others may have written", false, true],
])("goes on %s, and cuts off what lies behind", async (_, isOther, afresh) => {
  const folder = await freshFolder();
  const files = diskFiles(folder);
  const path = await files.startUpload("a", size);
  await write(files, path, [0, 1_500_000], 65_536);
  await write(files, path, [1_000_000, 1_400_000], 65_536);
  const next = isOther ? diskFiles(folder) : files;
  if (afresh) await writeFile(path, bytes.subarray(0, 1_400_000));
  expect(await write(next, path, [1_400_000, bytes.length], 65_536, afresh)).toBe(sha256(bytes));
});

it("reads what was taken in, written or not", async () => {
  const files = diskFiles(await freshFolder());
  const writer = await files.continueUpload(await files.startUpload("a", size), 0, { afresh: false });
  await writer.write(bytes.subarray(0, 100));
  const head = Buffer.alloc(200);
  expect([await writer.read(head, 10), head.subarray(0, 90).equals(bytes.subarray(10, 100))]).toEqual([90, true]);
  await writer.close();
});

it("says how much is there when it is less than was thought", async () => {
  const files = diskFiles(await freshFolder());
  const path = await files.startUpload("a", size);
  await write(files, path, [0, 1000], 1000);
  await truncate(path, 600);
  await expect(files.continueUpload(path, 1000, { afresh: true })).rejects.toMatchObject({
    code: "conflict",
    message: "Only 600 of 1000 bytes of the upload have arrived. Continue from byte 600.",
  });
});

it("fails with what to do when the disk does not do what it should, and stays failed", async () => {
  const folder = await freshFolder();
  const files = diskFiles(folder);
  await mkdir(join(folder, "files", "upload-a"), { recursive: true });
  await expect(files.continueUpload(await files.startUpload("a", size), 0, { afresh: true })).rejects.toThrow(/EISDIR/);
  // A device that is always full takes the place of a disk that is.
  const writer = await files.continueUpload("/dev/full", 0, { afresh: true });
  const full = /The disk that holds .*files is full\. Free some space/;
  await expect(writer.write(bytes).then(() => writer.flush())).rejects.toThrow(full);
  await expect(writer.write(bytes)).rejects.toThrow(full);
  await expect(writer.close()).rejects.toThrow(full);
});
