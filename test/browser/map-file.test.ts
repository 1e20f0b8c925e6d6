/** How the file is read, templates, and files that are large, long or written from right to left: the step of columns. */
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { bringGuests, doubtfulFile, openMap } from "./guests.ts";
import { closeBrowser, shoot } from "./open-page.ts";

afterAll(closeBrowser);

const line = (page: Page, name: string) => page.getByRole("rowgroup", { name });

it("reads the file anew by another encoding, delimiter and row of the header; table and preview follow at once", async () => {
  const text = "Liste des clients\nMail|Name|City\nann@example.com|Ren\xe9|Orl\xe9ans\n";
  const { page, client, id } = await openMap(Buffer.from(text, "latin1"));
  await page.getByText(/Vertical bars · .* · Header in row \d/).waitFor();
  await page.getByRole("button", { name: "Change how the file is read" }).click();
  const dialog = page.getByRole("dialog", { name: "How the file is read" });
  await dialog.getByRole("combobox", { name: "What separates cells" }).selectOption({ label: "Semicolons" });
  await dialog.getByRole("combobox", { name: "Characters (encoding)" }).selectOption("windows-1251");
  await dialog.getByRole("spinbutton", { name: "Header row" }).fill("1");
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-reading");
  await dialog.getByRole("button", { name: "Read it this way" }).click();
  await dialog.waitFor({ state: "detached" });
  await line(page, "Liste des clients").waitFor();
  await page.getByText("Semicolons · Windows-1251 · Header in row 1").waitFor();

  await page.getByRole("button", { name: "Change how the file is read" }).click();
  await dialog.getByRole("combobox", { name: "What separates cells" }).selectOption({ label: "Another character…" });
  await dialog.getByRole("textbox", { name: "The character" }).fill("|");
  await dialog.getByRole("combobox", { name: "Characters (encoding)" }).selectOption("windows-1252");
  await dialog.getByRole("spinbutton", { name: "Header row" }).fill("2");
  await dialog.getByRole("button", { name: "Read it this way" }).click();
  await line(page, "City").getByText("Orléans").waitFor();
  await page.getByRole("tab", { name: "Preview" }).click();
  await page.getByRole("cell", { name: "René" }).waitFor();
  expect((await client.imports.get(id)).dialect).toMatchObject({
    encoding: "windows-1252",
    delimiter: "|",
    headerRow: 2,
  });

  await page.getByRole("button", { name: "Change how the file is read" }).click();
  await dialog.getByRole("spinbutton", { name: "Header row" }).fill("999");
  await dialog.getByRole("button", { name: "Read it this way" }).click();
  await dialog.getByRole("alert").waitFor();
});

it("saves a template by name, offers it for the next file of these columns, renames and forgets it", async () => {
  const opened = await openMap("Who;Post;Town\nAnn;ann@example.com;Lyon\n");
  const { page, client } = opened;
  await page.getByRole("combobox", { name: "Which column holds “E-mail”?" }).selectOption("Post");
  await page.getByRole("combobox", { name: "Which column holds “Name”?" }).selectOption("Who");
  await page.getByRole("combobox", { name: "Field for the column “Town”" }).selectOption("city");
  await page.getByText("All that is needed is there").waitFor();
  await page.getByRole("button", { name: "Save as template" }).click();
  const dialog = page.getByRole("dialog", { name: "Save as template" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("Give it a name.").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-template-save");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Trade fair");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("The columns are as last time.").first().waitFor();

  const next = await bringGuests(opened, "Town;Who;Post\nNice;Bo;bo@example.com\n");
  await page.goto(`/import/${next}`);
  await page.getByText("This file fits your template “Trade fair”").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-template-offer");
  await page.getByRole("button", { name: "Use the same" }).click();
  await page.getByText("The columns are as last time.").first().waitFor();
  expect((await client.imports.mapping(next)).columns.map(({ field }) => field)).toEqual(["city", "name", "email"]);

  await page.getByRole("button", { name: "Rename" }).click();
  const rename = page.getByRole("dialog", { name: "Rename the template" });
  await rename.getByRole("textbox", { name: "Name" }).fill("Fair 2026");
  await rename.getByRole("button", { name: "Save" }).click();
  await page.getByText("This file fits your template “Fair 2026”").waitFor();
  await page.getByRole("button", { name: "Forget" }).click();
  await page.getByText("This file fits").waitFor({ state: "detached" });
  expect((await client.templates.list()).items).toEqual([]);
});

it("says when a file like this was imported, where nobody gave it a name", async () => {
  const opened = await openMap("Mail;Who\nann@example.com;Ann\n");
  const { page, client, id } = opened;
  await page.getByRole("combobox", { name: "Which column holds “Name”?" }).selectOption("Who");
  await page.getByRole("button", { name: "Check the file" }).click();
  await client.imports.waitFor(id, { status: "ready" });
  await client.imports.commit(id);
  await client.imports.waitFor(id, { status: "completed" });
  const next = await bringGuests(opened, "Mail;Who\nbo@example.com;Bo\n");
  await page.goto(`/import/${next}`);
  await page.getByText(/You imported a file like this on \d+ \w+ \d{4}/).waitFor();
  await page.getByRole("button", { name: "Use the same" }).click();
  await line(page, "Who").getByText("You chose it").waitFor();
});

it("stays usable with 10,000 columns: pages, search, and a field far at the end", async () => {
  const names = Array.from({ length: 10_000 }, (_, k) =>
    k === 9_998 ? "Mail" : k === 9_999 ? "Name" : `Measure ${k}`,
  );
  const row = names.map((_, k) => (k === 9_998 ? "ann@example.com" : k === 9_999 ? "Ann" : String(k)));
  const { page, client, id, errors } = await openMap(`${names.join(";")}\n${row.join(";")}\n`);
  await page.getByText("Columns 1 to 40 of 10,000").waitFor();
  await expect.poll(() => page.locator("tbody").count()).toBe(40);
  await shoot(page, "map-many");
  await page.getByRole("button", { name: "Next" }).click();
  await line(page, "Measure 79").waitFor();
  await page.getByRole("searchbox", { name: "Find a column" }).fill("9997");
  await page.getByRole("combobox", { name: "Field for the column “Measure 9997”" }).selectOption("city");
  await line(page, "Measure 9997").getByText("You chose it").waitFor();
  // Several megabytes come and go on the way.
  await expect
    .poll(async () => (await client.imports.mapping(id)).columns.slice(9_997).map(({ field }) => field))
    .toEqual(["city", "email", "name"]);
  await page.getByRole("searchbox", { name: "Find a column" }).fill("nothing of it");
  await page.getByText("No column matches").waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Show all columns" }).click();
  await page.getByRole("combobox", { name: "Show" }).selectOption("mapped");
  await expect.poll(() => page.locator("tbody").count()).toBe(3);
  await page.getByRole("tab", { name: "Preview" }).click();
  await page.getByRole("cell", { name: "ann@example.com" }).waitFor();
  await page.getByRole("radio", { name: "As they are in the file" }).click();
  await page.getByText("9,960 more columns are not shown.").waitFor();
  expect(errors).toEqual([]);
});

it("cuts headers and cells without end, shows them when asked, and lets right-to-left text run its way", async () => {
  const long = `Remark ${"very ".repeat(300)}long`;
  const text = `الاسم;البريد;"${long}"\nفاطمة;fatima@example.com;"${"word ".repeat(2_000)}"\nיוסי;yossi@example.com;short\n`;
  const { page } = await openMap(text);
  const name = line(page, "الاسم");
  expect(
    await name
      .locator("bdi")
      .first()
      .evaluate((cell: never) => window.getComputedStyle(cell).direction),
  ).toBe("rtl");
  const remark = page.locator("tbody").nth(2);
  const heading = remark.locator("strong");
  await remark.getByRole("button").first().click();
  await expect.poll(async () => (await heading.textContent())?.length).toBeLessThan(120);
  await shoot(page, "map-long");
  await heading.getByRole("button", { name: "Show all of it" }).click();
  expect((await heading.textContent())?.length).toBeGreaterThan(1_000);
  await page.getByRole("combobox", { name: "Field for the column “الاسم”" }).selectOption("name");
  await page.getByRole("tab", { name: "Preview" }).click();
  await page.getByRole("radio", { name: "As they are in the file" }).click();
  await page.getByRole("cell", { name: "فاطمة" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 780 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await shoot(page, "map-long-narrow");
});

it("marks rows that would be rejected in the preview, and says why in the reader's language", async () => {
  const { page } = await openMap("Mail;Name\nann@example.com;Ann\nnot an address;Bo\nlonely\n", {
    options: { browser: { locale: "fr-FR" } },
  });
  await page.getByRole("tab", { name: "Aperçu" }).click();
  const rows = page.getByRole("row");
  await rows.nth(2).getByText("Serait rejetée").waitFor({ state: "attached" });
  await rows
    .nth(2)
    .getByText(/E-mail/)
    .waitFor();
  await rows.nth(3).getByText("Ligne incomplète").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-preview-rejected");
});

it.each([
  [
    "fr-FR",
    "Colonnes et champs",
    "Comment ces dates sont-elles écrites ?",
    /03\/04\/1985 → 3 avril 1985/,
    "2 valeurs ne sont pas encore connues",
  ],
  ["sv-SE", "Kolumner och fält", "Hur är datumen skrivna?", /03\/04\/1985 → 3 april 1985/, "2 värden är inte kända än"],
])("speaks %s", async (locale, title, question, example, values) => {
  const { page } = await openMap(doubtfulFile, { options: { browser: { locale } } });
  await page.getByRole("heading", { name: title, level: 1 }).waitFor();
  await page.getByRole("group", { name: question }).getByText(example).waitFor();
  await page.getByText(values).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, `map-${locale.slice(0, 2)}`);
});

it("throws the import away when asked, and begins anew", async () => {
  const { page, client, id } = await openMap(doubtfulFile);
  await page.getByRole("button", { name: "Discard" }).click();
  const dialog = page.getByRole("dialog", { name: "Discard this import?" });
  await dialog.getByText("guests.csv").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-discard");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Discard" }).click();
  await dialog.getByRole("button", { name: "Discard the import" }).click();
  await page.getByRole("heading", { name: "Import a file", level: 1 }).waitFor();
  await expect(client.imports.get(id)).rejects.toMatchObject({ status: 404 });
});
