/** The page of the records that an import has written. */
import { afterAll, expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { violations } from "./axe.ts";
import { closeBrowser, nowhere, type OpenPage, openPage, shoot } from "./open-page.ts";
import { peopleCsv } from "./people-csv.ts";

afterAll(closeBrowser);

async function imported({ client }: OpenPage, text: string, name = "leads.csv"): Promise<number> {
  const { id: uploadId } = await client.upload(new TextEncoder().encode(text), { name });
  const { id } = await client.imports.create({
    uploadId,
    importer: "leads",
    acceptDoubts: true,
    options: { autoCommit: true, duplicates: { strategy: "update", keys: ["email"] } },
  });
  await client.imports.waitFor(id, { status: "completed" });
  return id;
}

it("is led to from the summary, and shows records page by page, by kind and by search", async () => {
  const opened = await openPage({ at: nowhere });
  const { page, errors } = opened;
  await imported(opened, peopleCsv(3).replaceAll("City", "Town"), "before.csv");
  const id = await imported(opened, peopleCsv(120));
  await page.goto(`/import/${id}`);
  await page.getByRole("link", { name: "See the imported records" }).click();
  await page.getByRole("heading", { name: "Imported records", level: 1 }).waitFor();
  const rows = page.getByRole("row").filter({ hasText: "@example.com" });
  const shown = () => expect.poll(() => rows.count());
  await shown().toBe(50);
  // Only fields that the file fed, unless all are wanted.
  await expect
    .poll(() => page.getByRole("columnheader").allTextContents())
    .toEqual(["id", "Last name", "E-mail", "City", "Import"]);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "records");

  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("Page 2", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("Page 3", { exact: true }).waitFor();
  await shown().toBe(20);
  await expect.poll(() => rows.filter({ hasText: "updated" }).count()).toBe(3);
  await page.getByRole("button", { name: "Previous" }).click();
  await page.getByText("Page 2", { exact: true }).waitFor();
  await shown().toBe(50);

  await page.getByRole("combobox", { name: "Show" }).selectOption("updated");
  await shown().toBe(3);
  await page.getByRole("combobox", { name: "Show" }).selectOption("");
  await page.getByRole("searchbox").fill("PERSON 11");
  await expect.poll(() => rows.allTextContents()).toHaveLength(11);
  await page.getByRole("checkbox", { name: "All fields" }).check();
  await page.getByRole("columnheader", { name: "Postal code" }).waitFor();
  await page.getByRole("searchbox").fill("nobody at all");
  await page.getByText("No record matches").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "records-none-found");
  await page.getByRole("link", { name: "Back to the import" }).click();
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
  expect(errors).toEqual([]);
});

it("shows records as they are now, says how many are gone, and keeps long and right-to-left values in their place", async () => {
  const opened = await openPage({ at: nowhere });
  const { page, database } = opened;
  const id = await imported(opened, peopleCsv(8));
  await database.query(sql`delete from leads where email in ('p3@example.com', 'p4@example.com')`);
  await database.query(sql`update leads set last_name = ${"كلمة ".repeat(60)} where email = 'p5@example.com'`);
  await database.query(sql`update leads set city = ${"x".repeat(400)}::varchar(200) where email = 'p6@example.com'`);
  await page.goto(`/import/${id}/records`);
  await page.getByText("2 records that were listed here have been deleted since.").waitFor();
  await shoot(page, "records-gone");
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "records-narrow");
});

it("has words for an import without records: not written yet, all deleted, undone, deleted itself", async () => {
  const opened = await openPage({ at: nowhere });
  const { page, database, client, bring } = opened;
  const pending = await bring(peopleCsv(2), { name: "pending.csv" });
  await page.goto(`/import/${pending}/records`);
  await page.getByText("Nothing has been imported yet").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "records-nothing");

  const id = await imported(opened, peopleCsv(4));
  await database.query(sql`delete from leads`);
  await page.goto(`/import/${id}/records`);
  await page.getByText("None of them is left").waitFor();
  await shoot(page, "records-all-gone");
  await client.imports.undo(id);
  await page.getByText("This import was undone").waitFor();
  await shoot(page, "records-undone");
  await client.imports.delete(id);
  await page.getByText("This import no longer exists").waitFor();
  expect(await violations(page)).toEqual([]);
});
