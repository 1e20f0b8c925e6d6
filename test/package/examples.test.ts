/** The examples, each as an application of its own with the packed Sluice; and servers that mount it in other ways. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { freshDatabase } from "../fresh-database.ts";
import { freshFolder } from "../run-cli.ts";
import { tryApi } from "./mounted.ts";
import { nodeServers } from "./node-servers.ts";
import { imported, serve } from "./served.ts";

const examples = fileURLToPath(new URL("../../examples/", import.meta.url));

let servers: string;
beforeAll(async () => {
  servers = await mkdtemp(join(tmpdir(), "sluice servers "));
  await nodeServers(servers, inject("sluice").tarball);
  // Below the folder that has the packages, so that one install serves all.
  await cp(examples, join(servers, "examples"), { recursive: true, filter: (path) => !path.endsWith("node_modules") });
});
afterAll(() => rm(servers, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 }));

/** An example with its table in a database of its own. */
async function openExample(name: string, table: string) {
  const folder = join(servers, "examples", name);
  const { url, database } = await freshDatabase();
  await database.pool.query(await readFile(join(folder, table), "utf8"));
  const env = {
    ...process.env,
    DATABASE_URL: url,
    SLUICE_DATA_DIR: await freshFolder(),
    LANG: "en_US.UTF-8",
    LC_ALL: "",
  };
  const command = join(servers, "node_modules/sluice/bin/sluice.js");
  return {
    folder,
    rows: async (query: string) => (await database.pool.query(query)).rows,
    /** What `sluice` writes; it must not fail. */
    sluice: async (...args: string[]) =>
      (await promisify(execFile)(process.execPath, [command, ...args], { cwd: folder, env })).stdout,
  };
}

it("examples/express mounts the API below a path, beside a route that parses bodies", async () => {
  const folder = join(servers, "examples/express");
  const { origin, rows } = await serve(folder, ["server.ts"], folder);
  await tryApi(`${origin}/imports-api/api/v1`);
  expect(await rows()).toEqual(imported);
  const notes = await fetch(`${origin}/notes`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"a":1}',
  });
  expect(await notes.json()).toEqual({ saved: { a: 1 } });
  expect((await fetch(`${origin}/imports-api/nowhere`)).headers.get("content-type")).toBe("application/problem+json");
  const form = new FormData();
  form.set("import", JSON.stringify({ importer: "people" }));
  form.set("file", new File([await readFile(join(folder, "people.csv"))], "people.csv"));
  const made = await fetch(`${origin}/imports-api/api/v1/imports`, { method: "POST", body: form });
  expect([made.status, await made.json()]).toMatchObject([201, { importer: "people" }]);
});

it("examples/custom-load adds deliveries to the stock and keeps a journal", async () => {
  const { sluice, rows } = await openExample("custom-load", "stock.sql");
  const counts = { created: 1, updated: 2, invalid: 1, rows: 4 };
  expect(await sluice("check")).toContain("deliveries");
  const foretold = JSON.parse(await sluice("import", "deliveries", "deliveries.csv", "--dry-run", "--json"));
  expect(foretold).toMatchObject(counts);
  expect(JSON.parse(await sluice("import", "deliveries", "deliveries.csv", "--json"))).toMatchObject(counts);
  expect(await rows("select sku, quantity from stock order by sku")).toEqual([
    { sku: "FERN-12", quantity: 64 },
    { sku: "MOSS-1", quantity: 15 },
  ]);
  expect(await rows("select count(*)::int as n, sum(quantity)::int as sum from stock_journal")).toEqual([
    { n: 3, sum: 39 },
  ]);
});

it("examples/own-table is what sluice init writes, fits its table and imports", async () => {
  const { sluice, rows, folder } = await openExample("own-table", "customers.sql");
  for (const name of ["sluice.config.ts", "src"]) await rm(join(folder, name), { recursive: true, force: true });
  await sluice("init", "--table", "customers");
  for (const name of ["sluice.config.ts", "src/importers/customers.ts"])
    expect([name, await readFile(join(folder, name), "utf8")]).toEqual([
      name,
      await readFile(join(examples, "own-table", name), "utf8"),
    ]);
  expect(await sluice("check")).toContain("customers");
  const done = JSON.parse(
    await sluice("import", "customers", "customers.csv", "--map", "Company=company_id", "--json"),
  );
  expect(done).toMatchObject({ created: 2, invalid: 1, rows: 3 });
  expect(
    await rows("select full_name, balance, c.code from customers join companies c on c.id = company_id order by 1"),
  ).toEqual([
    { full_name: "Ann Lee", balance: "1250.00", code: "FM" },
    { full_name: "Bo Ek", balance: "80.50", code: "BL" },
  ]);
});

it("is mounted in Fastify below a path, beside routes that parse bodies", async () => {
  const { origin, rows } = await serve(servers, ["fastify.ts"], servers);
  await tryApi(`${origin}/imports-api/api/v1`);
  expect(await rows()).toEqual(imported);
  const own = await fetch(`${origin}/own`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"a":1}',
  });
  expect(await own.json()).toEqual({ got: { a: 1 } });
  expect((await fetch(`${origin}/imports-api/nowhere`)).headers.get("content-type")).toBe("application/problem+json");
});

it("takes JSON that a parser in front has read, says what is lost where another did, and leaves other paths alone", async () => {
  const { origin, rows } = await serve(servers, ["express-late.ts"], servers);
  await tryApi(`${origin}/api/v1`);
  expect(await rows()).toEqual(imported);
  expect(await (await fetch(`${origin}/own`)).text()).toBe("own");
  const form = new FormData();
  form.set("file", new File(["Email\n"], "a.csv"));
  const lost = await fetch(`${origin}/api/v1/uploads?parse`, { method: "POST", body: form });
  expect([lost.status, await lost.json()]).toMatchObject([
    500,
    { detail: expect.stringMatching(/read before it reached Sluice\. Mount Sluice before/) },
  ]);
});
