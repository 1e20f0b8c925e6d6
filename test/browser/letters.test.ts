/** Mails as they look: whatever people, files and columns are called, on a phone and in a mail program's pane, in light and in dark. */
import { chromium } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { languages } from "../../src/core/fields/language.ts";
import { letterHtml } from "../../src/letters/letter-html.ts";
import { letterKinds } from "../../src/locale/letters.ts";
import { alertKinds, exampleAlert, exampleLetter } from "../letters/example-letters.ts";
import { violations } from "./axe.ts";
import { findChromium } from "./chromium.ts";

let browser: Awaited<ReturnType<typeof chromium.launch>>;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox"] });
});
afterAll(() => browser.close());

/** Nothing in them lets a line break. */
const fileName = `${"prospects_de_la_region_ile_de_france_2026".repeat(2)}.xlsx`;
const long = {
  ...{ fileName, importer: "customer_primary_contact_addresses", user: "6c1d3c5e-0a7e-4c53-8d52-3a3c3a0a7d11" },
  context: { customer_primary_contact_tenant_identifier: "9b2d6c1d3c5e-0a7e-4c53-8d52-3a3c3a0a7d11" },
};

it.each([
  [390, "light"],
  [390, "dark"],
  [600, "light"],
  [600, "dark"],
] as const)("fit into %i pixels, and are read in %s", async (width, colorScheme) => {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  for (const language of languages) {
    const letters = [
      ...letterKinds.map((kind) => [kind, exampleLetter(kind, language, { fileName })] as const),
      ...(await Promise.all(alertKinds.map(async (kind) => [kind, await exampleAlert(kind, language, long)] as const))),
    ];
    for (const [kind, letter] of letters) {
      await page.setContent(letterHtml(letter));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([kind, language, wide]).toEqual([kind, language, width]);
      // A number is read at a glance: it stays on its line.
      const broken = await page.locator("td[style*='nowrap']").evaluateAll((cells) =>
        cells.flatMap((cell) => {
          const text = document.createRange();
          text.selectNodeContents(cell);
          return text.getClientRects().length > 1 ? [cell.textContent] : [];
        }),
      );
      expect(broken).toEqual([]);
    }
  }
  await page.close();
});

it("are right by axe-core, of each kind", async () => {
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  for (const kind of letterKinds) {
    await page.setContent(letterHtml(exampleLetter(kind, "fr")));
    // Landmarks are the mail program's.
    const found = (await violations(page)).filter((each) => !/^\w+ (?:landmark-one-main|region):/.test(each));
    expect([kind, found]).toEqual([kind, []]);
  }
  await page.close();
});
