/** A shop: a row is a product in a tree of categories, with pictures, its price on each list and its stock in each warehouse. */
import { expect, it } from "vitest";
import { defineImporter, field, nameOf, ref } from "../../../src/index.ts";
import { openEngine } from "../../open-engine.ts";
import { concernsOf, importAndUndo } from "./whole.ts";

const catalogue = defineImporter({
  name: "catalogue",
  modes: ["upsert", "mirror"],
  maxRemoval: 0.5,
  fields: {
    sku: field.text({ required: true }),
    name: field.text({ required: true }),
    category: field.text(),
    images: field.list(field.url(), { separator: "|", column: "image_urls" }),
    price: field.columns(
      { "Prix public TTC": "public", "Prix revendeur HT": "reseller" },
      field.decimal({ scale: 2, min: 0 }),
    ),
    stock: field.columns(/^Stock (.+)$/, field.integer({ min: 0 })),
  },
  records: {
    category: {
      table: "categories",
      key: ["category"],
      set: { name: "category" },
      path: { separator: ">", parent: "parent_id" },
    },
    product: {
      table: "products",
      key: ["sku"],
      set: { name: "name", image_urls: "images", category_id: ref("category") },
      absent: { deactivate: { active: false } },
    },
    price: {
      table: "prices",
      each: "price",
      key: [ref("product"), nameOf("price")],
      set: { list: nameOf("price"), amount: "price" },
      versions: { from: "valid_from", to: "valid_to" },
    },
    warehouse: {
      table: "warehouses",
      each: "stock",
      key: [nameOf("stock")],
      set: { code: nameOf("stock") },
      onMissing: "issue",
    },
    stock: {
      table: "stock",
      id: null,
      each: "stock",
      key: [ref("product"), ref("warehouse")],
      set: { qty: "stock" },
    },
  },
});
const priceDelta = defineImporter({ ...catalogue, name: "price-delta", modes: ["update_only"] });

const ddl = `
  create table categories (id bigserial primary key, name text not null, parent_id bigint references categories);
  create unique index on categories (lower(name), parent_id);
  create unique index on categories (lower(name)) where parent_id is null; create index on categories (parent_id);
  create table products (id bigserial primary key, sku text not null unique, name text not null, image_urls text[], active boolean not null default true, category_id bigint references categories);
  create index on products (category_id);
  create table prices (id bigserial primary key, product_id bigint not null references products, list text not null, amount numeric(12, 2) not null,
    valid_from timestamptz not null, valid_to timestamptz);
  create unique index on prices (product_id, list) where valid_to is null; create index on prices (product_id);
  create table warehouses (id bigserial primary key, code text not null); create unique index on warehouses (lower(code));
  create table stock (product_id bigint references products, warehouse_id bigint references warehouses, qty integer not null, primary key (product_id, warehouse_id));
  create index on stock (warehouse_id);
  insert into warehouses (code) values ('LYON'), ('PARIS');
  insert into categories (name) values ('Maison');
  insert into products (sku, name) values ('l1', 'Lampe');
  insert into prices (product_id, list, amount, valid_from) values (1, 'public', 40, '2026-01-01');
  insert into stock values (1, 1, 5);`;
const header = "sku;name;category;images;Prix public TTC;Prix revendeur HT;Stock Lyon;Stock Paris\n";
const file = `${header}l1;Lampe;Maison > Lampes;https://x.fr/1.jpg|x.fr/2.jpg;49,90 €;30,00;5;2
c1;Chaise;Maison > Sièges > Chaises;;80,00;;0;
`;
const products = `
  with recursive tree as (
    select id, name as path from categories where parent_id is null
    union all select c.id, t.path || '/' || c.name from tree t join categories c on c.parent_id = t.id
  )
  select concat_ws(' ', sku, p.name, path, image_urls, case when not active then 'off' end) as line from products p left join tree on tree.id = category_id order by sku`;
const prices = `select concat_ws(' ', sku, list, amount, case when valid_to is null then 'now' end) as line
  from prices join products p on p.id = product_id order by sku, list, amount`;
const stocks = `select concat_ws(' ', sku, code, qty) as line
  from stock join products p on p.id = product_id join warehouses w on w.id = warehouse_id order by sku, code`;

it("is told which indexes a tree wants: its first steps have no parent, which no other index tells apart", async () => {
  const open = await openEngine([catalogue], ddl.replaceAll(/create unique index on categories [^;]*;/g, ""));
  expect(await concernsOf(open, catalogue)).toEqual([
    expect.stringMatching(
      /Run: create unique index on public\.categories \(lower\(name\), parent_id\); create unique index on public\.categories \(lower\(name\)\) where parent_id is null$/,
    ),
  ]);
});

it("fits its tables", async () => {
  const open = await openEngine([catalogue], ddl);
  expect(await concernsOf(open, catalogue)).toEqual([]);
});

it("makes and changes products with prices and stocks, and takes all of it back", async () => {
  const open = await openEngine([catalogue, priceDelta], ddl);
  await importAndUndo(open, [
    {
      importer: catalogue,
      file,
      rows: { created: 1, updated: 1 },
      records: {
        category: { created: 3, unchanged: 1 },
        product: { created: 1, updated: 1 },
        price: { created: 3, closed: 1 },
        warehouse: { unchanged: 2 },
        stock: { created: 2, unchanged: 1 },
      },
      content: {
        [products]: [
          "c1 Chaise Maison/Sièges/Chaises",
          "l1 Lampe Maison/Lampes {https://x.fr/1.jpg,https://x.fr/2.jpg}",
        ],
        [prices]: ["c1 public 80.00 now", "l1 public 40.00", "l1 public 49.90 now", "l1 reseller 30.00 now"],
        [stocks]: ["c1 LYON 0", "l1 LYON 5", "l1 PARIS 2"],
      },
    },
    { importer: catalogue, file, rows: { unchanged: 2 }, changesNothing: true },
    {
      importer: catalogue,
      file: `${header}l1;Lampe;maison>lampes>Sur pied;;;31,00;4;\nt1;Table;;;120,00;;;\n`,
      rows: { created: 1, updated: 1 },
      content: {
        [products]: [
          "c1 Chaise Maison/Sièges/Chaises",
          "l1 Lampe Maison/Lampes/Sur pied {https://x.fr/1.jpg,https://x.fr/2.jpg}",
          "t1 Table",
        ],
      },
    },
    {
      importer: catalogue,
      mode: "mirror",
      file: "sku;name\nl1;Lampe\nt1;Table\n",
      rows: { unchanged: 2 },
      records: { product: { unchanged: 2, deactivated: 1 } },
      content: {
        [products]: [
          "c1 Chaise Maison/Sièges/Chaises off",
          "l1 Lampe Maison/Lampes/Sur pied {https://x.fr/1.jpg,https://x.fr/2.jpg}",
          "t1 Table",
        ],
      },
    },
    {
      importer: priceDelta,
      file: "sku;Prix public TTC;Stock Nice\nl1;55,00;\nt1;120,00;\nz9;1,00;\nc1;90,00;3\n",
      rows: { updated: 1, unchanged: 1, skipped: 1, invalid: 1 },
      issues: [
        [4, null, "no_match"],
        [5, "stock", "record_unknown"],
      ],
      content: { [stocks]: ["c1 LYON 0", "l1 LYON 4", "l1 PARIS 2"] },
    },
  ]);
});
