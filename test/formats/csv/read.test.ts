/** Reading in batches: the rows do not depend on how the file is cut, where it is resumed or how it is encoded. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decoderFor } from "../../../src/formats/csv/decode.ts";
import { type ReaderSizes, readCsv } from "../../../src/formats/csv/read.ts";
import type { CsvDialect, Encoding } from "../../../src/row.ts";
import { bytesSource, dialectOf, encodeText, plainRows, type ReadRow, readRows, rowsOf } from "./bytes-source.ts";

/** Something of everything, so that every boundary falls into something. */
const motley = [
  "name,note",
  'Zoé,"a ""b"", c"',
  '"line\r\nbreak",x\r',
  "",
  '€uro,"" ',
  "short",
  'too,long,"one ""two""",',
  '1,"open',
  '"a"b,"c\nd" ,,',
  "😀,naïve\r",
  ',\n\n"😀""😀","\n"',
  'last,"one',
].join("\n");
const columns = ["name", "note"];

const encodings: [encoding: Encoding, bom: boolean][] = [
  ["utf-8", false],
  ["utf-8", true],
  ["utf-16le", false],
  ["utf-16le", true],
  ["utf-16be", false],
  ["utf-16be", true],
  ["windows-1252", false],
];

function fileOf(encoding: Encoding, bom: boolean): { bytes: Uint8Array; dialect: CsvDialect } {
  const text = encoding === "windows-1252" ? motley.replaceAll("😀", "ÿ€") : motley;
  const bytes = encodeText(text, encoding, bom);
  return { bytes, dialect: dialectOf(columns, { encoding, bomBytes: bom ? (encoding === "utf-8" ? 3 : 2) : 0 }) };
}

describe.each(encodings)("readCsv of %s (byte order mark: %s)", (encoding, bom) => {
  const { bytes, dialect } = fileOf(encoding, bom);

  it("reads the same rows as from UTF-8", async () => {
    const text = encoding === "windows-1252" ? motley.replaceAll("😀", "ÿ€") : motley;
    const expected = plainRows(await readRows(bytesSource(text), dialectOf(columns)));
    expect(plainRows(await readRows(bytesSource(bytes), dialect))).toEqual(expected);
  });

  it("reads the same rows at every split of the file's bytes", async () => {
    const expected = await readRows(bytesSource(bytes), dialect);
    for (let splitAt = 1; splitAt < bytes.length; splitAt++) {
      expect(await readRows(bytesSource(bytes, { splitAt }), dialect), `split at ${splitAt}`).toEqual(expected);
    }
  });

  it("reads the same rows whatever the size of a read, a block and a batch", async () => {
    const expected = await readRows(bytesSource(bytes), dialect);
    for (const cut of [1, 2, 3, 5, 17]) {
      expect(await readRows(bytesSource(bytes, { cut }), dialect), `reads of ${cut}`).toEqual(expected);
    }
    for (let blockBytes = 32; blockBytes <= bytes.length; blockBytes += 3) {
      const maxRowsPerBatch = 1 + (blockBytes % 4);
      const rows = await readRows(bytesSource(bytes), dialect, { blockBytes, maxRowsPerBatch });
      expect(rows, `blocks of ${blockBytes}`).toEqual(expected);
    }
  });

  it("gives each row's true place in the file", async () => {
    const rows = await readRows(bytesSource(bytes), dialect);
    for (const row of rows) {
      const [again] = await readRows(bytesSource(bytes), dialect, { from: { offset: row.offset, row: row.row } });
      expect(again).toEqual(row);
    }
    expect(rows[0].offset).toBe(dialect.bomBytes);
  });

  it("goes on with the same rows from every checkpoint", async () => {
    const expected = await readRows(bytesSource(bytes), dialect);
    for (const sizes of [{ maxRowsPerBatch: 1 }, { maxRowsPerBatch: 3 }, { blockBytes: 40 }]) {
      await checkResumes(bytes, dialect, sizes, expected);
    }
  });
});

async function checkResumes(
  bytes: Uint8Array,
  dialect: CsvDialect,
  sizes: ReaderSizes,
  expected: ReadRow[],
): Promise<void> {
  const before: ReadRow[] = [];
  for await (const batch of readCsv(bytesSource(bytes), dialect, sizes)) {
    before.push(...rowsOf(batch));
    const after = await readRows(bytesSource(bytes), dialect, { from: { ...batch.next } });
    expect([...before, ...after], `from ${JSON.stringify(batch.next)}`).toEqual(expected);
  }
}

/** The smallest writer of RFC 4180. */
function writeCsv(table: string[][], delimiter: string, lineEnding: string): string {
  const cell = (value: string): string =>
    value === "" || /["\r\n ]/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value;
  return table.map((row) => row.map(cell).join(delimiter)).join(lineEnding);
}

describe("readCsv", () => {
  const cell = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('"', ",", ";", "\r", "\n", " ", "é", "x"), maxLength: 6 }),
  );
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }),
    );

  it("reads back every table that is written by RFC 4180", async () => {
    const sizes = fc.record({
      blockBytes: fc.integer({ min: 32, max: 200 }),
      maxRowsPerBatch: fc.integer({ min: 1, max: 5 }),
    });
    const dialects = fc.tuple(
      fc.constantFrom(",", ";", "\t"),
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.constantFrom<Encoding>("utf-8", "utf-16le", "utf-16be"),
    );
    await fc.assert(
      fc.asyncProperty(table, dialects, sizes, async (written, [delimiter, lineEnding, encoding], sizes) => {
        const bytes = encodeText(writeCsv(written, delimiter, lineEnding), encoding);
        const dialect = dialectOf(written[0], { delimiter, encoding });
        const rows = await readRows(bytesSource(bytes), dialect, sizes);
        expect(rows.map(({ cells }) => cells)).toEqual(written);
      }),
      { numRuns: 300 },
    );
  });

  it("reads any bytes in the same way however they are cut, rows that are too large among them", async () => {
    const anything = fc.string({
      unit: fc.constantFrom('"', '"', '""', ",", "\n", "\r", " ", "a", "bcd"),
      maxLength: 120,
    });
    const sizes = fc.record({
      blockBytes: fc.integer({ min: 32, max: 90 }),
      maxRowsPerBatch: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(anything, sizes, fc.integer({ min: 8, max: 40 }), async (text, sizes, maxRowBytes) => {
        const dialect = dialectOf(columns);
        const expected = await readRows(bytesSource(text), dialect, { maxRowBytes });
        expect(await readRows(bytesSource(text, { cut: 7 }), dialect, { ...sizes, maxRowBytes })).toEqual(expected);
        for (const { row, offset } of expected) {
          const from = await readRows(bytesSource(text), dialect, { maxRowBytes, from: { row, offset } });
          expect(from).toEqual(expected.filter((each) => each.row >= row));
        }
      }),
      { numRuns: 1500 },
    );
  });

  it("refuses a checkpoint behind the file's end", async () => {
    await expect(
      readRows(bytesSource("a,b"), dialectOf(columns), { from: { offset: 4, row: 2 } }),
    ).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("not the file this import began with"),
    });
  });

  it("reads nothing from a checkpoint at the file's end", async () => {
    expect(await readRows(bytesSource("a,b\n"), dialectOf(columns), { from: { offset: 4, row: 2 } })).toEqual([]);
  });

  it("stops between two batches when it is aborted", async () => {
    const abort = new AbortController();
    const rows: ReadRow[] = [];
    const reading = async (): Promise<void> => {
      for await (const batch of readCsv(bytesSource("a,b\nc,d\ne,f"), dialectOf(columns), {
        maxRowsPerBatch: 1,
        signal: abort.signal,
      })) {
        rows.push(...rowsOf(batch));
        abort.abort(new Error("enough"));
      }
    };
    await expect(reading()).rejects.toThrow("enough");
    expect(rows).toHaveLength(1);
  });
});

describe("decoderFor", () => {
  it("needs none for UTF-8", () => {
    expect(decoderFor("utf-8")).toBeNull();
  });

  it("makes bytes that no UTF-8 has of a lone surrogate, so that validation finds it", async () => {
    for (const unit of [0xd83d, 0xde00]) {
      const bytes = Buffer.from(Uint16Array.of(0x61, unit, 0x2c, 0x62, unit).buffer);
      const [batch] = await Array.fromAsync(readCsv(bytesSource(bytes), dialectOf(columns, { encoding: "utf-16le" })));
      const lone = [0xed, 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)];
      expect([...batch.bytes.subarray(batch.rowStarts[0], batch.rowEnds[0])]).toEqual([
        0x61,
        ...lone,
        0x2c,
        0x62,
        ...lone,
      ]);
    }
  });

  it("leaves out an odd byte at the end of UTF-16", async () => {
    const bytes = Buffer.concat([Buffer.from("a,b", "utf16le"), Buffer.of(0x63)]);
    expect(plainRows(await readRows(bytesSource(bytes), dialectOf(columns, { encoding: "utf-16le" })))).toEqual([
      [1, "a", "b"],
    ]);
  });

  it("knows every byte of Windows-1252", async () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const text = new TextDecoder("windows-1252").decode(all);
    const out = Buffer.alloc(1024);
    const { read, written } = decoderFor("windows-1252")?.decode(all, out, 0, true) ?? { read: 0, written: 0 };
    expect([read, out.toString("utf8", 0, written)]).toEqual([256, text]);
  });
});
