/** What axe-core finds wrong with a page by WCAG 2.2 AA, in both themes; it looks into shadow roots. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { bothThemes, preferTheme } from "./open-page.ts";

const source = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Each as `rule: target`, so that a failing test says what to mend. */
export async function violations(page: Page, themes = bothThemes): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of themes) {
    await preferTheme(page, colorScheme);
    // By the protocol, which the page's policy does not keep out.
    await page.evaluate(await readFile(source, "utf8"));
    const results = await page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run(context: unknown, options: object): Promise<AxeResults> } };
      return (
        await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
      ).violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.flat().join(" > ")} (${failureSummary})`),
      );
    });
    found.push(...results.map((each) => `${colorScheme} ${each}`));
  }
  await preferTheme(page, null);
  return found;
}

interface AxeResults {
  violations: { id: string; nodes: { target: (string | string[])[]; failureSummary?: string }[] }[];
}
