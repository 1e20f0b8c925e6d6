/** The whole file as the review has corrected it, taken away from there. */
import { readFile } from "node:fs/promises";
import { afterAll, expect, it } from "vitest";
import { rowCells } from "../../src/core/row.ts";
import { formats } from "../../src/formats/formats.ts";
import { memorySource } from "../memory-source.ts";
import { violations } from "./axe.ts";
import { closeBrowser, nowhere, openPage, shoot } from "./open-page.ts";

afterAll(closeBrowser);

const text = "Email;First name\nanna@example.com;Anna\nbo@;Bo\ncia@;Cia\n";

async function rowsOf(path: string): Promise<string[][]> {
  const source = memorySource("corrected", await readFile(path));
  const dialect = await formats.detect(source, { headerRow: 1 });
  const rows: string[][] = [];
  for await (const batch of formats.read(source, dialect, {}))
    for (let r = 0; r < batch.rowCount; r++) rows.push(rowCells(batch, r));
  return rows;
}

it.each([
  { locale: "en-GB", title: "Keep the corrected file", csv: "CSV", name: "leads - corrected" },
  { locale: "fr-FR", title: "Garder le fichier corrigé", csv: "CSV", name: "leads - corrigé" },
  { locale: "sv-SE", title: "Spara den rättade filen", csv: "CSV", name: "leads - rättad" },
])("is offered once something was changed, as CSV and as a workbook: $locale", async ({ locale, title, csv, name }) => {
  const { page, url, client, bring, errors } = await openPage({ at: nowhere, browser: { locale } });
  const id = await bring(text, { name: "leads.csv", start: true });
  await page.goto(`${url}/import/${id}`);
  await page.getByRole("grid").getByText("cia@").waitFor();
  expect(await page.getByRole("heading", { name: title }).count()).toBe(0);
  await client.imports.editCell(id, 3, { field: "email", value: "bo@example.com" });
  await page.reload();
  const card = page.locator(".card").filter({ has: page.getByRole("heading", { name: title }) });
  await card.waitFor();
  expect(await violations(page)).toEqual([]);
  const fetched = async (button: RegExp | string) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      card.getByRole("link", { name: button }).click(),
    ]);
    return { path: await download.path(), name: download.suggestedFilename() };
  };
  const corrected = [
    ["Email", "First name"],
    ["anna@example.com", "Anna"],
    ["bo@example.com", "Bo"],
    ["cia@", "Cia"],
  ];
  const asCsv = await fetched(csv);
  expect([asCsv.name, await rowsOf(asCsv.path)]).toEqual([`${name}.csv`, corrected]);
  const asBook = await fetched(/Excel/);
  expect([asBook.name, await rowsOf(asBook.path)]).toEqual([`${name}.xlsx`, corrected]);
  if (locale === "en-GB") {
    await page.setViewportSize({ width: 1440, height: 900 });
    await shoot(page, "review-corrected");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await violations(page)).toEqual([]);
    await shoot(page, "review-corrected-390");
  }
  expect(errors).toEqual([]);
});
