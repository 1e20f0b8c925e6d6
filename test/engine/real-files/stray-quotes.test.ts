/** Stray quotes, and rows inside one quoted cell: every line of the file becomes a record, and the row of the quote says so. */
import { expect, it } from "vitest";
import { leads } from "../../../src/importers/leads/leads.ts";
import { defineImporter, field } from "../../../src/index.ts";
import { openEngine, some } from "../../open-engine.ts";

const things = defineImporter({
  name: "things",
  fields: { code: field.text({ required: true }), name: field.text(), amount: field.decimal() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "things" },
});
const thingsDdl =
  "create table things (id bigint generated always as identity primary key, code text not null unique, name text, amount numeric)";

it("makes a record of each line between two stray quotes, and warns at the first", async () => {
  const { importCsv, rows } = await openEngine([things], thingsDdl);
  const names = Array.from({ length: 60 }, (_, k) =>
    k === 20 ? '"Half open' : k === 45 ? 'Monitor 24"' : `Item ${k}`,
  );
  const lines = names.map((name, k) => `A${String(k).padStart(3, "0")}\t${name}\t${k}.00\t${k}`);
  const { counts, issueCounts } = await importCsv(things, `code\tname\tamount\tqty\n${lines.join("\n")}\n`);
  expect(some(counts)).toEqual({ created: 60 });
  expect(issueCounts).toEqual([{ field: null, code: "quote_as_text", count: 1 }]);
  expect((await rows("select name from things order by code")).map(({ name }) => name)).toEqual(names);
});

it("takes in rows that are CSV inside one quoted cell, and says so", async () => {
  const { importCsv, rows } = await openEngine([leads]);
  const text =
    '"Name,Email,Phone,City"\n"Anna Berg,anna@example.com,0612345678,""Paris, 1er"""\n"Bo Carlsson,bo@example.com,0612345679,Lyon"\n"Cia Dahl,cia@example.com,0612345680,""Lille, Nord"""\n';
  const { counts, issueCounts } = await importCsv(leads, text);
  expect(some(counts)).toEqual({ created: 3 });
  expect(issueCounts).toEqual([{ field: null, code: "rows_unwrapped", count: 4 }]);
  expect((await rows("select city from leads order by email")).map(({ city }) => city)).toEqual([
    "Paris, 1er",
    "Lyon",
    "Lille, Nord",
  ]);
});

it("keeps an address of several lines one value, without a word", async () => {
  const { importCsv, rows } = await openEngine([things], thingsDdl);
  const { counts, issueCounts } = await importCsv(
    things,
    'code,name,amount\nA1,"12, rue X\nParis, France",1\nA2,"7, rue Y",2\n',
  );
  expect([some(counts), issueCounts]).toEqual([{ created: 2 }, []]);
  expect((await rows("select name from things order by code"))[0]).toEqual({ name: "12, rue X\nParis, France" });
});
