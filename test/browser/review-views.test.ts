/** The rows of the review sorted, filtered by the values of columns and by several kinds of issue, and edited as far as they are shown. */
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { closeBrowser, nowhere, openPage, shoot } from "./open-page.ts";
import { openReview } from "./open-review.ts";
import { wordsOf } from "./wizard-words.ts";

afterAll(closeBrowser);

const told = (page: Page, text: string): Promise<void> =>
  page.getByRole("status").filter({ hasText: text }).waitFor({ state: "attached" });
const head = (page: Page, name: string): Locator =>
  page.getByRole("grid").getByRole("columnheader").filter({ hasText: name });
const numbers = async (page: Page): Promise<number[]> => {
  const all = await page.getByRole("grid").getByRole("rowheader").allTextContents();
  return all.slice(0, 3).map((text) => Number(/\d+/.exec(text)?.[0]));
};

it("sorts by a column from its head and by the keyboard, and goes back to the file's order", async () => {
  const { page, errors } = await openReview();
  await page.getByRole("button", { name: "Sort and filter by “First name”" }).click();
  const dialog = page.getByRole("dialog", { name: "First name" });
  await dialog.getByRole("checkbox").first().waitFor();
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Sort descending" }).click();
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => numbers(page)).toEqual([62, 63, 9]);
  expect(await head(page, "First name").getAttribute("aria-sort")).toBe("descending");
  await told(page, "62 rows");
  await shoot(page, "review-sorted");

  await page.getByRole("gridcell", { name: "First 9", exact: true }).click();
  await page.keyboard.press("Alt+ArrowDown");
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => page.locator(":focus:not([data-sluice])").textContent()).toBe("First 9");
  await page.keyboard.press("Alt+ArrowDown");
  await dialog.getByRole("button", { name: "In the file’s order" }).click();
  await expect.poll(() => numbers(page)).toEqual([2, 3, 4]);
  expect(await head(page, "First name").getAttribute("aria-sort")).toBeNull();
  expect(errors).toEqual([]);
});

it("keeps the focus in the grid when it is sorted from a row far down", async () => {
  const { page } = await openReview();
  await page.getByRole("gridcell", { name: "First 9", exact: true }).click();
  await page.keyboard.press("Control+End");
  await page.getByRole("rowheader", { name: /63/ }).waitFor();
  await page.keyboard.press("Alt+ArrowDown");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Sort ascending" }).click();
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => page.locator("[role=grid] :focus").count()).toBe(1);
});

it("shows the rows with chosen values, of several kinds of issue, and replaces in these alone", async () => {
  const { page, client, id } = await openReview();
  await page.getByRole("button", { name: "Sort and filter by “City”" }).click();
  const dialog = page.getByRole("dialog", { name: "City" });
  await dialog.getByRole("checkbox", { name: /^Parris\s*20$/ }).check();
  await dialog.getByRole("textbox", { name: "Find a value" }).fill("lyo");
  await dialog.getByRole("checkbox", { name: /^Lyon/ }).waitFor();
  // What is chosen is not among what is looked for, and stays chosen.
  await expect.poll(() => dialog.getByRole("listitem").allTextContents()).toEqual([expect.stringMatching(/^Lyon/)]);
  await dialog.getByText("One other value is chosen.").waitFor();
  await shoot(page, "review-column");
  await dialog.getByRole("button", { name: "Show these rows" }).click();
  await told(page, "20 of 62 rows");
  await page.getByRole("button", { name: "Remove the filter: City: Parris" }).waitFor();

  await page.getByRole("button", { name: /^Status / }).click();
  await page.getByRole("button", { name: /^E-mail / }).click({ modifiers: ["Control"] });
  await page.getByRole("button", { name: "Remove the filter: Status" }).waitFor();
  await page.getByRole("button", { name: "Remove the filter: E-mail" }).waitFor();
  const shown = await client.imports.rows(id, {
    issues: ["choice_unknown:status", "email_invalid:email"],
    where: { city: ["Parris"] },
    offset: 0,
  });
  await told(page, `${shown.total} of 62 rows`);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "review-filtered-by-values");

  await page.getByRole("button", { name: "Find and replace" }).click();
  const find = page.getByRole("dialog", { name: "Find and replace" });
  await find.getByRole("textbox", { name: "Find", exact: true }).fill("Parris");
  await find.getByRole("textbox", { name: "Replace" }).fill("Paris");
  await find.getByText(`${shown.total} rows contain this text.`).waitFor();
  expect(await find.getByRole("checkbox", { name: "Only in the rows that are shown" }).isChecked()).toBe(true);
  await find.getByRole("button", { name: "Replace all" }).click();
  await find
    .getByText(`${shown.total} rows were changed`)
    .or(find.getByText(/changed/))
    .first()
    .waitFor();
  const { items } = await client.imports.rowValues(id, { column: "city" });
  expect(items.find(({ value }) => value === "Paris")?.rows).toBe(shown.total);
});

it("says how many rows there are at least while they are counted, and finds those that come late", async () => {
  const { page, bring, client } = await openPage({ at: nowhere });
  const lines = ["Email,First name"];
  for (let row = 2; row < 120_002; row++)
    lines.push(`p${row}@example.com,${row % 3 === 0 ? "Zed" : row === 120_001 ? "Rare" : "N"}`);
  const id = await bring(lines.join("\n"), { start: true });
  await page.goto(`/import/${id}`);
  await page.getByRole("grid").getByRole("rowheader").first().waitFor();
  const search = page.getByRole("searchbox", { name: "Search in all cells" });
  await search.fill("zed");
  const { total } = await client.imports.rows(id, { search: "zed", offset: 0, limit: 1 });
  await told(page, `${total?.toLocaleString("en")} of 120,000 rows`);
  await search.fill("rare");
  await page.getByRole("grid").getByRole("gridcell", { name: "Rare" }).waitFor();
  await told(page, "1 of 120,000 rows");
  await search.fill("nobody at all");
  await page.getByText("No row matches what you are looking for.").waitFor();
});

it.each([
  ["fr-FR", "fr", "Ville"],
  ["sv-SE", "sv", "Ort"],
] as const)("speaks %s", async (locale, language, column) => {
  const t = wordsOf(language);
  const { page } = await openReview(undefined, { browser: { locale } });
  await page.getByRole("button", { name: t("review", "columnMenu", { column }) }).click();
  await page.getByRole("dialog").getByRole("checkbox").first().waitFor();
  await page.getByRole("button", { name: t("review", "showValues") }).waitFor();
  await shoot(page, `review-column-${locale}`);
});
