/** The parts of a workbook of one sheet that are the same in each that a benchmark makes, and what their XML is made of. */
import { ZipWriter } from "./write-zip.ts";

/** Characters of XML that are written at a time. */
export const pieceChars: number = 64 * 1024;
export const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packages = "http://schemas.openxmlformats.org/package/2006";
const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";

export function escapeXml(text: string): string {
  return /[&<>]/.test(text) ? text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;") : text;
}

/** Of the table of shared strings. */
export function stringItem(text: string): string {
  return `<si><t>${escapeXml(text)}</t></si>`;
}

/** The content of the parts that differ; null: the workbook has no such part. */
export interface WorkbookContent {
  sheet: Iterable<string>;
  styles: Iterable<string> | null;
  sharedStrings: Iterable<string> | null;
}

/** Writes the workbook to `path`, its parts in Excel's order: the strings come after the sheet that uses them. */
export async function writeParts(path: string, { sheet, styles, sharedStrings }: WorkbookContent): Promise<void> {
  const parts = [
    { name: "worksheet", target: "worksheets/sheet1.xml", pieces: sheet },
    { name: "styles", target: "styles.xml", pieces: styles },
    { name: "sharedStrings", target: "sharedStrings.xml", pieces: sharedStrings },
  ].flatMap(({ pieces, ...part }, k) => (pieces === null ? [] : [{ ...part, pieces, id: `rId${k + 1}` }]));
  const overrides = parts.map(
    ({ name, target }) => `<Override PartName="/xl/${target}" ContentType="${type}.${name}+xml"/>`,
  );
  const relationships = parts.map(
    ({ id, name, target }) => `<Relationship Id="${id}" Type="${office}/${name}" Target="${target}"/>`,
  );
  const zip = await ZipWriter.create(path);
  await zip.add("[Content_Types].xml", [
    `${xml}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>${overrides.join("")}</Types>`,
  ]);
  await zip.add("_rels/.rels", [
    `${xml}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ]);
  await zip.add("xl/workbook.xml", [
    `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr/><sheets><sheet name="Products" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  ]);
  await zip.add("xl/_rels/workbook.xml.rels", [
    `${xml}<Relationships xmlns="${packages}/relationships">${relationships.join("")}</Relationships>`,
  ]);
  for (const { target, pieces } of parts) await zip.add(`xl/${target}`, pieces);
  await zip.close();
}
