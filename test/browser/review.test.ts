/** The review step: what is wrong is found, told, and mended one by one and together. */
import type { Locator, Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { closeBrowser, shoot, shootWindow } from "./open-page.ts";
import { openReview } from "./open-review.ts";
import { longText, reviewFile, rightToLeft } from "./review-file.ts";

afterAll(closeBrowser);

/** A figure of the head, as it stands there. */
function figure(page: Page, label: string): Locator {
  return page.locator("dl > div").filter({ hasText: label }).locator("dd");
}

const cell = (page: Page, row: number, text: string): Locator =>
  page
    .getByRole("row")
    .filter({ has: page.getByRole("rowheader", { name: new RegExp(`(^|\\. )${row}($| )`) }) })
    .getByRole("gridcell", { name: text });

/** The element with the focus, within the shadow root too. */
const focused = (page: Page): Locator => page.locator(":focus:not([data-sluice])");

describe("what is wrong", () => {
  it("is told in figures and bars, without a violation of accessibility and without an error", async () => {
    const { page, errors } = await openReview();
    await expect.poll(() => figure(page, "Valid").textContent()).toBe("47");
    await expect.poll(() => figure(page, "Errors").textContent()).toBe("15");
    await expect.poll(() => figure(page, "Duplicates").textContent()).toBe("2");
    await expect.poll(() => figure(page, "Already exist").textContent()).toBe("0");
    await page.getByRole("button", { name: /^Status .*12 rows/ }).waitFor();
    await page.getByRole("button", { name: /^E-mail .*3 rows/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "review");
    expect(errors).toEqual([]);
  });

  it("filters the rows by bar, by how they stand and by a text, all at once, and shows all again", async () => {
    const { page } = await openReview();
    const shown = page.getByRole("status").filter({ hasText: /rows|row/ });
    await page.getByRole("button", { name: /^Status / }).click();
    await shown.filter({ hasText: "12 of 62 rows" }).waitFor();
    await page.getByRole("radio", { name: /Errors/ }).check();
    await page.getByRole("searchbox", { name: "Search in all cells" }).fill("hot");
    await shown.filter({ hasText: "4 of 62 rows" }).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "review-filtered");
    await page.getByRole("button", { name: "Remove the filter: “hot”" }).click();
    await shown.filter({ hasText: "12 of 62 rows" }).waitFor();
    await page.getByRole("radio", { name: /Valid/ }).check();
    await page.getByRole("heading", { name: "No such rows" }).waitFor();
    await shoot(page, "review-no-rows");
    await page.getByRole("button", { name: "Show all rows" }).first().click();
    await shown.filter({ hasText: "62 rows" }).waitFor();
    await expect.poll(() => page.getByRole("button", { name: /^Status / }).getAttribute("aria-pressed")).toBe("false");
  });

  it("shows the duplicates of the file", async () => {
    const { page } = await openReview();
    await page.getByRole("button", { name: "Duplicates: 2" }).click();
    await page.getByRole("status").filter({ hasText: "2 of 62 rows" }).waitFor();
    await page.getByRole("rowheader").filter({ hasText: "62" }).click();
    await page.getByRole("region", { name: "Chosen cell" }).getByText("Row 2 already has the same record.").waitFor();
  });
});

describe("a cell", () => {
  it("is edited in place, is right at once, and the figures follow", async () => {
    const { page, client, id } = await openReview();
    await cell(page, 3, "person3.example.com").dblclick();
    const input = page.getByRole("textbox", { name: "E-mail" });
    await input.fill("still wrong");
    await input.press("Enter");
    await page.getByText(/^Row 3 still has an error/).waitFor({ state: "attached" });
    await expect.poll(() => figure(page, "Errors").textContent()).toBe("15");
    // Enter went on to the row below.
    await expect.poll(() => focused(page).textContent()).toBe("person4@example.com");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("F2");
    await input.fill("person3@example.com");
    await shoot(page, "review-editing");
    await input.press("Enter");
    await page.getByText("Row 3 is valid now.").waitFor({ state: "attached" });
    await expect.poll(() => figure(page, "Errors").textContent()).toBe("14");
    await page.getByRole("button", { name: /^E-mail .*2 rows/ }).waitFor();
    expect((await client.imports.get(id)).invalidRows).toBe(14);
    // It stays where it is.
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => focused(page).textContent()).toBe("person3@example.com");
  });

  it("offers the choices of its field, and goes back on Escape", async () => {
    const { page } = await openReview();
    await cell(page, 5, "Gagnéé").click();
    await page.keyboard.press("Enter");
    const choices = page.getByRole("gridcell").getByRole("combobox", { name: "Status" });
    await choices.selectOption("converted");
    await choices.press("Escape");
    await cell(page, 5, "Gagnéé").waitFor();
    await page.keyboard.press("Enter");
    await choices.selectOption("converted");
    await choices.press("Tab");
    await page.getByText("Row 5 is valid now.").waitFor({ state: "attached" });
    await expect.poll(() => focused(page).getAttribute("aria-colindex")).toBe("7");
  });

  it("is shown in full below, however long, in its own direction", async () => {
    const { page } = await openReview();
    await cell(page, 6, "A very long note").click();
    const detail = page.getByRole("region", { name: "Chosen cell" });
    await expect.poll(() => detail.getByText("The end.").textContent()).toBe(longText.trim());
    await shoot(page, "review-long-cell");
    await cell(page, 4, rightToLeft).click();
    await detail.getByText(rightToLeft).waitFor();
    expect(
      await cell(page, 4, rightToLeft)
        .locator("[dir]")
        .evaluate((each) => each.matches(":dir(rtl)")),
    ).toBe(true);
  });

  it("that somebody else has changed meanwhile is shown as it is", async () => {
    const { page, client, id } = await openReview();
    await cell(page, 3, "person3.example.com").waitFor();
    await client.imports.editCell(id, 3, { field: "email", value: "elsewhere@example.com" });
    await cell(page, 3, "elsewhere@example.com").waitFor();
    await expect.poll(() => figure(page, "Errors").textContent()).toBe("14");
  });

  it("that cannot be edited here stays as it was, and says what to do instead", async () => {
    const { page } = await openReview("Email,First name\nann@example.com,Ann\nb@example.com,Mistaken,Too,Many\n");
    await cell(page, 3, "Mistaken").dblclick();
    await page.getByRole("textbox", { name: "First name" }).fill("Changed");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "Correct it in the file of rejected rows" }).waitFor();
    await cell(page, 3, "Mistaken").waitFor();
    await expect.poll(() => page.getByRole("gridcell", { name: "Changed" }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await shoot(page, "review-refused");
  });

  it("keeps the focus when rows around it are changed", async () => {
    const { page, client, id } = await openReview();
    await page.getByRole("button", { name: /^E-mail / }).click();
    await cell(page, 23, "person23.example.com").click();
    await client.imports.editCell(id, 43, { field: "email", value: "elsewhere@example.com" });
    await page.getByRole("status").filter({ hasText: "2 of 62 rows" }).waitFor();
    await expect.poll(() => focused(page).textContent()).toContain("person23.example.com");
  });
});

describe("the grid by keyboard", () => {
  it("goes from cell to cell, by pages, and to the ends", async () => {
    const { page } = await openReview();
    const ways: [keys: string[], row: string, column: string][] = [
      [["ArrowDown", "ArrowDown", "ArrowRight"], "4", "3"],
      [["Control+End"], "63", "8"],
      [["Control+End", "Home", "ArrowUp"], "62", "2"],
      [["End", "PageDown"], "15", "8"],
      [["PageDown", "PageDown", "PageUp"], "15", "2"],
      [["Control+End", "Control+Home"], "2", "2"],
      [["ArrowLeft"], "2", "1"],
      [["ArrowUp"], "2", "2"],
    ];
    for (const [keys, row, column] of ways) {
      await cell(page, 2, "person2@example.com").click();
      for (const key of keys) await page.keyboard.press(key);
      const at = [
        await page
          .getByRole("row")
          .filter({ has: focused(page) })
          .getAttribute("aria-rowindex"),
        await focused(page).getAttribute("aria-colindex"),
      ];
      expect([keys, ...at]).toEqual([keys, row, column]);
      await page.keyboard.press("Control+Home");
    }
  });

  it("is one stop of Tab, and a letter begins an edit", async () => {
    const { page } = await openReview();
    await cell(page, 2, "First 2").click();
    await page.keyboard.press("Tab");
    await expect.poll(() => focused(page).textContent()).toBe("Edit");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.type("Zoe");
    await page.keyboard.press("Enter");
    await cell(page, 2, "Zoe").waitFor();
  });
});

describe("a range of cells", () => {
  it("is selected, copied, pasted over, filled and emptied, each change taken back as one", async () => {
    const { page, context, client, id } = await openReview();
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const cities = async () => {
      const { items } = await client.imports.rows(id, { by: "field", offset: 0, limit: 5 });
      return items.map(({ values }) => values?.city ?? "");
    };
    await cell(page, 2, "Lyon").click();
    for (const key of ["ArrowDown", "ArrowDown", "ArrowRight"]) await page.keyboard.press(`Shift+${key}`);
    await page.getByText("6 cells selected: 3 × 2.").first().waitFor();
    await expect.poll(() => page.locator("[role=gridcell][aria-selected=true]").count()).toBe(6);
    expect(await violations(page)).toEqual([]);
    await shoot(page, "review-range");
    await page.keyboard.press("Control+c");
    await page.getByText("6 cells were copied.").first().waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe("Lyon\tNew\r\nParris\tNouveau\r\nLyon\tNew");

    // As Excel has it, with a cell of two lines and a row that is shorter, from row 5 on.
    await page.evaluate(() => navigator.clipboard.writeText('"Upper\nLower"\tnew\r\nBergen\r\n'));
    await cell(page, 5, "Lyon").click();
    await page.keyboard.press("Control+v");
    await cell(page, 6, "Bergen").waitFor();
    await cell(page, 5, "Upper").waitFor();
    await expect.poll(() => figure(page, "Errors").textContent()).toBe("14");
    expect(await cities()).toEqual(["Lyon", "Parris", "Lyon", "Upper\nLower", "Bergen"]);
    await page.getByRole("button", { name: "Changes (1)" }).waitFor();
    await page.keyboard.press("Control+z");
    await expect.poll(() => figure(page, "Errors").textContent()).toBe("15");
    await cell(page, 6, "Parris").waitFor();

    // What is typed goes into all of the range; by mouse, from the first cell to the last.
    await cell(page, 2, "Lyon").hover();
    await page.mouse.down();
    await cell(page, 4, "Lyon").hover();
    await page.mouse.up();
    await page.keyboard.type("Oslo");
    await page.keyboard.press("Control+Enter");
    await expect.poll(cities).toEqual(["Oslo", "Oslo", "Oslo", "Lyon", "Parris"]);
    await cell(page, 4, "Oslo").waitFor();
    await page.keyboard.press("Delete");
    await expect.poll(cities).toEqual(["", "", "", "Lyon", "Parris"]);
    await page.getByRole("button", { name: "Changes (2)" }).click();
    await page.getByRole("dialog").getByText("City: several cells filled with (blank)").waitFor();
    await page.keyboard.press("Escape");

    // Whole columns, rows, all, and none of it.
    for (const [key, told] of [
      ["Control+Space", "62 cells selected: 62 × 1."],
      ["Shift+Space", "7 cells selected: 1 × 7."],
      ["Control+a", "434 cells selected: 62 × 7."],
    ]) {
      await cell(page, 7, "Last 7").click();
      await page.keyboard.press(key);
      await page.getByText(told).first().waitFor();
    }
    await page.keyboard.press("Escape");
    await expect.poll(() => page.locator("[role=gridcell][aria-selected=true]").count()).toBe(1);
    await page.getByRole("columnheader", { name: "City" }).click();
    await page.getByText("62 cells selected: 62 × 1.").first().waitFor();
  });

  it("takes what fits of the clipboard, formulas as text and choices by their labels, and says what it leaves", async () => {
    const { page, context, client, id } = await openReview(`${reviewFile()}b@example.com,B,C,Lyon,New,D,,Too,Many\n`);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const paste = async (text: string) => {
      await page.evaluate((given) => navigator.clipboard.writeText(given), text);
      await page.keyboard.press("Control+v");
    };
    const values = async () => {
      const { items } = await client.imports.rows(id, { by: "field", offset: 0, limit: 4 });
      return items.map((row) => [row.values?.city, row.values?.status]);
    };
    // The second before the first has come back.
    await cell(page, 2, "Lyon").click();
    await paste("=SUM(A1:A9)\tConverted\r\n+33 1\tconverted\r\n");
    for (const key of ["ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
    await paste("Oslo\tWhat\nBergen\tNew");
    await expect.poll(values).toEqual([
      ["=SUM(A1:A9)", "converted"],
      ["+33 1", "converted"],
      ["Oslo", "What"],
      ["Bergen", "new"],
    ]);
    await page.getByRole("button", { name: "Changes (2)" }).waitFor();
    await cell(page, 2, "Converted").waitFor();

    // From the last column on, over a row whose cells do not line up.
    await page.keyboard.press("Control+End");
    await page.keyboard.press("ArrowUp");
    await paste("Noted\tbeyond\nnot here");
    const told = page.locator(".cell-detail");
    await told.getByText("One row was changed. One row stayed as it was: ").waitFor();
    await told.getByText("2 cells did not fit: ").waitFor();
    await cell(page, 63, "Noted").waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "review-pasted");
    await page.keyboard.press("Control+z");
    await expect.poll(() => cell(page, 63, "Noted").count()).toBe(0);

    await page.keyboard.press("Control+Home");
    await paste(`${"x".repeat(30_000)}\n`.repeat(40));
    await told.getByText("That is too much at once: ").waitFor();
    await page.getByRole("button", { name: "Changes (2)" }).waitFor();
  });
});

describe("many rows at once", () => {
  it("are mended by a value that they share, and the change is taken back", async () => {
    const { page } = await openReview();
    await page.getByRole("button", { name: /^Status / }).click();
    const fix = page.getByRole("region", { name: "Fix “Status” by value" });
    await fix.getByRole("combobox", { name: /^Gagnéé/ }).selectOption("converted");
    expect(await violations(page)).toEqual([]);
    await shoot(page, "review-values");
    await fix.getByRole("listitem").filter({ hasText: "Gagnéé" }).getByRole("button", { name: "Replace" }).click();
    await fix.getByText("8 rows are valid now.").waitFor();
    await expect.poll(() => figure(page, "Errors").textContent()).toBe("7");
    await expect.poll(() => fix.getByRole("listitem").count()).toBe(1);
    await page.getByRole("button", { name: "Changes (1)" }).click();
    const changes = page.getByRole("dialog", { name: "Changes" });
    await changes.getByText("Status: “Gagnéé” → “converted”").waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "review-changes");
    await changes.getByRole("button", { name: "Undo" }).click();
    await changes.getByText("Undone", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => figure(page, "Errors").textContent()).toBe("15");
    await expect.poll(() => fix.getByRole("listitem").count()).toBe(2);
  });

  it("are found and replaced, and Ctrl+Z takes it back", async () => {
    const { page } = await openReview();
    await page.getByRole("button", { name: "Find and replace" }).click();
    const dialog = page.getByRole("dialog", { name: "Find and replace" });
    await dialog.getByRole("textbox", { name: "Find" }).fill("parris");
    await dialog.getByText("20 rows contain this text.").waitFor();
    await dialog.getByRole("textbox", { name: "Replace with" }).fill("Paris");
    await dialog.getByRole("combobox", { name: "Look in" }).selectOption("City");
    expect(await violations(page)).toEqual([]);
    await shoot(page, "review-find");
    await dialog.getByRole("button", { name: "Replace all" }).click();
    await dialog.getByText("20 rows were changed.").waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    await cell(page, 3, "Paris").waitFor();
    await cell(page, 3, "Paris").click();
    await page.keyboard.press("Control+z");
    await cell(page, 3, "Parris").waitFor();
  });
});

describe("the states of a review", () => {
  it("leaves a window as low as at 400 % zoom to what is read, and fits its width", async () => {
    const { page } = await openReview();
    await page.setViewportSize({ width: 320, height: 256 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    const foot = page.getByRole("button", { name: /^Continue with/ });
    const isSeen = (): Promise<boolean> => foot.evaluate((each: Element) => each.getBoundingClientRect().top < 256);
    await page.evaluate(() => window.scrollTo(0, 0));
    await expect.poll(isSeen).toBe(false);
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await expect.poll(isSeen).toBe(true);
    await shoot(page, "review-400-percent");
  });

  it("is left for good from the foot, with its file", async () => {
    const { page, client, id, errors } = await openReview();
    await page.getByRole("button", { name: "Discard", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Discard this import?" });
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Discard the import" }).click();
    await page.getByRole("heading", { level: 1, name: "Import a file" }).waitFor();
    await expect
      .poll(() =>
        client.imports.get(id).then(
          () => "there",
          ({ status }) => status,
        ),
      )
      .toBe(404);
    expect(errors.filter((each) => !each.includes("404"))).toEqual([]);
  });

  it("everything is right", async () => {
    const { page } = await openReview("Email,First name\nann@example.com,Ann\nbo@example.com,Bo\n");
    await page.getByText("No errors", { exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "review-all-right");
    await page.getByRole("button", { name: "Continue with 2 rows" }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toMatch(/options$/);
  });

  it("nothing is right: it says what to do, and leads nowhere else", async () => {
    const { page } = await openReview("Email,First name\nnope,Ann\nneither,Bo\n");
    await page.getByText("No row can be imported yet").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Continue" }).getAttribute("aria-disabled")).toBe("true");
    expect(await violations(page)).toEqual([]);
    await shoot(page, "review-none-right");
  });

  it("goes back to the columns, once it has said what that costs", async () => {
    const { page, client, id } = await openReview();
    await client.imports.editCell(id, 3, { field: "email", value: "mended@example.com" });
    await page.getByRole("button", { name: "Changes (1)" }).waitFor();
    await page.getByRole("button", { name: "Back to the columns" }).click();
    const dialog = page.getByRole("dialog", { name: "Back to the columns?" });
    await dialog.getByText("the change you made here is lost").waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, "review-reopen");
    await dialog.getByRole("button", { name: "Back to the columns" }).click();
    await expect.poll(async () => (await client.imports.get(id)).status).toBe("pending");
  });

  it.each([
    ["fr-FR", "Corrections", "Statut"],
    ["sv-SE", "Granskning", "Status"],
  ])("speaks %s", async (locale, title, field) => {
    const { page } = await openReview(undefined, { browser: { locale } });
    await page.getByRole("heading", { name: title, level: 1 }).waitFor();
    await page.getByRole("button", { name: new RegExp(`^${field} `) }).click();
    await shoot(page, `review-${locale.slice(0, 2)}`);
  });

  it("fits a narrow window", async () => {
    const { page } = await openReview();
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole("button", { name: /^Status / }).click();
    await page.getByRole("region", { name: "Fix “Status” by value" }).getByRole("listitem").first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await violations(page)).toEqual([]);
    await shoot(page, "review-narrow");
  });

  it("has the rows in sight at once in a wide window, and fills it with them", async () => {
    const { page } = await openReview(reviewFile(), { browser: { viewport: { width: 1440, height: 900 } } });
    const grid = page.getByRole("grid");
    const box = async (): Promise<{ y: number; height: number }> => (await grid.boundingBox()) ?? { y: 0, height: 0 };
    await page.getByRole("button", { name: /^Status / }).click();
    await page.getByRole("region", { name: "Fix “Status” by value" }).getByRole("listitem").first().waitFor();
    await expect.poll(async () => (await box()).y).toBeLessThan(600);
    await shoot(page, "review-wide-window");
    await cell(page, 10, "Gagnéé").click();
    await page.getByRole("button", { name: "Full screen" }).click();
    await expect.poll(async () => (await box()).height).toBeGreaterThan(480);
    expect((await box()).y).toBeLessThan(200);
    expect(await violations(page)).toEqual([]);
    await shootWindow(page, "review-full-light");
    // Tab stays within, dialogs stand above, and Escape goes back.
    await cell(page, 10, "Gagnéé").click();
    // Past what is done with the cell and its row.
    for (const name of ["Edit", "Leave row out"]) {
      await page.keyboard.press("Tab");
      await expect.poll(() => focused(page).textContent()).toBe(name);
    }
    await page.keyboard.press("Tab");
    await expect.poll(() => focused(page).getAttribute("type")).toBe("radio");
    await page.getByRole("button", { name: "Find and replace" }).click();
    await page.getByRole("dialog", { name: "Find and replace" }).getByRole("textbox", { name: "Find" }).fill("Parris");
    await page.keyboard.press("Escape");
    await expect.poll(async () => (await box()).y).toBeLessThan(200);
    await page.keyboard.press("Escape");
    await expect
      .poll(() => page.getByRole("button", { name: "Full screen" }).getAttribute("aria-pressed"))
      .toBe("false");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1440);
  });
});
