/** Several files, sheets or files of an archive in one go: listed together, checked together. */
import { utils, write } from "@e965/xlsx";
import { afterAll, expect, it } from "vitest";
import { zipOf } from "../corpus/zip-bytes.ts";
import { violations } from "./axe.ts";
import { closeBrowser, openPage, shoot } from "./open-page.ts";

afterAll(closeBrowser);

/** Other tests run beside these. */
const patience = { timeout: 60_000 };

function workbook(sheets: Readonly<Record<string, unknown[][]>>): Buffer {
  const book = utils.book_new();
  for (const [name, rows] of Object.entries(sheets)) utils.book_append_sheet(book, utils.aoa_to_sheet(rows), name);
  return write(book, { type: "buffer", bookType: "xlsx" });
}

const sheet = (domain: string): unknown[][] => [
  ["E-mail", "Prénom", "Remarque libre"],
  ...Array.from({ length: 5 }, (_, k) => [`p${k}@${domain}`, `Ann ${k}`, "x"]),
];

it("makes an import of every sheet, with what was said for the first, and checks those that ask nothing", async () => {
  const { page, client, errors } = await openPage();
  const buffer = workbook({ May: sheet("may.fr"), June: sheet("june.fr"), Cities: [["Ville"], ["Lyon"], ["Nice"]] });
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "team.xlsx", mimeType: "application/octet-stream", buffer });
  await page.getByRole("radiogroup", { name: "Which sheet" }).waitFor();
  const first = Number(/\d+$/.exec(page.url())?.[0]);
  await client.imports.changeMapping(first, { columns: [{ column: "Remarque libre", field: "notes" }] });
  await client.imports.setOptions(first, {
    ...(await client.imports.options(first)),
    duplicates: { strategy: "update", keys: ["email"] },
  } as Parameters<typeof client.imports.setOptions>[1]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole("button", { name: "Import all 3 sheets" }).click();

  const line = (name: string) => page.getByRole("listitem").filter({ hasText: `team.xlsx · ${name}` });
  for (const name of ["May", "June", "Cities"]) await line(name).getByText("Ready to continue").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "import-several-ready");
  const all = (await client.imports.list({})).items;
  expect(all.map(({ dialect }) => dialect.sheet).sort()).toEqual(["Cities", "June", "May"]);
  const june = all.find(({ dialect }) => dialect.sheet === "June")?.id as number;
  expect((await client.imports.mapping(june)).columns.map(({ field }) => field)).toEqual([
    "email",
    "first_name",
    "notes",
  ]);
  expect((await client.imports.options(june)).duplicates.strategy).toBe("update");

  await page.getByRole("button", { name: "Check all 3 files" }).click();
  for (const name of ["May", "June"]) await line(name).getByText("Its check has begun.").waitFor();
  await line("Cities").getByText("It needs an answer from you").waitFor();
  await expect.poll(async () => (await client.imports.get(june)).status, patience).toBe("ready");
  expect(await violations(page)).toEqual([]);
  await shoot(page, "import-several-started");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await violations(page)).toEqual([]);
  await shoot(page, "import-several-started-390");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);

  await line("June").getByRole("button", { name: "Open team.xlsx · June" }).click();
  await page.waitForURL(new RegExp(`/import/${june}$`));
  expect(errors).toEqual([]);
});

it.each([
  { locale: "fr-FR", all: "Importer les 2 fichiers", check: "Analyser les 2 fichiers", begun: "L’analyse a commencé." },
  {
    locale: "sv-SE",
    all: "Importera alla 2 filer",
    check: "Kontrollera alla 2 filer",
    begun: "Kontrollen har börjat.",
  },
])(
  "makes an import of every file of an archive that can be read, in $locale",
  async ({ locale, all, check, begun }) => {
    const { page, client } = await openPage({ browser: { locale } });
    const buffer = Buffer.from(
      zipOf([
        { name: "a.csv", content: "E-mail\na@x.fr\n" },
        { name: "b.csv", content: "E-mail\nb@x.fr\nc@x.fr\n" },
        { name: "scan.pdf", content: "%PDF-1.4" },
      ]),
    );
    await page.locator("input[type=file]").setInputFiles({ name: "all.zip", mimeType: "application/zip", buffer });
    await page.getByRole("button", { name: all }).click();
    await page.getByRole("button", { name: check }).click();
    for (const name of ["a.csv", "b.csv"])
      await page
        .getByRole("listitem")
        .filter({ hasText: `all.zip · ${name}` })
        .getByText(begun)
        .waitFor();
    await expect
      .poll(async () => (await client.imports.list({})).items.map(({ status }) => status), patience)
      .toEqual(["ready", "ready"]);
  },
);

it("checks several files that were dropped together", async () => {
  const { page, client } = await openPage();
  const fileOf = (name: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(`E-mail\n${name}@x.fr\n`) });
  await page.locator("input[type=file]").setInputFiles([fileOf("a.csv"), fileOf("b.csv"), fileOf("c.csv")]);
  await page.getByRole("button", { name: "Check all 3 files" }).click();
  await expect
    .poll(async () => (await client.imports.list({})).items.map(({ status }) => status), patience)
    .toEqual(["ready", "ready", "ready"]);
  await expect.poll(() => page.getByText("Its check has begun.").count()).toBe(3);
});
