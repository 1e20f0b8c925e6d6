/** The step of columns and fields: what was understood of a file is seen, corrected and settled. */
import type { Page } from "playwright-core";
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { doubtfulFile, openMap } from "./guests.ts";
import { closeBrowser, shoot } from "./open-page.ts";

afterAll(closeBrowser);

const line = (page: Page, name: string) => page.getByRole("rowgroup", { name });
/** Everything about a column, below its line. */
const unfold = (page: Page, name: string) => line(page, name).getByRole("button", { name, exact: true }).click();
const ask = (page: Page, question: string) =>
  page
    .getByRole("region", { name: /to answer/ })
    .getByRole("listitem")
    .filter({ hasText: question });

it("shows each column with what it holds, where it goes and why, and asks what the cells do not say", async () => {
  const { page, errors } = await openMap(doubtfulFile);
  await line(page, "Birthday").getByText("To decide").waitFor();
  await line(page, "Mail").getByText("Known name").waitFor();
  await line(page, "Mail").getByText("ann@example.com").waitFor();
  await line(page, "City").getByText("Same name").waitFor();
  await line(page, "Remarks").getByText("33.3%").waitFor();
  await line(page, "Remarks").getByText("No field looks like it").waitFor();
  await line(page, "Postal code").getByRole("checkbox", { name: "Put back the leading zeros" }).waitFor();
  await unfold(page, "City");
  await line(page, "City").getByText("5 different values").waitFor();
  await page.getByRole("heading", { name: "3 questions to answer" }).waitFor();
  await ask(page, "How are these dates written?")
    .getByText("Suggested: Day, month, year. That is usual in files that use semicolons.")
    .waitFor();
  await ask(page, "How are these numbers written?").waitFor();
  await ask(page, "2 values are not known yet").waitFor();
  await page.getByText("2 questions are open. 2 values of “Status” are not known.").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-doubts");
  await page.setViewportSize({ width: 360, height: 780 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-doubts-narrow");
  expect(errors).toEqual([]);
});

it("offers to count words for nothing as empty, does so, and lets go of it", async () => {
  const rows = ["Ann;Paris", "Bo;NULL", "Cy;NULL", "Di;Lyon", "Ed;NULL", "Fa;Nice"];
  const lines = rows.map((row, k) => `g${k}@example.com;${row}`);
  const { page, client, id } = await openMap(`Mail;Name;City\n${lines.join("\n")}\n`);
  const words = async () => (await client.imports.mapping(id)).columns[2].transform?.blankWords;
  await line(page, "City").getByRole("checkbox", { name: "Count “NULL” as empty (3 cells)" }).click();
  await line(page, "City").getByRole("checkbox", { name: "Counted as empty: “NULL”" }).waitFor();
  await expect.poll(words).toEqual(["NULL"]);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-blank-words");
  await line(page, "City").getByRole("checkbox", { name: "Counted as empty: “NULL”" }).click();
  await line(page, "City").getByRole("checkbox", { name: "Count “NULL” as empty (3 cells)" }).waitFor();
  await expect.poll(words).toBe(undefined);
});

it("takes answers: dates, numbers, words and zeros; the preview reads the rows so, and the file is checked", async () => {
  const { page, client, id } = await openMap(doubtfulFile);
  // What a blank counts as does not say how the numbers are written.
  await unfold(page, "Amount spent");
  await line(page, "Amount spent").getByRole("textbox", { name: "Blank counts as" }).fill("0");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await client.imports.mapping(id)).columns[3])
    .toMatchObject({ default: "0", readBy: "origin", doubt: "decimal_mark" });
  await unfold(page, "Amount spent");
  await ask(page, "How are these dates written?")
    .getByRole("button", { name: /^Month, day, year 03\/04\/1985 → 4 March 1985/ })
    .click();
  // An answer leads to the next question, where its suggestion has the focus.
  const comma = ask(page, "How are these numbers written?").getByRole("button", { name: /^Comma for decimals/ });
  await comma.and(page.locator(":focus")).waitFor();
  await ask(page, "How are these numbers written?")
    .getByRole("button", { name: /^Point for decimals 1,500 → 1,500/ })
    .click();
  // Values that would reject rows are open as well.
  await page.getByText("2 values of “Status” are not known.", { exact: true }).waitFor();
  expect(await page.getByText("All that is needed is there").count()).toBe(0);
  await line(page, "Postal code").getByRole("checkbox", { name: "Put back the leading zeros" }).click();
  await line(page, "Postal code").getByText("Leading zeros are put back, up to 5 digits").waitFor();

  const values = ask(page, "2 values are not known yet");
  await values.getByRole("button", { name: "Values and what they mean" }).click();
  const words = page.getByRole("dialog", { name: "What the values of “Status” mean" });
  await words.getByRole("option", { name: "new (recognised)" }).waitFor({ state: "attached" });
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-values");
  await page.keyboard.press("Escape");
  // Enter goes from one value to the next, to the button that keeps them, and on to the check of the file.
  await values.getByRole("combobox", { name: "What “Prospect” means" }).selectOption("new");
  await values.getByRole("combobox", { name: "What “Prospect” means" }).press("Enter");
  const vip = values.getByRole("combobox", { name: "What “VIP” means" });
  await vip.and(page.locator(":focus")).waitFor();
  await vip.selectOption("regular");
  await page.keyboard.press("Enter");
  await page.keyboard.down("Enter");
  await page.getByText("All that is needed is there").waitFor();
  await page.getByRole("button", { name: "Check the file" }).and(page.locator(":focus")).waitFor();
  // Held down, it goes no further.
  await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");

  await page.getByRole("tab", { name: "Preview" }).click();
  const table = page.getByRole("region", { name: "First rows of the file" });
  await expect
    .poll(() => table.getByRole("row").nth(3).getByRole("cell").allInnerTexts())
    .toEqual(["cy@example.com", "Cy Roy", "8 Jul 1979", "3,125", "new", "75011", "Paris"]);
  await expect.poll(() => table.getByRole("row").nth(1).getByRole("cell").nth(5).textContent()).toBe("01000");
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-preview");
  await page.getByRole("radio", { name: "As they are in the file" }).click();
  await table.getByRole("cell", { name: "calls back" }).waitFor();

  const { columns } = await client.imports.mapping(id);
  expect(columns.slice(2, 6).map(({ transform }) => transform)).toEqual([
    { dateOrder: "mdy" },
    { decimalMark: "." },
    { values: { VIP: "regular", Prospect: "new" } },
    { padTo: 5 },
  ]);
  await page.getByRole("button", { name: "Check the file" }).click();
  await client.imports.waitFor(id, { status: "ready" });
});

it("starts with open questions and unknown values only when the person goes on all the same", async () => {
  const { page, client, id } = await openMap(doubtfulFile);
  await line(page, "Birthday").waitFor();
  await page.getByRole("button", { name: "Check the file" }).click();
  const dialog = page.getByRole("dialog", { name: "2 questions are open" });
  await dialog.getByText("Birthday · Day, month, year").waitFor();
  await dialog.getByText("“Prospect” and “VIP” · 2 rows would be rejected.").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-open-questions");
  await dialog.getByRole("button", { name: "Look at them" }).click();
  await page
    .getByRole("button", { name: /^Day, month/ })
    .and(page.locator(":focus"))
    .waitFor();
  expect((await client.imports.get(id)).status).toBe("pending");
  await page.getByRole("button", { name: "Check the file" }).click();
  await page.getByRole("button", { name: "Check it anyway" }).click();
  await client.imports.waitFor(id, { status: "ready" });
});

it("asks before rows with unknown values are rejected, and says that counts are of the first rows", async () => {
  const lines = Array.from({ length: 1_200 }, (_, k) => `g${k}@example.com;Ann;${k % 10 === 0 ? "Gone" : "new"}`);
  const { page, client, id } = await openMap(`Mail;Name;Status\n${lines.join("\n")}\n`);
  await ask(page, "Status").getByText("100 rows would be rejected. Counts are of the first 1,000 rows.").waitFor();
  await page.getByText("Counts are of the first 1,000 rows.", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Check the file" }).click();
  const dialog = page.getByRole("dialog", { name: "One value is not known" });
  await dialog.getByText("Counts are of the first 1,000 rows.").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-unknown");
  expect((await client.imports.get(id)).status).toBe("pending");
  await dialog.getByRole("button", { name: "Check it anyway" }).click();
  expect((await client.imports.waitFor(id, { status: "ready" })).invalidRows).toBe(120);
});

it("says which fields still need a column, leads to them, and lets go of them once they have one", async () => {
  const { page, client, id } = await openMap("Post;Who;Town\nann@example.com;Ann;Lyon\nbo@example.com;Bo;Lyon\n");
  // Looks like e-mails, whatever it is called.
  await line(page, "Post").getByText("Looks like e-mails").waitFor();
  await page.getByRole("heading", { name: "One question to answer" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "map-missing");
  await page.getByRole("button", { name: "Check the file" }).click();
  const choice = page.getByRole("combobox", { name: "Which column holds “Name”?" });
  await choice.and(page.locator(":focus")).waitFor();
  expect((await client.imports.get(id)).status).toBe("pending");
  await choice.selectOption("Who");
  await choice.waitFor({ state: "detached" });
  await line(page, "Who").getByText("You chose it").waitFor();
  await page.getByRole("button", { name: "Check the file" }).click();
  await client.imports.waitFor(id, { status: "ready" });
});

it("is changed by keyboard: a field taken elsewhere moves, and that is said", async () => {
  const { page, client, id } = await openMap("Mail;Name;Contact\nann@example.com;Ann;a2@example.com\n");
  const choice = page.getByRole("combobox", { name: "Field for the column “Contact”" });
  const offered = await choice.evaluate((select: { options: { textContent: string }[] }) =>
    [...select.options].map(({ textContent }) => textContent),
  );
  expect(offered[0]).toBe("Do not import");
  expect(offered.slice(-2)).toEqual(["E-mail (now: Mail)", "Name (now: Name)"]);
  await choice.focus();
  await page.keyboard.press("End");
  await page.getByRole("status").filter({ hasText: "Name now comes from “Contact”. “Name” is left out." }).waitFor();
  await page.keyboard.press("Home");
  await page.getByRole("status").filter({ hasText: "“Contact” is left out." }).waitFor();
  await page.keyboard.type("e-m");
  await page.getByRole("status").filter({ hasText: "E-mail now comes from “Contact”. “Mail” is left out." }).waitFor();
  expect(
    await choice.evaluate(
      (select: unknown) =>
        select === (select as { getRootNode(): { activeElement: unknown } }).getRootNode().activeElement,
    ),
  ).toBe(true);
  await expect
    .poll(async () => (await client.imports.mapping(id)).columns.map(({ field }) => field))
    .toEqual([null, null, "email"]);
  await page.getByRole("combobox", { name: "Which column holds “Name”?" }).waitFor();
});

it("keeps what an update does with a field, and it comes back after a reload", async () => {
  const more = Array.from({ length: 9 }, (_, k) => k);
  const head = ["Mail", "Name", "City", ...more.map((k) => `Measure ${k}`)];
  const { page, client, id } = await openMap(
    `${head.join(";")}\n${["ann@example.com", "Ann", "Lyon", ...more].join(";")}\n`,
  );
  // Twelve columns are seen at a glance.
  await page.setViewportSize({ width: 1440, height: 900 });
  await line(page, "Measure 8").waitFor();
  await page.getByText("All that is needed is there").waitFor();
  await shoot(page, "map-twelve");
  expect(await page.evaluate(() => document.documentElement.scrollHeight as number)).toBeLessThanOrEqual(900);
  // At a zoom of 400 % nothing is wider than the window, and the foot does not stand over the lines.
  await page.setViewportSize({ width: 320, height: 256 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth as number)).toBe(320);
  await page.setViewportSize({ width: 1280, height: 720 });
  const open = async () => {
    await unfold(page, "City");
    return page.getByRole("combobox", { name: "If a record already has a value for “City”" });
  };
  const rule = await open();
  await expect.poll(() => rule.inputValue()).toBe("fill");
  await rule.selectOption("never");
  await page.getByRole("status").filter({ hasText: "Kept for “City”." }).waitFor();
  expect((await client.imports.options(id)).merge).toEqual({ city: "never" });
  expect(await violations(page)).toEqual([]);
  await page.reload();
  const again = await open();
  await expect.poll(() => again.inputValue()).toBe("never");
  await again.selectOption("fill");
  await expect.poll(async () => (await client.imports.options(id)).merge).toEqual({});
});
