/** An index built anew: what the new one holds, what is delivered meanwhile, and a worker that is killed at each step. */
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { typesense } from "../../src/notify/typesense.ts";
import { startCli } from "../run-cli.ts";
import { openShop, productsCsv, type Shop } from "./open-shop.ts";
import type { Asked } from "./search-server.ts";
import { startTypesense, type TypesenseServer } from "./typesense-server.ts";

const name = "products-typesense";

async function openSearch(workers: number): Promise<Shop & { search: TypesenseServer }> {
  const search = await startTypesense();
  const { url, apiKey } = search;
  const sink = typesense({
    ...{ url, apiKey, collection: "products", limits: { documents: 50 } },
    document: ({ code, price }: { code: string; price: number }) => ({ code, price }),
  });
  return { ...(await openShop({ afterCommit: [sink] }, { workers })), search };
}

const held = (search: TypesenseServer) => search.holds("products").map(({ code, price }) => `${code} ${price}`);
const whole = (rows: number, price = (k: number) => k + 0.5) =>
  Array.from({ length: rows }, (_, k) => `P${k} ${price(k)}`);
const isImport = ({ path }: Asked): boolean => path.endsWith("/documents/import");
const ended = ({ standing }: Shop) => expect.poll(async () => (await standing()).rebuild);

it("loads every record into a new collection, swaps the alias and drops the old one, with what people set for their searches", async () => {
  const shop = await openSearch(1);
  const { search, imports, rows, server, events } = shop;
  await imports(productsCsv(120));
  await expect.poll(() => search.holds("products").length).toBe(120);
  const first = search.collections.get("products_1");
  first?.documents.set("999", { id: "999", code: "stale" });
  first?.synonyms.set("tv", { id: "tv", synonyms: ["tv", "television"] });
  first?.overrides.set("promo", { id: "promo", rule: {} });
  await rows("delete from products where code = 'P7'");
  await server.outbox.records.askRebuild(name, "ann");
  await ended(shop).toBeNull();
  expect(held(search)).toEqual(whole(120).filter((each) => !each.startsWith("P7 ")));
  const [index, ...others] = search.collections.keys();
  expect([index, others]).toEqual([expect.stringMatching(/^products_\d{14}$/), []]);
  expect(search.aliases.get("products")).toBe(index);
  const { synonyms, overrides, schema } = search.collections.get(index) ?? {};
  expect([synonyms, overrides, schema?.fields]).toEqual([first?.synonyms, first?.overrides, first?.schema.fields]);
  await expect.poll(() => events).toContainEqual({ name: "sink.rebuilt", sink: name, records: 119 });
});

it("gives the new index what is imported while it is loaded, and the one in use as well", async () => {
  const shop = await openSearch(2);
  const { search, imports, server } = shop;
  await imports(productsCsv(120));
  await expect.poll(() => search.holds("products").length).toBe(120);
  const { promise: loading, resolve: isLoading } = Promise.withResolvers<void>();
  const { promise: imported, resolve: goOn } = Promise.withResolvers<undefined>();
  let loads = 0;
  search.fault = async (asked) => {
    if (!isImport(asked) || !/products_\d{14}/.test(asked.path) || ++loads < 2) return undefined;
    isLoading();
    return imported;
  };
  await server.outbox.records.askRebuild(name, null);
  await loading;
  // P0 is loaded already, P119 is not yet; P500 is new.
  await imports("code,price\nP0,7\nP119,7\nP500,7\n");
  goOn(undefined);
  await ended(shop).toBeNull();
  await expect.poll(shop.waiting).toBe(0);
  expect(held(search)).toEqual([...whole(120, (k) => (k === 0 || k === 119 ? 7 : k + 0.5)), "P500 7"]);
});

it("goes on while the collection in use takes nothing in, and delivers what is due to the new one", async () => {
  const shop = await openSearch(1);
  const { search, imports, server, standing } = shop;
  await imports(productsCsv(60));
  await expect.poll(() => search.holds("products").length).toBe(60);
  search.fault = (asked) =>
    isImport(asked) && asked.path.includes("/products/")
      ? { status: 503, body: { message: "Not Ready or Lagging" } }
      : undefined;
  await imports("code,price\nP0,7\n");
  await expect.poll(standing).toMatchObject({ state: "retrying", waiting: 1 });
  await server.outbox.records.askRebuild(name, null);
  await expect.poll(() => held(search)[0]).toBe("P0 7");
  await ended(shop).toBeNull();
  search.fault = null;
  await shop.hurry();
  await expect.poll(shop.waiting).toBe(0);
});

it("is given up when a person says so, and leaves the collection in use as it was", async () => {
  const shop = await openSearch(1);
  const { search, imports, server, rows } = shop;
  await imports(productsCsv(120));
  await expect.poll(() => search.holds("products").length).toBe(120);
  const full = { status: 422, body: { message: "Rejecting write: running out of resource type: OUT_OF_MEMORY" } };
  search.fault = (asked) => (isImport(asked) && /products_\d{14}/.test(asked.path) ? full : undefined);
  await server.outbox.records.askRebuild(name, null);
  await expect.poll(shop.standing).toMatchObject({ state: "stopped", rebuild: { phase: "loading", loaded: 0 } });
  await expect(server.outbox.records.askRebuild(name, null)).rejects.toThrow("is being rebuilt already");
  await server.outbox.records.cancelRebuild(name);
  await ended(shop).toBeNull();
  expect([...search.collections.keys()]).toEqual(["products_1"]);
  await imports("code,price\nP0,7\n");
  await expect.poll(() => held(search)[0]).toBe("P0 7");
  expect(await rows("select from sluice.outbox where replays")).toEqual([]);
  await expect(server.outbox.records.cancelRebuild(name)).rejects.toThrow("No rebuild");
});

it("takes the place of a collection of one's own that has the name itself", async () => {
  const shop = await openSearch(1);
  const { search, imports, server } = shop;
  search.collections.set("products", {
    schema: { name: "products", fields: [{ name: "code", type: "string" }] },
    ...{ documents: new Map(), synonyms: new Map(), overrides: new Map() },
  });
  await imports(productsCsv(3));
  await expect.poll(() => search.collections.get("products")?.documents.size).toBe(3);
  await server.outbox.records.askRebuild(name, null);
  await ended(shop).toBeNull();
  expect(search.collections.has("products")).toBe(false);
  expect(held(search)).toEqual(whole(3));
});

const script = fileURLToPath(new URL("shop-worker.ts", import.meta.url));

/** A worker in its own process, killed when the search server is asked for the nth time what `at` says; whether or not it gets its answer. */
async function killedAt(
  shop: Shop & { search: TypesenseServer },
  at: (asked: Asked) => boolean,
  nth: number,
): Promise<void> {
  const { search, url, folder } = shop;
  let times = 0;
  const worker = startCli([url, folder, search.url, search.apiKey], { cwd: folder, script });
  search.fault = (asked) => {
    if (at(asked) && ++times === nth) worker.kill("SIGKILL");
    return undefined;
  };
  const { signal, stderr } = await worker.ended;
  expect([signal, stderr]).toEqual(["SIGKILL", ""]);
  search.fault = null;
}

it.each([1, 3, 5])("holds everything in the end when a worker is killed at its delivery number %i", async (nth) => {
  const shop = await openSearch(0);
  const { search, startWorker, imports, standing } = shop;
  // Killed before its import is complete or after it: the other one does what is left of both.
  const imported = imports(productsCsv(250));
  await killedAt(shop, isImport, nth);
  await startWorker();
  await imported;
  await expect.poll(standing).toMatchObject({ waiting: 0, dead: 0, error: null });
  expect(held(search)).toEqual(whole(250));
});

it.each<[string, (asked: Asked) => boolean, number]>([
  ["made", ({ method, path }) => method === "POST" && path === "/collections", 1],
  ["loaded", (asked) => isImport(asked) && /products_\d{14}/.test(asked.path), 2],
  ["swapped", ({ method, path }) => method === "PUT" && path === "/aliases/products", 1],
  ["dropped", ({ method, path }) => method === "DELETE" && path === "/collections/products_1", 1],
])("is finished by another worker when one is killed while the index is %s", async (_, at, nth) => {
  const shop = await openSearch(1);
  const { search, imports, server, workers, startWorker } = shop;
  await imports(productsCsv(120));
  await expect.poll(() => search.holds("products").length).toBe(120);
  await expect.poll(shop.waiting).toBe(0);
  await workers[0].stop();
  search.collections.get("products_1")?.documents.set("999", { id: "999", code: "stale" });
  await server.outbox.records.askRebuild(name, null);
  await killedAt(shop, at, nth);
  await startWorker();
  await ended(shop).toBeNull();
  expect(held(search)).toEqual(whole(120));
  expect(search.collections.size).toBe(1);
});
