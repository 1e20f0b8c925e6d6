/** What becomes of a record's value when rows of the file update it, one merge rule at a time. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";

const rules = ["overwrite", "fill", "never", "clear"] as const;
const importer = defineImporter({
  name: "cards",
  fields: {
    code: field.text(),
    overwrite: field.text({ merge: "overwrite" }),
    fill: field.text({ merge: "fill" }),
    never: field.text({ merge: "never" }),
    clear: field.text({ merge: "clear" }),
  },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "cards" },
});

const table = (column: string): string =>
  `create table cards (id serial primary key, code text, ${rules.map((rule) => `"${rule}" ${column}`).join(", ")})`;
type Values = Record<(typeof rules)[number], string | null>;
const all = (value: string | null): Values => ({ overwrite: value, fill: value, never: value, clear: value });

/** `[record before (undefined: none), cells of the file's rows, record after, counts]`, for a column without a default. */
const cases: [string | null | undefined, string[], Values, object][] = [
  ["old", ["new"], { ...all("old"), overwrite: "new", clear: "new" }, { updated: 1 }],
  ["old", [""], { ...all("old"), clear: null }, { updated: 1 }],
  ["old", ["old"], all("old"), { unchanged: 1 }],
  [null, ["new"], { ...all("new"), never: null }, { updated: 1 }],
  [null, [""], all(null), { unchanged: 1 }],
  ["", ["new"], { ...all("new"), never: "" }, { updated: 1 }],
  // A row counts as an update when it alone would change the record as it was: the blank would not.
  [null, ["a", "b", ""], { overwrite: "b", fill: "a", never: null, clear: null }, { updated: 2, unchanged: 1 }],
  ["old", ["a", "old"], all("old"), { unchanged: 2 }],
  [undefined, ["new"], all("new"), { created: 1 }],
  [undefined, ["", "a", "b"], { overwrite: "b", fill: "a", never: null, clear: "b" }, { created: 1, updated: 2 }],
  [undefined, ["a", ""], { ...all("a"), clear: null }, { created: 1, updated: 1 }],
];

/** The same where a blank cell means the column's default, `d`. */
const withDefault: typeof cases = [
  [undefined, [""], all("d"), { created: 1 }],
  [undefined, ["", "a"], { ...all("d"), overwrite: "a", clear: "a" }, { created: 1, updated: 1 }],
  [undefined, ["", "d"], all("d"), { created: 1, unchanged: 1 }],
  [undefined, ["a", ""], { ...all("a"), clear: "d" }, { created: 1, updated: 1 }],
  ["old", [""], { ...all("old"), clear: "d" }, { updated: 1 }],
];

it.each([
  ["text", cases],
  ["text not null default 'd'", withDefault],
])("merges into columns of %s as the rules say", async (column, expectations) => {
  const { importCsv, dryRun, rows } = await openEngine([importer], table(column));
  for (const [before, cells, after, counts] of expectations) {
    await rows("truncate cards");
    if (before !== undefined) {
      const value = before === null ? "null" : `'${before}'`;
      await rows(
        `insert into cards (code, ${rules.map((rule) => `"${rule}"`).join(", ")}) values ('x', ${rules.map(() => value).join(", ")})`,
      );
    }
    const text = `code,${rules.join(",")}\n${cells.map((cell) => `x,${rules.map(() => cell).join(",")}`).join("\n")}\n`;
    const map = ["code", ...rules].map((name) => ({ column: name, field: name }));
    const foretold = await dryRun(importer, text, { map });
    const outcome = await importCsv(importer, text, { map });
    const [record] = await rows(`select ${rules.map((rule) => `"${rule}"`).join(", ")} from cards`);
    expect({ before, cells, record, counts: some(outcome.counts), foretold: some(foretold.counts) }).toEqual({
      before,
      cells,
      record: after,
      counts,
      foretold: counts,
    });
  }
});

it("keeps the values before an update, for whoever wants them back", async () => {
  const { importCsv, rows } = await openEngine(
    [importer],
    `${table("text")}; insert into cards (code, overwrite, clear) values ('x', 'old', 'gone')`,
  );
  const { job } = await importCsv(importer, "code,overwrite,clear\nx,new,\nx,newer,\n");
  expect(
    await rows(
      `select row_no, outcome, record_id, before from sluice.import_rows where job_id = ${job.id} order by row_no`,
    ),
  ).toEqual([
    { row_no: 2, outcome: "updated", record_id: "1", before: { overwrite: "old", clear: "gone" } },
    { row_no: 3, outcome: "updated", record_id: "1", before: null },
  ]);
});
