/** Reading in batches: the rows do not depend on how the parts are cut, where the sheet is resumed or where its texts rest. */
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import type { FileFinding } from "../../../src/core/row.ts";
import { readXlsx } from "../../../src/formats/xlsx/read.ts";
import type { SheetSizes } from "../../../src/formats/xlsx/sheet-rows.ts";
import { fc } from "../../property.ts";
import { letters, plainRows, readRows, rowsOf, type SheetRow, workbookDialect, workbookSource } from "./sheet-file.ts";
import { escapeXml, mainNamespace, type WorkbookParts, writeWorkbook } from "./write-workbook.ts";

const sharedStrings = `<?xml version="1.0"?>
<sst xmlns="${mainNamespace}" count="0" uniqueCount="99999999"><!-- <si><t>no</t></si> -->
<si><t>näme</t></si><si><t xml:space="preserve"> a &amp; b\r\n</t></si><si><r><t>rich_x000D_</t></r><r><t>日本</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>
<si><t><![CDATA[<&>]]></t></si><si/><si><t>${"long é ".repeat(60)}</t></si><extLst><ext/></extLst></sst>`;

/** Something of everything, so that every boundary falls into something. */
const motley = `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="${mainNamespace}"><dimension ref="A1:Z99"/><cols><col min="1" max="2" hidden="1"/></cols>
<sheetData><row r="1" spans="1:3"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>
<row r="2" hidden="1"><c r="A2"><v>-12.50</v></c><c r="B2" s="1"><v>45322.5</v></c><c r="C2" t="b"><v>1</v></c></row><row r="3"/>
<row r='7' ht="12>3"><c t='inlineStr' r='A7'><is><t xml:space="preserve"> é_x0041_&#233;\r</t></is></c><!-- c --><c r="C7" t="str"><f>A1&amp;"&lt;"</f><v>😀</v></c></row>
<row><c t="s"><v>3</v></c><c r="B8" t="s"><v>5</v></c><c/><c r="E8"><v>1E3</v></c></row><row r="9"><c r="A9" t="e"><v>#N/A</v></c><extLst><ext><c/></ext></extLst></row>
<row r="10"><c r="A10" t="s"><v>99</v></c><c r="B10"><f>1</f></c><c r="C10" t="inlineStr"><is><r><t>r1</t></r><r><t>r2</t></r></is></c></row></sheetData>
<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells></worksheet>`;
const motleyWorkbook: WorkbookParts = {
  sheets: { Sheet1: motley },
  sharedStrings,
  styles: '<xf numFmtId="0"/><xf numFmtId="22"/>',
};
const motleyFile = writeWorkbook(motleyWorkbook);
/** The same with row numbers that come twice and step back. */
const disorderlyFile = writeWorkbook({
  ...motleyWorkbook,
  sheets: { Sheet1: motley.replace('r="9"', 'r="2"').replace('<row r="10">', '<row r="5">') },
});

async function withFindings(file: Uint8Array, sizes: SheetSizes): Promise<[SheetRow[], FileFinding[]]> {
  const findings: FileFinding[] = [];
  const rows = await readRows(file, 3, { ...sizes, onFinding: (finding) => findings.push(finding) });
  return [rows, findings];
}

describe.each([
  ["a workbook", motleyFile],
  ["a workbook with row numbers out of order", disorderlyFile],
])("readXlsx of %s", (_, file) => {
  it("reads the same rows at every split of its parts' bytes", async () => {
    const expected = await withFindings(file, {});
    expect(expected[0].length).toBe(6);
    // Pieces of n bytes cut at each multiple of n: every offset up to the parts' length is an edge.
    for (let pieceBytes = 1; pieceBytes <= motley.length; pieceBytes += pieceBytes < 200 ? 1 : 7) {
      expect(await withFindings(file, { pieceBytes }), `pieces of ${pieceBytes}`).toEqual(expected);
    }
  });

  it("reads the same rows whatever the size of a batch", async () => {
    const expected = await readRows(file, 3);
    for (const maxRowsPerBatch of [1, 2, 3, 5]) {
      expect(await readRows(file, 3, { maxRowsPerBatch, pieceBytes: 50 })).toEqual(expected);
    }
  });

  it("goes on with the same rows from every checkpoint, and from every row", async () => {
    const expected = await readRows(file, 3);
    const before: SheetRow[] = [];
    const dialect = workbookDialect(letters(3));
    for await (const batch of readXlsx(workbookSource(file), dialect, { maxRowsPerBatch: 1 })) {
      before.push(...rowsOf(batch));
      const after = await readRows(file, 3, { from: { ...batch.next }, pieceBytes: 64 });
      expect([...before, ...after], `from ${JSON.stringify(batch.next)}`).toEqual(expected);
    }
    for (const [k, { offset, row }] of expected.entries()) {
      expect(await readRows(file, 3, { from: { offset, row } })).toEqual(expected.slice(k));
    }
  });
});

describe("readXlsx", () => {
  it("resumes in UTF-16 by places in the text it becomes", async () => {
    const file = writeWorkbook({
      ...motleyWorkbook,
      sheets: { Sheet1: Buffer.from(`\ufeff${motley.replace("UTF-8", "UTF-16")}`, "utf16le") },
    });
    const expected = await readRows(file, 3);
    expect(expected).toEqual((await readRows(motleyFile, 3)).map((row) => ({ ...row, offset: row.offset + 1 })));
    for (const [k, { offset, row }] of expected.entries()) {
      expect(await readRows(file, 3, { from: { offset, row }, pieceBytes: 33 })).toEqual(expected.slice(k));
    }
  });

  it("refuses a checkpoint that is none of its rows", async () => {
    const [first] = await readRows(motleyFile, 3);
    for (const offset of [first.offset + 1, motley.length + 1_000]) {
      await expect(readRows(motleyFile, 3, { from: { offset, row: 2 } })).rejects.toThrow(
        /people\.xlsx has no row at the checkpoint/,
      );
    }
  });

  it("reads the same texts from memory and from a temporary file, and removes the file", async () => {
    const temporary = (): string[] => readdirSync(tmpdir()).filter((name) => /^sluice-.*\.pages$/.test(name));
    const before = temporary();
    const text = fc.oneof(fc.string({ unit: "grapheme", maxLength: 30 }), fc.string({ maxLength: 2000 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 300 }),
        fc.array(fc.nat(), { maxLength: 300 }),
        async (texts, picks) => {
          // Padded so that the pages in memory are far too few.
          const strings = texts.map((each, k) => `${storable(each)}${"·".repeat(k % 2 === 0 ? 400 : 9)}${k}`);
          const rows = picks.map((pick, r) => `<row r="${r + 1}"><c t="s"><v>${pick % strings.length}</v></c></row>`);
          const file = writeWorkbook({
            sheets: { Sheet1: rows.join("") },
            sharedStrings: strings.map((each) => `<si><t>${escapeXml(each)}</t></si>`).join(""),
          });
          const expected = picks.map((pick, r) => [r + 1, strings[pick % strings.length]]);
          for (const stringBytesInMemory of [undefined, 1]) {
            expect(plainRows(await readRows(file, 1, { stringBytesInMemory }))).toEqual(expected);
          }
        },
      ),
      { numRuns: 25 },
    );
    expect(temporary()).toEqual(before);
  });

  it("reads back every table that is written as a workbook, by shared and by inline strings", async () => {
    const cell = fc.string({ unit: "grapheme", maxLength: 10 }).map(storable);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 500 }),
        async (table, pieceBytes) => {
          const strings = table.flat();
          let index = 0;
          const shared = table.map(
            (row, r) => `<row r="${r + 1}">${row.map(() => `<c t="s"><v>${index++}</v></c>`).join("")}</row>`,
          );
          const inline = table.map((row, r) => {
            const cells = row.map((each) => `<c t="inlineStr"><is><t>${escapeXml(each)}</t></is></c>`);
            return `<row r="${r + 1}">${cells.join("")}</row>`;
          });
          const expected = table.flatMap((row, r) =>
            row.every((each) => each === "") ? [] : [[r + 1, ...row, ...Array(4 - row.length).fill("")]],
          );
          const sharedStrings = strings.map((each) => `<si><t>${escapeXml(each)}</t></si>`).join("");
          const options = { pieceBytes };
          expect(plainRows(await readRows({ sheets: { S: shared.join("") }, sharedStrings }, 4, options))).toEqual(
            expected,
          );
          expect(plainRows(await readRows({ sheets: { S: inline.join("") } }, 4, options))).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("reads no more of the strings than its cells ask for, before their end is checked", async () => {
    const strings = Array.from({ length: 60_000 }, (_, k) => `<si><t>text ${(k * 2_654_435_761) % 1_000_003}</t></si>`);
    const file = writeWorkbook({
      sheets: { Sheet1: '<row r="1"><c t="s"><v>3</v></c></row><row r="2"><c t="s"><v>59999</v></c></row>' },
      sharedStrings: strings.join(""),
    });
    const source = workbookSource(file);
    const reading = readXlsx(source, workbookDialect(["A"]), { maxRowsPerBatch: 1 });
    const first = await reading.next();
    expect(rowsOf(first.value)[0].cells).toEqual([`text ${(3 * 2_654_435_761) % 1_000_003}`]);
    expect(first.value.readBytes).toBeLessThanOrEqual(file.length);
    const second = await reading.next();
    expect(rowsOf(second.value)[0].cells).toEqual([`text ${(59_999 * 2_654_435_761) % 1_000_003}`]);
    await reading.return(undefined);
  });

  it("checks the strings to their end, also those that no cell refers to", async () => {
    const strings = Array.from({ length: 50_000 }, (_, k) => `<si><t>text ${k}</t></si>`);
    const file = Buffer.from(
      writeWorkbook({ sheets: { Sheet1: '<row r="1"><c t="s"><v>0</v></c></row>' }, sharedStrings: strings.join("") }),
    );
    expect(plainRows(await readRows(file, 1))).toEqual([[1, "text 0"]]);
    // Bytes 16 to 19 of an entry in the zip directory, 46 before its name, are the checksum (APPNOTE 4.3.12).
    file[file.lastIndexOf("xl/sharedStrings.xml") - 30] ^= 1;
    await expect(readRows(file, 1)).rejects.toThrow(/sharedStrings\.xml fails its checksum/);
  });

  it("judges a cell and a string by their own size, however the parts are cut", async () => {
    const runs = (count: number): string => "<r><t>x</t></r>".repeat(count);
    const file = writeWorkbook({
      sheets: {
        Sheet1: `<row r="1"><c t="s"><v>0</v></c></row><row r="2"><c t="s"><v>1</v></c></row><row r="3"><c t="inlineStr"><is>${runs(3000)}</is></c></row><row r="4"><c t="s"><v>2</v></c></row>`,
      },
      sharedStrings: `<si>${runs(1000)}</si><si>${runs(3000)}</si><si><t>end</t></si>`,
    });
    const sizes = { maxItemBytes: 20_000 };
    const expected = await readRows(file, 1, sizes);
    expect(expected.map(({ row, shape, flags }) => [row, shape, flags[0]])).toEqual([
      [1, 0, 0],
      [2, 0, 64],
      [3, 4, 0],
      [4, 0, 0],
    ]);
    for (const pieceBytes of [100, 999, 5_000, 19_999, 20_001, 44_000]) {
      expect(await readRows(file, 1, { ...sizes, pieceBytes })).toEqual(expected);
    }
  });

  it.each<[what: string, part: string, content: string, message: RegExp]>([
    [
      "strings that break off",
      "xl/sharedStrings.xml",
      "<sst><si><t>a</t></si><si><t>b",
      /sharedStrings\.xml.* ends abruptly/,
    ],
    [
      "strings with a document type",
      "xl/sharedStrings.xml",
      "<!DOCTYPE sst><sst/>",
      /sharedStrings\.xml.*document type/,
    ],
    [
      "strings in another encoding",
      "xl/sharedStrings.xml",
      '<?xml version="1.0" encoding="Shift_JIS"?><sst/>',
      /Shift_JIS/,
    ],
  ])("refuses a workbook with %s", async (_, part, content, message) => {
    const rows = '<row r="1"><c t="s"><v>1</v></c></row>';
    const file = writeWorkbook({ sheets: { Sheet1: rows }, sharedStrings: "", parts: { [part]: content } });
    await expect(readRows(file, 1)).rejects.toThrow(message);
  });

  it("names the sheets when the dialect's is not there", async () => {
    const reading = readXlsx(workbookSource(motleyFile), workbookDialect(["A"], { sheet: "Orders", sheetIndex: 2 }));
    await expect(reading.next()).rejects.toThrow(/no sheet "Orders".*1 "Sheet1"/);
  });

  it("finds the dialect's sheet by its name when it has moved", async () => {
    const file = writeWorkbook({ sheets: { New: "", People: '<row r="1"><c><v>1</v></c></row>' } });
    const dialect = workbookDialect(["A"], { sheet: "People", sheetIndex: 1 });
    const { value } = await readXlsx(workbookSource(file), dialect).next();
    expect(plainRows(rowsOf(value))).toEqual([[1, "1"]]);
  });
});

/** Without what XML cannot hold, and without what reads as an escape. */
function storable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\ufffe\uffff_]/gu, "");
}
