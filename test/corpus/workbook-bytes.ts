/**
 * Hand-written workbooks: the parts of an XLSX file as text (ECMA-376 part 1, SpreadsheetML), each of which a caller can
 * replace, take away or add to.
 */
import { type ZipEntry, type ZipOptions, zipOf } from "./zip-bytes.ts";

export interface WorkbookParts {
  /** What stands inside `<sheetData>` of the only sheet, or the sheets by name. */
  sheet?: string;
  sheets?: Record<string, string>;
  /** Attributes of each `<sheet>` element by its name: `state="hidden"`. */
  sheetAttributes?: Record<string, string>;
  /** What stands before and after `<sheetData>`. */
  before?: string;
  after?: string;
  /** `<si>` elements. */
  strings?: string;
  /** Number format of each cell style from the first, an id or a code of its own. */
  formats?: (number | string)[];
  /** Attributes of `<workbookPr>`. */
  workbookPr?: string;
  /** Parts as they shall be, null for none. */
  parts?: Record<string, string | Uint8Array | null>;
  /** Applied to every XML part: another encoding, other prefixes. */
  rewrite?: (xml: string, name: string) => string | Uint8Array;
  entry?: Partial<ZipEntry>;
  zip?: ZipOptions;
}

export const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
export const officeRelationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packageRelationships = "http://schemas.openxmlformats.org/package/2006/relationships";
const contentType = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** The parts of a workbook by name, in the order in which they are written. */
export function workbookParts(options: WorkbookParts): Map<string, string | Uint8Array> {
  const sheets = Object.entries(options.sheets ?? { Sheet1: options.sheet ?? "" });
  const { before = "", after = "", strings, formats = [], workbookPr = "" } = options;
  const parts = new Map<string, string | Uint8Array>();
  const overrides = sheets.map(
    (_, s) => `<Override PartName="/xl/worksheets/sheet${s + 1}.xml" ContentType="${contentType}.worksheet+xml"/>`,
  );
  parts.set(
    "[Content_Types].xml",
    `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${contentType}.sheet.main+xml"/>${overrides.join("")}<Override PartName="/xl/styles.xml" ContentType="${contentType}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="${contentType}.sharedStrings+xml"/></Types>`,
  );
  parts.set("_rels/.rels", relationships([["rId1", `${officeRelationships}/officeDocument`, "xl/workbook.xml"]]));
  const sheetElements = sheets.map(
    ([name], s) =>
      `<sheet name="${name}" sheetId="${s + 1}" ${options.sheetAttributes?.[name] ?? ""} r:id="rId${s + 1}"/>`,
  );
  parts.set(
    "xl/workbook.xml",
    `${xml}<workbook xmlns="${main}" xmlns:r="${officeRelationships}"><workbookPr ${workbookPr}/><sheets>${sheetElements.join("")}</sheets></workbook>`,
  );
  parts.set(
    "xl/_rels/workbook.xml.rels",
    relationships([
      ...sheets.map(
        (_, s): Relationship => [`rId${s + 1}`, `${officeRelationships}/worksheet`, `worksheets/sheet${s + 1}.xml`],
      ),
      ["rId98", `${officeRelationships}/styles`, "styles.xml"],
      ...(strings === undefined
        ? []
        : ([["rId99", `${officeRelationships}/sharedStrings`, "sharedStrings.xml"]] as Relationship[])),
    ]),
  );
  sheets.forEach(([, data], s) => {
    parts.set(
      `xl/worksheets/sheet${s + 1}.xml`,
      `${xml}<worksheet xmlns="${main}" xmlns:r="${officeRelationships}">${before}<sheetData>${data}</sheetData>${after}</worksheet>`,
    );
  });
  parts.set("xl/styles.xml", stylesPart(formats));
  if (strings !== undefined) parts.set("xl/sharedStrings.xml", `${xml}<sst xmlns="${main}">${strings}</sst>`);
  for (const [name, content] of Object.entries(options.parts ?? {})) {
    if (content === null) parts.delete(name);
    else parts.set(name, content);
  }
  return parts;
}

/** The workbook's bytes. */
export function workbookOf(options: WorkbookParts): Buffer {
  const entries = [...workbookParts(options)].map(([name, content]): ZipEntry => {
    const written = typeof content === "string" && options.rewrite ? options.rewrite(content, name) : content;
    return { ...options.entry, name, content: written };
  });
  return zipOf(entries, options.zip);
}

type Relationship = [id: string, type: string, target: string];
function relationships(all: readonly Relationship[]): string {
  const elements = all.map(([id, type, target]) => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`);
  return `${xml}<Relationships xmlns="${packageRelationships}">${elements.join("")}</Relationships>`;
}

function stylesPart(formats: readonly (number | string)[]): string {
  const own = formats.flatMap((format, k) =>
    typeof format === "string" ? [`<numFmt numFmtId="${164 + k}" formatCode="${escapeAttribute(format)}"/>`] : [],
  );
  const xfs = ["General", ...formats].map((format, k) => {
    const id = k === 0 ? 0 : typeof format === "string" ? 163 + k : format;
    return `<xf numFmtId="${id}" fontId="0" fillId="0" borderId="0" xfId="0"${id === 0 ? "" : ' applyNumberFormat="1"'}/>`;
  });
  return `${xml}<styleSheet xmlns="${main}"><numFmts count="${own.length}">${own.join("")}</numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="${xfs.length}">${xfs.join("")}</cellXfs></styleSheet>`;
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

/** A row of `<c>` elements: text as inline strings, numbers as they are, anything that begins with `<` as it stands. */
export function rowXml(number: number, ...cells: (string | number | boolean | null)[]): string {
  const written = cells.map((cell, c) => {
    const at = `${columnLetters(c)}${number}`;
    if (cell === null) return "";
    if (typeof cell === "number") return `<c r="${at}"><v>${cell}</v></c>`;
    if (typeof cell === "boolean") return `<c r="${at}" t="b"><v>${cell ? 1 : 0}</v></c>`;
    if (cell.startsWith("<")) return cell.replace("<c", `<c r="${at}"`);
    return `<c r="${at}" t="inlineStr"><is><t>${cell.replaceAll("&", "&amp;")}</t></is></c>`;
  });
  return `<row r="${number}">${written.join("")}</row>`;
}

/** `A` … `XFD` of a column from 0. */
export function columnLetters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : columnLetters(Math.floor(column / 26) - 1) + last;
}
