/** The wizard with the importer of the dirty file, and an empty table for it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { beginJourney, figure, type Journey } from "./journey.ts";
import type { OpenPageOptions } from "./open-page.ts";

const definition = `defineImporter({
  name: "prospects",
  fields: {
    reference: field.text({ required: true }),
    name: field.text(),
    email: field.email({ required: true }),
    postal_code: field.text(),
    city: field.text(),
    status: field.choice({ new: ["Nouveau"], contacted: ["Contacté"], qualified: ["Qualifié"], won: ["Gagné"], lost: ["Perdu"] }),
    amount: field.decimal(),
    signed_on: field.date(),
  },
  match: { keys: ["reference"], onDuplicate: "skip" },
  target: { table: "prospects", id: "id" },
})`;
const prospects = new Function("defineImporter", "field", `return ${definition}`)(defineImporter, field);

/** The worker's thread reads the importer from a file. */
export async function openProspects(options: OpenPageOptions = {}): Promise<Journey> {
  const cwd = await mkdtemp(join(tmpdir(), "sluice-test-prospects-"));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  const index = JSON.stringify(new URL("../../src/index.ts", import.meta.url).href);
  const source = `import { defineImporter, field } from ${index};\nexport const config = { importers: [${definition}] };\n`;
  await writeFile(join(cwd, "sluice.config.mjs"), source);
  const journey = await beginJourney("en", { importers: [prospects], cwd, ...options });
  await journey.database.pool.query(`create table prospects (id bigint generated always as identity primary key, reference text, name text,
    email text, postal_code text, city text, status text, amount numeric, signed_on date)`);
  return journey;
}

/** Makes the repairs of the dialog: what puts in what was meant is chosen; what empties cells, a person chooses. `left`: rows that stay bad. */
export async function repairAll({ page, t }: Journey, dialog: Locator, left: number): Promise<void> {
  for (const name of [/^amount/, /^signed_on/])
    await dialog
      .getByRole("group", { name })
      .getByRole("radio", { name: t("review", "repair_leave_empty") })
      .click();
  await dialog.getByRole("button", { name: t("review", "repairRows", { count: 478 }) }).click();
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => figure(page, t("review", "wrong")).textContent()).toBe(String(left));
}
