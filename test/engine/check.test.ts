/** What `sluice check` says is true: behind an error an import cannot go in, and without one its rows do. */
import { expect, it } from "vitest";
import { atLeastOne, defineImporter, type Field, field, type ImporterDefinition } from "../../src/index.ts";
import { checkImporter } from "../../src/postgres/check/check.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { openEngine } from "../open-engine.ts";

type Definition = Partial<ImporterDefinition<Record<string, Field>>>;
type Case = [what: string, ddl: string, definition: Definition, cells: Record<string, string>, says: RegExp | "fits"];

const a = (kind: Field): Definition => ({ fields: { a: kind } });
const column = (type: string): string => `create table things (id serial primary key, a ${type})`;
const history = "create table log (record_id integer, event text, old_values jsonb, new_values jsonb";
const keeping: Definition = { ...a(field.text()), history: { table: "log", record: "record_id" } };

const cases: Case[] = [
  ["text", column("text"), a(field.text()), { a: "x" }, "fits"],
  ["text in a domain", `create domain short as varchar(9); ${column("short")}`, a(field.text()), { a: "x" }, "fits"],
  ["text in a number", column("integer"), a(field.text()), { a: "7" }, "fits"],
  ["text in json", column("jsonb"), a(field.text()), { a: "{}" }, "fits"],
  ["text in an array", column("text[]"), a(field.text()), { a: "{x}" }, "fits"],
  [
    "a choice in an enum",
    `create type mood as enum ('ok'); ${column("mood")}`,
    a(field.choice({ ok: [] })),
    { a: "ok" },
    "fits",
  ],
  ["a list in an array", column("text[]"), a(field.list(field.text())), { a: "x" }, "fits"],
  ["a list in an array of another type", column("smallint[]"), a(field.list(field.integer())), { a: "1" }, "fits"],
  ["a list in jsonb", column("jsonb"), a(field.list(field.integer())), { a: "1" }, "fits"],
  [
    "a list of choices in an array of an enum",
    `create type mood as enum ('ok'); ${column("mood[]")}`,
    a(field.list(field.choice({ ok: [] }))),
    { a: "ok" },
    "fits",
  ],
  ["a list in text", column("text"), a(field.list(field.text())), { a: "x" }, /"a".* of kind list, .*of type text/],
  [
    "a list of days in an array of numbers",
    column("integer[]"),
    a(field.list(field.date())),
    { a: "2024-03-05" },
    /of type integer\[\]/,
  ],
  [
    "a list in what has elements and is no array",
    column("int2vector"),
    a(field.list(field.integer())),
    { a: "1" },
    /of type int2vector/,
  ],
  ["a UUID in a uuid", column("uuid"), a(field.uuid()), { a: "6f1c4b0e-8a57-4c6f-9d3c-2f0e6b1a9d55" }, "fits"],
  ["a UUID in a number", column("bigint"), a(field.uuid()), { a: "6f1c4b0e-8a57-4c6f-9d3c-2f0e6b1a9d55" }, /kind uuid/],
  ["a time in a time", column("time"), a(field.time()), { a: "9:30" }, "fits"],
  ["a time in a day", column("date"), a(field.time()), { a: "9:30" }, /kind time/],
  ["an address in a number", column("integer"), a(field.url()), { a: "www.example.com" }, /kind url/],
  ["an integer in text", column("text"), a(field.integer()), { a: "7" }, "fits"],
  ["an integer in a smallint", column("smallint"), a(field.integer()), { a: "7" }, "fits"],
  ["a decimal in money", column("money"), a(field.decimal()), { a: "7.5" }, "fits"],
  ["a moment in a day", column("date"), a(field.datetime()), { a: "2024-03-05 10:00" }, "fits"],
  ["yes and no in an integer", column("integer"), a(field.boolean()), { a: "yes" }, "fits"],
  ["a phone in a bigint", column("bigint"), a(field.phone()), { a: "+33612345678" }, "fits"],
  [
    "an integer in a boolean",
    column("boolean"),
    a(field.integer()),
    { a: "1" },
    /"a".* of kind integer, .*things\.a of type boolean/,
  ],
  ["an integer in a uuid", column("uuid"), a(field.integer()), { a: "1" }, /of type uuid/],
  ["an integer in json", column("jsonb"), a(field.integer()), { a: "1" }, /of type jsonb/],
  ["an integer in an array", column("integer[]"), a(field.integer()), { a: "1" }, /of type integer\[\]/],
  ["a day in an integer", column("integer"), a(field.date()), { a: "2024-03-05" }, /kind date/],
  ["yes and no in a day", column("date"), a(field.boolean()), { a: "yes" }, /kind boolean/],
  ["an e-mail in a number", column("integer"), a(field.email()), { a: "a@x.fr" }, /kind email/],
  ["a phone in a day", column("date"), a(field.phone()), { a: "+33612345678" }, /kind phone/],
  [
    "a key of another type",
    column("text"),
    { ...a(field.integer()), match: { keys: ["a"] } },
    { a: "7" },
    /Duplicates cannot be matched on "a"/,
  ],
  [
    "a key of text in a uuid",
    column("uuid"),
    { ...a(field.text()), match: { keys: ["a"] } },
    { a: "6f1c4b0e-8a57-4c6f-9d3c-2f0e6b1a9d55" },
    "fits",
  ],
  [
    "a column that nothing feeds",
    `create table things (id serial primary key, a text, b text not null)`,
    a(field.text()),
    { a: "x" },
    /things\.b must not be null/,
  ],
  [
    "a column that a trigger fills",
    `create table things (id serial primary key, a text, b text not null);
     create function fill() returns trigger language plpgsql as $$ begin new.b := 'b'; return new; end $$;
     create trigger fills before insert on things for each row execute function fill()`,
    a(field.text()),
    { a: "x" },
    "fits",
  ],
  [
    "a trigger that is switched off",
    `create table things (id serial primary key, a text, b text not null);
     create function fill() returns trigger language plpgsql as $$ begin new.b := 'b'; return new; end $$;
     create trigger fills before insert on things for each row execute function fill(); alter table things disable trigger fills`,
    a(field.text()),
    { a: "x" },
    /things\.b must not be null/,
  ],
  [
    "a column that its domain fills",
    `create domain d as text not null default 'x'; create table things (id serial primary key, a text, b d)`,
    a(field.text()),
    { a: "x" },
    "fits",
  ],
  [
    "a domain that is not null",
    `create domain d as text not null; create table things (id serial primary key, a text, b d)`,
    a(field.text()),
    { a: "x" },
    /things\.b must not be null/,
  ],
  [
    "an identity column",
    `create table things (id bigint generated always as identity primary key, a text)`,
    a(field.text()),
    { a: "x" },
    "fits",
  ],
  [
    "a generated column",
    `create table things (id serial primary key, b text, a text generated always as (b || 'x') stored)`,
    a(field.text()),
    { a: "x" },
    /things\.a is generated/,
  ],
  [
    "a view",
    `create table base (id serial primary key, a text); create view things as select id, a from base`,
    a(field.text()),
    { a: "x" },
    "fits",
  ],
  [
    "a rule for some new records",
    `${column("text")}; create rule bad as on insert to things where new.a = 'bad' do instead nothing`,
    a(field.text()),
    { a: "x" },
    /things has the rule bad on new records/,
  ],
  [
    "a rule that writes elsewhere too",
    `${column("text")}; create table log (a text); create rule logs as on insert to things do also insert into log values (new.a)`,
    a(field.text()),
    { a: "x" },
    /things has the rule logs on new records/,
  ],
  [
    "a view's rule that writes what it is made of",
    `create table base (id serial primary key, a text); create view things as select id, a from base;
     create rule makes as on insert to things do instead insert into base (a) values (new.a) returning id, a`,
    a(field.text()),
    { a: "x" },
    "fits",
  ],
  [
    "a partitioned table without partitions",
    `create table things (id serial primary key, a text) partition by hash (id)`,
    a(field.text()),
    { a: "x" },
    /things is partitioned and has no partition/,
  ],
  [
    "a view that takes nothing",
    `create table base (id serial primary key, a text); create view things as select max(id) as id, a from base group by a`,
    a(field.text()),
    { a: "x" },
    /does not accept new records/,
  ],
  [
    "a materialized view",
    `create table base (id serial primary key, a text); create materialized view things as select id, a from base`,
    a(field.text()),
    { a: "x" },
    /does not accept new records/,
  ],
  [
    "a partitioned table",
    `create table things (id serial, a text, primary key (id, a)) partition by list (a); create table things_x partition of things for values in ('x')`,
    a(field.text()),
    { a: "x" },
    "fits",
  ],
  [
    "context of another type",
    `create table things (id serial primary key, a text, tenant uuid)`,
    { ...a(field.text()), context: { tenant: {} } },
    { a: "x" },
    /"tenant".* is of type text, and public\.things\.tenant is uuid/,
  ],
  [
    "context in a wider type",
    `create table things (id serial primary key, a text, tenant bigint)`,
    { ...a(field.text()), context: { tenant: { type: "integer" } } },
    { a: "x" },
    "fits",
  ],
  [
    "the import's number in a uuid",
    `create table things (id serial primary key, a text, job uuid)`,
    { ...a(field.text()), target: { table: "things", job: "job" } },
    { a: "x" },
    /`target\.job`.*bigint.*uuid/,
  ],
  [
    "a reference",
    `create table firms (id serial primary key, name text); insert into firms (name) values ('x'); ${column("integer")}`,
    a(field.reference({ table: "firms", by: ["name"] })),
    { a: "x" },
    "fits",
  ],
  [
    "a reference to no table",
    column("integer"),
    a(field.reference({ table: "firms", by: ["name"] })),
    { a: "x" },
    /no table firms.*`fields\.a`/,
  ],
  [
    "a reference by no column",
    `create table firms (id serial primary key, title text); ${column("integer")}`,
    a(field.reference({ table: "firms", by: ["name"] })),
    { a: "x" },
    /firms has no column name/,
  ],
  [
    "a reference whose ids do not fit",
    `create table firms (id uuid default gen_random_uuid(), name text); insert into firms (name) values ('x'); ${column("integer")}`,
    a(field.reference({ table: "firms", by: ["name"] })),
    { a: "x" },
    /firms\.id of type uuid in public\.things\.a of type integer/,
  ],
  ["a history", `${column("text")}; ${history})`, keeping, { a: "x" }, "fits"],
  ["a history without a table", column("text"), keeping, { a: "x" }, /no table log.*`history`/],
  [
    "a history without its column",
    `${column("text")}; create table log (event text, old_values jsonb, new_values jsonb)`,
    keeping,
    { a: "x" },
    /log has no column record_id/,
  ],
  [
    "a history of other ids",
    `${column("text")}; create table log (record_id uuid, event text, old_values jsonb, new_values jsonb)`,
    keeping,
    { a: "x" },
    /`history\.record`.*uuid/,
  ],
  [
    "a history that demands more",
    `${column("text")}; ${history}, who text not null)`,
    keeping,
    { a: "x" },
    /log\.who must not be null/,
  ],
  [
    "a history that demands values before",
    `${column("text")}; create table log (record_id integer, event text, old_values jsonb not null, new_values jsonb)`,
    keeping,
    { a: "x" },
    /old_values must not be null/,
  ],
  [
    "a history that says what happened in an enum without it",
    `${column("text")}; create type event as enum ('made'); create table log (record_id integer, event event, old_values jsonb, new_values jsonb)`,
    keeping,
    { a: "x" },
    /`history\.event`.*log\.event of type event/,
  ],
  [
    "a history that says what happened in an enum that has it",
    `${column("text")}; create type event as enum ('imported'); create table log (record_id integer, event event, old_values jsonb, new_values jsonb)`,
    keeping,
    { a: "x" },
    "fits",
  ],
  [
    "a history that has no room for what happened",
    `${column("text")}; create table log (record_id integer, event varchar(3), old_values jsonb, new_values jsonb)`,
    keeping,
    { a: "x" },
    /log\.event of type character varying\(3\)/,
  ],
  [
    "a history that only Postgres fills",
    `${column("text")}; create table log (record_id integer generated always as identity, event text, old_values jsonb, new_values jsonb)`,
    keeping,
    { a: "x" },
    /writes to public\.log: cannot insert a non-DEFAULT value into column "record_id"/,
  ],
  [
    "the import's number in a column that only Postgres fills",
    `create table things (id serial primary key, a text, job bigint generated always as (1) stored)`,
    { ...a(field.text()), target: { table: "things", job: "job" } },
    { a: "x" },
    /writes to public\.things: cannot insert a non-DEFAULT value into column "job"/,
  ],
  [
    "context in a column that only Postgres fills",
    `create table things (id serial primary key, a text, tenant bigint generated always as identity)`,
    { ...a(field.text()), context: { tenant: { type: "bigint" } } },
    { a: "x" },
    /writes to public\.things: cannot insert a non-DEFAULT value into column "tenant"/,
  ],
  [
    "a rule that a column breaks which nothing fills",
    `create table things (id serial primary key, a text, b text check (b is not null))`,
    a(field.text()),
    { a: "x" },
    /The rule things_b_check of public\.things refuses every record/,
  ],
  [
    "a rule that a default breaks",
    `create domain d as integer check (value > 0); create table things (id serial primary key, a text, b d default 0)`,
    a(field.text()),
    { a: "x" },
    /The rule d_check of public\.things refuses every record/,
  ],
  [
    "a rule about a default, and about what numbers the records",
    `create table things (id serial primary key check (id > 0), a text, b integer default 1 check (b > 0), c date default current_date check (c <= current_date))`,
    a(field.text()),
    { a: "x" },
    "fits",
  ],
  [
    "a loader",
    column("text"),
    {
      ...a(field.text()),
      load: ({ rows, target }) =>
        `with made as (insert into ${target} (a) select a from ${rows} returning id, a) select r.row_no, 'created' as outcome, m.id as record_id from ${rows} r join made m on m.a = r.a`,
    },
    { a: "x" },
    "fits",
  ],
  [
    "a loader of no column",
    column("text"),
    { ...a(field.text()), load: ({ rows, target }) => `insert into ${target} (b) select a from ${rows}` },
    { a: "x" },
    /cannot run: column "b" of relation "things" does not exist/,
  ],
  [
    "a loader of two statements",
    column("text"),
    {
      ...a(field.text()),
      load: ({ rows }) => `select row_no, 'skipped' as outcome, null as record_id from ${rows}; drop table things`,
    },
    { a: "x" },
    /cannot run: cannot insert multiple commands/,
  ],
  [
    "a loader that tells nothing",
    column("text"),
    { ...a(field.text()), load: ({ rows }) => `select row_no from ${rows}` },
    { a: "x" },
    /returns no outcome/,
  ],
  [
    "a loader that throws",
    column("text"),
    {
      ...a(field.text()),
      load: () => {
        throw new Error("no such luck");
      },
    },
    { a: "x" },
    /cannot run: no such luck/,
  ],
  [
    "a loader of several statements",
    column("text"),
    {
      ...a(field.text()),
      load: async ({ rows, outcomes }, db) => {
        await db.query(`insert into things (a) select a from ${rows}`);
        await db.query(`insert into ${outcomes} (row_no, outcome) select row_no, 'created' from ${rows}`);
      },
    },
    { a: "x" },
    "fits",
  ],
  [
    "a loader of several statements, one of which names no column",
    column("text"),
    {
      ...a(field.text()),
      load: async ({ rows }, db) => {
        await db.query(`insert into things (b) select a from ${rows}`);
      },
    },
    { a: "x" },
    /column "b" of relation "things" does not exist/,
  ],
];

it.each(cases)("is right about %s", async (_what, ddl, definition, cells, says) => {
  const importer = defineImporter({ name: "things", fields: {}, target: { table: "things" }, ...definition });
  const opened = await openEngine([importer], ddl);
  const findings = await checkImporter(opened.database, importer);
  const errors = findings.filter(({ level }) => level === "error").map(({ message }) => message);
  const context = Object.fromEntries(Object.keys(importer.context ?? {}).map((name) => [name, "1"]));
  const csv = `${Object.keys(cells).join(";")}\n${Object.values(cells).join(";")}\n`;
  if (says === "fits") {
    expect(errors).toEqual([]);
    const { counts } = await opened.importCsv(importer, csv, { context });
    expect(counts).toMatchObject({ created: 1 });
    return;
  }
  expect(errors).toEqual([expect.stringMatching(says)]);
  await expect(opened.importCsv(importer, csv, { context })).rejects.toThrow(says);
  // And it is no false alarm: without the look before, the row does not go in.
  opened.engine.prepareTarget = async () => "public.things";
  const outcome = await opened.importCsv(importer, csv, { context }).then(
    ({ job, counts }) => ({ status: job.status, created: counts.created }),
    (error: Error) => ({ thrown: error.message, created: 0 }),
  );
  expect(outcome).toMatchObject({ created: 0 });
});

it("leaves alone what a check may not touch", async () => {
  const importer = defineImporter({
    name: "things",
    fields: { a: field.text(), b: field.text() },
    checks: [atLeastOne("a", "b")],
    target: { table: "things" },
    load: ({ rows, target }) =>
      `insert into ${target} (a) select 'touched' from ${rows} returning 1 as row_no, 'created' as outcome`,
  });
  const { database, rows } = await openEngine(
    [importer],
    `create table things (id serial primary key, a text, b text); insert into things (a) values ('before')`,
  );
  const levels = (await checkImporter(database, importer)).map(({ level }) => level);
  expect(levels).toEqual(["ok"]);
  expect(await rows("select a from things")).toEqual([{ a: "before" }]);
});

it.each([
  ["an importer", {}],
  [
    "a loader of one statement",
    {
      load: ({ rows, target }) =>
        `with made as (insert into ${target} (a) select a from ${rows}) select row_no, 'created' as outcome from ${rows}`,
    },
  ],
  [
    "a loader of several statements",
    {
      load: async ({ rows, target }, db) => {
        await db.query(`insert into ${target} (a) select a from ${rows}`);
      },
    },
  ],
] as [string, Pick<Definition, "load">][])(
  "does not wait for whoever has locked the table of %s",
  async (_, definition) => {
    const importer = defineImporter({
      ...definition,
      name: "things",
      fields: { a: field.text() },
      target: { table: "things" },
    });
    const { database } = await openEngine([importer], column("text"));
    const report = await database.transaction(async (session) => {
      // As `create index` and vacuum full do; what reads is let in.
      await session.query(sql`lock table things in share row exclusive mode`);
      return checkImporter(database, importer);
    });
    expect(JSON.stringify(report)).not.toMatch(/lock timeout/);
  },
);
