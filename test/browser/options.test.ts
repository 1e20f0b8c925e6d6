/** The step of duplicates: what is chosen, what it comes to at once, and that the commit keeps it. */
import { afterAll, expect, it } from "vitest";
import { violations } from "./axe.ts";
import { closeBrowser, shoot } from "./open-page.ts";
import { file, header, openOptions } from "./options-import.ts";

afterAll(closeBrowser);

/** A busy machine needs a while for a dry run. */
const soon = { timeout: 60_000 };

it.each([
  ["Skip it", { Created: "4", Skipped: "4", Errors: "1" }, "4 rows skipped", 4],
  ["Update the record", { Created: "4", Updated: "3", Unchanged: "1", Errors: "1" }, "4 rows already exist", 7],
  ["Create it anyway", { Created: "8", Errors: "1" }, "8 records are created", 8],
] as const)("counts to the row what “%s” does, and does that", async (name, expected, result, imported) => {
  const { page, strategy, numbers, importAll, rows, client, id, errors } = await openOptions();
  await strategy(name).check();
  await page.getByText(result).waitFor();
  expect(await numbers()).toEqual(expected);
  expect(await violations(page)).toEqual([]);
  await shoot(page, `options-${name.split(" ")[0].toLowerCase()}`);
  await importAll(imported);
  const { counts } = await client.imports.get(id);
  expect(
    Object.fromEntries(
      Object.values(counts ?? {})
        .filter((n) => n > 0)
        .map((n, k) => [k, String(n)]),
    ),
  ).toEqual(Object.fromEntries(Object.values(expected).map((n, k) => [k, n])));
  expect(await rows("select count(*)::int as n from leads")).toEqual([{ n: 3 + Number(expected.Created) }]);
  expect(errors).toEqual([]);
});

it("recognises duplicates by the fields that are ticked, and says which ones no column brings", async () => {
  const { page, numbers, client, id } = await openOptions();
  const box = (name: string) => page.getByRole("checkbox", { name });
  expect(await numbers()).toEqual({ Created: "4", Skipped: "4", Errors: "1" });
  await expect.poll(() => box("Phone").isChecked()).toBe(true);
  await box("E-mail").uncheck();
  await expect.poll(numbers, soon).toEqual({ Created: "5", Skipped: "3", Errors: "1" });
  await box("Reference").uncheck();
  await box("Phone").uncheck();
  await page.getByText("duplicates are not looked for").first().waitFor();
  await expect.poll(numbers, soon).toEqual({ Created: "8", Errors: "1" });
  await box("Reference").check();
  await box("E-mail").check();
  await expect.poll(numbers, soon).toEqual({ Created: "4", Skipped: "4", Errors: "1" });
  expect((await client.imports.options(id)).duplicates.keys).toEqual(["external_id", "email"]);
  const without = await openOptions("E-mail,City\na@example.com,Lyon");
  await expect.poll(() => without.page.getByRole("checkbox", { name: "Phone" }).isDisabled()).toBe(true);
  await without.page.getByText("no column contains it").first().waitFor();
});

it("shows field by field what an update changes, before and after, and follows each rule", async () => {
  const { page, strategy, numbers, importAll, rows } = await openOptions();
  await strategy("Update the record").check();
  const changes = page.getByRole("region", { name: "What changes in your records" });
  await changes.getByText("Row 2, record 1").waitFor();
  const shown = async () => (await changes.locator("dd").allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
  expect(await shown()).toEqual(["before: Paris after: Lyon", "before: blank after: Nice"]);
  const rule = (name: string) => page.getByRole("combobox", { name: `has a value for “${name}”` });
  await rule("City").selectOption({ label: "Only fill what is blank" });
  await expect.poll(shown, soon).toEqual(["before: blank after: Nice"]);
  expect(await numbers()).toMatchObject({ Created: "4", Updated: "2" });
  await rule("Phone").selectOption({ label: "Take the file’s, even a blank" });
  await expect.poll(shown, soon).toEqual(["before: +33612345678 after: blank", "before: blank after: Nice"]);
  await shoot(page, "options-merge");
  expect(await violations(page)).toEqual([]);
  await rule("City").selectOption({ label: "Never change it" });
  await expect.poll(shown, soon).toEqual(["before: +33612345678 after: blank"]);
  expect(await numbers()).toMatchObject({ Created: "4", Updated: "2" });
  await importAll(6);
  expect(await rows("select city, phone from leads where email like 'old%' order by id")).toEqual([
    { city: "Paris", phone: null },
    { city: null, phone: null },
    { city: "Lille", phone: null },
  ]);
});

it("keeps the old numbers in sight while it counts, gives up what is no longer wanted, and imports only what is counted", async () => {
  const { page, strategy, numbers } = await openOptions();
  expect(await numbers()).toMatchObject({ Created: "4" });
  const held: (() => Promise<void>)[] = [];
  const ended: string[] = [];
  page.on("requestfailed", (request) => {
    if (request.url().includes("dry-run")) ended.push("given up");
  });
  await page.route("**/dry-run*", (route) => {
    held.push(() => route.continue().catch(() => {}));
  });
  await strategy("Create it anyway").check();
  await expect.poll(() => held.length, soon).toBe(1);
  await page.getByRole("region", { name: "What will happen" }).getByText("Counting…").waitFor();
  await expect.poll(() => page.locator(".foresight dl > div:first-child dd").textContent()).toBe("4");
  const press = page.getByRole("button", { name: "Import 4 rows" });
  await expect.poll(() => press.getAttribute("aria-disabled")).toBe("true");
  await shoot(page, "options-counting");
  expect(await violations(page)).toEqual([]);
  await strategy("Update the record").check();
  await expect.poll(() => held.length, soon).toBe(2);
  await expect.poll(() => ended, soon).toEqual(["given up"]);
  for (const go of held) await go();
  expect(await numbers()).toMatchObject({ Created: "4", Updated: "3" });
  await page.unroute("**/dry-run*");
  await page.getByRole("button", { name: "Import 7 rows", disabled: false }).waitFor();
});

it.each([
  [
    "everything is there",
    `${header}\nR1,old1@example.com,Lyon,,\nR3,old3@example.com,Lille,,`,
    "Everything already exists",
  ],
  ["nothing is right", `${header}\nX1,nope,Lyon,,\nX2,neither,Lille,,`, "No row can be imported as it is"],
])("says why nothing can be imported when %s, and what to do", async (name, text, title) => {
  const { page, errors } = await openOptions(text);
  await page.getByText(title).waitFor();
  const press = page.getByRole("button", { name: "Import 0 rows" });
  await expect.poll(() => press.getAttribute("aria-disabled")).toBe("true");
  await page.getByText("There is nothing to import.").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, `options-nothing-${name.split(" ")[0]}`);
  expect(errors).toEqual([]);
});

it("says when it cannot be counted, and counts when it is asked again", async () => {
  const { page, numbers, strategy } = await openOptions();
  await numbers();
  await page.route("**/dry-run*", (route) =>
    route.fulfill({
      status: 500,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "x",
        title: "Broken",
        status: 500,
        code: "internal",
        detail: "The server stumbled.",
      }),
    }),
  );
  await strategy("Create it anyway").check();
  await page.getByText("It could not be counted").waitFor();
  await expect.poll(() => page.getByRole("button", { name: /^Import/ }).getAttribute("aria-disabled")).toBe("true");
  await page.getByText("It has to be counted first.").waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "options-failed");
  await page.unroute("**/dry-run*");
  await page.getByRole("button", { name: "Try again" }).click();
  expect(await numbers()).toEqual({ Created: "8", Errors: "1" });
});

it("waits where the rows were lost, and goes on when they are read again", async () => {
  const { page, numbers, rows, id, strategy } = await openOptions();
  await numbers();
  await rows(`truncate sluice_stage.job_${id}_0`);
  await strategy("Create it anyway").check();
  await expect.poll(numbers).toEqual({ Created: "8", Errors: "1" });
  expect(await rows(`select stage_generation as g from sluice.import_jobs where id = ${id}`)).toEqual([{ g: 1 }]);
  expect(new URL(page.url()).pathname).toBe(`/import/${id}/options`);
});

it("follows somebody else who has pressed Import meanwhile", async () => {
  const { page, numbers, client, id } = await openOptions();
  await numbers();
  await page.route("**/commit", async (route) => {
    await client.imports.commit(id);
    await route.continue();
  });
  await page.getByRole("button", { name: "Import 4 rows", disabled: false }).click();
  await page.getByRole("heading", { name: "Your import is done" }).waitFor();
  expect((await client.imports.get(id)).importedRows).toBe(4);
});

it("is chosen and pressed by keyboard alone, with the focus in sight", async () => {
  const { page, numbers, client, id } = await openOptions();
  await numbers();
  const focused = () =>
    page.evaluate(() => {
      const active = document.activeElement?.shadowRoot?.activeElement;
      return active?.closest("label")?.querySelector("strong")?.textContent ?? active?.textContent ?? "";
    });
  const tabTo = async (wanted: string) => {
    for (let k = 0; k < 60; k++) {
      if ((await focused()).startsWith(wanted)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not lead to ${wanted}.`);
  };
  await tabTo("Skip it");
  await page.keyboard.press("ArrowDown");
  expect(await focused()).toBe("Update the record");
  await expect.poll(numbers, soon).toMatchObject({ Updated: "3" });
  await tabTo("Nobody");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.type("bo");
  await page.getByRole("option", { name: "Bo Berg" }).waitFor();
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await client.imports.options(id)).assignment.mode, soon).toBe("single");
  await page.getByRole("button", { name: "Import 7 rows", disabled: false }).waitFor();
  await tabTo("Import 7 rows");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Your import is done" }).waitFor();
});

it.each([
  ["fr-FR", "Doublons et responsables", "Mettre l’enregistrement à jour", "Importer 7 lignes"],
  ["sv-SE", "Dubbletter och ansvariga", "Uppdatera posten", "Importera 7 rader"],
])("speaks %s, and fits a small screen", async (locale, title, update, press) => {
  const { page } = await openOptions(file, { browser: { locale } });
  await page.getByRole("heading", { name: title }).waitFor();
  await page.setViewportSize({ width: 360, height: 800 });
  await page.getByRole("radio", { name: update }).check();
  await page.getByRole("button", { name: press, disabled: false }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  expect(await violations(page)).toEqual([]);
  await shoot(page, `options-small-${locale.slice(0, 2)}`);
});
