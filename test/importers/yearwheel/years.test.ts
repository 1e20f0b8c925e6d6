import { expect, it } from "vitest";
import { endsOf, startsOf, yearsOf } from "../../../src/importers/yearwheel/years.ts";

type Parts = [year: number, start: string, end: string][];

it.each<[string, string | null, string | null, number | null, Parts]>([
  ["a day", "2026-03-01", null, null, [[2026, "2026-03-01", "2026-03-01"]]],
  ["some days of a year", "2026-03-01", "2026-12-31", null, [[2026, "2026-03-01", "2026-12-31"]]],
  [
    "New Year",
    "2026-12-20",
    "2027-01-06",
    null,
    [
      [2026, "2026-12-20", "2026-12-31"],
      [2027, "2027-01-01", "2027-01-06"],
    ],
  ],
  [
    "three years",
    "2025-06-01",
    "2027-02-28",
    null,
    [
      [2025, "2025-06-01", "2025-12-31"],
      [2026, "2026-01-01", "2026-12-31"],
      [2027, "2027-01-01", "2027-02-28"],
    ],
  ],
  ["a page that the file names", "2026-12-20", "2027-01-06", 2027, [[2027, "2026-12-20", "2027-01-06"]]],
  ["an end before the start", "2026-03-01", "2025-03-01", null, []],
  ["a mistake in a date", "2026-03-01", "2926-03-01", null, []],
  ["no start", null, "2026-03-01", null, []],
])("divides %s", (_, start, end, page, parts) => {
  const span = { start, end, page };
  const [years, starts, ends] = [yearsOf(span), startsOf(span), endsOf(span)];
  expect([starts.length, ends.length]).toEqual([years.length, years.length]);
  expect(years.map((year, k) => [year, starts[k], ends[k]])).toEqual(parts);
});
