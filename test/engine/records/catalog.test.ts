/** A row of a catalogue: a brand that is found or made, a product, its price in versions, and its stock by warehouse. */
import { describe, expect, it } from "vitest";
import { constant, defineImporter, field, ref } from "../../../src/index.ts";
import { type OpenEngine, openEngine, some } from "../../open-engine.ts";
import { importForetold } from "./foretold.ts";

const tables = `
  create table brands (id bigint generated always as identity primary key, name text not null unique);
  create table products (id bigint generated always as identity primary key, code text not null unique, title text,
    brand_id bigint references brands, source text);
  create table product_prices (id bigint generated always as identity primary key, product_id bigint not null references products on delete cascade,
    amount numeric(12, 2) not null, valid_from timestamptz not null, valid_to timestamptz);
  create unique index on product_prices (product_id) where valid_to is null;
  create table product_stocks (id bigint generated always as identity primary key, product_id bigint not null references products on delete cascade,
    warehouse text not null, quantity integer not null check (quantity >= 0), unique (product_id, warehouse));`;

const products = defineImporter({
  name: "products",
  fields: {
    code: field.text({ required: true }),
    title: field.text(),
    brand: field.text(),
    price: field.decimal({ scale: 2 }),
    warehouse: field.text(),
    stock: field.integer(),
  },
  records: {
    brand: { table: "brands", key: ["brand"], set: { name: "brand" }, onMatch: "use" },
    product: {
      table: "products",
      key: ["code"],
      set: { code: "code", title: "title", brand_id: ref("brand"), source: constant("file") },
      onMatch: "update",
    },
    price: {
      table: "product_prices",
      key: [ref("product")],
      set: { amount: "price" },
      versions: { from: "valid_from", to: "valid_to" },
    },
    stock: {
      table: "product_stocks",
      key: [ref("product"), "warehouse"],
      set: { quantity: "stock" },
      onMatch: "update",
    },
  },
});

/** The tables' content, by names instead of ids. */
async function content({ rows }: Pick<OpenEngine, "rows">) {
  const lines = async (statement: string): Promise<string[]> =>
    (await rows<{ line: string }>(statement)).map(({ line }) => line);
  return {
    brands: await lines("select name as line from brands order by id"),
    products: await lines(
      "select concat_ws(' ', code, title, b.name, source) as line from products p left join brands b on b.id = p.brand_id order by p.id",
    ),
    prices: await lines(
      "select concat_ws(' ', code, amount, case when valid_to is not null then 'closed' end) as line from product_prices v join products p on p.id = v.product_id order by 1",
    ),
    stocks: await lines(
      "select concat_ws(' ', code, warehouse, quantity) as line from product_stocks v join products p on p.id = v.product_id order by 1",
    ),
  };
}

const header = "code,title,brand,price,warehouse,stock\n";

const first = `${header}a,Axe,Acme,12.50,Lyon,3\nb,Bow,Bolt,7,Lyon,0\nc,Cup,Acme,,,\nd,,,1,Paris,1\n`;

describe("a catalogue", () => {
  it("makes the brand, the product, its price and its stock of a row", async () => {
    const open = await openEngine([products], tables);
    const { counts, issues, records } = await importForetold(open, products, first);
    expect(issues).toEqual([]);
    expect(some(counts)).toEqual({ created: 4 });
    expect(records).toEqual({
      brand: { created: 2 },
      product: { created: 4 },
      price: { created: 3 },
      stock: { created: 3 },
    });
    expect(await content(open)).toEqual({
      brands: ["Acme", "Bolt"],
      products: ["a Axe Acme file", "b Bow Bolt file", "c Cup Acme file", "d file"],
      prices: ["a 12.50", "b 7.00", "d 1.00"],
      stocks: ["a Lyon 3", "b Lyon 0", "d Paris 1"],
    });
  });

  it("writes nothing of a file that is there already", async () => {
    const open = await openEngine([products], tables);
    await open.importCsv(products, first);
    const state = () =>
      open.rows(
        "select 'b', id, xmin::text from brands union all select 'p', id, xmin::text from products union all select 'v', id, xmin::text from product_prices union all select 's', id, xmin::text from product_stocks order by 1, 2",
      );
    const before = await state();
    const { counts, records } = await importForetold(open, products, first);
    expect(some(counts)).toEqual({ unchanged: 4 });
    expect(records).toEqual({
      brand: { unchanged: 2 },
      product: { unchanged: 4 },
      price: { unchanged: 3 },
      stock: { unchanged: 3 },
    });
    expect(await state()).toEqual(before);
  });

  it("closes a price that changes, and writes only what differs", async () => {
    const open = await openEngine([products], tables);
    await open.importCsv(products, first);
    const { counts, records, job } = await importForetold(
      open,
      products,
      `${header}a,Axe,Acme,13,Lyon,3\nb,Bow,Acme,7,Lyon,5\nc,Cup,Acme,,,\nd,,,1,Nice,2\ne,Egg,New,2,,\n`,
    );
    expect(some(counts)).toEqual({ created: 1, updated: 3, unchanged: 1 });
    expect(records).toEqual({
      brand: { created: 1, unchanged: 1 },
      product: { created: 1, updated: 1, unchanged: 3 },
      price: { created: 2, closed: 1, unchanged: 2 },
      stock: { created: 1, updated: 1, unchanged: 1 },
    });
    expect(await content(open)).toEqual({
      brands: ["Acme", "Bolt", "New"],
      products: ["a Axe Acme file", "b Bow Acme file", "c Cup Acme file", "d file", "e Egg New file"],
      prices: ["a 12.50 closed", "b 7.00", "d 1.00", "a 13.00", "e 2.00"].sort(),
      stocks: ["a Lyon 3", "b Lyon 5", "d Nice 2", "d Paris 1"],
    });
    expect(
      await open.rows(
        `select record, place, row_no, action, before - 'valid_to' as before, after - 'valid_to' as after from sluice.import_record_changes where job_id = ${job.id} order by 1, 2`,
      ),
    ).toEqual([
      { record: "price", place: 1, row_no: 2, action: "closed", before: {}, after: {} },
      { record: "stock", place: 1, row_no: 3, action: "updated", before: { quantity: 0 }, after: { quantity: 5 } },
    ]);
    const [{ gapless }] = await open.rows(
      "select bool_and(n.valid_from = o.valid_to) as gapless from product_prices o join product_prices n on n.product_id = o.product_id and n.valid_to is null where o.valid_to is not null",
    );
    expect(gapless).toBe(true);
  });

  it("has a version begin no sooner than the one that it follows, whatever the clock says", async () => {
    const open = await openEngine([products], tables);
    await open.importCsv(products, first);
    await open.rows(
      "update product_prices set valid_from = '2100-01-01' where product_id = (select id from products where code = 'a')",
    );
    const { records } = await importForetold(open, products, `${header}a,Axe,Acme,13,Lyon,3\n`);
    expect(records).toMatchObject({ price: { created: 1, closed: 1 } });
    expect(
      await open.rows(
        "select amount::float8 as amount, valid_from = '2100-01-01' as begins, valid_to = '2100-01-01' as ends from product_prices v join products p on p.id = v.product_id where code = 'a' order by v.id",
      ),
    ).toEqual([
      { amount: 12.5, begins: true, ends: true },
      { amount: 13, begins: true, ends: null },
    ]);
  });

  it("folds rows of one product as if they came one after the other", async () => {
    const open = await openEngine([products], tables, { chunkRows: 4 });
    const file = `${header}a,Axe,Acme,1,Lyon,1\na,Axe,Bolt,2,Paris,2\na,,,,Lyon,3\nb,Bow,,5,,\na,Ace,Acme,9,Lyon,3\nb,Bow,,5,Lyon,1\n`;
    const { counts, records } = await importForetold(open, products, file);
    expect(some(counts)).toEqual({ created: 2, updated: 4 });
    expect(records.price).toEqual({ created: 3, closed: 1 });
    expect(await content(open)).toEqual({
      brands: ["Acme", "Bolt"],
      products: ["a Ace Acme file", "b Bow file"],
      prices: ["a 2.00 closed", "b 5.00", "a 9.00"].sort(),
      stocks: ["a Lyon 3", "a Paris 2", "b Lyon 1"],
    });
  });

  it("keeps out as a whole a row whose stock the table refuses, and none of its records stay", async () => {
    const open = await openEngine([products], tables);
    const { counts, issues, records } = await importForetold(
      open,
      products,
      `${header}a,Axe,Acme,1,Lyon,1\nb,Bow,Bolt,2,Lyon,-2\nc,Cup,Acme,3,Lyon,3\n`,
    );
    expect(some(counts)).toEqual({ created: 2, failed: 1 });
    expect(issues).toEqual([[3, null, "database_check"]]);
    expect(records).toEqual({
      brand: { created: 1, unchanged: 1 },
      product: { created: 2 },
      price: { created: 2 },
      stock: { created: 2 },
    });
    expect(await content(open)).toEqual({
      brands: ["Acme"],
      products: ["a Axe Acme file", "c Cup Acme file"],
      prices: ["a 1.00", "c 3.00"],
      stocks: ["a Lyon 1", "c Lyon 3"],
    });
  });

  it("keeps out a row whose stock has no warehouse: its number would be lost", async () => {
    const open = await openEngine([products], tables);
    const { counts, issues } = await importForetold(open, products, `${header}a,Axe,Acme,1,,7\nb,Bow,,2,,\n`);
    expect(some(counts)).toEqual({ created: 1, invalid: 1 });
    expect(issues).toEqual([[2, "warehouse", "record_key_blank"]]);
    expect((await content(open)).brands).toEqual([]);
  });
});
