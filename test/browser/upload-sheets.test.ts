/** A workbook with several sheets: each is shown, one is chosen. */
import { utils, write } from "@e965/xlsx";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { closeBrowser, openPage, shoot } from "./open-page.ts";

afterAll(closeBrowser);

/** Other tests run beside these. */
const patience = { timeout: 60_000 };

function workbook(sheets: Readonly<Record<string, unknown[][]>>, hidden: readonly string[] = []): Buffer {
  const book = utils.book_new();
  for (const [name, rows] of Object.entries(sheets)) utils.book_append_sheet(book, utils.aoa_to_sheet(rows), name);
  book.Workbook = { Sheets: Object.keys(sheets).map((name) => ({ name, Hidden: hidden.includes(name) ? 1 : 0 })) };
  return write(book, { type: "buffer", bookType: "xlsx" });
}

const several = workbook(
  {
    "Read me": [["Made by the sales team in May"], ["Ask Anna about it"]],
    Leads: [
      ["E-mail", "First name", "Last name", "City", "Status", "Note"],
      ...Array.from({ length: 40 }, (_, k) => [
        `p${k}@example.com`,
        `Ann ${k}`,
        "Berg",
        "Lyon",
        "new",
        "x".repeat(120),
      ]),
    ],
    Empty: [],
    Archive: [["E-mail"], ["old@example.com"]],
  },
  ["Archive"],
);
const mimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

it("shows how each sheet begins, and reads the one that is chosen, by keyboard too", async () => {
  const { page, client, errors } = await openPage();
  await page.locator("input[type=file]").setInputFiles({ name: "team.xlsx", mimeType, buffer: several });
  const group = page.getByRole("radiogroup", { name: "Which sheet would you like to import?" });
  await group.waitFor();
  const names = await group
    .getByRole("radio")
    .evaluateAll((radios) =>
      (radios as unknown as { closest(selector: string): { textContent: string } }[]).map(
        (radio) => radio.closest("label").textContent,
      ),
    );
  expect(names).toEqual(["Read me", "Leads", "ArchiveHidden"]);
  await expect.poll(() => group.getByRole("radio", { name: "Leads" }).isChecked()).toBe(true);
  await group.getByRole("table", { name: "First rows of Leads" }).getByText("p0@example.com").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "upload-sheets");
  await page.setViewportSize({ width: 360, height: 780 });
  await shoot(page, "upload-sheets-360");
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  await page.setViewportSize({ width: 1280, height: 800 });

  const id = Number(/\d+$/.exec(page.url())?.[0]);
  await group.getByRole("radio", { name: "Leads" }).focus();
  await page.keyboard.press("ArrowUp");
  await expect.poll(async () => (await client.imports.get(id)).dialect.sheet, patience).toBe("Read me");
  await expect.poll(() => group.getByRole("radio", { name: "Read me" }).isChecked(), patience).toBe(true);
  await page.keyboard.press("ArrowDown");
  await expect.poll(async () => (await client.imports.get(id)).dialect.sheet, patience).toBe("Leads");
  await expect.poll(() => group.getByRole("radio", { name: "Leads" }).isChecked(), patience).toBe(true);
  expect((await client.imports.mapping(id)).columns.map(({ field }) => field).slice(0, 2)).toEqual([
    "email",
    "first_name",
  ]);
  await group.locator("label", { hasText: "Archive" }).click();
  await expect.poll(async () => (await client.imports.get(id)).dialect.sheet, patience).toBe("Archive");
  expect(errors).toEqual([]);
});

it("asks nothing where only one sheet has data", async () => {
  const { page } = await openPage();
  const buffer = workbook({ Leads: [["E-mail"], ["anna@example.com"]], Empty: [] });
  await page.locator("input[type=file]").setInputFiles({ name: "one.xlsx", mimeType, buffer });
  const answered = page.waitForResponse(/\/sheets$/);
  await page.waitForURL(/\/import\/\d+$/);
  await answered;
  await page.getByRole("heading", { level: 1 }).waitFor();
  await expect.poll(() => page.getByRole("radiogroup", { name: "Which sheet" }).count()).toBe(0);
});
