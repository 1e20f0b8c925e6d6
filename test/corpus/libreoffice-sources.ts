/**
 * Tables that LibreOffice turns into workbooks and CSV files: OpenDocument spreadsheets (OpenDocument 1.3, part 3,
 * section 9.1) written by hand, so that nothing but its own export decides how they look.
 */
import { zipOf } from "./zip-bytes.ts";

const namespaces =
  'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"';

/** A date, a moment, a time and a duration as a spreadsheet of each language shows them. */
const styles = `
<number:date-style style:name="day"><number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style>
<number:date-style style:name="french"><number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>
<number:date-style style:name="moment"><number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/><number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/><number:text>:</number:text><number:seconds number:style="long"/></number:date-style>
<number:time-style style:name="time"><number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/><number:text>:</number:text><number:seconds number:style="long"/></number:time-style>
<number:time-style style:name="duration" number:truncate-on-overflow="false"><number:hours/><number:text>:</number:text><number:minutes number:style="long"/></number:time-style>
<number:number-style style:name="two"><number:number number:decimal-places="2" number:min-integer-digits="1" number:grouping="true"/></number:number-style>
<number:percentage-style style:name="percent"><number:number number:decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
<number:boolean-style style:name="boolean"><number:boolean/></number:boolean-style>
${["day", "french", "moment", "time", "duration", "two", "percent", "boolean"].map((name) => `<style:style style:name="c-${name}" style:family="table-cell" style:data-style-name="${name}"/>`).join("\n")}`;

const mimetype = "application/vnd.oasis.opendocument.spreadsheet";

function document(tables: string): Buffer {
  const content = `<?xml version="1.0" encoding="UTF-8"?>
<office:document-content ${namespaces} office:version="1.3">
<office:automatic-styles>${styles}</office:automatic-styles>
<office:body><office:spreadsheet>${tables}</office:spreadsheet></office:body></office:document-content>`;
  const manifest = `<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="${mimetype}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`;
  return zipOf([
    { name: "mimetype", content: mimetype, method: "store" },
    { name: "content.xml", content },
    { name: "META-INF/manifest.xml", content: manifest },
  ]);
}

const text = (value: string): string =>
  `<table:table-cell office:value-type="string"><text:p>${value.replaceAll("&", "&amp;").replaceAll("\n", "</text:p><text:p>")}</text:p></table:table-cell>`;
const number = (value: string | number, style = ""): string =>
  `<table:table-cell office:value-type="float" office:value="${value}"${style && ` table:style-name="c-${style}"`}/>`;
const date = (value: string, style = "day"): string =>
  `<table:table-cell office:value-type="date" office:date-value="${value}" table:style-name="c-${style}"/>`;
const time = (value: string, style = "time"): string =>
  `<table:table-cell office:value-type="time" office:time-value="${value}" table:style-name="c-${style}"/>`;
const boolean = (value: boolean): string =>
  `<table:table-cell office:value-type="boolean" office:boolean-value="${value}" table:style-name="c-boolean"/>`;
const formula = (value: string): string =>
  `<table:table-cell table:formula="of:=${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"/>`;
const blank = "<table:table-cell/>";
const row = (...cells: string[]): string => `<table:table-row>${cells.join("")}</table:table-row>`;

/** Every type of cell, and the values that get lost most often. */
export const typesSource = document(
  `<table:table table:name="Types">${[
    row(...["text", "number", "day", "french", "moment", "time", "duration", "boolean", "formula"].map(text)),
    row(
      text("007"),
      number("0.30000000000000004"),
      date("2024-01-31"),
      date("2024-02-01", "french"),
      date("2024-01-31T08:30:00", "moment"),
      time("PT08H30M00S"),
      time("PT36H30M00S", "duration"),
      boolean(true),
      formula("1+1"),
    ),
    row(
      text("1E5"),
      number("33612345678"),
      date("1999-12-31"),
      date("1901-03-04", "french"),
      date("2024-12-31T23:59:59", "moment"),
      time("PT23H59M59S"),
      time("PT00H05M00S", "duration"),
      boolean(false),
      formula("1/0"),
    ),
    row(
      text("Zoé & Åsa"),
      number("-1234.5", "two"),
      date("2000-02-29"),
      date("2038-01-19", "french"),
      date("1970-01-01T00:00:00", "moment"),
      time("PT00H00M01S"),
      time("PT100H00M00S", "duration"),
      boolean(true),
      formula('"a"&"b"'),
    ),
    row(
      text("two\nlines"),
      number("0.125", "percent"),
      date("1900-03-01"),
      date("9999-12-31", "french"),
      date("2024-02-29T12:00:00", "moment"),
      time("PT12H00M00S"),
      time("PT24H00M00S", "duration"),
      boolean(false),
      formula("NA()"),
    ),
    row(text('says "hi", twice'), number("1E-7"), blank, blank, blank, blank, blank, blank, formula("DATE(2024;5;6)")),
    row(text("日本語 😀"), number("12345678901234"), blank, blank, blank, blank, blank, blank, formula("1=1")),
  ].join("")}</table:table>`,
);

/** Merged, hidden and repeated cells, several sheets, gaps. */
export const layoutSource = document(
  `<table:table table:name="Layout">
<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column table:number-columns-repeated="2"/>
${[
  row(text("group"), text("secret"), text("name"), text("amount")),
  row(
    '<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>north</text:p></table:table-cell>',
    text("x"),
    text("Zoé"),
    number(1),
  ),
  row("<table:covered-table-cell/>", text("y"), text("Bo"), number(2)),
  '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>',
  `<table:table-row table:visibility="collapse">${text("south")}${text("z")}${text("Åsa")}${number(3)}</table:table-row>`,
  `<table:table-row table:number-rows-repeated="2">${text("twice")}${blank}${text("same")}${number(7)}</table:table-row>`,
  row(
    text("wide"),
    text("both").replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="2"'),
    number(5),
  ),
].join("")}
<table:table-row table:number-rows-repeated="1000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
<table:table table:name="Other">${row(text("a")) + row(number(1))}</table:table>`,
);

/** People of several languages, for LibreOffice's CSV export in many encodings. */
export const peopleSource = document(
  `<table:table table:name="People">${[
    row(...["Prénom", "Nom", "Ville", "Montant", "Date"].map(text)),
    row(text("Zoé"), text("Lefèvre"), text("Besançon"), number("12.5", "two"), date("2024-01-31", "french")),
    row(
      text("François"),
      text('dit "le Grand"'),
      text("Nîmes; Gard"),
      number("1234", "two"),
      date("2024-02-01", "french"),
    ),
    row(text("Åsa"), text("Öberg, Växjö"), text("två\nrader"), number("0.99", "two"), date("2024-12-13", "french")),
    row(text("Cœur"), text("D’Arcy"), text("Évreux"), number("-7", "two"), date("1999-06-30", "french")),
  ].join("")}</table:table>`,
);
