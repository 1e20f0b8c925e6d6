/** An importer that makes six kinds of records of a row, files for it, and what its tables hold in the words of the loop. */
import { defineImporter, field, ref } from "../../../src/index.ts";
import type { OpenEngine } from "../../open-engine.ts";
import { fc } from "../../property.ts";
import type { Cells, RowByRow } from "./row-by-row.ts";

export const tables = `
  create table brands (id bigint generated always as identity primary key, name text not null, country text);
  create table products (id bigint generated always as identity primary key, code text not null unique, title text, note text, brand_id bigint references brands);
  create table prices (id bigint generated always as identity primary key, product_id bigint not null references products, amount integer not null,
    valid_from timestamptz not null, valid_to timestamptz);
  create unique index on prices (product_id) where valid_to is null;
  create table stocks (id bigint generated always as identity primary key, product_id bigint not null references products, warehouse text not null,
    quantity integer check (quantity < 99), shelf text);
  create unique index on stocks (product_id, lower(warehouse));
  create table tags (id uuid primary key default gen_random_uuid(), name text not null);
  create unique index on tags (lower(name));
  create table product_tags (product_id bigint not null references products, tag_id uuid not null references tags, primary key (product_id, tag_id));`;

const fields = {
  code: field.text({ required: true }),
  title: field.text(),
  note: field.text({ merge: "fill" }),
  brand: field.text(),
  price: field.integer(),
  warehouse: field.text(),
  quantity: field.integer(),
  shelf: field.text({ merge: "clear" }),
};
const product = {
  table: "products",
  key: ["code"],
  set: { code: "code", title: "title", note: "note", brand_id: ref("brand") },
  onMatch: "update",
} as const;
const price = {
  table: "prices",
  key: [ref("product")],
  set: { amount: "price" },
  versions: { from: "valid_from", to: "valid_to" },
} as const;
const stock = {
  table: "stocks",
  key: [ref("product"), "warehouse"],
  set: { quantity: "quantity", shelf: "shelf" },
  onMatch: "update",
} as const;

export const products = defineImporter({
  name: "products",
  fields: {
    ...fields,
    country: field.text({ merge: "fill" }),
    tags: field.list(field.text(), { separator: "|" }),
  },
  records: {
    brand: { table: "brands", key: ["brand"], set: { name: "brand", country: "country" }, onMatch: "update" },
    product,
    price,
    stock,
    tag: {
      table: "tags",
      each: "tags",
      key: ["tags"],
      set: { name: "tags" },
      onMatch: "use",
      link: { table: "product_tags", from: ref("product") },
    },
  },
});

/** The same without what cannot be compared beside the main record: brands are used as they are, and there are no lists. */
export const plainProducts = defineImporter({
  name: "plain-products",
  fields,
  records: {
    brand: { table: "brands", key: ["brand"], set: { name: "brand" }, onMatch: "use" },
    product,
    price,
    stock,
  },
});
export const plainTables = `${tables} create unique index on brands (lower(name));`;

const blankOr = (...words: string[]) =>
  fc.oneof({ arbitrary: fc.constant(""), weight: 2 }, { arbitrary: fc.constantFrom(...words), weight: 3 });
export const cells = (quantities: string[]): fc.Arbitrary<Cells> =>
  fc.record({
    code: fc.constantFrom("a", "b", "c", "d"),
    title: blankOr("x", "y"),
    note: blankOr("n", "m"),
    brand: blankOr("Acme", "ACME", "Bolt"),
    country: fc.oneof({ arbitrary: fc.constant(""), weight: 4 }, { arbitrary: fc.constantFrom("FR", "SE"), weight: 2 }),
    price: blankOr("1", "2"),
    warehouse: fc.oneof(
      { arbitrary: fc.constantFrom("Lyon", "lyon", "Paris"), weight: 5 },
      { arbitrary: fc.constant(""), weight: 1 },
    ),
    quantity: blankOr(...quantities),
    shelf: fc.oneof({ arbitrary: fc.constant(""), weight: 3 }, { arbitrary: fc.constantFrom("s", "t"), weight: 1 }),
    tags: fc.array(fc.constantFrom("red", "Red", "blue"), { maxLength: 2 }),
  });
/** Of more codes, so that most rows are the only ones of their products. */
export const plainCells: fc.Arbitrary<Cells> = fc
  .record({ cells: cells(["1", "2"]), code: fc.constantFrom(..."abcdefghijklmnop") })
  .map((own) => ({ ...own.cells, code: own.code, country: "", tags: [] }));

const header = "code,title,note,brand,country,price,warehouse,quantity,shelf,tags";
export const textOf = (file: readonly Cells[]): string =>
  `${[header, ...file.map((row) => [row.code, row.title, row.note, row.brand, row.country, row.price, row.warehouse, row.quantity, row.shelf, row.tags.join("|")].join(","))].join("\n")}\n`;

/** The tables' content, in the loop's words. */
export async function stateOf({ rows }: OpenEngine) {
  const list = async (statement: string) =>
    (await rows<{ line: (string | null)[] }>(statement)).map(({ line }) => line.join(" ")).sort();
  return {
    brand: await list("select array[lower(name), name, country] as line from brands"),
    product: await list(
      "select array[code, title, note, lower(b.name)] as line from products p left join brands b on b.id = brand_id",
    ),
    price: await list(
      "select array[code, string_agg(amount::text, ',' order by v.id)] as line from prices v join products p on p.id = product_id group by code",
    ),
    stock: await list(
      "select array[code, warehouse, quantity::text, shelf] as line from stocks s join products p on p.id = product_id",
    ),
    tag: await list("select array[name] as line from tags"),
    link: await list(
      "select array[code, lower(name)] as line from product_tags join products p on p.id = product_id join tags t on t.id = tag_id",
    ),
  };
}

export function loopState(loop: RowByRow) {
  const list = (kind: string, line: (key: string, values: Record<string, string | null>) => (string | null)[]) =>
    [...loop.records[kind]].map(([key, values]) => line(key, values).join(" ")).sort();
  return {
    brand: list("brand", (key, { name, country }) => [key, name, country]),
    product: list("product", (key, { title, note, brand }) => [key, title, note, brand]),
    price: [...loop.versions].map(([key, amounts]) => `${key} ${amounts.join(",")}`).sort(),
    stock: list("stock", (key, { warehouse, quantity, shelf }) => [key.split(" ")[0], warehouse, quantity, shelf]),
    tag: list("tag", (_, { name }) => [name]),
    link: list("link", (key) => [key]),
  };
}

export const clearTables = "truncate brands, products, prices, stocks, tags, product_tags restart identity cascade";
