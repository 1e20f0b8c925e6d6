/**
 * The benchmark's catalogue: products with brand, category, price and stock, as a workbook and as the same table in CSV. Every row
 * follows from (seed, row) alone, and a later edition of it changes the prices of one row in twenty and nothing else.
 */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { hash } from "../src/importers/leads/seeded-draw.ts";
import { main, pieceChars, stringItem, writeParts, xml } from "./workbook-parts.ts";

export interface CatalogOptions {
  rows: number;
  seed: number;
  /** 0: the first edition; 1: with 5 % of its prices changed. */
  edition: 0 | 1;
}

const header = [
  "Code",
  "Name",
  "Description",
  "Brand",
  "Category",
  "Unit",
  "Price",
  "Currency",
  "Stock",
  "Warehouse",
  "Active",
] as const;

const brands = Array.from({ length: 500 }, (_, k) => `Brand ${k + 1}`);
const categories = Array.from({ length: 400 }, (_, k) => `Category ${k + 1} & more`);
const units = ["piece", "box", "kg", "m"];
const currencies = ["EUR", "SEK"];
const warehouses = ["Lyon", "Paris", "Malmö"];
const nouns = ["Lamp", "Chair", "Étagère", "Bord", "Desk", "Skåp", "Shelf", "Tapis", "Vase", "Couch"];

/** Salts of the draws. */
const of = {
  name: 1,
  brand: 2,
  category: 3,
  unit: 4,
  price: 5,
  currency: 6,
  stock: 7,
  warehouse: 8,
  active: 9,
} as const;

interface Product {
  code: string;
  name: string;
  description: string;
  brand: number;
  category: number;
  unit: number;
  price: string;
  currency: number;
  stock: number;
  warehouse: number;
  active: boolean;
}

function productOf({ seed, edition }: CatalogOptions, row: number): Product {
  const draw = (what: keyof typeof of): number => hash(seed, row, of[what]);
  const cents = (draw("price") % 1_000_000) + (edition === 1 && row % 20 === 0 ? 7 : 0);
  return {
    code: `SKU-${String(row).padStart(7, "0")}`,
    name: `${nouns[draw("name") % nouns.length]} no. ${row}`,
    description: `Delivered in ${draw("name") % 30} days, lot ${row}, "fragile"`,
    brand: draw("brand") % brands.length,
    category: draw("category") % categories.length,
    unit: draw("unit") % units.length,
    price: (cents / 100).toFixed(2),
    currency: draw("currency") % currencies.length,
    stock: draw("stock") % 5000,
    warehouse: draw("warehouse") % warehouses.length,
    active: draw("active") % 8 !== 0,
  };
}

/** The same table as text, for `\copy`. */
export async function writeCatalogCsv(path: string, options: CatalogOptions): Promise<void> {
  const file = createWriteStream(path);
  let piece = `${header.join(",")}\n`;
  const write = async (): Promise<void> => {
    if (!file.write(piece)) await once(file, "drain");
    piece = "";
  };
  for (let row = 1; row <= options.rows; row++) {
    const p = productOf(options, row);
    const description = `"${p.description.replaceAll('"', '""')}"`;
    piece +=
      `${p.code},${p.name},${description},${brands[p.brand]},${categories[p.category]},${units[p.unit]},${p.price},` +
      `${currencies[p.currency]},${p.stock},${warehouses[p.warehouse]},${p.active}\n`;
    if (piece.length > pieceChars) await write();
  }
  await write();
  file.end();
  await once(file, "finish");
}

/** Strings of the shared table before the rows' own, and where each list of them begins. */
const lists = [header, brands, categories, units, currencies, warehouses] as const;
const common = lists.flatMap((list) => [...list]);
const [, brandsAt, categoriesAt, unitsAt, currenciesAt, warehousesAt] = lists.map((_, k) =>
  lists.slice(0, k).reduce((sum, list) => sum + list.length, 0),
);

function* sharedStrings(options: CatalogOptions): Generator<string> {
  yield `${xml}<sst xmlns="${main}" count="${header.length + 8 * options.rows}" uniqueCount="${common.length + 3 * options.rows}">`;
  let piece = common.map(stringItem).join("");
  for (let row = 1; row <= options.rows; row++) {
    const { code, name, description } = productOf(options, row);
    piece += stringItem(code) + stringItem(name) + stringItem(description);
    if (piece.length > pieceChars) {
      yield piece;
      piece = "";
    }
  }
  yield `${piece}</sst>`;
}

function* sheet(options: CatalogOptions): Generator<string> {
  yield `${xml}<worksheet xmlns="${main}"><dimension ref="A1:K${options.rows + 1}"/><sheetData>`;
  const text = (column: string, row: number, index: number): string =>
    `<c r="${column}${row}" t="s"><v>${index}</v></c>`;
  const number = (column: string, row: number, value: string | number): string =>
    `<c r="${column}${row}"><v>${value}</v></c>`;
  let piece = `<row r="1">${header.map((_, k) => text("ABCDEFGHIJK"[k], 1, k)).join("")}</row>`;
  for (let row = 1; row <= options.rows; row++) {
    const at = row + 1;
    const own = common.length + 3 * (row - 1);
    const p = productOf(options, row);
    piece +=
      `<row r="${at}">${text("A", at, own)}${text("B", at, own + 1)}${text("C", at, own + 2)}${text("D", at, brandsAt + p.brand)}` +
      `${text("E", at, categoriesAt + p.category)}${text("F", at, unitsAt + p.unit)}${number("G", at, Number(p.price))}` +
      `${text("H", at, currenciesAt + p.currency)}${number("I", at, p.stock)}${text("J", at, warehousesAt + p.warehouse)}` +
      `<c r="K${at}" t="b"><v>${p.active ? 1 : 0}</v></c></row>`;
    if (piece.length > pieceChars) {
      yield piece;
      piece = "";
    }
  }
  yield `${piece}</sheetData></worksheet>`;
}

/** Writes the workbook, its strings in the shared table, as Excel does. */
export function writeCatalogWorkbook(path: string, options: CatalogOptions): Promise<void> {
  return writeParts(path, { sheet: sheet(options), styles: null, sharedStrings: sharedStrings(options) });
}
