/** Who gets the records: every way of choosing, from the press to the owners in the table. */
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { closeBrowser, shoot } from "./open-page.ts";
import { file, type OptionsPage, openOptions, people } from "./options-import.ts";

afterAll(closeBrowser);

/** A busy machine needs a while for a dry run. */
const soon = { timeout: 60_000 };

async function ownersOf({ rows }: OptionsPage): Promise<Record<string, string | null>> {
  const found = await rows<{ email: string; owner: string | null }>(`
    select l.email, p.full_name as owner from leads l left join profiles p on p.id = l.assigned_to
    where l.import_job_id is not null order by l.id`);
  return Object.fromEntries(found.map(({ email, owner }) => [email.split("@")[0], owner]));
}

it("gives the records to nobody unless it is said", async () => {
  const opened = await openOptions();
  await opened.numbers();
  await opened.importAll(4);
  expect(await ownersOf(opened)).toEqual({ new1: null, new2: null, new3: null, new4: null });
});

it("gives all of them to one person, found by a part of the name", async () => {
  const opened = await openOptions();
  const { page, mode, choose, numbers } = opened;
  await numbers();
  await mode("One person").check();
  await page.getByText("First choose who gets the records.").waitFor();
  await page.getByRole("combobox", { name: "Person" }).fill("nobody at all");
  await page.getByText("Nobody has that name.").waitFor();
  await page.getByRole("combobox", { name: "Person" }).fill("e");
  await page.getByRole("option", { name: "Cléo Dubois" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "options-person");
  await choose("Person", "CLÉO", "Cléo Dubois");
  await opened.importAll(4);
  expect(new Set(Object.values(await ownersOf(opened)))).toEqual(new Set(["Cléo Dubois"]));
});

it("deals them out in turn by weight, with the shares in sight, and without who was taken away", async () => {
  const opened = await openOptions();
  const { page, mode, choose, numbers } = opened;
  await numbers();
  await mode("Several in turn").check();
  await choose("First person", "anna", "Anna Roux");
  await choose("Add a person", "bo", "Bo Berg");
  await choose("Add a person", "cl", "Cléo Dubois");
  await page.getByRole("combobox", { name: "Add a person" }).click();
  await page.getByText("Nobody has that name.").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("spinbutton", { name: "Weight of Anna Roux" }).fill("3");
  await page.getByRole("button", { name: "Remove Bo Berg" }).click();
  const shares = page.locator(".turns tbody .number");
  await expect.poll(() => shares.allInnerTexts(), soon).toEqual(["75%\nabout 3", "25%\nabout 1"]);
  await page.getByRole("spinbutton", { name: "Weight of Cléo Dubois" }).fill("1000");
  await page.keyboard.press("Tab");
  await expect
    .poll(() => page.getByRole("spinbutton", { name: "Weight of Cléo Dubois" }).inputValue(), soon)
    .toBe("100");
  await page.getByRole("spinbutton", { name: "Weight of Cléo Dubois" }).fill("1");
  expect(await violations(page)).toEqual([]);
  await shoot(page, "options-turns");
  await opened.importAll(4);
  expect(await ownersOf(opened)).toEqual({
    new1: "Anna Roux",
    new2: "Anna Roux",
    new3: "Anna Roux",
    new4: "Cléo Dubois",
  });
});

it("takes them from a column, lists whom nobody knows with their rows, and maps them to people or the fallback", async () => {
  const opened = await openOptions();
  const { page, mode, choose, numbers, client, id } = opened;
  await numbers();
  await mode("By a column").check();
  await page.getByRole("combobox", { name: "Column with the owners" }).selectOption("Seller");
  await page.getByRole("heading", { name: "2 names that nobody has" }).waitFor();
  const listed = page.locator(".unknown li .unknown-name");
  await expect.poll(() => listed.allInnerTexts()).toEqual(["A. Roux\n2 rows", "Zoé\n2 rows"]);
  await page.getByText("or 4 rows are left out").waitFor();
  expect(await numbers()).toEqual({ Created: "2", Skipped: "2", Errors: "5" });
  expect(await violations(page)).toEqual([]);
  await shoot(page, "options-column");

  await choose(/Who is “A. Roux”/, "anna", "Anna Roux");
  await page.getByText("or 2 rows are left out").waitFor();
  expect(await numbers()).toEqual({ Created: "3", Skipped: "3", Errors: "3" });
  await choose("Everyone else goes to", "cl", "Cléo Dubois");
  await page.getByText("or 2 rows go to the person above").waitFor();
  expect(await numbers()).toEqual({ Created: "4", Skipped: "4", Errors: "1" });
  await shoot(page, "options-column-mapped");
  expect((await client.imports.options(id)).assignment).toEqual({
    mode: "column",
    column: "Seller",
    fallback: people.cleo,
    values: { "A. Roux": people.anna },
  });
  // As it was left, after a reload too.
  await page.reload();
  await page.getByRole("combobox", { name: /Who is “A. Roux”/ }).waitFor();
  await expect
    .poll(() => page.getByRole("combobox", { name: /Who is “A. Roux”/ }).inputValue(), soon)
    .toBe("Anna Roux");
  await numbers();
  await opened.importAll(4);
  expect(await ownersOf(opened)).toEqual({
    new1: "Anna Roux",
    new2: "Cléo Dubois",
    new3: "Bo Berg",
    new4: "Cléo Dubois",
  });
});

it("keeps corrections of the review when the column of owners is read from the file, and takes a choice back", async () => {
  const opened = await openOptions(file, { at: "review" });
  const { page, client, id, mode, numbers, choose } = opened;
  await client.imports.editCell(id, 10, { field: "email", value: "mended@example.com" });
  await page.goto(`/import/${id}/options`);
  await numbers();
  await mode("By a column").check();
  await page.getByRole("combobox", { name: "Column with the owners" }).selectOption("Seller");
  await choose(/Who is “Zoé”/, "bo", "Bo Berg");
  await choose(/Who is “A. Roux”/, "anna", "Anna Roux");
  await page.getByText("Each of them is assigned to somebody now.").waitFor();
  await page.getByRole("button", { name: "Remove Anna Roux" }).click();
  await page.getByText("or 2 rows are left out").waitFor();
  expect(await numbers()).toEqual({ Created: "5", Skipped: "2", Errors: "2" });
  await choose(/Who is “A. Roux”/, "anna", "Anna Roux");
  await expect.poll(numbers, soon).toEqual({ Created: "5", Skipped: "4" });
  await opened.importAll(5);
  expect(await ownersOf(opened)).toMatchObject({ mended: "Bo Berg", new2: "Bo Berg", new1: "Anna Roux", new4: null });
});
