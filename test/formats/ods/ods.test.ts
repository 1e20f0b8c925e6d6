/** What stands in OpenDocument spreadsheets, as columns and rows. */
import { describe, expect, it } from "vitest";
import { cellError, cellTooLong, cellTyped } from "../../../src/core/row.ts";
import { ods } from "../../../src/formats/ods/ods.ts";
import { zipOf } from "../../corpus/zip-bytes.ts";
import { content, number, pack, readSheet, readTable, row, source, table, text } from "./ods-rows.ts";

const header = row(text("v"));
const blanks = (count: number): string => `<table:table-cell table:number-columns-repeated="${count}"/>`;
const typed = (type: string, attributes: string, shown = "shown"): string =>
  `<table:table-cell ${attributes} office:value-type="${type}"><text:p>${shown}</text:p></table:table-cell>`;

describe("values", () => {
  it.each<[string, string, string, number]>([
    ["a whole number", number("33612345678"), "33612345678", cellTyped],
    ["a number beyond a double's digits", number("9007199254740993"), "9007199254740993", cellTyped],
    ["a fraction", number("0.30000000000000004"), "0.30000000000000004", cellTyped],
    ["an exponent", number("1.5E+3"), "1500", cellTyped],
    ["a percentage", typed("percentage", 'office:value="0.5"', "50 %"), "0.5", cellTyped],
    ["money", typed("currency", 'office:currency="EUR" office:value="-12.5"'), "-12.5", cellTyped],
    ["a date", typed("date", 'office:date-value="2024-01-31"'), "2024-01-31", cellTyped],
    ["a date with Excel's midnight", typed("date", 'office:date-value="2016-10-20T00:00:00"'), "2016-10-20", cellTyped],
    [
      "a date with its time",
      typed("date", 'office:date-value="2024-01-31T08:30:00"'),
      "2024-01-31T08:30:00",
      cellTyped,
    ],
    [
      "a part of a second",
      typed("date", 'office:date-value="2024-01-31T08:30:00.25"'),
      "2024-01-31T08:30:00.250",
      cellTyped,
    ],
    ["a float's noise", typed("date", 'office:date-value="2024-01-31T23:59:59.999999"'), "2024-02-01", cellTyped],
    ["a date that never was", typed("date", 'office:date-value="2023-02-29"', "29/02/2023"), "29/02/2023", 0],
    ["a time of day", typed("time", 'office:time-value="PT08H30M00S"'), "08:30:00", cellTyped],
    [
      "a time of day with a fraction",
      typed("time", 'office:time-value="PT10H10M10.123456S"'),
      "10:10:10.123",
      cellTyped,
    ],
    ["midnight", typed("time", 'office:time-value="PT0S"'), "00:00:00", cellTyped],
    ["an elapsed time", typed("time", 'office:time-value="PT36H30M00S"'), "PT36H30M", cellTyped],
    ["an elapsed time below none", typed("time", 'office:time-value="-PT1H30M5.5S"'), "-PT1H30M5.500S", cellTyped],
    ["a boolean", typed("boolean", 'office:boolean-value="TRUE"'), "true", cellTyped],
    ["a boolean as a digit", typed("boolean", 'office:boolean-value="0"', "FALSCH"), "false", cellTyped],
    ["text", text("Zoé &amp; &#x1F600; &lt;b&gt; &#233;"), "Zoé & 😀 <b> é", 0],
    ["leading zeros", text("007"), "007", 0],
    ["text that is in an attribute", typed("string", 'office:string-value="a&amp;b"', "shown"), "a&b", 0],
    ["text without a type", "<table:table-cell><text:p>x</text:p></table:table-cell>", "x", 0],
    ["paragraphs", typed("string", "", "a</text:p><text:p/><text:p>b"), "a\n\nb", 0],
    [
      "spaces, tabs and line breaks",
      text('a <text:s text:c="2"/>b<text:s/><text:tab/>c<text:line-break/>d'),
      "a   b \tc\nd",
      0,
    ],
    ["rich text and links", text('a<text:span>b<text:a href="x">c</text:a></text:span>d'), "abcd", 0],
    ["CDATA and comments", text("a<!-- x --><![CDATA[<&b]]>c"), "a<&bc", 0],
    ["line endings", text("a\r\nb\rc"), "a\nb\nc", 0],
    [
      "a note at a cell",
      '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation><text:p>x</text:p></table:table-cell>',
      "x",
      0,
    ],
    [
      "a picture in a cell",
      '<table:table-cell office:value-type="string"><draw:frame><draw:text-box><text:p>no</text:p></draw:text-box></draw:frame><text:p>x</text:p></table:table-cell>',
      "x",
      0,
    ],
    [
      "a table in a cell",
      `<table:table-cell>${table(row(text("inner")))}<text:p>x</text:p></table:table-cell>`,
      "x",
      0,
    ],
    ["a formula's number", number("3", 'table:formula="of:=1+2"'), "3", cellTyped],
    [
      "a formula's text",
      typed("string", 'table:formula="of:=A1" office:string-value="#N/A is text"'),
      "#N/A is text",
      0,
    ],
    [
      "LibreOffice's error",
      '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>',
      "#DIV/0!",
      cellError,
    ],
    [
      "an older error",
      '<table:table-cell table:formula="of:=X" office:value-type="float" office:value="0"><text:p>Err:502</text:p></table:table-cell>',
      "Err:502",
      cellError,
    ],
    [
      "a covered cell",
      '<table:covered-table-cell office:value-type="string"><text:p>under</text:p></table:covered-table-cell>',
      "under",
      0,
    ],
  ])("reads %s", async (_, cell, value, flag) => {
    const sheet = await readTable(header + row(cell));
    expect([sheet.rows[1], sheet.flags[1]]).toEqual([[2, value], [flag]]);
  });

  it("tells of a formula without a value, which is blank", async () => {
    const sheet = await readTable(header + row('<table:table-cell table:formula="of:=NOW()"/>') + row(text("x")));
    expect(sheet.rows).toEqual([
      [1, "v"],
      [3, "x"],
    ]);
    expect(sheet.findings).toEqual([{ code: "formula_without_value", count: 1 }]);
  });

  it("keeps 32,767 characters of a text, as of every workbook's cell, and says that there were more", async () => {
    const sheet = await readTable(header + row(text("é".repeat(32_768))) + row(text("é".repeat(2_200_000))));
    for (const r of [1, 2]) expect(sheet.rows[r][1]).toBe("é".repeat(32_767));
    expect(sheet.flags.slice(1)).toEqual([[cellTooLong], [cellTooLong]]);
  });
});

describe("rows", () => {
  it("leaves out the million blank rows and columns that a sheet ends in", async () => {
    const filler = row(blanks(16_384), 'table:number-rows-repeated="1048570"');
    const sheet = await readTable(row(text("a") + text("b") + blanks(16_382)) + filler + row(blanks(2) + text("")));
    expect(sheet.dialect.columns).toEqual(["a", "b"]);
    expect(sheet.rows).toEqual([[1, "a", "b"]]);
  });

  it("writes repeated rows and cells out, and counts blank ones", async () => {
    const sheet = await readTable(
      row(text("a") + text("b") + text("c")) +
        row(blanks(3), 'table:number-rows-repeated="2"') +
        row(text("x") + number("1", 'table:number-columns-repeated="2"'), 'table:number-rows-repeated="3"') +
        "<table:table-row/>" +
        row(blanks(1) + text("z")),
    );
    expect(sheet.rows).toEqual([
      [1, "a", "b", "c"],
      [4, "x", "1", "1"],
      [5, "x", "1", "1"],
      [6, "x", "1", "1"],
      [8, "", "z", ""],
    ]);
  });

  it("tells of cells beyond the table's columns", async () => {
    const sheet = await readTable(row(text("a")) + row(text("x") + blanks(1) + text("y")) + row(text("z") + blanks(9)));
    expect(sheet.rows).toEqual([
      [1, "a"],
      [2, "!2", "x", "", "y"],
      [3, "z"],
    ]);
  });

  it("finds rows in groups and header rows", async () => {
    const sheet = await readTable(
      `<table:table-header-rows>${header}</table:table-header-rows><table:table-row-group><table:table-row-group>${row(text("x"))}</table:table-row-group><table:table-rows>${row(text("y"))}</table:table-rows></table:table-row-group>`,
    );
    expect(sheet.rows).toEqual([
      [1, "v"],
      [2, "x"],
      [3, "y"],
    ]);
  });

  it("reads hidden rows and columns, and merged cells, and tells of them", async () => {
    const sheet = await readSheet(
      pack(
        content(
          `<table:table table:name="S"><table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>${header}${row(text("x"), 'table:visibility="filter"')}${row(text("y"), 'table:visibility="collapse"')}${row(text("z", 'table:number-columns-spanned="2" table:number-rows-spanned="1"'))}</table:table>`,
        ),
      ),
    );
    expect(sheet.rows).toEqual([
      [1, "v"],
      [2, "x"],
      [3, "y"],
      [4, "z"],
    ]);
    expect(sheet.dialect.findings).toEqual([{ code: "columns_hidden", count: 2 }]);
    expect(sheet.findings).toEqual([
      { code: "rows_hidden", count: 2 },
      { code: "cells_merged", count: 1 },
    ]);
  });

  it("passes over shapes, forms and sources", async () => {
    const sheet = await readTable(
      `<office:forms><form:form/></office:forms><table:shapes><draw:frame><text:p>no</text:p><table:table>${header}</table:table></draw:frame></table:shapes>${header}${row(text("x"))}`,
    );
    expect(sheet.rows).toEqual([
      [1, "v"],
      [2, "x"],
    ]);
  });
});

describe("sheets", () => {
  const hiding =
    '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>';
  const file = pack(
    content(
      table("", 'table:name="Empty"') +
        table(row(text("secret")), 'table:name="Hidden" table:style-name="ta2"') +
        table(row(text("name")) + row(text("Ann")), 'table:name="Le&amp;ads é"') +
        table(row(text("other")), 'table:name="Other"'),
      { styles: hiding },
    ),
  );

  it("takes the first visible sheet with rows, and tells of the others", async () => {
    expect(await ods.detect(source(file), {})).toEqual({
      format: "ods",
      packing: "none",
      sheet: "Le&ads é",
      sheetIndex: 3,
      headerRow: 1,
      headerRows: 1,
      lastRow: null,
      columns: ["name"],
      findings: [{ code: "other_sheets", count: 2 }],
      between: { header: [["name"]], titles: [], comment: null, paged: false },
    });
  });

  it.each([
    ["le&ads É", "name"],
    ["4", "other"],
    [" hidden ", "secret"],
  ])("takes the sheet %j", async (sheet, column) => {
    expect((await ods.detect(source(file), { sheet })).columns).toEqual([column]);
  });

  it("says that a sheet is hidden", async () => {
    const dialect = await ods.detect(source(file), { sheet: "Hidden" });
    expect(dialect.findings).toContainEqual({ code: "sheet_hidden", count: 1 });
  });

  it("names the sheets when there is none of that name", async () => {
    await expect(ods.detect(source(file), { sheet: "Leads" })).rejects.toThrow(
      'people.ods has no sheet "Leads". Available: 1 "Empty", 2 "Hidden", 3 "Le&ads é", 4 "Other".',
    );
  });

  it("says that a sheet is empty", async () => {
    await expect(ods.detect(source(file), { sheet: "1" })).rejects.toThrow("Sheet 1 (Empty) of people.ods is empty");
  });

  it("reads the sheet it was told", async () => {
    expect((await readSheet(file, { hints: { sheet: "4" } })).rows).toEqual([[1, "other"]]);
    expect((await readSheet(file)).rows).toEqual([
      [1, "name"],
      [2, "Ann"],
    ]);
  });

  it("does not take the tables of tracked changes for sheets", async () => {
    const part = content(`<table:tracked-changes>${table(row(text("old")))}</table:tracked-changes>${table(header)}`);
    expect((await ods.detect(source(pack(part)), {})).columns).toEqual(["v"]);
  });
});

describe("pieces and checkpoints", () => {
  const rows = [
    row(text("na&amp;me") + text("b") + text("c")),
    row(text('Zo&#xE9; 😀<text:s text:c="3"/>x') + number("1.50") + typed("date", 'office:date-value="2024-01-31"')),
    row(blanks(3), 'table:number-rows-repeated="3"'),
    row(text("é<![CDATA[<x>]]>") + number("2", 'table:number-columns-repeated="2"'), 'table:number-rows-repeated="5"'),
    row(text("long") + text("beyond") + text("the") + text("table"), 'table:number-rows-repeated="2"'),
    row(text("last\r\nline")),
  ].join("\n  ");
  const file = pack(content(table(rows) + table(row(text("other")), 'table:name="Other"')));

  it("reads the same however the content is cut", async () => {
    const { rows: whole, dialect } = await readSheet(file);
    expect(whole.map(([number]) => number)).toEqual([1, 2, 6, 7, 8, 9, 10, 11, 12, 13]);
    for (let pieceBytes = 1; pieceBytes < 40; pieceBytes++) {
      expect((await readSheet(file, { pieceBytes, dialect, maxRowsPerBatch: 3 })).rows, `${pieceBytes}`).toEqual(whole);
    }
  });

  it("goes on from every row and every checkpoint with the same rows", async () => {
    for (const maxRowsPerBatch of [1, 2, 4]) {
      const { rows: whole, places, checkpoints, dialect } = await readSheet(file, { maxRowsPerBatch });
      for (const from of [...places, ...checkpoints]) {
        for (const pieceBytes of [1, 70, 100_000]) {
          const rest = await readSheet(file, { dialect, from, pieceBytes });
          expect(rest.rows, JSON.stringify(from)).toEqual(whole.filter(([number]) => Number(number) >= from.row));
        }
      }
    }
  });

  it("says when there is no row at the checkpoint", async () => {
    const { dialect, places } = await readSheet(file);
    for (const offset of [places[1].offset + 3, 1_000_000]) {
      await expect(readSheet(file, { dialect, from: { offset, row: 2 } })).rejects.toThrow("no row at the checkpoint");
    }
  });

  it("reads UTF-16", async () => {
    const part = content(table(header + row(text("é😀"))), { prolog: '<?xml version="1.0" encoding="UTF-16"?>' });
    const sheet = await readSheet(pack(Buffer.from(`\ufeff${part}`, "utf16le")), { pieceBytes: 7 });
    expect(sheet.rows).toEqual([
      [1, "v"],
      [2, "é😀"],
    ]);
  });
});

describe("damage and malice", () => {
  const good = content(table(header + row(text("x"))));

  it("says that a spreadsheet is protected by a password", async () => {
    const manifest =
      '<manifest:manifest xmlns:manifest="m"><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>';
    const file = pack("\x01\x02", [{ name: "META-INF/manifest.xml", content: manifest }]);
    await expect(ods.detect(source(file), {})).rejects.toThrow("people.ods is password-protected");
  });

  it.each<[string, string, string]>([
    [
      "a document type",
      content(table(header), { prolog: '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' }),
      "document type",
    ],
    [
      "an encoding that no spreadsheet has",
      content(table(header), { prolog: '<?xml version="1.0" encoding="UTF-7"?>' }),
      "UTF-7",
    ],
    ["a content that breaks off", good.slice(0, -200), "ends abruptly"],
    ["a content that is no XML", "hello", "ends abruptly"],
    ["no table", content(""), "has no sheets"],
    ["nothing but blank rows", content(table(row(blanks(5)))), "only empty sheets"],
    [
      "a tag without an end",
      content(table(`${header}<table:table-row x="${"y".repeat(2_000_000)}`)),
      "tag that does not end",
    ],
    [
      "16,385 columns",
      content(table(row(number("1", 'table:number-columns-repeated="16385"')))),
      "more than 16384 columns",
    ],
    ["a row that is not closed", good.replace("</table:table-row>", ""), "has a tag in the wrong place (in row 1"],
    ["a cell that is not closed", good.replace("</table:table-cell>", ""), "has a tag in the wrong place (in row 1"],
    ["a paragraph that is not closed", good.replace("</text:p>", ""), "has a tag in the wrong place (in row 1"],
    [
      "a cell that was never opened",
      good.replace(/<table:table-cell[^>]*>/, ""),
      "has a tag in the wrong place (in row 1",
    ],
  ])("refuses %s", async (_, part, message) => {
    await expect(ods.detect(source(pack(part)), {})).rejects.toThrow(message);
  });

  it("refuses filled rows that are repeated without end, and hands out what it can", async () => {
    const bomb = row(text("x", 'table:number-columns-repeated="1000"'), 'table:number-rows-repeated="900000000"');
    const file = pack(content(table(row(text("a", 'table:number-columns-repeated="1000"')) + bomb)));
    const dialect = await ods.detect(source(file), {});
    let rowCount = 0;
    const reading = (async () => {
      for await (const batch of ods.read(source(file), dialect, {})) rowCount += batch.rowCount;
    })();
    await expect(reading).rejects.toThrow("repeats filled rows");
    expect(rowCount).toBeGreaterThan(10_000);
    const beyond = pack(content(table(header + row(text("x"), 'table:number-rows-repeated="99999999999"'))));
    await expect(ods.detect(source(beyond), {})).rejects.toThrow("more times than a sheet can have rows");
  });

  it("makes a row that is larger than any an issue", async () => {
    const wide = row(
      text("y".repeat(32_000), 'table:number-columns-repeated="16384"'),
      'table:number-rows-repeated="2"',
    );
    const sheet = await readTable(header + wide + row(text("x")));
    expect(sheet.rows.map(([number, shape]) => [number, shape])).toEqual([
      [1, "v"],
      [2, "!4"],
      [3, "!4"],
      [4, "x"],
    ]);
  });

  it("finds a bit that was flipped anywhere in the content", async () => {
    const tail = table(row(text("z".repeat(500))), 'table:name="Other"');
    const part = content(table(header + row(text("x"))) + tail);
    const file = Buffer.from(pack(part, [], {}));
    const stored = Buffer.from(zipOf([{ name: "content.xml", content: part, method: "store" }]));
    const at = stored.indexOf("zzz");
    stored[at] ^= 1;
    const { dialect } = await readSheet(file);
    await expect(readSheet(stored, { dialect })).rejects.toThrow("checksum");
  });

  it("says that the sheet is gone from the file", async () => {
    const { dialect } = await readSheet(pack(good));
    await expect(readSheet(pack(good), { dialect: { ...dialect, sheetIndex: 2 } })).rejects.toThrow(
      "no longer has sheet 2",
    );
  });

  it("says that the content is missing", async () => {
    const file = zipOf([{ name: "mimetype", content: "application/vnd.oasis.opendocument.spreadsheet" }]);
    await expect(ods.detect(source(file), {})).rejects.toThrow(
      "content.xml, the part that would hold its tables, is missing",
    );
  });

  it("stops when it is told to", async () => {
    const file = pack(content(table(header + row(text("x")))));
    const { dialect } = await readSheet(file);
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    await expect(readSheet(file, { dialect, signal: stop.signal })).rejects.toThrow("enough");
  });
});
