/** Which sheets a workbook has, and how each begins. */
import { gzipSync } from "node:zlib";
import { type BookType, utils, write } from "@e965/xlsx";
import { describe, expect, it } from "vitest";
import type { Source } from "../../src/core/ports.ts";
import type { SheetLook } from "../../src/core/row.ts";
import { formats } from "../../src/formats/formats.ts";
import { zipOf } from "../corpus/zip-bytes.ts";
import { memorySource } from "../memory-source.ts";
import { writeWorkbook } from "./xlsx/write-workbook.ts";

type Rows = (string | number)[][];

function bookOf(
  sheets: Readonly<Record<string, Rows>>,
  bookType: BookType,
  hidden: readonly string[] = [],
): Uint8Array {
  const book = utils.book_new();
  for (const [name, rows] of Object.entries(sheets)) utils.book_append_sheet(book, utils.aoa_to_sheet(rows), name);
  const names = Object.keys(sheets);
  book.Workbook = { Sheets: names.map((name) => ({ name, Hidden: hidden.includes(name) ? 1 : 0 })) };
  return new Uint8Array(write(book, { type: "buffer", bookType }));
}

const sheetsOf = (bytes: Uint8Array): Promise<SheetLook[]> => {
  const source: Source = memorySource("people.xlsx", bytes);
  return formats.sheets?.(source) ?? Promise.reject(new Error("no sheets"));
};

const numbered = (count: number): Rows => Array.from({ length: count }, (_, k) => [`p${k}`, k]);
const sheets = {
  Notes: [["Made in May"]],
  People: [["Name", "Age"], ...numbered(30)],
  Empty: [],
  Old: [["x"], [], ["y"]],
};

describe("the sheets of a workbook", () => {
  it.each<BookType>(["xlsx", "ods", "xls"])("are told with their first rows: %s", async (bookType) => {
    const found = await sheetsOf(bookOf(sheets, bookType));
    expect(found.map(({ name, index, columns, more }) => [name, index, columns, more])).toEqual([
      ["Notes", 1, 1, false],
      ["People", 2, 2, true],
      ["Empty", 3, 0, false],
      ["Old", 4, 1, false],
    ]);
    expect(found[1].rows).toEqual([["Name", "Age"], ...numbered(4).map((row) => row.map(String))]);
    expect([found[2].rows, found[3].rows]).toEqual([[], [["x"], ["y"]]]);
  });

  it.each<BookType>(["xlsx", "xls"])("say which of them is hidden: %s", async (bookType) => {
    const found = await sheetsOf(bookOf(sheets, bookType, ["Old"]));
    expect(found.filter(({ hidden }) => hidden).map(({ name }) => name)).toEqual(["Old"]);
  });

  it("are found in a packed workbook too", async () => {
    const book = bookOf({ A: [["a"]], B: [["b"]] }, "xlsx");
    for (const packed of [gzipSync(book), zipOf([{ name: "a.xlsx", content: book }])]) {
      expect((await sheetsOf(packed)).map(({ name }) => name)).toEqual(["A", "B"]);
    }
  });

  it.each([
    ["text", "name;city\nAnn;Metz\n"],
    ["packed text", gzipSync("name;city\nAnn;Metz\n")],
    ["JSON", '[{"a":1}]'],
  ])("are none in %s", async (_, content) => {
    expect(await sheetsOf(typeof content === "string" ? new TextEncoder().encode(content) : content)).toEqual([]);
  });

  it("are looked at quickly, however much text the workbook shares", async () => {
    const shared = Array.from({ length: 200_000 }, (_, k) => `<si><t>${"x".repeat(30)} ${k}</t></si>`).join("");
    const row = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>199999</v></c></row>';
    const [sheet] = await sheetsOf(writeWorkbook({ sheets: { Far: row }, sharedStrings: shared }));
    expect(sheet.rows).toEqual([[`${"x".repeat(30)} 0`, "…"]]);
  });

  it("are told up to a hundred, and a damaged workbook is refused", async () => {
    const many = Object.fromEntries(Array.from({ length: 130 }, (_, k) => [`S${k}`, [[k]]]));
    expect(await sheetsOf(bookOf(many, "xlsx"))).toHaveLength(100);
    expect(await sheetsOf(bookOf(many, "ods"))).toHaveLength(100);
    const book = bookOf(sheets, "xlsx");
    await expect(sheetsOf(book.slice(0, book.length - 200))).rejects.toMatchObject({ code: "invalid" });
  });
});
