/** Every way a cell and a row can be written, by hand-written XML. */

import { describe, expect, it } from "vitest";
import {
  cellError,
  cellTooLong,
  cellTyped,
  type FileFinding,
  rowNumberRepeated,
  rowTooLarge,
  rowTooLong,
} from "../../../src/core/row.ts";
import { fc } from "../../property.ts";
import { plainRows, readRows } from "./sheet-file.ts";
import { mainNamespace, strictNamespace, writeWorkbook } from "./write-workbook.ts";

const sharedStrings = [
  "<si><t>plain</t></si>",
  "<si><r><t>rich </t></r><r><rPr><b/><sz val='11'/></rPr><t>text</t></r></si>",
  "<si><t>課きく</t><rPh sb='0' eb='1'><t>カ</t></rPh><phoneticPr fontId='1'/></si>",
  '<si><t xml:space="preserve">  spaced  </t></si>',
  "<si><t>a &amp; b &lt;c&gt; &#233;&#x1F600;</t></si>",
  "<si><t>line_x000D_\nbreak _x005F_x000D_ _xD83D__xDE00_ _x0041 my_xml_x00</t></si>",
  "<si><t><![CDATA[<b>raw & co</b>]]></t></si>",
  "<si/>",
  "<si><t/></si>",
  "<si><t>one\r\ntwo\rthree</t></si>",
].join("");
/** Styles 0 to 4: plain, date, date and time, time, elapsed time. */
const styles = [0, 14, 22, 21, 46].map((id) => `<xf numFmtId="${id}"/>`).join("");

/** The first cell of a row with the flags it has. */
async function readCell(cell: string): Promise<[text: string, flags: number] | null> {
  const rows = `<row r="1">${cell}<c r="B1"><v>1</v></c></row>`;
  const [row] = await readRows({ sheets: { Sheet1: rows }, sharedStrings, styles }, 2);
  return [row.cells[0], row.flags[0]];
}

describe("a cell", () => {
  it.each<[what: string, xml: string, text: string, flags: number]>([
    ["a whole number", '<c r="A1"><v>42</v></c>', "42", cellTyped],
    ["a number of type n", '<c r="A1" t="n"><v>-42</v></c>', "-42", cellTyped],
    ["a decimal", '<c r="A1"><v>12.5</v></c>', "12.5", cellTyped],
    ["a double's 17 digits", '<c r="A1"><v>0.10000000000000001</v></c>', "0.1", cellTyped],
    ["a sum that is not quite", '<c r="A1"><v>0.30000000000000004</v></c>', "0.30000000000000004", cellTyped],
    ["a number with an exponent", '<c r="A1"><v>3.36E+10</v></c>', "33600000000", cellTyped],
    ["a small number with an exponent", '<c r="A1"><v>1E-7</v></c>', "0.0000001", cellTyped],
    ["a huge number", '<c r="A1"><v>1.5E300</v></c>', "1.5e+300", cellTyped],
    ["a long whole number", '<c r="A1"><v>12345678901234567890</v></c>', "12345678901234567890", cellTyped],
    ["a whole number beyond a double's", '<c r="A1"><v>9007199254740993</v></c>', "9007199254740993", cellTyped],
    ["zero below zero", '<c r="A1"><v>-0</v></c>', "0", cellTyped],
    ["zeros that say nothing", '<c r="A1"><v>007.50</v></c>', "7.5", cellTyped],
    ["a number between blanks", '<c r="A1"><v> 12\n</v></c>', "12", cellTyped],
    ["a number that is none", '<c r="A1"><v>1,5</v></c>', "1,5", 0],
    ["a number that is too large", '<c r="A1"><v>1E999</v></c>', "1E999", 0],
    ["true", '<c r="A1" t="b"><v>1</v></c>', "true", cellTyped],
    ["false", '<c r="A1" t="b"><v>0</v></c>', "false", cellTyped],
    ["true in words", '<c r="A1" t="b"><v>true</v></c>', "true", cellTyped],
    ["an error value", '<c r="A1" t="e"><v>#DIV/0!</v></c>', "#DIV/0!", cellError],
    ["a formula's text", '<c r="A1" t="str"><f>B1&amp;"x"</f><v>a &amp; b</v></c>', "a & b", 0],
    ["a formula's number", '<c r="A1"><f t="shared" ref="A1:A2" si="0">B1&gt;2</f><v>3</v></c>', "3", cellTyped],
    ["a shared formula's number", '<c r="A1"><f t="shared" si="0"/><v>3</v></c>', "3", cellTyped],
    ["a formula's date", '<c r="A1" s="1"><f>TODAY()</f><v>45322</v></c>', "2024-01-31", cellTyped],
    ["a formula's truth", '<c r="A1" t="b"><f>1=1</f><v>1</v></c>', "true", cellTyped],
    ["a formula's empty text", '<c r="A1" t="str"><f>""</f><v></v></c>', "", 0],
    ["a day", '<c r="A1" s="1"><v>45322</v></c>', "2024-01-31", cellTyped],
    ["a day and time", '<c r="A1" s="2"><v>45322.354166666664</v></c>', "2024-01-31T08:30:00", cellTyped],
    ["a time", '<c r="A1" s="3"><v>0.35416666666666669</v></c>', "08:30:00", cellTyped],
    ["an elapsed time", '<c r="A1" s="4"><v>1.5</v></c>', "PT36H", cellTyped],
    ["a day before all days", '<c r="A1" s="1"><v>-1</v></c>', "-1", cellTyped],
    ["a style that is not there", '<c r="A1" s="99"><v>45322</v></c>', "45322", cellTyped],
    ["an empty style", '<c r="A1" s=""><v>45322</v></c>', "45322", cellTyped],
    ["an ISO day", '<c r="A1" t="d"><v>2024-01-31</v></c>', "2024-01-31", cellTyped],
    ["an ISO day and time", '<c r="A1" s="2" t="d"><v>2024-01-31T08:30:00</v></c>', "2024-01-31T08:30:00", cellTyped],
    [
      "an ISO midnight shown as a day",
      '<c r="A1" s="1" t="d"><v>2024-01-31T00:00:00.000Z</v></c>',
      "2024-01-31",
      cellTyped,
    ],
    ["an ISO date that is none", '<c r="A1" t="d"><v>soon</v></c>', "soon", 0],
    ["a shared string", '<c r="A1" t="s"><v>0</v></c>', "plain", 0],
    ["a string in runs", '<c r="A1" t="s"><v>1</v></c>', "rich text", 0],
    ["a string with its sound", '<c r="A1" t="s"><v>2</v></c>', "課きく", 0],
    ["a string between spaces", '<c r="A1" t="s"><v>3</v></c>', "  spaced  ", 0],
    ["a string with references", '<c r="A1" t="s"><v>4</v></c>', "a & b <c> é😀", 0],
    ["a string with escapes", '<c r="A1" t="s"><v>5</v></c>', "line\r\nbreak _x000D_ 😀 _x0041 my_xml_x00", 0],
    ["a string in CDATA", '<c r="A1" t="s"><v>6</v></c>', "<b>raw & co</b>", 0],
    ["an empty string", '<c r="A1" t="s"><v>7</v></c>', "", 0],
    ["a string with an empty text", '<c r="A1" t="s"><v>8</v></c>', "", 0],
    ["line ends in a string", '<c r="A1" t="s"><v>9</v></c>', "one\ntwo\nthree", 0],
    ["a string without index", '<c r="A1" t="s"><v/></c>', "", 0],
    ["a string that is not there", '<c r="A1" t="s"><v>10</v></c>', "#DAMAGED! shared string 10 of 10", cellError],
    ["an index that is none", '<c r="A1" t="s"><v>-1</v></c>', "#DAMAGED! shared string -1 of 10", cellError],
    ["an inline string", '<c r="A1" t="inlineStr"><is><t>here</t></is></c>', "here", 0],
    [
      "an inline string in runs",
      '<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><rPr/><t> b</t></r></is></c>',
      "a b",
      0,
    ],
    ["an inline string with an escape", '<c r="A1" t="inlineStr"><is><t>a_x0009_b</t></is></c>', "a\tb", 0],
    ["an inline string with an underscore", '<c r="A1" t="inlineStr"><is><t>john_doe_x</t></is></c>', "john_doe_x", 0],
    ["an inline string beside a value", '<c r="A1" t="inlineStr"><v>1.0</v><is><t>1.</t></is></c>', "1.", 0],
    ["an inline string before a value", '<c r="A1" t="inlineStr"><is><t>1.</t></is><v>1.0</v></c>', "1.", 0],
    ["an inline string of no type", '<c r="A1"><is><t>12</t></is></c>', "12", 0],
    ["an empty inline string", '<c r="A1" t="inlineStr"><is><t></t></is></c>', "", 0],
    ["a kept space", '<c r="A1" t="inlineStr"><is><t xml:space="preserve"> </t></is></c>', " ", 0],
    ["text of an unknown type", '<c r="A1" t="novel"><v>x</v></c>', "x", 0],
    ["a lone ampersand", '<c r="A1" t="str"><v>a & b &nope; &#xZZ;</v></c>', "a & b &nope; &#xZZ;", 0],
    ["a NUL that XML cannot hold", '<c r="A1" t="str"><v>a_x0000_b</v></c>', "a\0b", 0],
    ["nothing", '<c r="A1"/>', "", 0],
    ["a style alone", '<c r="A1" s="1"></c>', "", 0],
    ["an empty value", '<c r="A1"><v></v></c>', "", 0],
    [
      "single quotes and other attributes",
      "<c cm='1' t='n' s='1' r='A1' vm = '2'><v>45322</v></c>",
      "2024-01-31",
      cellTyped,
    ],
    [
      "lines between its parts",
      '<c\n r="A1"\n t="s" >\n <v>\n 0 </v >\n <extLst><ext><v>9</v></ext></extLst></c >',
      "plain",
      0,
    ],
    ["a comment in it", '<c r="A1"><!-- <v>1</v> --><v>4<!-- x -->2</v></c>', "42", cellTyped],
    ["a number in CDATA", '<c r="A1"><v><![CDATA[42]]></v></c>', "42", cellTyped],
    ["a greater sign in an attribute", '<c r="A1" x="a>b"><v>42</v></c>', "42", cellTyped],
  ])("reads %s", async (_, xml, text, flags) => {
    expect(await readCell(xml)).toEqual([text, flags]);
  });

  it("reads a lone surrogate as bytes that are no UTF-8, so that validation finds it", async () => {
    expect(await readCell('<c r="A1" t="str"><v>_xD800_</v></c>')).toEqual(["\ufffd\ufffd\ufffd", 0]);
  });

  it("flags text of more than 32,767 characters, and keeps so many of it", async () => {
    const fits = "é".repeat(32_767);
    const [row] = await readRows(
      {
        sheets: {
          Sheet1: `<row r="1"><c t="str"><v>${fits}</v></c><c t="str"><v>${fits}x</v></c><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>`,
        },
        sharedStrings: `<si><t>${fits}</t></si><si><t>${fits}x</t></si>`,
      },
      4,
    );
    expect(row.flags).toEqual([0, cellTooLong, 0, cellTooLong]);
    expect(row.cells).toEqual([fits, fits, fits, fits]);
  });

  it("reads the general way whatever the plain way reads, and the same", async () => {
    const value = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => ({ type: "str", text })),
      fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => ({ type: "inlineStr", text })),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => ({ type: "n", text: String(number) })),
      fc.bigInt().map((number) => ({ type: "n", text: String(number) })),
      fc.tuple(fc.nat(1e6), fc.nat(99)).map(([a, b]) => ({ type: "n", text: `${a}.${b}` })),
      fc.boolean().map((truth) => ({ type: "b", text: truth ? "1" : "0" })),
      fc.nat(12).map((index) => ({ type: "s", text: String(index) })),
    );
    const escape = (text: string): string =>
      text.replace(/[<&\p{Cc}\ufffe\uffff]/gu, (char) =>
        char < " " || char > "\ufff0" ? "" : `&#${char.charCodeAt(0)};`,
      );
    const cell = fc.tuple(value, fc.nat(4));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 5 }), async (table) => {
        const sheet = (write: (ref: string, style: number, type: string, content: string) => string): string =>
          table
            .map((row, r) => {
              const cells = row.map(([{ type, text }, style], c) => {
                const content = type === "inlineStr" ? `<is><t>${escape(text)}</t></is>` : `<v>${escape(text)}</v>`;
                return write(`${"ABCDE"[c]}${r + 1}`, style, type, content);
              });
              return `<row r="${r + 1}">${cells.join("")}</row>`;
            })
            .join("");
        const plain = sheet((ref, s, t, content) => `<c r="${ref}" s="${s}" t="${t}">${content}</c>`);
        const general = sheet((ref, s, t, content) => `<c t='${t}' s='${s}' r='${ref}'>\n${content}<!-- -->\n</c>`);
        const withoutPlaces = (rows: Awaited<ReturnType<typeof readRows>>): unknown =>
          rows.map(({ offset: _, ...row }) => row);
        const expected = await readRows({ sheets: { Sheet1: plain }, sharedStrings, styles }, 4);
        const rows = await readRows({ sheets: { Sheet1: general }, sharedStrings, styles }, 4);
        expect(withoutPlaces(rows)).toEqual(withoutPlaces(expected));
      }),
      { numRuns: 60 },
    );
  });
});

/** A cell of text. */
const cell = (ref: string, text = ref): string => `<c r="${ref}" t="str"><v>${text}</v></c>`;

describe("a row", () => {
  it.each<[what: string, rows: string, expected: (string | number)[][]]>([
    ["fills gaps with blanks", `<row r="1">${cell("B1")}${cell("D1")}</row>`, [[1, "", "B1", "", "D1"]]],
    [
      "numbers rows and cells that do not say where they are",
      `<row><c><v>1</v></c><c/><c><v>3</v></c></row><row/><row>${cell("B9")}</row><row><c><v>4</v></c></row>`,
      [
        [1, "1", "", "3", ""],
        [9, "", "B9", "", ""],
        [10, "4", "", "", ""],
      ],
    ],
    [
      "counts on from a cell that does",
      `<row r="2"><c r="B2"><v>2</v></c><c><v>3</v></c></row>`,
      [[2, "", "2", "3", ""]],
    ],
    [
      "takes cells in any order",
      `<row r="1">${cell("C1")}${cell("A1")}<c r="B1" s="1"/>${cell("D1")}</row>`,
      [[1, "A1", "", "C1", "D1"]],
    ],
    [
      "keeps a second value for a cell beside the table",
      `<row r="1">${cell("A1", "first")}${cell("B1")}${cell("A1", "second")}</row>`,
      [[1, `!${rowTooLong}`, "first", "B1", "", "", "second"]],
    ],
    [
      "keeps cells beyond the table's columns",
      `<row r="1">${cell("A1")}${cell("F1")}</row><row r="2">${cell("A2")}<c r="F2" s="1"/></row>`,
      [
        [1, `!${rowTooLong}`, "A1", "", "", "", "", "F1"],
        [2, "A2", "", "", ""],
      ],
    ],
    [
      "keeps a cell beyond a spreadsheet's last column",
      `<row r="1">${cell("A1")}${cell("XFE1")}${cell("ZZZZZZZZ1")}</row>`,
      [[1, `!${rowTooLong}`, "A1", "", "", "", "XFE1", "ZZZZZZZZ1"]],
    ],
    [
      "leaves out rows without a value, which keep their numbers",
      `<row r="1" s="1" customFormat="1"/><row r="3"><c r="A3" s="1"/></row><row r="7">${cell("A7")}</row>`,
      [[7, "A7", "", "", ""]],
    ],
    [
      "gives a row whose number comes again the next one, and says so",
      `<row r="1">${cell("A1")}</row><row r="2">${cell("A2")}</row><row r="2">${cell("A2", "again")}</row><row r="3">${cell("A3")}</row><row r="8">${cell("A8")}</row>`,
      [
        [1, "A1", "", "", ""],
        [2, "A2", "", "", ""],
        [3, `!${rowNumberRepeated}`, "again", "", "", ""],
        [4, "A3", "", "", ""],
        [8, "A8", "", "", ""],
      ],
    ],
    [
      "gives rows that step back new numbers",
      `<row r="5">${cell("A5")}</row><row r="3">${cell("A3")}</row><row r="99999999999">${cell("A4")}</row><row r="6">${cell("A6")}</row>`,
      [
        [5, "A5", "", "", ""],
        [6, `!${rowNumberRepeated}`, "A3", "", "", ""],
        [7, `!${rowNumberRepeated}`, "A4", "", "", ""],
        [8, "A6", "", "", ""],
      ],
    ],
    [
      "passes over what is no cell",
      `<row r="1"><extLst><ext><c r="A1"><v>9</v></c></ext></extLst>${cell("A1")}</row><!-- <row/> -->`,
      [[1, "A1", "", "", ""]],
    ],
    ["reads a row number that is none as none", `<row r="one">${cell("A4")}</row>`, [[4, "A4", "", "", ""]]],
  ])("%s", async (_, rows, expected) => {
    expect(plainRows(await readRows({ sheets: { Sheet1: rows } }, 4))).toEqual(expected);
  });

  it("holds no more of a row than a row may have, and says that it was too large", async () => {
    const long = "x".repeat(300);
    const rows = `<row r="1">${cell("A1")}</row><row r="2">${cell("A2", long)}${cell("B2", long)}${cell("C2")}</row><row r="3">${cell("A3")}</row>`;
    const [first, second, third] = await readRows({ sheets: { Sheet1: rows } }, 4, { maxRowBytes: 400 });
    expect([first.cells[0], third.cells[0]]).toEqual(["A1", "A3"]);
    expect(second.shape).toBe(rowTooLarge);
    expect(second.cells).toEqual(["x".repeat(256), "", "", ""]);
  });

  it("has room for rows of thousands of numbers and dates", async () => {
    const numbers = (row: number): string[] => Array.from({ length: 6000 }, (_, k) => `${(k + 1) * row}.${k}1234567`);
    const rows = Array.from({ length: 9 }, (_, r) => {
      const cells = numbers(r + 1).map((number, k) =>
        k % 2 === 0 ? `<c><v>${number}</v></c>` : `<c s="2"><v>45322.5</v></c>`,
      );
      return `<row r="${r + 1}">${cells.join("")}</row>`;
    });
    const read = await readRows({ sheets: { Sheet1: rows.join("") }, styles }, 6000);
    const expected = rows.map((_, r) =>
      numbers(r + 1).map((number, k) => (k % 2 === 0 ? number : "2024-01-31T12:00:00")),
    );
    expect(read.map(({ cells }) => cells)).toEqual(expected);
  });

  it("does not wait for the first cell of a row that has neither a number nor a cell", async () => {
    const comment = `<!-- ${"-".repeat(200_000)}> -->`;
    const rows = `<row>${comment}${cell("A9")}</row><row><!-- -->${cell("A9")}</row>`;
    expect(plainRows(await readRows({ sheets: { Sheet1: rows } }, 1, { pieceBytes: 999 }))).toEqual([
      [1, "A9"],
      [9, "A9"],
    ]);
  });

  it("passes over a cell of 5 MB without holding it", async () => {
    const runs = "<r><rPr><b/></rPr><t>x</t></r>".repeat(180_000);
    const huge = `<c r="A2" t="inlineStr"><is>${runs}</is></c>`;
    const rows = `<row r="1">${cell("A1")}</row><row r="2">${huge}${cell("B2")}</row><row r="3">${cell("A3")}</row>`;
    const read = await readRows({ sheets: { Sheet1: rows } }, 2);
    expect(read.map(({ shape, cells }) => [shape, cells[0].slice(0, 2)])).toEqual([
      [0, "A1"],
      [rowTooLarge, ""],
      [0, "A3"],
    ]);
  });
});

const rows = `<row r="1">${cell("A1")}${cell("B1")}</row><row r="2">${cell("A2")}<c r="B2"><v>2</v></c></row>`;
const expectedRows = [
  [1, "A1", "B1"],
  [2, "A2", "2"],
];

describe("a sheet", () => {
  const prefixed = rows.replace(/<(\/?)(row|c|v)\b/g, "<$1x:$2");
  it.each<[what: string, sheet: string | Uint8Array]>([
    ["with a prefix", `<x:worksheet xmlns:x="${mainNamespace}"><x:sheetData>${prefixed}</x:sheetData></x:worksheet>`],
    [
      "with a prefix it does not use",
      `<x:worksheet xmlns:x="${mainNamespace}" xmlns="${mainNamespace}"><sheetData>${rows}</sheetData></x:worksheet>`,
    ],
    ["of strict Open XML", `<worksheet xmlns="${strictNamespace}"><sheetData>${rows}</sheetData></worksheet>`],
    ["with a false dimension", `<worksheet><dimension ref="A1:XFD1048576"/><sheetData>${rows}</sheetData></worksheet>`],
    [
      "with a byte order mark",
      `\ufeff<?xml version="1.0" encoding="utf-8"?><worksheet><sheetData>${rows}</sheetData></worksheet>`,
    ],
    [
      "in UTF-16",
      Buffer.from(
        `\ufeff<?xml version="1.0" encoding="UTF-16"?><worksheet><sheetData>${rows}</sheetData></worksheet>`,
        "utf16le",
      ),
    ],
    [
      "in UTF-16 the other way",
      Buffer.from(`\ufeff<worksheet><sheetData>${rows}</sheetData></worksheet>`, "utf16le").swap16(),
    ],
    ["in UTF-16 without a mark", Buffer.from(`<worksheet><sheetData>${rows}</sheetData></worksheet>`, "utf16le")],
    [
      "with much around its rows",
      `<worksheet><!-- <sheetData> --><sheetViews><sheetView/></sheetViews><sheetData >\n${rows}\n</sheetData><extLst><ext><row r="9"><c><v>9</v></c></row></ext></extLst></worksheet>`,
    ],
  ])("is read %s", async (_, sheet) => {
    expect(plainRows(await readRows({ sheets: { Sheet1: sheet } }, 2))).toEqual(expectedRows);
  });

  it("reads a prefixed sheet with text outside of ASCII, prefixed strings and inline strings", async () => {
    const sheet = `<ss:worksheet xmlns:ss="${mainNamespace}"><ss:sheetData><ss:row r="1"><ss:c r="A1" t="s"><ss:v>1</ss:v></ss:c><ss:c r="B1" t="inlineStr"><ss:is><ss:t>é_x0041_</ss:t></ss:is></ss:c><ss:c r="C1" t="b"><ss:f>1=1</ss:f><ss:v>1</ss:v></ss:c><ss:c r="D1" t="inlineStr"><ss:is><ss:t>日</ss:t></ss:is></ss:c></ss:row></ss:sheetData></ss:worksheet>`;
    const strings = `<ss:sst xmlns:ss="${mainNamespace}"><ss:si><ss:t>a</ss:t></ss:si><ss:si><ss:t xml:space="preserve">ö </ss:t></ss:si></ss:sst>`;
    const read = await readRows({ sheets: { Sheet1: sheet }, sharedStrings: strings }, 4);
    expect(plainRows(read)).toEqual([[1, "ö ", "éA", "true", "日"]]);
  });

  it.each([
    ["<worksheet><sheetData/></worksheet>"],
    ["<worksheet><sheetData></sheetData></worksheet>"],
    ["<worksheet/>"],
  ])("has no rows when it is %s", async (sheet) => {
    expect(await readRows({ sheets: { Sheet1: sheet } }, 2)).toEqual([]);
  });

  it("ends its million phantom rows at the last real one", async () => {
    const phantom = (from: number, to: number): string => {
      let xml = "";
      for (let r = from; r <= to; r++) xml += `<row r="${r}" s="1" customFormat="1"><c r="A${r}" s="1"/></row>`;
      return xml;
    };
    const sheet = `${phantom(1, 9)}<row r="10">${cell("A10")}</row>${phantom(11, 200_000)}`;
    expect(plainRows(await readRows({ sheets: { Sheet1: sheet } }, 1))).toEqual([[10, "A10"]]);
  });

  it("tells what it noticed: hidden rows, formulas without a value, merged cells", async () => {
    const findings: [FileFinding, number][] = [];
    const sheet = `<worksheet><sheetData><row r="1">${cell("A1")}</row><row r="2" hidden="1">${cell("A2")}</row><row r="3" hidden="true">${cell("A3")}</row><row r="4" hidden="0">${cell("A4")}<c r="B4"><f>A1</f></c></row><row r="5" hidden="1"/><row r="6"><c r="A6"><f>A1</f><v/></c>${cell("B6")}</row></sheetData><mergeCells count="2"><mergeCell ref="A3:B4"/><mergeCell ref="C3:C4"/></mergeCells></worksheet>`;
    await readRows({ sheets: { Sheet1: sheet } }, 2, { onFinding: (finding, row) => findings.push([finding, row]) });
    expect(findings).toEqual([
      [{ code: "rows_hidden", count: 2 }, 2],
      [{ code: "formula_without_value", count: 2 }, 4],
      [{ code: "cells_merged", count: 2 }, 3],
    ]);
  });

  it.each<[what: string, sheet: string | Uint8Array, message: RegExp]>([
    [
      "ends abruptly in a cell",
      `<worksheet><sheetData>${rows}<row r="3"><c r="A3"><v>1`,
      /people\.xlsx.*sheet1\.xml.* ends abruptly after row 3.*damaged/,
    ],
    ["breaks off between rows", `<worksheet><sheetData>${rows}`, /ends abruptly after row 2/],
    ["breaks off in a comment", `<worksheet><sheetData>${rows}<!-- </sheetData></worksheet>`, /ends abruptly/],
    ["has a row in a row", `<worksheet><sheetData><row r="1"><row r="2"/></row></sheetData></worksheet>`, /unclosed/],
    [
      "has a cell that is closed by a row",
      `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></row></sheetData></worksheet>`,
      /unclosed/,
    ],
    ["closes a cell twice", `<worksheet><sheetData><row r="1"></c></row></sheetData></worksheet>`, /closes nothing/],
    [
      "has a document type",
      `<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData>${rows}</sheetData></worksheet>`,
      /document type.*not read/,
    ],
    [
      "has a document type in a cell",
      `<worksheet><sheetData><row r="1"><c><!DOCTYPE x></c></row></sheetData></worksheet>`,
      /document type/,
    ],
    [
      "has a document type among its rows",
      `<worksheet><sheetData><row r="1"><!DOCTYPE x></row></sheetData></worksheet>`,
      /document type/,
    ],
    [
      "is written in another encoding",
      `<?xml version="1.0" encoding="ISO-8859-1"?><worksheet><sheetData>${rows}</sheetData></worksheet>`,
      /ISO-8859-1/,
    ],
    ["is written in UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), /encoding/],
    [
      "has a tag without end",
      `<worksheet><sheetData><row r="1"><c r="A1" x="${"y".repeat(2_000_000)}`,
      /tag that does not end/,
    ],
  ])("is refused when it %s", async (_, sheet, message) => {
    await expect(readRows({ sheets: { Sheet1: sheet } }, 2)).rejects.toThrow(message);
  });

  it("is refused for its encoding however its declaration is cut", async () => {
    const sheet = `<?xml version="1.0" encoding="ISO-8859-1"?><worksheet><sheetData>${rows}</sheetData></worksheet>`;
    for (let pieceBytes = 1; pieceBytes < 50; pieceBytes++) {
      await expect(readRows({ sheets: { Sheet1: sheet } }, 2, { pieceBytes })).rejects.toThrow(/ISO-8859-1/);
    }
  });

  it("passes over a comment of megabytes without holding it", async () => {
    const comment = `<!-- ${"<c>".repeat(1_000_000)} -->`;
    const sheet = `<worksheet>${comment}<sheetData>${comment}${rows}</sheetData></worksheet>`;
    expect(plainRows(await readRows({ sheets: { Sheet1: sheet } }, 2))).toEqual(expectedRows);
  });

  it("stops when it is aborted", async () => {
    const stopping = new AbortController();
    const reading = readRows(writeWorkbook({ sheets: { Sheet1: rows } }), 2, {
      maxRowsPerBatch: 1,
      onFinding: () => {},
      signal: AbortSignal.any([stopping.signal, AbortSignal.abort(new Error("enough"))]),
    });
    await expect(reading).rejects.toThrow("enough");
  });
});
