/** A target's id stands for one record, always: `sluice check` and an import say so before they would take one for another. */
import { expect, it } from "vitest";
import { defineImporter, field, type ImporterDefinition } from "../../src/index.ts";
import { checkImporter } from "../../src/postgres/check/check.ts";
import { openEngine } from "../open-engine.ts";

const fields = { code: field.text(), name: field.text() };

it.each<[what: string, ddl: string, definition: Partial<ImporterDefinition<typeof fields>>, says: RegExp | "fits"]>([
  ["a primary key", "create table things (id serial primary key, code text, name text)", {}, "fits"],
  [
    "a unique column",
    "create table things (id integer, code text, name text unique not null)",
    { target: { table: "things", id: "name" } },
    "fits",
  ],
  [
    "half of a primary key",
    "create table things (id integer default 1, code text, name text, primary key (id, code))",
    {},
    /^public\.things\.id, .* may identify several records.*add column record_id bigint generated always as identity primary key/,
  ],
  [
    "a plain column where another one is unique",
    "create table things (id integer, code text primary key, name text)",
    {},
    /^public\.things\.id, .* may identify several records.*Set target: \{ id: "code" \}/,
  ],
  [
    "a column that is unique for some",
    "create table things (id integer not null default 1, code text, name text); create unique index on things (id) where name is null",
    {},
    /may identify several records/,
  ],
  [
    "a unique column that may be null",
    "create table things (id integer unique, code text, name text)",
    {},
    /^public\.things\.id, .* may be null.*alter column id set not null/,
  ],
  [
    "an array",
    "create sequence ids; create table things (id integer[] primary key default array[nextval('ids')::integer], code text, name text)",
    {},
    /^public\.things\.id, .* is an array\. Name another column/,
  ],
  [
    "of a type of two parts",
    "create type pair as (a integer, b integer); create table things (id pair primary key default row(1, 2), code text, name text)",
    {},
    "fits",
  ],
  [
    "a key within the context",
    "create table things (id serial, code text, name text, tenant text, primary key (tenant, id))",
    { context: { tenant: {} } },
    "fits",
  ],
  [
    "a key with the partitions' column",
    `create table things (id serial, code text, name text default 'x', primary key (id, name)) partition by list (name);
     create table things_x partition of things for values in ('x')`,
    {},
    "fits",
  ],
  [
    "a view's column",
    "create table base (id serial primary key, code text, name text); create view things as select * from base",
    {},
    "fits",
  ],
])("is right about an id that is %s", async (_what, ddl, definition, says) => {
  const importer = defineImporter({
    name: "things",
    fields,
    match: { keys: ["code"], onDuplicate: "update" },
    target: { table: "things" },
    ...definition,
  });
  const { database, importCsv, rows } = await openEngine([importer], ddl);
  const findings = await checkImporter(database, importer);
  const errors = findings.filter(({ level }) => level === "error").map(({ message }) => message);
  const imported = () =>
    importCsv(importer, "code,name\na,x\n", {
      context: definition.context === undefined ? {} : { tenant: "1" },
    });
  if (says === "fits") {
    expect(errors).toEqual([]);
    expect((await imported()).counts.created).toBe(1);
    return;
  }
  expect(errors).toEqual([expect.stringMatching(says)]);
  await expect(imported()).rejects.toThrow(says);
  expect(await rows("select code from things")).toEqual([]);
});
