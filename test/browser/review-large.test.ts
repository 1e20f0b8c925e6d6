/** The review of files that are long, wide, or whose rows were lost on the way. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it, onTestFinished } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { violations } from "./axe.ts";
import { closeBrowser, nowhere, openPage, shoot } from "./open-page.ts";
import { reviewFile } from "./review-file.ts";

afterAll(closeBrowser);

const firstRow = (page: Page): Locator => page.getByRole("grid").getByRole("rowheader").first();

/** What a test asks of the grid's element. */
type Scroller = HTMLElement & { scrollHeight: number; scrollTo(left: number, top: number): void };

/** More than a browser could scroll at the grid's height of a row. */
const manyRows = 240_000;

it("goes to the end of a list that no browser could scroll, and edits a row there", async () => {
  const { page, bring } = await openPage({ at: nowhere });
  const lines = ["Email,First name"];
  for (let row = 2; row < manyRows + 2; row++) lines.push(`p${row}@example.com,${row === manyRows + 1 ? "Last" : "N"}`);
  const id = await bring(lines.join("\n"), { start: true });
  await page.goto(`/import/${id}`);
  const grid = page.getByRole("grid");
  await firstRow(page).waitFor();
  await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe(String(manyRows + 1));
  await grid.getByRole("gridcell", { name: "p2@example.com" }).click();
  await page.keyboard.press("Control+End");
  await grid.getByRole("gridcell", { name: "Last" }).waitFor();
  expect(await grid.evaluate((each: Scroller) => each.scrollHeight)).toBeLessThan(9_000_000);
  await page.keyboard.type("The last one");
  await page.keyboard.press("Enter");
  await page.getByText("Row 240,001 is valid now.").waitFor({ state: "attached" });
  await grid.getByRole("gridcell", { name: "The last one" }).waitFor();

  // Half of the bar's way is half of the rows.
  await grid.evaluate((each: Scroller) => each.scrollTo(0, each.scrollHeight / 2));
  await grid
    .getByRole("rowheader", { name: /^120,0\d\d$/ })
    .first()
    .waitFor();
  await shoot(page, "review-half-way");
  // The cell with the focus is still there for the keyboard.
  await page.keyboard.press("ArrowUp");
  await grid.getByRole("rowheader", { name: "240,000", exact: true }).waitFor();
  // What is drawn is what is seen.
  await expect.poll(() => grid.getByRole("row").count()).toBeLessThan(50);
});

it("keeps the focus, and what is typed, while its row is scrolled away and back, step by step and at once", async () => {
  const { page, bring } = await openPage({ at: nowhere });
  const lines = Array.from({ length: 600 }, (_, k) => `p${k + 2}@example.com,N${k + 2}`);
  const id = await bring(`Email,First name\n${lines.join("\n")}\n`, { start: true });
  await page.goto(`/import/${id}`);
  const grid = page.getByRole("grid");
  const focused = page.locator(":focus:not([data-sluice])");
  const scrollTo = async (top: number, shows: number): Promise<void> => {
    await grid.evaluate((each: Scroller, to) => each.scrollTo(0, to), top);
    await grid.locator(`[aria-rowindex="${shows}"]:not(.away)`).waitFor();
  };
  await firstRow(page).waitFor();
  // As high as all of its rows: what is not there yet cannot be scrolled to.
  await expect.poll(() => grid.evaluate((each: Scroller) => each.scrollHeight)).toBeGreaterThan(600 * 34);
  await scrollTo(100 * 34, 112);
  await grid.getByRole("gridcell", { name: "N110", exact: true }).click();
  await page.keyboard.press("F2");
  await page.keyboard.press("End");
  // Above the view and below it, where it goes and comes back by a few rows at a time; then at once.
  for (let row = 104; row <= 136; row += 4) await scrollTo(row * 34, row + 6);
  for (let row = 132; row >= 64; row -= 4) await scrollTo(row * 34, row + 6);
  for (let row = 68; row <= 100; row += 4) await scrollTo(row * 34, row + 6);
  for (const row of [500, 10, 300, 100]) await scrollTo(row * 34, row + 6);
  await page.keyboard.type("x");
  expect(await focused.evaluate((input: { value?: string }) => input.value)).toBe("N110x");
  await page.keyboard.press("Enter");
  await grid.getByRole("gridcell", { name: "N110x", exact: true }).waitFor();
  await page.keyboard.press("ArrowUp");
  // The same with the cell itself.
  for (let row = 96; row >= 64; row -= 4) await scrollTo(row * 34, row + 6);
  for (let row = 68; row <= 100; row += 4) await scrollTo(row * 34, row + 6);
  await expect.poll(() => focused.textContent()).toBe("N110x");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => focused.textContent()).toBe("N111");
});

const wideFields = 400;
const fieldNames = Array.from({ length: wideFields }, (_, k) => `field_${k}`);
const wide = defineImporter({
  name: "wide",
  fields: Object.fromEntries(fieldNames.map((name) => [name, field.text({ maxLength: 20 })])),
  target: { table: "wide", id: "id" },
});
/** The same, for the worker. */
const wideConfig = `
  import { defineImporter, field } from ${JSON.stringify(new URL("../../src/index.ts", import.meta.url).href)};
  const names = Array.from({ length: ${wideFields} }, (_, k) => "field_" + k);
  const fields = Object.fromEntries(names.map((name) => [name, field.text({ maxLength: 20 })]));
  export const config = { importers: [defineImporter({ name: "wide", fields, target: { table: "wide", id: "id" } })] };
`;

it("shows a file of 10,000 columns, those that feed a field, as far as they are in view", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "sluice-test-wide-"));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  await writeFile(join(cwd, "sluice.config.mjs"), wideConfig);
  const { page, client, database } = await openPage({ at: nowhere, importers: [wide], cwd });
  await database.query(sql`
    create table wide (id bigint generated always as identity primary key, ${sql.join(fieldNames.map((name) => sql`${sql.id(name)} text`))})
  `);
  const headers = Array.from({ length: 10_000 }, (_, k) => (k < wideFields ? fieldNames[k] : `other_${k}`));
  const cells = (row: number): string =>
    headers
      .map((_, k) => (row === 3 && k === wideFields - 1 ? "far too long for this field" : `${row}.${k}`))
      .join(",");
  const csv = [headers.join(","), cells(2), cells(3), cells(4)].join("\n");
  const upload = await client.upload(new TextEncoder().encode(csv), { name: "wide.csv" });
  const columns = headers.map((column, k) => ({ column, field: k < wideFields ? fieldNames[k] : null }));
  const { id } = await client.imports.create({ uploadId: upload.id, importer: "wide", columns, start: true });
  await client.imports.waitFor(id, { status: "ready" });
  await page.goto(`/import/${id}`);
  const grid = page.getByRole("grid");
  await grid.getByRole("gridcell", { name: "2.0", exact: true }).click();
  await expect.poll(() => grid.getAttribute("aria-colcount")).toBe(String(wideFields + 1));
  await expect.poll(() => grid.getByRole("gridcell").count()).toBeLessThan(80);
  await page.keyboard.press("End");
  await grid.getByRole("columnheader", { name: `field_${wideFields - 1}` }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.getByRole("region", { name: "Chosen cell" }).getByText("far too long for this field").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "review-wide");
  await page.keyboard.type("short");
  await page.keyboard.press("Enter");
  await page.getByText("Row 3 is valid now.").waitFor({ state: "attached" });
});

it("comes back with its edits when the database has lost the staged rows", async () => {
  const { page, client, database, bring } = await openPage({ at: nowhere });
  const id = await bring(reviewFile(), { start: true });
  await client.imports.editCell(id, 3, { field: "email", value: "mended@example.com" });
  await page.goto(`/import/${id}`);
  await page.getByRole("gridcell", { name: "mended@example.com" }).waitFor();
  await database.query(sql`truncate ${sql.id("sluice_stage", `job_${id}_0`)}`);
  await page.getByRole("searchbox", { name: "Search in all cells" }).fill("mended");
  await expect.poll(async () => (await client.imports.get(id)).status).toBe("ready");
  await page.getByRole("gridcell", { name: "mended@example.com" }).waitFor();
  await page.locator("dl > div").filter({ hasText: "Errors" }).getByText("14").waitFor();
});

it("shows everything from right to left where the page does", async () => {
  const { page, bring } = await openPage({ at: nowhere });
  const id = await bring(reviewFile(), { start: true });
  await page.goto(`/import/${id}`);
  await page.getByRole("gridcell", { name: "person2@example.com" }).waitFor();
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
    document.querySelector("[data-sluice]").shadowRoot.querySelector(".frame").dir = "rtl";
  });
  await page.getByRole("gridcell", { name: "person2@example.com" }).click();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => page.locator(":focus:not([data-sluice])").textContent()).toBe("First 2");
  await page.keyboard.press("End");
  await page.getByRole("columnheader", { name: "Notes" }).waitFor();
  await shoot(page, "review-right-to-left");
});
