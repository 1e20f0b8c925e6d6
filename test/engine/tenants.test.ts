/** One tenant's import never reaches another tenant's records: by what they are called, by their ids, or by their owners. */
import { expect, it } from "vitest";
import type { Assignment } from "../../src/core/assignment.ts";
import { defineImporter, type Field, field } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";

const ddl = `
  create table companies (id serial primary key, tenant_id integer not null, name text not null);
  create table branches (id serial primary key, org_id integer not null, name text not null);
  create table countries (id serial primary key, code text not null);
  create table people (id serial primary key, org_id integer not null, mail text not null);
  create table contacts (id serial primary key, tenant_id integer not null, email text, company_id integer references companies,
    branch_id integer references branches, country_id integer references countries, owner_id integer references people);
  insert into companies (tenant_id, name) values (1, 'Acme'), (2, 'Acme'), (2, 'Globex');
  insert into branches (org_id, name) values (1, 'North'), (2, 'North'), (2, 'South');
  insert into countries (code) values ('FR');
  insert into people (org_id, mail) values (1, 'anna@x.fr'), (2, 'anna@x.fr'), (2, 'bo@x.fr')`;

const contacts = defineImporter({
  name: "contacts",
  context: { tenant_id: { type: "integer" } },
  fields: {
    email: field.email(),
    company: field.reference({ column: "company_id", table: "companies", by: ["name"], context: ["tenant_id"] }),
    branch: field.reference({ column: "branch_id", table: "branches", by: ["name"], context: { tenant_id: "org_id" } }),
    country: field.reference({ column: "country_id", table: "countries", by: ["code"], shared: true }),
  },
  match: { keys: ["email"], onDuplicate: "update" },
  assign: { column: "owner_id", table: "people", by: ["mail"], context: { tenant_id: "org_id" } },
  target: { table: "contacts" },
});

it("links the tenant's own records, and knows no others", async () => {
  const { importCsv, dryRun, rows } = await openEngine([contacts], ddl);
  const text = "email,company,branch,country\na@x.fr,Acme,North,FR\nb@x.fr,Globex,,\nc@x.fr,,South,\n";
  const context = { tenant_id: "1" };
  expect(some((await dryRun(contacts, text, { context })).counts)).toEqual({ created: 1, invalid: 2 });
  const one = await importCsv(contacts, text, { context });
  expect(some(one.counts)).toEqual({ created: 1, invalid: 2 });
  expect(one.issues).toEqual([
    [3, "company", "reference_unknown"],
    [4, "branch", "reference_unknown"],
  ]);
  const two = await importCsv(contacts, text, { context: { tenant_id: "2" } });
  expect(some(two.counts)).toEqual({ created: 3 });
  expect(
    await rows("select tenant_id, email, company_id, branch_id, country_id from contacts order by tenant_id, email"),
  ).toEqual([
    { tenant_id: 1, email: "a@x.fr", company_id: 1, branch_id: 1, country_id: 1 },
    { tenant_id: 2, email: "a@x.fr", company_id: 2, branch_id: 2, country_id: 1 },
    { tenant_id: 2, email: "b@x.fr", company_id: 3, branch_id: null, country_id: null },
    { tenant_id: 2, email: "c@x.fr", company_id: null, branch_id: 3, country_id: null },
  ]);
});

it("finds and lists the tenant's own owners alone, by name and by id", async () => {
  const { engine } = await openEngine([contacts], ddl);
  const { owners } = engine;
  const of = (tenant: string) => ({ context: { tenant_id: tenant }, jobId: null, createdBy: "anna" });
  const find = (tenant: string) => owners.find(contacts, ["ANNA@x.fr", "bo@x.fr", "1", "3"], of(tenant));
  expect([await find("1"), await find("2")]).toEqual([
    ["1", null, "1", null],
    ["2", "3", null, "3"],
  ]);
  const listed = await owners.search(contacts, { limit: 10 }, of("1"));
  expect(listed.map(({ id }) => id)).toEqual(["1"]);
  const asked = await owners.search(contacts, { ids: ["1", "2", "3"], limit: 10 }, of("2"));
  expect(asked.map(({ id }) => id)).toEqual(["2", "3"]);
});

it.each<[string, Assignment]>([
  ["one owner", { mode: "single", owner: "3" }],
  [
    "owners in turn",
    {
      mode: "round-robin",
      owners: [
        { owner: "1", weight: 1 },
        { owner: "3", weight: 1 },
      ],
    },
  ],
  ["the owner of blanks", { mode: "column", column: "owner", fallback: "3" }],
  ["the owner of a word", { mode: "column", column: "owner", values: { somebody: "3" } }],
])("gives no record to another tenant's person as %s, whoever chose them", async (_what, assignment) => {
  const { create, engine, importCsv, rows } = await openEngine([contacts], ddl);
  const text = "email,owner\na@x.fr,anna@x.fr\n";
  const refusal = /assigns records to owners who are not in people for its context: "3"/;
  // A colleague when they were chosen, they have gone to another tenant since.
  const goTo = (tenant: number) => rows(`update people set org_id = ${tenant} where id = 3`);
  const options = { context: { tenant_id: "1" }, assignment };
  await expect(importCsv(contacts, text, options)).rejects.toThrow('people has no owner called "3"');
  await goTo(1);
  const beforeCommit = async (): Promise<void> => void (await goTo(2));
  await expect(importCsv(contacts, text, { ...options, beforeCommit })).rejects.toThrow(refusal);
  await goTo(1);
  const job = await create(contacts, text, { ...options, dryRun: true });
  await goTo(2);
  await engine.start(job.id);
  while ((await engine.work(job.id)) !== "done");
  await expect(engine.dryRun(job.id)).rejects.toThrow(refusal);
  expect(await rows("select id from contacts")).toEqual([]);
});

it("shows of an import's records those that are still its tenant's", async () => {
  const { engine, importCsv, rows } = await openEngine([contacts], ddl);
  const { job } = await importCsv(contacts, "email\na@x.fr\nb@x.fr\n", { context: { tenant_id: "1" } });
  await rows("update contacts set tenant_id = 2, company_id = 2 where email = 'a@x.fr'");
  const page = await engine.archive.recordPage(job, contacts, { limit: 10 });
  expect([page.records.map(({ values }) => values[1]), page.gone]).toEqual([["b@x.fr"], 1]);
  const exported: (string | null)[][] = [];
  for await (const some of engine.archive.records(job, contacts)) exported.push(...some);
  expect(exported.map((values) => values[1])).toEqual(["b@x.fr"]);
});

/** Every way by which a file's own ids may reach another tenant's records. */
const idTables = `
  create table companies (id serial primary key, tenant_id integer not null, code text unique, key uuid unique, unique (tenant_id, code));
  create table branches (id bigserial primary key, org_id integer not null);
  create table stands (a integer, b integer, tenant_id integer not null, primary key (a, b));
  create table plans (id integer primary key, tenant_id integer not null);
  create table contacts (id serial primary key, tenant_id integer not null, email text, name text,
    company_id integer references companies, company_key uuid references companies (key), company_code varchar(9) references companies (code),
    branch_id bigint references branches, own_code text, foreign key (tenant_id, own_code) references companies (tenant_id, code),
    a integer, b integer, foreign key (a, b) references stands, parent_id integer references contacts, plan_id integer references plans);
  insert into companies (id, tenant_id, code, key) values
    (11, 1, 'one', '00000000-0000-0000-0000-000000000001'), (12, 2, 'two', '00000000-0000-0000-0000-000000000002');
  insert into branches (id, org_id) values (11, 1), (12, 2);
  insert into stands (a, b, tenant_id) values (1, 1, 1), (1, 2, 2);
  insert into plans (id, tenant_id) values (7, 2);
  insert into contacts (id, tenant_id, email) values (101, 1, 'p1@x.fr'), (102, 2, 'p2@x.fr')`;
const key = (n: number) => `00000000-0000-0000-0000-00000000000${n}`;

const byIds = defineImporter({
  name: "by-ids",
  context: { tenant_id: { type: "integer" } },
  fields: {
    email: field.email(),
    company_id: field.integer({ merge: "fill" }),
    company_key: field.text(),
    company_code: field.text(),
    branch_id: field.text({ context: { tenant_id: "org_id" } }),
    own_code: field.text(),
    a: field.integer(),
    b: field.decimal(),
    parent_id: field.decimal(),
    plan_id: field.integer({ shared: true }),
  },
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "contacts" },
});

/** `[columns, what tenant 1 may point at, what is tenant 2's, what nobody has]` */
const ways: [string, string, string, string][] = [
  ["company_id", "11", "12", "99"],
  ["company_key", key(1), key(2), key(9)],
  ["company_key", key(1).toUpperCase(), key(2).replaceAll("-", ""), "nonsense"],
  ["company_code", "one", "two", "nine"],
  ["branch_id", "11", "12", "99"],
  ["branch_id", "+11", "0012", "9e9"],
  ["own_code", "one", "two", "nine"],
  ["a,b", "1,1", "1,2", "9,9"],
  ["parent_id", "101", "102", "999"],
];

it.each(ways)(
  "points by %s = %s at the tenant's own records, not by %s at another's",
  async (columns, mine, theirs, nobodys) => {
    const { importCsv, dryRun, rows } = await openEngine([byIds], idTables);
    const context = { tenant_id: "1" };
    const text = `email,${columns}\na@x.fr,${mine}\nb@x.fr,${theirs}\nc@x.fr,${nobodys}\np1@x.fr,${theirs}\nd@x.fr,${columns.replaceAll(/\w+/g, "")}\n`;
    const map = ["email", ...columns.split(",")].map((each) => ({ column: each, field: each }));
    const foretold = await dryRun(byIds, text, { context, map });
    const { counts, rows: kept } = await importCsv(byIds, text, { context, map });
    expect([some(counts), foretold.counts]).toEqual([{ created: 2, invalid: 3 }, counts]);
    // Of another tenant's record no more is told than of one that is not there.
    expect(new Set(kept.map(({ issues }) => JSON.stringify(issues))).size).toBe(1);
    expect(kept[0].issues[0].c).toBe("database_foreign_key");
    expect(await rows("select email from contacts where tenant_id = 1 order by email")).toEqual([
      { email: "a@x.fr" },
      { email: "d@x.fr" },
      { email: "p1@x.fr" },
    ]);
  },
);

/** Tables below views: `[what the view is, its columns]` */
const views: [string, string][] = [
  [
    "a view that shows a column twice",
    "create view entries as select id, tenant_id, email, company_id as a_id, company_id as firm_id from contacts",
  ],
  ["a view", "create view entries as select id, tenant_id, email, company_id, name from contacts"],
  [
    "a view with names of its own",
    "create view entries as select name as company, company_id as firm_id, email, id, tenant_id from contacts",
  ],
  [
    "a view of a view",
    `create view inner_ones as select company_id as "the company", id, tenant_id, email from contacts;
     create view entries as select "the company" as firm_id, email, id, tenant_id from inner_ones where email <> ''`,
  ],
];

it.each(views)("points through %s at the tenant's own records alone", async (_, ddlOfView) => {
  const column = ddlOfView.includes("firm_id") ? "firm_id" : "company_id";
  const entries = defineImporter({
    name: "entries",
    context: { tenant_id: { type: "integer" } },
    fields: { email: field.email(), company: field.integer({ column }) },
    target: { table: "entries" },
  });
  const { importCsv, dryRun, rows } = await openEngine([entries], `${idTables}; ${ddlOfView}`);
  const context = { tenant_id: "1" };
  const text = "email,company\na@x.fr,11\nb@x.fr,12\nc@x.fr,99\n";
  const foretold = await dryRun(entries, text, { context });
  const { counts, issues } = await importCsv(entries, text, { context });
  expect([some(counts), foretold.counts]).toEqual([{ created: 1, invalid: 2 }, counts]);
  expect(issues.map(([row, name, code]) => [row, name, code])).toEqual([
    [3, "company", "database_foreign_key"],
    [4, "company", "database_foreign_key"],
  ]);
  expect(await rows("select email from contacts where company_id is not null")).toEqual([{ email: "a@x.fr" }]);
});

it("points anywhere where a field's table is everybody's", async () => {
  const { importCsv } = await openEngine([byIds], idTables);
  const { counts } = await importCsv(byIds, "email,plan_id\na@x.fr,7\n", { context: { tenant_id: "1" } });
  expect(some(counts)).toEqual({ created: 1 });
});

it("lets a loader of one's own have no other tenant's ids either", async () => {
  const loader = defineImporter({
    name: "loader",
    context: { tenant_id: { type: "integer" } },
    fields: { email: field.email(), company_id: field.integer() },
    target: { table: "contacts" },
    load: ({ rows, target }) => `
      with made as (insert into ${target} (tenant_id, email, company_id) select tenant_id, email, company_id from ${rows} returning id, email)
      select r.row_no, 'created' as outcome, m.id as record_id from ${rows} r join made m on m.email = r.email`,
  });
  const { importCsv } = await openEngine([loader], idTables);
  const text = "email,company_id\na@x.fr,11\nb@x.fr,12\n";
  const { counts, issues } = await importCsv(loader, text, { context: { tenant_id: "1" } });
  expect([some(counts), issues]).toEqual([{ created: 1, invalid: 1 }, [[3, "company_id", "database_foreign_key"]]]);
});

it("takes a key to a partitioned table for one key, whichever partition has the record", async () => {
  const importer = defineImporter({
    name: "things",
    fields: { region: field.text(), place: field.text() },
    target: { table: "things" },
  });
  const { importCsv } = await openEngine(
    [importer],
    `create table places (region text, place text, primary key (region, place)) partition by list (region);
     create table places_eu partition of places for values in ('eu'); create table places_us partition of places for values in ('us');
     insert into places values ('eu', 'Lyon'), ('us', 'Boston');
     create table things (id serial primary key, region text, place text, foreign key (region, place) references places)`,
  );
  const { counts, issues } = await importCsv(importer, "region,place\neu,Lyon\nus,Boston\nus,Lyon\n,Rome\n");
  expect([some(counts), issues]).toEqual([{ created: 3, invalid: 1 }, [[4, null, "database_foreign_key"]]]);
});

it.each<[string, Field, RegExp]>([
  [
    "no foreign key",
    field.text({ column: "name", context: ["tenant_id"] }),
    /"a" .* has a `context`, but its column name has no foreign key/,
  ],
  [
    "no such column there",
    field.integer({ column: "branch_id", context: ["tenant_id"] }),
    /public\.branches has no column tenant_id, .* "a"/,
  ],
])("refuses a context of a field with %s", async (_what, a, message) => {
  const importer = defineImporter({
    name: "contacts",
    context: { tenant_id: { type: "integer" } },
    fields: { a },
    target: { table: "contacts" },
  });
  const { importCsv } = await openEngine([importer], idTables);
  await expect(importCsv(importer, "a\n1\n", { context: { tenant_id: "1" } })).rejects.toThrow(message);
});
