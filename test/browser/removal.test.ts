/** An import that replaces or mirrors what is there: chosen, foretold, and asked about before much is removed. */
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { violations } from "./axe.ts";
import { closeBrowser, nowhere, type OpenPage, openPage, shoot } from "./open-page.ts";
import { stock } from "./stock/sluice.config.ts";

afterAll(closeBrowser);

async function openStock(commit = false): Promise<OpenPage & { id: number; names: () => Promise<string[]> }> {
  const opened = await openPage({ at: nowhere, importers: [stock], cwd: join(import.meta.dirname, "stock") });
  const { client, database, page } = opened;
  await database.query(sql.raw("create table stock (id serial primary key, code text unique, name text)"));
  await database.query(sql`insert into stock (code, name) select 'S' || k, 'old' from generate_series(1, 5) k`);
  const upload = await client.upload(new TextEncoder().encode("code,name\nS1,new\nS2,new\nS6,new\n"), {
    name: "stock.csv",
  });
  const { id } = await client.imports.create({
    uploadId: upload.id,
    importer: "stock",
    start: true,
    acceptDoubts: true,
    ...(commit && { options: { mode: "mirror" as const } }),
  });
  await client.imports.waitFor(id, { status: "ready" });
  if (commit) {
    await client.imports.commit(id);
    await client.imports.waitFor(id, { status: "paused" });
  }
  await page.goto(commit ? `/import/${id}` : `/import/${id}/options`);
  const names = async () =>
    (await database.query<{ line: string }>(sql`select code || ' ' || name as line from stock order by code`)).map(
      ({ line }) => line,
    );
  return { ...opened, id, names };
}

it.each([
  ["Makes the records match the file", "That is 3 of 5, more than usual."],
  ["Replaces everything", "That is 3 of 5, more than usual."],
])("asks before it removes much: “%s”", async (mode, why) => {
  const { page, errors, names } = await openStock();
  // The options are there, and counted, before one is chosen.
  await page.getByRole("button", { name: "Import 3 rows" }).waitFor();
  await page.getByRole("radio", { name: mode }).click();
  await page.getByText(/Records: Deleted/).waitFor();
  await page.getByRole("button", { name: "Import 3 rows" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove 3 records?" });
  await dialog.getByText(why).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, `removal-${mode.split(" ")[0].toLowerCase()}`);
  await dialog.getByRole("button", { name: "Don’t import" }).click();
  expect((await names()).length).toBe(5);
  await page.getByRole("button", { name: "Import 3 rows" }).click();
  await dialog.getByRole("button", { name: "Remove the 3 records and import" }).click();
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
  await page.getByText(/Records: Deleted/).waitFor();
  await shoot(page, `removal-${mode.split(" ")[0].toLowerCase()}-done`);
  expect([await names(), errors]).toEqual([["S1 new", "S2 new", "S6 new"], []]);
});

it("goes on with an import that has stopped when its number is pressed", async () => {
  const { page, errors, names } = await openStock(true);
  await page.getByText("This import would remove 3 of 5 records.").waitFor();
  await shoot(page, "removal-stopped");
  await page.getByRole("button", { name: "Remove the 3 records and continue" }).click();
  await page.getByRole("heading", { name: "Your import is done", level: 1 }).waitFor();
  expect([await names(), errors]).toEqual([["S1 new", "S2 new", "S6 new"], []]);
});
