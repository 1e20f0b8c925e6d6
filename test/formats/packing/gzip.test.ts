/** Gzip files, sound and damaged, as a Source that is read forward. */
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { gunzip } from "../../../src/formats/packing/gzip.ts";
import { fc } from "../../property.ts";
import { bytesSource } from "../csv/bytes-source.ts";

const table = Buffer.from(Array.from({ length: 500 }, (_, k) => `${k};person ${k * 7919};${k % 3}\n`).join(""));

async function unpacked(packed: Uint8Array, cut?: number): Promise<Buffer> {
  const source = { ...bytesSource(packed, { cut }), name: "people.csv.gz" };
  const pieces = await Array.fromAsync(gunzip(source).pieces, (piece) => Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** A member with every optional field of its header (RFC 1952, section 2.3): extra, name, comment and the header's CRC. */
function memberWithFields(content: Uint8Array): Buffer {
  const header = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0b11110, 0, 0, 0, 0, 0, 3]),
    Buffer.from([3, 0, 1, 2, 3]),
    Buffer.from("people.csv\0the people\0", "latin1"),
  ]);
  const headerSum = Buffer.alloc(2);
  headerSum.writeUInt16LE(crc32(header) & 0xffff);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, headerSum, deflateRawSync(content), trailer]);
}

describe("gunzip", () => {
  const a = gzipSync(table);
  const b = memberWithFields(Buffer.from("last;row\n"));

  it.each([
    ["one member", a, [table]],
    ["a member with every field in its header", b, ["last;row\n"]],
    ["several members, one of them empty", Buffer.concat([a, gzipSync(""), b, a]), [table, "last;row\n", table]],
    ["zeros that pad the last member", Buffer.concat([a, Buffer.alloc(4000)]), [table]],
    ["zeros between members", Buffer.concat([a, Buffer.alloc(512), b]), [table, "last;row\n"]],
    ["a stored block", gzipSync(table, { level: 0 }), [table]],
  ] as const)("unpacks %s", async (_, packed, parts) => {
    const expected = parts.map(String).join("");
    expect((await unpacked(packed)).toString()).toBe(expected);
    for (const cut of [1, 7, a.length, a.length + 1, a.length + 512])
      expect((await unpacked(packed, cut)).equals(Buffer.from(expected))).toBe(true);
  });

  it("unpacks what any pieces of the file are read in", async () => {
    const packed = Buffer.concat([gzipSync("a;b\n"), Buffer.alloc(3), memberWithFields(Buffer.from("1;2\n"))]);
    for (let cut = 1; cut <= packed.length; cut++) expect(String(await unpacked(packed, cut))).toBe("a;b\n1;2\n");
  });

  it("is what was packed, whatever it was", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 3000 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 400 }),
        async (contents, cut) => {
          const packed = Buffer.concat(contents.map((content) => gzipSync(content)));
          expect((await unpacked(packed, cut)).equals(Buffer.concat(contents))).toBe(true);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("refuses a file that is cut anywhere", async () => {
    const packed = gzipSync("name;city\nAnn;Metz\n");
    for (let length = 1; length < packed.length; length++) {
      await expect(unpacked(packed.subarray(0, length)), `${length} bytes`).rejects.toThrow(
        "people.csv.gz is truncated: the download or upload was cut off. Download it again",
      );
    }
    const second = Buffer.concat([packed, packed]);
    for (let length = packed.length + 1; length < second.length; length++) {
      await expect(unpacked(second.subarray(0, length)), `${length} bytes`).rejects.toThrow("is truncated");
    }
  });

  it("refuses a changed byte, wherever it changes the content", async () => {
    const packed = gzipSync("name;city\nAnn;Metz\n");
    let refused = 0;
    for (let at = 10; at < packed.length; at++) {
      const damaged = Buffer.from(packed);
      damaged[at] ^= 0x10;
      const outcome = await unpacked(damaged).then(String, (error: Error) => error.message);
      expect(outcome, `byte ${at}`).toMatch(/people\.csv\.gz (is damaged|is truncated)|^name;city\nAnn;Metz\n$/);
      refused += outcome.startsWith("people.csv.gz") ? 1 : 0;
    }
    // Bits that fill up the last byte of the packed data mean nothing.
    expect(refused).toBeGreaterThanOrEqual(packed.length - 10 - 1);
  });

  it("refuses what comes after the last member, and is none", async () => {
    await expect(unpacked(Buffer.concat([a, Buffer.from("<html>")]))).rejects.toThrow("people.csv.gz is damaged");
    await expect(unpacked(Buffer.concat([a, Buffer.alloc(70_000), Buffer.from("<html></html>")]))).rejects.toThrow(
      "is damaged",
    );
  });

  it("reads no further than is asked for", async () => {
    // Noise hardly packs: what is read and what comes out of it are about the same.
    const noise = Buffer.from(Array.from({ length: 4_000_000 }, (_, k) => (Math.imul(k, 2654435761) >>> 13) & 0xff));
    const source = bytesSource(gzipSync(noise, { level: 1 }));
    const { pieces, packedBytes } = gunzip(source);
    await pieces.next();
    expect(packedBytes()).toBeGreaterThan(0);
    expect(packedBytes()).toBeLessThan(source.sizeBytes / 4);
    await pieces.return(undefined);
    expect(source.bytesRead).toBeLessThan(source.sizeBytes / 2);
  });

  it("passes on what the file's reader throws", async () => {
    const source = bytesSource(a);
    source.read = () => Promise.reject(new Error("the disk is gone"));
    await expect(gunzip(source).pieces.next()).rejects.toThrow("the disk is gone");
  });

  it("stops when it is told to", async () => {
    const stopping = new AbortController();
    const { pieces } = gunzip(bytesSource(gzipSync(Buffer.alloc(8_000_000, "abc\n"))), stopping.signal);
    await pieces.next();
    stopping.abort(new Error("enough"));
    const rest = Array.fromAsync(pieces);
    await expect(rest).rejects.toThrow("enough");
  });
});
