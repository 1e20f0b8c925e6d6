/**
 * The benchmark's workbook, as Excel writes a product list: 10 columns of dates, moments, numbers, decimals, booleans and
 * text, whose strings stand in the shared table (2 million different ones at 700,000 rows) or in the cells. Every row
 * follows from (seed, row) alone, so the file is written in bounded memory.
 */
import { hash } from "../src/importers/leads/seeded-draw.ts";
import { escapeXml, main, pieceChars, stringItem, writeParts, xml } from "./workbook-parts.ts";

export type StringStorage = "shared" | "inline";

export interface WorkbookOptions {
  /** Data rows; the header comes on top. Excel's own limit is 1,048,575. */
  rows: number;
  seed: number;
  strings: StringStorage;
}

export const workbookHeader = [
  "Reference",
  "Product",
  "Category",
  "Remark",
  "Listed",
  "Updated",
  "Stock",
  "Price",
  "Weight",
  "Active",
] as const;

const letters = [..."ABCDEFGHIJ"];
const categories = Array.from({ length: 400 }, (_, k) => `Category ${k + 1} & more`);
const nouns = ["Lamp", "Chair", "Étagère", "Bord", "Desk", "Skåp", "Shelf", "Tapis", "Vase", "Couch"];
const colours = ["red", "blå", "verte", "white", "svart", "gris clair", "oak", "walnut", "crème", "steel"];

/** Salts of the draws. */
const product = 1;
const remark = 2;
const day = 3;
const moment = 4;
const stock = 5;
const price = 6;
const weight = 7;
const active = 8;
const category = 9;

function referenceOf(row: number): string {
  return `SKU-${String(row).padStart(7, "0")}`;
}
function productOf(seed: number, row: number): string {
  const bits = hash(seed, row, product);
  return `${nouns[bits % 10]} ${colours[(bits >>> 8) % 10]} no. ${row}`;
}
/** One row in seven has no remark of its own. */
function remarkOf(seed: number, row: number): string | null {
  return row % 7 === 0 ? null : `Delivered in ${hash(seed, row, remark) % 30} days, lot ${row}, "fragile"`;
}

/** Strings before the rows' own: the header and the categories. */
const commonStrings = [...workbookHeader, ...categories];

/** Place of the first own string of a row in the shared table: two a row, three where it has a remark. */
function firstStringOf(row: number): number {
  return commonStrings.length + 3 * (row - 1) - Math.floor((row - 1) / 7);
}

function* sharedStrings({ rows, seed }: WorkbookOptions): Generator<string> {
  const unique = firstStringOf(rows + 1);
  const total = workbookHeader.length + 4 * rows - Math.floor(rows / 7);
  yield `${xml}<sst xmlns="${main}" count="${total}" uniqueCount="${unique}">`;
  let piece = commonStrings.map(stringItem).join("");
  for (let row = 1; row <= rows; row++) {
    piece += stringItem(referenceOf(row)) + stringItem(productOf(seed, row));
    const text = remarkOf(seed, row);
    if (text !== null) piece += stringItem(text);
    if (piece.length > pieceChars) {
      yield piece;
      piece = "";
    }
  }
  yield `${piece}</sst>`;
}

function* sheet(options: WorkbookOptions): Generator<string> {
  const { rows, seed, strings } = options;
  const text = (column: number, row: number, value: string, index: number): string =>
    strings === "shared"
      ? `<c r="${letters[column]}${row}" t="s"><v>${index}</v></c>`
      : `<c r="${letters[column]}${row}" t="inlineStr"><is><t>${escapeXml(value)}</t></is></c>`;
  yield `${xml}<worksheet xmlns="${main}"><dimension ref="A1:J${rows + 1}"/><sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/><sheetData>`;
  let piece = `<row r="1" spans="1:10">${workbookHeader.map((name, c) => text(c, 1, name, c)).join("")}</row>`;
  for (let row = 1; row <= rows; row++) {
    const at = row + 1;
    const own = firstStringOf(row);
    const kind = hash(seed, row, category) % categories.length;
    const note = remarkOf(seed, row);
    piece +=
      `<row r="${at}" spans="1:10">` +
      text(0, at, referenceOf(row), own) +
      text(1, at, productOf(seed, row), own + 1) +
      text(2, at, categories[kind], workbookHeader.length + kind) +
      (note === null ? "" : text(3, at, note, own + 2)) +
      `<c r="E${at}" s="1"><v>${36_526 + (hash(seed, row, day) % 10_000)}</v></c>` +
      `<c r="F${at}" s="2"><v>${43_831 + (hash(seed, row, moment) % 2_592_000) / 1440}</v></c>` +
      `<c r="G${at}"><v>${hash(seed, row, stock) % 5000}</v></c>` +
      `<c r="H${at}" s="3"><v>${(hash(seed, row, price) % 1_000_000) / 100}</v></c>` +
      `<c r="I${at}"><v>${(hash(seed, row, weight) % 100_000) / 700}</v></c>` +
      `<c r="J${at}" t="b"><v>${hash(seed, row, active) & 1}</v></c></row>`;
    if (piece.length > pieceChars) {
      yield piece;
      piece = "";
    }
  }
  yield `${piece}</sheetData><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>`;
}

const styles = `${xml}<styleSheet xmlns="${main}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/><xf numFmtId="22" xfId="0" applyNumberFormat="1"/><xf numFmtId="4" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`;

/** Writes the workbook to `path`. */
export function writeWorkbook(path: string, options: WorkbookOptions): Promise<void> {
  const strings = options.strings === "shared" ? sharedStrings(options) : null;
  return writeParts(path, { sheet: sheet(options), styles: [styles], sharedStrings: strings });
}
