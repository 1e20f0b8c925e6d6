import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { resolvePart } from "../../../src/formats/xlsx/relationships.ts";
import { openWorkbook, type Sheet, sheetEntry, type Workbook } from "../../../src/formats/xlsx/workbook.ts";
import { zipOf } from "../../corpus/zip-bytes.ts";
import { bytesSource } from "../csv/bytes-source.ts";
import {
  mainNamespace,
  relationshipNamespace,
  relationshipsXml,
  strictNamespace,
  type WorkbookParts,
  writeWorkbook,
} from "./write-workbook.ts";

const open = (parts: WorkbookParts): Promise<Workbook> => openWorkbook(bytesSource(writeWorkbook(parts)));

/** Its tabs in short: `name`, `name (hidden)`, `name (chartsheet)`, and the part each lies in. */
function tabs(workbook: Workbook): string[] {
  return workbook.sheets.map(({ name, hidden, kind, entry }: Sheet) =>
    [name, hidden && "(hidden)", kind !== "worksheet" && `(${kind})`, entry?.name ?? "-"].filter(Boolean).join(" "),
  );
}

const workbookXml = (inner: string): string =>
  `<workbook xmlns="${mainNamespace}" xmlns:r="${relationshipNamespace}">${inner}</workbook>`;

describe("a workbook", () => {
  it("has its sheets in the order of their tabs", async () => {
    const workbook = await open({ sheets: { "Clients & prospects": "", Été: "", Sheet1: "" } });
    expect(tabs(workbook)).toEqual([
      "Clients & prospects xl/worksheets/sheet1.xml",
      "Été xl/worksheets/sheet2.xml",
      "Sheet1 xl/worksheets/sheet3.xml",
    ]);
    expect(workbook.sheets.map(({ index }) => index)).toEqual([1, 2, 3]);
    expect(workbook).toMatchObject({ date1904: false, sharedStrings: null, styles: { kinds: new Uint8Array() } });
    const [sheet] = workbook.sheets;
    const part = await workbook.archive.readWhole(sheetEntry(workbook, sheet));
    expect(Buffer.from(part).toString()).toContain("<sheetData></sheetData>");
  });

  it("tells hidden sheets, and sheets that are none with rows", async () => {
    const sheets = ["visible", "hidden", "veryHidden", "visible", "visible", "visible"]
      .map((state, k) => `<sheet name="S${k + 1}" sheetId="${k + 1}" state="${state}" r:id="rId${k + 1}"/>`)
      .join("");
    const workbook = await open({
      parts: {
        "xl/workbook.xml": workbookXml(`<sheets>${sheets}</sheets>`),
        "xl/_rels/workbook.xml.rels": relationshipsXml([
          ["worksheet", "worksheets/sheet1.xml"],
          ["worksheet", "worksheets/sheet1.xml"],
          ["worksheet", "worksheets/sheet1.xml"],
          ["chartsheet", "chartsheets/sheet1.xml"],
          ["dialogsheet", "dialogsheets/sheet1.xml"],
          ["http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet", "macrosheets/sheet1.xml"],
        ]),
        "xl/chartsheets/sheet1.xml": "<chartsheet/>",
      },
    });
    expect(tabs(workbook)).toEqual([
      "S1 xl/worksheets/sheet1.xml",
      "S2 (hidden) xl/worksheets/sheet1.xml",
      "S3 (hidden) xl/worksheets/sheet1.xml",
      "S4 (chartsheet) -",
      "S5 (dialogsheet) -",
      "S6 (macrosheet) -",
    ]);
    expect(() => sheetEntry(workbook, workbook.sheets[3])).toThrow(
      "Sheet 4 (S4) of people.csv is a chartsheet: it has no rows. Choose another sheet.",
    );
  });

  it("opens with a sheet whose part is missing, and says so when that sheet is chosen", async () => {
    const workbook = await open({ sheets: { Here: "", Gone: "" }, parts: { "xl/worksheets/sheet2.xml": null } });
    expect(tabs(workbook)).toEqual(["Here xl/worksheets/sheet1.xml", "Gone -"]);
    expect(() => sheetEntry(workbook, workbook.sheets[1])).toThrow(
      "people.csv is damaged: the part that holds sheet 2 (Gone) is missing.",
    );
  });

  it.each<[what: string, workbookPr: string, date1904: boolean]>([
    ["1", `<workbookPr date1904="1"/>`, true],
    ["true", `<workbookPr date1904="true"/>`, true],
    ["0", `<workbookPr date1904="0"/>`, false],
    ["false", `<workbookPr date1904="false"/>`, false],
    ["nothing", `<workbookPr/>`, false],
    ["an extension", `<extLst><ext><workbookPr date1904="1"/></ext></extLst>`, false],
  ])("counts dates from 1904 when its properties say so: %s", async (_, workbookPr, date1904) => {
    const sheets = `<sheets><sheet name="S" r:id="rId1"/></sheets>`;
    expect(await open({ parts: { "xl/workbook.xml": workbookXml(workbookPr + sheets) } })).toMatchObject({ date1904 });
  });

  it.each<[what: string, parts: Record<string, string | Uint8Array | null>]>([
    ["without content types", { "[Content_Types].xml": null }],
    ["without the package's relationships", { "_rels/.rels": null }],
    ["without any relationships", { "_rels/.rels": null, "xl/_rels/workbook.xml.rels": null }],
    [
      "with targets from the package's root",
      { "xl/_rels/workbook.xml.rels": relationshipsXml([["worksheet", "/xl/worksheets/sheet1.xml"]]) },
    ],
    [
      "with roundabout targets",
      { "xl/_rels/workbook.xml.rels": relationshipsXml([["worksheet", "./../xl/./worksheets/sheet1.xml"]]) },
    ],
    [
      "with names in another case",
      { "xl/_rels/workbook.xml.rels": relationshipsXml([["worksheet", "Worksheets/Sheet1.xml"]]) },
    ],
    ["with backslashes", { "xl/_rels/workbook.xml.rels": relationshipsXml([["worksheet", "worksheets\\sheet1.xml"]]) }],
    [
      "as strict Open XML",
      {
        "_rels/.rels": relationshipsXml([
          ["http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument", "xl/workbook.xml"],
        ]),
        "xl/_rels/workbook.xml.rels": relationshipsXml([
          ["http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet", "worksheets/sheet1.xml"],
        ]),
        "xl/workbook.xml": `<workbook xmlns="${strictNamespace}" xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships" conformance="strict"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      },
    ],
    [
      "with prefixed elements",
      {
        "xl/workbook.xml": `<x:workbook xmlns:x="${mainNamespace}" xmlns:rel="${relationshipNamespace}"><x:sheets><x:sheet name="Sheet1" sheetId="1" rel:id="rId1"/></x:sheets></x:workbook>`,
      },
    ],
    [
      "with a description in UTF-16",
      {
        "xl/workbook.xml": Buffer.from(
          `\ufeff${workbookXml('<sheets><sheet name="Sheet1" r:id="rId1"/></sheets>')}`,
          "utf16le",
        ),
      },
    ],
  ])("opens %s", async (_, parts) => {
    expect(tabs(await open({ parts }))).toEqual(["Sheet1 xl/worksheets/sheet1.xml"]);
  });

  it("may lie anywhere in its package", async () => {
    const zip = zipOf([
      { name: "_rels/.rels", content: relationshipsXml([["officeDocument", "/data/book%20one.xml"]]) },
      { name: "data/book one.xml", content: workbookXml('<sheets><sheet name="S" r:id="rId1"/></sheets>') },
      {
        name: "data/_rels/book one.xml.rels",
        content: relationshipsXml([
          ["worksheet", "../rows.xml"],
          ["sharedStrings", "strings.xml"],
          ["styles", "/styles.xml"],
        ]),
      },
      { name: "rows.xml", content: "<worksheet/>" },
      { name: "data/strings.xml", content: "<sst/>" },
      { name: "styles.xml", content: '<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>' },
    ]);
    const workbook = await openWorkbook(bytesSource(zip));
    expect(tabs(workbook)).toEqual(["S rows.xml"]);
    expect(workbook.sharedStrings?.name).toBe("data/strings.xml");
    expect([...workbook.styles.kinds]).toEqual([1]);
  });

  it("never follows what lies outside of it", async () => {
    const workbook = await open({
      parts: {
        "xl/_rels/workbook.xml.rels": relationshipsXml([["worksheet", "https://example.com/xl/worksheets/sheet1.xml"]]),
      },
    });
    expect(tabs(workbook)).toEqual(["Sheet1 -"]);
  });

  it("unescapes a sheet's name", async () => {
    const sheets = `<sheets><sheet name="a_x0026_b &lt;c&gt; _x_" r:id="rId1"/></sheets>`;
    const workbook = await open({ parts: { "xl/workbook.xml": workbookXml(sheets) } });
    expect(workbook.sheets[0].name).toBe("a&b <c> _x_");
  });
});

describe("no workbook", () => {
  it.each<[what: string, parts: Record<string, string | null>, message: RegExp]>([
    ["its description is missing", { "xl/workbook.xml": null }, /is not a workbook: xl\/workbook.xml, the part/],
    [
      "it is a binary one",
      { "_rels/.rels": relationshipsXml([["officeDocument", "xl/workbook.bin"]]), "xl/workbook.bin": "\x83\x01" },
      /is a binary workbook \(XLSB\)/,
    ],
    ["it has no sheets", { "xl/workbook.xml": workbookXml("<sheets/>") }, /has no sheets/],
    [
      "it has more sheets than anyone has",
      { "xl/workbook.xml": workbookXml(`<sheets>${'<sheet name="S"/>'.repeat(10_001)}</sheets>`) },
      /has more than 10000 sheets/,
    ],
    [
      "it has more relationships than parts can be",
      { "xl/_rels/workbook.xml.rels": `<a>${'<Relationship Target=""/>'.repeat(65_537)}</a>` },
      /lists more than 65536 parts/,
    ],
    ["its description is no XML", { "xl/workbook.xml": "workbook" }, /\(xl\/workbook.xml\) is damaged/],
    ["its relationships are no XML", { "xl/_rels/workbook.xml.rels": "<a" }, /workbook.xml.rels\) is damaged/],
    ["it has a document type", { "xl/workbook.xml": "<!DOCTYPE w><w/>" }, /has a document type/],
    ["its relationships have one", { "_rels/.rels": "<!DOCTYPE r><r/>" }, /has a document type/],
    ["its styles have one", { "xl/styles.xml": "<!DOCTYPE s><s/>" }, /has a document type/],
    ["its styles are no XML", { "xl/styles.xml": "<styleSheet>" }, /\(xl\/styles.xml\) is damaged/],
  ])("is opened when %s", async (_, parts, message) => {
    await expect(open({ parts })).rejects.toMatchObject({
      name: "SluiceError",
      code: "invalid",
      message: expect.stringMatching(message),
    });
  });

  it("is opened when a small part of it unpacks to a hundred megabytes", async () => {
    const parts = [{ name: "xl/workbook.xml", content: "", packed: deflateRawSync(Buffer.alloc(100_000_000, 0x20)) }];
    await expect(openWorkbook(bytesSource(zipOf(parts)))).rejects.toThrow("xl/workbook.xml unpacks to more than 32 MB");
  });
});

describe("the kinds of numbers by cell style", () => {
  const kindsOf = async (styles: string, numberFormats?: string): Promise<number[]> => [
    ...(await open({ styles, numberFormats })).styles.kinds,
  ];

  it("come from built-in formats and from the workbook's own", async () => {
    expect(
      await kindsOf(
        `<xf/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="164"><alignment/></xf><xf numFmtId="165"/><xf numFmtId="9"/><xf numFmtId="20"/><xf numFmtId="1"/>`,
        `<numFmt numFmtId="164" formatCode="[h]:mm"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy&quot; d&quot;;@"/>`,
      ),
    ).toEqual([0, 1, 2, 4, 1, 0, 3]);
  });

  it("follow the workbook's own format where it has the number of a built-in one", async () => {
    expect(
      await kindsOf(
        `<xf numFmtId="14"/><xf numFmtId="3"/>`,
        `<numFmt numFmtId="14" formatCode="0"/><numFmt numFmtId="3" formatCode="h:mm"/>`,
      ),
    ).toEqual([0, 3]);
  });

  it("are plain for formats that are nowhere described", async () => {
    expect(await kindsOf(`<xf numFmtId="999"/><xf numFmtId="-1"/><xf numFmtId="date"/><xf numFmtId="15"/>`)).toEqual([
      0, 0, 0, 1,
    ]);
  });

  it("follow the named style of a cell style that says none, and no further", async () => {
    const whole = `<styleSheet xmlns="${mainNamespace}"><cellStyleXfs><xf numFmtId="0"/><xf numFmtId="14" xfId="1"/></cellStyleXfs><cellXfs><xf xfId="1"/><xf xfId="7"/><xf xfId="0"/><xf xfId="1" numFmtId="0"/><xf xfId="1"/></cellXfs></styleSheet>`;
    expect(await kindsOf(whole)).toEqual([1, 0, 0, 0, 1]);
  });

  it("are not those of conditional styles, nor of named ones", async () => {
    const whole = `<styleSheet xmlns="${mainNamespace}"><cellXfs><xf numFmtId="164"/><xf numFmtId="15"/></cellXfs><dxfs><dxf><numFmt numFmtId="164" formatCode="yyyy"/></dxf></dxfs><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><extLst><ext><cellXfs><xf numFmtId="14"/></cellXfs></ext></extLst></styleSheet>`;
    expect(await kindsOf(whole)).toEqual([0, 1]);
  });

  it("are read under any prefix", async () => {
    const whole = `<x:styleSheet xmlns:x="${mainNamespace}"><x:numFmts><x:numFmt numFmtId="170" formatCode="yyyy"/></x:numFmts><x:cellXfs><x:xf numFmtId="170"/></x:cellXfs></x:styleSheet>`;
    expect(await kindsOf(whole)).toEqual([1]);
  });
});

it.each<[folder: string, target: string, part: string]>([
  ["xl/", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"],
  ["xl/", "/xl/styles.xml", "xl/styles.xml"],
  ["xl/", "../docProps/app.xml", "docProps/app.xml"],
  ["xl/", "../../../../etc/passwd", "etc/passwd"],
  ["", "xl/workbook.xml", "xl/workbook.xml"],
  ["", "./xl//workbook.xml", "xl/workbook.xml"],
  ["xl/", "a%20b.xml#Sheet1!A1", "xl/a b.xml"],
  ["xl/", "100%.xml", "xl/100%.xml"],
  ["xl/", "worksheets\\sheet1.xml", "xl/worksheets/sheet1.xml"],
])("from %s, the target %s means the part %s", (folder, target, part) => {
  expect(resolvePart(folder, target)).toBe(part);
});
