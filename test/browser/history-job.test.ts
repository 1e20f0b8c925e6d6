/** What is done with an import from the list and from its page, its timeline, and what becomes of the page when it is deleted. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { completed, people, put } from "./history-jobs.ts";
import { closeBrowser, nowhere, openPage, shoot } from "./open-page.ts";

afterAll(closeBrowser);

const at = "/import/history";

async function choose(page: Page, file: string, action: string | RegExp): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${file}` }).click();
  await page.getByRole("menuitem", { name: action }).click();
}
const said = (page: Page, text: string) => page.getByRole("status").filter({ hasText: text }).waitFor();
const row = (page: Page, file: string) => page.getByRole("row").filter({ hasText: file });

it("pauses, resumes, retries, reopens and cancels from the row, and says what came of it", async () => {
  const opened = await openPage({ at: nowhere });
  const { page, bring, client } = opened;
  const id = await bring(people);
  await put(opened, id, "queued", { later: true });
  await page.goto(at);
  await row(page, "leads.csv").getByText("Waiting", { exact: true }).waitFor();
  await choose(page, "leads.csv", "Pause");
  await said(page, "leads.csv is paused.");
  await row(page, "leads.csv").getByText("Paused").waitFor();

  await choose(page, "leads.csv", "Resume");
  await said(page, "leads.csv continues.");
  await row(page, "leads.csv").getByText("Ready to review").waitFor();

  await put(opened, id, "failed", { message: "The database was away." });
  await page.reload();
  await row(page, "leads.csv").getByText("Failed").waitFor();
  await choose(page, "leads.csv", "Try again");
  await said(page, "leads.csv is being tried again.");
  await client.imports.waitFor(id, { status: "ready" });
  await row(page, "leads.csv").getByText("Ready to review").waitFor();

  await choose(page, "leads.csv", "Cancel…");
  const dialog = page.getByRole("dialog", { name: "Cancel this import?" });
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Keep going" }).click();
  await choose(page, "leads.csv", "Change the settings");
  await page.getByRole("dialog").getByRole("button", { name: "Change the settings" }).click();
  await page.getByRole("heading", { name: "Columns and fields" }).waitFor();
  expect((await client.imports.get(id)).status).toBe("pending");

  await page.goto(at);
  await choose(page, "leads.csv", "Cancel…");
  await dialog.getByText("Nothing has been written").waitFor();
  await dialog.getByRole("button", { name: "Cancel the import" }).click();
  await said(page, "leads.csv is cancelled.");
  await row(page, "leads.csv").getByText("Cancelled").waitFor();
});

it("downloads the original, the left-out rows and the records, and imports the kept file again", async () => {
  const opened = await openPage({ at: nowhere });
  const { page } = opened;
  const id = await completed(opened, people, "Ännu en fil.csv");
  await page.goto(at);
  const fetched = async (action: string): Promise<[string, string]> => {
    const download = page.waitForEvent("download");
    await choose(page, "Ännu en fil.csv", action);
    const file = await download;
    return [file.suggestedFilename(), (await readFile(await file.path())).toString("latin1").slice(0, 2)];
  };
  expect(await fetched("Download the original file")).toEqual(["Ännu en fil.csv", "em"]);
  expect(await fetched("Rows left out, for Excel")).toEqual(["Ännu en fil - rows left out.xlsx", "PK"]);
  expect((await fetched("Rows left out, as CSV"))[0]).toBe("Ännu en fil - rows left out.csv");
  expect((await fetched("Imported records as CSV"))[0]).toBe("Ännu en fil - imported records.csv");
  await choose(page, "Ännu en fil.csv", "Import this file again");
  await page.getByRole("heading", { name: "Columns and fields" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/import/${id + 1}`);
});

it("undoes after the numbers, deletes after a warning that the records stay, and gives way where somebody was quicker", async () => {
  const opened = await openPage({ at: nowhere });
  const { page, client } = opened;
  const id = await completed(opened);
  await page.goto(at);
  await choose(page, "leads.csv", "Undo the import…");
  const undo = page.getByRole("dialog", { name: "Undo this import?" });
  await undo.getByText("2 records that it created are deleted.").waitFor();
  await undo.getByRole("button", { name: "Delete the 2 records" }).click();
  await row(page, "leads.csv").getByText("Undone").waitFor();
  await completed(opened, people.replace("Acme", "Next"), "second.csv");

  await row(page, "second.csv").getByText("Imported", { exact: true }).waitFor();
  await choose(page, "second.csv", "Delete…");
  const dialog = page.getByRole("dialog", { name: "Delete this import?" });
  await dialog.getByText("The 2 records that it wrote stay").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "history-delete");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await row(page, "second.csv").waitFor({ state: "detached" });
  await said(page, "second.csv is deleted.");

  await choose(page, "leads.csv", "Delete…");
  await dialog.getByText("leads.csv").waitFor();
  await client.imports.delete(id);
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "No imports yet" }).waitFor();
  const heading = page.getByRole("heading", { name: "Imports", level: 1 });
  await expect.poll(() => heading.evaluate((element) => element.getRootNode().activeElement === element)).toBe(true);
});

it("is worked by keyboard alone: the menu opens, moves, closes and gives the focus back", async () => {
  const opened = await openPage({ at: nowhere });
  const { page, bring } = opened;
  await bring(people);
  await page.goto(at);
  const button = page.getByRole("button", { name: "Actions for leads.csv" });
  await button.focus();
  const focused = () =>
    page.evaluate(() => document.querySelector("[data-sluice]").shadowRoot.activeElement?.textContent.trim());
  await page.keyboard.press("ArrowDown");
  await page.getByRole("menu").waitFor();
  await expect.poll(() => button.getAttribute("aria-expanded")).toBe("true");
  await expect.poll(focused).toBe("Open");
  await page.keyboard.press("ArrowDown");
  expect(await focused()).toBe("Details");
  await page.keyboard.press("End");
  expect(await focused()).toBe("Delete…");
  await page.keyboard.press("ArrowDown");
  expect(await focused()).toBe("Open");
  await page.keyboard.press("ArrowUp");
  expect(await focused()).toBe("Delete…");
  await page.keyboard.press("c");
  expect(await focused()).toBe("Cancel…");
  expect(await violations(page)).toEqual([]);
  await shoot(page, "history-menu");
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "hidden" });
  expect(await button.evaluate((element) => element.getRootNode().activeElement === element)).toBe(true);
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("Tab");
  await page.getByRole("menu").waitFor({ state: "hidden" });

  await button.focus();
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("Open");
  // Closed and opened again before the page has heard of either.
  await button.evaluate((element) => {
    const { popoverTargetElement: menu } = element as HTMLButtonElement;
    element.focus();
    menu?.hidePopover();
    queueMicrotask(() => menu?.showPopover());
  });
  await expect.poll(focused).toBe("Open");
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "hidden" });

  await button.focus();
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("Open");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await button.evaluate((element) => element.getRootNode().activeElement === element)).toBe(true);
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("Open");
  await page.keyboard.press("d");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "leads.csv", level: 1 }).waitFor();
});

it("tells all there is to know of an import, with who did what when", async () => {
  const opened = await openPage({ at: nowhere });
  const { page, client, bring, errors } = opened;
  const id = await bring(people, { name: "clients.csv" });
  await client.imports.setOptions(id, { duplicates: { keys: ["email"], strategy: "update" } });
  await client.imports.start(id, { acceptDoubts: true });
  await client.imports.waitFor(id, { status: "ready" });
  await client.imports.editCell(id, 4, { field: "email", value: "still wrong" });
  await page.goto(`${at}/${id}`);
  await page.getByRole("heading", { name: "clients.csv", level: 1 }).waitFor();
  await page.getByRole("heading", { name: "The rows so far" }).waitFor();
  await page.getByText("One row fixed").waitFor();
  await shoot(page, "job-ready");
  await client.imports.commit(id);
  await page.getByRole("heading", { name: "What happened to the rows" }).waitFor();
  await page.getByText("Report written").waitFor();
  const timeline = await page
    .getByRole("region", { name: "What happened when" })
    .getByRole("listitem")
    .allTextContents();
  expect(timeline.slice(1).map((line) => line.replace(/ · .*/, ""))).toEqual([
    "File uploadedadmin",
    "Settings changedadmin",
    "Settings confirmed: waiting to be checkedadmin",
    "Checking beganby itself",
    "Every row checked: ready to reviewby itself",
    "One row fixedadmin",
    "Import requested: waiting for its turnadmin",
    expect.stringContaining("by itself"),
    expect.stringContaining("by itself"),
    expect.stringContaining("by itself"),
    expect.stringContaining("by itself"),
  ]);
  await page.getByText("Update the record").waitFor();
  await page.getByRole("row", { name: /E-mail.*Keeps the row out.*1/ }).waitFor();
  await page.getByRole("heading", { name: "Columns and fields" }).click();
  await page.getByRole("cell", { name: "company", exact: true }).waitFor();
  await page.getByRole("cell", { name: "Company", exact: true }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "job-completed");
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "job-completed-narrow");
  expect(errors).toEqual([]);
});

it.each([
  ["fr-FR", "Fichier envoyé", "Ce que sont devenues les lignes", "Plus"],
  ["sv-SE", "Filen laddades upp", "Vad som hände med raderna", "Mer"],
])("speaks %s", async (locale, brought, numbers, more) => {
  const opened = await openPage({ at: nowhere, browser: { locale } });
  const { page } = opened;
  const id = await completed(opened);
  await page.goto(`${at}/${id}`);
  await page.getByText(brought).waitFor();
  await page.getByRole("heading", { name: numbers }).waitFor();
  await shoot(page, `job-${locale.slice(0, 2)}`);
  await page.getByRole("button", { name: more, exact: true }).click();
  await page.getByRole("menu").waitFor();
  await page.goto(at);
  await page.getByRole("row", { name: /leads\.csv/ }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, `history-${locale.slice(0, 2)}`);
});

it("says so at once when somebody else deletes what one is looking at, and of one that never was", async () => {
  const opened = await openPage({ at: nowhere });
  const { page, client, bring } = opened;
  const id = await bring(people, { name: "shared.csv" });
  await page.goto(`${at}/${id}`);
  await page.getByText("File uploaded").waitFor();
  await client.imports.delete(id);
  await page.getByRole("heading", { name: "This import was deleted" }).waitFor();
  await page.getByText("shared.csv").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "job-deleted");
  for (const missing of ["4711", "nonsense"]) {
    await page.goto(`${at}/${missing}`);
    await page.getByRole("heading", { name: "There is no such import" }).waitFor();
  }
  await page.getByRole("link", { name: "All imports" }).click();
  await page.getByRole("heading", { name: "No imports yet" }).waitFor();
});

it("deletes from the page of the import, and goes back to the list", async () => {
  const opened = await openPage({ at: nowhere });
  const { page, bring } = opened;
  const id = await bring(people);
  await put(opened, id, "failed", { message: "The file ends in the middle of a row." });
  await page.goto(`${at}/${id}`);
  await page.getByText("The file ends in the middle of a row.").waitFor();
  await shoot(page, "job-failed");
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete for good" }).click();
  await page.getByRole("heading", { name: "No imports yet" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(at);
});
