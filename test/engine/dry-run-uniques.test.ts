/** Unique indexes over columns that keep a value otherwise than the file has it: the dry run tells what the commit then refuses. */
import { expect, it } from "vitest";
import { defineImporter, type Field, field } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";

const uuid = "0190163d-8694-739b-aea5-966c26f8ad9";
const types = `create extension if not exists citext; create type mood as enum ('a', 'b');
  create collation folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  create table companies (id serial primary key, name text); insert into companies (name) values ('Acme'), ('Bolt'), ('Cow')`;

/** `[column, field, cells]`: the third cell is the first once more, as the column has it. */
const cases: [string, Field, [string, string, string, string]][] = [
  ["v integer unique", field.integer(), ["1", "2", "01", "3"]],
  ["v smallint unique", field.integer(), ["1", "2", "1", "3"]],
  ["v bigint unique", field.integer(), ["1", "2", "1", "3"]],
  ["v numeric(5,1) unique", field.decimal(), ["1.21", "2", "1.24", "3"]],
  ["v numeric(5,1)[] unique", field.list(field.decimal()), ["1.21", "2", "1.24", "3"]],
  ["v real unique", field.decimal(), ["1.1", "2", "1.10", "3"]],
  ["v char(5) unique", field.text(), ["a", "b", "a", "c"]],
  ["v name unique", field.text(), ["a", "b", "a", "c"]],
  ["v citext unique", field.text(), ["a", "b", "A", "c"]],
  ["v citext[] unique", field.list(field.text()), ["a", "b", "A", "c"]],
  ["v varchar(5)[] unique", field.list(field.text()), ["a|b", "b", "a | b", "c"]],
  ["v text collate folded unique", field.text(), ["a", "b", "A", "c"]],
  ["v text unique", field.uuid(), [`${uuid}1`, `${uuid}2`, `${uuid}1`.toUpperCase(), `${uuid}3`]],
  ["v varchar(40) unique", field.uuid(), [`${uuid}1`, `${uuid}2`, `${uuid}1`.toUpperCase(), `${uuid}3`]],
  [
    "v timestamptz(0) unique",
    field.datetime(),
    ["2024-01-01 10:00:00.1", "2024-01-02", "2024-01-01 10:00:00.2", "2024-01-03"],
  ],
  ["v time(0) unique", field.time(), ["10:00:00.1", "11:00", "10:00:00.2", "12:00"]],
  ["v date unique", field.datetime(), ["2024-01-01 10:00", "2024-01-02", "2024-01-01 11:00", "2024-01-03"]],
  ["v jsonb unique", field.json(), ['{"a":1}', '{"a":2}', '{ "a": 1 }', '{"a":3}']],
  ["v integer unique", field.reference({ table: "companies", by: ["name"] }), ["Acme", "Bolt", "ACME", "Cow"]],
  ["v text, region text default 'eu', unique (v, region)", field.text(), ["a", "b", "a", "c"]],
  ["v text, unique nulls not distinct (v)", field.text(), ["", "b", "", "c"]],
];
const cell = (value: string): string => `"${value.replaceAll('"', '""')}"`;

it.each(cases)("of %s", async (column, kind, cells) => {
  const importer = defineImporter({
    name: "things",
    fields: { code: field.text(), v: kind },
    match: { keys: ["code"], onDuplicate: "update" },
    target: { table: "things" },
  });
  const { importCsv, dryRun, rows } = await openEngine(
    [importer],
    `${types}; create table things (id serial primary key, code text, ${column})`,
  );
  const map = ["code", "v"].map((name) => ({ column: name, field: name }));
  for (const strategy of ["create", "skip"] as const) {
    await rows("truncate things");
    for (const [round, refused] of [
      ["a", [4]],
      ["b", [2, 3, 4, 5]],
    ] as const) {
      const text = `code;v\n${cells.map((value, k) => `${round}${k};${cell(value)}\n`).join("")}`;
      const options = { strategy, map, dialect: { delimiter: ";" } };
      const foreseen = some((await dryRun(importer, text, options)).counts);
      const { counts, issues } = await importCsv(importer, text, options);
      expect(foreseen).toEqual(some(counts));
      expect(issues.map(([row, , code]) => [row, code])).toEqual(refused.map((row) => [row, "database_unique"]));
    }
  }
});
