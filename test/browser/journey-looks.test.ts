/** Each step of a whole way is without a violation of accessibility, in both themes, wide and narrow, and nothing sticks out. */
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { closeGate } from "./gate.ts";
import { heldInChunks, heldScreens } from "./held-journey.ts";
import { beginJourney, journeyFile } from "./journey.ts";
import { closeBrowser, shoot, shootWindow } from "./open-page.ts";
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
  const journey = await beginJourney("en", { environment: heldInChunks });
  const { page, heading, errors } = journey;
  const wrong: string[] = [];
  const look = async (step: string): Promise<void> => {
    wrong.push(...(await looked(page, step)));
  };
  for await (const screen of heldScreens(journey)) {
    if (screen === "review") {
      // As it is in a window: a grid that fills a page of its own height shows nothing.
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.getByRole("button", { name: new RegExp(`^${t("review", "inFile")}: `) }).waitFor();
      await shootWindow(page, "review-window");
      await page.getByRole("button", { name: /^Status / }).click();
      await page
        .getByRole("region", { name: t("review", "fixTitle", { field: "Status" }) })
        .getByRole("listitem")
        .first()
        .waitFor();
    }
    await look(screen);
    if (screen === "undo") {
      await page
        .getByRole("dialog")
        .getByRole("button", { name: anyOf("en", "commit", "undoDeletes") })
        .click();
      await heading("commit", "undone").waitFor();
      await look("undone");
    }
  }
  expect(wrong).toEqual([]);
  expect(errors).toEqual([]);
});

it("moves nothing while a commit runs", async () => {
  const journey = await beginJourney("en", { environment: heldInChunks });
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
