/** Keys of several fields, and how keys are compared: as the table's unique index tells them apart. */
import { describe, expect, it } from "vitest";
import { defineImporter, field, type Importer } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";

const patients = defineImporter({
  name: "patients",
  fields: {
    email: field.email(),
    first: field.text({ column: "first_name" }),
    last: field.text({ column: "last_name" }),
    born: field.date({ column: "birth_date" }),
    city: field.text(),
  },
  match: { keys: ["email", ["last", "first", "born"]], onDuplicate: "update" },
  target: { table: "patients" },
});
const table = `create table patients (id serial primary key, email text, first_name text, last_name text, birth_date date, city text)`;

describe.each([
  ["no index", ""],
  ["a unique index over its columns", "create unique index on patients (last_name, first_name, birth_date)"],
  ["an index without their case", "create index on patients (lower(last_name), lower(first_name), birth_date)"],
])("a key of several fields, with %s", (_what, index) => {
  it.each(["skip", "update"] as const)(
    "recognises by all of them together, in file and table (%s)",
    async (strategy) => {
      const { importCsv, dryRun, rows } = await openEngine(
        [patients],
        `${table}; ${index}; insert into patients (first_name, last_name, birth_date, city)
        select 'Anna', 'Berg' || n, '2000-01-01', 'old' from generate_series(1, 20000) n; analyze patients`,
      );
      const text = `first,last,born,city
Anna,Berg7,2000-01-01,known
Anna,Berg7,2001-01-01,other
Anna,Berg7,,blank
Anna,Berg7,,blank too
Bo,Carlsson,1990-02-03,new
Bo,Carlsson,1990-02-03,again
`;
      const foretold = await dryRun(patients, text, { strategy });
      const { counts } = await importCsv(patients, text, { strategy });
      const one = strategy === "skip" ? { created: 4, skipped: 2 } : { created: 4, updated: 2 };
      expect(some(counts)).toEqual(one);
      expect(foretold.counts).toEqual(counts);
      expect(
        await rows("select last_name || ' ' || city as row from patients where city <> 'old' order by id"),
      ).toEqual(
        (strategy === "skip"
          ? ["Berg7 other", "Berg7 blank", "Berg7 blank too", "Carlsson new"]
          : ["Berg7 known", "Berg7 other", "Berg7 blank", "Berg7 blank too", "Carlsson again"]
        ).map((row) => ({ row })),
      );
    },
  );
});

it("matches on a key of several fields that the command, the API or a template says", async () => {
  const { importCsv } = await openEngine([patients], table);
  const text = "first,last,city\nAnna,Berg,Lyon\nanna,BERG,Nice\nBo,Berg,Metz\n";
  const { counts, job } = await importCsv(patients, text, { keys: [["first", "last"]], strategy: "skip" });
  expect(some(counts)).toEqual({ created: 2, skipped: 1 });
  expect(job.duplicates).toEqual({ strategy: "skip", keys: [["first", "last"]] });
});

const things = (compare?: "exact" | "any_case"): Importer =>
  defineImporter({
    name: "things",
    fields: { code: field.text({ compare }), name: field.text(), shop: field.text() },
    match: { keys: ["code"], onDuplicate: "update" },
    target: { table: "things" },
  });
const ids = "code,name\n0015g00000Xa1Ab,Nord\n0015g00000Xa1aB,Sud\n0015g00000Xa1AB,Est\n";
const made = "create table things (id serial primary key, code text, name text, shop text)";

it.each([
  ["a unique index on its column", `${made}; create unique index on things (code)`, undefined, 3],
  [
    "its primary key",
    "create table things (id serial unique, code varchar(20) primary key, name text, shop text)",
    undefined,
    3,
  ],
  [
    "a unique index over some records",
    `${made}; create unique index on things (code) where name is not null`,
    undefined,
    3,
  ],
  ["a unique index without its case", `${made}; create unique index on things (lower(code))`, undefined, 1],
  ["both", `${made}; create unique index on things (code); create unique index on things (lower(code))`, undefined, 1],
  [
    "a type without case",
    "create extension citext; create table things (id serial primary key, code citext unique, name text, shop text)",
    undefined,
    1,
  ],
  ["an index that is not unique", `${made}; create index on things (code)`, undefined, 1],
  ["a unique index with another column", `${made}; create unique index on things (code, shop)`, undefined, 1],
  ["no index", made, undefined, 1],
  ["no index, and the field's own word", made, "exact", 3],
  ["a unique index, and the field's own word", `${made}; create unique index on things (code)`, "any_case", 1],
] as [string, string, "exact" | "any_case" | undefined, number][])(
  "compares texts as the table does, by %s",
  async (_what, ddl, compare, records) => {
    const importer = things(compare);
    const { importCsv, dryRun } = await openEngine([importer], ddl);
    expect((await dryRun(importer, ids)).counts).toMatchObject({ created: records, updated: 3 - records });
    expect((await importCsv(importer, ids)).counts).toMatchObject({ created: records, updated: 3 - records });
    // The same file again finds each in the table.
    expect((await importCsv(importer, `${ids}\n`)).counts.created).toBe(0);
  },
);

it("brings rows of different words under the record that both find, by a collation without case", async () => {
  const importer = things("exact");
  const ddl = `
    create collation folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    create table things (id serial primary key, code text collate folded unique, name text, shop text);
    insert into things (code, name) values ('AB1', 'old')`;
  const { importCsv, rows } = await openEngine([importer], ddl);
  const { counts } = await importCsv(importer, "code,name\nAB1,one\nab1,two\n");
  expect(counts).toMatchObject({ created: 0, updated: 2 });
  expect(await rows("select code, name from things")).toEqual([{ code: "ab1", name: "two" }]);
});

it("tells the ids of each tenant apart by the index that has the tenant's column too", async () => {
  const importer = defineImporter({
    name: "things",
    fields: { code: field.text(), name: field.text() },
    match: { keys: ["code"], onDuplicate: "update" },
    target: { table: "things" },
    context: { tenant: {} },
  });
  const { importCsv } = await openEngine(
    [importer],
    "create table things (id serial primary key, tenant text, code text, name text, unique (tenant, code))",
  );
  expect(some((await importCsv(importer, ids, { context: { tenant: "a" } })).counts)).toEqual({ created: 3 });
});

describe("letters that are written in two ways", () => {
  const text = "code,name\nCAF\u00c9-1,composed\nCAFE\u0301-1,decomposed\n";
  it.each([
    ["in the file", `${made}; create unique index on things (code)`],
    ["in the file, without an index", made],
    [
      "in the table, composed",
      `${made}; create unique index on things (code); insert into things (code) values (U&'CAF\\00C9-1')`,
    ],
    [
      "in the table, decomposed",
      `${made}; create unique index on things (code); insert into things (code) values (U&'CAFE\\0301-1')`,
    ],
    [
      "in a large table, by its index",
      `${made}; create unique index on things (code); insert into things (code) values (U&'CAFE\\0301-1');
      insert into things (code, name) select 'x' || n, repeat('y', 100) from generate_series(1, 5000) n; analyze things`,
    ],
    [
      "in a large table, by its index without case",
      `${made}; create unique index on things (lower(code)); insert into things (code) values (U&'cafe\\0301-1');
      insert into things (code, name) select 'x' || n, repeat('y', 100) from generate_series(1, 5000) n; analyze things`,
    ],
  ])("are one and the same %s", async (_what, ddl) => {
    const importer = things();
    const { importCsv, rows } = await openEngine([importer], ddl);
    const { counts } = await importCsv(importer, text);
    expect(counts.created + counts.updated).toBe(2);
    expect(await rows("select name from things where code not like 'x%'")).toEqual([{ name: "decomposed" }]);
  });
});
