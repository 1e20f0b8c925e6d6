/** A file with nothing to look at goes from the drop to its records in two presses; any other is reviewed first. */
import { afterAll, expect, it } from "vitest";
import { sql } from "../../src/postgres/connection/session.ts";
import { violations } from "./axe.ts";
import { beginJourney, type Journey, soon } from "./journey.ts";
import { closeBrowser, shoot } from "./open-page.ts";

afterAll(closeBrowser);

const clean = [
  "Reference,E-mail,Last name,City",
  ...Array.from({ length: 40 }, (_, k) => `C-${k},person${k}@example.com,Person ${k},Lyon`),
];

/** Counts the presses of a person from now on, and drops the file. */
async function drop(journey: Journey, lines: readonly string[]): Promise<{ id: number; clicks(): Promise<number> }> {
  const { page } = journey;
  const id = await journey.upload(`${lines.join("\n")}\n`, "leads.csv");
  await page.evaluate(() => {
    Object.assign(window, { presses: 0 });
    window.addEventListener(
      "click",
      ({ isTrusted }: { isTrusted: boolean }) => isTrusted && (window as never as { presses: number }).presses++,
    );
  });
  return { id, clicks: () => page.evaluate(() => (window as never as { presses: number }).presses) };
}

it("takes two clicks after the drop for a file with nothing to look at", async () => {
  const journey = await beginJourney("en");
  const { page, client, t, heading, button, rows, errors } = journey;
  const { id, clicks } = await drop(journey, clean);
  await button("map", "check").click();
  await heading("options").waitFor(soon);
  await page.getByText(t("options", "plainHint", { count: 40 })).waitFor();
  const { warnings, undecided } = await client.imports.get(id);
  expect([warnings, undecided]).toEqual([0, 0]);
  expect(await violations(page)).toEqual([]);
  await shoot(page, "options-passed-over");
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot(page, "options-passed-over-phone");
  await button("options", "importRows", 40).click();
  await heading("commit", "done").waitFor(soon);
  expect(await clicks()).toBe(2);
  expect(await rows(`select count(*)::int as n from leads where import_job_id = ${id}`)).toEqual([{ n: 40 }]);
  expect(errors).toEqual([]);
});

it("lets whoever wants to see the rows go back to them, and stay", async () => {
  const journey = await beginJourney("en");
  const { page, button, heading } = journey;
  await drop(journey, clean);
  await button("map", "check").click();
  await button("options", "lookAtRows").click();
  await heading("review").waitFor();
  await page.getByRole("grid").getByRole("rowheader").first().waitFor();
  await page.reload();
  await heading("review").waitFor();
});

it.each<[string, readonly string[], string?]>([
  ["has a row that is rejected", ["X-1,nobody,Nobody,Lyon"]],
  ["has a warning of a cell", ["X-1,x1@example.com; x2@example.com,Two,Lyon"]],
  ["has the same record twice", ["X-1,person1@example.com,Again,Lyon"]],
  ["has a record that exists", [], "insert into leads (external_id, email) values ('C-3', 'person3@example.com')"],
  [
    "has a row with a weaker key of somebody else, which the match alone finds",
    [],
    "insert into leads (external_id, email) values ('OTHER', 'person3@example.com')",
  ],
])("is reviewed where it %s", async (_, more, before) => {
  const journey = await beginJourney("en");
  const { page, button, heading, database } = journey;
  if (before !== undefined) await database.query(sql.raw(before));
  await drop(journey, [...clean, ...more]);
  await button("map", "check").click();
  await heading("review").waitFor(soon);
  await page.getByRole("grid").getByRole("rowheader").first().waitFor();
});

it("is reviewed where a column was taken as suggested", async () => {
  const journey = await beginJourney("en");
  const { button, heading, client } = journey;
  const { id } = await drop(journey, ["Reference,E-mail,Firstnames,City", ...clean.slice(1)]);
  await button("map", "check").click();
  await button("map", "doubtsAccept").or(button("map", "checkAnyway")).click();
  await heading("review").waitFor(soon);
  expect((await client.imports.get(id)).undecided).toBe(1);
});
