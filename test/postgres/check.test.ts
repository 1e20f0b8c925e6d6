/** What `sluice check` says of an importer and its table. */
import { expect, it } from "vitest";
import { defineImporter, type Field, field, type ImporterDefinition, leads } from "../../src/index.ts";
import { checkImporter } from "../../src/postgres/check/check.ts";
import { sql } from "../../src/postgres/connection/session.ts";
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
    [["error", /people\.age must not be null and has no default, but no field of the importer "people" feeds it/]],
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

/** `[field, type, level, what the finding says]` */
const misfits: [Field, string, "error" | "warning" | "ok", RegExp?][] = [
  [
    field.boolean(),
    "char(1)",
    "error",
    /is of kind boolean, which does not fit public\.misfit_\d+\.value of type character\(1\)/,
  ],
  [field.boolean(), "varchar(3)", "error", /which does not fit/],
  [field.boolean(), "varchar(4)", "warning", /values of more than 4 characters are refused row by row/],
  [field.boolean(), "varchar(5)", "ok"],
  [
    field.integer(),
    "bit(8)",
    "error",
    /is of kind integer, which does not fit public\.misfit_\d+\.value of type bit\(8\)/,
  ],
  [field.list(field.integer()), "bit(8)[]", "error", /which does not fit/],
  [field.list(field.boolean()), "char(1)[]", "error", /which does not fit/],
  [field.date(), "varchar(8)", "error", /which does not fit/],
  [field.date(), "varchar(10)", "ok"],
  [field.uuid(), "char(32)", "error", /which does not fit/],
  [field.integer(), "varchar(1)", "ok"],
  [field.decimal(), "integer", "warning", /numbers with decimals are refused row by row/],
];

it("looks whether values of a kind fit a column at all", async () => {
  const { database } = await freshDatabase();
  for (const [k, [value, type, level, says = /./]] of misfits.entries()) {
    const table = `misfit_${k}`;
    await database.query(sql.raw(`create table ${table} (id serial primary key, value ${type})`));
    const found = await checkImporter(
      database,
      defineImporter({ name: "misfits", fields: { value }, target: { table } }),
    );
    const [first] = found.toSorted((one, other) => Number(one.level === "ok") - Number(other.level === "ok"));
    expect(first).toEqual({ importer: "misfits", level, message: expect.stringMatching(says) });
  }
});

/** `[what, ddl, table that refers and lacks an index]` */
const referring: [string, string, string[]][] = [
  ["with an index", "create table calls (person integer references people); create index on calls (person)", []],
  ["as a primary key", "create table calls (person integer primary key references people)", []],
  ["by a hash", "create table calls (person integer references people); create index on calls using hash (person)", []],
  [
    "with an index that spares blanks",
    "create table calls (person integer references people); create index on calls (person) where person is not null",
    [],
  ],
  [
    "with the tenant before it",
    "create table calls (tenant text, person integer, foreign key (tenant, person) references people (tenant, id)); create index on calls (tenant, person)",
    [],
  ],
  [
    "without the tenant, which tells nothing",
    "create table calls (tenant text, person integer, foreign key (tenant, person) references people (tenant, id)); create index on calls (person, tenant); create table mails (tenant text, person integer, foreign key (tenant, person) references people (tenant, id)); create index on mails (person)",
    [],
  ],
  [
    "by the tenant alone",
    "create table calls (tenant text, person integer, foreign key (tenant, person) references people (tenant, id)); create index on calls (tenant)",
    ["calls.tenant, person"],
  ],
  [
    "none",
    "create table calls (person integer references people); create table mails (by integer references people on delete cascade)",
    ["calls.person", "mails.by"],
  ],
  [
    "one that begins otherwise, one over an expression, one over some rows, one of ranges",
    `create table calls (id serial, person integer references people); create index on calls (id, person); create index on calls ((person + 1));
     create index on calls (person) where id > 7; create index on calls using brin (person)`,
    ["calls.person"],
  ],
  [
    "one that only holds the column beside its key",
    "create table calls (id serial, person integer references people); create index on calls (id) include (person)",
    ["calls.person"],
  ],
  [
    "a partitioned one",
    "create table calls (person integer references people) partition by list (person); create table calls_one partition of calls for values in (1)",
    ["calls.person"],
  ],
  ["itself", "alter table people add parent integer references people", ["people.parent"]],
  [
    "the history, and what refers to it",
    "create table log (id serial primary key, person integer references people on delete cascade); create table notes (log integer references log on delete cascade)",
    ["log.person", "notes.log"],
  ],
  [
    "the history that refers to nothing",
    "create table log (id serial primary key); create table notes (log integer references log)",
    [],
  ],
];

it.each(referring)("says which foreign keys make an undo read whole tables: %s", async (_what, ddl, missing) => {
  const { database } = await freshDatabase();
  await database.query(
    sql.raw(
      `create table people (id serial primary key, email text, "Full name" text, tenant text, unique (tenant, email), unique (tenant, id)); ${ddl}`,
    ),
  );
  const importer = defineImporter({
    name: "people",
    fields,
    context: { tenant: {} },
    match: { keys: ["email"] },
    target: { table: "people" },
    ...(ddl.includes("table log") && { history: { table: "log", record: "person" } }),
  });
  const findings = await checkImporter(database, importer);
  const found = findings.flatMap(
    ({ message }) => /^no index on public\.(.*?), a foreign key/.exec(message)?.slice(1) ?? [],
  );
  expect(found).toEqual(missing);
  // And its advice is one that helps.
  for (const { message } of findings) {
    const advised = /Say: (create index .*)$/.exec(message);
    if (advised !== null) await database.query(sql.raw(advised[1]));
  }
  expect((await checkImporter(database, importer)).filter(({ message }) => message.includes("a foreign key"))).toEqual(
    [],
  );
});

/** `[what, ddl of the orders that lines point at, the field, what the warning says]` */
const ways: [string, string, Parameters<typeof field.integer>[0], RegExp | null][] = [
  ["with the tenant", "create table orders (id serial primary key, tenant text)", {}, null],
  ["of everybody", "create table orders (id serial primary key)", {}, null],
  [
    "of customers with a tenant",
    "create table customers (id serial primary key, tenant text); create table orders (id serial primary key, customer integer references customers)",
    {},
    /"order" takes any id of public\.orders, which has no column tenant.*public\.customers/,
  ],
  [
    "two steps from the tenant, in a circle",
    `create table customers (id serial primary key, tenant text); create table baskets (id serial primary key, customer integer references customers);
     create table orders (id serial primary key, basket integer references baskets); alter table baskets add last integer references orders`,
    {},
    /public\.customers/,
  ],
  [
    "of customers with a tenant, and shared",
    "create table customers (id serial primary key, tenant text); create table orders (id serial primary key, customer integer references customers)",
    { shared: true },
    null,
  ],
];

it.each(ways)(
  "warns of ids that the context bounds only by a longer way: orders %s",
  async (_what, ddl, options, says) => {
    const { database } = await freshDatabase();
    await database.query(
      sql.raw(
        `${ddl}; create table lines (id serial primary key, tenant text, "order" integer references orders); create index on lines ("order")`,
      ),
    );
    const importer = defineImporter({
      name: "lines",
      fields: { order: field.integer(options) },
      context: { tenant: {} },
      target: { table: "lines" },
    });
    const warnings = (await checkImporter(database, importer)).filter(({ level }) => level !== "ok");
    expect(warnings).toEqual(
      says === null ? [] : [{ importer: "lines", level: "warning", message: expect.stringMatching(says) }],
    );
  },
);

it("warns of a longer way for one field of a key, not where the key has the tenant itself", async () => {
  const { database } = await freshDatabase();
  await database.query(sql`
    create table customers (id serial primary key, tenant text);
    create table orders (id serial primary key, customer integer references customers, owner text, unique (owner, id));
    create table lines (id serial primary key, tenant text, "order" integer, foreign key (tenant, "order") references orders (owner, id))
  `);
  const importer = defineImporter({
    name: "lines",
    fields: { order: field.integer() },
    context: { tenant: {} },
    target: { table: "lines" },
  });
  expect((await checkImporter(database, importer)).map(({ level }) => level)).toEqual(["ok"]);
});

it("warns that the leads' own keys are indexed and not unique", async () => {
  const { database } = await freshDatabase();
  const findings = await checkImporter(database, leads);
  expect(findings.map(({ level }) => level)).toEqual(["ok", "warning", "warning", "warning"]);
});
