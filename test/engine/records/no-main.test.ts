/** An importer none of whose records is the one that a row is about: a row makes an item for each of its years. */
import { expect, it } from "vitest";
import { defineImporter, field, ref } from "../../../src/index.ts";
import { checkImporter } from "../../../src/postgres/check/check.ts";
import { openEngine, some, workToEnd } from "../../open-engine.ts";

const activities = defineImporter({
  name: "activities",
  context: { wheel_id: { type: "bigint" } },
  fields: {
    title: field.text({ required: true }),
    ring: field.text({ required: true }),
    years: field.list(field.integer()),
  },
  records: {
    ring: { table: "rings", key: ["ring"], set: { name: "ring" } },
    page: { table: "pages", each: "years", key: ["years"], set: { year: "years" } },
    item: {
      table: "items",
      each: "years",
      set: { title: "title", page_id: ref("page"), ring_id: ref("ring") },
      context: [],
    },
  },
});
const ddl = `create table rings (id serial primary key, wheel_id bigint not null, name text not null, unique (wheel_id, name));
  create table pages (id serial primary key, wheel_id bigint not null, year integer not null, unique (wheel_id, year));
  create table items (id serial primary key, page_id integer not null references pages, ring_id integer not null references rings, title text not null);
  create index on items (page_id); create index on items (ring_id);
  insert into rings (wheel_id, name) values (7, 'Inner'), (8, 'Outer'); insert into pages (wheel_id, year) values (8, 2025);`;
const text = `title,ring,years\nFair,Inner,2025; 2026\nSale,Outer,2026\nParty,Inner,\n`;

it("is checked, foretold, imported and undone", async () => {
  const { importCsv, dryRun, rows, engine, database } = await openEngine([activities], ddl);
  const context = { wheel_id: "7" };
  expect((await checkImporter(database, activities)).map(({ level, message }) => [level, message])).toEqual([
    ["ok", "the tables public.rings, public.pages, public.items have every column the importer fills"],
  ]);
  const foretold = await dryRun(activities, text, { context });
  const { job, counts, issues } = await importCsv(activities, text, { context });
  expect(issues).toEqual([]);
  expect(some(counts)).toEqual({ created: 2, unchanged: 1 });
  expect(foretold.counts).toEqual(counts);
  const all = `select i.title, p.year, p.wheel_id::int as page_of, r.name as ring, r.wheel_id::int as ring_of
    from items i join pages p on p.id = i.page_id join rings r on r.id = i.ring_id order by i.title, p.year`;
  expect(await rows(all)).toEqual([
    { title: "Fair", year: 2025, page_of: 7, ring: "Inner", ring_of: 7 },
    { title: "Fair", year: 2026, page_of: 7, ring: "Inner", ring_of: 7 },
    { title: "Sale", year: 2026, page_of: 7, ring: "Outer", ring_of: 7 },
  ]);
  expect((await engine.archive.recordPage(job, activities, { limit: 10 })).records).toEqual([]);
  await engine.undo(job.id, "ann");
  await workToEnd(engine, job.id);
  expect(await rows(all)).toEqual([]);
  expect(await rows("select wheel_id::int as wheel, name from rings order by id")).toEqual([
    { wheel: 7, name: "Inner" },
    { wheel: 8, name: "Outer" },
  ]);
});
