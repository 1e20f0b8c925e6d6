/** Cells as a person says they are to be taken, whatever the format, and again from any row. */
import { describe, expect, it } from "vitest";
import type { DialectHints } from "../../src/core/row.ts";
import { formats } from "../../src/formats/formats.ts";
import { bytesSource, rowsOf } from "./csv/bytes-source.ts";

async function cellsOf(content: string, hints: DialectHints): Promise<string[][]> {
  const source = bytesSource(content);
  const dialect = await formats.detect(source, hints);
  const cells: string[][] = [];
  for await (const batch of formats.read(source, dialect, {}))
    for (const row of rowsOf(batch)) if (row.row > dialect.headerRow) cells.push(row.cells);
  return cells;
}

describe("words for nothing", () => {
  it.each<[string, string[], string, string[][]]>([
    [
      "are blank cells",
      ["NULL"],
      "a,b\nNULL,1\nx,NULL\n",
      [
        ["", "1"],
        ["x", ""],
      ],
    ],
    ["count in quotes, and between blanks", ["NULL"], 'a,b\n"NULL", NULL \n', [["", ""]]],
    ["are the whole cell", ["NULL"], "a,b\nNULLs,not NULL\n", [["NULLs", "not NULL"]]],
    ["count by case", ["NULL"], "a,b\nNull,null\n", [["Null", "null"]]],
    [
      "are several",
      ["n/a", "-"],
      "a,b\nn/a,-\n-1,n/a.\n",
      [
        ["", ""],
        ["-1", "n/a."],
      ],
    ],
    ["may have quotes in them", ['"none"'], 'a,b\n"""none""",1\n', [["", "1"]]],
    ["may be outside ASCII", ["öhne"], "a,b\nöhne,1\n", [["", "1"]]],
    ["do not blank a header", ["b"], "a,b\nb,1\n", [["", "1"]]],
    [
      "are cells of JSON too",
      ["NULL"],
      '[{"a":"NULL","b":1},{"a":"x","b":"NULL"}]',
      [
        ["", "1"],
        ["x", ""],
      ],
    ],
  ])("%s", async (_, nulls, content, cells) => {
    expect(await cellsOf(content, { nulls })).toEqual(cells);
  });
});

describe("white space", () => {
  const text = 'a,b\n  x ,"y  z\n  w\u00a0\u2003v "\n \u00a0,1\n';

  it("stays where nothing is said of it", async () => {
    expect(await cellsOf(text, {})).toEqual([
      ["  x ", "y  z\n  w\u00a0\u2003v "],
      [" \u00a0", "1"],
    ]);
    expect(await cellsOf(text, { trim: "none" })).toEqual(await cellsOf(text, {}));
  });

  it("goes at the ends", async () => {
    expect(await cellsOf(text, { trim: "ends" })).toEqual([
      ["x", "y  z\n  w\u00a0\u2003v"],
      ["", "1"],
    ]);
  });

  it("becomes one space inside a line, and lines stay", async () => {
    expect(await cellsOf(text, { trim: "all" })).toEqual([
      ["x", "y z\n w v"],
      ["", "1"],
    ]);
  });

  it("is the same beside doubled quotes", async () => {
    expect(await cellsOf('a,b\n" ""x""  y ",1\n', { trim: "all" })).toEqual([['"x" y', "1"]]);
  });
});

it("takes cells the same from a checkpoint on", async () => {
  const text = `a,b\n${Array.from({ length: 3000 }, (_, k) => `NULL,${"y".repeat(400)}   ${k}\n`).join("")}`;
  const source = bytesSource(text);
  const dialect = await formats.detect(source, { nulls: ["NULL"], trim: "all" });
  const places: { offset: number; row: number }[] = [];
  const all: string[][] = [];
  for await (const batch of formats.read(source, dialect, {})) {
    places.push({ ...batch.next });
    all.push(...rowsOf(batch).map(({ cells }) => cells));
  }
  expect(all[3000]).toEqual(["", `${"y".repeat(400)} 2999`]);
  const from = places[0];
  const rest: string[][] = [];
  for await (const batch of formats.read(source, dialect, { from }))
    rest.push(...rowsOf(batch).map(({ cells }) => cells));
  expect(rest).toEqual(all.slice(from.row - 1));
});

it("takes every quote as it stands where quotes are text", async () => {
  const text = 'name,size\n"Tab"le,24"\n"Shelf,36"\n';
  expect(await cellsOf(text, { quote: "none" })).toEqual([
    ['"Tab"le', '24"'],
    ['"Shelf', '36"'],
  ]);
  expect(await cellsOf("name,size\n'a,b',1\n", { quote: "'" })).toEqual([["a,b", "1"]]);
});
