/** Sinks of importers whose rows make several records: the main one's documents follow its children, and a sink may be about another record. */
import { expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import type { ChangedRecords, RecordSink } from "../../src/core/record-sink.ts";
import { ref } from "../../src/core/records.ts";
import { openWorkers } from "../worker/open-workers.ts";

const ddl = `
  create table brands (id bigint generated always as identity primary key, name text not null unique);
  create table products (id bigint generated always as identity primary key, code text not null unique, brand_id bigint references brands);
  create table product_prices (id bigint generated always as identity primary key, product_id bigint not null references products, amount numeric,
    valid_from timestamptz not null default now(), valid_to timestamptz);`;

async function openCatalogue(afterCommit: readonly (RecordSink | ((changes: ChangedRecords) => Promise<void>))[]) {
  const catalogue = defineImporter({
    name: "catalogue",
    fields: { code: field.text({ required: true }), brand: field.text(), price: field.decimal({ scale: 2 }) },
    records: {
      brand: { table: "brands", key: ["brand"], set: { name: "brand" }, onMatch: "use" },
      product: { table: "products", key: ["code"], set: { brand_id: ref("brand") }, onMatch: "update" },
      price: {
        table: "product_prices",
        key: [ref("product")],
        set: { amount: "price" },
        versions: { from: "valid_from", to: "valid_to" },
      },
    },
    afterCommit,
  });
  const opened = await openWorkers({ ddl, importers: [catalogue] });
  const imports = async (text: string): Promise<number> => {
    const { id } = await opened.begin(text, { strategy: "update" });
    await opened.reaches(id, "completed");
    return id;
  };
  return { ...opened, imports };
}

function hearing(more: Partial<RecordSink>): { sink: RecordSink; told: string[] } {
  const told: string[] = [];
  const sink: RecordSink = {
    ...more,
    async apply({ put, remove }) {
      told.push(...put.map(({ document: { id: _, ...rest } }) => Object.values(rest).join(" ")));
      told.push(...remove.map(() => "removed"));
      return { kind: "applied", refused: [] };
    },
  };
  return { sink, told };
}

it("sends a product again whose price alone has changed, and again when that is undone", async () => {
  const { sink, told } = hearing({
    name: "search",
    select: `select p.id, p.code, x.amount from products p
      left join product_prices x on x.product_id = p.id and x.valid_to is null`,
  });
  const { imports, server, reaches } = await openCatalogue([sink]);
  await imports("code,brand,price\nP1,Acme,1.00\nP2,Acme,2.00\n");
  await expect.poll(() => told.toSorted()).toEqual(["P1 1", "P2 2"]);
  told.length = 0;
  const second = await imports("code,brand,price\nP1,Acme,1.00\nP2,Acme,3.00\n");
  await expect.poll(() => told).toEqual(["P2 3"]);
  told.length = 0;
  await server.engine.undo(second);
  await reaches(second, "undone");
  await expect.poll(() => told).toEqual(["P2 2"]);
});

it("is told of another record of the importer where it asks for one", async () => {
  const brands = hearing({ name: "brands", record: "brand" });
  const prices = hearing({
    name: "prices",
    record: "price",
    document: ({ amount, valid_to }) => ({ amount, open: valid_to === null }),
  });
  const { imports, rows } = await openCatalogue([brands.sink, prices.sink]);
  await imports("code,brand,price\nP1,Acme,1.00\nP2,Acme,2.00\n");
  await expect.poll(() => brands.told).toEqual(["Acme"]);
  await expect.poll(() => prices.told.toSorted()).toEqual(["1 true", "2 true"]);
  prices.told.length = 0;
  await imports("code,brand,price\nP1,Acme,5.00\n");
  // The one that is closed, and the one that follows it.
  await expect.poll(() => prices.told.toSorted()).toEqual(["1 false", "5 true"]);
  await expect.poll(() => rows("select from sluice.outbox where done_at is null")).toEqual([]);
  expect(brands.told).toEqual(["Acme"]);
});
