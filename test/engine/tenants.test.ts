/** One tenant's import never reaches another tenant's records: by what they are called, by their ids, or by their owners. */
import { expect, it } from "vitest";
import type { Assignment } from "../../src/import.ts";
import { defineImporter, field } from "../../src/index.ts";
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
  const { owners } = engine.store;
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
  const refusal = /gives records to "3", whom people does not have in its context/;
  await expect(importCsv(contacts, text, { context: { tenant_id: "1" }, assignment })).rejects.toThrow(refusal);
  const job = await create(contacts, text, { context: { tenant_id: "1" }, assignment, dryRun: true });
  await engine.start(job.id);
  while ((await engine.work(job.id)) !== "done");
  await expect(engine.dryRun(job.id)).rejects.toThrow(refusal);
  expect(await rows("select id from contacts")).toEqual([]);
});

it("shows of an import's records those that are still its tenant's", async () => {
  const { engine, importCsv, rows } = await openEngine([contacts], ddl);
  const { job } = await importCsv(contacts, "email\na@x.fr\nb@x.fr\n", { context: { tenant_id: "1" } });
  await rows("update contacts set tenant_id = 2, company_id = 2 where email = 'a@x.fr'");
  const page = await engine.store.archive.recordPage(job, contacts, { limit: 10 });
  expect([page.records.map(({ values }) => values[1]), page.gone]).toEqual([["b@x.fr"], 1]);
  const exported: (string | null)[][] = [];
  for await (const some of engine.store.archive.records(job, contacts)) exported.push(...some);
  expect(exported.map((values) => values[1])).toEqual(["b@x.fr"]);
});
