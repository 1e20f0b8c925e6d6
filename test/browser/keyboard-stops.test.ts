/** How many keys lead from a step's heading to the button that leads on: few, whatever stands between. */
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { doubtfulFile, openMap } from "./guests.ts";
import { closeBrowser, hasFocus } from "./open-page.ts";
import { openOptions } from "./options-import.ts";
import { reviewFile } from "./review-file.ts";
import { wordsOf } from "./wizard-words.ts";

afterAll(closeBrowser);

const t = wordsOf("en");
/** WCAG 2.4.1 names no number; more than these nobody presses gladly. */
const most = 8;

/** Presses of Tab and Enter from the heading to the button, by the skip link of that name. */
async function keysTo(page: Page, skip: string, button: Locator): Promise<number> {
  await button.waitFor();
  await page.getByRole("heading", { level: 1 }).focus();
  const link = page.getByRole("button", { name: skip, exact: true });
  await link.waitFor({ state: "attached" });
  for (let keys = 1; keys <= most; keys++) {
    await page.keyboard.press("Tab");
    if (await hasFocus(button)) return keys;
    if (!(await hasFocus(link))) continue;
    await page.keyboard.press("Enter");
    if (await hasFocus(button)) return keys + 1;
  }
  return Number.POSITIVE_INFINITY;
}

const manyColumns = ["Mail;Name", ...Array.from({ length: 38 }, (_, k) => `Measure ${k}`)].join(";");
const manyCells = ["ann@example.com;Ann", ...Array.from({ length: 38 }, (_, k) => k)].join(";");

it.each([
  ["of two columns", "Mail;Name\nann@example.com;Ann\n", "All that is needed is there"],
  ["with open questions", doubtfulFile, "2 questions are open."],
  ["of 40 columns", `${manyColumns}\n${manyCells}\n`, "All that is needed is there"],
])("is a few keys from the columns of a file %s to its check, and to what is asked", async (_, content, state) => {
  const { page } = await openMap(content);
  await page.getByText(state).first().waitFor();
  const check = page.getByRole("button", { name: t("map", "check"), exact: true });
  expect(await keysTo(page, t("map", "skipToCheck"), check)).toBeLessThanOrEqual(most);
  if (state.includes("questions")) {
    const asked = page.locator(".question-body :is(select, button)").first();
    expect(await keysTo(page, t("map", "skipToQuestions"), asked)).toBeLessThanOrEqual(most);
  }
});

it("is a few keys from the review to the options, and from these to the import", async () => {
  const { page } = await openOptions(reviewFile(), { at: "review" });
  await page.getByRole("grid").getByRole("rowheader").first().waitFor();
  const on = page.getByRole("button", { name: /^Continue with/ });
  expect(await keysTo(page, t("common", "skipToEnd"), on)).toBeLessThanOrEqual(most);
  await page.keyboard.press("Enter");
  await page.locator('.foresight-numbers[aria-busy="false"]').waitFor();
  const go = page.getByRole("button", { name: /^Import \d+ rows/ });
  expect(await keysTo(page, t("common", "skipToEnd"), go)).toBeLessThanOrEqual(most);
});
