/** Rows that end before the table's last columns: taken in where the file as a whole leaves blank cells out, rejected where it does not. */
import { expect, it } from "vitest";
import { leads } from "../../../src/importers/leads/leads.ts";
import { openEngine, some } from "../../open-engine.ts";

const head = "Name,Email,Phone,City,Notes";
const lead = (k: number, rest: string): string =>
  `N${k},n${k}@example.com,06123${String(k).padStart(5, "0")},Paris${rest}`;
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, k) => from + k);
const fileOf = (...rows: string[]): string => `${[head, ...rows].join("\r\n")}\r\n`;

it("takes in what Excel wrote without the blank cells at the end of lines", async () => {
  const { importCsv } = await openEngine([leads]);
  const rows = numbers(0, 40).map((k) => lead(k, k < 16 ? "," : k === 30 ? ",vip" : ""));
  const { counts, issueCounts } = await importCsv(leads, fileOf(...rows));
  expect(some(counts)).toEqual({ created: 40 });
  expect(issueCounts).toEqual([{ field: null, code: "rows_padded", count: 23 }]);
});

it("rejects a short row of a file that writes its blank cells: a cell in the middle may be missing", async () => {
  const { importCsv } = await openEngine([leads]);
  const { counts, issues } = await importCsv(
    leads,
    fileOf(lead(1, ","), "N2,0612345602,Paris,vip", lead(3, ",vip"), lead(4, ",")),
  );
  expect(some(counts)).toEqual({ created: 3, invalid: 1 });
  expect(issues).toEqual([[3, null, "row_too_short"]]);
});

it("rejects the only short row among whole ones", async () => {
  const { importCsv } = await openEngine([leads]);
  const { counts } = await importCsv(leads, fileOf(lead(1, ",a"), lead(2, ",b"), lead(3, ""), lead(4, ",c")));
  expect(some(counts)).toEqual({ created: 3, invalid: 1 });
});

it("does with short rows what a person says", async () => {
  const { importCsv } = await openEngine([leads]);
  const one = fileOf(lead(1, ",a"), lead(2, ",b"), lead(3, ""), lead(4, ",c"));
  expect(some((await importCsv(leads, one, { dialect: { shortRows: "pad" } })).counts)).toEqual({ created: 4 });
  const all = fileOf(...numbers(10, 20).map((k) => lead(k, "")));
  const rejected = await importCsv(leads, all, { dialect: { shortRows: "reject" } });
  expect(some(rejected.counts)).toEqual({ invalid: 10 });
});

it("reads the file again where its end contradicts its beginning, and counts every row once", async () => {
  const events: string[] = [];
  const { importCsv } = await openEngine([leads], undefined, {
    onEvent: ({ name }) => {
      if (name.startsWith("parse.begun")) events.push(name);
    },
  });
  // The first megabyte writes its blank cells.
  const late = fileOf(...numbers(0, 24_000).map((k) => lead(k, k < 20_000 ? "," : "")));
  const taken = await importCsv(leads, late);
  expect([some(taken.counts), taken.issueCounts, events]).toEqual([
    { created: 24_000 },
    [{ field: null, code: "rows_padded", count: 4000 }],
    ["parse.begun_again"],
  ]);
  // The first rows leave them out; further down short rows stand among written blanks.
  const other = fileOf(
    ...numbers(30_000, 54_000).map((k) => lead(k, k < 31_500 ? (k % 2 ? ",a" : "") : k % 3 ? "," : "")),
  );
  const rejected = await importCsv(leads, other);
  const short = numbers(30_000, 54_000).filter((k) => (k < 31_500 ? k % 2 === 0 : k % 3 === 0)).length;
  expect([some(rejected.counts), events.length]).toEqual([{ created: 24_000 - short, invalid: short }, 2]);
});
