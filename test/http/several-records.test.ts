/** Imports whose rows make several records, over HTTP: their counts, steps, records, dry run and undo by record. */
import { expect, it } from "vitest";
import { shop, shopFile, shopTables } from "../engine/records/shop.ts";
import { type OpenApp, openApp } from "./open-app.ts";

async function imported(app: OpenApp): Promise<string> {
  const made = await app.call("POST", "/imports", {
    uploadId: await app.upload(shopFile, "shop.csv"),
    importer: "shop",
  });
  const path = `/imports/${made.json.id}`;
  await app.call("POST", `${path}/start`, {});
  await app.work(made.json.id);
  return path;
}

const rows = { created: 1, updated: 1, unchanged: 1, skipped: 0, invalid: 0, failed: 0 };
const counts = {
  ...rows,
  ...{ created_brand: 1, updated_brand: 0, unchanged_brand: 1 },
  ...{ created_product: 1, updated_product: 1, unchanged_product: 1 },
  ...{ created_price: 2, updated_price: 0, unchanged_price: 1, closed_price: 1 },
  ...{ created_stock: 1, updated_stock: 1, unchanged_stock: 1 },
  ...{ created_tag: 1, updated_tag: 0, unchanged_tag: 1 },
};

it("counts each record, before there are any, foretold, and after", async () => {
  const app = await openApp([shop], shopTables());
  const path = await imported(app);
  const none = Object.fromEntries(
    Object.keys(counts)
      .filter((name) => name !== "closed_price")
      .map((name) => [name, 0]),
  );
  expect((await app.call("GET", path)).json.counts).toEqual(none);
  expect((await app.call("POST", `${path}/dry-run`)).json.counts).toEqual(counts);
  await app.call("POST", `${path}/commit`);
  await app.work(Number(path.split("/")[2]));
  expect((await app.call("GET", path)).json).toMatchObject({
    status: "completed",
    counts,
    current_step: null,
    sub_step: null,
  });
  expect((await app.call("GET", `${path}/report`)).json.counts).toEqual(counts);
});

it("names the records in the reader's language", async () => {
  const app = await openApp([shop], shopTables());
  const { json } = await app.call("GET", "/importers?lang=sv");
  expect(json.items[0].records).toEqual([
    { name: "brand", label: "märken", isMain: false },
    { name: "product", label: "produkter", isMain: true },
    { name: "price", label: "priser", isMain: false },
    { name: "stock", label: "lagersaldon", isMain: false },
    { name: "tag", label: "etiketter", isMain: false },
  ]);
});

it("says which record it is writing, in the reader's language, in the import and in its stream", async () => {
  const app = await openApp([shop], shopTables());
  const path = await imported(app);
  const id = Number(path.split("/")[2]);
  await app.rows(`update sluice.import_jobs set status = 'committing', phase = 'commit' where id = ${id}`);
  const at = { phase: "commit", step: "committing", processed: 0, total: 3, percent: 0 } as const;
  const told = { ...at, record: { name: "price", done: 2, of: 3 }, rowsPerSecond: null, etaSeconds: null };
  await app.store.progress.write(id, told, true);
  const step = { current_step: "Skapar priser…", sub_step: "2/3" };
  expect((await app.call("GET", `${path}?lang=sv`)).json).toMatchObject({ ...step, progress: step });
  const french = { "accept-language": "fr", accept: "text/event-stream", authorization: "Bearer admin" };
  const stop = new AbortController();
  const response = await app.app.fetch(
    new Request(`http://sluice.test/api/v1${path}/events`, { headers: french, signal: stop.signal }),
  );
  let text = "";
  for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += new TextDecoder().decode(bytes);
    if (text.includes("event: progress")) break;
  }
  stop.abort();
  const event = /^event: progress\ndata: (.*)$/m.exec(text)?.[1] ?? "";
  expect(JSON.parse(event).progress).toMatchObject({ current_step: "Création des prix…", sub_step: "2/3" });
});

it("shows the records of each kind as they are now, and as a file", async () => {
  const app = await openApp([shop], shopTables());
  const path = await imported(app);
  await app.call("POST", `${path}/commit`);
  await app.work(Number(path.split("/")[2]));
  const read = async (record: string) => (await app.call("GET", `${path}/records?record=${record}&lang=en`)).json;
  const values = async (record: string) =>
    (await read(record)).items.map(({ outcome, values }: { outcome: string; values: object }) => [
      outcome,
      ...Object.values(values),
    ]);
  expect((await read("stock")).columns.map(({ label }: { label: string }) => label)).toEqual([
    "product_id",
    "warehouse",
    "stock",
  ]);
  expect(await values("stock")).toEqual([
    ["created", "3", "Paris", "1"],
    ["updated", "1", "Lyon", "7"],
  ]);
  expect(await values("brand")).toEqual([["created", "2", "Acme"]]);
  expect((await values("price")).map((each: string[]) => [each[0], each[2], each[3]])).toEqual([
    ["created", "3", "3.00"],
    ["created", "1", "12.00"],
    ["updated", "1", "10.00"],
  ]);
  expect((await read("product")).items).toHaveLength(2);
  // Page by page the same.
  const pages: string[] = [];
  for (let after = ""; ; ) {
    const { json } = await app.call("GET", `${path}/records?record=price&limit=1${after}`);
    pages.push(...json.items.map(({ id }: { id: string }) => id));
    if (json.next === null) break;
    after = `&after=${json.next}`;
  }
  expect(pages).toEqual((await read("price")).items.map(({ id }: { id: string }) => id));
  const file = await app.call("GET", `${path}/records.csv?record=stock`);
  expect(file.headers.get("content-disposition")).toContain(" - stocks.csv");
  expect(file.text).toBe("\ufeffproduct_id,warehouse,quantity\r\n3,Paris,1\r\n1,Lyon,7\r\n");
  const unknown = await app.call("GET", `${path}/records?record=cost`);
  expect([unknown.status, unknown.json.detail]).toEqual([
    422,
    'The importer "shop" has no record "cost". It has: brand, product, price, stock, tag.',
  ]);
});

it("foretells the undo, does it and lists what it kept, by record", async () => {
  const app = await openApp([shop], shopTables());
  const path = await imported(app);
  const id = Number(path.split("/")[2]);
  await app.call("POST", `${path}/commit`);
  await app.work(id);
  await app.rows("update stocks set quantity = 9 where warehouse = 'Paris'");
  expect((await app.call("GET", `${path}/undo/preview`)).json.records.stock).toEqual({
    toDelete: 0,
    toRestore: 1,
    kept: 1,
  });
  await app.call("POST", `${path}/undo`);
  await app.work(id);
  expect((await app.call("GET", `${path}/undo`)).json.records.stock).toEqual({ deleted: 0, restored: 1, kept: 1 });
  expect((await app.call("GET", `${path}/undo/kept`)).json.items).toMatchObject([
    { record: "stock", recordId: '[3, "Paris"]', reason: "edited_since" },
    { record: "product", recordId: "3", reason: "referred_to" },
    { record: "brand", recordId: "2", reason: "referred_to" },
  ]);
});

it("says in the reader's language why an earlier version is kept", async () => {
  const app = await openApp([shop], shopTables());
  const path = await imported(app);
  const id = Number(path.split("/")[2]);
  await app.call("POST", `${path}/commit`);
  await app.work(id);
  await app.rows("update prices set amount = 99 where product_id = 1 and valid_to is null");
  await app.call("POST", `${path}/undo`);
  await app.work(id);
  const { items } = (await app.call("GET", `${path}/undo/kept?lang=fr`)).json;
  expect(items.map(({ record, message }: { record: string; message: string }) => [record, message])).toEqual([
    ["price", null],
    ["price", "Une version plus récente reste en place."],
  ]);
});
