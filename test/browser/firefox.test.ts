/** The ways that people go through the wizard, once in Firefox: wide and light, narrow and dark, by pointer and by keyboard. */
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { dirtyFile, dirtyRows } from "../dirty-file.ts";
import { violations } from "./axe.ts";
import { dropFiles } from "./drop-files.ts";
import { openMap } from "./guests.ts";
import { completed, copies, people } from "./history-jobs.ts";
import { beginJourney, figure, importIdOf } from "./journey.ts";
import { asHighAsItsPage, closeBrowser, type OpenPageOptions, openPage, preferTheme, shoot } from "./open-page.ts";
import { openReview } from "./open-review.ts";
import { openProspects, repairAll } from "./prospects.ts";
import { foreignWords, textsOn, wordsOf } from "./wizard-words.ts";

afterAll(closeBrowser);

const wide = { width: 1440, height: 900 };
const inFirefox: OpenPageOptions = { engine: "firefox", browser: { viewport: wide } };

/** What is wrong with a screen, wide in the light theme and narrow in the dark one; wide again afterwards. */
async function looked(page: Page, screen: string): Promise<string[]> {
  const found: string[] = [];
  for (const [theme, size] of [
    ["dark", { width: 390, height: 844 }],
    ["light", wide],
  ] as const) {
    await page.setViewportSize(size);
    const fits = page.waitForFunction((most) => document.documentElement.scrollWidth <= most, size.width);
    await fits.catch(() => found.push(`${screen} at ${size.width}: something sticks out`));
    await asHighAsItsPage(page, async () => {
      found.push(...(await violations(page, [theme])).map((each) => `${screen} at ${size.width}: ${each}`));
      await shoot(page, `firefox-${screen}-${size.width}`, [theme]);
    });
  }
  return found;
}

/** By keys: what Playwright fills in by a script, React does not notice in Firefox. */
async function write(control: Locator, text: string): Promise<void> {
  await control.click();
  await control.press("Control+a");
  await control.pressSequentially(text);
}

/** How bright the upright bar of what scrolls is drawn, on average: from 0 to 255. */
async function brightnessOfBar(page: Page, scroller: Locator): Promise<number> {
  await scroller.scrollIntoViewIfNeeded();
  const clip = await scroller.evaluate((each) => {
    const { right, top } = each.getBoundingClientRect();
    const width = each.offsetWidth - each.clientWidth;
    return { x: right - width, y: top, width, height: each.clientHeight };
  });
  const picture = (await page.screenshot({ clip })).toString("base64");
  return page.evaluate(async (png: string) => {
    const bytes = Uint8Array.from(atob(png), (each) => each.charCodeAt(0));
    const bitmap = await window.createImageBitmap(new Blob([bytes]));
    const context = new window.OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) sum += data[at] + data[at + 1] + data[at + 2];
    return sum / ((data.length / 4) * 3);
  }, picture);
}

it("takes a clean file from the drop to its records, and back", async () => {
  const journey = await beginJourney("en", inFirefox);
  const { page, t, heading, button, rows, errors } = journey;
  await page.getByRole("button", { name: t("upload", "dropTitle") }).waitFor();
  const wrong = await looked(page, "upload");
  const lines = Array.from({ length: 40 }, (_, k) => `C-${k},person${k}@example.com,Person ${k},Lyon`);
  await dropFiles(page, { "leads.csv": `Reference,E-mail,Last name,City\n${lines.join("\n")}\n` });
  await heading("map").waitFor();
  const id = importIdOf(page);
  wrong.push(...(await looked(page, "map")));
  const address = page
    .getByRole("region", { name: t("map", "previewTab"), exact: true })
    .getByText("person0@example.com");
  const linesOf = (each: Element): number => {
    const range = document.createRange();
    range.selectNodeContents(each);
    return range.getClientRects().length;
  };
  expect(await address.evaluate(linesOf)).toBe(1);
  await button("map", "check").click();
  await heading("options").waitFor();
  await page.locator('.foresight-numbers[aria-busy="false"]').waitFor();
  wrong.push(...(await looked(page, "options")));
  await button("options", "importRows", 40).click();
  await heading("commit", "done").waitFor();
  expect(await rows(`select count(*)::int as n from leads where import_job_id = ${id}`)).toEqual([{ n: 40 }]);
  wrong.push(...(await looked(page, "summary")));
  await button("common", "undo").click();
  const undo = page.getByRole("dialog", { name: t("commit", "undoDialog") });
  await undo.getByText(t("commit", "undoDelete", { count: 40 })).waitFor();
  wrong.push(...(await looked(page, "undo")));
  await undo.getByRole("button", { name: t("commit", "undoDeletes", { count: 40 }), exact: true }).click();
  await heading("commit", "undone").waitFor();
  expect(await rows("select count(*)::int as n from leads")).toEqual([{ n: 0 }]);
  expect(wrong).toEqual([]);
  expect(errors).toEqual([]);
});

it("takes a file with 493 bad rows of 3,000 to 15 by Fix all", async () => {
  const journey = await openProspects(inFirefox);
  const { page, t, button, heading, client, errors } = journey;
  const { text, bad } = dirtyFile();
  const id = await journey.upload(text, "prospects.csv");
  await journey.check();
  const wrong = await looked(page, "review");
  await button("review", "fixAll").click();
  const dialog = page.getByRole("dialog", { name: t("review", "repairTitle") });
  await dialog.getByRole("cell").first().waitFor();
  wrong.push(...(await looked(page, "fix-all")));
  await repairAll(journey, dialog, bad.unknown);
  await button("review", "continue", dirtyRows - bad.unknown).click();
  await heading("options", "titleDuplicates").waitFor();
  await journey.importAll();
  expect(await client.imports.get(id)).toMatchObject({ status: "completed", validRows: dirtyRows - bad.unknown });
  expect(wrong).toEqual([]);
  expect(errors).toEqual([]);
});

it("edits, selects, copies, sorts, filters, replaces and leaves out in the grid", async () => {
  const { page, client, id, errors } = await openReview(undefined, inFirefox);
  const t = wordsOf("en");
  const grid = page.getByRole("grid");
  const cell = (row: number, name: string): Locator =>
    page
      .getByRole("row")
      .filter({ has: page.getByRole("rowheader", { name: new RegExp(`(^|\\. )${row}($| )`) }) })
      .getByRole("gridcell", { name });
  const values = async (): Promise<unknown[]> => {
    const { items } = await client.imports.rows(id, { by: "field", offset: 0, limit: 4 });
    return items.map((row) => `${row.values?.city} ${row.values?.status}`);
  };
  const wrong = await looked(page, "grid");

  await preferTheme(page, "dark");
  expect(await brightnessOfBar(page, grid)).toBeLessThan(128);
  await preferTheme(page, null);

  // A cell, by keys.
  await cell(3, "person3.example.com").click();
  await page.keyboard.press("F2");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("person3@example.com");
  await page.keyboard.press("Enter");
  await expect.poll(() => figure(page, t("review", "wrong")).textContent()).toBe("14");

  // A range by the pointer, copied over another.
  await cell(2, "Lyon").hover();
  await page.mouse.down();
  await cell(3, "New").hover();
  await page.mouse.up();
  await page.getByText("4 cells selected: 2 × 2.").first().waitFor();
  await page.keyboard.press("Control+c");
  await page.getByText("4 cells were copied.").first().waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("Lyon\tNew\r\nParris\tNew");
  await cell(4, "Lyon").click();
  await page.keyboard.press("Control+v");
  await expect.poll(values).toEqual(["Lyon new", "Parris new", "Lyon new", "Parris new"]);
  await cell(5, "Parris").waitFor();
  await page.keyboard.press("Control+z");
  await expect.poll(values).toEqual(["Lyon new", "Parris new", "Lyon new", "Lyon Gagnéé"]);

  // The width of a column, by its edge.
  const head = grid.getByRole("columnheader", { name: "First name", exact: true });
  const widthOf = async (): Promise<number> => Math.round((await head.boundingBox())?.width ?? 0);
  const before = await widthOf();
  await head.locator("[data-edge]").hover();
  const edge = (await head.locator("[data-edge]").boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.move(edge.x + 4, edge.y + edge.height / 2);
  await page.mouse.down();
  await page.mouse.move(edge.x + 64, edge.y + edge.height / 2, { steps: 4 });
  await page.mouse.up();
  expect(await widthOf()).toBe(before + 60);

  // Sorted, and filtered by a value.
  await page.getByRole("button", { name: t("review", "columnMenu", { column: "City" }) }).click();
  const dialog = page.getByRole("dialog", { name: "City" });
  await dialog.getByRole("checkbox", { name: /^Parris\s*20$/ }).check();
  wrong.push(...(await looked(page, "column")));
  await dialog.getByRole("button", { name: t("review", "showValues") }).click();
  await page.getByRole("status").filter({ hasText: "20 of 62 rows" }).waitFor({ state: "attached" });
  await page.getByRole("button", { name: t("review", "columnMenu", { column: "First name" }) }).click();
  await page.getByRole("dialog", { name: "First name" }).getByRole("button", { name: "Sort descending" }).click();
  await expect.poll(() => grid.getByRole("rowheader").first().textContent()).toMatch(/9/);

  // Found and replaced in what is shown.
  await page.getByRole("button", { name: "Find and replace" }).click();
  const find = page.getByRole("dialog", { name: "Find and replace" });
  await write(find.getByRole("textbox", { name: "Find", exact: true }), "Parris");
  await find.getByText("20 rows contain this text.").waitFor();
  await write(find.getByRole("textbox", { name: "Replace with" }), "Paris");
  wrong.push(...(await looked(page, "find")));
  await find.getByRole("button", { name: "Replace all" }).click();
  await find.getByText("20 rows were changed.").waitFor();
  await find.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Show all rows" }).first().click();

  // A row left out, and put back in.
  await grid.getByRole("rowheader").nth(1).click();
  await page.keyboard.press("Control+-");
  await expect.poll(async () => (await client.imports.get(id)).skippedRows).toBe(1);
  await page.getByRole("button", { name: "Put row back in" }).click();
  await expect.poll(async () => (await client.imports.get(id)).skippedRows).toBe(0);

  await page.getByRole("button", { name: "Full screen" }).click();
  await expect.poll(async () => (await grid.boundingBox())?.height).toBeGreaterThan(480);
  wrong.push(...(await looked(page, "grid-full")));
  expect(wrong).toEqual([]);
  expect(errors).toEqual([]);
});

it("chooses fields and values for columns in French", async () => {
  const t = wordsOf("fr");
  const { page, client, id, errors } = await openMap("Mail;Town\nann@example.com;Lyon\nbo@example.com;\n", {
    options: { ...inFirefox, browser: { ...inFirefox.browser, locale: "fr-FR" } },
  });
  await page.getByRole("heading", { level: 1, name: t("map", "title") }).waitFor();
  await page.getByRole("rowgroup", { name: "Town" }).getByRole("combobox").selectOption({ label: "Ville" });
  await page.getByRole("button", { name: t("map", "madeWay_constant") }).click();
  const dialog = page.getByRole("dialog");
  await write(dialog.getByRole("textbox"), "Visiteur");
  await expect.poll(() => dialog.getByRole("listitem").count()).toBe(2);
  const wrong = await looked(page, "map-constant");
  await dialog.getByRole("button", { name: t("map", "madeDo") }).click();
  await page.getByRole("article", { name: "Nom" }).waitFor();
  wrong.push(...(await looked(page, "map-made")));
  expect(foreignWords(await textsOn(page), "fr")).toEqual([]);
  await page.getByRole("button", { name: t("map", "check") }).click();
  await client.imports.waitFor(id, { status: "ready" });
  const { items } = await client.imports.rows(id);
  expect(items.map((row) => [row.values?.name, row.values?.city])).toEqual([
    ["Visiteur", "Lyon"],
    ["Visiteur", null],
  ]);
  expect(wrong).toEqual([]);
  expect(errors).toEqual([]);
});

it("opens, filters and deletes imports in Swedish, signs out and in again", async () => {
  const t = wordsOf("sv");
  const opened = await openPage({ ...inFirefox, browser: { ...inFirefox.browser, locale: "sv-SE" } });
  const { page, client, signInLink, errors } = opened;
  await copies(opened, await completed(opened, people), 30);
  await page.goto("/import/history");
  await page.getByText(t("history", "range", { count: 31, from: "1", to: "25", total: "31" })).waitFor();
  const wrong = await looked(page, "history");
  await write(page.getByRole("searchbox", { name: t("history", "search") }), "leads");
  await page.getByText(t("history", "range", { count: 1 })).waitFor();
  await page.getByLabel(t("history", "from"), { exact: true }).fill("2026-02-01");
  await page.getByRole("link", { name: "leads.csv" }).click();
  await page.getByRole("heading", { level: 1, name: "leads.csv" }).waitFor();
  await page.getByRole("heading", { level: 2 }).nth(1).waitFor();
  wrong.push(...(await looked(page, "job")));
  expect(foreignWords(await textsOn(page), "sv")).toEqual([]);
  await page.goBack();
  await page.getByRole("checkbox", { name: t("history", "pick", { file: "leads.csv" }) }).check();
  await page.getByRole("button", { name: t("history", "deletePicked", { count: 1 }) }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: t("history", "deleteConfirm") })
    .click();
  await expect.poll(async () => (await client.imports.list({ text: "leads" })).items.length).toBe(0);

  const link = await signInLink();
  await page.getByRole("button", { name: t("page", "signOut") }).click();
  const signIn = page.getByRole("dialog");
  await signIn.waitFor();
  wrong.push(...(await looked(page, "sign-in")));
  await write(signIn.getByRole("textbox"), link);
  await signIn.getByRole("button", { name: t("common", "signIn"), exact: true }).click();
  await signIn.waitFor({ state: "detached" });
  await page.getByRole("button", { name: t("page", "signOut") }).waitFor();
  expect(wrong).toEqual([]);
  expect(errors).toEqual([]);
});
