/** The step in which the file is read: while it runs, when the file is broken, and when it is not wanted after all. */
import { gzipSync } from "node:zlib";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { closeGate } from "./gate.ts";
import { closeBrowser, nowhere, type OpenPage, openPage, shoot } from "./open-page.ts";
import { peopleCsv } from "./people-csv.ts";

afterAll(closeBrowser);

const smallBatches = { SLUICE_BATCH_BYTES: "65536" };

/** On its page; its reading stops before the last row that is not right is kept. @returns what lets it go on */
async function heldParse({ database, bring, client, page }: OpenPage, bad: number[]): Promise<() => Promise<void>> {
  const id = await bring(peopleCsv(6000, { bad }));
  const open = await closeGate(database, {
    table: "sluice.import_rows",
    event: "insert",
    condition: `new.row_no = ${bad.at(-1)}`,
  });
  await client.imports.start(id, { acceptDoubts: true });
  await page.goto(`/import/${id}`);
  return open;
}

it("shows how far the file is read, and goes to the review by itself", async () => {
  const opened = await openPage({ at: nowhere, environment: smallBatches });
  const { page, errors } = opened;
  const open = await heldParse(opened, [40, 4000]);
  await page.getByRole("heading", { name: "Reading and checking the rows" }).waitFor();
  await expect
    .poll(async () => Number(await page.getByRole("progressbar").getAttribute("aria-valuenow")))
    .toBeGreaterThan(20);
  await expect
    .poll(() => page.getByRole("listitem").filter({ hasText: "Checking" }).getAttribute("aria-current"))
    .toBe("step");
  expect(await violations(page)).toEqual([]);
  await shoot(page, "analysis-running");
  await page.reload();
  await page.getByRole("heading", { name: "Reading and checking the rows" }).waitFor();
  await open();
  await page.getByRole("heading", { name: "Review", level: 1 }).waitFor();
  expect(errors).toEqual([]);
});

it("tells by the browser when it is done, where somebody asked for that", async () => {
  const opened = await openPage({ at: nowhere, environment: smallBatches });
  const { page, context, errors } = opened;
  await context.addInitScript(() => {
    const told: string[][] = [];
    let asked = 0;
    const { Notification: Own } = window;
    class Watched extends Own {
      static async requestPermission() {
        asked++;
        return Own.requestPermission();
      }
      constructor(title: string, options: { body: string }) {
        super(title, options);
        told.push([title, options.body]);
      }
    }
    Object.assign(window, { Notification: Watched, told, asked: () => asked });
  });
  await context.grantPermissions(["notifications"]);
  const open = await heldParse(opened, [4000]);
  const button = page.getByRole("button", { name: "Notify me when it is done" });
  await button.waitFor();
  expect(await page.evaluate(() => window.asked())).toBe(0);
  await button.click();
  await expect.poll(() => button.getAttribute("aria-pressed")).toBe("true");
  expect(await page.evaluate(() => window.asked())).toBe(1);
  await open();
  await page.getByRole("heading", { name: "Review", level: 1 }).waitFor();
  expect(await page.evaluate(() => window.told)).toEqual([["leads.csv", "Ready to review"]]);
  expect(errors).toEqual([]);
});

it("pauses, resumes and cancels, each in the reader's own language", async () => {
  const opened = await openPage({ at: nowhere, environment: smallBatches, browser: { locale: "fr-FR" } });
  const { page } = opened;
  const open = await heldParse(opened, [4000]);
  await page.getByRole("button", { name: "Mettre en pause" }).click();
  await page.getByRole("heading", { name: "En pause" }).waitFor();
  await page.getByText(/Mis en pause par .+ : reprenez/).waitFor();
  await shoot(page, "analysis-paused-french");
  await page.getByRole("button", { name: "Reprendre" }).click();
  await page.getByRole("heading", { name: /Lecture et analyse des lignes|En attente de son tour/ }).waitFor();
  await page.getByRole("button", { name: "Interrompre l’import" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Rien n’a été écrit.").waitFor();
  await dialog.getByRole("button", { name: "Interrompre l’import" }).click();
  await page.getByRole("heading", { name: "Import interrompu", level: 1 }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "analysis-cancelled");
  await open();
  await page.reload();
  await page.getByText("Rien n’a été écrit").waitFor();
  await page.getByRole("button", { name: "Importer un autre fichier" }).click();
  await page.getByRole("heading", { name: "Importer un fichier", level: 1 }).waitFor();
});

it("says what is wrong with a broken file and what to do, and lets its columns be looked at again", async () => {
  const { page, bring, client } = await openPage({ at: nowhere });
  const packed = gzipSync(peopleCsv(30_000));
  // The checksum at its end is of another file (RFC 1952, section 2.3.1).
  packed[packed.length - 8] ^= 0xff;
  const id = await bring(packed, { name: "people.csv.gz" });
  await client.imports.start(id, { acceptDoubts: true });
  await page.goto(`/import/${id}`);
  await page.getByRole("heading", { name: "This file needs another look", level: 1 }).waitFor();
  await page.getByText("The file could not be checked").waitFor();
  const { errorMessage } = await client.imports.get(id);
  await page.getByText(errorMessage as string).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "analysis-failed");
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await shoot(page, "analysis-failed-narrow");
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.reload();
  await page.getByRole("button", { name: "Change how the file is read" }).click();
  await expect.poll(async () => (await client.imports.get(id)).status).toBe("pending");
  await page.getByText("The file could not be checked").waitFor({ state: "detached" });
});
