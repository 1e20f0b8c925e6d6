/** The first rows beside the columns, where there is room for both: each choice is seen at work. */
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { openMap } from "./guests.ts";
import { closeBrowser, shoot } from "./open-page.ts";

afterAll(closeBrowser);

const people = `Mail;Name;City;Notiz\n${Array.from(
  { length: 30 },
  (_, k) => `guest${k}@example.com;Zoë ${k};Lyon;${k}\n`,
).join("")}`;

it("shows what comes of a field, a delimiter, an encoding and a header row beside the columns, as they are chosen", async () => {
  const { page, errors } = await openMap(people);
  await page.getByRole("tab", { name: "Preview" }).waitFor();
  await page.setViewportSize({ width: 1440, height: 900 });
  const preview = page.getByRole("region", { name: "Preview", exact: true });
  await preview.waitFor();
  expect(await page.getByRole("tab").count()).toBe(0);
  await preview.getByRole("cell", { name: "guest0@example.com" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-beside");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1440);

  const columns = page.getByRole("region", { name: "Columns", exact: true });
  const place = async () => (await preview.boundingBox())?.x ?? 0;
  const box = await columns.boundingBox();
  expect(await place()).toBeGreaterThan((box?.x ?? 0) + (box?.width ?? 0) - 1);

  // The column feeds nothing, until a field is chosen for it.
  await preview.getByRole("columnheader", { name: "Notiz" }).waitFor({ state: "detached" });
  await columns.getByRole("combobox", { name: "Notiz" }).selectOption("postal_code");
  await preview.getByRole("columnheader", { name: "Postal code Notiz" }).waitFor();
  await preview
    .getByRole("cell", { name: "29", exact: true })
    .or(preview.getByRole("cell", { name: "9", exact: true }))
    .first()
    .waitFor();
  await page.getByRole("button", { name: "Change how the file is read" }).click();
  const dialog = page.getByRole("dialog", { name: "How the file is read" });
  await dialog.getByRole("combobox", { name: "Characters" }).selectOption("windows-1252");
  await dialog.getByRole("cell", { name: "ZoÃ« 0" }).waitFor();
  await dialog.getByRole("spinbutton", { name: "Header row" }).fill("2");
  await dialog.getByRole("columnheader", { name: "guest0@example.com" }).waitFor();
  await dialog.getByRole("spinbutton", { name: "Header row" }).fill("1");
  await dialog.getByRole("button", { name: "Read it this way" }).click();
  await dialog.waitFor({ state: "detached" });
  await preview.getByRole("cell", { name: "ZoÃ« 0" }).waitFor();

  await page.emulateMedia({ colorScheme: "dark" });
  expect(await violations(page)).toEqual([]);
  // Less room: one at a time again.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("tab", { name: "Preview" }).click();
  await page.getByRole("cell", { name: "ZoÃ« 0" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-beside-390");
  expect(errors).toEqual([]);
});
