/** What is packed, unpacked to a temporary file that has no name. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { spool } from "../../../src/formats/packing/spool.ts";
import { freshFolder } from "../../run-cli.ts";
import { bytesSource } from "../csv/bytes-source.ts";

const content = Buffer.from(Array.from({ length: 700_000 }, (_, k) => Math.imul(k, 2654435761) >>> 24));

describe("spool", () => {
  afterEach(() => void vi.unstubAllEnvs());

  it("holds the content, to be read at any place, in a file that nobody sees", async () => {
    const folder = await freshFolder();
    vi.stubEnv("TMPDIR", folder);
    const spooled = await spool(bytesSource(content, { cut: 100_003 }));
    expect(spooled).toMatchObject({ name: "people.csv", sizeBytes: content.length });
    for (const offset of [600_000, 0, 3, content.length - 1, content.length]) {
      const into = Buffer.alloc(300_000);
      const length = await spooled.read(into, offset);
      expect(into.subarray(0, length).equals(content.subarray(offset, offset + 300_000))).toBe(true);
    }
    expect(await readdir(folder)).toEqual([]);
    await spooled.close();
  });

  it("says what to do where temporary files cannot be written", async () => {
    vi.stubEnv("TMPDIR", join(await freshFolder(), "gone"));
    await expect(spool(bytesSource(content))).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/The unpacked workbook does not fit .*gone \(ENOENT\).*TMPDIR/),
    });
  });

  it("refuses more than its limit, and leaves nothing of it", async () => {
    const folder = await freshFolder();
    vi.stubEnv("TMPDIR", folder);
    const endless = {
      ...bytesSource(""),
      sizeBytes: Number.POSITIVE_INFINITY,
      read: async (into: Uint8Array) => into.length,
    };
    await expect(spool(endless, undefined, 1_000_000)).rejects.toThrow(/workbook of more than 1000000 bytes/);
    expect(await readdir(folder)).toEqual([]);
  });

  it("stops when it is told to", async () => {
    const stopping = new AbortController();
    stopping.abort(new Error("enough"));
    await expect(spool(bytesSource(content), stopping.signal)).rejects.toThrow("enough");
  });
});
