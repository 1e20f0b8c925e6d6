/** What a dry run tells of records that would be changed: which fields, by how many rows, and the first of them before and after. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";
import { commit, ready } from "./review-import.ts";

const ddl = `
  create table cities (code text primary key, label text);
  insert into cities values ('P', 'Paris'), ('L', 'Lyon');
  create table people (id bigint generated always as identity primary key, email text not null, "Full name" text, age integer,
    price numeric(10, 2), city text references cities (code), note text);
  insert into people (email, "Full name", age, price, city, note) values
    ('a@x.fr', 'Anna', 30, 1.50, 'P', 'kept'), ('b@x.fr', null, null, 2, 'P', 'kept'), ('c@x.fr', 'Cy', 50, 3, 'L', null)`;

const people = defineImporter({
  name: "people",
  fields: {
    email: field.email(),
    name: field.text({ column: "Full name" }),
    age: field.integer({ merge: "fill" }),
    price: field.decimal(),
    city: field.reference({ table: "cities", by: ["label"], id: "code" }),
    note: field.text({ merge: "never" }),
  },
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "people" },
});

const header = "email,name,age,price,city,note\n";

it("names the fields with their rows, and shows the records by their first row", async () => {
  const opened = await openEngine([people], ddl);
  const text = `${header}a@x.fr,Anne,31,1.5,Lyon,new\nnew@x.fr,New,1,1,Paris,\nb@x.fr,Bo,40,2.00,Paris,new\nc@x.fr,Cy,51,3,Lyon,new\na@x.fr,,,9.25,,\n`;
  const id = await ready(opened, people, text);
  const before = await opened.rows("select * from people order by id");
  const { counts, changes } = await opened.engine.dryRun(id, { changes: true });
  expect(some(counts)).toEqual({ created: 1, updated: 3, unchanged: 1 });
  expect(changes).toEqual({
    fields: [
      { field: "name", rows: 2 },
      { field: "age", rows: 1 },
      { field: "price", rows: 1 },
      { field: "city", rows: 1 },
    ],
    samples: [
      {
        row: 2,
        recordId: "1",
        changes: [
          { field: "name", from: "Anna", to: "Anne" },
          { field: "price", from: "1.50", to: "9.25" },
          { field: "city", from: "P", to: "L" },
        ],
      },
      {
        row: 4,
        recordId: "2",
        changes: [
          { field: "name", from: null, to: "Bo" },
          { field: "age", from: null, to: "40" },
        ],
      },
    ],
  });
  expect(await opened.rows("select * from people order by id")).toEqual(before);
  expect((await commit(opened, id)).counts).toEqual(counts);
  expect(
    await opened.rows(`select "Full name" as name, price::text, city, note from people where email = 'a@x.fr'`),
  ).toEqual([{ name: "Anne", price: "9.25", city: "L", note: "kept" }]);
});

it("shows what a blank clears, and nothing where every field is left alone", async () => {
  const opened = await openEngine([people], ddl);
  const id = await ready(opened, people, `${header}a@x.fr,,,,,\n`);
  expect((await opened.engine.dryRun(id, { changes: true })).changes).toEqual({ fields: [], samples: [] });
  await opened.engine.changeReady(id, { merge: { name: "clear" } });
  expect((await opened.engine.dryRun(id, { changes: true })).changes).toEqual({
    fields: [{ field: "name", rows: 1 }],
    samples: [{ row: 2, recordId: "1", changes: [{ field: "name", from: "Anna", to: null }] }],
  });
  const merge = Object.fromEntries(Object.keys(people.fields).map((name) => [name, "never" as const]));
  await opened.engine.changeReady(id, { merge });
  const { counts, changes } = await opened.engine.dryRun(id, { changes: true });
  expect([some(counts), changes]).toEqual([{ unchanged: 1 }, { fields: [], samples: [] }]);
});

it("keeps to twenty records, over the borders of chunks", async () => {
  const many = 60_000;
  const opened = await openEngine(
    [people],
    `${ddl}; insert into people (email, "Full name") select 'p' || n || '@y.fr', 'old' from generate_series(1, ${many}) n`,
  );
  const lines = Array.from({ length: many }, (_, k) => `p${k + 1}@y.fr,${k % 10_000 === 7 ? "new" : "old"}`);
  const id = await ready(opened, people, `email,name\n${lines.join("\n")}\n`);
  const few = await opened.engine.dryRun(id, { changes: true });
  expect([some(few.counts), few.changes?.fields]).toEqual([
    { updated: 6, unchanged: many - 6 },
    [{ field: "name", rows: 6 }],
  ]);
  expect(few.changes?.samples.map(({ row }) => row)).toEqual([9, 10_009, 20_009, 30_009, 40_009, 50_009]);
  await opened.engine.changeReady(id, { merge: { name: "clear" } });
  await opened.rows(`update people set "Full name" = 'older'`);
  const { changes } = await opened.engine.dryRun(id, { changes: true });
  expect([changes?.fields, changes?.samples.length]).toEqual([[{ field: "name", rows: many }], 20]);
});

it("tells nothing of them where the importer's own loader decides, and where nobody asks", async () => {
  const own = {
    ...people,
    load: ({ rows }: { rows: string }) => `select row_no, 'skipped' as outcome, null as record_id from ${rows}`,
  };
  const opened = await openEngine([own], ddl);
  const id = await ready(opened, own, `${header}a@x.fr,Anne,31,1.5,Lyon,new\n`);
  expect((await opened.engine.dryRun(id, { changes: true })).changes).toBeNull();
  expect(await opened.engine.dryRun(id)).not.toHaveProperty("changes");
});
