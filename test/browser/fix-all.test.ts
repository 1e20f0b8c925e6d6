/** What the server can fix by itself: looked at before and after, made at once, counted and taken back. */
import { afterAll, expect, it } from "vitest";
import { dirtyFile, dirtyRows } from "../dirty-file.ts";
import { violations } from "./axe.ts";
import { figure } from "./journey.ts";
import { closeBrowser, shoot } from "./open-page.ts";
import { openProspects, repairAll } from "./prospects.ts";

afterAll(closeBrowser);

it("takes a file with 493 bad rows of 3,000 to 15 in eight clicks, nothing typed", async () => {
  const journey = await openProspects();
  const { page, t, button, heading, client, rows, errors } = journey;
  const { text, bad } = dirtyFile();
  const id = await journey.upload(text, "prospects.csv");
  let clicks = 0;
  await page.exposeFunction("noteClick", () => clicks++);
  await page.evaluate(`addEventListener("click", (event) => event.isTrusted && event.detail > 0 && noteClick(), true)`);

  await journey.check();
  expect(await figure(page, t("review", "wrong")).textContent()).toBe(
    String(bad.slips + bad.words + bad.dates + bad.amounts + bad.unknown),
  );
  await button("review", "fixAll").click();
  const dialog = page.getByRole("dialog", { name: t("review", "repairTitle") });
  await dialog.getByRole("cell").first().waitFor();
  expect(await violations(page)).toEqual([]);
  await shoot(page, "review-fix-all");
  await repairAll(journey, dialog, bad.unknown);
  await shoot(page, "review-fixed-all");
  await button("review", "continue", dirtyRows - bad.unknown).click();
  await heading("options", "titleDuplicates").waitFor();
  await journey.importAll();
  expect(clicks).toBeLessThanOrEqual(8);
  expect(await client.imports.get(id)).toMatchObject({ status: "completed", validRows: dirtyRows - bad.unknown });
  expect(
    await rows(`select count(*)::int as n, count(*) filter (where length(postal_code) <> 5)::int as short,
      count(*) filter (where status is null)::int as unknown, count(*) filter (where amount is null)::int as unpriced from prospects`),
  ).toEqual([{ n: dirtyRows - bad.unknown, short: 0, unknown: 0, unpriced: bad.amounts }]);
  await heading("commit", "done").waitFor();
  expect(errors).toEqual([]);
});

it("fixes one kind of issue, says so among the changes, and takes it back", async () => {
  const { page, t, button, upload, check } = await openProspects();
  const { text, bad } = dirtyFile(2);
  await upload(text, "prospects.csv");
  await check();
  const wrong = figure(page, t("review", "wrong"));
  const before = await wrong.textContent();
  await page
    .getByRole("button", { name: t("review", "fixOne", { count: bad.slips }) })
    .first()
    .click();
  const dialog = page.getByRole("dialog", { name: t("review", "repairTitle") });
  await expect.poll(() => dialog.getByRole("group").count()).toBe(1);
  await dialog.getByRole("cell", { name: /@/ }).first().waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await wrong.textContent()).toBe(before);
  await page
    .getByRole("button", { name: t("review", "fixOne", { count: bad.slips }) })
    .first()
    .click();
  await dialog.getByRole("button", { name: t("review", "repairRows", { count: bad.slips }) }).click();
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => wrong.textContent()).toBe(String(Number(before) - bad.slips));
  await button("review", "changes", 1).click();
  await page.getByRole("dialog").getByText(t("review", "repair_email")).waitFor();
  await page.keyboard.press("Escape");
  await button("review", "undo").click();
  await expect.poll(() => wrong.textContent()).toBe(before);
});
