/** The whole way of a file, from drop to undo, in each language; what stands on the screen is what is in the database. */
import { afterAll, expect, it } from "vitest";
import type { ApiLanguage } from "../../src/client/index.ts";
import { beginJourney, figure, journeyFile, numbersBeside, soon } from "./journey.ts";
import { closeBrowser } from "./open-page.ts";
import { foreignWords, textsOn } from "./wizard-words.ts";

afterAll(closeBrowser);

it.each<[string, ApiLanguage, boolean]>([
  ["Back to the columns", "sv", true],
  ["Continue with 12 rows", "fr", true],
  ["Continue with {count} rows", "en", true],
  ["Continue with 12 rows", "en", false],
  ["Excel", "fr", false],
  ["zoe@beranger.example", "fr", false],
])("knows whether “%s” is foreign in %s", (text, language, isForeign) => {
  expect(foreignWords([text], language)).toEqual(isForeign ? [text] : []);
});

it.each<[ApiLanguage, string, string]>([
  ["en", "Status", "E-mail"],
  ["fr", "Statut", "E-mail"],
  ["sv", "Status", "E-post"],
])("goes from a file to its records, and back, in %s", async (language, status, email) => {
  const journey = await beginJourney(language);
  const { page, client, t, heading, button, rows, errors } = journey;
  const foreign: string[] = [];
  const look = async (step: string): Promise<void> => {
    foreign.push(...foreignWords(await textsOn(page), language).map((text) => `${step}: ${text}`));
  };
  await heading("upload").waitFor();
  await look("upload");
  const id = await journey.upload(await journeyFile());
  await page.locator(".map-line").first().waitFor();
  await look("map");
  await journey.check();

  // What is wrong, as it is told and as it is.
  const before = await client.imports.get(id);
  expect(before.totalRows).toBe(307);
  await expect.poll(() => figure(page, t("review", "right")).textContent()).toBe(String(before.validRows));
  await expect.poll(() => figure(page, t("review", "wrong")).textContent()).toBe(String(before.invalidRows));
  await look("review");

  // One cell, by hand.
  const grid = page.getByRole("grid");
  await grid.getByRole("gridcell", { name: "zoe.beranger.example" }).dblclick();
  const input = page.getByRole("textbox", { name: email, exact: true });
  await input.fill("zoe@beranger.example");
  await input.press("Enter");
  await expect.poll(() => figure(page, t("review", "wrong")).textContent(), soon).toBe(String(before.invalidRows - 1));
  // Five, by their value.
  await page.getByRole("button", { name: new RegExp(`^${status} `) }).click();
  const fix = page.getByRole("region", { name: t("review", "fixTitle", { field: status }) });
  await fix.getByRole("combobox", { name: /^Gagnéé/ }).selectOption("converted");
  await look("fix");
  await fix
    .getByRole("listitem")
    .filter({ hasText: "Gagnéé" })
    .getByRole("button", { name: t("review", "apply") })
    .click();
  await fix.getByText(t("review", "nowRight", { count: 5 })).waitFor();
  await expect.poll(() => figure(page, t("review", "wrong")).textContent(), soon).toBe(String(before.invalidRows - 6));
  const ready = await client.imports.get(id);
  expect([ready.validRows, ready.invalidRows]).toEqual([before.validRows + 6, before.invalidRows - 6]);

  await journey.toOptions(id);
  await page.locator('.foresight-numbers[aria-busy="false"]').waitFor();
  await look("options");
  const { rows: all, ...foreseen } = await numbersBeside(page.locator(".foresight-numbers dl"));
  expect(all).toBe(307);
  await button("options", "importRows", foreseen.created + foreseen.updated).waitFor();
  await journey.importAll();
  await look("summary");
  const { rows: of, ...became } = await numbersBeside(page.locator(".outcome-list"));
  const { counts } = await client.imports.get(id);
  expect([of, became]).toEqual([307, expect.objectContaining(foreseen)]);
  expect(counts).toEqual(expect.objectContaining(foreseen));
  expect(await rows(`select count(*)::int as n from leads where import_job_id = ${id}`)).toEqual([
    { n: foreseen.created },
  ]);
  expect(await rows("select email, status::text from leads where external_id in ('J-1', 'J-7') order by 1")).toEqual([
    { email: "chloe7@noel.example", status: "converted" },
    { email: "zoe@beranger.example", status: "new" },
  ]);

  await page.getByRole("link", { name: t("common", "seeRecords") }).click();
  await heading("records").waitFor();
  await page.getByText(t("records", "all", { number: String(foreseen.created) })).waitFor({ state: "attached" });
  await page.getByRole("table").getByText("zoe@beranger.example").or(page.getByRole("row").nth(3)).first().waitFor();
  await look("records");
  await page.getByRole("link", { name: t("records", "back") }).click();
  await heading("commit", "done").waitFor();

  await button("common", "undo").click();
  const undo = page.getByRole("dialog", { name: t("commit", "undoDialog") });
  await undo.getByText(t("commit", "undoDelete", { count: foreseen.created })).waitFor();
  await look("undo");
  await undo
    .getByRole("button", { name: t("commit", "undoDeletes", { count: foreseen.created }), exact: true })
    .click();
  await heading("commit", "undone").waitFor();
  await look("undone");
  expect(await rows("select count(*)::int as n from leads")).toEqual([{ n: 0 }]);

  await page.getByRole("link", { name: t("page", "history"), exact: true }).click();
  const row = page.getByRole("row").filter({ hasText: "prospects été.csv" });
  await row.getByText(t("status", "undone"), { exact: true }).waitFor();
  await row.getByText("307", { exact: true }).waitFor();
  await look("history");
  await row.getByRole("link", { name: "prospects été.csv" }).click();
  await page.getByRole("heading", { level: 1 }).filter({ hasText: "prospects été.csv" }).waitFor();
  await page.getByRole("heading", { level: 2 }).nth(1).waitFor();
  await look("job");
  expect(foreign).toEqual([]);
  expect(errors).toEqual([]);
});
