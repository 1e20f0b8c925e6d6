/** The products of a catalogue: what a row makes in its tables, and what becomes of it when the file comes again. */
import { describe, expect, it } from "vitest";
import type { Counts } from "../../../src/core/import.ts";
import { products } from "../../../src/importers/catalog/products.ts";
import { type OpenEngine, openEngine, workToEnd } from "../../open-engine.ts";

const header = "Code;Désignation;Marque;Famille;Unité;Prix;Devise;Stock;Entrepôt;Actif";

/** Those of rows and of records that are not 0. */
const filled = (counts: Counts) => Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
const open = (): Promise<OpenEngine> => openEngine([products]);
const prices = (app: OpenEngine) =>
  app.rows(
    `select p.code, v.amount, v.currency, v.valid_to is null as current from product_prices v join products p on p.id = v.product_id
     order by p.code, v.id`,
  );
const stocks = (app: OpenEngine) =>
  app.rows(
    `select p.code, v.warehouse, v.quantity, v.valid_to is null as current from product_stocks v join products p on p.id = v.product_id
     order by p.code, v.warehouse, v.id`,
  );

describe("the products importer", () => {
  it("makes a product with its brand, category, price and stock", async () => {
    const app = await open();
    const { counts, job } = await app.importCsv(
      products,
      `${header}\nA-1;Marteau;Stark;Outils;pièce;12,50;EUR;40;Lyon;oui\nA-2;Scie;stark;Outils;pièce;19,90;EUR;;;non\n`,
    );
    expect(job.mapping.columns.map(({ field, doubt }) => [field, doubt])).toEqual(
      ["code", "name", "brand", "category", "unit", "price", "currency", "stock", "warehouse", "active"].map(
        (field) => [field, undefined],
      ),
    );
    expect(filled(counts)).toEqual({
      created: 2,
      created_brand: 1,
      created_category: 1,
      created_product: 2,
      created_price: 2,
      created_stock: 1,
    });
    expect(
      await app.rows(
        `select p.code, p.name, p.unit, p.active, b.name as brand, c.name as category
         from products p left join brands b on b.id = p.brand_id left join categories c on c.id = p.category_id order by p.code`,
      ),
    ).toEqual([
      { code: "A-1", name: "Marteau", unit: "pièce", active: true, brand: "Stark", category: "Outils" },
      { code: "A-2", name: "Scie", unit: "pièce", active: false, brand: "Stark", category: "Outils" },
    ]);
    expect([await app.rows("select name from brands"), await app.rows("select name from categories")]).toEqual([
      [{ name: "Stark" }],
      [{ name: "Outils" }],
    ]);
    expect(await prices(app)).toEqual([
      { code: "A-1", amount: "12.5000", currency: "EUR", current: true },
      { code: "A-2", amount: "19.9000", currency: "EUR", current: true },
    ]);
    expect(await stocks(app)).toEqual([{ code: "A-1", warehouse: "Lyon", quantity: "40.000", current: true }]);
  });

  it("leaves everything as it is when the same file comes again", async () => {
    const app = await open();
    const csv = `${header}\nA-1;Marteau;Stark;Outils;pièce;12,50;EUR;40;Lyon;oui\nA-2;Scie;;;;19,90;EUR;3;;oui\n`;
    await app.importCsv(products, csv);
    const tables = ["products", "product_prices", "product_stocks", "brands", "categories"];
    const all = () => Promise.all(tables.map((table) => app.rows(`select * from ${table} order by id`)));
    const before = await all();
    const { counts } = await app.importCsv(products, csv);
    expect([filled(counts), await all()]).toEqual([
      {
        unchanged: 2,
        unchanged_brand: 1,
        unchanged_category: 1,
        unchanged_product: 2,
        unchanged_price: 2,
        unchanged_stock: 2,
      },
      before,
    ]);
  });

  it("closes a price or a quantity that has changed, and only those", async () => {
    const app = await open();
    await app.importCsv(products, "Code;Prix;Stock;Entrepôt\nA;10;5;Lyon\nB;20;6;Lyon\nC;30;7;Lyon\n");
    const { counts } = await app.importCsv(
      products,
      "Code;Prix;Stock;Entrepôt\nA;11;5;Lyon\nB;20;8;Lyon\nC;30;9;Paris\n",
    );
    expect(filled(counts)).toEqual({
      updated: 3,
      unchanged_product: 3,
      created_price: 1,
      closed_price: 1,
      unchanged_price: 2,
      created_stock: 2,
      closed_stock: 1,
      unchanged_stock: 1,
    });
    expect(await prices(app)).toEqual([
      { code: "A", amount: "10.0000", currency: null, current: false },
      { code: "A", amount: "11.0000", currency: null, current: true },
      { code: "B", amount: "20.0000", currency: null, current: true },
      { code: "C", amount: "30.0000", currency: null, current: true },
    ]);
    expect(await stocks(app)).toEqual([
      { code: "A", warehouse: "Lyon", quantity: "5.000", current: true },
      { code: "B", warehouse: "Lyon", quantity: "6.000", current: false },
      { code: "B", warehouse: "Lyon", quantity: "8.000", current: true },
      { code: "C", warehouse: "Lyon", quantity: "7.000", current: true },
      { code: "C", warehouse: "Paris", quantity: "9.000", current: true },
    ]);
    expect(
      await app.rows(
        "select count(*)::int as gaps from product_prices a join product_prices b using (product_id) where a.valid_to is not null and b.valid_to is null and a.valid_to <> b.valid_from",
      ),
    ).toEqual([{ gaps: 0 }]);
  });

  it("takes the last row of a code, or the first, and reports the others", async () => {
    for (const [repeats, amount] of [
      [undefined, "12.0000"],
      ["first", "10.0000"],
    ] as const) {
      const app = await open();
      const { counts, issues } = await app.importCsv(products, "Code;Prix\nA;10\nB;20\na;12\n", { repeats });
      expect([counts.created, counts.skipped, issues]).toEqual([
        2,
        1,
        [[repeats === "first" ? 4 : 2, null, "duplicate_in_file"]],
      ]);
      expect((await prices(app)).map(({ amount: each }) => each)).toContain(amount);
      expect((await prices(app)).length).toBe(2);
    }
  });

  it("puts a stock without a warehouse into the main one", async () => {
    const app = await open();
    await app.importCsv(products, "Code;Stock\nA;5\nB;\n");
    expect(await stocks(app)).toEqual([{ code: "A", warehouse: "MAIN", quantity: "5.000", current: true }]);
  });

  it("gives everything back when it is undone", async () => {
    const app = await open();
    await app.importCsv(products, "Code;Marque;Prix;Stock\nA;Stark;10;5\n");
    const tables = ["products", "product_prices", "product_stocks", "brands"];
    const all = () =>
      Promise.all(
        tables.map((table) => app.rows(`select to_jsonb(t) - 'updated_at' as row from ${table} t order by id`)),
      );
    const before = await all();
    const { job } = await app.importCsv(products, "Code;Marque;Prix;Stock\nA;Weiss;11;6\nB;Weiss;20;7\n");
    await app.engine.undo(job.id);
    await workToEnd(app.engine, job.id);
    expect(await all()).toEqual(before);
  });

  it("is PARTS in the log", async () => {
    const app = await open();
    await app.importCsv(products, "Code;Prix\nA;10\nB;cher\n");
    expect(
      await app.rows(`select type, "importStatus", "successCount", "errorCount" from "ImportLog" where type = 'PARTS'`),
    ).toEqual([{ type: "PARTS", importStatus: "COMPLETED", successCount: 1, errorCount: 1 }]);
  });
});
