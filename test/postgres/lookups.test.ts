/** References and owners: looked up once per distinct word, case ignored, the first column that knows it deciding. */
import { expect, it } from "vitest";
import { defineImporter, field, leads } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";

const ddl = `
  create schema geo;
  create table geo.cities (id uuid primary key, code text, name text, zip integer);
  insert into geo.cities values
    ('00000000-0000-0000-0000-000000000001', 'LY', 'Lyon', 69000), ('00000000-0000-0000-0000-000000000002', 'NI', 'Nice', 6000),
    ('00000000-0000-0000-0000-000000000003', 'NICE', 'Elsewhere', null), ('00000000-0000-0000-0000-000000000005', 'X', 'Twin', null),
    ('00000000-0000-0000-0000-000000000004', 'Y', 'TWIN', null);
  create table shops (id serial primary key, name text, city_id uuid references geo.cities)`;

const shops = defineImporter({
  name: "shops",
  fields: {
    name: field.text(),
    city: field.reference({ table: "geo.cities", by: ["code", "name", "zip"], column: "city_id", required: true }),
  },
  target: { table: "shops" },
});

it("looks each word up by code, then name, then number; the first column that knows it decides, then the smallest id", async () => {
  const { importCsv, rows } = await openEngine([shops], ddl);
  const { counts, rows: kept } = await importCsv(
    shops,
    "name,city\na,ly\nb,LYON\nc,nice\nd,69000\ne,twin\nf,Paris\ng,\nh,paris\n",
  );
  expect(some(counts)).toEqual({ created: 5, invalid: 3 });
  expect(await rows("select name, right(city_id::text, 1) as city from shops order by id")).toEqual([
    { name: "a", city: "1" },
    { name: "b", city: "1" },
    { name: "c", city: "3" },
    { name: "d", city: "1" },
    { name: "e", city: "4" },
  ]);
  expect(kept.map(({ row, issues }) => [row, issues])).toEqual([
    [7, [{ c: "reference_unknown", f: "city", p: { table: "geo.cities", value: "Paris" } }]],
    [8, [{ c: "required", f: "city" }]],
    [9, [{ c: "reference_unknown", f: "city", p: { table: "geo.cities", value: "paris" } }]],
  ]);
});

it("finds owners by id, e-mail or full name, in the order they were asked for", async () => {
  const { engine, importer } = await openEngine(
    [leads],
    "insert into profiles (id, email, full_name) values ('00000000-0000-0000-0000-00000000000a', 'Anna@x.fr', 'Anna Élan'), ('00000000-0000-0000-0000-00000000000b', 'bo@x.fr', 'anna@x.fr')",
  );
  const anna = "00000000-0000-0000-0000-00000000000a";
  expect(
    await engine.owners.find(importer("leads"), ["ANNA ÉLAN", "nobody", "anna@X.fr", anna.toUpperCase(), "Bo@x.fr"], {
      context: {},
      jobId: null,
      createdBy: null,
    }),
  ).toEqual([anna, null, anna, anna, "00000000-0000-0000-0000-00000000000b"]);
});

it("looks up many distinct words among many records", async () => {
  const { importCsv } = await openEngine(
    [shops],
    `${ddl}; insert into geo.cities select gen_random_uuid(), 'c' || n, 'n' || n, null from generate_series(1, 20000) n`,
  );
  const { counts } = await importCsv(
    shops,
    `name,city\n${Array.from({ length: 20_000 }, (_, k) => `s${k},N${k + 1}`).join("\n")}\n`,
  );
  expect(some(counts)).toEqual({ created: 20_000 });
});
