/** What the target's own rules demand of a record: found set-based, row by row where they must be, and never in silence. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";

const ddl = `
  create table groups (code text primary key); insert into groups values ('G1');
  create table items (
    id bigint generated always as identity primary key,
    email text, name text not null, short varchar(3), small smallint, price numeric(5,2), low numeric check (low >= 0),
    group_code text references groups, code text unique, from_day date, to_day date, check (from_day <= to_day)
  )`;
const items = defineImporter({
  name: "items",
  fields: {
    email: field.email(),
    name: field.text(),
    short: field.text(),
    small: field.integer(),
    price: field.decimal(),
    low: field.decimal(),
    group: field.text({ column: "group_code" }),
    code: field.text(),
    from_day: field.date(),
    to_day: field.date(),
  },
  match: { keys: ["email"] },
  target: { table: "items" },
});
const header = "email,name,short,small,price,low,group,code,from_day,to_day\n";
const map = ["email", "name", "short", "small", "price", "low", "group", "code", "from_day", "to_day"].map((name) => ({
  column: name,
  field: name,
}));

it.each(["skip", "update", "create"] as const)(
  "with %s, names the field and the rule of each row that breaks one",
  async (strategy) => {
    const { importCsv, rows } = await openEngine(
      [items],
      `${ddl}; insert into items (email, name, code) values ('old@x.fr', 'old', 'C0')`,
    );
    const text = `${header}1@x.fr,ok,abc,1,999.99,0,G1,C1,2026-01-01,2026-01-02
2@x.fr,,,,,,,,,
3@x.fr,n,abcd,,,,,,,
4@x.fr,n,,40000,,,,,,
5@x.fr,n,,,1000,,,,,
6@x.fr,n,,,,-1,,,,
7@x.fr,n,,,,,G2,,,
8@x.fr,n,,,,,,C0,,
9@x.fr,n,,,,,,C1,,
10@x.fr,n,,,,,,,2026-01-03,2026-01-02
11@x.fr,fine,,,,,,,,
`;
    const { counts, issues, rows: kept } = await importCsv(items, text, { strategy, map });
    expect(some(counts)).toEqual({ created: 2, invalid: 9 });
    expect(issues).toEqual([
      [3, "name", "database_not_null"],
      [4, "short", "database_too_long"],
      [5, "small", "database_out_of_range"],
      [6, "price", "database_out_of_range"],
      [7, "low", "database_check"],
      [8, "group", "database_foreign_key"],
      [9, "code", "database_unique"],
      [10, "code", "database_unique"],
      [11, null, "database_check"],
    ]);
    expect(kept[5].issues[0].p).toEqual({ table: "public.groups" });
    expect(await rows("select name from items where email <> 'old@x.fr' order by id")).toEqual([
      { name: "ok" },
      { name: "fine" },
    ]);
  },
);

it("does not demand of an update what its record already has", async () => {
  const { importCsv, rows } = await openEngine(
    [items],
    `${ddl}; insert into items (email, name, from_day) values ('a@x.fr', 'Anna', '2026-01-01')`,
  );
  const { counts, issues } = await importCsv(
    items,
    "email,name,short\na@x.fr,,x\nb@x.fr,,y\nc@x.fr,,z\nc@x.fr,Cy,\nd@x.fr,,\nD@x.fr,,w\n",
    { strategy: "update" },
  );
  expect({ counts: some(counts), issues }).toEqual({
    counts: { created: 1, updated: 2, invalid: 3 },
    issues: [
      [3, "name", "database_not_null"],
      [6, "name", "database_not_null"],
      [7, "name", "database_not_null"],
    ],
  });
  expect(await rows("select email, name, short from items order by email")).toEqual([
    { email: "a@x.fr", name: "Anna", short: "x" },
    { email: "c@x.fr", name: "Cy", short: "z" },
  ]);
});

it.each(["overwrite", "fill"] as const)(
  "refuses decimals that a whole number would round, with the rule %s",
  async (merge) => {
    const importer = defineImporter({
      name: "stocks",
      fields: { code: field.text(), n: field.decimal({ merge }), ns: field.list(field.decimal(), { separator: ";" }) },
      match: { keys: ["code"], onDuplicate: "update" },
      target: { table: "stocks" },
    });
    const { importCsv, dryRun, rows } = await openEngine(
      [importer],
      "create table stocks (id serial primary key, code text, n integer, ns bigint[]); insert into stocks (code, n) values ('old', 1), ('blank', null)",
    );
    const text =
      "code,n,ns\na,1.5,\nb,2.0,1;2.0\nc,,1;2.5\nold,2.5,\nblank,3.5,\nd,3000000000,\ne,,9223372036854775808\nf,-2.00,\n";
    const foretold = await dryRun(importer, text);
    const { counts, issues } = await importCsv(importer, text);
    expect([some(counts), foretold.counts]).toEqual([{ created: 2, invalid: 6 }, counts]);
    expect(issues).toEqual(
      [2, 4, 5, 6, 7, 8].map((row) => [row, row === 4 || row === 8 ? "ns" : "n", "database_out_of_range"]),
    );
    expect(await rows("select code, n, ns::text from stocks order by id")).toEqual([
      { code: "old", n: 1, ns: null },
      { code: "blank", n: null, ns: null },
      { code: "b", n: 2, ns: "{1,2}" },
      { code: "f", n: -2, ns: null },
    ]);
  },
);

it.each(["skip", "update"] as const)(
  "with %s, a row that repeats another breaks no unique rule with what it repeats",
  async (strategy) => {
    const { importCsv } = await openEngine(
      [items],
      `${ddl}; insert into items (email, name, code) values ('a@x.fr', 'Anna', 'C1')`,
    );
    const { counts, issues } = await importCsv(items, "email,name,code\na@x.fr,Anna,C1\nb@x.fr,Bo,C2\nB@x.fr,Bo,C2\n", {
      strategy,
    });
    expect(some(counts)).toEqual(strategy === "skip" ? { created: 1, skipped: 2 } : { created: 1, unchanged: 2 });
    expect(issues.map(([, , code]) => code).sort()).toEqual(
      strategy === "skip" ? ["duplicate_in_file", "duplicate_in_table"] : [],
    );
  },
);

/** Rights of a role that may write records and not look at what they point at. */
const pointing = `create table groups (code text primary key, tenant text); insert into groups values ('G1', 'a');
  create table items (id serial primary key, tenant text, code text, group_code text references groups)`;
const rights = "grant select, insert, update on items to app; grant usage on sequence items_id_seq to app;";

it("leaves a foreign key to the database where its table may not be read", async () => {
  const importer = defineImporter({
    name: "items",
    fields: { code: field.text(), group: field.text({ column: "group_code" }) },
    match: { keys: ["code"] },
    target: { table: "items" },
  });
  const { importCsv, dryRun } = await openEngine([importer], pointing, { grants: rights });
  const text = "code,group\na,G1\nb,G2\nc,\n";
  const foretold = await dryRun(importer, text);
  const { counts, issues } = await importCsv(importer, text);
  expect([some(counts), foretold.counts]).toEqual([{ created: 2, failed: 1 }, counts]);
  expect(issues).toEqual([[3, null, "database_foreign_key"]]);
});

it("isolates rows that only the database can judge, and imports the rest", async () => {
  const trigger = `create function picky() returns trigger language plpgsql as $$ begin
      if new.name like 'bad%' then raise exception 'no % here', new.name; end if; return new; end $$;
    create trigger picky before insert on items for each row execute function picky()`;
  const { importCsv, rows } = await openEngine([items], `${ddl}; ${trigger}`);
  const names = Array.from({ length: 1000 }, (_, k) => ([17, 500, 999].includes(k) ? `bad${k}` : `n${k}`));
  const { counts, issues, rows: kept, job } = await importCsv(items, `name\n${names.join("\n")}\n`);
  expect({ counts: some(counts), issues }).toEqual({
    counts: { created: 997, failed: 3 },
    issues: [19, 502, 1001].map((row) => [row, null, "database_rejected"]),
  });
  expect(kept[0].issues[0].p).toEqual({ message: "no bad17 here" });
  expect(job.rejectedRowsPath).toMatch(/import-1-rejected\.csv$/);
  expect(await rows("select count(*)::int as n from items")).toEqual([{ n: 997 }]);
});

it("pauses with the database's message when every row is refused, and goes on when that is mended", async () => {
  const refuse =
    "create function refuse() returns trigger language plpgsql as $$ begin raise exception 'closed today'; end $$; create trigger refuse before insert on items for each row execute function refuse()";
  const { importCsv, engine, outcomeOf, rows } = await openEngine([items], `${ddl}; ${refuse}`);
  const { job } = await importCsv(items, `name\n${Array.from({ length: 300 }, (_, k) => `n${k}`).join("\n")}\n`);
  expect(job).toMatchObject({
    status: "paused",
    errorMessage: expect.stringMatching(/rejects more than 100 rows of one chunk: closed today/),
  });
  expect(await rows("select count(*)::int as n from items")).toEqual([{ n: 0 }]);
  await rows("drop trigger refuse on items");
  await engine.resume(job.id);
  await engine.work(job.id);
  const after = await outcomeOf(job.id);
  expect({ status: after.job.status, counts: some(after.counts) }).toEqual({
    status: "completed",
    counts: { created: 300 },
  });
});

it("names a primary key that the file repeats as invalid rows", async () => {
  const importer = defineImporter({
    name: "groups",
    fields: { code: field.text() },
    target: { table: "groups", id: "code" },
  });
  const { importCsv } = await openEngine([importer], ddl);
  const text = `code\nG1\nG2\nG2\n\n${Array.from({ length: 150 }, () => "G3").join("\n")}\n`;
  const { counts, issueCounts } = await importCsv(importer, text);
  expect(some(counts)).toEqual({ created: 2, invalid: 151 });
  expect(issueCounts).toEqual([{ field: "code", code: "database_unique", count: 151 }]);
});
