/** JSON as programs lay it out, imported: three people are three records, whatever the layout. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../../src/index.ts";
import { openEngine, some } from "../../open-engine.ts";

const people = defineImporter({
  name: "people",
  fields: { name: field.text({ required: true }), city: field.text(), zip: field.text() },
  match: { keys: [], onDuplicate: "create" },
  target: { table: "people" },
});
const table =
  "create table people (id bigint generated always as identity primary key, name text, city text, zip text)";
const keysTold = { field: null, code: "keys_as_column", count: 1 };

it.each([
  [
    "by columns",
    '{"name": ["Anna", "Bo", "Cia"], "city": ["Paris", "Lyon", "Lille"], "zip": ["75001", "69001", "59000"]}',
    [],
  ],
  [
    "with the names apart",
    '{"columns": ["name", "city", "zip"], "data": [["Anna", "Paris", "75001"], ["Bo", "Lyon", "69001"], ["Cia", "Lille", "59000"]]}',
    [],
  ],
  [
    "keyed by ids",
    '{"-K0": {"name": "Anna", "city": "Paris", "zip": "75001"}, "-K1": {"name": "Bo", "city": "Lyon", "zip": "69001"}, "-K2": {"name": "Cia", "city": "Lille", "zip": "59000"}}',
    [keysTold],
  ],
])("JSON %s", async (_, text, issueCounts) => {
  const { importCsv, rows } = await openEngine([people], table);
  const outcome = await importCsv(people, text);
  expect(some(outcome.counts)).toEqual({ created: 3 });
  expect(outcome.issueCounts).toEqual(issueCounts);
  expect(await rows("select name, city, zip from people order by id")).toEqual([
    { name: "Anna", city: "Paris", zip: "75001" },
    { name: "Bo", city: "Lyon", zip: "69001" },
    { name: "Cia", city: "Lille", zip: "59000" },
  ]);
});
