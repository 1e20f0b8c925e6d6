/** Reading in batches: the rows do not depend on how the file is cut, where it is resumed or how it is encoded. */

import { describe, expect, it } from "vitest";
import type { CsvDialect, Encoding } from "../../../src/core/row.ts";
import { type ReaderSizes, readCsv } from "../../../src/formats/csv/read.ts";
import { fc } from "../../property.ts";
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

/** What stands in each encoding's file in the place of letters that it does not have. */
const letters: Readonly<Record<Encoding, string>> = {
  "windows-1250": "żłęŐ",
  "windows-1252": "ÿ€œ’",
  shift_jis: "ソ表ｱ申",
  "euc-jp": "ソ表ｱ山",
  gbk: "镕乂€丂",
  gb18030: "镕乂㐀😀",
  big5: "許功蓋中",
  "euc-kr": "똠가힝漢",
};

const encodings: [encoding: Encoding, bom: boolean][] = [
  ["utf-8", false],
  ["utf-8", true],
  ["utf-16le", false],
  ["utf-16le", true],
  ["utf-16be", false],
  ["utf-16be", true],
  ["utf-32le", true],
  ["utf-32be", false],
  ...Object.keys(letters).map((encoding): [Encoding, boolean] => [encoding, false]),
];

/** The motley text with letters that the encoding has. */
function textIn(encoding: Encoding): string {
  const own = letters[encoding];
  return own === undefined ? motley : motley.replaceAll(/[é€ï😀]/gu, own);
}

function fileOf(encoding: Encoding, bom: boolean): { bytes: Uint8Array; dialect: CsvDialect } {
  const bytes = encodeText(textIn(encoding), encoding, bom);
  return {
    bytes,
    dialect: dialectOf(columns, { encoding, bomBytes: bom ? encodeText("\ufeff", encoding).length : 0 }),
  };
}

describe.each(encodings)("readCsv of %s (byte order mark: %s)", (encoding, bom) => {
  const { bytes, dialect } = fileOf(encoding, bom);

  it("reads the same rows as from UTF-8", async () => {
    const expected = plainRows(await readRows(bytesSource(textIn(encoding)), dialectOf(columns)));
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
    for (let blockBytes = 48; blockBytes <= 3 * bytes.length; blockBytes += 7) {
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

/** The smallest writer of a dialect. */
function writeCsv(
  table: string[][],
  { delimiter, quote, escape, lineEnding }: Pick<CsvDialect, "delimiter" | "quote" | "escape" | "lineEnding">,
): string {
  const escaped = (value: string): string =>
    escape === "double"
      ? value.replaceAll(quote, quote + quote)
      : value.replaceAll(/[\\"']/g, (char) => (char === quote || char === "\\" ? `\\${char}` : char));
  const cell = (value: string): string =>
    value === "" || /[\r\n "']/.test(value) || value.includes(delimiter) ? quote + escaped(value) + quote : value;
  return table.map((row) => row.map(cell).join(delimiter)).join(lineEnding);
}

describe("readCsv", () => {
  const cell = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 8 }),
    fc.string({ unit: fc.constantFrom('"', "'", "\\", ",", ";", "\r", "\n", " ", "é", "x"), maxLength: 6 }),
  );
  const table = fc
    .integer({ min: 1, max: 5 })
    .chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }),
    );

  it("reads back every table from every dialect it is written in", async () => {
    const sizes = fc.record({
      blockBytes: fc.integer({ min: 48, max: 300 }),
      maxRowsPerBatch: fc.integer({ min: 1, max: 5 }),
    });
    const dialects = fc.record({
      delimiter: fc.constantFrom(",", ";", "\t", "|", ":", "^", "\x1f"),
      quote: fc.constantFrom<CsvDialect["quote"]>('"', "'"),
      escape: fc.constantFrom<CsvDialect["escape"]>("double", "backslash"),
      lineEnding: fc.constantFrom<CsvDialect["lineEnding"]>("\n", "\r\n", "\r"),
      encoding: fc.constantFrom("utf-8", "utf-16le", "utf-16be", "utf-32le", "utf-32be", "gb18030"),
      bom: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(table, dialects, sizes, async (written, { bom, ...marks }, sizes) => {
        const bomBytes = bom ? encodeText("\ufeff", marks.encoding).length : 0;
        const bytes = encodeText(writeCsv(written, marks), marks.encoding, bom);
        const dialect = dialectOf(written[0], { ...marks, bomBytes });
        const rows = await readRows(bytesSource(bytes), dialect, sizes);
        expect(rows.map(({ cells }) => cells)).toEqual(written);
        for (const { row, offset } of rows) {
          const from = await readRows(bytesSource(bytes), dialect, { ...sizes, from: { row, offset } });
          expect(from).toEqual(rows.filter((each) => each.row >= row));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("reads any bytes in the same way however they are cut, rows that are too large among them", async () => {
    const anything = fc.string({
      unit: fc.constantFrom('"', '"', '""', ",", "\n", "\r", " ", "a", "bcd", "\\", '\\"'),
      maxLength: 120,
    });
    const escapes = fc.constantFrom<CsvDialect["escape"]>("double", "backslash");
    const sizes = fc.record({
      blockBytes: fc.integer({ min: 32, max: 90 }),
      maxRowsPerBatch: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(
        anything,
        escapes,
        sizes,
        fc.integer({ min: 8, max: 40 }),
        async (text, escape, sizes, maxRowBytes) => {
          const dialect = dialectOf(columns, { escape });
          const expected = await readRows(bytesSource(text), dialect, { maxRowBytes });
          expect(await readRows(bytesSource(text, { cut: 7 }), dialect, { ...sizes, maxRowBytes })).toEqual(expected);
          for (const { row, offset } of expected) {
            const from = await readRows(bytesSource(text), dialect, { maxRowBytes, from: { row, offset } });
            expect(from).toEqual(expected.filter((each) => each.row >= row));
          }
        },
      ),
      { numRuns: 1500 },
    );
  });

  it.each([
    ["sep=;\n", "a;b\nc;d", 2],
    ["SEP=;\r\n", "a;b\nc;d", 2],
    ['"sep=;"\n', "a;b\nc;d", 2],
    ["sep=;\r", "a;b\nc;d", 2],
    ["", "sep=;x\na;b", 1],
    ["", "xsep=;\na;b", 1],
  ])("takes the separator line %j for no row, though it has a number", async (line, rest, firstRow) => {
    const rows = rest.split("\n").map((each, k) => [firstRow + k, ...each.split(";")]);
    for (const encoding of ["utf-8", "utf-16le", "windows-1252"]) {
      const bytes = encodeText(line + rest, encoding);
      const dialect = dialectOf(columns, { delimiter: ";", encoding });
      expect(plainRows(await readRows(bytesSource(bytes, { cut: 1 }), dialect))).toEqual(rows);
    }
  });

  it("reads nothing from a file that is a separator line alone", async () => {
    expect(await readRows(bytesSource("sep=;"), dialectOf(columns, { delimiter: ";" }))).toEqual([]);
  });

  it("fails with what the source fails with, also where it reads ahead", async () => {
    for (const encoding of ["utf-8", "windows-1252"]) {
      const source = bytesSource("a,b\n".repeat(100));
      const failing = {
        ...source,
        read: async (into: Uint8Array, offset: number) => {
          if (offset >= 40) throw new Error("the disk is gone");
          return source.read(into.subarray(0, 40), offset);
        },
      };
      const reading = readRows(failing, dialectOf(columns, { encoding }), { blockBytes: 48 });
      await expect(reading).rejects.toThrow("the disk is gone");
    }
  });

  it("has no read under way once it is left", async () => {
    let reading = 0;
    const source = bytesSource("a,b\n".repeat(1000));
    const slow = {
      ...source,
      read: async (into: Uint8Array, offset: number) => {
        reading++;
        await new Promise(setImmediate);
        reading--;
        return source.read(into, offset);
      },
    };
    const dialect = dialectOf(columns, { encoding: "windows-1252" });
    for await (const batch of readCsv(slow, dialect, { blockBytes: 48 })) if (batch.rowCount > 0) break;
    expect(reading).toBe(0);
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
