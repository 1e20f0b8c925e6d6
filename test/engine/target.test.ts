/** Where records go: ids of any type, other schemas, defaults, generated columns, and what a target may leave out. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";

const contact = { email: field.email(), name: field.text() };

it("fills the caller's context and matches only within it", async () => {
  const tenant = "11111111-1111-1111-1111-111111111111";
  const other = "22222222-2222-2222-2222-222222222222";
  const importer = defineImporter({
    name: "contacts",
    fields: contact,
    match: { keys: ["email"] },
    context: { tenant: { column: "tenant_id", type: "uuid" } },
    target: { table: "contacts" },
  });
  const { importCsv, rows } = await openEngine(
    [importer],
    `create table contacts (id bigint generated always as identity primary key, email text, name text, tenant_id uuid not null, unique (tenant_id, email));
     insert into contacts (email, name, tenant_id) values ('a@x.fr', 'theirs', '${other}'), ('b@x.fr', 'mine', '${tenant}')`,
  );
  const text = "email,name\nA@x.fr,new\nB@x.fr,changed\n";
  expect(some((await importCsv(importer, text, { context: { tenant } })).counts)).toEqual({ created: 1, skipped: 1 });
  expect(some((await importCsv(importer, text, { context: { tenant }, strategy: "update" })).counts)).toEqual({
    updated: 1,
    unchanged: 1,
  });
  expect(await rows("select email, name, tenant_id from contacts order by id")).toEqual([
    { email: "a@x.fr", name: "theirs", tenant_id: other },
    { email: "b@x.fr", name: "changed", tenant_id: tenant },
    { email: "a@x.fr", name: "new", tenant_id: tenant },
  ]);
});

it.each([
  ["missing", {}, /needs the context value "tenant"/],
  ["of another type", { tenant: "acme" }, /context value "tenant".*"acme".*uuid/],
  [
    "one that the importer does not know",
    { tenant: "11111111-1111-1111-1111-111111111111", tenent: "x" },
    /no context value "tenent".*tenant/,
  ],
] as [string, Record<string, string>, RegExp][])(
  "refuses a context value that is %s, before any work",
  async (_what, context, message) => {
    const importer = defineImporter({
      name: "contacts",
      fields: contact,
      context: { tenant: { type: "uuid" } },
      target: { table: "contacts" },
    });
    const { create, rows } = await openEngine(
      [importer],
      "create table contacts (id serial primary key, email text, name text, tenant uuid)",
    );
    await expect(create(importer, "email\na@x.fr\n", { context })).rejects.toThrow(message);
    expect(await rows("select id from sluice.import_jobs")).toEqual([]);
  },
);

it.each([
  ["uuid", "uuid primary key default gen_random_uuid()", "'33333333-3333-3333-3333-333333333333'"],
  ["text", "text primary key default 'c' || nextval('numbers')::text", "'zzz'"],
  ["integer", "integer primary key default nextval('numbers')::integer", "1000"],
])("updates and creates records whose id is of type %s, in another schema", async (_type, idColumn, id) => {
  const importer = defineImporter({
    name: "contacts",
    fields: contact,
    match: { keys: ["email"], onDuplicate: "update" },
    target: { table: "crm.contacts", id: "key", updatedAt: "changed" },
    history: {
      table: "crm.events",
      record: "contact",
      event: "what",
      oldValues: "was",
      newValues: "is",
      job: "job",
      actor: "who",
    },
  });
  const { importCsv, rows } = await openEngine(
    [importer],
    `create schema crm; create sequence numbers;
     create table crm.contacts (key ${idColumn}, email text, name text, changed timestamptz);
     create table crm.events (contact text, what text, was jsonb, "is" jsonb, job bigint, who text);
     insert into crm.contacts (key, email, name) values (${id}, 'a@x.fr', 'old')`,
  );
  const { counts, job } = await importCsv(importer, "email,name\na@x.fr,new\nb@x.fr,b\nb@x.fr,bee\n", {
    createdBy: "anna",
  });
  expect(some(counts)).toEqual({ created: 1, updated: 2 });
  expect(job.target).toBe("crm.contacts");
  expect(await rows("select email, name, changed is not null as changed from crm.contacts order by email")).toEqual([
    { email: "a@x.fr", name: "new", changed: true },
    { email: "b@x.fr", name: "bee", changed: false },
  ]);
  const made = { what: "imported", was: null, is: null, job: job.id, who: "anna", known: true };
  expect(
    await rows(
      'select what, was, "is", job, who, contact in (select key::text from crm.contacts) as known from crm.events order by what',
    ),
  ).toEqual([made, { ...made, what: "updated", was: { name: "old" }, is: { name: "new" } }]);
});

it("needs neither history nor columns for the job and the time of the last change", async () => {
  const importer = defineImporter({
    name: "contacts",
    fields: contact,
    match: { keys: ["email"], onDuplicate: "update" },
    target: { table: "contacts" },
  });
  const { importCsv, rows } = await openEngine(
    [importer],
    "create table contacts (id serial primary key, email text, name text); insert into contacts (email, name) values ('a@x.fr', 'old')",
  );
  expect(some((await importCsv(importer, "email,name\na@x.fr,new\nb@x.fr,b\n")).counts)).toEqual({
    created: 1,
    updated: 1,
  });
  expect(await rows("select email, name from contacts order by id")).toEqual([
    { email: "a@x.fr", name: "new" },
    { email: "b@x.fr", name: "b" },
  ]);
});

it("gives a blank cell its column's default, and leaves generated columns to the database", async () => {
  const importer = defineImporter({
    name: "orders",
    fields: { code: field.text(), state: field.text(), amount: field.decimal(), note: field.text() },
    target: { table: "orders" },
  });
  const { importCsv, rows } = await openEngine(
    [importer],
    `create table orders (id serial primary key, code varchar(10), state text not null default 'open', amount numeric not null default 1 + 1,
       note text default null, double numeric generated always as (amount * 2) stored, made timestamptz not null default now())`,
  );
  expect(some((await importCsv(importer, "code,state,amount\nA,,\nB,paid,5\n")).counts)).toEqual({ created: 2 });
  expect(
    await rows(
      "select code, state, amount::text, note, double::text, made is not null as made from orders order by id",
    ),
  ).toEqual([
    { code: "A", state: "open", amount: "2", note: null, double: "4", made: true },
    { code: "B", state: "paid", amount: "5", note: null, double: "10", made: true },
  ]);
});

it("writes to tables and columns whose names are no plain words", async () => {
  const importer = defineImporter({
    name: "customers",
    fields: { email: field.email({ column: "eMail" }), first: field.text({ column: "First name" }) },
    match: { keys: ["email"], onDuplicate: "update" },
    target: { table: "Customer", id: "customerId", updatedAt: "updatedAt" },
  });
  const { importCsv, rows } = await openEngine(
    [importer],
    `create table "Customer" ("customerId" serial primary key, "eMail" varchar(50), "First name" text, "updatedAt" timestamptz);
     insert into "Customer" ("eMail", "First name") values ('A@x.fr', 'old')`,
  );
  expect(some((await importCsv(importer, "email,first\na@x.fr,new\nb@x.fr,b\n")).counts)).toEqual({
    created: 1,
    updated: 1,
  });
  expect(await rows('select "First name" as name from "Customer" order by 1')).toEqual([
    { name: "b" },
    { name: "new" },
  ]);
});

it("stores values in columns of a narrower or another type: enum, varchar, integer, timestamp, double", async () => {
  const importer = defineImporter({
    name: "things",
    fields: {
      mood: field.choice({ happy: ["Content"], sad: [] }),
      size: field.integer(),
      ratio: field.decimal(),
      at: field.datetime({ timeZone: "Europe/Paris" }),
      token: field.text(),
    },
    match: { keys: ["token"], onDuplicate: "update" },
    target: { table: "things" },
  });
  const { importCsv, rows, database } = await openEngine(
    [importer],
    `create type mood as enum ('happy', 'sad');
     create table things (id serial primary key, mood mood, size smallint, ratio double precision, at timestamp, token uuid unique)`,
  );
  const [{ name }] = await rows<{ name: string }>("select current_database() as name");
  await rows(`alter database ${name} set timezone to 'Asia/Tokyo'`);
  await Promise.all(
    Array.from({ length: 4 }, () =>
      database.query({ compile: () => ({ sql: "set timezone to 'Asia/Tokyo'", parameters: [] }) } as never),
    ),
  );
  const token = "44444444-4444-4444-4444-444444444444";
  expect(
    some(
      (await importCsv(importer, `mood,size,ratio,at,token\nContent,7,1.5,2026-01-15 10:30,${token.toUpperCase()}\n`))
        .counts,
    ),
  ).toEqual({ created: 1 });
  const stored = { mood: "happy", size: 7, ratio: 1.5, at: "2026-01-15 10:30:00", token };
  expect(await rows("select mood, size, ratio, at::text, token from things")).toEqual([stored]);
  expect(some((await importCsv(importer, `mood,size,token\nsad,7,${token}\n`)).counts)).toEqual({ updated: 1 });
  expect(await rows("select mood, size, ratio, at::text, token from things")).toEqual([{ ...stored, mood: "sad" }]);
});
