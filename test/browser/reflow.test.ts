/**
 * Every screen where there is room for a few words: 320 × 256 pixels, which is a window of 1280 × 1024 at a zoom of 400 % (WCAG 1.4.10,
 * 1.4.4), and 320 × 700, a small phone. Nothing is wider than the window, and what sticks leaves most of it to what is read.
 */
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { doubtfulFile, openMap } from "./guests.ts";
import { heldInChunks, heldScreens } from "./held-journey.ts";
import { beginJourney, importIdOf } from "./journey.ts";
import { closeBrowser, openPage, shootWindow } from "./open-page.ts";
import { wordsOf } from "./wizard-words.ts";

afterAll(closeBrowser);

const t = wordsOf("en");
const width = 320;

/** What is wrong with the page as it stands in small windows, with pictures of them; wide again afterwards. */
async function crowded(page: Page, screen: string): Promise<string[]> {
  const found: string[] = [];
  for (const height of [256, 700]) {
    await page.setViewportSize({ width, height });
    // A table may become cards only when it is told of the new width.
    await page
      .waitForFunction((most) => document.documentElement.scrollWidth <= most, width, { timeout: 10_000 })
      .catch(() => {});
    found.push(...(await page.evaluate(crowding, width)).map((each) => `${screen} at ${width} × ${height}: ${each}`));
    await shootWindow(page, `reflow-${screen}-${height}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  return found;
}

/** In the page: what is wider than the window, or covers too much of it. */
function crowding(most: number): string[] {
  const wrong: string[] = [];
  const nameOf = (each: Element): string =>
    `${each.tagName} .${each.className} “${each.textContent.trim().slice(0, 40)}”`;
  const all: Element[] = [];
  const gather = (root: Element): void => {
    for (const each of root.querySelectorAll("*")) {
      all.push(each);
      if (each.shadowRoot) gather(each.shadowRoot);
    }
  };
  gather(document);
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > most) {
    const wide = all.filter((each) => each.getBoundingClientRect().right > most + 0.5).slice(-3);
    wrong.push(`${scrollWidth} wide: ${wide.map(nameOf).join("; ")}`);
  }
  const open = all.filter((each) => each.tagName === "DIALOG" && each.open);
  for (const each of open) {
    const { left, right, top, bottom } = each.getBoundingClientRect();
    if (left < 0 || right > most || top < 0 || bottom > window.innerHeight)
      wrong.push(`${nameOf(each)} leaves the window`);
    const body = each.querySelector(".dialog-body");
    if (body !== null && body.scrollHeight > body.clientHeight + 1 && body.clientHeight < window.innerHeight / 2)
      wrong.push(`${nameOf(each)} shows ${body.clientHeight} px of what is read`);
    for (const part of [each, ...each.querySelectorAll("*")]) {
      const { overflowX } = getComputedStyle(part);
      const isTable = part.querySelector(":scope > table") !== null;
      if (
        (part === each || overflowX === "auto" || overflowX === "scroll") &&
        !isTable &&
        part.scrollWidth > part.clientWidth
      )
        wrong.push(`${nameOf(part)} of a dialog scrolls sideways`);
    }
  }
  // From the middle of the page, where all sticks that can.
  window.scrollTo(0, (document.documentElement.scrollHeight - window.innerHeight) / 2);
  const isWithin = (each: Element): boolean => {
    for (let up = each.parentElement; up; up = up.parentElement) {
      if (!["visible", "clip"].includes(getComputedStyle(up).overflowY)) return true;
    }
    return false;
  };
  const stuck =
    open.length > 0
      ? []
      : all.filter((each) => ["sticky", "fixed"].includes(getComputedStyle(each).position) && !isWithin(each));
  const covered = stuck.reduce((sum, each) => {
    const { top, bottom, left, right } = each.getBoundingClientRect();
    const seen = Math.min(bottom, window.innerHeight) - Math.max(top, 0);
    const isStuck =
      getComputedStyle(each).position === "fixed" || Math.abs(bottom - window.innerHeight) < 1 || Math.abs(top) < 1;
    return isStuck && right - left > most / 2 ? sum + Math.max(0, seen) : sum;
  }, 0);
  window.scrollTo(0, 0);
  if (covered > window.innerHeight / 3) wrong.push(`${covered} px are covered by ${stuck.map(nameOf).join("; ")}`);
  return wrong;
}

/** Opens each dialog of a step, and closes it again. */
async function lookAtDialogs(
  page: Page,
  step: string,
  look: (screen: string) => Promise<void>,
  openers: readonly (readonly [name: string, opener: Locator])[],
): Promise<void> {
  for (const [name, opener] of openers) {
    await opener.click();
    await page.getByRole("dialog").waitFor();
    await look(`${step}-${name}`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
}

it("fits a way from the file to its records, and what becomes of these", async () => {
  const journey = await beginJourney("en", { environment: heldInChunks });
  const { page, button } = journey;
  const wrong: string[] = [];
  const look = async (screen: string): Promise<void> => {
    wrong.push(...(await crowded(page, screen)));
  };
  let id = 0;
  for await (const screen of heldScreens(journey)) {
    await look(screen);
    if (screen === "map") id = importIdOf(page);
    if (screen === "undo") await page.keyboard.press("Escape");
    if (screen !== "review") continue;
    await page.getByRole("button", { name: /^Status / }).click();
    const fix = page.getByRole("region", { name: t("review", "fixTitle", { field: "Status" }) });
    await fix.getByRole("listitem").first().waitFor();
    await look("review-fix");
    await lookAtDialogs(page, "review", look, [
      ["find", button("review", "findTitle")],
      ["repair", button("review", "fixAll")],
      ["changes", page.getByRole("button", { name: /^Changes/ })],
    ]);
  }
  await page.goto(`/import/history/${id}`);
  await page.getByRole("heading", { level: 1, name: "prospects été.csv" }).waitFor();
  await page.getByRole("heading", { level: 2 }).first().waitFor();
  await look("history-job");
  expect(wrong).toEqual([]);
});

it("fits the columns with all that is asked about them, their dialogs and their preview", async () => {
  const { page } = await openMap(doubtfulFile);
  const wrong: string[] = [];
  const look = async (screen: string): Promise<void> => {
    wrong.push(...(await crowded(page, screen)));
  };
  await page.getByText("2 questions are open.").first().waitFor();
  await look("map-questions");
  await page.getByRole("rowgroup", { name: "City" }).getByRole("button", { name: "City", exact: true }).click();
  await look("map-column");
  // A field that no column feeds can have a value of its own.
  await page.getByRole("combobox", { name: t("map", "goesToOf", { column: "City" }) }).selectOption({ index: 0 });
  await lookAtDialogs(page, "map", look, [
    ["reading", page.getByRole("button", { name: t("common", "changeReading") })],
    ["template", page.getByRole("button", { name: t("map", "templateSave") })],
    ["value", page.getByRole("button", { name: t("map", "madeAdd") })],
    ["open", page.getByRole("button", { name: t("map", "check"), exact: true })],
  ]);
  await page.getByRole("tab", { name: t("map", "previewTab") }).click();
  await page.getByRole("region", { name: t("map", "previewTable") }).waitFor();
  await look("map-preview");
  expect(wrong).toEqual([]);
});

it("fits the sign-in, the sources and the notifications", async () => {
  const { page, context, signInLink } = await openPage({
    at: "/import/sources",
    environment: { SLUICE_SECRETS_KEY: "a key of the tests, long enough for them" },
  });
  const wrong: string[] = [];
  const look = async (screen: string): Promise<void> => {
    wrong.push(...(await crowded(page, screen)));
  };
  await page.getByRole("button", { name: t("sources", "add") }).click();
  await page.getByLabel("Name", { exact: true }).waitFor();
  await look("sources");
  await page.goto("/import/notifications");
  await page.getByRole("heading", { name: t("notifications", "webhooks") }).waitFor();
  await look("notifications");
  const link = await signInLink();
  await context.clearCookies();
  await page.goto("/import");
  await page.getByRole("dialog").waitFor();
  await look("sign-in-dialog");
  for (const [screen, address] of [
    ["sign-in", link],
    ["sign-in-code", "/sign-in"],
  ]) {
    await page.goto(address);
    await page.getByRole("button").waitFor();
    await look(screen);
  }
  expect(wrong).toEqual([]);
});
