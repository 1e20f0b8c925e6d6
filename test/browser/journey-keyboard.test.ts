/** The whole way by keyboard alone: each step begins at its heading, the focus is never lost, and it is always seen. */
import type { Locator, Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import type { Room, Texts } from "../../src/react/locale/texts.ts";
import { beginJourney, figure, importIdOf, journeyFile, soon } from "./journey.ts";
import { closeBrowser, hasFocus } from "./open-page.ts";
import { anyOf } from "./wizard-words.ts";

afterAll(closeBrowser);

/** Moves by Tab until the control has the focus; notes what has it on the way without showing it. */
async function tabTo(page: Page, control: Locator, unseen: string[], key = "Tab"): Promise<void> {
  await control.waitFor();
  for (let presses = 0; presses < 150; presses++) {
    if (await hasFocus(control)) return;
    await page.keyboard.press(key);
    const hidden = await ringless(page);
    if (hidden !== null) unseen.push(hidden);
  }
  throw new Error(`Tab does not reach ${control}; it stops at ${await focusName(page)}.`);
}

/** What has the focus, when nothing shows that it has; null when it shows, or the focus is at the page's end. */
function ringless(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    if (element === null || element === document.body || element.hasAttribute("data-sluice")) return null;
    // A control that is hidden behind its label is shown by that.
    const shown = [element, element.parentElement, element.nextElementSibling, element.closest("label")];
    const rings = shown.filter((each) => {
      if (!each) return false;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
      return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1) || boxShadow !== "none";
    });
    return rings.length > 0 ? null : `${element.tagName} ${element.className} ${element.textContent.slice(0, 40)}`;
  });
}

function focusName(page: Page): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return `${element?.tagName} ${element?.textContent?.slice(0, 60) ?? ""}`;
  });
}

it("goes from a file to its records and back without a mouse", async () => {
  const { page, client, t, heading, button, rows, errors } = await beginJourney("en");
  const unseen: string[] = [];
  const to = (control: Locator, key?: string): Promise<void> => tabTo(page, control, unseen, key);
  const press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const begins = async <R extends Room>(room: R, key = "title" as keyof Texts[R] & string): Promise<void> => {
    await expect.poll(() => focusName(page)).toBe(`H1 ${t(room, key)}`);
  };

  const choosing = page.waitForEvent("filechooser");
  const drop = page.getByRole("button", { name: t("upload", "dropTitle") });
  await drop.waitFor();
  await to(drop);
  await press("Enter");
  const buffer = Buffer.from(await journeyFile(60));
  await (await choosing).setFiles({ name: "leads.csv", mimeType: "text/csv", buffer });
  await begins("map");
  const id = importIdOf(page);

  // What is asked is one stop away; the columns are a few more, however many there are.
  await page.getByRole("button", { name: t("map", "skipToQuestions") }).waitFor();
  await press("Tab", "Enter");
  await expect.poll(() => hasFocus(page.locator(".question-body :is(select, button)").first())).toBe(true);
  await to(page.locator(".map-name[tabindex='0']"));
  for (let moves = 0; moves < 20 && !/Pays/.test(await focusName(page)); moves++) await press("ArrowDown");
  await press("Tab");
  await expect
    .poll(() => hasFocus(page.getByRole("combobox", { name: t("map", "goesToOf", { column: "Pays" }) })))
    .toBe(true);
  await press("Home");
  await page
    .getByRole("status")
    .filter({ hasText: t("map", "nowLeft", { column: "Pays" }) })
    .waitFor({ state: "attached" });
  await to(page.getByRole("tab", { name: "Columns" }), "Shift+Tab");
  await press("ArrowRight");
  await page.getByRole("region", { name: t("map", "previewTable") }).waitFor();
  await press("ArrowLeft");
  await to(button("map", "check"));
  await press("Enter");
  await to(button("map", "checkAnyway"));
  await press("Space");
  await begins("review");

  // A cell, in the grid.
  const wrong = Number(await figure(page, t("review", "wrong")).textContent());
  const cells = page.getByRole("grid").getByRole("gridcell");
  await cells.first().waitFor();
  await to(page.locator("[role=grid] [tabindex='0']"));
  for (let moves = 0; moves < 12 && !/zoe.beranger.example/.test(await focusName(page)); moves++) {
    await press("ArrowRight");
  }
  await press("Enter", "Control+a");
  await page.keyboard.type("zoe@beranger.example");
  await press("Enter");
  await expect.poll(() => figure(page, t("review", "wrong")).textContent(), soon).toBe(String(wrong - 1));
  // On to the row below, as in a spreadsheet; the cell has what was typed.
  expect(await focusName(page)).toContain("åsa at exempel");
  await press("ArrowUp");
  expect(await focusName(page)).toContain("zoe@beranger.example");

  // A value, of all its rows.
  await to(page.getByRole("button", { name: /^Status / }), "Shift+Tab");
  await press("Enter");
  const fix = page.getByRole("region", { name: t("review", "fixTitle", { field: "Status" }) });
  await to(fix.getByRole("combobox", { name: /^Gagnéé/ }));
  await page.keyboard.type("conv");
  await to(fix.getByRole("button", { name: t("review", "apply") }).first());
  await press("Enter");
  await expect.poll(() => figure(page, t("review", "wrong")).textContent(), soon).toBe(String(wrong - 6));
  // It was the last one: what came of it stays to be read, and the keyboard stays beside it.
  await fix.getByText(t("review", "nowRight", { count: 5 })).waitFor();
  await fix.getByText(t("review", "noValues")).waitFor();
  expect(await focusName(page)).not.toMatch(/^BODY|^DIV $/);

  await to(button("review", "continue", (await client.imports.get(id)).validRows));
  await press("Enter");
  await begins("options");
  const skip = page.getByRole("radio", { name: "Skip it" });
  await to(skip);
  await press("ArrowDown");
  await expect.poll(() => page.getByRole("radio", { name: t("options", "update") }).isChecked()).toBe(true);
  await expect.poll(() => hasFocus(page.getByRole("radio", { name: t("options", "update") }))).toBe(true);
  await press("ArrowUp");
  await expect.poll(async () => (await client.imports.options(id)).duplicates.strategy, soon).toBe("skip");
  await page.locator('.foresight-numbers[aria-busy="false"]').waitFor();
  await to(page.getByRole("button", { name: anyOf("en", "options", "importRows"), disabled: false }));
  await press("Enter");
  await begins("commit", "done");

  await to(page.getByRole("link", { name: t("common", "seeRecords") }));
  await press("Enter");
  await heading("records").waitFor();
  await begins("records");
  await to(page.getByRole("link", { name: t("records", "back") }));
  await press("Enter");
  await begins("commit", "done");
  await to(button("common", "undo"));
  await press("Enter");
  const confirm = page.getByRole("dialog").getByRole("button", { name: /^Delete the \d+ records$/ });
  await to(confirm);
  await press("Enter");
  await begins("commit", "undone");
  expect(await rows("select count(*)::int as n from leads")).toEqual([{ n: 0 }]);

  await to(page.getByRole("link", { name: t("page", "history"), exact: true }), "Shift+Tab");
  await press("Enter");
  await page.getByRole("row").filter({ hasText: "leads.csv" }).waitFor();
  expect(unseen).toEqual([]);
  expect(errors).toEqual([]);
});
