/** The way of a file through the wizard, as a person goes it, in any of its languages. */
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import type { ApiLanguage } from "../../src/client/index.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import type { Room, Texts } from "../../src/react/locale/texts.ts";
import { type OpenPage, type OpenPageOptions, openPage } from "./open-page.ts";
import { type Words, wordsOf } from "./wizard-words.ts";

/** What is put before the rows of the example: five rows with a status that nobody knows, two addresses that are none. */
const made = [
  "J-1;Zoé;Béranger;zoe.beranger.example;;;;;Besançon;France;Salon;Nouveau",
  "J-2;Åsa;Ölund;åsa at exempel;;;;;Malmö;Sverige;Salon;Nouveau",
  ...[3, 4, 5, 6, 7].map((k) => `J-${k};Chloé;Noël ${k};chloe${k}@noel.example;;;;;Orléans;France;Salon;Gagnéé`),
];

/** The first rows of the example of the leads importer, with a few of our own. */
export async function journeyFile(rows = 300): Promise<string> {
  const example = await readFile(new URL("../../examples/data/leads.csv", import.meta.url), "utf8");
  const [header, ...lines] = example.split("\n");
  return `${[header, ...made, ...lines.slice(0, rows)].join("\n")}\n`;
}

/** Other tests run beside these. */
export const soon = { timeout: 60_000 };

export interface Journey extends OpenPage {
  t: Words;
  /** The heading of the step that is shown. */
  heading<R extends Room>(room: R, key?: keyof Texts[R] & string): Locator;
  button<R extends Room>(room: R, key: keyof Texts[R] & string, count?: number): Locator;
  /** Brings the file in by the page; returns the import's id. */
  upload(content: string, name?: string): Promise<number>;
  /** From the columns to the review, also where there is nothing to review; questions are answered as suggested. */
  check(): Promise<void>;
  /** From the review on. */
  toOptions(id: number): Promise<void>;
  /** From the options on, to the summary. */
  importAll(): Promise<void>;
  rows<Row = Record<string, unknown>>(statement: string): Promise<Row[]>;
}

const locales: Readonly<Record<ApiLanguage, string>> = { en: "en-GB", fr: "fr-FR", sv: "sv-SE" };

export async function beginJourney(language: ApiLanguage = "en", options: OpenPageOptions = {}): Promise<Journey> {
  const opened = await openPage({ ...options, browser: { locale: locales[language], ...options.browser } });
  const { page, database, client } = opened;
  const t = wordsOf(language);
  const heading: Journey["heading"] = (room, key = "title" as never) =>
    page.getByRole("heading", { level: 1, name: t(room, key), exact: true });
  const button: Journey["button"] = (room, key, count) =>
    page.getByRole("button", { name: t(room, key, count === undefined ? {} : { count }), exact: true });
  return {
    ...opened,
    t,
    heading,
    button,
    rows: <Row>(statement: string) => database.query<Row>(sql.raw<Row>(statement)),
    async upload(content, name = "prospects été.csv") {
      await heading("upload").waitFor();
      await page
        .locator("input[type=file]")
        .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content) });
      await heading("map").waitFor();
      return importIdOf(page);
    },
    async check() {
      const accept = button("map", "doubtsAccept").or(button("map", "checkAnyway"));
      await button("map", "check").click();
      await accept.or(heading("analysis")).or(heading("review")).first().waitFor();
      if (await accept.isVisible()) await accept.click();
      const passedOver = button("options", "lookAtRows");
      await heading("review").or(passedOver).first().waitFor();
      if (await passedOver.isVisible()) await passedOver.click();
      await heading("review").waitFor();
      await page.getByRole("grid").getByRole("rowheader").first().waitFor();
    },
    async toOptions(id) {
      await button("review", "continue", (await client.imports.get(id)).validRows).click();
      await heading("options").waitFor();
    },
    async importAll() {
      await page.locator('.foresight-numbers[aria-busy="false"]').waitFor();
      await page.locator(".step-foot button:not([aria-disabled])").last().click();
      await heading("commit", "done").waitFor();
    },
  };
}

export function importIdOf(page: Page): number {
  return Number(/\/import\/(\d+)/.exec(page.url())?.[1]);
}

/** A figure of the page's lists of them, as it stands there. */
export function figure(page: Page, label: string): Locator {
  return page
    .locator("dl > div")
    .filter({ has: page.locator("dt").getByText(label, { exact: true }) })
    .locator("dd")
    .first();
}

/** What stands beside each end of rows, by number. */
export async function numbersBeside(list: Locator): Promise<Record<string, number>> {
  const entries = list.locator(":scope > div");
  const names: string[] = await entries
    .locator("dt")
    .evaluateAll((all: { querySelector(s: string): { className: string } | null }[]) =>
      all.map((dt) => dt.querySelector("[class*=-mark]")?.className.split(" ")[1] ?? "rows"),
    );
  const values = await entries.locator("dd:first-of-type").allTextContents();
  return Object.fromEntries(names.map((name, k) => [name, Number(values[k].replace(/\D/g, ""))]));
}
