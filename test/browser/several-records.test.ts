/** An import whose rows make several records: what will become of each, what has, the records of each kind, and the way back. */
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { shop, shopFile, shopTables } from "../engine/records/shop.ts";
import { violations } from "./axe.ts";
import { closeBrowser, nowhere, type OpenPage, openPage, shoot } from "./open-page.ts";

afterAll(closeBrowser);

async function openShop(): Promise<OpenPage & { id: number }> {
  const opened = await openPage({ at: nowhere, importers: [shop], cwd: join(import.meta.dirname, "shop") });
  const { client, database, page } = opened;
  await database.query(sql.raw(shopTables()));
  const upload = await client.upload(new TextEncoder().encode(shopFile), { name: "shop.csv" });
  const { id } = await client.imports.create({
    uploadId: upload.id,
    importer: "shop",
    start: true,
    acceptDoubts: true,
  });
  await client.imports.waitFor(id, { status: "ready" });
  await page.goto(`/import/${id}/options`);
  return { ...opened, id };
}

/** A table's rows as texts, below its head. */
async function table(within: Page | Locator, name: string): Promise<string[]> {
  const rows = within.getByRole("region", { name, exact: true }).getByRole("row");
  await rows.nth(1).waitFor();
  const all = await rows.all();
  return Promise.all(all.map(async (row) => (await row.locator("th, td").allTextContents()).join(" ")));
}

const made = [
  "Records Created Updated Unchanged Closed",
  "brands 1 0 1 0",
  "products 1 1 1 0",
  "prices 2 0 1 1",
  "stocks 1 1 1 0",
  "tags 1 0 1 0",
];

// The dry run has taken numbers of its own for the new product and its brand.
it("says by record what will happen and what has, shows the records of each kind, and undoes them all", async () => {
  const opened = await openShop();
  const { page, id, errors, database } = opened;
  const foretold = page.getByRole("region", { name: "Records", exact: true }).getByRole("listitem");
  await foretold.first().waitFor();
  expect((await foretold.allTextContents()).map((text) => text.replaceAll("\u00a0", " "))).toEqual([
    "brandsCreated 1 · Unchanged 1",
    "productsCreated 1 · Updated 1 · Unchanged 1",
    "pricesCreated 2 · Unchanged 1 · Closed 1",
    "stocksCreated 1 · Updated 1 · Unchanged 1",
    "tagsCreated 1 · Unchanged 1",
  ]);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "several-records-options");

  await page.getByRole("button", { name: "Import 2 rows" }).click();
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
  expect(await table(page, "Records")).toEqual(made);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "several-records-summary");
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await shoot(page, "several-records-summary-narrow");
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.getByRole("link", { name: "See the imported records" }).click();
  const which = page.getByLabel("Which records");
  await which.waitFor();
  expect(await which.locator("option:checked").textContent()).toBe("products");
  await which.selectOption("stocks");
  await page.getByRole("cell", { name: "Paris" }).waitFor();
  expect(await table(page, "Imported records, page 1")).toEqual([
    "product_id warehouse stock Import",
    "4 Paris 1 created",
    "1 Lyon 7 updated",
  ]);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "several-records-table");

  await database.query(sql`update stocks set quantity = 9 where warehouse = 'Paris'`);
  await page.goto(`/import/${id}`);
  await page.getByRole("button", { name: "Undo the import…" }).click();
  expect(await table(page.getByRole("dialog"), "Undo this import?")).toEqual([
    "Records To delete To restore Kept",
    "brands 0 0 1",
    "products 0 1 1",
    "prices 2 1 0",
    "stocks 0 1 1",
    "tags 1 0 0",
    "links of tags 2 0 0",
  ]);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "several-records-undo");
  await page.getByRole("button", { name: /^Undo \d+ records/ }).click();
  await page.getByRole("heading", { name: "Import undone", level: 1 }).waitFor();
  expect(await table(page, "Kept records, each with its reason")).toEqual([
    "Kind Record Why",
    'stocks [4, "Paris"] Changed since the import',
    "products 4 In use in public.stocks",
    "brands 3 In use in public.products",
  ]);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "several-records-undone");
  expect(errors).toEqual([]);
});
