/** What an operator does with a sink: by HTTP and on the command line. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createClient } from "../../src/client/index.ts";
import type { Role } from "../../src/core/users.ts";
import { typesense } from "../../src/notify/typesense.ts";
import { createApp } from "../../src/program/index.ts";
import { runInProcess } from "../run-in-process.ts";
import { openShop, products, productsCsv } from "./open-shop.ts";
import { startTypesense, type TypesenseServer } from "./typesense-server.ts";

const name = "products-typesense";

const sinkTo = ({ url, apiKey }: TypesenseServer) =>
  typesense({
    ...{ url, apiKey, collection: "products", schema: { fields: [{ name: "price", type: "float" }] } },
    document: ({ code, price }: { code: string; price: number }) => ({ code, price: price === 1.5 ? "much" : price }),
  });

async function open(role: Role = "operator") {
  const search = await startTypesense();
  const afterCommit = [sinkTo(search)];
  const shop = await openShop({ afterCommit });
  await shop.imports(productsCsv(3));
  await expect.poll(shop.standing).toMatchObject({ waiting: 0, dead: 1 });
  const app = createApp({
    databaseUrl: shop.url,
    dataDir: shop.folder,
    importers: [products({ afterCommit })],
    logLevel: "silent",
    authenticate: async () => ({ id: "ann", name: "Ann", role }),
  });
  onTestFinished(() => app.close());
  const client = createClient({
    baseUrl: "http://x.example",
    fetch: async (input, init) => app.fetch(new Request(input as string, init)),
  });
  return { ...shop, search, client, app };
}

it("tells by HTTP what a sink refused, puts it in again, and has its index built anew", async () => {
  const { client, search, rows, standing, app } = await open();
  const metrics = await (await app.fetch(new Request("http://x.example/metrics"))).text();
  expect(metrics.split("\n").filter((line) => line.startsWith("sluice_sink_"))).toEqual([
    `sluice_sink_waiting{sink="${name}"} 0`,
    `sluice_sink_refused{sink="${name}"} 1`,
    `sluice_sink_stopped{sink="${name}"} 0`,
  ]);
  expect(await client.sinks.refused(name)).toEqual({
    items: [{ record: "2", reason: "Field `price` must be a float.", importId: 1, at: expect.any(String) }],
    next: null,
  });
  await rows("update products set price = 7 where code = 'P1'");
  expect(await client.sinks.retry(name)).toEqual({ records: 1 });
  await expect.poll(() => search.holds("products").length).toBe(3);
  expect(await client.sinks.refused(name)).toEqual({ items: [], next: null });
  search.fault = ({ path }) => (path.endsWith("/import") ? { status: 503, body: { message: "Lagging" } } : undefined);
  expect(await client.sinks.rebuild(name)).toEqual({
    ...{ phase: "making", loaded: 0, total: null },
    startedAt: expect.stringMatching(/^\d{4}-/),
  });
  await expect.poll(standing).toMatchObject({ state: "retrying", rebuild: { phase: "loading" } });
  expect((await client.queue()).sinks).toMatchObject([{ name, importer: "products", rebuild: { phase: "loading" } }]);
  await expect(client.sinks.rebuild(name)).rejects.toMatchObject({ status: 409 });
  await client.sinks.cancelRebuild(name);
  await expect.poll(async () => (await standing()).rebuild).toBeNull();
  await expect(client.sinks.cancelRebuild(name)).rejects.toMatchObject({ status: 409 });
  for (const of of [client.sinks.refused, client.sinks.retry, client.sinks.rebuild, client.sinks.cancelRebuild])
    await expect(of("nothing")).rejects.toMatchObject({ status: 404, message: expect.stringContaining(name) });
});

it("is an operator's business alone", async () => {
  const { client } = await open("user");
  for (const of of [client.sinks.refused, client.sinks.retry, client.sinks.rebuild, client.sinks.cancelRebuild])
    await expect(of(name)).rejects.toMatchObject({ status: 403 });
});

it("lists sinks on the command line, says what they refused, and works on a rebuild to its end", async () => {
  const { search, url, folder, workers } = await open();
  await workers[0].stop();
  const config = `
    import { products } from ${JSON.stringify(join(import.meta.dirname, "open-shop.ts"))};
    import { typesense } from ${JSON.stringify(join(import.meta.dirname, "../../src/notify/typesense.ts"))};
    const sink = typesense({ url: "${search.url}", apiKey: "${search.apiKey}", collection: "products", document: ({ code, price }) => ({ code, price }) });
    export const config = { importers: [products({ afterCommit: [sink] })] };`;
  await writeFile(join(folder, "sluice.config.ts"), config);
  const sluice = (...args: string[]) =>
    runInProcess([...args, "--database-url", url, "--data-dir", folder], { cwd: folder });
  const { stdout } = await sluice("sinks");
  expect(stdout).toBe(`${name.padEnd(30)}  products          working   0 waiting  1 refused\n`);
  expect(await sluice("sinks", "refused", name)).toMatchObject({ stdout: "2\tField `price` must be a float.\n" });
  search.collections.get("products_1")?.documents.set("999", { id: "999" });
  const rebuilt = await sluice("sinks", "rebuild", name);
  expect(rebuilt).toEqual({ exitCode: 0, stdout: "", stderr: "making: 0\nThe new index is in use.\n" });
  expect(search.holds("products")).toEqual([
    { id: "1", code: "P0", price: 0.5 },
    { id: "2", code: "P1", price: 1.5 },
    { id: "3", code: "P2", price: 2.5 },
  ]);
  expect(await sluice("sinks", "refused", name)).toMatchObject({
    stdout: "",
    stderr: `${name} has refused nothing.\n`,
  });
  expect(await sluice("sinks", "retry", name)).toMatchObject({ stderr: "0 records are put in again.\n" });
  const none = await sluice("sinks", "rebuild", "nothing");
  expect([none.exitCode, none.stderr]).toEqual([1, expect.stringContaining(`There is: ${name}.`)]);
});
