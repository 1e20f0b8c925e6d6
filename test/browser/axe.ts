/** What axe-core finds wrong with a page by WCAG 2.2 AA, in both themes; it looks into shadow roots. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const source = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Each as `rule: target`, so that a failing test says what to mend. */
export async function violations(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
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
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  return found;
}

interface AxeResults {
  violations: { id: string; nodes: { target: (string | string[])[]; failureSummary?: string }[] }[];
}
