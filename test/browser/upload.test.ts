/** The step that takes the file: chosen, dropped, pasted; several, refused, brought before; by keyboard alone. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { field } from "../../src/core/field.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { violations } from "./axe.ts";
import { dropFiles } from "./drop-files.ts";
import { closeBrowser, hasFocus, openPage, shoot } from "./open-page.ts";

afterAll(closeBrowser);

const people = "Email,First name\nanna@example.com,Anna\nbo@example.com,Bo\n";
const others = "Email,First name\ncia@example.com,Cia\n";

const contacts = defineImporter({
  name: "year-contacts",
  label: { en: "Contacts of a year", fr: "Contacts d’une année" },
  fields: {
    name: field.text({ required: true, label: { en: "Name", fr: "Nom" } }),
    phone: field.phone({ label: { en: "Phone", fr: "Téléphone" } }),
  },
  target: { table: "year_contacts" },
  context: { year: { type: "integer", from: (_user, { context }) => context.year } },
  tables: [
    {
      name: "year_contacts",
      columns: { id: "bigint" },
      create: ["create table year_contacts (id bigserial primary key, name text, phone text, year integer)"],
    },
  ],
});

const dropZone = (page: Page) => page.getByRole("button", { name: "Drop your file here" });
const fileInput = (page: Page) => page.locator("input[type=file]");
const fileOf = (content: string, name = "people.csv") => ({ name, mimeType: "text/csv", buffer: Buffer.from(content) });
const line = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });
const importOf = async (page: Page): Promise<number> => {
  await page.waitForURL(/\/import\/\d+$/);
  return Number(/\d+$/.exec(page.url())?.[0]);
};

async function paste(page: Page, clipboard: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate((given: Record<string, string>) => {
    const { DataTransfer, ClipboardEvent } = window;
    const clipboardData = new DataTransfer();
    for (const [type, content] of Object.entries(given)) clipboardData.setData(type, content);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, clipboard);
}

describe("one file", () => {
  it("says what it needs, and becomes an import when it is chosen", async () => {
    const { page, client, errors } = await openPage();
    await page.getByRole("heading", { name: "What your file needs" }).waitFor();
    await page
      .getByText("at least one of Reference, E-mail, or Phone")
      .or(page.getByText("at least one of E-mail"))
      .waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "upload-empty");
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), dropZone(page).click()]);
    await chooser.setFiles(fileOf(people));
    const job = await client.imports.get(await importOf(page));
    expect([job.importer, job.fileName, job.dialect.columns]).toEqual(["leads", "people.csv", ["Email", "First name"]]);
    expect(errors).toEqual([]);
  });

  it("is dropped anywhere on the page, and shown where it can be", async () => {
    const { page, client } = await openPage();
    await dropZone(page).waitFor();
    await page.evaluate(() => {
      const { DataTransfer, DragEvent, File } = window;
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["x"], "a.csv"));
      document.body.dispatchEvent(new DragEvent("dragover", { dataTransfer, bubbles: true, cancelable: true }));
    });
    await page.getByRole("button", { name: "Let go to add it" }).waitFor();
    await shoot(page, "upload-drag-over");
    await dropFiles(page, { "dropped.csv": people });
    expect((await client.imports.get(await importOf(page))).fileName).toBe("dropped.csv");
  });

  it("has a template to begin with, in the reader's language", async () => {
    const { page } = await openPage({ browser: { locale: "fr-FR" } });
    const [csv] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Modèle en CSV" }).click(),
    ]);
    expect(csv.suggestedFilename()).toBe("leads.csv");
    expect(await readFile(await csv.path(), "utf8")).toContain("Prénom");
    const [workbook] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Modèle pour Excel" }).click(),
    ]);
    expect((await readFile(await workbook.path())).subarray(0, 2).toString()).toBe("PK");
  });
});

describe("a pasted table", () => {
  it("is taken with the keys, as it stands in the spreadsheet", async () => {
    const { page, context, client } = await openPage();
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await dropZone(page).waitFor();
    await page.evaluate(
      (text: string) => navigator.clipboard.writeText(text),
      "E-mail\tFirst name\nzoé@example.com\tZoé, the first\n",
    );
    await page.keyboard.press("Control+v");
    const id = await importOf(page);
    const job = await client.imports.get(id);
    expect(job.dialect).toMatchObject({ encoding: "utf-8", delimiter: "\t", columns: ["E-mail", "First name"] });
    expect(job.fileName).toMatch(/^Pasted table .*\.tsv$/);
    expect((await client.imports.preview(id)).rows[0].cells).toEqual(["zoé@example.com", "Zoé, the first"]);
  });

  it("may come from a page, whose cells have no tabs between them", async () => {
    const { page, client } = await openPage();
    await dropZone(page).waitFor();
    const html = `<table><tr><th>E-mail<th>Note</tr><tr><td>a@x.se<td>two<br>lines</tr></table><script>document.title = "no"</script>`;
    await paste(page, { "text/plain": "E-mail Note a@x.se two lines", "text/html": html });
    const id = await importOf(page);
    expect((await client.imports.preview(id)).rows[0].cells).toEqual(["a@x.se", "two\nlines"]);
    expect(await page.title()).not.toBe("no");
  });

  it("is asked for in a window, and is no table when it is a word", async () => {
    const { page, client } = await openPage();
    await dropZone(page).waitFor();
    await paste(page, { "text/plain": "hello" });
    await page.getByText("That does not look like a table").waitFor();
    await page.getByRole("button", { name: "Paste a table" }).press("Enter");
    const cells = page.getByRole("textbox", { name: "Cells copied from a spreadsheet" });
    await expect.poll(() => hasFocus(cells)).toBe(true);
    await page.getByRole("button", { name: "Import these cells" }).click();
    await page.getByText("That does not look like a table. Copy").waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "upload-paste");
    await cells.fill("E-mail\tCity\nanna@example.com\tLyon");
    await page.getByRole("button", { name: "Import these cells" }).click();
    expect((await client.imports.get(await importOf(page))).dialect.columns).toEqual(["E-mail", "City"]);
  });
});

describe("several files", () => {
  it("each become an import; the refused ones say why, and keep none of the others", async () => {
    const { page, client } = await openPage();
    await dropZone(page).waitFor();
    await dropFiles(page, {
      "people.csv": people,
      "empty.csv": "",
      "invoice.pdf": "%PDF-1.7\nand so on",
      "others.csv": others,
    });
    await line(page, "people.csv").getByText("Ready to continue").waitFor();
    await line(page, "others.csv").getByText("Ready to continue").waitFor();
    await line(page, "empty.csv").getByText("This file is empty").waitFor();
    await line(page, "invoice.pdf").getByText("We cannot read this file").waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "upload-several");
    await page.setViewportSize({ width: 360, height: 780 });
    await shoot(page, "upload-several-360");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    await page.setViewportSize({ width: 1280, height: 800 });

    await page.getByRole("button", { name: "Remove invoice.pdf" }).click();
    await line(page, "invoice.pdf").waitFor({ state: "detached" });
    await expect.poll(() => hasFocus(dropZone(page))).toBe(true);
    await page.getByRole("button", { name: "Continue with others.csv" }).click();
    expect((await client.imports.get(await importOf(page))).fileName).toBe("others.csv");
    // The other one waits where it was left, and does not push itself forward.
    await page.getByRole("link", { name: "Import", exact: true }).click();
    await line(page, "people.csv").getByText("Ready to continue").waitFor();
    const { items } = await client.imports.list();
    expect(items.map(({ fileName, status }) => [fileName, status]).sort()).toEqual([
      ["others.csv", "pending"],
      ["people.csv", "pending"],
    ]);
  });

  it("are refused when they are too large or too many, with those that wait at hand", async () => {
    const { page, client } = await openPage({
      environment: { SLUICE_UPLOAD_MAX_BYTES: "2000", SLUICE_UPLOAD_QUOTA_FILES: "2" },
    });
    for (const k of [1, 2]) {
      await client.upload(new TextEncoder().encode(`${people}p${k}@example.com,P\n`), { name: `waiting ${k}.csv` });
    }
    await dropZone(page).waitFor();
    await fileInput(page).setInputFiles([fileOf(others, "others.csv"), fileOf(people.padEnd(3000, "x"), "large.csv")]);
    await line(page, "large.csv").getByText("This file is too large").waitFor();
    await line(page, "others.csv").getByText("Too many files are waiting").waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "upload-too-much");
    // One of them is discarded, another gone on with.
    await page.getByRole("button", { name: "Discard waiting 1.csv" }).click();
    await expect.poll(async () => (await client.uploads.list()).length).toBe(1);
    await page.getByRole("button", { name: "Continue with waiting 2.csv" }).click();
    await line(page, "waiting 2.csv").getByText("Ready to continue").waitFor();
    await page.getByRole("button", { name: "Try again with others.csv" }).click();
    await line(page, "others.csv").getByText("Ready to continue").waitFor();
  });
});

describe("a file that was brought before", () => {
  it("says by whom and when, leads there, and is imported anyway when asked", async () => {
    const { page, client, bring } = await openPage();
    const id = await bring(people, { start: true });
    await client.imports.commit(id);
    await client.imports.waitFor(id, { status: "completed" });
    await dropZone(page).waitFor();
    await fileInput(page).setInputFiles(fileOf(people, "again.csv"));
    await page.getByText("This file was imported before").waitFor();
    await page.getByText("You uploaded it on").waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "upload-same");
    await page.setViewportSize({ width: 360, height: 780 });
    await shoot(page, "upload-same-360");
    await expect
      .poll(() => page.getByRole("link", { name: "Open that import" }).getAttribute("href"))
      .toBe(`/import/${id}`);
    await page.getByRole("button", { name: "Import it anyway" }).click();
    const again = await importOf(page);
    expect([again > id, (await client.imports.get(again)).fileName]).toEqual([true, "again.csv"]);
  });
});

describe("the importer", () => {
  it("is chosen where there are several, remembered, and asked for what it needs", async () => {
    const { page, client } = await openPage({ importers: [leads, contacts] });
    const group = page.getByRole("group", { name: "What would you like to import?" });
    await group.getByText("Name and Phone").waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "upload-importers");

    // A file may come first: it waits for the answers.
    await fileInput(page).setInputFiles(fileOf("Name\nAnna\n", "contacts.csv"));
    await page.getByText("Choose above what you are importing").waitFor();
    await group.getByRole("radio", { name: "Contacts of a year" }).check();
    await page.getByText("Fill in the details above").waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "upload-context");
    await page.getByRole("textbox", { name: "Year" }).fill("soon");
    await page.getByText("This is not a whole number").waitFor();
    const goOn = page.getByRole("button", { name: "Continue with contacts.csv" });
    await expect.poll(() => goOn.getAttribute("aria-disabled")).toBe("true");
    await shoot(page, "upload-context-wrong");
    await page.getByRole("textbox", { name: "Year" }).fill("2026");
    await goOn.click();
    const id = await importOf(page);
    expect((await client.imports.options(id)).context).toEqual({ year: "2026" });
    await page.goto("/import");
    await expect.poll(() => page.getByRole("radio", { name: "Contacts of a year" }).isChecked()).toBe(true);
  });

  it("is not asked for where the page names it", async () => {
    const { page } = await openPage({ importers: [leads, contacts], at: "/import?importer=leads" });
    await page.getByRole("heading", { name: "What your file needs" }).waitFor();
    await expect.poll(() => page.getByRole("radio").count()).toBe(0);
  });
});

it("takes a file by keyboard alone", async () => {
  const { page, client } = await openPage({ importers: [leads, contacts] });
  const choosing = page.waitForEvent("filechooser");
  await page.getByRole("radio", { name: "Leads" }).waitFor();
  await page.getByRole("heading", { name: "Import a file" }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect.poll(() => page.getByRole("radio", { name: "Leads" }).isChecked()).toBe(true);
  await page.keyboard.press("Tab");
  await expect.poll(() => hasFocus(dropZone(page))).toBe(true);
  await page.keyboard.press("Enter");
  await (await choosing).setFiles([fileOf(people), fileOf(others, "others.csv")]);
  const goOn = page.getByRole("button", { name: "Continue with others.csv" });
  await goOn.waitFor();
  for (let tabs = 0; tabs < 12; tabs++) {
    await page.keyboard.press("Tab");
    if (await hasFocus(goOn)) break;
  }
  await page.keyboard.press("Enter");
  expect((await client.imports.get(await importOf(page))).fileName).toBe("others.csv");
});

it.each([
  ["fr-FR", "Importer un fichier", "Ce qu’il faut dans votre fichier"],
  ["sv-SE", "Importera en fil", "Det här behöver filen"],
])("speaks %s, also on a narrow screen", async (locale, title, needs) => {
  const { page } = await openPage({ browser: { locale, viewport: { width: 360, height: 780 } } });
  await page.getByRole("heading", { name: title }).waitFor();
  await page.getByRole("heading", { name: needs }).waitFor();
  await shoot(page, `upload-360-${locale.slice(0, 2)}`);
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});
