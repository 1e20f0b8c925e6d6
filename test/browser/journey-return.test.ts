/** Leaving and coming back: by reload, by the browser's back and forward, in a second tab, and after another tab went on. */
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { closeGate } from "./gate.ts";
import { beginJourney, figure, type Journey, journeyFile, soon } from "./journey.ts";
import { closeBrowser } from "./open-page.ts";
import { anyOf, wordsOf } from "./wizard-words.ts";

afterAll(closeBrowser);

const t = wordsOf("en");

const path = (page: Page): string => new URL(page.url()).pathname;

/** A second tab of the same person. */
async function tabAt(journey: Journey, at: string): Promise<Page> {
  const tab = await journey.context.newPage();
  tab.on("pageerror", (error) => journey.errors.push(error.message));
  await tab.goto(at);
  return tab;
}

it("comes back to the same step with the same state, at each step, after a reload", async () => {
  const journey = await beginJourney("en");
  const { page, heading, errors } = journey;
  const id = await journey.upload(await journeyFile(60));

  const country = page.getByRole("combobox", { name: t("map", "goesToOf", { column: "Pays" }) });
  await country.selectOption("");
  await expect
    .poll(
      async () => (await journey.client.imports.mapping(id)).columns.find(({ column }) => column === "Pays")?.field,
      soon,
    )
    .toBe(null);
  await page.reload();
  await heading("map").waitFor();
  await expect.poll(() => country.inputValue(), soon).toBe("");

  await journey.check();
  await page.getByRole("gridcell", { name: "zoe.beranger.example" }).dblclick();
  const input = page.getByRole("textbox", { name: "E-mail" });
  await input.fill("zoe@beranger.example");
  await input.press("Enter");
  await page.getByRole("button", { name: t("review", "changes", { count: 1 }) }).waitFor();
  const wrong = await figure(page, t("review", "wrong")).textContent();
  await page.reload();
  await heading("review").waitFor();
  await page.getByRole("gridcell", { name: "zoe@beranger.example" }).waitFor();
  await page.getByRole("button", { name: t("review", "changes", { count: 1 }) }).waitFor();
  await expect.poll(() => figure(page, t("review", "wrong")).textContent()).toBe(wrong);

  await journey.toOptions(id);
  await page.getByRole("radio", { name: t("options", "update") }).check();
  await expect.poll(async () => (await journey.client.imports.options(id)).duplicates.strategy, soon).toBe("update");
  await page.reload();
  await heading("options").waitFor();
  await expect.poll(() => page.getByRole("radio", { name: t("options", "update") }).isChecked(), soon).toBe(true);

  await journey.importAll();
  const became = await page.locator(".outcome-list").textContent();
  await page.reload();
  await heading("commit", "done").waitFor();
  await expect.poll(() => page.locator(".outcome-list").textContent(), soon).toBe(became);
  expect(path(page)).toBe(`/import/${id}/options`);
  expect(errors).toEqual([]);
});

it("goes back and forward with the browser, and shows at each place what is true there", async () => {
  const journey = await beginJourney("en");
  const { page, heading, errors } = journey;
  const id = await journey.upload(await journeyFile(40));
  await page.goBack();
  await heading("upload").waitFor();
  await page.goForward();
  await heading("map").waitFor();
  await journey.check();
  await journey.toOptions(id);
  await page.goBack();
  await heading("review").waitFor();
  expect(path(page)).toBe(`/import/${id}`);
  await page.goForward();
  await heading("options").waitFor();
  await page.getByRole("button", { name: t("options", "toReview") }).click();
  await heading("review").waitFor();
  await journey.toOptions(id);
  await journey.importAll();
  // What has been written is not shown as if it were still to be decided.
  await page.goBack();
  await heading("commit", "done").waitFor();
  await page.getByRole("link", { name: t("common", "seeRecords") }).click();
  await heading("records").waitFor();
  await page.goBack();
  await heading("commit", "done").waitFor();
  expect(errors).toEqual([]);
});

it("shows the same in a second tab, and moves on when that one does", async () => {
  const journey = await beginJourney("en", { environment: { SLUICE_CHUNK_ROWS: "100", SLUICE_LANES: "1" } });
  const { page, heading, errors, database } = journey;
  const id = await journey.upload(await journeyFile(250));
  const other = await tabAt(journey, `/import/${id}`);
  const otherHeading = (name: string) => other.getByRole("heading", { level: 1, name });
  await otherHeading(t("map", "title")).waitFor();
  await journey.check();
  await otherHeading(t("review", "title")).waitFor();
  await expect
    .poll(() => figure(other, t("review", "wrong")).textContent())
    .toBe(await figure(page, t("review", "wrong")).textContent());

  // An edit of the one is seen in the other.
  await other.getByRole("gridcell", { name: "zoe.beranger.example" }).dblclick();
  await other.getByRole("textbox", { name: "E-mail" }).fill("zoe@beranger.example");
  await other.getByRole("textbox", { name: "E-mail" }).press("Enter");
  await page.getByRole("gridcell", { name: "zoe@beranger.example" }).waitFor();

  const open = await closeGate(database, { table: "leads", event: "insert", condition: "new.external_id = 'J-7'" });
  await other.getByRole("button", { name: anyOf("en", "review", "continue") }).click();
  await other.getByRole("button", { name: anyOf("en", "options", "importRows"), disabled: false }).click();
  await otherHeading(t("commit", "title")).waitFor();
  await heading("commit").waitFor();
  // The keyboard is where the step begins.
  await expect.poll(() => page.locator(":focus:not([data-sluice])").textContent()).toBe(t("commit", "title"));
  await open();
  await heading("commit", "done").waitFor();
  await otherHeading(t("commit", "done")).waitFor();
  await expect
    .poll(() => other.locator(".outcome-list").textContent())
    .toBe(await page.locator(".outcome-list").textContent());
  expect(errors).toEqual([]);
});
