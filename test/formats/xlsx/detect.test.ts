/** Which sheet and which table a workbook is read by. */
import { describe, expect, it } from "vitest";
import type { DialectHints, WorkbookDialect } from "../../../src/core/row.ts";
import { detectXlsx } from "../../../src/formats/xlsx/detect.ts";
import { workbookSource } from "./sheet-file.ts";
import { mainNamespace, relationshipNamespace, type WorkbookParts, writeWorkbook } from "./write-workbook.ts";

const detect = (parts: WorkbookParts, hints: DialectHints = {}): Promise<WorkbookDialect> =>
  detectXlsx(workbookSource(writeWorkbook(parts)), hints);

const text = (value: string): string => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
const row = (number: number, ...values: string[]): string => `<row r="${number}">${values.map(text).join("")}</row>`;
const table = row(1, "name", "email") + row(2, "Ann", "ann@example.com") + row(3, "Bo", "bo@example.com");
const otherTable = row(1, "city", "zip") + row(2, "Lund", "22100");

/** `state`s of the sheets by their places; the default is visible. */
function workbookXml(states: Record<string, string> | [name: string, state: string][]): string {
  const entries = Array.isArray(states) ? states : Object.entries(states);
  const sheets = entries.map(
    ([name, state], k) => `<sheet name="${name}" sheetId="${k + 1}" state="${state}" r:id="rId${k + 1}"/>`,
  );
  return `<workbook xmlns="${mainNamespace}" xmlns:r="${relationshipNamespace}"><sheets>${sheets.join("")}</sheets></workbook>`;
}

describe("detectXlsx", () => {
  it("finds the header and the columns of the only sheet", async () => {
    expect(await detect({ sheets: { People: table } })).toEqual({
      format: "xlsx",
      packing: "none",
      sheet: "People",
      sheetIndex: 1,
      headerRow: 1,
      headerRows: 1,
      lastRow: null,
      columns: ["name", "email"],
      findings: [],
      between: { header: [["name", "email"]], titles: [], comment: null, paged: false },
    });
  });

  it("reads the header's names from the shared strings, wherever they lie", async () => {
    const strings = Array.from({ length: 300_000 }, (_, k) => `<si><t>text ${k}</t></si>`);
    const sheet = `<row r="1"><c t="s"><v>299998</v></c><c t="s"><v>299999</v></c></row>${row(2, "Ann", "1")}`;
    const { columns } = await detect({ sheets: { People: sheet }, sharedStrings: strings.join("") });
    expect(columns).toEqual(["text 299998", "text 299999"]);
  });

  it.each<[hint: string | undefined, sheet: string, index: number]>([
    [undefined, "People", 2],
    ["Cities", "Cities", 3],
    ["cities", "Cities", 3],
    [" PEOPLE ", "People", 2],
    ["3", "Cities", 3],
    ["2", "2", 4],
  ])("takes the sheet that is meant by %s", async (hint, sheet, index) => {
    const sheets = { Empty: '<row r="1"><c s="1"/></row>', People: table, Cities: otherTable, Named: row(1, "x", "y") };
    const names = ["Empty", "People", "Cities", "2"];
    const parts = { "xl/workbook.xml": workbookXml(names.map((name) => [name, "visible"])) };
    expect(await detect({ sheets, parts }, { sheet: hint })).toMatchObject({ sheet, sheetIndex: index });
  });

  it("names the sheets there are when the one asked for is not", async () => {
    const reading = detect({ sheets: { People: table, Cities: otherTable } }, { sheet: "Orders" });
    await expect(reading).rejects.toThrow(/people\.xlsx has no sheet "Orders".*1 "People", 2 "Cities"/);
  });

  it("tells of other visible sheets with rows", async () => {
    const sheets = { People: table, Empty: "", Cities: otherTable, Secret: otherTable };
    const parts = {
      "xl/workbook.xml": workbookXml({ People: "visible", Empty: "visible", Cities: "visible", Secret: "hidden" }),
    };
    const { sheet, findings } = await detect({ sheets, parts });
    expect(sheet).toBe("People");
    expect(findings).toEqual([{ code: "other_sheets", count: 1, params: { sheets: '3 "Cities"' } }]);
  });

  it("prefers a visible sheet, and tells when it takes a hidden one", async () => {
    const parts = { "xl/workbook.xml": workbookXml({ Secret: "veryHidden", Cities: "visible" }) };
    expect(await detect({ sheets: { Secret: table, Cities: otherTable }, parts })).toMatchObject({
      sheet: "Cities",
      findings: [],
    });
    expect(await detect({ sheets: { Secret: table, Cities: "" }, parts })).toMatchObject({
      sheet: "Secret",
      findings: [{ code: "sheet_hidden", count: 1 }],
    });
  });

  it("tells of hidden columns of the table", async () => {
    const cols =
      '<cols><col min="2" max="2" hidden="1"/><col min="3" max="16384" hidden="true"/><col min="1" max="1"/></cols>';
    const sheet = `<worksheet>${cols}<sheetData>${table}</sheetData></worksheet>`;
    expect((await detect({ sheets: { People: sheet } })).findings).toEqual([{ code: "columns_hidden", count: 1 }]);
  });

  it("names columns that the header does not", async () => {
    const sheet = row(1, "name", "email") + row(2, "Ann", "a@b.se", "", "note") + row(3, "Bo", "b@b.se");
    expect((await detect({ sheets: { People: sheet } })).columns).toEqual(["name", "email", "Column 3", "Column 4"]);
  });

  it("drops columns at the end that are styled and empty", async () => {
    const styled = '<c s="1"/>'.repeat(5000);
    const sheet = `<row r="1">${text("name")}${text("email")}${styled}</row><row r="2">${text("Ann")}${text("a@b.se")}${styled}</row>`;
    expect((await detect({ sheets: { People: sheet } })).columns).toEqual(["name", "email"]);
  });

  it("takes the header's row from a person", async () => {
    expect(await detect({ sheets: { People: table } }, { headerRow: 0 })).toMatchObject({
      headerRow: 0,
      columns: ["Column 1", "Column 2"],
    });
  });

  it("finds a table of thousands of columns", async () => {
    const names = Array.from({ length: 16_384 }, (_, k) => `c${k}`);
    const { columns } = await detect({ sheets: { Wide: row(1, ...names) + row(2, ...names.map((_, k) => `${k}`)) } });
    expect(columns).toEqual(names);
  });

  it("refuses a table of more columns than a spreadsheet has", async () => {
    const names = Array.from({ length: 16_385 }, (_, k) => `c${k}`);
    await expect(detect({ sheets: { Wide: row(1, ...names) } })).rejects.toThrow(/more than 16384 columns/);
  });

  it.each([[{ People: "" }], [{ People: '<row r="1"><c s="1"/></row>', More: "<worksheet/>" }]])(
    "says so when no sheet has rows",
    async (sheets) => {
      await expect(detect({ sheets })).rejects.toThrow(/people\.xlsx has no sheet with rows\. Available: 1 "People"/);
    },
  );

  it("reads a bounded part of a workbook", async () => {
    let rows = row(1, "name", "email");
    for (let r = 2; r <= 150_000; r++)
      rows += row(r, `Name ${(r * 7919) % 100_003}`, `${(r * 104_729) % 1_000_003}@example.com`);
    const file = writeWorkbook({ sheets: { People: rows, More: rows } });
    const source = workbookSource(file);
    await detectXlsx(source, {});
    expect(source.bytesRead).toBeLessThan(file.length / 3);
  });
});
