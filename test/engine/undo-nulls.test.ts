/** What an undo gives back where a record had nothing, or JSON's null, and where its id is not the usual one. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine, workToEnd } from "../open-engine.ts";

it.each([
  ["a jsonb column", "jsonb"],
  ["a json column", "json"],
])("tells a null of JSON from none in %s, updated or removed", async (_, type) => {
  const things = defineImporter({
    name: "things",
    fields: { code: field.text({ required: true }), doc: field.json() },
    match: { keys: ["code"], onDuplicate: "update" },
    target: { table: "things", absent: "delete" },
    modes: ["upsert", "mirror", "replace"],
    maxRemoval: 1,
  });
  const app = await openEngine(
    [things],
    `create table things (id serial primary key, code text unique, doc ${type}, other ${type});
     insert into things (code, doc, other) values ('none', null, 'null'), ('null', 'null', null), ('text', '"null"', '{"a": null}'), ('list', '[null]', '[]')`,
  );
  const all = "select id, code, doc::text, other::text from things order by id";
  const before = await app.rows(all);
  const text = ["none", "null", "text", "list"].map((code) => `${code};{"b":1}`).join("\n");
  for (const [mode, file] of [
    ["upsert", text],
    ["mirror", 'new;{"b":1}'],
    ["replace", `${text}\nnew;2`],
  ] as const) {
    const { job } = await app.importCsv(things, `code;doc\n${file}\n`, { mode });
    expect([mode, job.status]).toEqual([mode, "completed"]);
    expect(await app.rows(all)).not.toEqual(before);
    await app.engine.undo(job.id);
    await workToEnd(app.engine, job.id);
    expect(await app.rows(all)).toEqual(before);
  }
});

it.each(["jsonb", "json"])("a history and a dry run tell a null of JSON in a column of %s as it is", async (type) => {
  const things = defineImporter({
    name: "things",
    fields: { code: field.text({ required: true }), doc: field.json(), note: field.text() },
    match: { keys: ["code"], onDuplicate: "update" },
    target: { table: "things" },
    history: { table: "thing_history", record: "thing_id" },
  });
  const app = await openEngine(
    [things],
    `create table things (id serial primary key, code text unique, doc ${type}, note text);
     insert into things (code, doc, note) values ('a', 'null', 'sluice: whole'), ('b', '{"sluice: whole": 1}', 'was');
     create table thing_history (id serial primary key, thing_id int, event text, old_values jsonb, new_values jsonb, at timestamptz default now())`,
  );
  const job = await app.create(things, 'code;doc;note\na;{"b":1};is\nb;[null];sluice: whole\n');
  await app.engine.start(job.id);
  await workToEnd(app.engine, job.id);
  const { changes } = await app.engine.dryRun(job.id, { changes: true });
  const told = (from: string | null, to: string) => ({ field: "doc", from, to });
  expect(changes?.samples.map((sample) => sample.changes)).toEqual([
    expect.arrayContaining([told(null, '{"b": 1}'), { field: "note", from: "sluice: whole", to: "is" }]),
    expect.arrayContaining([
      told('{"sluice: whole": 1}', "[null]"),
      { field: "note", from: "was", to: "sluice: whole" },
    ]),
  ]);
  await app.engine.commit(job.id);
  await workToEnd(app.engine, job.id);
  await app.engine.undo(job.id);
  await workToEnd(app.engine, job.id);
  const a = [
    { doc: null, note: "sluice: whole" },
    { doc: { b: 1 }, note: "is" },
  ];
  const b = [
    { doc: { "sluice: whole": 1 }, note: "was" },
    { doc: [null], note: "sluice: whole" },
  ];
  expect(
    await app.rows("select event, old_values, new_values from thing_history order by event desc, thing_id"),
  ).toEqual([
    { event: "updated", old_values: a[0], new_values: a[1] },
    { event: "updated", old_values: b[0], new_values: b[1] },
    { event: "undone", old_values: a[1], new_values: a[0] },
    { event: "undone", old_values: b[1], new_values: b[0] },
  ]);
});

it.each([
  ["its second column", "note text, id uuid primary key default gen_random_uuid()", "id"],
  [
    "one of two in the primary key",
    "note text, id bigint generated always as identity unique, part int default 1, primary key (part, id)",
    "id",
  ],
  ["a date", "note text, id date primary key default '2026-01-01'::date + (random() * 100000)::int", "id"],
  ["a decimal", "note text, id numeric(20,4) primary key default random() * 1e9", "id"],
  [
    "a time with its zone",
    "note text, id timestamptz primary key default now() + random() * interval '1000 days'",
    "id",
  ],
  ["an address", "note text, id inet primary key default ('10.0.0.0'::inet + (random() * 1e6)::int)", "id"],
  ["of capitals and a blank", 'note text, "The Id" bigint generated always as identity primary key', "The Id"],
])("gives back records whose id is %s", async (_, columns, id) => {
  const things = defineImporter({
    name: "things",
    fields: { code: field.text({ required: true }), name: field.text() },
    match: { keys: ["code"], onDuplicate: "update" },
    target: { table: "things", id, absent: "delete" },
    modes: ["upsert", "mirror", "replace"],
    maxRemoval: 1,
  });
  const app = await openEngine(
    [things],
    `create table things (${columns}, code text unique, name text); insert into things (code, name) values ('a', 'old'), ('b', 'old'), ('c', 'old')`,
  );
  const before = await app.rows("select * from things order by code");
  for (const mode of ["upsert", "mirror", "replace"] as const) {
    const { job, counts } = await app.importCsv(things, "code;name\na;new\nb;new\nd;new\n", { mode });
    expect([mode, job.status, job.errorMessage]).toEqual([mode, "completed", null]);
    expect(counts).toMatchObject(mode === "replace" ? { created: 3 } : { created: 1, updated: 2 });
    await app.engine.undo(job.id);
    await workToEnd(app.engine, job.id);
    expect((await app.engine.imports.get(job.id)).status).toBe("undone");
    expect(await app.rows("select * from things order by code")).toEqual(before);
  }
});
