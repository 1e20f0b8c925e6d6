/** `column: null`: a field that checks look at, and that the table has no column for. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { checkImporter } from "../../src/postgres/check/check.ts";
import { openEngine, some, workToEnd } from "../open-engine.ts";

const contacts = defineImporter({
  name: "contacts",
  fields: {
    email: field.email(),
    name: field.text({ maxLength: 5 }),
    again: field.email({ column: null }),
    branch: field.reference({ table: "branches", by: ["code"], column: null }),
  },
  checks: [
    (row) => (row.again !== null && row.email !== row.again ? { message: "Not the same.", field: "again" } : null),
  ],
  match: { keys: ["email"], onDuplicate: "update" },
  target: { table: "contacts" },
});
// A column of the field's name, which it does not go to.
const ddl = `create table contacts (id serial primary key, email text unique, name text, again text not null default 'own');
  create table branches (id serial primary key, code text);
  insert into contacts (email, name) values ('here@x.fr', 'Here'); insert into branches (code) values ('LYO')`;
const text =
  "email,name,again,branch\nnew@x.fr,New,new@x.fr,lyo\nhere@x.fr,There,here@x.fr,\nhere@x.fr,Here,no@x.fr,\nlost@x.fr,Lost,,PAR\n";

it("is read, looked up and checked, and stored nowhere", async () => {
  const { importCsv, dryRun, rows, engine, database } = await openEngine([contacts], ddl);
  expect((await checkImporter(database, contacts)).map(({ level }) => level)).toEqual(["ok"]);
  const foretold = await dryRun(contacts, text);
  const { job, counts, issues } = await importCsv(contacts, text);
  expect(some(counts)).toEqual({ created: 1, updated: 1, invalid: 2 });
  expect(foretold.counts).toEqual(counts);
  expect(issues).toEqual([
    [4, "again", "row_rejected"],
    [5, "branch", "reference_unknown"],
  ]);
  const all = "select email, name, again from contacts order by id";
  expect(await rows(all)).toEqual([
    { email: "here@x.fr", name: "There", again: "own" },
    { email: "new@x.fr", name: "New", again: "own" },
  ]);
  const page = await engine.archive.recordPage(job, contacts, { limit: 10 });
  expect(page.records.map(({ values }) => values)).toEqual([
    ["2", "new@x.fr", "New"],
    ["1", "here@x.fr", "There"],
  ]);
  await engine.undo(job.id, "ann");
  await workToEnd(engine, job.id);
  expect(await rows(all)).toEqual([{ email: "here@x.fr", name: "Here", again: "own" }]);
});
