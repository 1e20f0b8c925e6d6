/** What an update does with a field, said for one import: it goes before what the importer says, wherever the rule matters. */
import { expect, it } from "vitest";
import type { MergeRules } from "../../src/core/duplicates.ts";
import type { MergeRule } from "../../src/core/fields/kind.ts";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine } from "../open-engine.ts";

const ddl = `
  create table people (id bigint generated always as identity primary key, email text not null, city text, code varchar(3));
  insert into people (email, city, code) values ('full@x.fr', 'Paris', 'old'), ('blank@x.fr', null, 'old')`;

const people = defineImporter({
  name: "people",
  fields: { email: field.email(), city: field.text(), code: field.text({ merge: "never" }) },
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "people" },
});

const text = "email,city\nfull@x.fr,\nblank@x.fr,Lyon\n";

it.each<[MergeRule | undefined, (string | null)[], number]>([
  [undefined, ["Paris", "Lyon"], 1],
  ["overwrite", ["Paris", "Lyon"], 1],
  ["fill", ["Paris", "Lyon"], 1],
  ["never", ["Paris", null], 0],
  ["clear", [null, "Lyon"], 2],
])("with %s, a blank cell and a filled one leave %j, as a dry run foretells", async (rule, cities, updated) => {
  const { importCsv, dryRun, rows } = await openEngine([people], ddl);
  const merge: MergeRules = rule === undefined ? {} : { city: rule };
  const foretold = await dryRun(people, text, { merge });
  const { counts, job } = await importCsv(people, text, { merge });
  expect(counts).toEqual(foretold.counts);
  expect([counts.updated, job.merge]).toEqual([updated, merge]);
  const found = await rows<{ city: string | null }>("select city from people order by id");
  expect(found.map(({ city }) => city)).toEqual(cities);
});

it("counts rows that repeat a record by the import's rule, and holds back what the database would refuse only where it is stored", async () => {
  const { importCsv, rows } = await openEngine([people], ddl);
  const doubled = "email,city,code\nblank@x.fr,Lyon,toolong\nblank@x.fr,Nice,toolong\n";
  const kept = await importCsv(people, doubled, { merge: { city: "fill" } });
  expect([kept.counts.updated, kept.counts.invalid]).toEqual([2, 0]);
  expect(await rows("select city, code from people where email = 'blank@x.fr'")).toEqual([
    { city: "Lyon", code: "old" },
  ]);
  const stored = await importCsv(people, doubled, { merge: { code: "overwrite" } });
  expect(stored.issues).toEqual([
    [2, "code", "database_too_long"],
    [3, "code", "database_too_long"],
  ]);
});

it("refuses a rule for what is no field", async () => {
  const { importCsv } = await openEngine([people], ddl);
  await expect(importCsv(people, text, { merge: { nix: "fill" } })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining('no field "nix" to merge'),
  });
});

it("leaves aside a rule for a field that the importer has no more", async () => {
  const { engine, create } = await openEngine([people], ddl);
  const job = await create(people, text);
  const importer = engine.importerOf({ ...job, merge: { gone: "fill", city: "clear" } });
  expect([Object.keys(importer.fields), importer.fields.city.merge, people.fields.city.merge]).toEqual([
    ["email", "city", "code"],
    "clear",
    "overwrite",
  ]);
});
