/** What came of an import: every row accounted for, the way back for rejected rows, and the undo. */
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import type { NewImport } from "../../src/client/index.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { violations } from "./axe.ts";
import { closeGate } from "./gate.ts";
import { closeBrowser, nowhere, type OpenPage, openPage, shoot } from "./open-page.ts";
import { peopleCsv } from "./people-csv.ts";

afterAll(closeBrowser);

const updating = { duplicates: { strategy: "update" as const, keys: ["email"] } };

/** An import that is over; the page is at it. */
async function imported(
  { client, page }: OpenPage,
  text: string,
  more: Partial<NewImport> & { name?: string } = {},
): Promise<number> {
  const { name = "leads.csv", options, ...rest } = more;
  const { id: uploadId } = await client.upload(new TextEncoder().encode(text), { name });
  const { id } = await client.imports.create({
    uploadId,
    importer: "leads",
    acceptDoubts: true,
    options: { autoCommit: true, ...options },
    ...rest,
  });
  await client.imports.waitFor(id, { status: "completed" });
  await page.goto(`/import/${id}`);
  return id;
}

const names = ["Created", "Updated", "Unchanged", "Skipped", "Errors", "Refused", "Not reached", "Rows in the file"];

/** The numbers of the summary by their names. */
async function numbers(page: Page): Promise<Record<string, number>> {
  const list = page.locator(".outcome-list");
  const terms = await list.locator("dt").allTextContents();
  const counts = await list.locator("dt + dd").allTextContents();
  return Object.fromEntries(
    terms.map((term, k) => [names.find((name) => term.startsWith(name)), Number(counts[k].replaceAll(",", ""))]),
  );
}

it("shares the rows of the file out, and says it the same after a reload", async () => {
  const opened = await openPage({ at: nowhere });
  const { page, errors } = opened;
  await imported(opened, peopleCsv(20), { name: "before.csv" });
  const text = `${peopleCsv(60, { bad: [30, 41] })}p50@example.com,Twice,\n`.replace("Person 10,", "Changed,");
  await imported(opened, text.replace("p55@example.com", "p55@example.com; other@example.com"), { options: updating });
  for (let time = 0; time < 2; time++) {
    await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
    const found = await numbers(page);
    const { "Rows in the file": rows, ...shares } = found;
    expect(rows).toBe(61);
    expect(Object.values(shares).reduce((sum, count) => sum + count, 0)).toBe(rows);
    expect(found).toMatchObject({ Created: 38, Unchanged: 19, Errors: 2, Refused: 0 });
    await page.reload();
  }
  await page.getByRole("heading", { name: "2 rows were left out" }).waitFor();
  await page.getByRole("cell", { name: "not an e-mail address" }).waitFor();
  const warned = page.getByRole("region", { name: "Imported with a warning" });
  await warned.getByRole("row", { name: "several values in one cell (the first was used) E-mail 1" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-summary");
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await shoot(page, "commit-summary-narrow");
  expect(errors).toEqual([]);
});

it.each([
  { what: "all", name: "Your import is done", text: peopleCsv(12), says: "All 12 rows of leads.csv were imported." },
  { what: "one", name: "Your import is done", text: peopleCsv(1), says: "The one row of leads.csv was imported." },
  {
    what: "none-valid",
    name: "No row could be imported",
    text: peopleCsv(4, { bad: [2, 3, 4, 5] }),
    says: "Every row of leads.csv has an error.",
  },
])("has kind words for an import of which $what went in", async ({ what, name, text, says }) => {
  const opened = await openPage({ at: nowhere });
  await imported(opened, text);
  await opened.page.getByRole("heading", { name, level: 1 }).waitFor();
  await opened.page.getByText(says).waitFor();
  expect(await violations(opened.page)).toEqual([]);
  await shoot(opened.page, `commit-summary-${what}`);
});

it("says kindly that there is nothing new", async () => {
  const opened = await openPage({ at: nowhere });
  await imported(opened, peopleCsv(9));
  await imported(opened, peopleCsv(9).replaceAll("City", "Town"), { name: "again.csv" });
  await opened.page.getByRole("heading", { name: "Nothing new in this file", level: 1 }).waitFor();
  expect(await numbers(opened.page)).toMatchObject({ Created: 0, Skipped: 9, "Rows in the file": 9 });
  await expect.poll(() => opened.page.getByRole("button", { name: "Undo the import…" }).count()).toBe(0);
  await shoot(opened.page, "commit-summary-nothing-new");
});

it("takes the corrected rows back in, and each import names the other", async () => {
  const opened = await openPage({ at: nowhere });
  const { page, client } = opened;
  const id = await imported(opened, peopleCsv(10, { bad: [4] }));
  const rejected = await (await client.imports.download(id, "rejected.csv")).text();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download as CSV" }).click();
  expect((await download).suggestedFilename()).toBe("leads - rows left out.csv");

  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Upload the fixed rows" }).click();
  const corrected = { name: "corrected.csv", mimeType: "text/csv" };
  await (await chooser).setFiles({
    ...corrected,
    buffer: Buffer.from(rejected.replace("not an address", "mended@example.com")),
  });
  await page.waitForURL((url) => /\/import\/\d+$/.test(url.pathname) && !url.pathname.endsWith(`/${id}`));
  const child = Number(new URL(page.url()).pathname.split("/").at(-1));
  await client.imports.waitFor(child, { status: "ready" });
  await client.imports.commit(child);
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
  await shoot(page, "commit-summary-child");
  await page.getByRole("link", { name: `Fixed rows of import ${id}` }).click();
  await page.getByRole("link", { name: `Its fixed rows: import ${child}` }).waitFor();

  // The same file once more is no accident that goes unsaid.
  const again = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Upload the fixed rows" }).click();
  await (await again).setFiles({
    ...corrected,
    buffer: Buffer.from(rejected.replace("not an address", "mended@example.com")),
  });
  await page.getByText("This exact file was uploaded before.").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-summary-same-file");
  await page.getByRole("link", { name: "Open that import" }).click();
  await page.waitForURL(`**/import/${child}`);
});

it("says what an undo would do, does it with its progress shown, and tells what it kept", async () => {
  const opened = await openPage({ at: nowhere, environment: { SLUICE_CHUNK_ROWS: "100", SLUICE_LANES: "1" } });
  const { page, database, client } = opened;
  await imported(opened, peopleCsv(3), { name: "before.csv" });
  const id = await imported(opened, peopleCsv(400, { gate: 350 }).replace("Person 3,", "Changed,"), {
    options: updating,
  });
  await database.query(sql`update leads set notes = 'called' where email = 'p7@example.com'`);
  await database.query(sql`delete from leads where email = 'p8@example.com'`);

  await page.getByRole("button", { name: "Undo the import…" }).click();
  const dialog = page.getByRole("dialog", { name: "Undo this import?" });
  await dialog.getByText("395 records that it created are deleted.").waitFor();
  await dialog.getByText("One record that it updated gets its earlier values back.").waitFor();
  await dialog.getByText("One record has been changed since, and stays as it is.").waitFor();
  await dialog.getByText("One record has been deleted since.").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-undo-dialog");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect((await client.imports.get(id)).status).toBe("completed");

  const open = await closeGate(database, {
    table: "leads",
    event: "delete",
    condition: "old.email = 'gate@example.com'",
  });
  await page.getByRole("button", { name: "Undo the import…" }).click();
  await dialog.getByRole("button", { name: "Undo 396 records" }).click();
  await page.getByRole("heading", { name: "Undoing what was written" }).waitFor();
  await expect.poll(() => page.getByRole("button", { name: "Cancel the import" }).count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-undoing");
  await page.reload();
  await page.getByRole("heading", { name: "Undoing what was written" }).waitFor();
  await open();

  await page.getByRole("heading", { name: "Import undone", level: 1 }).waitFor();
  await page.getByText("What leads.csv added or changed has been taken back. 2 records stayed as they are.").waitFor();
  await page.getByRole("cell", { name: "Changed since the import" }).waitFor();
  await page.getByRole("cell", { name: "Already deleted" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-undone");
  await page.reload();
  await page.getByRole("heading", { name: "Import undone", level: 1 }).waitFor();
  await page.getByRole("button", { name: "Import another file" }).click();
  await page.getByRole("heading", { name: "Import a file", level: 1 }).waitFor();
});

it("points to the later import that must be undone first to keep fewer", async () => {
  const opened = await openPage({ at: nowhere });
  const { page } = opened;
  const first = await imported(opened, peopleCsv(5));
  const second = await imported(opened, peopleCsv(5).replaceAll("City", "Town"), {
    name: "later.csv",
    options: updating,
  });
  await page.goto(`/import/${first}`);
  await page.getByRole("button", { name: "Undo the import…" }).click();
  await page.getByText("There is nothing left to undo.").waitFor();
  await page.getByRole("link", { name: new RegExp(`^Import ${second} changed 5 of these records later`) }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "commit-undo-later");
});
