/** Which of a zip archive's files is read: the likely one, or the one that is named. */
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Dialect } from "../../src/core/row.ts";
import { rowCells } from "../../src/core/row.ts";
import { formats } from "../../src/formats/formats.ts";
import { type ZipEntry, zipOf } from "../corpus/zip-bytes.ts";
import { memorySource } from "../memory-source.ts";
import { writeWorkbook } from "./xlsx/write-workbook.ts";

type Parts = (ZipEntry | [name: string, content: string | Uint8Array])[];

const sourceOf = (parts: Parts) =>
  memorySource(
    "export.zip",
    zipOf(parts.map((part) => (Array.isArray(part) ? { name: part[0], content: part[1] } : part))),
  );

const png = Buffer.from("89504e470d0a1a0a", "hex");
const people = "name,age\nZoé,30\nBo,40\n";
const orders = "order,amount,day\n1,10,2024-01-31\n2,20,2024-02-01\n3,30,2024-02-02\n";
const sheetOf = (cells: readonly string[]): string =>
  cells.map((cell) => `<row><c t="inlineStr"><is><t>${cell}</t></is></c></row>`).join("");
const book = writeWorkbook({ sheets: { A: sheetOf(["code", "007"]), B: sheetOf(["city", "Lyon"]) } });

async function firstRows(parts: Parts, entry?: string): Promise<{ dialect: Dialect; rows: string[][] }> {
  const source = sourceOf(parts);
  const dialect = await formats.detect(source, { entry });
  const rows: string[][] = [];
  for await (const batch of formats.read(source, dialect, {}))
    for (let r = 0; r < batch.rowCount; r++) rows.push(rowCells(batch, r));
  return { dialect, rows };
}

describe("a zip archive of several files", () => {
  it.each<[string, Parts, string]>([
    [
      "the largest table",
      [
        ["people.csv", people],
        ["data/orders.csv", orders],
      ],
      "data/orders.csv",
    ],
    [
      "the first of equals",
      [
        ["b.csv", people],
        ["a.csv", people],
      ],
      "b.csv",
    ],
    [
      "the only table",
      [
        ["readme.txt", "x".repeat(900)],
        ["people.csv", people],
        ["LICENSE", "y".repeat(900)],
      ],
      "people.csv",
    ],
    [
      "a text where nothing else is a table",
      [
        ["people.txt", people],
        ["logo.png", png],
      ],
      "people.txt",
    ],
    [
      "a table of no known name",
      [
        ["people", people],
        ["logo.png", png],
      ],
      "people",
    ],
    [
      "a workbook",
      [
        ["book.xlsx", book],
        ["people.csv", people],
      ],
      "book.xlsx",
    ],
    [
      "what is no archive itself",
      [
        ["all.zip", zipOf([{ name: "a.csv", content: orders }])],
        ["people.csv", people],
      ],
      "people.csv",
    ],
    [
      "what is not packed once more",
      [
        ["orders.csv.gz", gzipSync(orders)],
        ["people.csv", people],
      ],
      "people.csv",
    ],
    [
      "what can be read",
      [
        { name: "orders.csv", content: orders, says: { flags: 0x0801 } },
        { name: "people.csv", content: people },
      ],
      "people.csv",
    ],
    [
      "the one whose name is its own",
      [
        ["a.csv", orders],
        ["a.csv", orders],
        ["people.csv", people],
      ],
      "people.csv",
    ],
    [
      "a file whose name leads elsewhere",
      [
        ["../../etc/people.csv", people],
        ["notes.md", "# x"],
      ],
      "../../etc/people.csv",
    ],
  ])("is read as %s", async (_, parts, entry) => {
    expect((await firstRows(parts)).dialect).toMatchObject({ packing: "zip", entry });
  });

  it("says which other tables it has, where nobody has chosen", async () => {
    const parts: Parts = [
      ["people.csv", people],
      ["readme.txt", "hello"],
      ["orders.csv", orders],
      ["sub/people.csv", people],
    ];
    const { dialect, rows } = await firstRows(parts);
    expect(dialect.findings).toEqual([
      { code: "other_files", count: 2, params: { files: '1 "people.csv", 4 "sub/people.csv"' } },
    ]);
    expect(rows[1]).toEqual(["1", "10", "2024-01-31"]);
    expect((await firstRows(parts, "people.csv")).dialect.findings).toEqual([]);
  });

  it.each<[hint: string, entry: string]>([
    ["people.csv", "people.csv"],
    ["SUB/Orders.CSV", "sub/orders.csv"],
    ["orders.csv", "sub/orders.csv"],
    ["2", "2"],
    ["3", "sub/orders.csv"],
  ])("has the file named %s", async (hint, entry) => {
    const parts: Parts = [
      ["people.csv", people],
      ["2", people],
      ["sub/orders.csv", orders],
    ];
    const { dialect, rows } = await firstRows(parts, hint);
    expect(dialect.entry).toBe(entry);
    expect(rows.length).toBe(entry === "sub/orders.csv" ? 4 : 3);
  });

  it("reads a sheet of a workbook in it, and tells its sheets", async () => {
    const parts: Parts = [
      ["book.xlsx", book],
      ["orders.csv", orders],
    ];
    const source = sourceOf(parts);
    const dialect = await formats.detect(source, { entry: "book.xlsx", sheet: "B" });
    expect(dialect).toMatchObject({ entry: "book.xlsx", sheet: "B", columns: ["city"] });
    expect((await formats.sheets?.(source, undefined, "book.xlsx"))?.map(({ name }) => name)).toEqual(["A", "B"]);
    expect(await formats.sheets?.(source, undefined, "orders.csv")).toEqual([]);
  });

  it("has no name of its own for a file that is alone", async () => {
    const { dialect } = await firstRows([
      ["people.csv", people],
      ["__MACOSX/._people.csv", "x"],
      [".DS_Store", "x"],
      ["empty/", ""],
    ]);
    expect("entry" in dialect).toBe(false);
    expect((await firstRows([["people.csv", people]], "people.csv")).rows.length).toBe(3);
  });

  it.each<[string, Parts, string | undefined, RegExp]>([
    [
      "a file that is not there",
      [
        ["a.csv", people],
        ["b.csv", people],
      ],
      "c.csv",
      /^export\.zip has no file "c\.csv" in it\. Available: 1 "a\.csv", 2 "b\.csv"\. Give one/,
    ],
    [
      "many files, of which none is named so",
      Array.from({ length: 25 }, (_, k): [string, string] => [`${k}.csv`, people]),
      "x",
      /20 "19\.csv" and 5 more\. Give one/,
    ],
    [
      "files of which none is a table",
      [
        ["a.png", png],
        ["b.pdf", "%PDF-1.4"],
      ],
      undefined,
      /none of its files is a table that can be read: 1 "a\.png", 2 "b\.pdf"\. Save/,
    ],
    [
      "encrypted files",
      [
        { name: "a.csv", content: people, says: { flags: 0x0801 } },
        { name: "b.csv", content: people, says: { flags: 0x0801 } },
      ],
      undefined,
      /password-protected/,
    ],
    [
      "an encrypted file that is named",
      [
        { name: "a.csv", content: people, says: { flags: 0x0801 } },
        { name: "b.csv", content: people },
      ],
      "a.csv",
      /password-protected/,
    ],
    [
      "a name that two files have",
      [
        ["a.csv", people],
        ["a.csv", orders],
        ["b.csv", people],
      ],
      "a.csv",
      /several entries named a\.csv/,
    ],
    [
      "an archive in it",
      [
        ["all.zip", zipOf([{ name: "a.csv", content: orders }])],
        ["b.csv", people],
      ],
      "all.zip",
      /contains another archive\. Unpack it/,
    ],
    [
      "names that would move a terminal's cursor",
      [
        ["\u001b[2Ja.csv", people],
        ["\u202eb.csv", people],
      ],
      "x",
      /1 "\?\[2Ja\.csv", 2 "\?b\.csv"/,
    ],
  ])("refuses %s", async (_, parts, hint, message) => {
    await expect(formats.detect(sourceOf(parts), { entry: hint })).rejects.toThrow(message);
  });

  it("refuses more entries than it holds in memory, at once", async () => {
    const entries = Array.from(
      { length: 65_537 },
      (_, k): ZipEntry => ({ name: `${k}.csv`, content: "", method: "store" }),
    );
    const source = memorySource("export.zip", zipOf(entries, { zip64: true }));
    await expect(formats.detect(source, {})).rejects.toThrow(/more than 65536 entries/);
  });

  it("opens no more than its likeliest files, and tells the others by their names", async () => {
    const parts = Array.from({ length: 3000 }, (_, k): [string, string] => [`${k}.csv`, people]);
    const entries = await formats.entries?.(sourceOf(parts));
    expect(entries?.length).toBe(1000);
    expect(entries?.filter(({ rows }) => rows.length > 0).length).toBe(20);
    const { findings } = (await firstRows(parts)).dialect;
    expect(findings).toMatchObject([{ code: "other_files", count: 2999 }]);
  });

  it("stops at a file that unpacks to far more than it has", async () => {
    const bomb: ZipEntry = { name: "bomb.csv", content: "a,b\n".repeat(5000), says: { sizeBytes: 400_000_000 } };
    const source = sourceOf([bomb, ["people.csv", people]]);
    const [first] = (await formats.entries?.(source)) ?? [];
    expect(first).toMatchObject({ name: "bomb.csv", rows: [] });
    await expect(formats.detect(source, { entry: "bomb.csv" })).rejects.toThrow(/zip bomb/);
    expect((await formats.detect(source, {})).entry).toBe("people.csv");
  });

  it("tells how each of its files begins, or why it cannot be read", async () => {
    const entries = await formats.entries?.(
      sourceOf([
        ["notes.pdf", "%PDF-1.4"],
        ["people.csv", people],
        ["sub/orders.csv", orders],
        ["book.xlsx", book],
      ]),
    );
    expect(
      entries?.map(({ name, index, columns, rows, more, problem }) => [
        name,
        index,
        columns,
        rows.length,
        more,
        problem?.template,
      ]),
    ).toEqual([
      ["book.xlsx", 4, 1, 2, false, undefined],
      ["sub/orders.csv", 3, 3, 4, false, undefined],
      ["people.csv", 2, 2, 3, false, undefined],
      ["notes.pdf", 1, 0, 0, false, "{0} is a PDF. Export the table as XLSX or CSV from the program it came from."],
    ]);
    expect(await formats.entries?.(sourceOf([["people.csv", people]]))).toEqual([]);
    expect(await formats.entries?.(memorySource("people.csv", Buffer.from(people)))).toEqual([]);
    expect(await formats.entries?.(memorySource("book.xlsx", book))).toEqual([]);
  });
});
