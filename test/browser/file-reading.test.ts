/** How a file is read, changed by somebody who sees the first rows as they would be read, before it is decided. */
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { openMap } from "./guests.ts";
import { closeBrowser, shoot } from "./open-page.ts";

afterAll(closeBrowser);

const swallowed = `Mail;Name;City\n${Array.from(
  { length: 12 },
  (_, k) => `guest${k}@example.com;${k === 3 ? '"' : ""}Guest ${k}${k === 8 ? '"' : ""};NULL\n`,
).join("")}`;

async function open(page: Page, change: string, title: string) {
  await page.getByRole("button", { name: change }).click();
  return page.getByRole("dialog", { name: title });
}

it("shows the first rows under each choice, and keeps nothing of it until it is taken", async () => {
  const { page, client, id, errors } = await openMap(swallowed);
  const before = (await client.imports.get(id)).dialect;
  const dialog = await open(page, "Change how the file is read", "How the file is read");
  const table = dialog.getByRole("region", { name: "First rows as they would be read" });
  await table.getByRole("columnheader", { name: "City" }).waitFor();
  await dialog.getByText("Second choice: Commas would give 1 column in").waitFor();
  expect(await violations(page)).toEqual([]);

  await dialog.getByRole("combobox", { name: "What separates cells" }).selectOption({ label: "Commas" });
  await table.getByRole("columnheader", { name: "Mail;Name;City" }).waitFor();
  await dialog.getByText("One column").waitFor();
  await dialog.getByRole("combobox", { name: "What separates cells" }).selectOption({ label: "Semicolons" });
  await dialog.getByRole("combobox", { name: "What encloses cells" }).selectOption("none");
  await table.getByRole("cell", { name: '"Guest 3' }).waitFor();
  expect((await client.imports.get(id)).dialect).toEqual(before);

  await dialog.getByText("More: words for blank").click();
  await dialog.getByRole("textbox", { name: "Words that mean a blank cell" }).fill("NULL, n/a");
  await table.getByRole("cell", { name: "NULL" }).first().waitFor({ state: "detached" });
  await dialog
    .getByRole("combobox", { name: "Rows that end early" })
    .selectOption({ label: "Fill up with blank cells" });
  await dialog.getByRole("combobox", { name: "White space in cells" }).selectOption({ label: "Keep it in text" });
  expect(await violations(page)).toEqual([]);
  await shoot(page, "file-reading-more");
  await dialog.getByRole("button", { name: "Read it this way" }).click();
  await dialog.waitFor({ state: "detached" });
  expect((await client.imports.get(id)).dialect).toMatchObject({
    delimiter: ";",
    quote: "none",
    nulls: ["NULL", "n/a"],
    shortRows: "pad",
    trim: "none",
  });
  expect(errors).toEqual([]);
});

it("is worked by the keyboard alone: the second choice is tried and taken, and Escape leaves all as it was", async () => {
  const { page, client, id } = await openMap("Mail;Name\nann@example.com;Ann\nbo@example.com;Bo\n");
  const change = page.getByRole("button", { name: "Change how the file is read" });
  const dialog = page.getByRole("dialog", { name: "How the file is read" });
  await change.focus();
  await page.keyboard.press("Enter");
  const attempt = dialog.getByRole("button", { name: "Try it" }).first();
  await attempt.focus();
  await page.keyboard.press("Enter");
  await dialog.getByRole("columnheader", { name: "Mail;Name" }).waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect((await client.imports.get(id)).dialect.delimiter).toBe(";");
  await expect.poll(() => change.evaluate((button) => button.getRootNode().activeElement === button)).toBe(true);
});

it.each([
  ["en", "Change how the file is read", "How the file is read"],
  ["fr", "Modifier la lecture du fichier", "Comment le fichier est lu"],
  ["sv", "Ändra hur filen läses", "Hur filen läses"],
] as const)("fits narrow and wide windows in the light and in the dark: %s", async (language, change, title) => {
  const browser = { locale: language === "en" ? "en-GB" : language, viewport: { width: 390, height: 844 } };
  const { page } = await openMap(swallowed, { options: { browser } });
  const dialog = await open(page, change, title);
  await dialog.getByRole("columnheader", { name: "City" }).waitFor();
  await dialog.locator(".runner-up").first().waitFor();
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
    expect([width, fits]).toEqual([width, true]);
    expect(await violations(page)).toEqual([]);
    await shoot(page, `file-reading-${language}-${width}`);
  }
});
