import { describe, expect, it } from "vitest";
import { cellTyped } from "../../../src/core/row.ts";
import { content, pack, readSheet, row, text } from "./ods-rows.ts";

const numberStyle = (name: string, inside: string): string =>
  `<number:number-style style:name="${name}">${inside}</number:number-style>`;
const digits = (least: number, inside = ""): string =>
  `<number:number number:decimal-places="0" number:min-integer-digits="${least}">${inside}</number:number>`;
const cellStyle = (name: string, data: string, parent = "Default"): string =>
  `<style:style style:name="${name}" style:family="table-cell" style:parent-style-name="${parent}" style:data-style-name="${data}"/>`;
const embedded = (position: number, shown: string): string =>
  `<number:embedded-text number:position="${position}">${shown}</number:embedded-text>`;

const styles = [
  numberStyle("N1", digits(5)),
  numberStyle("N2", `<number:text>INV-</number:text>${digits(4)}`),
  numberStyle("N3", digits(9, embedded(6, "-") + embedded(4, "-"))),
  numberStyle("N4", '<number:number number:decimal-places="2" number:min-integer-digits="1" number:grouping="true"/>'),
  numberStyle("N5", `${digits(1)}<number:text> kg</number:text>`),
  numberStyle("N6P0", digits(5)),
  numberStyle(
    "N6",
    `<number:text>-</number:text>${digits(1)}<style:map style:condition="value()&gt;=0" style:apply-style-name="N6P0"/>`,
  ),
  numberStyle("N7", `<number:text>+33 </number:text>${digits(9)}`),
  '<number:boolean-style style:name="N99"><number:boolean/></number:boolean-style>',
  ...["N1", "N2", "N3", "N4", "N5", "N6", "N7", "N99"].map((name) => cellStyle(`c${name}`, name)),
  '<style:style style:name="child" style:family="table-cell" style:parent-style-name="cN1"/>',
].join("");

const cell = (style: string, value: string, shown: string): string =>
  `<table:table-cell table:style-name="${style}" office:value-type="float" office:value="${value}"><text:p>${shown}</text:p></table:table-cell>`;
const bare = (value: string, shown: string): string =>
  `<table:table-cell office:value-type="float" office:value="${value}"><text:p>${shown}</text:p></table:table-cell>`;

async function read(value: string): Promise<[string, number]> {
  const part = content(`<table:table table:name="T">${row(text("v"))}${row(value)}</table:table>`, { styles });
  const { rows, flags } = await readSheet(pack(part));
  return [rows[1][1] as string, flags[1][0]];
}

describe("a number that its style shows as a code", () => {
  it.each<[string, string, string, number]>([
    ["five digits", cell("cN1", "1000", "01000"), "01000", cellTyped],
    ["a word in front", cell("cN2", "42", "INV-0042"), "INV-0042", cellTyped],
    ["groups", cell("cN3", "12345678", "012-34-5678"), "012-34-5678", cellTyped],
    ["a condition", cell("cN6", "1000", "01000"), "01000", cellTyped],
    ["a style that follows another", cell("child", "1000", "01000"), "01000", cellTyped],
    ["digits that are not the number's", cell("cN7", "612345678", "+33 612345678"), "+33 612345678", 0],
    ["an amount", cell("cN4", "1234.5", "1,234.50"), "1234.5", cellTyped],
    ["a unit", cell("cN5", "5", "5 kg"), "5", cellTyped],
    ["a number below zero", cell("cN6", "-5", "-00005"), "-5", cellTyped],
    ["a fraction that is rounded", cell("cN1", "1000.5", "01001"), "1000.5", cellTyped],
    ["a style that is nowhere described", cell("nowhere", "1000", "01000"), "1000", cellTyped],
    ["a boolean that is kept as a number", cell("cN99", "1", "TRUE"), "true", cellTyped],
    ["another number of a boolean's style", cell("cN99", "2", "TRUE"), "2", cellTyped],
  ])("%s", async (_, value, shown, flags) => {
    expect(await read(value)).toEqual([shown, flags]);
  });
});

const columns =
  '<table:table-column table:default-cell-style-name="Default"/><table:table-column table:number-columns-repeated="2" table:default-cell-style-name="cN1"/>';
const rows = Array.from({ length: 9 }, (_, k) => row(bare(String(k + 1), "1") + bare(String(k + 1), `0000${k + 1}`)));

describe("cells without a style of their own", () => {
  const part = content(
    `<table:table table:name="T">${columns}${row(text("a") + text("b"))}${rows.join("")}${row(bare("7", "00007"), 'table:default-cell-style-name="cN1"')}</table:table>`,
    { styles },
  );

  it("have their column's, or their row's", async () => {
    const { rows: found } = await readSheet(pack(part));
    expect(found.slice(1, 4)).toEqual([
      [2, "1", "00001"],
      [3, "2", "00002"],
      [4, "3", "00003"],
    ]);
    expect(found.at(-1)).toEqual([11, "00007", ""]);
  });

  it("have it also where reading goes on from a checkpoint", async () => {
    const file = pack(part);
    const { dialect, places, rows: found } = await readSheet(file);
    for (const [k, from] of places.entries()) {
      const { rows: rest } = await readSheet(file, { dialect, from });
      expect(rest).toEqual(found.slice(k));
    }
  });
});
