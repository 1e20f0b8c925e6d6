/** The importers of several tables in the wizard: a catalogue's products, and the activities of a wheel. */
import { afterAll, expect, it } from "vitest";
import { products } from "../../src/importers/catalog/products.ts";
import { activities } from "../../src/importers/yearwheel/activities.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { createTables } from "../../src/postgres/tables/tables.ts";
import { beginJourney, type Journey } from "./journey.ts";
import { closeBrowser, shoot } from "./open-page.ts";

afterAll(closeBrowser);

/** Nobody owns these records, so the step is about duplicates alone, or about what the import does. */
async function toOptions(
  { button, client, heading }: Journey,
  id: number,
  title: "titleDuplicates" | "does",
): Promise<void> {
  await button("review", "continue", (await client.imports.get(id)).validRows).click();
  await heading("options", title).waitFor();
}

it("takes products to their tables", async () => {
  const journey = await beginJourney("fr", { importers: [products] });
  const { page, client, rows, errors } = journey;
  const lines = [
    "A-1;Marteau;Stark;Outils;12,50;EUR;40;Lyon",
    "A-2;Scie;Stark;Outils;19,90;EUR;7;Paris",
    "A-1;Marteau lourd;Stark;Outils;13,90;EUR;40;Lyon",
    ";Clou;Stark;Outils;0,10;EUR;1;Lyon",
  ];
  const id = await journey.upload(`Code;Désignation;Marque;Famille;Prix;Devise;Stock;Entrepôt\n${lines.join("\n")}\n`);
  await page.locator(".map-line").first().waitFor();
  await shoot(page, "catalog-map");
  await journey.check();
  await toOptions(journey, id, "titleDuplicates");
  await page.locator('.foresight-numbers[aria-busy="false"]').waitFor();
  await shoot(page, "catalog-options");
  await journey.importAll();
  await shoot(page, "catalog-summary");
  expect((await client.imports.get(id)).counts).toMatchObject({ created: 2, skipped: 1, invalid: 1 });
  expect(
    await rows(
      "select p.code, p.name, v.amount::float as amount from products p join product_prices v on v.product_id = p.id order by p.code",
    ),
  ).toEqual([
    { code: "A-1", name: "Marteau lourd", amount: 13.9 },
    { code: "A-2", name: "Scie", amount: 19.9 },
  ]);
  expect(errors).toEqual([]);
});

it("takes activities to the pages of their owner's wheel", async () => {
  const journey = await beginJourney("sv", { importers: [activities] });
  const { page, client, rows, errors } = journey;
  await createTables(journey.database, activities);
  const { id: owner } = await client.me();
  await journey.database.query(
    sql`insert into year_wheels (owner_id, name) values (${owner}, 'Skolan'), ('else', 'Klubben')`,
  );
  await page.reload();
  await page.getByLabel("Årshjul").selectOption("Skolan");
  const csv =
    "Aktivitet;Startdatum;Slutdatum;Ring;Grupp;Etikett\nLov;20 december 2026;6 januari 2027;Inre;Ledighet;Skola\n";
  const id = await journey.upload(csv, "plan.csv");
  await page.locator(".map-line").first().waitFor();
  await shoot(page, "wheel-map");
  await journey.check();
  await shoot(page, "wheel-review");
  await toOptions(journey, id, "does");
  await page.locator('.foresight-numbers[aria-busy="false"]').waitFor();
  await shoot(page, "wheel-options");
  await journey.importAll();
  await shoot(page, "wheel-summary");
  expect((await client.imports.get(id)).counts).toMatchObject({ created: 1, created_items: 2, created_pages: 2 });
  expect(await rows("select name, start_date::text as start from items order by id")).toEqual([
    { name: "Lov", start: "2026-12-20" },
    { name: "Lov", start: "2027-01-01" },
  ]);
  expect(errors).toEqual([]);
});
