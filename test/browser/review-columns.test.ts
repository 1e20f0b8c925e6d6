/** The columns of the review's grid: their widths, which of them are shown, and which stay in view; by pointer and by keyboard. */
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { closeBrowser, shoot } from "./open-page.ts";
import { openReview } from "./open-review.ts";
import { wordsOf } from "./wizard-words.ts";

afterAll(closeBrowser);

const grid = (page: Page): Locator => page.getByRole("grid");
const head = (page: Page, name: string): Locator => grid(page).getByRole("columnheader", { name, exact: true });
const edge = (page: Page, name: string): Locator => head(page, name).locator("[data-edge]");
const cell = (page: Page, name: string): Locator => grid(page).getByRole("gridcell", { name, exact: true });
const heads = (page: Page): Promise<string[]> =>
  grid(page)
    .getByRole("columnheader")
    .evaluateAll((all) => all.map((each) => String(each.getAttribute("aria-label"))));
const box = async (of: Locator): Promise<{ x: number; y: number; width: number; height: number }> => {
  const found = await of.boundingBox();
  if (found === null) throw new Error("It is not there.");
  return found;
};
const widthOf = async (of: Locator): Promise<number> => Math.round((await box(of)).width);

it("drags the edge of a head to another width, fits it by a double click, and remembers both", async () => {
  const { page, client, id, bring, errors } = await openReview();
  await grid(page).scrollIntoViewIfNeeded();
  const before = await widthOf(head(page, "First name"));
  const { x, y, height } = await box(edge(page, "First name"));
  await page.mouse.move(x + 4, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + 44, y + height / 2, { steps: 4 });
  await page.mouse.move(x + 104, y + height / 2, { steps: 4 });
  await page.mouse.up();
  expect(await widthOf(head(page, "First name"))).toBe(before + 100);
  expect(await widthOf(cell(page, "First 2"))).toBe(before + 100);
  // Nothing was selected by it, and the column beside it stands where this one ends.
  expect(await grid(page).locator(".selected").count()).toBe(0);
  const [first, last] = [await box(head(page, "First name")), await box(head(page, "Last name"))];
  expect(Math.round(last.x)).toBe(Math.round(first.x + first.width));

  await edge(page, "First name").dblclick();
  const fitting = await widthOf(head(page, "First name"));
  expect(fitting).toBeLessThan(before);
  const isCut = (of: Locator): Promise<boolean> =>
    of.locator(".grid-text").evaluate((each) => Number(each.scrollWidth) > Number(each.clientWidth));
  expect([await isCut(head(page, "First name")), await isCut(cell(page, "First 2"))]).toEqual([false, false]);

  // Another file of the importer looks the same.
  expect((await client.imports.get(id)).importer).toBe("leads");
  const other = await bring("Email,First name\nx@example.com,First 2\n", { start: true });
  await page.goto(`/import/${other}`);
  await cell(page, "First 2").waitFor();
  expect(await widthOf(head(page, "First name"))).toBe(fitting);
  expect(errors).toEqual([]);
});

it("hides a column, keeps the first in view, and sets a width by the keyboard, and goes back to how it was", async () => {
  const { page, errors } = await openReview();
  const all = await heads(page);
  await cell(page, "First 2").click();
  await page.keyboard.press("Alt+ArrowDown");
  const dialog = page.getByRole("dialog", { name: "First name" });
  const width = dialog.getByRole("slider", { name: "Width" });
  await width.focus();
  const before = Number(await width.inputValue());
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  expect(await widthOf(head(page, "First name"))).toBe(before + 20);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "review-column-looks");
  await dialog.getByRole("button", { name: "Freeze up to here" }).press("Enter");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });

  // Far to the right both stay, beside the row's number, and what has the focus is seen beside them.
  await page.keyboard.press("End");
  await expect.poll(() => grid(page).evaluate((each) => Number(each.scrollLeft) > 0)).toBe(true);
  const numbers = await box(grid(page).getByRole("rowheader").first());
  const [email, first] = [await box(cell(page, "person2@example.com")), await box(cell(page, "First 2"))];
  expect(Math.round(email.x)).toBe(Math.round(numbers.x + numbers.width));
  expect(Math.round(first.x)).toBe(Math.round(email.x + email.width));
  expect(Math.round((await box(head(page, "First name"))).x)).toBe(Math.round(first.x));
  for (let steps = 0; steps < 4; steps++) await page.keyboard.press("ArrowLeft");
  expect(await page.locator("[role=grid] :focus").textContent()).toBe("Last 2");
  expect((await box(page.locator("[role=grid] :focus"))).x).toBeGreaterThanOrEqual(first.x + first.width - 1);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "review-frozen");

  await page.keyboard.press("Alt+ArrowDown");
  await page.getByRole("dialog", { name: "Last name" }).getByRole("button", { name: "Hide column" }).press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await heads(page)).toEqual(all.filter((name) => name !== "Last name"));
  expect(await page.locator("[role=grid] :focus").count()).toBe(1);
  // All columns are a key away, from the row's number.
  await page.keyboard.press("Control+ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Alt+ArrowDown");
  const columns = page.getByRole("dialog", { name: "Columns" });
  expect(await columns.getByRole("checkbox", { name: "Last name" }).isChecked()).toBe(false);
  await columns.getByRole("checkbox", { name: "City" }).press("Space");
  await columns
    .getByRole("combobox", { name: "Keep in view while scrolling" })
    .selectOption({ label: "Up to “E-mail”" });
  expect(await violations(page)).toEqual([]);
  await shoot(page, "review-columns");
  await columns.getByRole("button", { name: "Done" }).press("Enter");
  await page.reload();
  await cell(page, "First 2").waitFor();
  expect(await heads(page)).toEqual(all.filter((name) => name !== "Last name" && name !== "City"));

  await page.getByRole("button", { name: "Columns: 2 are hidden" }).click();
  await columns.getByRole("button", { name: "Reset columns" }).click();
  await columns.getByRole("button", { name: "Done" }).click();
  expect(await heads(page)).toEqual(all);
  expect(await page.evaluate(() => localStorage.getItem("sluice.columns"))).toBe("[]");
  expect(errors).toEqual([]);
});

it("shows a hidden column as long as its errors are looked at, and always one", async () => {
  const { page } = await openReview();
  const columns = page.getByRole("dialog", { name: "Columns" });
  await page.getByRole("button", { name: "Columns: show, hide, freeze" }).click();
  const boxes = await columns.getByRole("checkbox").all();
  for (const each of boxes) await each.click();
  expect(await columns.getByRole("checkbox", { checked: true }).count()).toBe(1);
  await columns.getByRole("button", { name: "Done" }).click();
  const left = await heads(page);
  expect(left).toEqual(["Row", "Notes"]);
  await page.getByRole("button", { name: /^E-mail / }).click();
  await expect.poll(() => heads(page)).toEqual(["Row", "E-mail", "Notes"]);
  await page.getByRole("button", { name: /^E-mail / }).click();
  await expect.poll(() => heads(page)).toEqual(left);
});

it("lets no column stay in view where the others would not be seen beside it", async () => {
  const { page } = await openReview();
  await cell(page, "First 2").click();
  await page.keyboard.press("Alt+ArrowDown");
  await page.getByRole("dialog").getByRole("button", { name: "Freeze up to here" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await expect.poll(() => grid(page).locator(".frozen").count()).toBeGreaterThan(0);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(() => grid(page).locator(".frozen").count()).toBe(0);
  await page.keyboard.press("End");
  const focused = page.locator("[role=grid] :focus");
  await expect.poll(() => focused.getAttribute("aria-colindex")).toBe("8");
  const notes = head(page, "Notes");
  await notes.waitFor();
  const view = await box(grid(page));
  expect((await box(notes)).x).toBeLessThan(view.x + view.width);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "review-columns-390");
  // What is scrolled away keeps the focus.
  await grid(page).evaluate((each) => each.scrollTo(0, 0));
  await head(page, "E-mail").waitFor();
  expect(await focused.getAttribute("aria-colindex")).toBe("8");
  await page.keyboard.press("Home");
  await grid(page).evaluate((each) => each.scrollTo(900, 0));
  await notes.waitFor();
  expect(await focused.textContent()).toBe("person2@example.com");
});

it.each([
  ["fr-FR", "fr"],
  ["sv-SE", "sv"],
] as const)("speaks %s", async (locale, language) => {
  const t = wordsOf(language);
  const { page } = await openReview(undefined, { browser: { locale } });
  await page.getByRole("button", { name: t("review", "columnsMenu") }).click();
  await page.getByRole("dialog", { name: t("review", "columnsTitle") }).waitFor();
  await shoot(page, `review-columns-${locale}`);
});
