/** The Meilisearch sink over real HTTP: what the index holds in the end, with tasks that take their time, fail, or are forgotten. */
import { expect, it } from "vitest";
import { type MeilisearchOptions, meilisearch } from "../../src/notify/meilisearch.ts";
import { type MeilisearchServer, startMeilisearch } from "./meilisearch-server.ts";
import { openShop, productsCsv, type Shop } from "./open-shop.ts";
import type { Answer } from "./search-server.ts";

const name = "products-meilisearch";

async function openSearch(options: Partial<MeilisearchOptions> = {}): Promise<Shop & { search: MeilisearchServer }> {
  const search = await startMeilisearch();
  const { url, apiKey } = search;
  const document = ({ code, price }: { code: string; price: number }) => ({ code, price });
  const sink = meilisearch({ url, apiKey, index: "products", document, ...options });
  return { ...(await openShop({ afterCommit: [sink] })), search };
}

const held = (search: MeilisearchServer) => search.holds("products").map(({ code, price }) => `${code} ${price}`);

it("keeps the index as the table is: created, changed, undone", async () => {
  const { search, imports, undoes, standing } = await openSearch();
  await imports(productsCsv(3));
  await expect
    .poll(() => search.holds("products"))
    .toEqual([
      { id: "1", code: "P0", price: 0.5 },
      { id: "2", code: "P1", price: 1.5 },
      { id: "3", code: "P2", price: 2.5 },
    ]);
  const second = await imports("code,price\nP1,9\nP9,1\n");
  await expect.poll(() => held(search)).toEqual(["P0 0.5", "P1 9", "P2 2.5", "P9 1"]);
  await undoes(second);
  await expect.poll(() => held(search)).toEqual(["P0 0.5", "P1 1.5", "P2 2.5"]);
  await expect.poll(standing).toMatchObject({ waiting: 0, dead: 0 });
});

it("waits for a task, and lets a worker that takes over ask for it instead of sending it again", async () => {
  const { search, imports, workers, startWorker, standing, rows } = await openSearch();
  search.isBusy = true;
  await imports(productsCsv(3));
  await expect.poll(() => rows("select pending ->> 'ticket' as ticket from sluice.sinks")).toEqual([{ ticket: "0" }]);
  await workers[0].stop();
  expect(await standing()).toMatchObject({ waiting: 1 });
  await startWorker();
  search.isBusy = false;
  await expect.poll(standing).toMatchObject({ waiting: 0 });
  expect(held(search)).toEqual(["P0 0.5", "P1 1.5", "P2 2.5"]);
  expect(search.tasks.map(({ type }) => type)).toEqual(["documentAdditionOrUpdate"]);
});

it("sends a batch again whose task the server has forgotten", async () => {
  const { search, imports, standing, rows } = await openSearch();
  search.isBusy = true;
  await imports(productsCsv(2));
  await expect.poll(() => rows("select from sluice.sinks where pending is not null")).toHaveLength(1);
  search.forget();
  search.isBusy = false;
  await expect.poll(standing).toMatchObject({ waiting: 0 });
  expect(held(search)).toEqual(["P0 0.5", "P1 1.5"]);
});

it("finds the one document by halves for which a task fails, and sets it aside", async () => {
  const { search, imports, standing, server } = await openSearch({
    select: "select id, code, price from products",
    document: ({ code, price }) => ({ code, price }),
  });
  search.fault = ({ path, body }) => {
    if (!path.endsWith("/documents") || !body.includes('"P77"')) return undefined;
    const uid = search.tasks.length;
    const error = {
      message: "The `_geo` field is invalid.",
      code: "invalid_document_geo_field",
      type: "invalid_request",
    };
    search.tasks.push({ uid, type: "documentAdditionOrUpdate", status: "failed", error, details: {}, run() {} });
    return { status: 202, body: { taskUid: uid, status: "enqueued" } };
  };
  await imports(productsCsv(100));
  await expect.poll(standing).toMatchObject({ waiting: 0, dead: 1 });
  expect(await server.outbox.records.setAside(name, { limit: 5, offset: 0 })).toEqual([
    { id: "78", reason: "The `_geo` field is invalid.", jobId: 1, at: expect.any(Date) },
  ]);
  expect(search.holds("products")).toHaveLength(99);
});

it.each<[string, Answer]>([
  [
    "it is overloaded",
    { status: 503, body: { message: "Too many search requests.", code: "too_many_search_requests" } },
  ],
  [
    "the key is refused",
    { status: 403, body: { message: "The provided API key is invalid.", code: "invalid_api_key" } },
  ],
  ["a proxy answers", { status: 502, body: "<html>Bad Gateway</html>" }],
])("waits while %s, and catches up", async (_, answer) => {
  const { search, imports, standing, hurry } = await openSearch();
  search.fault = () => answer;
  await imports(productsCsv(2));
  await expect.poll(standing).toMatchObject({ state: "retrying", waiting: 1, dead: 0 });
  search.fault = null;
  await hurry();
  await expect.poll(() => held(search)).toEqual(["P0 0.5", "P1 1.5"]);
});

it("stops when the disk is full, and goes on when a person says so", async () => {
  const { search, imports, standing, server } = await openSearch();
  const full = { message: "No space left on device", code: "no_space_left_on_device", type: "system" };
  search.fault = ({ path }) => (path.endsWith("/documents") ? { status: 422, body: full } : undefined);
  await imports(productsCsv(1));
  await expect.poll(standing).toMatchObject({ state: "stopped", error: "No space left on device" });
  search.fault = null;
  await server.outbox.records.retry(name);
  await expect.poll(() => held(search)).toEqual(["P0 0.5"]);
});

it("builds the index anew with the settings of the one in use, whether it swaps once or is killed in between", async () => {
  const { search, imports, standing, server, rows } = await openSearch();
  await imports(productsCsv(250));
  await expect.poll(() => search.holds("products")).toHaveLength(250);
  const settings = { searchableAttributes: ["code"] };
  Object.assign(search.indexes.get("products")?.settings ?? {}, settings);
  search.indexes.get("products")?.documents.set("999", { id: "999", code: "stale" });
  await server.outbox.records.askRebuild(name, "ann");
  await expect.poll(async () => (await standing()).rebuild).toBeNull();
  expect(search.holds("products")).toHaveLength(250);
  expect([...search.indexes.keys()]).toEqual(["products"]);
  expect(search.indexes.get("products")?.settings).toEqual(settings);
  const swaps = () => search.tasks.filter(({ type }) => type === "indexSwap");
  expect(swaps()).toHaveLength(1);
  // The swap was done, and its worker killed before it could note that: it is not done again.
  const {
    swaps: [{ indexes }],
  } = swaps()[0].details as { swaps: { indexes: string[] }[] };
  const suffix = indexes[1].replace("products_", "");
  const state = { suffix, phase: "swapping", drops: indexes[1], after: null, loaded: 250, total: null };
  await rows(
    `update sluice.sinks set rebuild = '${JSON.stringify({ ...state, startedAt: "2026-01-01", actor: null })}'`,
  );
  await expect.poll(async () => (await standing()).rebuild).toBeNull();
  expect(swaps()).toHaveLength(1);
  expect(search.holds("products")).toHaveLength(250);
});

it.each<[Partial<MeilisearchOptions>, string]>([
  [{ url: "localhost" }, 'meilisearch(): `url` is "localhost": write http://host:7700.'],
  [{ index: "a b" }, "meilisearch(): `index` must be letters, digits, - and _."],
])("refuses %j at once", (options, problem) => {
  expect(() => meilisearch({ url: "http://x.example", index: "products", ...options })).toThrow(problem);
});
