/** Rows left out of an import in the review's grid, by keyboard and by buttons, and put back in. */
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { closeBrowser, shoot } from "./open-page.ts";
import { openReview } from "./open-review.ts";
import { wordsOf } from "./wizard-words.ts";

afterAll(closeBrowser);

const grid = (page: Page): Locator => page.getByRole("grid");
const header = (page: Page, row: number): Locator =>
  grid(page).getByRole("rowheader", { name: new RegExp(`\\b${row}$`) });
const segment = (page: Page, name: string): Locator => page.getByRole("radio", { name: new RegExp(`^${name} `) });
const said = (page: Page, text: string): Promise<void> =>
  page.locator(".cell-detail").getByText(text, { exact: true }).waitFor();

it("leaves the selected rows out by Ctrl+-, takes it back by Ctrl+Z, and puts some back in", async () => {
  const { page, client, id, errors } = await openReview();
  const totals = async () => {
    const { validRows, invalidRows, skippedRows } = await client.imports.get(id);
    return [validRows, invalidRows, skippedRows];
  };
  const before = await totals();
  await header(page, 3).click();
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  // Rows 3 and 5 have errors, row 4 has none.
  await page.keyboard.press("Control+-");
  await said(page, "3 rows were left out.");
  expect(await totals()).toEqual([before[0] - 1, before[1] - 2, 3]);
  await grid(page)
    .getByRole("rowheader", { name: /Left out\. 4 This row was left out by hand\./ })
    .waitFor();
  expect(await page.locator("[role=grid] :focus").count()).toBe(1);
  await segment(page, "Left out").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "review-left-out");

  // What is left out is not edited.
  await grid(page).getByRole("gridcell", { name: "First 4", exact: true }).click();
  await page.keyboard.press("Enter");
  await said(page, "This row is left out. Put it back in to edit it.");
  expect(await grid(page).getByRole("textbox").count()).toBe(0);

  await segment(page, "Left out").check();
  await expect.poll(() => grid(page).getByRole("rowheader").count()).toBe(3);
  await grid(page).getByRole("gridcell", { name: "First 4", exact: true }).click();
  await page.getByRole("button", { name: "Put row back in" }).click();
  await expect.poll(totals).toEqual([before[0], before[1] - 2, 2]);
  await expect.poll(() => grid(page).getByRole("rowheader").count()).toBe(2);
  await page.getByRole("button", { name: "Put all back in" }).click();
  await expect.poll(totals).toEqual(before);
  await segment(page, "All").check();
  await header(page, 3).click();
  for (const times of [2, 3, 0]) {
    await page.keyboard.press("Control+z");
    await expect.poll(async () => (await totals())[2]).toBe(times);
  }
  expect(await totals()).toEqual(before);
  expect(errors).toEqual([]);
});

it("leaves out the row of a cell, all rows of a view, and says when nothing is left", async () => {
  const { page, client, id } = await openReview();
  const skipped = async () => (await client.imports.get(id)).skippedRows;
  await grid(page).getByRole("gridcell", { name: "First 7", exact: true }).click();
  await page.keyboard.press("Control+Alt+-");
  await said(page, "One row was left out.");
  expect((await client.imports.rows(id, { issue: "row_left_out" })).items.map(({ row }) => row)).toEqual([7]);
  await page.keyboard.press("Control+Alt+=");
  await said(page, "One row is valid now.");
  expect(await skipped()).toBe(0);

  await segment(page, "Errors").check();
  const { invalidRows } = await client.imports.get(id);
  await expect.poll(() => grid(page).getByRole("rowheader").count()).toBe(invalidRows);
  await grid(page).getByRole("gridcell").first().click();
  await page.keyboard.press("Control+a");
  await page.getByRole("button", { name: `Leave ${invalidRows} rows out` }).click();
  await page.getByText("There are no errors left here.").waitFor();
  expect(await skipped()).toBe(invalidRows);
  await page.getByText("No errors", { exact: true }).waitFor();

  await segment(page, "All").check();
  await grid(page).getByRole("gridcell").first().click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+-");
  await page.getByText("All rows are left out").waitFor();
  await page.getByRole("button", { name: /^Changes/ }).click();
  const changes = page.getByRole("dialog").getByRole("listitem");
  await expect.poll(() => changes.count()).toBe(4);
  expect(await changes.locator(".change-words > span:first-child").allTextContents()).toEqual([
    "Rows left out",
    "Rows left out",
    "Row 7 put back in",
    "Row 7 left out",
  ]);
});

it("leaves out a stretch of a long file without naming its rows, also of those that a filter shows", async () => {
  const lines = ["Email,First name"];
  for (let row = 2; row < 6002; row++) lines.push(`p${row}@example.com,${row % 3 === 0 ? "Zed" : "N"}`);
  const { page, client, id } = await openReview(lines.join("\n"));
  const kept: unknown[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/edits")) kept.push(request.postDataJSON());
  });
  await page.getByRole("searchbox", { name: "Search in all cells" }).fill("zed");
  await page.getByRole("status").filter({ hasText: "2,000 of 6,000 rows" }).waitFor();
  await header(page, 6).click();
  await page.keyboard.press("Control+Shift+End");
  await said(page, "3,998 cells selected: 1,999 × 2.");
  await page.getByRole("button", { name: "Leave 1,999 rows out" }).click();
  await said(page, "1,999 rows were left out.");
  expect(kept).toEqual([{ kind: "leave_out", from: 6, to: 6000, within: { search: "zed" } }]);
  expect(await client.imports.get(id)).toMatchObject({ validRows: 4001, skippedRows: 1999 });
});

it.each([
  ["fr-FR", "fr"],
  ["sv-SE", "sv"],
] as const)("speaks %s", async (locale, language) => {
  const t = wordsOf(language);
  const { page } = await openReview(undefined, { browser: { locale } });
  await header(page, 4).click();
  await page.keyboard.press("Control+-");
  await said(page, t("review", "nowOut", { count: 1 }));
  await page.getByRole("button", { name: t("review", "putBack", { count: 1 }) }).waitFor();
  await shoot(page, `review-left-out-${locale}`);
});
