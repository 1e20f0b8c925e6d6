/** What is packed, read as a file: forward, its beginning again and again, back from the start. */
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { gunzip } from "../../../src/formats/packing/gzip.ts";
import { UnpackedSource } from "../../../src/formats/packing/unpacked-source.ts";
import { bytesSource } from "../csv/bytes-source.ts";

const content = Buffer.from(
  Array.from({ length: 3 * 1024 * 1024 }, (_, k) => 32 + ((Math.imul(k, 2654435761) >>> 20) % 90)),
);

/** The content, packed; `runs` counts how often it was unpacked from the start. */
function packedSource(
  bytes: Uint8Array,
  signal?: AbortSignal,
): { source: UnpackedSource; runs: () => number; packedSize: number } {
  const packed = bytesSource(gzipSync(bytes, { level: 1 }));
  let runs = 0;
  const unpack = (): ReturnType<typeof gunzip> => {
    runs++;
    return gunzip(packed, signal);
  };
  return {
    source: new UnpackedSource("people.csv.gz", unpack, signal),
    runs: () => runs,
    packedSize: packed.sizeBytes,
  };
}

async function bytesAt(source: UnpackedSource, offset: number, length: number): Promise<Buffer> {
  const into = Buffer.alloc(length);
  return into.subarray(0, await source.read(into, offset));
}

describe("UnpackedSource", () => {
  it("gives any place of the content, in any order", async () => {
    const { source } = packedSource(content);
    const places = [
      0,
      5,
      1_048_570,
      1_048_576,
      700_000,
      3_000_000,
      1_100_000,
      0,
      content.length - 3,
      content.length,
      9e9,
    ];
    for (const offset of places) {
      const found = await bytesAt(source, offset, 200_000);
      expect(found.equals(content.subarray(offset, offset + 200_000)), `${offset}`).toBe(true);
    }
    await source.close();
  });

  it("unpacks once for a reader that goes forward, and for looks at the beginning in between", async () => {
    const { source, runs, packedSize } = packedSource(content);
    expect((await source.head()).equals(content.subarray(0, 1024 * 1024))).toBe(true);
    for (let offset = 0; offset < content.length; offset += 65_536) {
      await bytesAt(source, offset, 65_536);
      await bytesAt(source, 0, 4096);
    }
    expect(runs()).toBe(1);
    expect(source.packedBytesRead() / packedSize).toBeCloseTo(1);
    await source.close();
  });

  it("starts over for the one that goes back", async () => {
    const { source, runs } = packedSource(content);
    await bytesAt(source, 2_500_000, 10);
    expect((await bytesAt(source, 1_500_000, 10)).equals(content.subarray(1_500_000, 1_500_010))).toBe(true);
    expect(runs()).toBe(2);
    await source.close();
  });

  it("knows its size once it has seen the end", async () => {
    const { source } = packedSource(content);
    expect(source.sizeBytes).toBe(Number.POSITIVE_INFINITY);
    await source.head();
    expect(source.sizeBytes).toBe(Number.POSITIVE_INFINITY);
    await bytesAt(source, content.length, 1);
    expect(source.sizeBytes).toBe(content.length);
    await source.close();
    const small = packedSource(Buffer.from("a;b\n1;2"));
    expect(String(await small.source.head())).toBe("a;b\n1;2");
    expect(small.source.sizeBytes).toBe(7);
    await small.source.close();
  });

  it("refuses what grows a thousandfold, once it is large", async () => {
    const zeros = gzipSync(Buffer.alloc(80 * 1024 * 1024), { level: 9 });
    const source = new UnpackedSource("bomb.csv.gz", () => gunzip(bytesSource(zeros)));
    await expect(bytesAt(source, 79 * 1024 * 1024, 10)).rejects.toThrow(
      /^bomb\.csv\.gz unpacks to more than 1000 times its size/,
    );
    await source.close();
    const harmless = packedSource(Buffer.alloc(32 * 1024 * 1024, "0;1\n"));
    expect(String(await bytesAt(harmless.source, 31 * 1024 * 1024, 8))).toBe("0;1\n0;1\n");
    await harmless.source.close();
  });

  it("stops when it is told to", async () => {
    const stopping = new AbortController();
    const { source } = packedSource(content, stopping.signal);
    await source.head();
    stopping.abort(new Error("enough"));
    await expect(bytesAt(source, 2_000_000, 10)).rejects.toThrow("enough");
    await source.close();
  });
});
