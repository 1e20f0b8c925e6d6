/** An import at its step of options: people who may own records, records that are there, and a file that meets them. */
import type { Locator } from "playwright-core";
import { sql } from "../../src/postgres/connection/session.ts";
import { nowhere, type OpenPage, type OpenPageOptions, openPage } from "./open-page.ts";

export const people = {
  anna: "00000000-0000-0000-0000-00000000000a",
  bo: "00000000-0000-0000-0000-00000000000b",
  cleo: "00000000-0000-0000-0000-00000000000c",
} as const;

export const header = "Reference,E-mail,City,Phone,Seller";

/** Three that are there already (one all the same, one twice in the file), four new, one that is wrong. */
export const file = [
  header,
  "R1,old1@example.com,Lyon,,anna@example.com",
  "R2,old2@example.com,Nice,,Bo Berg",
  "R3,old3@example.com,Lille,,A. Roux",
  "N1,new1@example.com,Caen,,A. Roux",
  "N2,new2@example.com,Brest,,Zoé",
  "N3,new3@example.com,Metz,,Bo Berg",
  "N4,new4@example.com,Nancy,,",
  ",new1@example.com,Dijon,+33611223344,Zoé",
  "N6,not an e-mail,Reims,,Zoé",
].join("\n");

export interface OptionsPage extends OpenPage {
  id: number;
  /** Rows of a statement. */
  rows<Row = Record<string, unknown>>(statement: string): Promise<Row[]>;
  /** What stands beside an end of rows, once it is no longer counted. */
  numbers(): Promise<Record<string, string>>;
  /** Presses Import and waits for the summary. */
  importAll(count: number): Promise<void>;
  strategy(name: "Skip it" | "Update the record" | "Create it anyway"): Locator;
  mode(name: "Nobody" | "One person" | "Several in turn" | "By a column"): Locator;
  /** Types into a box for a person, and takes the first who is offered. */
  choose(label: string | RegExp, typed: string, name: string): Promise<void>;
}

export async function openOptions(
  text = file,
  { at = "options", ...options }: OpenPageOptions & { at?: "options" | "review" } = {},
): Promise<OptionsPage> {
  const opened = await openPage({ at: nowhere, ...options });
  const { bring, database, page } = opened;
  const rows = <Row>(statement: string): Promise<Row[]> => database.query<Row>(sql.raw<Row>(statement));
  const id = await bring(`${text}\n`, { start: true });
  await rows(`
    insert into profiles (id, email, full_name) values ('${people.anna}', 'anna@example.com', 'Anna Roux'),
      ('${people.bo}', 'bo@example.com', 'Bo Berg'), ('${people.cleo}', 'cleo@example.com', 'Cléo Dubois')`);
  await rows(`
    insert into leads (external_id, email, city, phone) values ('R1', 'old1@example.com', 'Paris', '+33612345678'),
      ('R2', 'old2@example.com', null, null), ('R3', 'old3@example.com', 'Lille', null)`);
  await page.goto(at === "options" ? `/import/${id}/options` : `/import/${id}`);
  const card = page.getByRole("region", { name: "What will happen" });
  return {
    ...opened,
    id,
    rows,
    async numbers() {
      await card.locator('.foresight-numbers[aria-busy="false"]').waitFor();
      const ends = card.locator("dl > div:not(.foresight-sum)");
      const names = await ends
        .locator("dt > span:last-child")
        .evaluateAll((all: { firstChild: { data: string } }[]) => all.map(({ firstChild }) => firstChild.data));
      const counts = await ends.locator("dd").allTextContents();
      return Object.fromEntries(names.map((name, k) => [name, counts[k]]).filter(([, count]) => count !== "0"));
    },
    async importAll(count) {
      await page
        .getByRole("button", { name: count === 1 ? "Import one row" : `Import ${count} rows`, disabled: false })
        .click();
      await page.getByRole("heading", { name: "Your import is done" }).waitFor();
    },
    strategy: (name) => page.getByRole("radio", { name }),
    mode: (name) => page.getByRole("radio", { name }),
    async choose(label, typed, name) {
      const box = page.getByRole("combobox", { name: label });
      await box.click();
      await box.fill(typed);
      await page.getByRole("option", { name }).click();
    },
  };
}
