/** Duplicates of the review beside what they repeat: looked at, and decided one by one or for all. */
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { closeBrowser, nowhere, openPage, shoot } from "./open-page.ts";
import { wordsOf } from "./wizard-words.ts";

afterAll(closeBrowser);

const file = `Email,First name,Last name,City,Status,Company
new@example.com,Ann,One,Lyon,Nouveau,Acme
old@example.com,Bea,Two,Paris,Gagné,Acme
NEW@example.com,Ann,Other,Nice,Nouveau,
third@example.com,Cleo,Three,Lyon,Nouveau,
late@example.com,Dan,Four,Brest,Nouveau,
`;

/** The review of a file with a row that stands in it twice, and two whose records are there. */
async function openDuplicates(language: "en" | "fr" | "sv" = "en", viewport = { width: 1440, height: 900 }) {
  const opened = await openPage({
    at: nowhere,
    browser: { locale: { en: "en-GB", fr: "fr", sv: "sv" }[language], viewport },
  });
  const { page, database, client } = opened;
  const first = await opened.bring(
    "Email,First name,Last name,City,Status\nold@example.com,Bea,Before,Lyon,Nouveau\nlate@example.com,Dan,Four,Lille,Nouveau\n",
    { name: "before.csv", start: true },
  );
  await client.imports.commit(first);
  await expect.poll(async () => (await client.imports.get(first)).status, { timeout: 30_000 }).toBe("completed");
  const id = await opened.bring(file, { start: true });
  await page.goto(`/import/${id}`);
  await page.getByRole("grid").getByRole("rowheader").first().waitFor();
  const t = wordsOf(language);
  const show = async (figure: "inFile" | "inTable"): Promise<void> => {
    await page.getByRole("button", { name: new RegExp(`^${t("review", figure)}: \\d`) }).click();
    await page.getByRole("button", { name: new RegExp(`^${t("review", figure)}: \\d`), pressed: true }).waitFor();
    await page.getByRole("button", { name: t("review", "compare") }).waitFor();
  };
  const leads = async () =>
    (await database.pool.query("select email, last_name, city from leads order by email")).rows as Record<
      string,
      string
    >[];
  return { ...opened, id, t, show, leads };
}

const body = (dialog: Locator): Promise<string[][]> =>
  dialog
    .getByRole("row")
    .all()
    .then((rows) => Promise.all(rows.map((row) => row.locator("th, td").allTextContents())));

async function compare(page: Page, words = "Compare…"): Promise<Locator> {
  await page.getByRole("button", { name: words }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio").first().waitFor();
  return dialog;
}

it("shows a row beside its twin, takes it instead, undoes that, and imports what was decided", async () => {
  const { page, client, id, show, leads, errors } = await openDuplicates();
  await show("inFile");
  const dialog = await compare(page);
  await dialog.getByRole("heading", { name: "Row 4 and row 2" }).waitFor();
  expect(await body(dialog)).toEqual([
    ["Field", "Row 4", "Row 2", "After the import"],
    ["Last name (different)", "Other", "One", "One"],
    ["City (different)", "Nice", "Lyon", "Lyon"],
    ["Company (different)", "(blank)", "Acme", "Acme"],
  ]);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "duplicate-twin");
  await dialog.getByRole("checkbox", { name: /^Hide the \d+ fields/ }).uncheck();
  expect((await body(dialog)).length).toBeGreaterThan(5);
  await dialog.getByRole("checkbox", { name: /^Hide the \d+ fields/ }).check();
  await dialog.getByRole("radio", { name: "Import it instead of row 2" }).check();
  expect((await body(dialog))[2]).toEqual(["City (different)", "Nice", "Lyon", "Nice"]);
  await dialog.getByRole("button", { name: "Apply" }).click();
  await dialog.waitFor({ state: "detached" });
  await expect.poll(async () => (await client.imports.get(id)).skippedRows).toBe(1);

  await page.getByRole("button", { name: /^Changes/ }).click();
  await page.getByRole("dialog").getByText("Row 2 left out").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await client.imports.get(id)).skippedRows).toBe(0);
  await page.keyboard.press("Escape");
  const again = await compare(page);
  await again.getByRole("radio", { name: "Import it instead of row 2" }).check();
  await again.getByRole("button", { name: "Apply" }).click();
  await again.waitFor({ state: "detached" });

  await client.imports.commit(id);
  await expect.poll(async () => (await client.imports.get(id)).status, { timeout: 30_000 }).toBe("completed");
  expect((await leads()).find(({ email }) => email === "new@example.com")).toMatchObject({
    last_name: "Other",
    city: "Nice",
  });
  expect(errors).toEqual([]);
});

it("shows a row beside its record as it is now, goes on to the next, and decides for all", async () => {
  const { page, client, database, id, show, leads, errors } = await openDuplicates();
  await show("inTable");
  await database.pool.query("update leads set city = 'Metz' where email = 'old@example.com'");
  const dialog = await compare(page);
  await dialog.getByRole("heading", { name: /^Row 3 and record / }).waitFor();
  expect((await body(dialog)).find(([field]) => field.startsWith("City"))).toEqual([
    "City (different)",
    "Paris",
    "Metz",
    "Metz",
  ]);
  await dialog.getByRole("button", { name: "Next" }).click();
  await dialog.getByRole("heading", { name: /^Row 6 and record / }).waitFor();
  await dialog.getByRole("button", { name: "Previous" }).click();
  await dialog.getByRole("heading", { name: /^Row 3 and record / }).waitFor();
  // This one alone updates, and is seen to.
  await dialog.getByRole("radio", { name: "Update the record with it" }).check();
  await dialog.getByRole("checkbox", { name: "Do the same with all 2 rows that already exist" }).waitFor();
  await expect.poll(async () => (await body(dialog)).find(([field]) => field.startsWith("City"))?.at(-1)).toBe("Paris");
  expect(await violations(page)).toEqual([]);
  await shoot(page, "duplicate-decided");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await dialog.getByRole("heading", { name: /^Row 6 and record / }).waitFor();
  await dialog.getByRole("button", { name: "Previous" }).click();
  await dialog.getByRole("heading", { name: /^Row 3 and record / }).waitFor();
  expect((await client.imports.dryRun(id)).counts).toMatchObject({ created: 2, updated: 1, skipped: 2 });
  await client.imports.undoEdit(id);
  await dialog.getByRole("radio", { name: "Update with all of them" }).check();
  await expect.poll(async () => (await body(dialog)).find(([field]) => field.startsWith("City"))?.at(-1)).toBe("Paris");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await dialog.waitFor({ state: "detached" });
  expect((await client.imports.options(id)).duplicates.strategy).toBe("update");

  // Now all update, but for one.
  await page.getByRole("gridcell", { name: "late@example.com" }).click();
  const other = await compare(page);
  await expect.poll(() => other.getByRole("radio", { name: "Leave it out" }).count()).toBe(1);
  await other.getByRole("radio", { name: "Leave it out" }).check();
  await other.getByRole("checkbox", { name: "Do the same with all 2 rows that already exist" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "duplicate-record");
  await other.getByRole("button", { name: "Apply" }).click();
  await other.waitFor({ state: "detached" });
  await expect.poll(async () => (await client.imports.get(id)).skippedRows).toBe(1);
  await client.imports.commit(id);
  await expect.poll(async () => (await client.imports.get(id)).status, { timeout: 30_000 }).toBe("completed");
  const cities = Object.fromEntries((await leads()).map(({ email, city }) => [email, city]));
  expect(cities).toMatchObject({ "old@example.com": "Paris", "late@example.com": "Lille" });
  expect(errors).toEqual([]);
});

it("takes a row that was left out in again", async () => {
  const { page, client, id } = await openDuplicates();
  await client.imports.edit(id, { kind: "leave_out", rows: [5] });
  await page.reload();
  await page.getByRole("radio", { name: /^Left out/ }).check();
  await page.getByRole("gridcell", { name: "third@example.com" }).click();
  await page.getByText("This row was left out by hand").first().waitFor();
  await page.getByRole("button", { name: "Put row back in" }).click();
  await expect.poll(async () => (await client.imports.get(id)).skippedRows).toBe(0);
});

it.each(["en", "fr", "sv"] as const)("fits a phone in %s", async (language) => {
  const { page, t, show } = await openDuplicates(language, { width: 390, height: 844 });
  await show("inTable");
  const dialog = await compare(page, t("review", "compare"));
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await dialog.evaluate((each) => each.scrollWidth > each.clientWidth)).toBe(false);
  await shoot(page, `duplicate-phone-${language}`);
});
