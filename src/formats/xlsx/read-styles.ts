/** A workbook's styles part (ECMA-376 part 1, 18.8), of which the number formats alone matter to a reader. */

import { builtInKind, type NumberFormat, numberFormatOf } from "../workbook/number-format.ts";
import { numberByFormat, numberPlain } from "../workbook/styles.ts";
import { scanXml, type XmlScanner, xmlEnd, xmlStart } from "../xml/scan.ts";

export interface CellStyles {
  /** Kind of number by cell style (a cell's attribute `s`); beyond its length: plain. */
  kinds: Uint8Array;
  /** The format of each cell style whose kind is `numberByFormat`. */
  formats: ReadonlyMap<number, NumberFormat>;
}

/** A workbook without a styles part. */
export const plainStyles: CellStyles = { kinds: new Uint8Array(0), formats: new Map() };

/**
 * Reads a styles part. A number format that is nowhere described is plain.
 *
 * @param what the part and its file, for messages.
 * @throws SluiceError `invalid` as `scanXml` does.
 */
export function readStyles(part: Uint8Array, what: string): CellStyles {
  const formats = new Map<number, NumberFormat>();
  const byStyle = new Map<number, NumberFormat>();
  /** Number format by named style (`cellStyleXfs`), for cell styles that do not say their own. */
  const named: number[] = [];
  const kinds: number[] = [];
  const xml = scanXml(part, what);
  for (let next = xml.next(); next !== xmlEnd; next = xml.next()) {
    // Formats of conditional styles (dxfs) have the same elements: only those of these lists count.
    if (next !== xmlStart || xml.depth !== 2) continue;
    if (xml.name === "numFmts") {
      eachChild(xml, "numFmt", () => {
        const code = xml.attribute("formatCode");
        if (code !== null) formats.set(numberOf(xml.attribute("numFmtId")) ?? -1, numberFormatOf(code));
      });
    } else if (xml.name === "cellStyleXfs") {
      eachChild(xml, "xf", () => named.push(numberOf(xml.attribute("numFmtId")) ?? 0));
    } else if (xml.name === "cellXfs") {
      eachChild(xml, "xf", () => {
        const id = numberOf(xml.attribute("numFmtId")) ?? named[numberOf(xml.attribute("xfId")) ?? 0] ?? 0;
        const format = formats.get(id);
        if (format?.kind === numberByFormat) byStyle.set(kinds.length, format);
        kinds.push(format?.kind ?? builtInKind(id));
      });
    }
  }
  while (kinds.at(-1) === numberPlain) kinds.pop();
  return { kinds: Uint8Array.from(kinds), formats: byStyle };
}

/** Calls `found` at each child of that name of the element that has just started. */
function eachChild(xml: XmlScanner, name: string, found: () => void): void {
  const depth = xml.depth;
  for (let next = xml.next(); xml.depth >= depth; next = xml.next()) {
    if (next !== xmlStart) continue;
    if (xml.name === name && xml.depth === depth + 1) found();
    xml.skip();
  }
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d{1,9}$/.test(text.trim()) ? Number(text) : null;
}
