/** Builds workbooks in memory from the texts of their parts, with sensible defaults for the missing ones. */
import { type ZipOptions, zipOf } from "../../corpus/zip-bytes.ts";

export interface WorkbookParts {
  /** By the sheet's name: the whole part, or what stands inside of `<sheetData>`. */
  sheets?: Readonly<Record<string, string | Uint8Array>>;
  /** The whole part, or the `<si>` elements in it. */
  sharedStrings?: string;
  /** The whole part, or the `<xf …/>` elements of `cellXfs`. */
  styles?: string;
  /** `<numFmt …/>` elements, where `styles` has only its cells'. */
  numberFormats?: string;
  date1904?: boolean;
  /** Other parts, or other texts for those above, by their names in the archive; null: without it. */
  parts?: Readonly<Record<string, string | Uint8Array | null>>;
  zip?: ZipOptions;
}

export const mainNamespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
export const strictNamespace = "http://purl.oclc.org/ooxml/spreadsheetml/main";
export const relationshipNamespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packageNamespace = "http://schemas.openxmlformats.org/package/2006/relationships";
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

export function writeWorkbook(workbook: WorkbookParts = {}): Uint8Array {
  const { sheets = { Sheet1: "" }, sharedStrings, styles, numberFormats = "", date1904 = false } = workbook;
  const names = Object.keys(sheets);
  const tabs = names.map((name, k) => `<sheet name="${escapeXml(name)}" sheetId="${k + 1}" r:id="rId${k + 1}"/>`);
  const related: [type: string, target: string][] = names.map((_, k) => ["worksheet", `worksheets/sheet${k + 1}.xml`]);
  if (sharedStrings !== undefined) related.push(["sharedStrings", "sharedStrings.xml"]);
  if (styles !== undefined) related.push(["styles", "styles.xml"]);
  const parts: Record<string, string | Uint8Array | null> = {
    "[Content_Types].xml": `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
    "_rels/.rels": relationshipsXml([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": `${declaration}<workbook xmlns="${mainNamespace}" xmlns:r="${relationshipNamespace}">${date1904 ? '<workbookPr date1904="1"/>' : ""}<sheets>${tabs.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": relationshipsXml(related),
  };
  for (const [k, name] of names.entries()) {
    parts[`xl/worksheets/sheet${k + 1}.xml`] = wholePart(
      sheets[name],
      (rows) => `<worksheet xmlns="${mainNamespace}"><sheetData>${rows}</sheetData></worksheet>`,
    );
  }
  if (sharedStrings !== undefined) {
    parts["xl/sharedStrings.xml"] = wholePart(sharedStrings, (items) => `<sst xmlns="${mainNamespace}">${items}</sst>`);
  }
  if (styles !== undefined) {
    parts["xl/styles.xml"] = wholePart(
      styles,
      (formats) =>
        `<styleSheet xmlns="${mainNamespace}"><numFmts>${numberFormats}</numFmts><cellXfs>${formats}</cellXfs></styleSheet>`,
    );
  }
  const all = Object.entries({ ...parts, ...workbook.parts });
  return zipOf(
    all.flatMap(([name, content]) => (content === null ? [] : [{ name, content }])),
    workbook.zip,
  );
}

/** A relationships part; a target that begins with a protocol is external. */
export function relationshipsXml(related: readonly (readonly [type: string, target: string])[]): string {
  const each = related.map(([type, target], k) => {
    const mode = /^[a-z]+:/.test(target) ? ' TargetMode="External"' : "";
    const uri = type.includes("/") ? type : `${relationshipNamespace}/${type}`;
    return `<Relationship Id="rId${k + 1}" Type="${uri}" Target="${escapeXml(target)}"${mode}/>`;
  });
  return `${declaration}<Relationships xmlns="${packageNamespace}">${each.join("")}</Relationships>`;
}

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

/** What begins with a root element or a declaration is a part already. */
function wholePart(content: string | Uint8Array, wrap: (inner: string) => string): string | Uint8Array {
  if (
    typeof content !== "string" ||
    /^\ufeff?\s*<(?:\?xml|!DOCTYPE|(?:\w+:)?(?:worksheet|sst|styleSheet)\b)/.test(content)
  ) {
    return content;
  }
  return declaration + wrap(content);
}
