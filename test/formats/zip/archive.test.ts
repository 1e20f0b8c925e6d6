import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openZip, type ZipReadOptions } from "../../../src/formats/zip/archive.ts";
import { SeededDraw } from "../../../src/importers/leads/seeded-draw.ts";
import { type ZipEntry, type ZipOptions, zipOf } from "../../corpus/zip-bytes.ts";
import { bytesSource } from "../csv/bytes-source.ts";

const letters = "Zoë;12 rue de l'Été;75011\r\n".repeat(40);
/** Hardly packs, so that it takes many blocks. */
const noise = (() => {
  const draw = new SeededDraw(7, 0, 0);
  return Uint8Array.from({ length: 3_000_000 }, () => 32 + draw.below(64));
})();

/** Everything in an archive: name → text. */
async function contents(zip: Uint8Array, options: ZipReadOptions = {}, cut?: number): Promise<Record<string, string>> {
  const archive = await openZip(bytesSource(zip, { cut }));
  const all: Record<string, string> = {};
  for (const entry of archive.entries.values()) {
    all[entry.name] = Buffer.from(await archive.readWhole(entry, options)).toString();
  }
  return all;
}

const twoParts: ZipEntry[] = [
  { name: "xl/workbook.xml", content: letters },
  { name: "plain.txt", content: "as it is", method: "store" },
];
const both = { "xl/workbook.xml": letters, "plain.txt": "as it is" };

describe("a sound archive", () => {
  it.each<[what: string, options: ZipOptions]>([
    ["as most programs write it", {}],
    ["with sizes behind the entries alone", { dataDescriptors: true }],
    ["in zip64", { zip64: true }],
    ["in zip64 with sizes behind the entries", { zip64: true, dataDescriptors: true }],
    ["with a comment", { comment: "made by hand" }],
    ["with the longest comment", { comment: "x".repeat(65_535) }],
    ["with garbage behind it", { after: Buffer.alloc(5000, 0x0a) }],
    ["with the signature of an end in the garbage", { after: Buffer.from(`PK\x05\x06${"\xff".repeat(40)}`, "latin1") }],
    ["with something in front of it", { before: Buffer.from("#!/bin/sh\nexec unzip $0\n") }],
  ])("is read %s", async (_, options) => {
    expect(await contents(zipOf(twoParts, options))).toEqual(both);
    // From a disk that hands out as little as it likes.
    expect(await contents(zipOf(twoParts, options), {}, 1000)).toEqual(both);
  });

  it("may be empty, and its entries too", async () => {
    expect(await contents(zipOf([]))).toEqual({});
    expect(
      await contents(
        zipOf([
          { name: "a", content: "" },
          { name: "b", content: "", method: "store" },
        ]),
      ),
    ).toEqual({
      a: "",
      b: "",
    });
  });

  it("has its names in plain form, which are names only", async () => {
    const names = [
      "xl\\worksheets\\sheet1.xml",
      "/xl/styles.xml",
      "./a.txt",
      "../../etc/passwd",
      "Été.csv",
      "__proto__",
    ];
    const archive = await openZip(bytesSource(zipOf(names.map((name) => ({ name, content: name })))));
    expect([...archive.entries.keys()]).toEqual([
      "xl/worksheets/sheet1.xml",
      "xl/styles.xml",
      "a.txt",
      "../../etc/passwd",
      "Été.csv",
      "__proto__",
    ]);
  });

  it("finds an entry by its name in another case when none has exactly that", async () => {
    const archive = await openZip(
      bytesSource(
        zipOf([
          { name: "XL/Workbook.xml", content: "1" },
          { name: "xl/workbook.xml", content: "2" },
          { name: "xl/STYLES.xml", content: "3" },
        ]),
      ),
    );
    const read = async (name: string): Promise<string | null> => {
      const entry = archive.find(name);
      return entry && Buffer.from(await archive.readWhole(entry)).toString();
    };
    expect(await read("xl/workbook.xml")).toBe("2");
    expect(await read("xl/styles.XML")).toBe("3");
    expect(await read("xl/workbook")).toBeNull();
  });

  it("comes in pieces of at most 256 KB and is never read far ahead", async () => {
    const source = bytesSource(zipOf([{ name: "a", content: noise }]));
    const archive = await openZip(source);
    const entry = archive.find("a");
    if (entry === null) throw new Error("no entry");
    let size = 0;
    for await (const piece of archive.read(entry)) {
      expect(piece.length).toBeLessThanOrEqual(262_144);
      size += piece.length;
      // Four blocks: the one being inflated, those on their way to it.
      expect(archive.bytesRead - size).toBeLessThanOrEqual(4 * 262_144);
    }
    expect(size).toBe(noise.length);
    expect(archive.bytesRead).toBeGreaterThanOrEqual(entry.compressedBytes);
    expect(source.longestRead).toBeLessThanOrEqual(262_144);
  });

  it.each(["store", "deflate"] as const)(
    "can be left in the middle of an entry (%s), and nothing goes on",
    async (method) => {
      const source = bytesSource(zipOf([{ name: "a", content: noise, method }]));
      const archive = await openZip(source);
      const [entry] = archive.entries.values();
      for await (const _ of archive.read(entry)) break;
      const read = source.bytesRead;
      await new Promise(setImmediate);
      expect(source.bytesRead).toBe(read);
      expect(read).toBeLessThan(2_000_000);
    },
  );

  it("reads two entries at the same time", async () => {
    const archive = await openZip(
      bytesSource(
        zipOf([
          { name: "a", content: noise },
          { name: "b", content: letters },
        ]),
      ),
    );
    const [a, b] = await Promise.all([...archive.entries.values()].map((entry) => archive.readWhole(entry)));
    expect(Buffer.compare(a, noise)).toBe(0);
    expect(Buffer.from(b).toString()).toBe(letters);
  });

  it("takes packed data with bytes behind its end", async () => {
    const packed = Buffer.concat([deflateRawSync(letters), Buffer.alloc(600_000, 1)]);
    expect(await contents(zipOf([{ name: "a", content: letters, packed }]))).toEqual({ a: letters });
  });

  it("stops when it is told to", async () => {
    const archive = await openZip(bytesSource(zipOf([{ name: "a", content: noise }])));
    const controller = new AbortController();
    const [entry] = archive.entries.values();
    const reading = (async () => {
      for await (const _ of archive.read(entry, { signal: controller.signal })) controller.abort(new Error("enough"));
    })();
    await expect(reading).rejects.toThrow("enough");
    await expect(openZip(bytesSource(zipOf(twoParts)), AbortSignal.abort(new Error("before")))).rejects.toThrow(
      "before",
    );
  });
});

describe("a damaged or hostile archive", () => {
  const zip = zipOf(twoParts);
  const one = (part: Partial<ZipEntry>): Uint8Array => zipOf([{ name: "a.xml", content: letters, ...part }]);
  /** 160 MB of spaces in 160 KB. */
  const spaces = deflateRawSync(Buffer.alloc(160_000_000, 0x20));

  it.each<[what: string, zip: Uint8Array, message: RegExp]>([
    ["empty", new Uint8Array(), /^people.csv is not a zip archive/],
    ["of another kind", Buffer.from("%PDF-1.7 ".repeat(10_000)), /^people.csv is not a zip archive/],
    ["cut short", zip.subarray(0, -40), /is damaged: it is truncated, with no directory at its end/],
    ["cut to its first bytes", zip.subarray(0, 10), /is truncated/],
    ["of a single signature", zip.subarray(-22), /not a zip archive|is damaged/],
    ["encrypted", one({ says: { flags: 0x801 } }), /is password-protected/],
    ["strongly encrypted", one({ says: { flags: 0x841 } }), /is password-protected/],
    ["packed in an unknown way", one({ says: { method: 93 } }), /a.xml is compressed with method 93/],
    ["with a wrong checksum", one({ says: { crc: 1 } }), /is damaged: a.xml fails its checksum/],
    ["with a wrong checksum of a stored entry", one({ method: "store", says: { crc: 1 } }), /fails its checksum/],
    ["with a size too small", one({ says: { sizeBytes: 5 } }), /has \d+ bytes, but 5 are declared/],
    ["with a size too large", one({ says: { sizeBytes: 1e7 } }), /has \d+ bytes, but 10000000 are declared/],
    ["with packed data that is none", one({ packed: Buffer.alloc(400, 0xff) }), /a.xml cannot be unpacked/],
    [
      "with packed data that has no end",
      one({ packed: deflateRawSync(letters).subarray(0, -9) }),
      /cannot be unpacked/,
    ],
    ["with an entry that lies elsewhere", one({ says: { offset: 3 } }), /overlaps|is not where/],
    ["with an entry beyond its end", one({ says: { offset: 1e6 } }), /overlaps/],
    ["with an entry larger than the file", one({ says: { packedBytes: 1e6 } }), /overlaps/],
    [
      "with entries over one another",
      zipOf([
        { name: "a", content: letters },
        { name: "b", content: letters, says: { offset: 0 } },
      ]),
      /overlaps/,
    ],
    [
      "with two entries of one name",
      zipOf([
        { name: "xl/workbook.xml", content: "1" },
        { name: "xl\\workbook.xml", content: "2" },
      ]),
      /several entries named xl\/workbook.xml/,
    ],
    ["with more entries than it says", moreEntriesThanSaid(), /more than the 1 entries it declares/],
    [
      "with a bomb that says so",
      one({ packed: spaces, says: { sizeBytes: 160_000_000 } }),
      /unpacks to more than 500 times its size, as a zip bomb does/,
    ],
    ["with a bomb that lies", one({ packed: spaces, says: { sizeBytes: 5000 } }), /unpacks to more than/],
  ])("that is %s gives a named error", async (_, bytes, message) => {
    await expect(contents(bytes, { maxBytes: 1e9 })).rejects.toMatchObject({
      name: "SluiceError",
      code: "invalid",
      message: expect.stringMatching(message),
    });
  });

  it("of more than 65,536 entries is refused before they are read", async () => {
    const parts = Array.from({ length: 65_537 }, (_, k) => ({ name: `${k}`, content: "", method: "store" as const }));
    const source = bytesSource(zipOf(parts, { zip64: true }));
    await expect(openZip(source)).rejects.toThrow("is a zip archive with more than 65536 entries");
    expect(source.bytesRead).toBeLessThan(1_000_000);
  });

  it("holds small parts to a limit, which they are told", async () => {
    const archive = await openZip(bytesSource(zipOf([{ name: "a", content: noise }])));
    const [entry] = archive.entries.values();
    await expect(archive.readWhole(entry, { maxBytes: 2_999_999 })).rejects.toThrow("a unpacks to more than 3 MB");
    expect(await archive.readWhole(entry, { maxBytes: 3_000_000 })).toHaveLength(3_000_000);
    const liar = await openZip(bytesSource(zipOf([{ name: "a", content: noise, says: { sizeBytes: 10 } }])));
    await expect(liar.readWhole([...liar.entries.values()][0], { maxBytes: 1000 })).rejects.toThrow(
      "a unpacks to more than 1000 bytes",
    );
  });

  it("can be read without its checksum", async () => {
    expect(await contents(one({ says: { crc: 1, sizeBytes: 4 } }), { checksum: false })).toEqual({
      "a.xml": letters,
    });
  });

  it("lets an error of the disk through as it is", async () => {
    const source = { ...bytesSource(zip), read: () => Promise.reject(new Error("EIO")) };
    await expect(openZip(source)).rejects.toThrow("EIO");
    const broken = bytesSource(zip);
    const archive = await openZip(broken);
    broken.read = () => Promise.reject(new Error("EIO"));
    const [entry] = archive.entries.values();
    await expect(archive.readWhole(entry)).rejects.toThrow("EIO");
  });

  it("gives the right bytes or a named error wherever a bit, a byte or a piece of it is changed", async () => {
    const draw = new SeededDraw(2024, 1, 31);
    const right = new Set(Object.values(both));
    const outcomes = { right: 0, refused: 0 };
    for (const options of [{}, { dataDescriptors: true }, { zip64: true }] as ZipOptions[]) {
      const sound = zipOf(twoParts, options);
      for (let k = 0; k < 200; k++) {
        const mutated = mutate(sound, draw);
        try {
          const found = Object.values(await contents(mutated));
          expect(found.every((text) => right.has(text))).toBe(true);
          expect(found).toHaveLength(2);
          outcomes.right++;
        } catch (error) {
          expect(error).toMatchObject({ name: "SluiceError", code: "invalid" });
          outcomes.refused++;
        }
      }
    }
    expect(outcomes.right).toBeGreaterThan(50);
    expect(outcomes.refused).toBeGreaterThan(150);
  });

  function moreEntriesThanSaid(): Uint8Array {
    const bytes = zipOf(twoParts);
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).writeUInt16LE(1, bytes.length - 12);
    return bytes;
  }
});

function mutate(bytes: Uint8Array, draw: SeededDraw): Uint8Array {
  const mutated = Buffer.from(bytes);
  const at = draw.below(bytes.length);
  switch (draw.below(4)) {
    case 0:
      mutated[at] ^= 1 << draw.below(8);
      return mutated;
    case 1:
      mutated[at] = draw.pick([0, 1, 0x7f, 0x80, 0xff]);
      return mutated;
    case 2:
      return mutated.subarray(0, at);
    default: {
      const length = 1 + draw.below(8);
      return Buffer.concat([mutated.subarray(0, at), mutated.subarray(at + length)]);
    }
  }
}
