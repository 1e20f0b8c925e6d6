/** Lists that are whole: what an import would take away, has taken and gives back is said of each record and its links, in every language. */
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { violations } from "./axe.ts";
import { memberFile, members, memberTables } from "./members/sluice.config.ts";
import { closeBrowser, nowhere, openPage, shoot } from "./open-page.ts";
import { wordsOf } from "./wizard-words.ts";

afterAll(closeBrowser);

/** A table's rows as texts, below its head. */
async function table(within: Page | Locator, name: string): Promise<string[]> {
  const rows = within.getByRole("region", { name, exact: true }).getByRole("row");
  await rows.nth(1).waitFor();
  const all = await rows.all();
  return Promise.all(all.map(async (row) => (await row.locator("th, td").allTextContents()).join(" ")));
}

const says = {
  en: {
    locale: "en-GB",
    foretold: [
      "membersUnchanged 2",
      "groupsUnchanged 1",
      "links of groupsUnchanged 1 · Deleted 2",
      "phonesUnchanged 2 · Deleted 1",
      "rolesCreated 1 · Deactivated 1",
    ],
    made: [
      "Records Created Unchanged Deactivated Deleted",
      "members 0 2 0 0",
      "groups 0 1 0 0",
      "links of groups 0 1 0 2",
      "phones 0 2 0 1",
      "roles 1 0 1 0",
    ],
    undo: ["Records To delete To restore", "links of groups 0 2", "phones 0 1", "roles 1 1"],
  },
  fr: {
    locale: "fr-FR",
    foretold: [
      "membresInchangés 2",
      "groupesInchangés 1",
      "liens de groupesInchangés 1 · Supprimés 2",
      "téléphonesInchangés 2 · Supprimés 1",
      "rôlesCréés 1 · Désactivés 1",
    ],
    made: [
      "Enregistrements Créés Inchangés Désactivés Supprimés",
      "membres 0 2 0 0",
      "groupes 0 1 0 0",
      "liens de groupes 0 1 0 2",
      "téléphones 0 2 0 1",
      "rôles 1 0 1 0",
    ],
    undo: ["Enregistrements À supprimer À rétablir", "liens de groupes 0 2", "téléphones 0 1", "rôles 1 1"],
  },
  sv: {
    locale: "sv-SE",
    foretold: [
      "medlemmarOförändrade 2",
      "grupperOförändrade 1",
      "kopplingar till grupperOförändrade 1 · Borttagna 2",
      "telefonerOförändrade 2 · Borttagna 1",
      "rollerSkapade 1 · Inaktiverade 1",
    ],
    made: [
      "Poster Skapade Oförändrade Inaktiverade Borttagna",
      "medlemmar 0 2 0 0",
      "grupper 0 1 0 0",
      "kopplingar till grupper 0 1 0 2",
      "telefoner 0 2 0 1",
      "roller 1 0 1 0",
    ],
    undo: ["Poster Tas bort Återställs", "kopplingar till grupper 0 2", "telefoner 0 1", "roller 1 1"],
  },
} as const;

it.each(["en", "fr", "sv"] as const)("in %s", async (language) => {
  const { locale, foretold, made, undo } = says[language];
  const t = wordsOf(language);
  const records = t("common", "recordsMade");
  const { client, database, page, errors } = await openPage({
    at: nowhere,
    importers: [members],
    cwd: join(import.meta.dirname, "members"),
    browser: { locale },
  });
  await database.query(sql.raw(memberTables));
  const before = await database.query(sql`select * from phones order by id`);
  const upload = await client.upload(new TextEncoder().encode(memberFile), { name: "members.csv" });
  const { id } = await client.imports.create({
    uploadId: upload.id,
    importer: "members",
    start: true,
    acceptDoubts: true,
  });
  await client.imports.waitFor(id, { status: "ready" });
  await page.goto(`/import/${id}/options`);
  const lines = page.getByRole("region", { name: records, exact: true }).getByRole("listitem");
  await lines.first().waitFor();
  await page.getByText(t("options", "noMain"), { exact: true }).waitFor();
  expect((await lines.allTextContents()).map((text) => text.replaceAll("\u00a0", " "))).toEqual(foretold);
  expect(await violations(page)).toEqual([]);
  await shoot(page, `whole-lists-options-${language}`);

  await page.locator(".step-foot button:not([aria-disabled])").last().click();
  await page.getByRole("heading", { name: t("commit", "done"), level: 1 }).waitFor();
  expect(await table(page, records)).toEqual(made);
  await shoot(page, `whole-lists-summary-${language}`);
  await page.goto(`/import/history/${id}`);
  expect(await table(page, records)).toEqual(made);
  await shoot(page, `whole-lists-history-${language}`);

  await page.goto(`/import/${id}`);
  await page.getByRole("button", { name: t("common", "undo") }).click();
  expect(await table(page.getByRole("dialog"), t("commit", "undoDialog"))).toEqual(undo);
  expect(await violations(page)).toEqual([]);
  await shoot(page, `whole-lists-undo-${language}`);
  await page.getByRole("button", { name: t("commit", "undoConfirm", { count: 5 }), exact: true }).click();
  await page.getByRole("heading", { name: t("commit", "undone"), level: 1 }).waitFor();
  expect(await database.query(sql`select * from phones order by id`)).toEqual(before);
  expect(errors).toEqual([]);
});
