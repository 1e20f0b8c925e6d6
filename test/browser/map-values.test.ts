/** Values that no column has: a required field gets one value for all rows, a part of a column, several columns together. */
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { openMap } from "./guests.ts";
import { closeBrowser, shoot } from "./open-page.ts";

afterAll(closeBrowser);

const dialogOf = (page: Page) => page.getByRole("dialog", { name: "Where “Name” comes from" });

it("takes a required field without a column from one value for every row, to the records", async () => {
  const { page, client, id, errors } = await openMap("Mail;Town\nann@example.com;Lyon\nbo@example.com;\n");
  await page.getByRole("heading", { name: "One question to answer" }).waitFor();
  await page.getByRole("button", { name: "The same value in every row" }).click();
  const dialog = dialogOf(page);
  await dialog.getByRole("button", { name: "Use it" }).click();
  await dialog.getByText("Enter the value.").waitFor();
  await dialog.getByRole("textbox", { name: "Value" }).fill("Guest of the fair");
  await dialog.getByText("The first rows would have").waitFor();
  await expect
    .poll(() => dialog.getByRole("listitem").allInnerTexts())
    .toEqual(["Row 2: Guest of the fair", "Row 3: Guest of the fair"]);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-constant");
  await dialog.getByRole("button", { name: "Use it" }).click();
  const made = page.getByRole("article", { name: "Name" });
  await made.getByText("“Guest of the fair” in every row").waitFor();
  await page.getByText("All that is needed is there").waitFor();
  // What a blank cell counts as, at its column.
  const town = page.getByRole("rowgroup", { name: "Town" });
  await town.getByRole("combobox").selectOption({ label: "City" });
  await town.getByRole("button", { name: "Town" }).click();
  await town.getByRole("textbox", { name: "Blank counts as" }).fill("Nice");
  await page.keyboard.press("Enter");
  await town.getByText("Blank cells count as “Nice”").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-made");
  await page.setViewportSize({ width: 360, height: 780 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await shoot(page, "map-made-narrow");
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole("button", { name: "Check the file" }).click();
  await client.imports.waitFor(id, { status: "ready" });
  const { items } = await client.imports.rows(id);
  expect(items.map(({ values }) => [values?.name, values?.city])).toEqual([
    ["Guest of the fair", "Lyon"],
    ["Guest of the fair", "Nice"],
  ]);
  // There is nothing to fix; its value is edited for one row like any other.
  await page.getByRole("button", { name: "Look at the rows" }).click();
  await page.getByRole("gridcell", { name: "Guest of the fair" }).first().dblclick();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("Ann");
  await page.keyboard.press("Enter");
  await page.getByRole("gridcell", { name: "Ann", exact: true }).waitFor();
  await shoot(page, "review-made");
  await client.imports.commit(id);
  await client.imports.waitFor(id, { status: "completed" });
  expect(errors).toEqual([]);
});

it("puts columns together and takes a part of one, shows what comes of it, and takes it back", async () => {
  const { page, client, id } = await openMap(
    "Mail;Vorname;Nachname;Anschrift\nann@example.com;Ann;Lee;12 rue X, 69001 Lyon\nbo@example.com;Bo;Ek;\n",
  );
  await page.getByRole("button", { name: "Several columns together" }).click();
  const dialog = dialogOf(page);
  expect(await dialog.getByRole("radio", { name: "Several columns together" }).isChecked()).toBe(true);
  await dialog.getByRole("combobox", { name: "Column 1" }).selectOption("Vorname");
  await dialog.getByRole("combobox", { name: "Column 2" }).selectOption("Nachname");
  await expect.poll(() => dialog.getByRole("listitem").allInnerTexts()).toEqual(["Row 2: Ann Lee", "Row 3: Bo Ek"]);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-join");
  await dialog.getByRole("button", { name: "Use it" }).click();
  await page.getByRole("article", { name: "Name", exact: true }).getByText("Ann Lee · Bo Ek").waitFor();

  await page.getByRole("button", { name: "Add a value that no column has" }).click();
  const other = page.getByRole("dialog", { name: "A value that no column has" });
  await other.getByRole("combobox", { name: "Field" }).selectOption({ label: "City" });
  await other.getByRole("radio", { name: "Part of a column" }).click();
  await other.getByRole("combobox", { name: "Column" }).selectOption("Anschrift");
  expect(await other.getByRole("combobox", { name: "Part" }).inputValue()).toBe("city");
  await expect.poll(() => other.getByRole("listitem").allInnerTexts()).toEqual(["Row 2: Lyon", "Row 3: blank"]);
  await shoot(page, "map-split");
  await other.getByRole("button", { name: "Use it" }).click();
  await page.getByRole("article", { name: "City" }).getByText("City of “Anschrift”").waitFor();
  await page.getByRole("tab", { name: "Preview" }).click();
  await page.getByRole("region", { name: "First rows of the file" }).getByRole("cell", { name: "Ann Lee" }).waitFor();
  await page.getByRole("tab", { name: "Columns" }).click();
  await page.getByRole("button", { name: "Remove City" }).click();
  await page.getByRole("status").filter({ hasText: "City is no longer filled." }).waitFor();
  await expect.poll(async () => (await client.imports.mapping(id)).fields.map(({ field }) => field)).toEqual(["name"]);
});
