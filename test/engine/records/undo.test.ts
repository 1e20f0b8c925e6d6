/** The undo of rows that made several records: each table is as it was, and what others have touched or need stays. */
import { describe, expect, it } from "vitest";
import { type OpenEngine, openEngine } from "../../open-engine.ts";
import { foretold, type Undone, undo } from "../undo-import.ts";
import { deleteBeside, shop, shopFile, shopHeader, shopOf, shopTables } from "./shop.ts";

async function imported(open: OpenEngine, text: string): Promise<number> {
  const { job } = await open.importCsv(shop, text);
  expect(job.status, job.errorMessage ?? "").toBe("completed");
  return job.id;
}

/** What undo does and keeps, and that its preview has said so. */
async function undone(open: OpenEngine, jobId: number): Promise<Undone> {
  const preview = foretold(await open.engine.undoPreview(jobId));
  const outcome = await undo(open, jobId);
  const { deleted, restored, kept } = outcome;
  expect(preview).toEqual({ deleted, restored, kept });
  return outcome;
}

it("is counted by record, before and after", async () => {
  const open = await openEngine([shop], shopTables());
  const jobId = await imported(open, shopFile);
  const counted = {
    brand: [1, 0, 0],
    product: [1, 1, 0],
    price: [2, 1, 0],
    stock: [1, 1, 0],
    tag: [1, 0, 0],
    "tag.link": [2, 0, 0],
  };
  const of = (deleted: string, restored: string) =>
    Object.fromEntries(
      Object.entries(counted).map(([name, [gone, back, kept]]) => [name, { [deleted]: gone, [restored]: back, kept }]),
    );
  const preview = await open.engine.undoPreview(jobId);
  expect(preview).toMatchObject({ toDelete: 8, toRestore: 3, laterImports: [], references: [] });
  expect(preview.records).toEqual(of("toDelete", "toRestore"));
  expect(await undo(open, jobId)).toEqual({ status: "undone", deleted: 8, restored: 3, kept: {}, rows: [] });
  expect((await open.engine.undone.report(jobId)).records).toEqual(of("deleted", "restored"));
});

/** On top of the first file: prices of a and c once more, a stock, a brand and a tag that the first made, and a product. */
const second = `${shopHeader}a,Adze,Acme,13.00,Lyon,8,new\nc,Cup,Best,4.00,Paris,1,new\nd,Dish,Acme,1.00,Paris,2,known\n`;

const placed = [1, 20_000].flatMap((chunkRows) =>
  (["bigint", "uuid"] as const).map((idType) => [chunkRows, idType] as const),
);

describe.each(placed)("in chunks of %i rows, with ids of type %s", (chunkRows, idType) => {
  it("gives the tables back import by import, the last first", async () => {
    const open = await openEngine([shop], shopTables(idType), { chunkRows });
    const before = await shopOf(open);
    const one = await imported(open, shopFile);
    const between = await shopOf(open);
    const two = await imported(open, second);
    expect((await undone(open, two)).rows).toEqual([]);
    expect(await shopOf(open)).toEqual(between);
    expect((await undone(open, one)).rows).toEqual([]);
    expect(await shopOf(open)).toEqual(before);
  });

  it("keeps what a later import stands on, names that import, and takes the rest back; then the later one too", async () => {
    const open = await openEngine([shop], shopTables(idType), { chunkRows });
    const one = await imported(open, shopFile);
    const two = await imported(open, second);
    const { laterImports } = await open.engine.undoPreview(one);
    expect(laterImports.map(({ jobId }) => jobId)).toEqual([two]);
    expect(Object.keys((await undone(open, one)).kept).sort()).toEqual(["edited_since", "referred_to"]);
    expect((await undone(open, two)).rows).toEqual([]);
    // What only the later one had made is gone; of each product there is one current price.
    const current = await open.rows(`
      select code, amount::float8 as amount
      from products left join prices on products.id = product_id and valid_to is null order by code`);
    expect(current).toEqual([
      { code: "a", amount: 12 },
      { code: "b", amount: 10 },
      { code: "c", amount: 3 },
    ]);
  });
});

/** What happens after the import, and what undo then keeps. */
const sinceThen: [string, string, Pick<Undone, "kept" | "rows">][] = [
  ["nothing", "select 1", { kept: {}, rows: [] }],
  [
    "somebody else uses the brand",
    "insert into products (code, brand_id) values ('mine', 2)",
    {
      kept: { referred_to: 1 },
      rows: [{ record: "brand", recordId: "2", reason: "referred_to", byTable: "public.products" }],
    },
  ],
  [
    "somebody else uses the tag, and has taken it off the product",
    `insert into products (code) values ('mine'); insert into product_tags select max(id), 2 from products;
     delete from product_tags where product_id = 3 and tag_id = 2`,
    {
      kept: { referred_to: 1, gone_already: 1 },
      rows: [
        { record: "tag.link", recordId: "[3, 2]", reason: "gone_already" },
        { record: "tag", recordId: "2", reason: "referred_to", byTable: "public.product_tags" },
      ],
    },
  ],
  [
    "stocks have been counted: what the import changed keeps its later value, the one that it created stays with its product",
    "update stocks set quantity = 9",
    {
      kept: { edited_since: 2, referred_to: 2 },
      rows: [
        { record: "stock", recordId: '[3, "Paris"]', reason: "edited_since" },
        { record: "stock", recordId: '[1, "Lyon"]', reason: "edited_since" },
        { record: "product", recordId: "3", reason: "referred_to", byTable: "public.stocks" },
        { record: "brand", recordId: "2", reason: "referred_to", byTable: "public.products" },
      ],
    },
  ],
  [
    "the newer of two prices is edited: both stay",
    "update prices set amount = 13 where product_id = 1 and valid_to is null",
    {
      kept: { edited_since: 2 },
      rows: [
        { record: "price", recordId: "4", reason: "edited_since" },
        { record: "price", recordId: "1", reason: "edited_since", message: "A newer version of it stays." },
      ],
    },
  ],
  [
    "a created price is edited: it stays, its product, and that one's brand",
    "update prices set amount = 21 where product_id = 3",
    {
      kept: { edited_since: 1, referred_to: 2 },
      rows: [
        { record: "price", recordId: "3", reason: "edited_since" },
        { record: "product", recordId: "3", reason: "referred_to", byTable: "public.prices" },
        { record: "brand", recordId: "2", reason: "referred_to", byTable: "public.products" },
      ],
    },
  ],
  [
    "the title of a changed product is edited: its brand is given back, and goes",
    "update products set title = 'Later' where code = 'a'",
    {
      kept: { edited_in_part: 1 },
      rows: [{ record: "product", recordId: "1", reason: "edited_in_part", columns: ["title"] }],
    },
  ],
];

describe("what was done since the import", () => {
  it.each(sinceThen)("%s", async (_what, statements, { kept, rows }) => {
    const open = await openEngine([shop], shopTables());
    const jobId = await imported(open, shopFile);
    for (const each of statements.split(";")) await open.rows(each);
    const outcome = await undone(open, jobId);
    expect(outcome.rows).toEqual(rows);
    expect(outcome.kept).toEqual(kept);
  });
});

it("keeps a record that others refer to without a foreign key, as the importer itself does", async () => {
  const open = await openEngine([shop], shopTables());
  await open.rows("alter table products drop constraint products_brand_id_fkey");
  const jobId = await imported(open, shopFile);
  await open.rows("insert into products (code, brand_id) values ('mine', 2)");
  expect((await undone(open, jobId)).rows).toEqual([
    { record: "brand", recordId: "2", reason: "referred_to", byTable: "public.products" },
  ]);
});

it("warns of a reference among its own tables that no index of all rows serves", async () => {
  const open = await openEngine([shop], shopTables());
  await open.rows("drop index prices_product_id_idx");
  const jobId = await imported(open, shopFile);
  expect((await open.engine.undoPreview(jobId)).references).toEqual([
    { table: "public.prices", columns: ["product_id"], records: 0, indexed: false },
  ]);
});

it("is refused where the importer no longer has a record that the import wrote", async () => {
  const open = await openEngine([shop], shopTables());
  const jobId = await imported(open, shopFile);
  await open.rows("update sluice.import_record_chunks set record = 'cost' where record = 'price'");
  await expect(open.engine.undoPreview(jobId)).rejects.toMatchObject({
    code: "invalid",
    message: `Import ${jobId} cannot be undone: it wrote a record "cost", which the importer "shop" no longer has. Restore the importer to undo it.`,
  });
});

describe("what the import deleted", () => {
  /** As a mirror does it: a product, with all that was its own. */
  async function mirrored(open: OpenEngine): Promise<number> {
    const jobId = await imported(open, `${shopHeader}c,Cup,Acme,3.00,Paris,1,new\n`);
    await deleteBeside(open, jobId, [
      {
        record: "tag.link",
        table: "product_tags",
        id: "jsonb_build_array(product_id, tag_id)::text",
        where: "product_id = 1",
      },
      {
        record: "stock",
        table: "stocks",
        id: "jsonb_build_array(product_id, warehouse)::text",
        where: "product_id = 1",
      },
      { record: "price", table: "prices", id: "id::text", where: "product_id = 1" },
      { record: "product", table: "products", id: "id::text", where: "id = 1" },
    ]);
    return jobId;
  }

  it("is inserted again, with its ids, parents first", async () => {
    const open = await openEngine([shop], shopTables());
    const before = await shopOf(open);
    const jobId = await mirrored(open);
    const outcome = await undone(open, jobId);
    expect([outcome.restored, outcome.rows]).toEqual([4, []]);
    expect(await shopOf(open)).toEqual(before);
  });

  it("is left out where its id is somebody else's by now, or a value that must be unique", async () => {
    const open = await openEngine([shop], shopTables());
    const jobId = await mirrored(open);
    await open.rows("insert into products (id, code) overriding system value values (1, 'other')");
    await open.rows("insert into prices (product_id, amount) values (1, 99)");
    const { rows } = await undo(open, jobId);
    expect(rows).toEqual([
      { record: "product", recordId: "1", reason: "refused", message: "Another record has its id by now." },
      {
        record: "price",
        recordId: "1",
        reason: "refused",
        message: expect.stringContaining("prices_current"),
      },
    ]);
  });
});
