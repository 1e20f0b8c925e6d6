/** What axe-core finds wrong with a page by WCAG 2.2 AA, in both themes; it looks into shadow roots. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { bothThemes, preferTheme } from "./open-page.ts";

const source = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What is looked for; in a second theme of the same page only what hangs on colours. */
const wanted = {
  all: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  colours: ["color-contrast", "link-in-text-block"],
};

/** Each as `rule: target`, so that a failing test says what to mend. */
export async function violations(page: Page, themes = bothThemes): Promise<string[]> {
  const found: string[] = [];
  // By the protocol, which the page's policy does not keep out.
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(await readFile(source, "utf8"));
  for (const [k, colorScheme] of themes.entries()) {
    await preferTheme(page, colorScheme);
    const results = await page.evaluate(
      async (runOnly) => {
        const { axe } = window as unknown as { axe: { run(context: unknown, options: object): Promise<AxeResults> } };
        return (await axe.run(document, { runOnly, resultTypes: ["violations"] })).violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id}: ${target.flat().join(" > ")} (${failureSummary})`),
        );
      },
      k === 0 ? wanted.all : wanted.colours,
    );
    found.push(...results.map((each) => `${colorScheme} ${each}`));
  }
  await preferTheme(page, null);
  return found;
}

interface AxeResults {
  violations: { id: string; nodes: { target: (string | string[])[]; failureSummary?: string }[] }[];
}
