/** A zip archive of several files: each is shown, one is chosen. */
import { afterAll, expect, it } from "vitest";
import { zipOf } from "../corpus/zip-bytes.ts";
import { violations } from "./axe.ts";
import { closeBrowser, openPage, shoot } from "./open-page.ts";

afterAll(closeBrowser);

/** Other tests run beside these. */
const patience = { timeout: 60_000 };

const rowsOf = (count: number, domain: string): string =>
  Array.from({ length: count }, (_, k) => `p${k}@${domain};Ann ${k};Berg;Lyon\r\n`).join("");
const header = "E-mail;Prénom;Nom;Ville\r\n";
const archive = Buffer.from(
  zipOf([
    { name: "export/leads-2024.csv", content: header + rowsOf(40, "example.com") },
    { name: "export/leads-2023.csv", content: header + rowsOf(3, "example.org") },
    { name: "__MACOSX/export/._leads-2023.csv", content: "x" },
    { name: "export/scan.pdf", content: "%PDF-1.4" },
    ...Array.from({ length: 20 }, (_, k) => ({ name: `export/old/${k}.csv`, content: "E-mail\na@b.fr\n" })),
  ]),
);

it("shows how each file begins, or why it cannot be read, and reads the one that is chosen, by keyboard too", async () => {
  const { page, client, errors } = await openPage();
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "export.zip", mimeType: "application/zip", buffer: archive });
  const group = page.getByRole("radiogroup", { name: "Which file in the zip would you like to import?" });
  await group.waitFor();
  await expect.poll(() => group.getByRole("radio", { name: "leads-2024.csv" }).isChecked()).toBe(true);
  await group.getByRole("table", { name: "First rows of export/leads-2024.csv" }).getByText("p0@example.com").waitFor();
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await shoot(page, "upload-entries");
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot(page, "upload-entries-390");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await page.setViewportSize({ width: 1280, height: 800 });

  const id = Number(/\d+$/.exec(page.url())?.[0]);
  const dialect = async () => (await client.imports.get(id)).dialect;
  await group.getByRole("radio", { name: "leads-2024.csv" }).focus();
  await page.keyboard.press("ArrowDown");
  await expect.poll(async () => (await dialect()).entry, patience).toBe("export/leads-2023.csv");
  await expect.poll(() => group.getByRole("radio", { name: "leads-2023.csv" }).isChecked(), patience).toBe(true);
  await page.getByText("File “export/leads-2023.csv”").waitFor();
  // What is not among the first twenty is chosen by its name.
  await page.getByRole("combobox", { name: "more file" }).selectOption("export/scan.pdf");
  await page.getByText("scan.pdf) is a PDF.").waitFor();
  expect((await dialect()).entry).toBe("export/leads-2023.csv");
  await page.getByRole("combobox", { name: "more file" }).selectOption("export/old/19.csv");
  await expect.poll(async () => (await dialect()).entry, patience).toBe("export/old/19.csv");
  expect(errors.filter((error) => !/422/.test(error))).toEqual([]);
});

it("asks nothing where the archive has one file", async () => {
  const { page, client } = await openPage();
  const buffer = Buffer.from(
    zipOf([
      { name: "leads.csv", content: header + rowsOf(3, "example.com") },
      { name: ".DS_Store", content: "x" },
    ]),
  );
  await page.locator("input[type=file]").setInputFiles({ name: "one.zip", mimeType: "application/zip", buffer });
  await page.waitForURL(/\/import\/\d+$/);
  await page.getByRole("heading", { level: 1 }).waitFor();
  expect((await client.imports.get(Number(/\d+$/.exec(page.url())?.[0]))).dialect.entry).toBeUndefined();
  await expect.poll(() => page.getByRole("radiogroup", { name: "Which file" }).count()).toBe(0);
});
