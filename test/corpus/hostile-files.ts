/**
 * Files that are made to break a reader, or that a broken program leaves: each made when it is asked for, since a bomb of a
 * few KB would otherwise lie in the repository.
 */
import { constants, deflateRawSync, gzipSync } from "node:zlib";
import type { Source } from "../../src/core/ports.ts";
import { generatedSource, memorySource } from "../memory-source.ts";
import {
  columnLetters,
  main,
  officeRelationships,
  rowXml,
  type WorkbookParts,
  workbookOf,
  workbookParts,
  xml,
} from "./workbook-bytes.ts";
import { type ZipEntry, zipOf } from "./zip-bytes.ts";

export interface HostileFile {
  name: string;
  make: () => Source;
  /** What the error says that refuses the file. */
  refused?: RegExp;
  /** The file is read: so many rows of the table, with these findings. */
  rows?: number;
  /** Of those rows, the ones that are marked: by their shape, or by a cell that holds no data. */
  damagedRows?: number;
  findings?: string[];
}

const mebi = 2 ** 20;
const header = rowXml(1, "name", "value");
const plain: WorkbookParts = { sheet: header + rowXml(2, "Zoé", 1) + rowXml(3, "Åsa", 2) };
const sheetPart = "xl/worksheets/sheet1.xml";
const workbook = (options: WorkbookParts, name = "people.xlsx") => memorySource(name, workbookOf(options));
const csv = (text: string | Buffer, name = "people.csv") => memorySource(name, Buffer.from(text as string));

/**
 * What deflates to next to nothing: `text` repeated up to `sizeBytes`, between `before` and `after`. It is packed piece by
 * piece, each the same bytes: RFC 1951 blocks without a look back, so that 4 GB take no time to make.
 */
function bombEntry(
  name: string,
  before: string,
  text: string,
  after: string,
  sizeBytes: number,
  says?: ZipEntry["says"],
): ZipEntry & { packed: Uint8Array } {
  const flush = { finishFlush: constants.Z_FULL_FLUSH };
  const piece = Buffer.from(text.repeat(Math.floor(mebi / text.length)));
  const packed = deflateRawSync(piece, flush);
  const times = Math.ceil(sizeBytes / piece.length);
  const parts = [
    deflateRawSync(Buffer.from(before), flush),
    ...Array.from({ length: times }, () => packed),
    deflateRawSync(Buffer.from(after)),
  ];
  return {
    name,
    content: "",
    packed: Buffer.concat(parts),
    says: {
      sizeBytes: (Buffer.byteLength(before) + times * piece.length + Buffer.byteLength(after)) % 2 ** 32,
      // Nobody should get to the end, where it is compared.
      crc: 0,
      ...says,
    },
  };
}

/** A gzip file (RFC 1952) of `text` repeated; its checksum at the end is none, which nobody should get to see. */
function gzipBomb(text: string, sizeBytes: number): Buffer {
  const { packed } = bombEntry("", "", text, "", sizeBytes);
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), packed, Buffer.alloc(8)]);
}

/** A workbook with one of its parts replaced by a bomb. */
function bombWorkbook(
  part: string,
  before: string,
  text: string,
  after: string,
  sizeBytes: number,
  says?: ZipEntry["says"],
): Source {
  const sheet = `${header}<row r="2"><c r="A2" t="s"><v>100000000</v></c></row>`;
  const parts = workbookParts({ sheet, strings: "<si><t>a</t></si>" });
  const entries = [...parts].map(
    ([name, content]): ZipEntry =>
      name === part ? bombEntry(name, before, text, after, sizeBytes, says) : { name, content },
  );
  return memorySource("bomb.xlsx", zipOf(entries));
}

const sheetStart = `${xml}<worksheet xmlns="${main}"><sheetData>${header}`;
const sheetEnd = "</sheetData></worksheet>";
const bomb = /unpacks to|zip bomb|times its size|more than/;

/** An archive in which two entries lie over one another: the directory names one content twice. */
function overlapping(): Source {
  const parts = [...workbookParts(plain)].map(([name, content]): ZipEntry => ({ name, content }));
  const own = zipOf(parts);
  const place = own.indexOf("PK\x03\x04", 4);
  return memorySource(
    "overlap.xlsx",
    zipOf([...parts, { name: "xl/other.xml", content: parts[1].content, says: { offset: place } }]),
  );
}

/** A compound file ([MS-CFB]) with streams of these names: what a workbook under a password lies in. */
function compoundFile(...names: string[]): Buffer {
  const bytes = Buffer.alloc(512 * 4, 0xff);
  const head = bytes.subarray(0, 512).fill(0);
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).copy(head);
  head.writeUInt16LE(0x3e, 0x18);
  head.writeUInt16LE(3, 0x1a);
  head.writeUInt16LE(0xfffe, 0x1c);
  head.writeUInt16LE(9, 0x1e);
  head.writeUInt16LE(6, 0x20);
  head.writeUInt32LE(1, 0x2c);
  head.writeUInt32LE(1, 0x30);
  head.writeUInt32LE(4096, 0x38);
  head.writeUInt32LE(0xfffffffe, 0x3c);
  head.writeUInt32LE(0xfffffffe, 0x44);
  head.fill(0xff, 0x4c);
  head.writeUInt32LE(0, 0x4c);
  bytes.writeUInt32LE(0xfffffffd, 512);
  bytes.writeUInt32LE(0xfffffffe, 516);
  const directory = bytes.subarray(1024, 1536).fill(0);
  ["Root Entry", ...names].forEach((name, k) => {
    const entry = directory.subarray(128 * k, 128 * (k + 1));
    entry.write(name, 0, "utf16le");
    entry.writeUInt16LE(2 * name.length + 2, 0x40);
    entry[0x42] = k === 0 ? 5 : 2;
    entry.fill(0xff, 0x44, 0x50);
    entry.writeUInt32LE(0xfffffffe, 0x74);
  });
  return bytes;
}

const doctype = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';
const withDoctype = (part: string): Source => {
  const sharing = { sheet: `${header}<row r="2"><c r="A2" t="s"><v>0</v></c></row>`, strings: "<si><t>a</t></si>" };
  const content = workbookParts(sharing).get(part) as string;
  return workbook({ ...sharing, parts: { [part]: content.replace(xml, `${xml}${doctype}`) } });
};
const withSheet = (text: string, more: WorkbookParts = {}): Source =>
  workbook({ ...plain, ...more, parts: { [sheetPart]: text, ...more.parts } });
const ods = (content: string): Source =>
  memorySource(
    "table.ods",
    zipOf([
      { name: "mimetype", content: "application/vnd.oasis.opendocument.spreadsheet", method: "store" },
      { name: "content.xml", content },
    ]),
  );
const odsContent = (rows: string): string =>
  `${xml}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="T">${rows}</table:table></office:spreadsheet></office:body></office:document-content>`;
const odsCell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>';

/** The sound workbook, cut or with bits turned over. */
const sound = (): Buffer => workbookOf({ ...plain, strings: "<si><t>a</t></si>" });

export const hostileFiles: HostileFile[] = [
  // Bombs: the bytes that really come out are counted, whatever the directory says.
  {
    name: "a sheet of 4 GB of spaces",
    make: () => bombWorkbook(sheetPart, sheetStart, " ", sheetEnd, 4096 * mebi),
    refused: bomb,
  },
  {
    name: "a sheet of 4 GB of empty rows whose directory says 1,000 bytes",
    make: () => bombWorkbook(sheetPart, sheetStart, "<row/>", sheetEnd, 4096 * mebi, { sizeBytes: 1000 }),
    refused: /unpacks to|times its size|bytes where|damaged/,
  },
  {
    name: "a sheet of 4 GB of one cell's text",
    make: () =>
      bombWorkbook(
        sheetPart,
        `${sheetStart}<row r="2"><c r="A2" t="inlineStr"><is><t>`,
        "A",
        `</t></is></c></row>${sheetEnd}`,
        4096 * mebi,
      ),
    refused: bomb,
  },
  {
    name: "a sheet of 4 GB inside one tag",
    make: () => bombWorkbook(sheetPart, `${sheetStart}<row a="`, "A", `"/>${sheetEnd}`, 4096 * mebi),
    refused: /tag that does not end|unpacks to/,
  },
  {
    name: "shared strings of 2 GB",
    make: () =>
      bombWorkbook(
        "xl/sharedStrings.xml",
        `${xml}<sst xmlns="${main}">`,
        "<si><t>aaaaaaaaaaaaaaaaaaaa</t></si>",
        "</sst>",
        2048 * mebi,
      ),
    refused: bomb,
  },
  {
    name: "shared strings of 4 GB whose directory says 1,000 bytes",
    make: () =>
      bombWorkbook(
        "xl/sharedStrings.xml",
        `${xml}<sst xmlns="${main}">`,
        "<si><t>aaaaaaaaaaaaaaaaaaaa</t></si>",
        "</sst>",
        4096 * mebi,
        { sizeBytes: 1000 },
      ),
    refused: bomb,
  },
  {
    name: "styles of 4 GB",
    make: () =>
      bombWorkbook("xl/styles.xml", `${xml}<styleSheet xmlns="${main}">`, "<xf/>", "</styleSheet>", 4096 * mebi),
    refused: bomb,
  },
  {
    name: "a description of the workbook of 4 GB",
    make: () => bombWorkbook("xl/workbook.xml", `${xml}<workbook xmlns="${main}">`, "<x/>", "</workbook>", 4096 * mebi),
    refused: bomb,
  },
  {
    name: "content types of 4 GB",
    make: () => bombWorkbook("_rels/.rels", `${xml}<Relationships>`, "<x/>", "</Relationships>", 4096 * mebi),
    refused: bomb,
  },
  {
    name: "a zip archive with a CSV file of 8 GB",
    make: () => memorySource("bomb.zip", zipOf([bombEntry("people.csv", "a,b\n", "\0", "", 8192 * mebi)])),
    refused: /binary|times its size|unpacks to|control/,
  },
  {
    name: "a gzip file that unpacks to 1 GB of one line",
    make: () => memorySource("bomb.csv.gz", gzipBomb("a", 1024 * mebi)),
    refused: /longer than|times its size/,
  },
  {
    name: "a zip archive in a zip archive in a zip archive",
    make: () =>
      memorySource(
        "nested.zip",
        zipOf([
          {
            name: "b.zip",
            content: zipOf([{ name: "a.zip", content: zipOf([{ name: "a.csv", content: "a,b\n1,2" }]) }]),
          },
        ]),
      ),
    refused: /archive/,
  },
  {
    name: "gzip in gzip in gzip",
    make: () => memorySource("nested.gz", gzipSync(gzipSync(gzipSync("a,b\n1,2")))),
    refused: /archive|packed|gzip/i,
  },
  { name: "entries that overlap", make: overlapping, refused: /overlap|over one another|damaged/ },
  {
    name: "20,000 entries",
    make: () =>
      memorySource(
        "many.zip",
        zipOf(Array.from({ length: 20_000 }, (_, k) => ({ name: `${k}`, content: "", method: "store" as const }))),
      ),
    refused: /files|entries/,
  },
  // XML.
  ...[
    "xl/workbook.xml",
    "_rels/.rels",
    "xl/_rels/workbook.xml.rels",
    sheetPart,
    "xl/sharedStrings.xml",
    "xl/styles.xml",
  ].map(
    (part): HostileFile => ({
      name: `a DOCTYPE with entities in ${part}`,
      make: () => withDoctype(part),
      refused: /DOCTYPE|document type|entit/i,
    }),
  ),
  {
    name: "a DOCTYPE in UTF-16",
    make: () =>
      withSheet("", {
        parts: {
          [sheetPart]: Buffer.from(
            `\ufeff${xml}${doctype}<worksheet xmlns="${main}"><sheetData/></worksheet>`,
            "utf16le",
          ),
        },
      }),
    refused: /DOCTYPE|document type|entit/i,
  },
  {
    name: "a DOCTYPE in ODS",
    make: () => ods(odsContent(`<table:table-row>${odsCell}</table:table-row>`).replace(xml, `${xml}${doctype}`)),
    refused: /DOCTYPE|document type|entit/i,
  },
  {
    name: "an entity nobody declared",
    make: () =>
      withSheet(`${sheetStart}<row r="2"><c r="A2" t="inlineStr"><is><t>&bogus;</t></is></c></row>${sheetEnd}`),
    rows: 1,
  },
  {
    name: "a reference to the character NUL",
    make: () =>
      withSheet(`${sheetStart}<row r="2"><c r="A2" t="inlineStr"><is><t>a&#0;b</t></is></c></row>${sheetEnd}`),
    rows: 1,
  },
  {
    name: "a reference to half a character",
    make: () =>
      withSheet(`${sheetStart}<row r="2"><c r="A2" t="inlineStr"><is><t>a&#xD800;b</t></is></c></row>${sheetEnd}`),
    rows: 1,
  },
  {
    name: "an encoding nobody writes",
    make: () => withSheet(`<?xml version="1.0" encoding="UTF-7"?>${sheetStart.slice(xml.length)}${sheetEnd}`),
    refused: /UTF-7|encoding/i,
  },
  {
    name: "a million elements inside one another",
    make: () => withSheet(`${sheetStart}${"<x>".repeat(1_000_000)}${sheetEnd}`),
    refused: /damaged|nested|deep|cut|end/i,
  },
  {
    name: "a comment that never ends",
    make: () => withSheet(`${sheetStart}<!-- ${"a".repeat(5_000_000)}`),
    refused: /ends abruptly/,
  },
  {
    name: "a CDATA section that never ends",
    make: () => withSheet(`${sheetStart}<row r="2"><c r="A2" t="inlineStr"><is><t><![CDATA[${"a".repeat(100_000)}`),
    refused: /damaged|cut|ends|close|longer|too long/i,
  },
  {
    name: "a sheet that ends in the middle of a row",
    make: () => withSheet(`${sheetStart}<row r="2"><c r="A2"><v>1</v></c>`),
    refused: /damaged|cut|ends/i,
  },
  {
    name: "a tag with 100,000 attributes",
    make: () =>
      withSheet(
        `${sheetStart}<row r="2" ${Array.from({ length: 100_000 }, (_, k) => `a${k}="1"`).join(" ")}><c r="A2"><v>1</v></c></row>${sheetEnd}`,
      ),
    rows: 1,
  },
  // Workbooks that say what is not so.
  {
    name: "a shared string that is not there",
    make: () =>
      workbook({
        strings: "<si><t>name</t></si>",
        sheet: `${header}<row r="2"><c r="A2" t="s"><v>7</v></c><c r="B2"><v>1</v></c></row>`,
      }),
    rows: 1,
    damagedRows: 1,
  },
  {
    name: "shared strings where there is no table of them",
    make: () => workbook({ sheet: `${header}<row r="2"><c r="A2" t="s"><v>0</v></c></row>` }),
    rows: 1,
    damagedRows: 1,
  },
  {
    name: "a shared string of number -1 and of no number",
    make: () =>
      workbook({
        strings: "<si><t>name</t></si>",
        sheet: `${header}<row r="2"><c r="A2" t="s"><v>-1</v></c><c r="B2" t="s"><v>x</v></c></row>`,
      }),
    rows: 1,
    damagedRows: 1,
  },
  {
    name: "a table of shared strings that says four billion",
    make: () =>
      workbook({
        ...plain,
        parts: {
          "xl/sharedStrings.xml": `${xml}<sst xmlns="${main}" count="4294967295" uniqueCount="4294967295"><si><t>a</t></si></sst>`,
        },
      }),
    rows: 2,
  },
  {
    name: "a missing sheet",
    make: () => workbook({ ...plain, parts: { [sheetPart]: null } }),
    refused: /missing|damaged/,
  },
  {
    name: "a missing description",
    make: () => workbook({ ...plain, parts: { "xl/workbook.xml": null } }),
    refused: /missing|workbook/,
  },
  { name: "no sheets", make: () => workbook({ sheets: {} }), refused: /no sheet/i },
  { name: "a sheet without rows", make: () => workbook({ sheet: "" }), refused: /no sheet with rows/ },
  {
    name: "a sheet that is somewhere on the web",
    make: () =>
      workbook({
        ...plain,
        parts: {
          [sheetPart]: null,
          "xl/_rels/workbook.xml.rels": `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${officeRelationships}/worksheet" TargetMode="External" Target="http://127.0.0.1:9/sheet.xml"/></Relationships>`,
        },
      }),
    refused: /missing|damaged|external/i,
  },
  {
    name: "styles that are based on themselves",
    make: () =>
      workbook({
        sheet: header + rowXml(2, "a", '<c s="1"><v>45000</v></c>'),
        parts: {
          "xl/styles.xml": `${xml}<styleSheet xmlns="${main}"><cellStyleXfs count="1"><xf numFmtId="14" xfId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" xfId="0"/><xf numFmtId="99999" xfId="1"/></cellXfs></styleSheet>`,
        },
      }),
    rows: 1,
  },
  {
    name: "a column after the last",
    make: () => workbook({ sheet: `${header}<row r="2"><c r="A2"><v>1</v></c><c r="XFE2"><v>2</v></c></row>` }),
    rows: 1,
    damagedRows: 1,
  },
  {
    name: "16,385 columns",
    make: () =>
      workbook({
        sheet: `<row r="1">${Array.from({ length: 16_385 }, (_, c) => `<c r="${columnLetters(c)}1"><v>${c}</v></c>`).join("")}</row>`,
      }),
    refused: /column/i,
  },
  {
    name: "row numbers out of order and repeated",
    make: () =>
      workbook({
        sheet: header + rowXml(5, "five", 5) + rowXml(3, "three", 3) + rowXml(5, "again", 5) + rowXml(6, "six", 6),
      }),
    rows: 4,
    damagedRows: 2,
  },
  { name: "a row beyond the last", make: () => workbook({ sheet: header + rowXml(1_048_577, "a", 1) }), rows: 1 },
  {
    name: "a row of number 0 and one of no number",
    make: () => workbook({ sheet: `${header}<row r="0"><c r="A0"><v>1</v></c></row><row r="x"><c><v>2</v></c></row>` }),
    rows: 2,
  },
  {
    name: "a cell of 40,000 characters",
    make: () => workbook({ sheet: header + rowXml(2, "a".repeat(40_000), 1) }),
    rows: 1,
  },
  {
    name: "cells twice in a row",
    make: () => workbook({ sheet: `${header}<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>` }),
    rows: 1,
    damagedRows: 1,
  },
  {
    name: "200,000 merged cells",
    make: () =>
      workbook({ ...plain, after: `<mergeCells>${'<mergeCell ref="A1:XFD1048576"/>'.repeat(200_000)}</mergeCells>` }),
    rows: 2,
    findings: ["cells_merged"],
  },
  // Archives that are broken.
  ...Array.from({ length: 12 }, (_, k): HostileFile => {
    return {
      name: `a workbook cut after ${k + 1} thirteenths`,
      make: () => memorySource("cut.xlsx", sound().subarray(0, Math.floor((sound().length * (k + 1)) / 13))),
      refused: /damaged|cut|truncated|not a|no zip/i,
    };
  }),
  {
    name: "a workbook with a bit turned over in its packed sheet",
    make: () => {
      const bytes = sound();
      bytes[bytes.indexOf(sheetPart) + sheetPart.length + 30] ^= 0x10;
      return memorySource("flipped.xlsx", bytes);
    },
    refused: /damaged/,
  },
  {
    name: "a checksum that does not fit",
    make: () => workbook({ ...plain, entry: { says: { crc: 1 } } }),
    refused: /damaged/,
  },
  {
    name: "a workbook under a password",
    make: () => memorySource("secret.xlsx", compoundFile("EncryptionInfo", "EncryptedPackage")),
    refused: /password/,
  },
  {
    name: "a zip archive under a password",
    make: () => workbook({ ...plain, entry: { says: { flags: 1 } } }),
    refused: /password|encrypted/,
  },
  {
    name: "an unknown way to pack",
    make: () => workbook({ ...plain, entry: { says: { method: 14 } } }),
    refused: /compressed with method 14|14/,
  },
  {
    name: "a path out of the folder",
    make: () => memorySource("climb.zip", zipOf([{ name: "../../../../tmp/climbed.csv", content: "a,b\n1,2\n3,4" }])),
    rows: 2,
  },
  {
    name: "a workbook under a path out of the folder",
    make: () =>
      memorySource("climb.zip", zipOf([{ name: "../../../../tmp/climbed.xlsx", content: workbookOf(plain) }])),
    rows: 2,
  },
  { name: "an empty archive", make: () => memorySource("none.xlsx", zipOf([])), refused: /no|empty|without/ },
  // What the name does not say.
  { name: "a PDF called CSV", make: () => csv("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"), refused: /PDF/ },
  { name: "text called XLSX", make: () => csv("name,city\nZoé,Lyon", "people.xlsx"), rows: 1 },
  {
    name: "a picture called XLSX",
    make: () => memorySource("people.xlsx", Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1")),
    refused: /picture|PNG|image/i,
  },
  {
    name: "a web page called XLS",
    make: () => csv("<html><table><tr><td>a</td></tr></table></html>", "people.xls"),
    refused: /HTML|web page/i,
  },
  // Text.
  { name: "NUL in cells", make: () => csv(`name,city\nZo\0é,Lyon\nBo,Umeå\n${"x,y\n".repeat(100)}`), rows: 102 },
  {
    name: "bytes that are no UTF-8 among those that are",
    make: () =>
      memorySource(
        "people.csv",
        Buffer.concat([
          Buffer.from(`name,city\n${"Zoé,Lyon\n".repeat(100)}`),
          Buffer.from([0x61, 0xff, 0xed, 0xa0, 0x80, 0x2c, 0x62, 0x0a]),
        ]),
      ),
    rows: 101,
  },
  {
    name: "half characters in UTF-16",
    make: () =>
      memorySource(
        "people.csv",
        Buffer.concat([
          Buffer.from("\ufeffname,city\nZoé,Lyon\n", "utf16le"),
          Buffer.from([0x00, 0xd8, 0x61, 0x00, 0x2c, 0x00, 0x00, 0xdc, 0x0a, 0x00]),
        ]),
      ),
    rows: 2,
  },
  {
    name: "a line of 1 GB",
    make: () =>
      generatedSource("line.csv", [
        ["name,city\n", 1],
        ["a", 1024 * mebi],
        ["\nZoé,Lyon\n", 1],
      ]),
    rows: 2,
    damagedRows: 1,
  },
  {
    name: "a first line of 1 GB",
    make: () => generatedSource("line.csv", [["a,b;", 256 * mebi]]),
    refused: /longer|line/,
  },
  {
    name: "a quote that opens and never closes, 200 MB before the end",
    make: () =>
      generatedSource("quote.csv", [
        ['name,city\n"open,', 1],
        ["a,b\n", 50 * mebi],
      ]),
    rows: 50 * mebi,
    damagedRows: 1,
  },
  {
    name: "100 MB of quotes",
    make: () =>
      generatedSource("quotes.csv", [
        ["name,city\n", 1],
        ['"', 100 * mebi],
      ]),
    rows: 1,
    damagedRows: 1,
  },
  {
    name: "100 MB of doubled quotes in cells",
    make: () =>
      generatedSource("quotes.csv", [
        ["name,city\n", 1],
        ['"""",""\n', 12 * mebi],
      ]),
    rows: 12 * mebi,
  },
  {
    name: "100 MB of delimiters",
    make: () =>
      generatedSource("commas.csv", [
        ["name,city\n", 1],
        [",", 100 * mebi],
      ]),
    rows: 1,
    damagedRows: 1,
  },
  {
    name: "100 MB of empty lines",
    make: () =>
      generatedSource("lines.csv", [
        ["name,city\nZoé,Lyon\n", 1],
        ["\r\n", 50 * mebi],
        ["Bo,Umeå", 1],
      ]),
    rows: 2,
  },
  {
    name: "50 MB of bare carriage returns",
    make: () =>
      generatedSource("lines.csv", [
        ["name,city\rZoé,Lyon\r", 1],
        ["\r", 50 * mebi],
        ["Bo,Umeå", 1],
      ]),
    rows: 2,
  },
  {
    name: "16,385 columns of text",
    make: () => csv(`${"a,".repeat(16_384)}a\n${"1,".repeat(16_384)}1`),
    refused: /column/,
  },
  // JSON.
  {
    name: "a million brackets",
    make: () => csv("[".repeat(1_000_000), "deep.json"),
    refused: /deep|nested|level|JSON/i,
  },
  {
    name: "brackets inside an object",
    make: () => csv(`[{"a":${"[".repeat(500_000)}${"]".repeat(500_000)}}]`, "deep.json"),
    refused: /deep|nested|level|JSON/i,
  },
  {
    name: "a string of 1 GB",
    make: () =>
      generatedSource("long.json", [
        ['[{"a":"', 1],
        ["a", 1024 * mebi],
        ['"}]', 1],
      ]),
    refused: /larger than/,
  },
  {
    name: "a number of 100 MB",
    make: () =>
      generatedSource("long.json", [
        ['[{"a":', 1],
        ["1", 100 * mebi],
        ["}]", 1],
      ]),
    refused: /larger than/,
  },
  {
    name: "an object of 100,000 keys",
    make: () => csv(`[{${Array.from({ length: 100_000 }, (_, k) => `"k${k}":1`).join(",")}}]`, "wide.json"),
    refused: /column|keys/i,
  },
  {
    name: "200,000 objects of other keys each",
    make: () => csv(Array.from({ length: 200_000 }, (_, k) => `{"k${k}":1}`).join("\n"), "wide.jsonl"),
    refused: /columns/,
  },
  { name: "JSON that ends in the middle", make: () => csv('[{"a":1},{"a":', "cut.json"), refused: /ends abruptly/ },
  {
    name: "lone surrogates in JSON",
    make: () => csv('[{"a":"\\ud800x","b":"\\udc00"},{"a":"y","b":"z"}]', "half.json"),
    rows: 2,
  },
  // OpenDocument.
  {
    name: "a million rows of 16,384 cells from one element",
    make: () =>
      ods(
        odsContent(
          `<table:table-row table:number-rows-repeated="1048576">${odsCell.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"')}</table:table-row>`,
        ),
      ),
    refused: /repeat|cells|more than|rows/i,
  },
  {
    name: "a cell repeated four billion times",
    make: () =>
      ods(
        odsContent(
          `<table:table-row>${odsCell.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="4294967295"')}</table:table-row>`,
        ),
      ),
    refused: /repeat|column|more than/i,
  },
  {
    name: "2,000 times a million empty rows",
    make: () =>
      ods(
        odsContent(
          `<table:table-row>${odsCell}${odsCell}</table:table-row>${'<table:table-row table:number-rows-repeated="1048576"><table:table-cell/></table:table-row>'.repeat(2000)}<table:table-row>${odsCell}${odsCell}</table:table-row>`,
        ),
      ),
    refused: /more times than/,
  },
  {
    name: "an OpenDocument file of 4 GB",
    make: () =>
      memorySource(
        "bomb.ods",
        zipOf([
          { name: "mimetype", content: "application/vnd.oasis.opendocument.spreadsheet", method: "store" },
          bombEntry("content.xml", `${xml}<a>`, "<b/>", "</a>", 4096 * mebi),
        ]),
      ),
    refused: bomb,
  },
];
