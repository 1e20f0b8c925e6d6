/** What came of an import, in one word, and its rows shared out. */
import { expect, it } from "vitest";
import { noCounts } from "../../src/core/import.ts";
import { outcomeOf, sharesOf } from "../../src/react/steps/commit/outcome.ts";

it.each([
  ["empty", 0, {}],
  ["done_all", 3, { created: 3 }],
  ["done_all", 3, { updated: 1, skipped: 1, unchanged: 1 }],
  ["done_some", 3, { created: 1, invalid: 2 }],
  ["done_some", 3, { updated: 2, failed: 1 }],
  ["nothing_new", 3, { skipped: 1, unchanged: 2 }],
  ["nothing_new", 3, { skipped: 1, invalid: 2 }],
  ["no_valid", 3, { invalid: 2, failed: 1 }],
] as const)("is %s for %i rows that ended as %o", (outcome, rows, counts) => {
  expect(outcomeOf({ rows, counts: { ...noCounts, ...counts } })).toBe(outcome);
});

it("accounts for every row of the file, also those that a cancelled import did not reach", () => {
  const counts = { ...noCounts, created: 4, invalid: 1 };
  const sum = (rows: number) => sharesOf({ rows, counts }).reduce((all, { count }) => all + count, 0);
  expect([sum(5), sum(12)]).toEqual([5, 12]);
  expect(sharesOf({ rows: 5, counts }).map(({ share }) => share)).not.toContain("notReached");
  expect(sharesOf({ rows: 12, counts }).at(-1)).toEqual({ share: "notReached", count: 7 });
});
