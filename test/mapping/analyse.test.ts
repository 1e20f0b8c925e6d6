/** What a file seems to be by its columns alone: which is what, which parents it implies, the days it spans, and why. */
import { expect, it } from "vitest";
import type { Analysis } from "../../src/core/analysis.ts";
import { defineImporter } from "../../src/core/definition/define-importer.ts";
import { textOf } from "../../src/core/errors.ts";
import { field } from "../../src/core/field.ts";
import type { GivenMapping } from "../../src/core/given-mapping.ts";
import type { Importer } from "../../src/core/importer.ts";
import { ref } from "../../src/core/records.ts";
import { leads } from "../../src/importers/leads/leads.ts";
import { activities } from "../../src/importers/yearwheel/activities.ts";
import { analyse } from "../../src/mapping/analyse.ts";
import { mapColumns } from "../../src/mapping/map.ts";
import { profilesOf } from "../staging/read-file.ts";

/** A year planner: an activity in a ring and a group, under a label. */
const planner = defineImporter({
  name: "planner",
  fields: {
    activity: field.text({ required: true }),
    start: field.date({ required: true }),
    end: field.date(),
    ring: field.text(),
    group: field.text(),
    label: field.text(),
    description: field.text(),
  },
  records: {
    ring: { table: "rings", key: ["ring"], set: { name: "ring" }, onMatch: "use" },
    group: { table: "activity_groups", key: ["group"], set: { name: "group" }, onMatch: "use" },
    label: { table: "labels", key: ["label"], set: { name: "label" }, onMatch: "use" },
    item: {
      table: "items",
      set: {
        ...{ name: "activity", start_date: "start", end_date: "end", description: "description" },
        ...{ ring_id: ref("ring"), group_id: ref("group"), label_id: ref("label") },
      },
    },
  },
});

async function analysed(importer: Importer, text: string, given: GivenMapping[] = []): Promise<Analysis> {
  const profiles = await profilesOf(text, { headerRow: 1 });
  return analyse(importer, profiles, mapColumns(importer, profiles, given));
}

const suggested = ({ columns }: Analysis): unknown[] =>
  columns
    .filter(({ isSuggested }) => isSuggested)
    .map(({ header, field: name, reason }) => [header, name, textOf(reason)]);

const pad = (k: number): string => String(k).padStart(2, "0");
const days = (k: number): [string, string] => [
  `2026-${pad((k % 12) + 1)}-03`,
  `2026-${pad((k % 12) + 1)}-${pad(10 + (k % 5))}`,
];
/** 60 activities under headers that say nothing. */
const unnamed = `A,B,C,D,E,F,G\n${Array.from({ length: 60 }, (_, k) => {
  const [start, end] = days(k);
  return [
    `Thing number ${k}`,
    end,
    start,
    `T${k % 3}`,
    `G${k % 12}`,
    `L${k % 5}`,
    `${"A long text about it. ".repeat(4)}${k}`,
  ].join(",");
}).join("\n")}\n`;

it("tells days, parents, the name and the description of columns that are called nothing, each with its reason", async () => {
  const analysis = await analysed(planner, unnamed);
  expect(suggested(analysis)).toEqual([
    ["A", "activity", "Nearly every row has a value of its own."],
    ["B", "end", "Its days begin with 2026-01-10, after those of “C”."],
    ["C", "start", "Its days begin with 2026-01-03, before those of “B”."],
    ["D", "ring", "Only 3 different values in 60 rows."],
    ["E", "label", "12 different values in 60 rows: more than “F” has."],
    ["F", "group", "5 different values in 60 rows: more than “D” has."],
    ["G", "description", "Its texts are long, up to 90 characters."],
  ]);
  expect(
    analysis.parents.map(({ record, distinct, isCreated, values }) => [record, distinct, isCreated, values[0]]),
  ).toEqual([
    ["ring", 3, true, { value: "T0", count: 20 }],
    ["group", 5, true, { value: "L0", count: 12 }],
    ["label", 12, true, { value: "G0", count: 5 }],
  ]);
  expect(analysis.spans).toMatchObject([
    { from: "2026-01-03", to: "2026-12-14", years: [2026], fields: ["start", "end"] },
  ]);
  expect(analysis.structure.map(({ record, count, reason }) => [record, count, textOf(reason)])).toEqual([
    ["ring", 3, "One for each value of “D”."],
    ["group", 5, "One for each value of “F”."],
    ["label", 12, "One for each value of “E”."],
    ["item", 60, "One for each row."],
  ]);
});

it("is the same each time", async () => {
  expect(await analysed(planner, unnamed)).toEqual(await analysed(planner, unnamed));
});

it.each([
  [3, "ring", "Only 3 different values in 60 rows."],
  [12, "group", "12 different values in 60 rows: many for the largest groups."],
])("takes a lone column of %i values for the %s", async (count, name, reason) => {
  const text = `Activity,Start,Sort\n${Array.from({ length: 60 }, (_, k) => `Thing ${k},${days(k)[0]},V${k % count}`).join("\n")}\n`;
  expect(suggested(await analysed(planner, text))).toEqual([["Sort", name, reason]]);
});

it("leaves alone what has a name, what a person said, and what is empty, and says why", async () => {
  const text = "Activity,Start,Ring,Vain,Odd\nA,2026-01-01,Inner,,x\nB,2027-01-01,Outer,,x\n";
  const analysis = await analysed(planner, text, [{ column: "Odd", field: null }]);
  expect(
    analysis.columns.map(({ header, field: name, isSuggested, reason }) => [header, name, isSuggested, textOf(reason)]),
  ).toEqual([
    ["Activity", "activity", false, "It is called like the field."],
    ["Start", "start", false, "It is called like the field."],
    ["Ring", "ring", false, "It is called like the field."],
    ["Vain", null, false, "It is empty."],
    ["Odd", null, false, "You left it out."],
  ]);
  expect(textOf(analysis.spans[0].reason)).toBe("The days go from 2026-01-01 to 2027-01-01: 2 years.");
});

it("says of an importer with one table what it is by, and that the sample is not the whole", async () => {
  const text = `E-mail,First name\n${Array.from({ length: 1500 }, (_, k) => `a${k}@x.fr,Anna`).join("\n")}\n`;
  const analysis = await analysed(leads, text);
  expect(analysis.structure).toMatchObject([{ record: null, table: "leads", count: 1000, isAtLeast: true }]);
  expect([analysis.isWhole, analysis.sampledRows]).toEqual([false, 1000]);
});

it.each(["", "A\n", "A,B\n,\n", "__proto__,constructor\n1,2\n"])(
  "makes something of nothing much: %j",
  async (text) => {
    const profiles = text === "" ? [] : await profilesOf(text, { headerRow: 1 });
    expect(suggested(analyse(planner, profiles, mapColumns(planner, profiles)))).toEqual([]);
  },
);

it("knows the year planner that Sluice ships, in Swedish and without a word", async () => {
  const rows = Array.from(
    { length: 40 },
    (_, k) => `Möte ${k};2026-${pad((k % 12) + 1)}-03;2027-01-0${(k % 9) + 1};R${k % 2};G${k % 9}`,
  ).join("\n");
  const swedish = await analysed(activities, `Aktivitet;Startdatum;Slutdatum;Ring;Grupp\n${rows}\n`);
  expect(suggested(swedish)).toEqual([]);
  expect(swedish.parents.map(({ record, distinct }) => [record, distinct])).toEqual([
    ["rings", 2],
    ["groups", 9],
  ]);
  expect(swedish.spans[0].years).toEqual([2026, 2027]);
  expect(swedish.structure.map(({ record, count, isAtLeast }) => [record, count, isAtLeast])).toEqual(
    expect.arrayContaining([
      ["rings", 2, false],
      ["groups", 9, false],
      ["items", 40, true],
    ]),
  );
  const unnamedToo = await analysed(activities, `K1;K2;K3;K4;K5\n${rows}\n`);
  expect(suggested(unnamedToo).map((each) => (each as string[]).slice(0, 2))).toEqual([
    ["K1", "activity"],
    ["K2", "start"],
    ["K3", "end"],
    ["K4", "ring"],
    ["K5", "group"],
  ]);
});

it("takes no column of numbers for a field that its numbers do not fit", async () => {
  const row = (k: number, amount: string): string => `Thing ${k},2026-01-0${k + 1},${amount}`;
  const amounts = (text: (k: number) => string): string =>
    `Activity,Start,N\n${Array.from({ length: 6 }, (_, k) => row(k, text(k))).join("\n")}\n`;
  expect(
    suggested(
      await analysed(
        activities,
        amounts((k) => String(12_000 + k)),
      ),
    ),
  ).toEqual([]);
  expect(
    suggested(
      await analysed(
        activities,
        amounts((k) => `${k}.5`),
      ),
    ),
  ).toEqual([]);
  expect(
    suggested(
      await analysed(
        activities,
        amounts((k) => String(2026 + k)),
      ),
    ),
  ).toEqual([["N", "page", "It is the only open column of numbers."]]);
});
