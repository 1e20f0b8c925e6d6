/** Choices by their labels: a file may have those of any language, and the review offers those of its reader. */
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { beginJourney } from "./journey.ts";
import { closeBrowser, shoot } from "./open-page.ts";
import { shelf } from "./shelf/sluice.config.ts";

afterAll(closeBrowser);

it.each([
  ["en", ["Brand new", "Second hand"], "State is not one of: Brand new, Second hand."],
  ["fr", ["Neuf", "Second hand"], "State ne fait pas partie de : Neuf, Second hand."],
  ["sv", ["Ny", "Second hand"], "State är inget av: Ny, Second hand."],
] as const)("in %s", async (language, labels, message) => {
  const journey = await beginJourney(language, { importers: [shelf], cwd: join(import.meta.dirname, "shelf") });
  const { page, errors, rows } = journey;
  const id = await journey.upload("code,state\nA,Neuf\nB,NY\nC,brand new\nD,kaputt\n", "shelf.csv");
  await journey.check();
  await page.getByText(message).first().waitFor({ state: "attached" });
  await page.getByRole("gridcell", { name: "kaputt" }).click();
  await page.keyboard.press("Enter");
  const choices = page.getByRole("gridcell").getByRole("combobox", { name: "State" });
  const offered = await choices.locator("option").allTextContents();
  expect(offered.filter((each) => labels.includes(each as never))).toEqual(labels);
  await shoot(page, `choice-labels-${language}`);
  await choices.selectOption({ label: labels[0] });
  await choices.press("Tab");
  await page.getByRole("gridcell", { name: "kaputt" }).waitFor({ state: "detached" });
  await expect.poll(async () => (await journey.client.imports.get(id)).invalidRows).toBe(0);
  await journey.client.imports.commit(id);
  await journey.client.imports.waitFor(id, { status: "completed" });
  expect(await rows("select distinct state from shelf")).toEqual([{ state: "new" }]);
  expect(errors).toEqual([]);
});
