/** Each step of a whole way is without a violation of accessibility, in both themes, wide and narrow, and nothing sticks out. */
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { closeGate } from "./gate.ts";
import { beginJourney, journeyFile } from "./journey.ts";
import { closeBrowser, screens, shoot } from "./open-page.ts";
import { anyOf, wordsOf } from "./wizard-words.ts";

afterAll(closeBrowser);

const t = wordsOf("en");

/** What is wrong with the page as it stands, at each width; wide again afterwards. */
async function looked(page: Page, step: string): Promise<string[]> {
  const found: string[] = [];
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    // A table may become cards only when it is told of the new width.
    const fits = page.waitForFunction((most) => document.documentElement.scrollWidth <= most, width);
    await fits.catch(() => found.push(`${step} at ${width}: something sticks out`));
    found.push(...(await violations(page)).map((each) => `${step} at ${width}: ${each}`));
    await shoot(page, `journey-${step}-${width}`);
  }
  return found;
}

it("is accessible and fits at every step", async () => {
  const journey = await beginJourney("en", { environment: { SLUICE_CHUNK_ROWS: "100", SLUICE_LANES: "1" } });
  const { page, heading, button, database, errors } = journey;
  const wrong: string[] = [];
  const look = async (step: string): Promise<void> => {
    wrong.push(...(await looked(page, step)));
  };
  await page.getByRole("button", { name: t("upload", "dropTitle") }).waitFor();
  await look("upload");
  const id = await journey.upload(await journeyFile(150));
  await page.locator(".map-line").first().waitFor();
  await look("map");

  const openParse = await closeGate(database, {
    table: "sluice.import_rows",
    event: "insert",
    condition: `new.job_id = ${id}`,
  });
  await button("map", "check").click();
  const accept = button("map", "doubtsAccept").or(button("map", "checkAnyway"));
  await accept.or(heading("analysis")).first().waitFor();
  if (await accept.isVisible()) await accept.click();
  await heading("analysis").waitFor();
  await look("analysis");
  await openParse();
  await heading("review").waitFor();
  await page.getByRole("grid").getByRole("rowheader").first().waitFor();
  // As it is in a window: a grid that fills a page of its own height shows nothing.
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole("button", { name: new RegExp(`^${t("review", "inFile")}: `) }).waitFor();
  await page.screenshot({ path: join(screens, "review-window.png"), animations: "disabled" });
  await page.getByRole("button", { name: /^Status / }).click();
  await page
    .getByRole("region", { name: t("review", "fixTitle", { field: "Status" }) })
    .getByRole("listitem")
    .first()
    .waitFor();
  await look("review");

  await journey.toOptions(id);
  await page.locator('.foresight-numbers[aria-busy="false"]').waitFor();
  await look("options");
  const openCommit = await closeGate(database, {
    table: "leads",
    event: "insert",
    condition: "new.external_id = 'J-1' or new.external_id = 'CRM-0000140'",
  });
  await page.getByRole("button", { name: anyOf("en", "options", "importRows"), disabled: false }).click();
  await heading("commit").waitFor();
  await page.getByRole("progressbar", { name: t("progress", "bar") }).waitFor();
  await look("commit");
  await openCommit();
  await heading("commit", "done").waitFor();
  await page.getByRole("heading", { name: anyOf("en", "commit", "rejectedTitle") }).waitFor();
  await look("summary");
  await page.getByRole("link", { name: t("common", "seeRecords") }).click();
  await page.getByRole("table").waitFor();
  await look("records");
  await page.goBack();
  await button("common", "undo").click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: anyOf("en", "commit", "undoDeletes") })
    .waitFor();
  await look("undo");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: anyOf("en", "commit", "undoDeletes") })
    .click();
  await heading("commit", "undone").waitFor();
  await look("undone");
  await page.getByRole("link", { name: t("page", "history"), exact: true }).click();
  await page.getByText("prospects été.csv").first().waitFor();
  await look("history");
  expect(wrong).toEqual([]);
  expect(errors).toEqual([]);
});

it("moves nothing while a commit runs", async () => {
  const journey = await beginJourney("en", { environment: { SLUICE_CHUNK_ROWS: "100", SLUICE_LANES: "1" } });
  const { page, heading, database, errors } = journey;
  const id = await journey.upload(await journeyFile(900));
  await journey.check();
  await journey.toOptions(id);
  // A gate is a trigger, which a dry run would wait at too.
  const press = page.getByRole("button", { name: anyOf("en", "options", "importRows"), disabled: false });
  await press.waitFor();
  const opens: (() => Promise<void>)[] = [];
  for (const reference of ["J-3", "CRM-0000350", "CRM-0000700"]) {
    opens.push(
      await closeGate(database, { table: "leads", event: "insert", condition: `new.external_id = '${reference}'` }),
    );
  }
  await press.click();
  await heading("commit").waitFor();
  const bar = page.getByRole("progressbar", { name: t("progress", "bar") });
  await bar.waitFor();
  // From here on nothing but numbers changes, until it is done.
  await page.evaluate(() => {
    window.shifts = [];
    new window.PerformanceObserver((list: { getEntries(): { value: number; hadRecentInput: boolean }[] }) => {
      if (document.querySelector("[data-sluice]").shadowRoot.querySelector("[role=progressbar]") === null) return;
      for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shifts.push(value);
    }).observe({ type: "layout-shift", buffered: false });
  });
  const height = async (): Promise<number | undefined> => (await page.locator(".running").boundingBox())?.height;
  const before = await height();
  const seen = new Set<string | null>();
  // Null once the bar has gone, as it may at any moment after the last gate.
  const done = (): Promise<string | null> => bar.getAttribute("aria-valuenow", { timeout: 1000 }).catch(() => null);
  for (const open of opens) {
    const now = await bar.getAttribute("aria-valuenow");
    seen.add(now);
    expect(await height()).toBe(before);
    await open();
    await expect.poll(done).not.toBe(now);
  }
  await heading("commit", "done").waitFor();
  expect(seen.size).toBeGreaterThan(1);
  expect(await page.evaluate(() => window.shifts)).toEqual([]);
  expect(errors).toEqual([]);
});
