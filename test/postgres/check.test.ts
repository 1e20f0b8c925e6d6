/** What `sluice check` says of an importer and its table. */
import { expect, it } from "vitest";
import { defineImporter, field, type ImporterDefinition, leads } from "../../src/index.ts";
import { checkImporter } from "../../src/postgres/check.ts";
import { sql } from "../../src/postgres/connect.ts";
import { freshDatabase } from "../fresh-database.ts";

const fields = { email: field.email(), name: field.text({ column: "Full name" }) };

/** `[what, ddl, definition, findings]`: level and the message's beginning. */
const cases: [string, string, Partial<ImporterDefinition<typeof fields>>, [string, RegExp][]][] = [
  [
    "all is well",
    'create table people (id serial primary key, email text unique, "Full name" text)',
    {},
    [["ok", /every column/]],
  ],
  [
    "a unique index ignores case",
    'create table people (id serial primary key, email varchar(90), "Full name" text); create unique index on people (lower(email))',
    {},
    [["ok", /every/]],
  ],
  [
    "no index",
    'create table people (id serial primary key, email text, "Full name" text)',
    {},
    [
      ["ok", /every/],
      ["warning", /^no index on public\.people\.email/],
    ],
  ],
  [
    "an index that is not unique",
    'create table people (id serial primary key, email text, "Full name" text); create index on people (lower(email))',
    {},
    [
      ["ok", /every/],
      ["warning", /^no unique index on/],
    ],
  ],
  [
    "unique with another column",
    'create table people (id serial primary key, email text, "Full name" text, unique (email, "Full name"))',
    {},
    [
      ["ok", /every/],
      ["warning", /^no index on/],
    ],
  ],
  [
    "unique within the tenant",
    'create table people (id serial primary key, email text, "Full name" text, tenant text not null, unique (tenant, email))',
    { context: { tenant: {} } },
    [["ok", /every/]],
  ],
  [
    "a quoted name",
    'create table people (id serial primary key, email text, "Full name" text unique)',
    { match: { keys: ["name"] } },
    [["ok", /every/]],
  ],
  [
    "a column nobody feeds",
    'create table people (id serial primary key, email text unique, "Full name" text, age integer not null)',
    {},
    [["error", /people\.age must not be null and has no default, and no field of the importer "people" feeds it/]],
  ],
  [
    "a column missing",
    "create table people (id serial primary key, email text)",
    {},
    [
      ["error", /public\.people has no column Full name.*"people"/],
      ["warning", /^no index/],
    ],
  ],
  ["no table", "select 1", {}, [["error", /no table people/]]],
];

it("finds what does not fit, and what only a unique index could promise", async () => {
  const { database } = await freshDatabase();
  for (const [what, ddl, more, expected] of cases) {
    await database.query(sql`drop table if exists people`);
    await database.query(sql.raw(ddl));
    const importer = defineImporter({
      name: "people",
      fields,
      match: { keys: ["email"] },
      target: { table: "people" },
      ...more,
    });
    const findings = await checkImporter(database, importer);
    expect({ what, findings: findings.map(({ level, message }) => [level, message]) }).toEqual({
      what,
      findings: expected.map(([level, message]) => [level, expect.stringMatching(message)]),
    });
  }
});

it("warns that the leads' own keys are indexed and not unique", async () => {
  const { database } = await freshDatabase();
  const findings = await checkImporter(database, leads);
  expect(findings.map(({ level }) => level)).toEqual(["ok", "warning", "warning", "warning"]);
});
