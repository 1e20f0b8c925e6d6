/** The Typesense sink, by the real client over real HTTP: what the collection holds in the end, whatever fails in between. */
import { expect, it } from "vitest";
import type { RecordSink } from "../../src/core/record-sink.ts";
import { type TypesenseOptions, typesense } from "../../src/notify/typesense.ts";
import { openShop, productsCsv, type Shop } from "./open-shop.ts";
import { type Answer, cut } from "./search-server.ts";
import { startTypesense, type TypesenseServer } from "./typesense-server.ts";

const schema = {
  fields: [
    { name: "code", type: "string" },
    { name: "name", type: "string", optional: true },
    { name: "price", type: "float", optional: true },
  ],
};

interface Product {
  code: string;
  name: string | null;
  price: number | null;
  active: boolean | null;
}

/** As a shop would have it: what is not active is not found. */
const document = ({ code, name, price, active }: Product): object | null =>
  active === false ? null : { code, ...(name !== null && { name }), ...(price !== null && { price }) };

function sinkTo(search: TypesenseServer, options: Partial<TypesenseOptions> = {}): RecordSink {
  const { url, apiKey } = search;
  return typesense({ url, apiKey, collection: "products", schema, document, ...options });
}

async function openSearch(
  options: Partial<TypesenseOptions> = {},
  shop: Parameters<typeof openShop>[1] = {},
): Promise<Shop & { search: TypesenseServer }> {
  const search = await startTypesense();
  return { ...(await openShop({ afterCommit: [sinkTo(search, options)] }, shop)), search };
}

const importsOf = ({ asked }: TypesenseServer) => asked.filter(({ path }) => path.endsWith("/documents/import"));
const codesIn = (body: string): string[] => body.split("\n").map((line) => JSON.parse(line).code);
const held = (search: TypesenseServer) => search.holds("products").map(({ code, price }) => `${code} ${price}`);

it("makes the collection and keeps it as the table is, and sends only what changed", async () => {
  const { search, imports, undoes } = await openSearch();
  await imports(productsCsv(3));
  await expect
    .poll(() => search.holds("products"))
    .toEqual([
      { id: "1", code: "P0", name: "Product 0", price: 0.5 },
      { id: "2", code: "P1", name: "Product 1", price: 1.5 },
      { id: "3", code: "P2", name: "Product 2", price: 2.5 },
    ]);
  expect(search.aliases.get("products")).toBe("products_1");
  expect(Object.fromEntries(importsOf(search)[0].query)).toMatchObject({
    action: "upsert",
    dirty_values: "coerce_or_reject",
  });
  const before = importsOf(search).length;
  const second = await imports("code,name,price\nP0,Product 0,0.50\nP1,Product 1,9.50\nP9,New,1\n");
  await expect.poll(() => held(search)).toEqual(["P0 0.5", "P1 9.5", "P2 2.5", "P9 1"]);
  const sent = importsOf(search).slice(before);
  expect(sent.flatMap(({ body }) => codesIn(body)).sort()).toEqual(["P1", "P9"]);
  await undoes(second);
  await expect.poll(() => held(search)).toEqual(["P0 0.5", "P1 1.5", "P2 2.5"]);
});

it("removes what `document` makes nothing of, and finds it again", async () => {
  const { search, imports } = await openSearch();
  await imports(productsCsv(2));
  await expect.poll(() => held(search)).toEqual(["P0 0.5", "P1 1.5"]);
  await imports("code,active\nP0,no\n");
  await expect.poll(() => held(search)).toEqual(["P1 1.5"]);
  await imports("code,active\nP0,yes\n");
  await expect.poll(() => held(search)).toEqual(["P0 0.5", "P1 1.5"]);
});

it("sends documents that a query joins, with emplace where that is asked for", async () => {
  const { search, imports, rows } = await openSearch({
    select: "select p.id, p.code, b.name as brand from products p left join brands b on b.id = p.brand_id",
    document: undefined,
    schema: undefined,
    action: "emplace",
    dirtyValues: "drop",
  });
  await rows("insert into brands (name) values ('Acme')");
  await imports("code,brand\nP0,Acme\nP1,\n");
  await expect
    .poll(() => search.holds("products"))
    .toEqual([
      { id: "1", code: "P0", brand: "Acme" },
      { id: "2", code: "P1", brand: null },
    ]);
  expect(search.collections.get("products_1")?.schema.fields).toEqual([{ name: ".*", type: "auto" }]);
  expect(Object.fromEntries(importsOf(search)[0].query)).toMatchObject({ action: "emplace", dirty_values: "drop" });
});

it("delivers in batches of at most so many bytes", async () => {
  const bytes = 2000;
  const { search, imports } = await openSearch({ limits: { bytes } });
  await imports(productsCsv(250));
  await expect.poll(() => search.holds("products").length).toBe(250);
  const sizes = importsOf(search).map(({ body }) => Buffer.byteLength(body));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(bytes);
  expect(sizes.length).toBeLessThan(20);
});

it("sets a document aside that is refused, holds up no other, and takes it in again when it is asked to", async () => {
  const { search, imports, standing, rows, server, events } = await openSearch({
    document: ({ code, price }: Product) => ({ code, price: price === 1.5 ? "one and a half" : (price ?? 0) }),
  });
  await imports(productsCsv(3));
  await expect.poll(() => held(search)).toEqual(["P0 0.5", "P2 2.5"]);
  await expect.poll(standing).toMatchObject({ waiting: 0, dead: 1, state: "working" });
  expect(await server.outbox.records.setAside("products-typesense", { limit: 10, offset: 0 })).toEqual([
    { id: "2", reason: "Field `price` must be a float.", jobId: 1, at: expect.any(Date) },
  ]);
  expect(events).toContainEqual({ name: "sink.refused", sink: "products-typesense", record: "2" });
  await rows("update products set price = 7 where code = 'P1'");
  expect(await server.outbox.records.retry("products-typesense")).toBe(1);
  await expect.poll(() => held(search)).toEqual(["P0 0.5", "P1 7", "P2 2.5"]);
  await expect.poll(standing).toMatchObject({ waiting: 0, dead: 0 });
});

it("reads each line of an answer of 200, and sets all aside when every one has failed", async () => {
  const { search, imports, standing } = await openSearch({ document: () => ({ name: "without a code" }) });
  await imports(productsCsv(120));
  await expect.poll(standing).toMatchObject({ waiting: 0, dead: 120 });
  expect(search.holds("products")).toEqual([]);
});

it.each<[string, () => Answer | typeof cut]>([
  ["it lags behind", () => ({ status: 503, body: { message: "Not Ready or Lagging" } })],
  ["the connection is cut", () => cut],
  [
    "each line says that it lags behind",
    () => ({ status: 200, body: '{"success":false,"code":503,"error":"Not Ready or Lagging"}' }),
  ],
  ["it answers fewer lines than it was sent", () => ({ status: 200, body: '{"success":true}' })],
  ["it answers nonsense", () => ({ status: 200, body: "<html>\n<body>" })],
  ["the key is refused", () => ({ status: 401, body: { message: "Forbidden" } })],
])("waits 10 to 60 seconds while %s, and catches up; the imports complete meanwhile", async (_, answer) => {
  const { search, imports, standing, hurry, rows } = await openSearch();
  search.fault = ({ path }) => (path.endsWith("/documents/import") ? answer() : undefined);
  await imports(productsCsv(2));
  await expect.poll(standing).toMatchObject({ state: "retrying", waiting: 1, dead: 0, error: expect.any(String) });
  const [{ seconds }] = await rows<{ seconds: number }>(
    "select extract(epoch from next_at - now())::float8 as seconds from sluice.sinks",
  );
  expect(seconds).toBeGreaterThan(5);
  expect(seconds).toBeLessThanOrEqual(60);
  await imports("code,price\nP1,9\n");
  search.fault = null;
  await hurry();
  await expect.poll(() => held(search)).toEqual(["P0 0.5", "P1 9"]);
  await expect.poll(standing).toMatchObject({ state: "working", waiting: 0, dead: 0, error: null });
});

it("never fails an import whose index is down from its beginning to its end, however often it is tried, and catches up", async () => {
  const { search, imports, undoes, hurry, standing, rows } = await openSearch();
  await search.down();
  await imports(productsCsv(250));
  const second = await imports(productsCsv(250, () => "7"));
  await undoes(second);
  for (let k = 0; k < 12; k++) {
    await expect.poll(standing).toMatchObject({ state: "retrying", dead: 0 });
    await hurry();
    await expect.poll(() => rows("select from sluice.sinks where next_at > now()")).toHaveLength(1);
  }
  await search.up();
  await hurry();
  await expect.poll(standing).toMatchObject({ state: "working", waiting: 0, dead: 0 });
  expect(held(search)).toEqual(Array.from({ length: 250 }, (_, k) => `P${k} ${k + 0.5}`));
});

it.each<[string, Answer]>([
  ["memory", { status: 422, body: { message: "Rejecting write: running out of resource type: OUT_OF_MEMORY" } }],
  ["disk", { status: 422, body: { message: "Rejecting write: running out of resource type: OUT_OF_DISK" } }],
  ["storage", { status: 507, body: { message: "Insufficient Storage" } }],
])("stops and alerts when the server is out of %s, and goes on when a person says so", async (_, answer) => {
  const { search, imports, standing, hurry, events, server } = await openSearch();
  await imports(productsCsv(1));
  await expect.poll(() => held(search)).toEqual(["P0 0.5"]);
  search.fault = ({ method }) => (method === "POST" ? answer : undefined);
  await imports(productsCsv(2, () => "4"));
  const reason = (answer.body as { message: string }).message;
  await expect.poll(standing).toMatchObject({ state: "stopped", error: expect.stringContaining(reason) });
  expect(events).toContainEqual(expect.objectContaining({ name: "sink.stopped", sink: "products-typesense" }));
  // Nothing is asked of it meanwhile, whatever comes.
  const asked = search.asked.length;
  await imports(productsCsv(3, () => "5"));
  await hurry();
  expect(search.asked.length).toBe(asked);
  search.fault = null;
  await server.outbox.records.retry("products-typesense");
  await expect.poll(() => held(search)).toEqual(["P0 5", "P1 5", "P2 5"]);
});

it("gives a record's states to the index in their order, however slow it is and however many workers there are", async () => {
  const { search, imports, standing } = await openSearch({}, { workers: 2 });
  const { promise: first, resolve: firstIsAsked } = Promise.withResolvers<void>();
  const { promise: answered, resolve: answerFirst } = Promise.withResolvers<undefined>();
  search.fault = async ({ path }) => {
    if (!path.endsWith("/documents/import")) return undefined;
    firstIsAsked();
    return answered;
  };
  await imports(productsCsv(1));
  await first;
  await imports(productsCsv(1, () => "8"));
  expect(importsOf(search)).toHaveLength(1);
  answerFirst(undefined);
  await expect.poll(standing).toMatchObject({ waiting: 0 });
  expect(held(search)).toEqual(["P0 8"]);
});

it("removes a record whose id has a backtick, for which a filter has no escape, and no other", async () => {
  const search = await startTypesense();
  const { url, apiKey } = search;
  const sink = typesense({ url, apiKey, collection: "products", document: (record: object) => record });
  const options = { index: null, signal: new AbortController().signal };
  const put = ["ab", "a`b", "a,b"].map((id) => ({ id, document: {}, json: JSON.stringify({ id }) }));
  await sink.apply({ put, remove: [] }, options);
  await sink.apply({ put: [], remove: ["a`b", "a`b`c"] }, options);
  expect(search.holds("products").map(({ id }) => id)).toEqual(["ab", "a,b"]);
});

it.each<[Partial<TypesenseOptions>, string]>([
  [{ url: "localhost" }, 'typesense(): `url` is "localhost": write http://host:8108.'],
  [{ apiKey: "" }, "typesense(): `apiKey` is empty. Is the variable set that it is read from?"],
  [{ collection: "" }, "typesense(): `collection` is missing: what searches ask for."],
])("refuses %j at once", (options, problem) => {
  expect(() => typesense({ url: "http://x.example", apiKey: "k", collection: "c", ...options })).toThrow(problem);
});
