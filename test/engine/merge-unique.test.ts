/** Rows that update records under unique indexes: what one row after the other would come to, those that the table refuses included. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine } from "../open-engine.ts";
import { fc } from "../property.ts";
import { triesAll } from "../sampled.ts";

const people = defineImporter({
  name: "people",
  fields: { email: field.email(), phone: field.text(), name: field.text() },
  match: { keys: ["email", "phone"], onDuplicate: "update" },
  target: { table: "people" },
});
const ddl = "create table people (id serial primary key, email text unique, phone text unique, name text)";
const names = ["email", "phone", "name"] as const;
type Person = Record<(typeof names)[number], string | null>;
type Rules = Record<keyof Person, "overwrite" | "fill" | "never" | "clear">;
const overwrite: Rules = { email: "overwrite", phone: "overwrite", name: "overwrite" };

function oneByOne(table: readonly Person[], file: readonly Person[], rules: Rules) {
  const records = table.map((each) => ({ ...each }));
  const refused: number[] = [];
  for (const [n, row] of file.entries()) {
    const found =
      records.find(({ email }) => email !== null && email === row.email) ??
      records.find(
        ({ email, phone }) => phone !== null && phone === row.phone && (row.email === null || email === null),
      );
    const next = found === undefined ? { ...row } : merged(found, row, rules);
    const others = records.filter((other) => other !== found);
    const isTaken = (key: "email" | "phone") => next[key] !== null && others.some((other) => other[key] === next[key]);
    if (isTaken("email") || isTaken("phone")) refused.push(n + 2);
    else if (found === undefined) records.push(next);
    else Object.assign(found, next);
  }
  return { records, refused };
}

function merged(old: Person, row: Person, rules: Rules): Person {
  const value = (name: keyof Person): string | null =>
    ({
      overwrite: row[name] ?? old[name],
      fill: old[name] ?? row[name],
      never: old[name],
      clear: row[name],
    })[rules[name]];
  return { email: value("email"), phone: value("phone"), name: value("name") };
}

const csv = (file: readonly Person[]): string =>
  `${names.join(";")}\n${file.map((row) => names.map((name) => row[name] ?? "").join(";")).join("\n")}\n`;
const sorted = (all: readonly object[]): string[] => all.map((each) => JSON.stringify(each)).sort();
const refusals = (issues: [number, string | null, string][]): number[] => [
  ...new Set(issues.filter(([, , code]) => code === "database_unique").map(([row]) => row)),
];

const some = (...words: string[]) => fc.option(fc.constantFrom(...words), { freq: 3 });
const person: fc.Arbitrary<Person> = fc
  .record({
    email: some("a@x.fr", "b@x.fr", "c@x.fr", "d@x.fr"),
    phone: some("p1", "p2", "p3", "p4"),
    name: some("m", "n"),
  })
  .filter(({ email, phone }) => email !== null || phone !== null);
const rule = fc.constantFrom(
  "overwrite" as const,
  "overwrite" as const,
  "fill" as const,
  "never" as const,
  "clear" as const,
);
const rules: fc.Arbitrary<Rules> = fc.record({ email: rule, phone: rule, name: rule });

it("comes to what one row after the other would, and refuses the same rows", async () => {
  const { importCsv, dryRun, rows } = await openEngine([people], ddl, { chunkRows: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(person, { maxLength: 4 }),
      fc.array(person, { minLength: 1, maxLength: 9 }),
      rules,
      async (there, file, merge) => {
        await rows("truncate people restart identity");
        const table = oneByOne([], there, overwrite).records;
        const literal = (value: string | null) => (value === null ? "null" : `'${value}'`);
        for (const each of table)
          await rows(`insert into people (email, phone, name) values (${names.map((name) => literal(each[name]))})`);
        const model = oneByOne(table, file, merge);
        const foretold = await dryRun(people, csv(file), { merge });
        const { counts, issues } = await importCsv(people, csv(file), { merge });
        expect(refusals(issues)).toEqual(model.refused);
        expect(sorted(await rows("select email, phone, name from people"))).toEqual(sorted(model.records));
        expect(foretold.counts).toEqual(counts);
      },
    ),
    { numRuns: triesAll ? 60 : 12 },
  );
});

const row = (email: string | null, phone: string | null): Person => ({ email, phone, name: null });

it.each([
  [
    "the record of rows before and behind it keeps a row out only once it has the value",
    [],
    [row("b@x.fr", null), row(null, "p2"), row("b@x.fr", "p2")],
    [row("b@x.fr", null), row(null, "p2")],
    [4],
  ],
  [
    "a value that a row takes from its record is free for a new one",
    [row("a@x.fr", "p1")],
    [row("a@x.fr", "p2"), row(null, "p1")],
    [row("a@x.fr", "p2"), row(null, "p1")],
    [],
  ],
  [
    "rows by which records would change their values with each other are refused, as one statement cannot write that",
    [row("a@x.fr", "p1"), row("b@x.fr", "p2")],
    [row("a@x.fr", "p9"), row("b@x.fr", "p1"), row("a@x.fr", "p2")],
    [row("a@x.fr", "p9"), row("b@x.fr", "p2")],
    [3, 4],
  ],
  [
    "records pass their values on, the last one first",
    [row("a@x.fr", "p1"), row("b@x.fr", "p2"), row("c@x.fr", "p3")],
    [row("c@x.fr", "p4"), row("b@x.fr", "p3"), row("a@x.fr", "p2")],
    [row("a@x.fr", "p2"), row("b@x.fr", "p3"), row("c@x.fr", "p4")],
    [],
  ],
  [
    "a value is refused that its record gives up only later",
    [row("a@x.fr", "p1"), row("b@x.fr", "p2")],
    [row("a@x.fr", "p2"), row("b@x.fr", "p3")],
    [row("a@x.fr", "p1"), row("b@x.fr", "p3")],
    [2],
  ],
])("%s", async (_, there, file, expected, refused) => {
  for (const chunkRows of [2, 10_000]) {
    const { importCsv, dryRun, rows } = await openEngine([people], ddl, { chunkRows });
    for (const { email, phone } of there)
      await rows(`insert into people (email, phone) values ('${email}', '${phone}')`);
    const foretold = await dryRun(people, csv(file));
    const { counts, issues } = await importCsv(people, csv(file));
    expect(refusals(issues)).toEqual(refused);
    expect(sorted(await rows("select email, phone, name from people"))).toEqual(sorted(expected));
    expect(foretold.counts).toEqual(counts);
  }
});

it("makes a record of rows whose e-mail an earlier row has cleared, though their record has it until that is written", async () => {
  const { importCsv, rows } = await openEngine(
    [people],
    `${ddl}; insert into people (email, phone) values ('a@x.fr', 'p3')`,
  );
  const file = [row(null, "p3"), row("a@x.fr", null), row("a@x.fr", null), row(null, "p1")];
  await importCsv(people, csv(file), { merge: { email: "clear" } });
  expect(sorted(await rows("select email, phone, name from people"))).toEqual(
    sorted([row(null, "p3"), row("a@x.fr", null), row(null, "p1")]),
  );
});

it("takes an e-mail that a record has in another case for another value, as the index does", async () => {
  const importer = defineImporter({ ...people, match: { keys: ["phone", "email"], onDuplicate: "update" } });
  const { importCsv, rows } = await openEngine(
    [importer],
    `${ddl}; insert into people (email, phone) values ('A@x.fr', 'p1')`,
  );
  const { counts } = await importCsv(importer, csv([row("a@x.fr", "p2"), row("a@x.fr", "p2")]));
  expect(counts).toMatchObject({ created: 1, invalid: 0, failed: 0 });
  expect(await rows("select email, phone from people order by id")).toEqual([
    { email: "A@x.fr", phone: "p1" },
    { email: "a@x.fr", phone: "p2" },
  ]);
});
