/**
 * Workbooks written by hand: what Excel, LibreOffice, Google Sheets, Numbers, openpyxl and smaller writers leave in their XML,
 * one oddity a file. Section numbers are those of ECMA-376 part 1.
 */
import { encryptedPackage } from "../formats/encryption/encrypted-package.ts";
import type { CorpusCase } from "./corpus-case.ts";
import {
  main,
  officeRelationships,
  rowXml,
  type WorkbookParts,
  workbookOf,
  workbookParts,
  xml,
} from "./workbook-bytes.ts";
import { type ZipEntry, zipOf } from "./zip-bytes.ts";

const strictMain = "http://purl.oclc.org/ooxml/spreadsheetml/main";
const strictRelationships = "http://purl.oclc.org/ooxml/officeDocument/relationships";

const header = rowXml(1, "name", "value");
const plain: WorkbookParts = { sheet: header + rowXml(2, "Zoé", 1) + rowXml(3, "Åsa & Bo", 2.5) };
const plainColumns = ["name", "value"];
const plainRows = [
  [2, "Zoé", "=1"],
  [3, "Åsa & Bo", "=2.5"],
];

/** Gives every SpreadsheetML element a prefix, as some .NET and Java writers do. */
function prefixed(part: string, name: string): string {
  if (!name.startsWith("xl/") || name.includes("_rels")) return part;
  return part.replace(`xmlns="${main}"`, `xmlns:x="${main}"`).replaceAll(/<(\/?)(?=[a-zA-Z])/g, "<$1x:");
}

function utf16(part: string, littleEndian: boolean): Buffer {
  const bytes = Buffer.from(`\ufeff${part.replace('encoding="UTF-8"', 'encoding="UTF-16"')}`, "utf16le");
  return littleEndian ? bytes : bytes.swap16();
}

/** A sheet whose cells under one header each have a style of its own: the first row holds values, one a column. */
function styled(formats: (number | string)[], values: (number | string)[]): WorkbookParts {
  const heads = formats.map((_, k) => `f${k + 1}`);
  const cells = values.map((value, k) => `<c s="${k + 1}"><v>${value}</v></c>`);
  return { formats, sheet: rowXml(1, ...heads) + rowXml(2, ...cells) };
}

const hexText = "A\nB_x000D_ tab\tend";

export const workbookCases: CorpusCase[] = [
  {
    file: "inline-strings.xlsx",
    about: "inline strings, plain, in runs and with spaces kept, and a formula's cached text (18.3.1.53, 18.18.11)",
    make: () =>
      workbookOf({
        sheet:
          header +
          '<row r="2"><c r="A2" t="inlineStr"><is><r><t>Zo</t></r><r><rPr><b/></rPr><t>é</t></r></is></c><c r="B2" t="inlineStr"><is><t xml:space="preserve"> kept </t></is></c></row>' +
          '<row r="3"><c r="A3" t="str"><f>"a"&amp;"b"</f><v>a&lt;b</v></c><c r="B3" t="inlineStr"><is><t/></is></c></row>' +
          '<row r="4"><c r="A4" t="inlineStr"><is><t><![CDATA[<raw> & co]]></t></is></c><c r="B4" t="str"><v>&#233;&#x20AC;&quot;</v></c></row>',
      }),
    columns: plainColumns,
    rows: [
      [2, "Zoé", " kept "],
      [3, "a<b"],
      [4, "<raw> & co", 'é€"'],
    ],
  },
  {
    file: "shared-strings.xlsx",
    about: "shared strings with rich text, phonetic runs, empty items, escapes and kept white space (18.4)",
    make: () =>
      workbookOf({
        strings:
          '<si><t>name</t></si><si><t>value</t></si><si><r><rPr><b/></rPr><t>bold</t></r><r><t xml:space="preserve"> and plain</t></r></si>' +
          '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si><si/><si><t/></si>' +
          '<si><t xml:space="preserve">  two  </t></si><si><t>a_x000D_b_x005F_x000D_c_x0041_</t></si><si><t>&#128512;</t></si>',
        sheet:
          '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>' +
          '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c></row>' +
          '<row r="3"><c r="A3" t="s"><v>4</v></c><c r="B3" t="s"><v>5</v></c></row>' +
          '<row r="4"><c r="A4" t="s"><v>6</v></c><c r="B4" t="s"><v>7</v></c></row>' +
          '<row r="5"><c r="A5" t="s"><v>8</v></c><c r="B5" t="s"><v>2</v></c></row>',
      }),
    columns: plainColumns,
    rows: [
      [2, "bold and plain", "東京"],
      [4, "  two  ", "a\rb_x000D_cA"],
      [5, "😀", "bold and plain"],
    ],
  },
  {
    file: "escapes.xlsx",
    about: "line breaks, tabs and `_xHHHH_` escapes in inline strings (22.9.2.19)",
    make: () =>
      workbookOf({
        sheet:
          header +
          `<row r="2"><c r="A2" t="inlineStr"><is><t>${hexText}</t></is></c><c r="B2" t="inlineStr"><is><t>_x00e9_ _x20AC_ _xZZZZ_ _x12_</t></is></c></row>` +
          '<row r="3"><c r="A3" t="inlineStr"><is><t>a&#10;b&#13;c</t></is></c><c r="B3" t="inlineStr"><is><t>a\r\nb\rc</t></is></c></row>',
      }),
    columns: plainColumns,
    rows: [
      [2, "A\nB\r tab\tend", "é € _xZZZZ_ _x12_"],
      // XML 1.0, section 2.11: literal line ends are read as one line feed, references stay.
      [3, "a\nb\rc", "a\nb\nc"],
    ],
  },
  {
    file: "numbers.xlsx",
    about: "numbers in shortest form, digits as they stand beyond 2^53, no exponent",
    make: () =>
      workbookOf({
        sheet:
          rowXml(1, "as stored", "note") +
          [
            ["0.30000000000000004", "0.1+0.2"],
            ["9007199254740993", "2^53+1"],
            ["33612345678", "phone"],
            ["3.3612345678E10", "phone with exponent"],
            ["1E-7", "small"],
            ["1.0000000000000000E-2", "sixteen digits"],
            ["1e3", "lower case"],
            ["-0", "minus zero"],
            ["007", "leading zeros"],
            ["1.50", "trailing zero"],
            [".5", "no digit before the point"],
            ["1.2345678901234567E19", "nineteen digits"],
          ]
            .map(([value, note], k) => rowXml(k + 2, `<c><v>${value}</v></c>`, note))
            .join(""),
      }),
    columns: ["as stored", "note"],
    rows: [
      [2, "=0.30000000000000004", "0.1+0.2"],
      [3, "=9007199254740993", "2^53+1"],
      [4, "=33612345678", "phone"],
      [5, "=33612345678", "phone with exponent"],
      [6, "=0.0000001", "small"],
      [7, "=0.01", "sixteen digits"],
      [8, "=1000", "lower case"],
      [9, "=0", "minus zero"],
      [10, "=7", "leading zeros"],
      [11, "=1.5", "trailing zero"],
      [12, "=0.5", "no digit before the point"],
      [13, "=12345678901234567000", "nineteen digits"],
    ],
  },
  {
    file: "date-formats.xlsx",
    about: "dates, moments, times and durations by their number formats, built-in and custom (18.8.30)",
    make: () =>
      workbookOf(
        styled(
          [
            14,
            22,
            20,
            46,
            45,
            "yyyy\\-mm\\-dd",
            '"day" 0',
            "[Red]0.00",
            "[$-40C]d\\ mmmm\\ yyyy",
            '#,##0 "days"',
            "0.00E+00",
            "[h]:mm",
            "yyyy-mm-dd hh:mm:ss.000",
            "mmm\\ yy",
            "@",
            "h:mm AM/PM",
            "\\d0",
            "0_d",
            "General;[Red]\\-General",
            "[$€-407]#,##0.00",
            "dd/mm/yyyy;@",
            "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy",
          ],
          [
            45000,
            "45000.354166666664",
            "0.35416666666666669",
            "1.5208333333333333",
            "1.0532407407407407E-2",
            45000,
            12,
            1.5,
            45000,
            30,
            123456,
            1.5,
            "45000.354169560182",
            45000,
            123,
            0.75,
            5,
            5,
            -3,
            9.9,
            45000,
            45000,
          ],
        ),
      ),
    columns: Array.from({ length: 22 }, (_, k) => `f${k + 1}`),
    rows: [
      [
        2,
        "=2023-03-15",
        "=2023-03-15T08:30:00",
        "=08:30:00",
        "=PT36H30M",
        "=00:15:10",
        "=2023-03-15",
        "=12",
        "=1.5",
        "=2023-03-15",
        "=30",
        "=123456",
        "=PT36H",
        "=2023-03-15T08:30:00.250",
        "=2023-03-15",
        "=123",
        "=18:00:00",
        "=5",
        "=5",
        "=-3",
        "=9.9",
        "=2023-03-15",
        "=2023-03-15",
      ],
    ],
  },
  {
    file: "built-in-password.xlsx",
    about: "a workbook encrypted with the password that Excel itself tries ([MS-OFFCRYPTO] 2.3.4)",
    make: () => encryptedPackage(workbookOf({ sheet: header + rowXml(2, "Ann", 5) }), { scheme: "agile" }),
    columns: plainColumns,
    rows: [[2, "Ann", "=5"]],
  },
  {
    file: "formats-by-value.xlsx",
    about: "a number as the section of its format that its value takes says: elapsed time, date or number (18.8.31)",
    make: () =>
      workbookOf({
        formats: ["[=0]?;[<1][hh]:mm:ss;[hh]:mm", '[=0]"";dd/mm/yyyy', "0;-0;h:mm;@"],
        sheet:
          rowXml(1, "who", "worked", "due", "left") +
          rowXml(2, "Ann", '<c s="1"><v>0.3125</v></c>', '<c s="2"><v>45292</v></c>', '<c s="3"><v>2</v></c>') +
          rowXml(3, "Bob", '<c s="1"><v>1.5</v></c>', '<c s="2"><v>0</v></c>', '<c s="3"><v>-2</v></c>') +
          rowXml(4, "Cy", '<c s="1"><v>0</v></c>', '<c s="2"><v>45323</v></c>', '<c s="3"><v>0</v></c>'),
      }),
    columns: ["who", "worked", "due", "left"],
    rows: [
      [2, "Ann", "=PT7H30M", "=2024-01-01", "=2"],
      [3, "Bob", "=PT36H", "=0", "=-2"],
      [4, "Cy", "=0", "=2024-02-01", "=00:00:00"],
    ],
  },
  {
    file: "formats-of-codes.xlsx",
    about: "codes as their formats show them: leading zeros, groups, a word in front; amounts stay numbers (18.8.31)",
    make: () =>
      workbookOf({
        formats: [
          "00000",
          "000\\-00\\-0000",
          '0#" "##" "##" "##" "##',
          "[<=9999999]###\\-####;\\(###\\)\\ ###\\-####",
          '"INV-"0000',
          '"+33 "000000000',
          '#,##0.00\\ "kr"',
          "0%",
        ],
        sheet:
          rowXml(1, "zip", "ssn", "phone", "us", "invoice", "mobile", "amount", "share") +
          rowXml(
            2,
            ...[1000, 12345678, 612345678, 2125551234, 42, 612345678, 1234.5, 0.5].map(
              (value, k) => `<c s="${k + 1}"><v>${value}</v></c>`,
            ),
          ) +
          rowXml(3, '<c s="1"><v>1000.5</v></c>', '<c s="2"><v>-5</v></c>', null, '<c s="4"><v>5551234</v></c>'),
      }),
    columns: ["zip", "ssn", "phone", "us", "invoice", "mobile", "amount", "share"],
    rows: [
      [
        2,
        "=01000",
        "=012-34-5678",
        "=06 12 34 56 78",
        "=(212) 555-1234",
        "=INV-0042",
        "+33 612345678",
        "=1234.5",
        "=0.5",
      ],
      [3, "=1000.5", "=-5", "", "=555-1234"],
    ],
  },
  {
    file: "date-serials.xlsx",
    about: "the first and last days of the 1900 system, without its 29 February 1900 (18.17.4.1)",
    make: () =>
      workbookOf({
        formats: [14],
        sheet:
          rowXml(1, "day", "serial") +
          [1, 59, 61, 36526, 73415, 2958465]
            .map((serial, k) => rowXml(k + 2, `<c s="1"><v>${serial}</v></c>`, serial))
            .join(""),
      }),
    columns: ["day", "serial"],
    rows: [
      [2, "=1900-01-01", "=1"],
      [3, "=1900-02-28", "=59"],
      [4, "=1900-03-01", "=61"],
      [5, "=2000-01-01", "=36526"],
      [6, "=2100-12-31", "=73415"],
      [7, "=9999-12-31", "=2958465"],
    ],
  },
  {
    file: "dates-1904.xlsx",
    about: "dates of the 1904 system (18.2.28)",
    make: () =>
      workbookOf({
        formats: [14, 22],
        workbookPr: 'date1904="1"',
        sheet: rowXml(1, "day", "moment") + rowXml(2, '<c s="1"><v>43538</v></c>', '<c s="2"><v>0.5</v></c>'),
      }),
    columns: ["day", "moment"],
    // A moment of day 0 is a time of no day, as in the 1900 system.
    rows: [[2, "=2023-03-15", "=12:00:00"]],
  },
  {
    file: "iso-dates.xlsx",
    about: "cells of the type `d`, which hold ISO 8601 text (18.18.11)",
    make: () =>
      workbookOf({
        formats: [14, 22, 21],
        sheet:
          rowXml(1, "day", "moment", "time") +
          rowXml(
            2,
            '<c s="1" t="d"><v>2023-03-15</v></c>',
            '<c s="2" t="d"><v>2023-03-15T08:30:00</v></c>',
            '<c s="3" t="d"><v>08:30:00</v></c>',
          ),
      }),
    columns: ["day", "moment", "time"],
    rows: [[2, "=2023-03-15", "=2023-03-15T08:30:00", "=08:30:00"]],
  },
  {
    file: "iso-moments.xlsx",
    about:
      "cells of the type `d` as other writers have them: zones, no seconds, days before 1900, times of the first day",
    make: () =>
      workbookOf({
        formats: [14, 22, 21],
        sheet:
          rowXml(1, "day", "moment", "time") +
          rowXml(
            2,
            '<c s="1" t="d"><v>2023-03-15T00:00:00Z</v></c>',
            '<c t="d"><v>2023-03-15T08:30Z</v></c>',
            '<c s="3" t="d"><v>1899-12-31T08:30:00.000</v></c>',
          ) +
          rowXml(
            3,
            '<c s="1" t="d"><v>1850-05-05</v></c>',
            '<c s="2" t="d"><v>2023-03-15T08:30:00+02:00</v></c>',
            '<c t="d"><v>T08:30</v></c>',
          ),
      }),
    columns: ["day", "moment", "time"],
    rows: [
      [2, "=2023-03-15", "=2023-03-15T08:30:00", "=08:30:00"],
      [3, "=1850-05-05", "=2023-03-15T08:30:00+02:00", "=08:30:00"],
    ],
  },
  {
    file: "booleans-errors.xlsx",
    about: "booleans, every error value, and formulas with and without a cached value",
    make: () =>
      workbookOf({
        sheet:
          rowXml(1, "a", "b", "c", "d") +
          rowXml(2, true, false, '<c t="e"><v>#N/A</v></c>', '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>') +
          rowXml(
            3,
            '<c t="e"><v>#REF!</v></c>',
            '<c t="e"><v>#NAME?</v></c>',
            '<c t="e"><v>#VALUE!</v></c>',
            '<c t="e"><v>#NUM!</v></c>',
          ) +
          rowXml(
            4,
            "<c><f>1+1</f><v>2</v></c>",
            '<c t="b"><f>TRUE()</f><v>1</v></c>',
            '<c t="str"><f>A1</f><v>a</v></c>',
            '<c><f t="shared" ref="D4:D5" si="0">1</f><v>1</v></c>',
          ) +
          rowXml(
            5,
            "x",
            '<c t="b"><v>true</v></c>',
            '<c t="e"><v>#NULL!</v></c>',
            '<c><f t="shared" si="0"/><v>3</v></c>',
          ),
      }),
    columns: ["a", "b", "c", "d"],
    rows: [
      [2, "=true", "=false", "!#N/A", "!#DIV/0!"],
      [3, "!#REF!", "!#NAME?", "!#VALUE!", "!#NUM!"],
      [4, "=2", "=true", "a", "=1"],
      [5, "x", "=true", "!#NULL!", "=3"],
    ],
  },
  {
    file: "formulas-without-values.xlsx",
    about: "formulas that no program has computed yet, and says how many",
    make: () =>
      workbookOf({
        sheet:
          header + rowXml(2, "a", "<c><f>1+1</f></c>") + rowXml(3, "b", "<c><f>A2</f><v></v></c>") + rowXml(4, "c", 4),
      }),
    columns: plainColumns,
    rows: [
      [2, "a"],
      [3, "b"],
      [4, "c", "=4"],
    ],
    findings: { formula_without_value: 2 },
  },
  {
    file: "prefixed.xlsx",
    about: "elements with a namespace prefix",
    make: () =>
      workbookOf({
        strings: "<si><t>name</t></si><si><r><t>va</t></r><r><t>lue</t></r></si><si><t>Zoé</t></si>",
        sheet:
          '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>' +
          '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>1</v></c></row>' +
          rowXml(3, "Åsa & Bo", 2.5),
        rewrite: prefixed,
      }),
    columns: plainColumns,
    rows: plainRows,
  },
  {
    file: "strict.xlsx",
    about: "strict Office Open XML, with its own namespaces (part 1, annex A)",
    make: () =>
      workbookOf({
        ...plain,
        rewrite: (part, name) =>
          name === "[Content_Types].xml"
            ? part
            : part.replaceAll(main, strictMain).replaceAll(officeRelationships, strictRelationships),
      }),
    columns: plainColumns,
    rows: plainRows,
  },
  {
    file: "utf-16le.xlsx",
    about: "parts in UTF-16, little end first",
    make: () => workbookOf({ ...plain, rewrite: (part) => utf16(part, true) }),
    columns: plainColumns,
    rows: plainRows,
  },
  {
    file: "utf-16be.xlsx",
    about: "parts in UTF-16, big end first",
    make: () => workbookOf({ ...plain, rewrite: (part) => utf16(part, false) }),
    columns: plainColumns,
    rows: plainRows,
  },
  {
    file: "no-references.xlsx",
    about: "rows and cells without their place (18.3.1.4: `r` is optional)",
    make: () =>
      workbookOf({
        sheet:
          '<row><c t="inlineStr"><is><t>name</t></is></c><c t="inlineStr"><is><t>value</t></is></c></row>' +
          '<row><c t="inlineStr"><is><t>Zoé</t></is></c><c><v>1</v></c></row>' +
          '<row r="5"><c><v>3</v></c><c r="B5"><v>4</v></c></row><row><c t="inlineStr"><is><t>after</t></is></c></row>',
      }),
    columns: plainColumns,
    rows: [
      [2, "Zoé", "=1"],
      [5, "=3", "=4"],
      [6, "after"],
    ],
  },
  {
    file: "gaps.xlsx",
    about: "gaps between columns and rows, empty elements and attributes in any order and quotes",
    make: () =>
      workbookOf({
        sheet:
          rowXml(1, "name", "city", "since", "amount") +
          rowXml(2, "Zoé", "Lyon", 2019, 1.5) +
          `<row spans='1:4' r='3' ><c t='n' r='C3' ><v >2020</v></c><c s="0" r="D3"/></row>` +
          '<row r="4"/><row r="5"></row>' +
          '<row r="7" ht="15" customHeight="1">\n  <c r="A7" t="str">\n    <v>Bo</v>\n  </c>\n  <c r="D7"><v>4</v></c>\n</row>' +
          "<!-- a comment with <c r='A11'><v>9</v></c> --><?pi <row/> ?>" +
          '<row r="8"><c r="B8" t="str"><v>Bath</v></c><c r="C8"><v>3</v><extLst><ext uri="x"><v>99</v></ext></extLst></c></row>',
      }),
    columns: ["name", "city", "since", "amount"],
    rows: [
      [2, "Zoé", "Lyon", "=2019", "=1.5"],
      [3, "", "", "=2020"],
      [7, "Bo", "", "", "=4"],
      [8, "", "Bath", "=3"],
    ],
  },
  {
    file: "no-dimension.xlsx",
    about: "a sheet without its dimension, in a single line without white space",
    make: () => workbookOf(plain),
    columns: plainColumns,
    rows: plainRows,
  },
  {
    file: "false-dimension.xlsx",
    about: "a dimension that says less than there is",
    make: () => workbookOf({ ...plain, before: '<dimension ref="A1"/>' }),
    columns: plainColumns,
    rows: plainRows,
  },
  {
    file: "phantom-rows.xlsx",
    about: "a million rows of which two hold something: styles on empty cells, a dimension to the sheet's end",
    make: () =>
      workbookOf({
        ...plain,
        before: '<dimension ref="A1:XFD1048576"/>',
        sheet: `${plain.sheet}${Array.from({ length: 200 }, (_, k) => `<row r="${k + 4}" s="1" customFormat="1"><c r="A${k + 4}" s="0"/><c r="B${k + 4}" s="0"/></row>`).join("")}<row r="1048576" s="1" customFormat="1"><c r="XFD1048576" s="0"/></row>`,
      }),
    columns: plainColumns,
    rows: plainRows,
  },
  {
    file: "merged-hidden.xlsx",
    about: "merged cells, hidden rows and hidden columns: kept, and told",
    make: () =>
      workbookOf({
        before: '<cols><col min="2" max="2" width="9" hidden="1"/></cols>',
        sheet:
          rowXml(1, "group", "name", "value") +
          rowXml(2, "north", "Zoé", 1) +
          rowXml(3, null, "Bo", 2).replace("<row", '<row hidden="1"') +
          rowXml(4, "south", "Åsa", 3).replace("<row", '<row hidden="true"'),
        after: '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>',
      }),
    columns: ["group", "name", "value"],
    rows: [
      [2, "north", "Zoé", "=1"],
      [3, "", "Bo", "=2"],
      [4, "south", "Åsa", "=3"],
    ],
    findings: { cells_merged: 1, rows_hidden: 2, columns_hidden: 1 },
  },
  {
    file: "sheets.xlsx",
    about: "the first visible sheet of several, and says that there are others",
    make: () =>
      workbookOf({
        sheets: {
          Notes: rowXml(1, "hidden", "sheet") + rowXml(2, "x", "y"),
          "Data &amp; more": plain.sheet ?? "",
          Empty: "",
          Extra: rowXml(1, "a", "b"),
        },
        sheetAttributes: { Notes: 'state="hidden"' },
      }),
    columns: plainColumns,
    rows: plainRows,
    findings: { other_sheets: 1 },
  },
  {
    file: "sheets.xlsx",
    about: "the sheet that is asked for by its name, hidden or not",
    hints: { sheet: "Notes" },
    columns: ["hidden", "sheet"],
    rows: [[2, "x", "y"]],
    findings: { sheet_hidden: 1 },
  },
  {
    file: "sheets.xlsx",
    about: "the sheet that is asked for by its place",
    hints: { sheet: "2" },
    columns: plainColumns,
    rows: plainRows,
  },
  {
    file: "sheets.xlsx",
    about: "no sheet that is not there, and names those that are",
    hints: { sheet: "Data" },
    error: /"?Data"?.*Notes/s,
  },
  {
    file: "titles.xlsx",
    about: "titles above the header",
    make: () =>
      workbookOf({
        sheet:
          rowXml(1, "Customers, spring 2024") +
          rowXml(3, "name", "city", "since") +
          rowXml(4, "Zoé", "Lyon", 2019) +
          rowXml(5, "Bo", "Umeå", 2021) +
          rowXml(6, "Ann", "Bath", 2020),
      }),
    columns: ["name", "city", "since"],
    rows: [
      [4, "Zoé", "Lyon", "=2019"],
      [5, "Bo", "Umeå", "=2021"],
      [6, "Ann", "Bath", "=2020"],
    ],
    findings: { titles_above_header: 1 },
  },
  {
    file: "other-places.xlsx",
    about: "parts in unusual places, found by their relationships (part 2, section 9.3)",
    make: () => otherPlaces(),
    columns: plainColumns,
    rows: plainRows,
  },
  {
    file: "numbers-app.xlsx",
    about: "an archive whose sizes stand behind the content, as Numbers and many servers write it",
    make: () => workbookOf({ ...plain, entry: { dataDescriptor: true } }),
    columns: plainColumns,
    rows: plainRows,
  },
  {
    file: "zip64.xlsx",
    about: "an archive with zip64 fields",
    make: () => workbookOf({ ...plain, entry: { zip64: true } }),
    columns: plainColumns,
    rows: plainRows,
  },
  {
    file: "stored.xlsx",
    about: "parts that are not packed, an archive with a comment",
    make: () => workbookOf({ ...plain, entry: { method: "store" }, zip: { comment: Buffer.from("made by hand") } }),
    columns: plainColumns,
    rows: plainRows,
  },
  {
    file: "google-like.xlsx",
    about: "what Google Sheets exports: styles on every cell, extensions, empty cells to the right",
    make: () =>
      workbookOf({
        formats: ["yyyy-mm-dd"],
        strings: "<si><t>name</t></si><si><t>since</t></si><si><t>Zoé</t></si>",
        before:
          '<sheetPr><outlinePr summaryBelow="0" summaryRight="0"/></sheetPr><sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr customHeight="1" defaultColWidth="12.63" defaultRowHeight="15.75"/>',
        sheet:
          '<row r="1"><c r="A1" s="0" t="s"><v>0</v></c><c r="B1" s="0" t="s"><v>1</v></c><c r="C1" s="0"/></row>' +
          '<row r="2"><c r="A2" s="0" t="s"><v>2</v></c><c r="B2" s="1"><v>45000.0</v></c><c r="C2" s="0"/></row>',
        after: '<drawing r:id="rId1"/>',
      }),
    columns: ["name", "since"],
    rows: [[2, "Zoé", "=2023-03-15"]],
  },
  {
    file: "openpyxl-like.xlsx",
    about: 'what openpyxl writes: `t="n"` on every number, no shared strings, a moment as a long decimal',
    make: () =>
      workbookOf({
        formats: ["yyyy-mm-dd h:mm:ss"],
        sheet:
          header +
          '<row r="2"><c r="A2" t="inlineStr"><is><t>Zoé</t></is></c><c r="B2" s="1" t="n"><v>45000.35416666666</v></c></row>' +
          '<row r="3"><c r="A3" t="n"/><c r="B3" t="n"><v>1</v></c></row>',
      }),
    columns: plainColumns,
    rows: [
      [2, "Zoé", "=2023-03-15T08:30:00"],
      [3, "", "=1"],
    ],
  },
  {
    file: "prototype.xlsx",
    about: "columns called __proto__ and constructor, like any other",
    make: () => workbookOf({ sheet: rowXml(1, "__proto__", "constructor", "__proto__") + rowXml(2, "a", "b", "c") }),
    columns: ["__proto__", "constructor", "__proto__ (2)"],
    rows: [[2, "a", "b", "c"]],
  },
  {
    file: "beyond-header.xlsx",
    about: "a cell beyond the header, in a column without a name",
    make: () => workbookOf({ sheet: `${header}<row r="2"><c r="A2"><v>1</v></c><c r="C2"><v>3</v></c></row>` }),
    columns: ["name", "value", "Column 3"],
    rows: [[2, "=1", "", "=3"]],
  },
  {
    file: "absent-styles.xlsx",
    about: "a workbook whose styles are missing: numbers are numbers",
    make: () =>
      workbookOf({
        sheet: header + rowXml(2, "a", '<c s="7"><v>45000</v></c>'),
        parts: { "xl/styles.xml": null },
      }),
    columns: plainColumns,
    rows: [[2, "a", "=45000"]],
  },
  {
    file: "macro.xlsm",
    about: "a workbook with macros, which are never run",
    make: () =>
      workbookOf({
        ...plain,
        parts: {
          "[Content_Types].xml": (workbookParts(plain).get("[Content_Types].xml") as string).replace(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
          ),
          "xl/vbaProject.bin": Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
        },
      }),
    columns: plainColumns,
    rows: plainRows,
  },
  {
    file: "workbook.csv",
    about: "a workbook whose name says CSV",
    make: () => workbookOf(plain),
    columns: plainColumns,
    rows: plainRows,
  },
];

/** The workbook in a folder of its own, targets absolute and relative, the sheet's part called anything. */
function otherPlaces(): Buffer {
  const parts = workbookParts({ ...plain, strings: "<si><t>unused</t></si>" });
  const take = (name: string): string => parts.get(name) as string;
  const entries: ZipEntry[] = [
    { name: "[Content_Types].xml", content: take("[Content_Types].xml").replaceAll("/xl/", "/book/") },
    { name: "_rels/.rels", content: take("_rels/.rels").replace("xl/workbook.xml", "/book/main.xml") },
    { name: "book/main.xml", content: take("xl/workbook.xml") },
    {
      name: "book/_rels/main.xml.rels",
      content: take("xl/_rels/workbook.xml.rels")
        .replace("worksheets/sheet1.xml", "/data/../data/First%20sheet.xml")
        .replace('"styles.xml"', '"./look/styles.xml"'),
    },
    { name: "data/First%20sheet.xml", content: take("xl/worksheets/sheet1.xml") },
    { name: "book/look/styles.xml", content: take("xl/styles.xml") },
    { name: "book/sharedStrings.xml", content: `${xml}<sst xmlns="${main}"/>` },
  ];
  return zipOf(entries);
}
