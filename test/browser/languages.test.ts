/** What the server refuses, and why an import stands still, in the words of whoever reads the page. */
import { gzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { closeBrowser, openPage, shoot } from "./open-page.ts";
import { peopleCsv } from "./people-csv.ts";

afterAll(closeBrowser);

it("refuses a file in French on a French page", async () => {
  const { page, errors } = await openPage({ browser: { locale: "fr-FR" } });
  await page.getByRole("heading", { name: "Importer un fichier", level: 1 }).waitFor();
  await page.locator("input[type=file]").setInputFiles({
    name: "facture.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from("%PDF-1.7\nand so on"),
  });
  const line = page.getByRole("listitem").filter({ hasText: "facture.pdf" });
  await line.getByText("Nous ne pouvons pas lire ce fichier").waitFor();
  await line
    .getByText("facture.pdf est un PDF. Récupérez le tableau lui-même, en XLSX ou en CSV, là d’où il vient.")
    .waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "upload-refused-french");
  // A refused request is told of in the console by the browser itself.
  expect(errors.filter((each) => !each.includes("Failed to load resource"))).toEqual([]);
});

it("says why an import has failed in the language that is chosen, as soon as it is", async () => {
  const { page, bring, client } = await openPage({ browser: { locale: "fr-FR" } });
  const packed = gzipSync(peopleCsv(30_000));
  const id = await bring(packed.subarray(0, packed.length - 100), { name: "people.csv.gz" });
  await client.imports.start(id, { acceptDoubts: true });
  await expect.poll(async () => (await client.imports.get(id)).status).toBe("failed");
  await page.goto(`/import/${id}`);
  await page.getByText("people.csv.gz s’arrête au milieu : le téléchargement ou l’envoi a été coupé.").waitFor();
  await shoot(page, "analysis-failed-french");
  await page.getByRole("combobox", { name: "Langue" }).selectOption("sv");
  await page.getByText("people.csv.gz slutar mitt i: hämtningen eller uppladdningen bröts.").waitFor();
  await page.getByText("s’arrête au milieu").waitFor({ state: "detached" });
  await page.goto("/import/history");
  await page.goto(`/import/history/${id}`);
  await page.getByText("people.csv.gz slutar mitt i").waitFor();
  expect(await violations(page)).toEqual([]);
});
