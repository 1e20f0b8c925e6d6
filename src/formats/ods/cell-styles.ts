/**
 * What the cell styles of a spreadsheet say of the numbers in them (OpenDocument 1.3 part 3, sections 16.2 and 16.29): most say
 * nothing, some that a number is shown as a code is (`01000`), some that it is a boolean.
 */
import { digitMaskOf } from "../workbook/digit-mask.ts";
import { scanXml, type XmlScanner, xmlClose, xmlEnd, xmlStart, xmlText } from "../xml/scan.ts";
import { contentPieces, type Spreadsheet } from "./content.ts";

export type NumberStyle = "code" | "boolean";

/** By the cell style's name; the others say nothing of numbers. */
export type CellStyles = ReadonlyMap<string, NumberStyle>;

/** A spreadsheet has some KB of styles; what has more is read without them. */
const maxStylesBytes = 16 * 1024 * 1024;
/** A style may follow its parent, and that its own. */
const maxParents = 16;

interface Styles {
  /** Data styles by name: null says nothing of numbers. */
  data: Map<string, { style: NumberStyle | null; others: string[] }>;
  cells: Map<string, { data: string | null; parent: string | null }>;
}

/** Reads the styles of the content, and of the document where a cell may use them. */
export async function readCellStyles(spreadsheet: Spreadsheet, signal?: AbortSignal): Promise<CellStyles> {
  const styles: Styles = { data: new Map(), cells: new Map() };
  const { archive, what } = spreadsheet;
  const common = archive.find("styles.xml");
  if (common !== null && common.sizeBytes <= maxStylesBytes) {
    noteStyles(await archive.readWhole(common, { maxBytes: maxStylesBytes, signal }), what, styles);
  }
  noteStyles(await headOf(spreadsheet, signal), what, styles);
  const found = new Map<string, NumberStyle>();
  for (const name of styles.cells.keys()) {
    const style = styleOf(name, styles);
    if (style !== null) found.set(name, style);
  }
  return found;
}

const bodyTag = /<(?:[^\s:<>/]+:)?body[\s>/]/;

/** The content up to its body. */
async function headOf(spreadsheet: Spreadsheet, signal?: AbortSignal): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  let tail = "";
  for await (const piece of contentPieces(spreadsheet, { signal })) {
    pieces.push(Uint8Array.from(piece));
    length += piece.length;
    tail = tail.slice(-64) + Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString("latin1");
    if (bodyTag.test(tail)) break;
    if (length > maxStylesBytes) return new Uint8Array(0);
  }
  return Buffer.concat(pieces);
}

/** Notes the styles of a part, as far as it can be read: its reader tells what is wrong with it. */
function noteStyles(part: Uint8Array, what: string, styles: Styles): void {
  try {
    const xml = scanXml(part, what);
    for (let next = xml.next(); next !== xmlEnd; next = xml.next()) {
      if (next !== xmlStart) continue;
      if (xml.name === "body") return;
      const name = xml.attribute("style:name") ?? xml.attribute("name") ?? "";
      if (xml.name === "style" && xml.attribute("family") === "table-cell") {
        const data = xml.attribute("data-style-name");
        styles.cells.set(name, { data, parent: xml.attribute("parent-style-name") });
      } else if (xml.name === "boolean-style") {
        styles.data.set(name, { style: "boolean", others: [] });
      } else if (xml.name === "number-style") {
        styles.data.set(name, readNumberStyle(xml));
      } else if (/^(?:currency|percentage|date|time|text)-style$/.test(xml.name)) {
        styles.data.set(name, { style: null, others: [] });
        xml.skip();
      }
    }
  } catch {
    // The content is cut where its tables begin.
  }
}

/** A number style as the section of a format that it stands for, and those it gives way to on a condition (style:map). */
function readNumberStyle(xml: XmlScanner): { style: NumberStyle | null; others: string[] } {
  const others: string[] = [];
  const { depth } = xml;
  let section = "";
  let inText = false;
  for (let next = xml.next(); xml.depth >= depth; next = xml.next()) {
    if (next === xmlText && inText) section += quoted(xml.text);
    inText = next === xmlStart ? xml.name === "text" : next === xmlText && inText;
    if (next !== xmlStart) continue;
    if (xml.name === "number") section += numberSection(xml);
    else if (xml.name === "map") others.push(xml.attribute("apply-style-name") ?? "");
    // A fraction, an exponent.
    else if (/^(?:fraction|scientific-number)$/.test(xml.name)) section += "%";
  }
  return { style: digitMaskOf(section, 1) === null ? null : "code", others };
}

/** Excel's digits end here, and nobody writes longer codes. */
const maxPlaces = 80;

function numberSection(xml: XmlScanner): string {
  const countOf = (name: string): number => Math.min(Number(xml.attribute(name)) || 0, maxPlaces);
  const required = countOf("min-integer-digits");
  const decimals = countOf("decimal-places");
  const grouped = xml.attribute("grouping") === "true" ? "," : "";
  // Text between the digits, by how many of them follow it.
  const embedded = new Map<number, string>();
  const { depth } = xml;
  let place = 0;
  for (let next = xml.next(); next !== xmlClose || xml.depth >= depth; next = xml.next()) {
    if (next === xmlStart) place = countOf("position");
    else if (next === xmlText && xml.depth > depth) embedded.set(place, (embedded.get(place) ?? "") + xml.text);
  }
  let section = grouped;
  for (let left = Math.max(required, 1, ...[...embedded.keys()].map((at) => at + 1)); left > 0; left--) {
    section += left > required ? "#" : "0";
    const text = embedded.get(left - 1);
    if (text !== undefined && left > 1) section += quoted(text);
  }
  return decimals > 0 ? `${section}.${"0".repeat(decimals)}` : section;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', "")}"`;
}

function styleOf(name: string, { data, cells }: Styles): NumberStyle | null {
  let at: string | null = name;
  for (let k = 0; k < maxParents && at !== null; k++) {
    const cell = cells.get(at);
    if (cell === undefined) return null;
    if (cell.data !== null) {
      const found = data.get(cell.data);
      if (found === undefined || found.style !== null) return found?.style ?? null;
      return found.others.some((other) => data.get(other)?.style === "code") ? "code" : null;
    }
    at = cell.parent;
  }
  return null;
}
