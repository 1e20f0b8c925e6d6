/** Fields and context values may be called as a program calls them: with capitals, and as the statements' own columns. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";
import { commit, ready } from "./review-import.ts";
import { undo } from "./undo-import.ts";

const ddl = `
  create table "Company" (id serial primary key, "fullName" text, "orgId" integer);
  insert into "Company" ("fullName", "orgId") values ('Acme', 1), ('Acme', 2);
  create table "People" (id serial primary key, "firstName" text, "eMail" text, "companyId" integer, "birthDate" date, "orgId" integer not null,
    "importJob" bigint, "changedAt" timestamptz, "ownerId" integer);
  create unique index on "People" ("orgId", lower("eMail"));
  create table "User" ("userId" serial primary key, "loginName" text, "orgId" integer);
  insert into "User" ("loginName", "orgId") values ('ann', 1), ('ann', 2);
  create table "peopleLog" ("personId" integer, "eventName" text, "oldValues" jsonb, "newValues" jsonb, "importJob" bigint, "byWhom" text);`;
const people = defineImporter({
  name: "people",
  fields: {
    firstName: field.text({ aliases: { en: ["First"] } }),
    eMail: field.email({ required: true }),
    companyId: field.reference({ table: "Company", by: ["fullName"], context: ["orgId"] }),
    birthDate: field.date(),
  },
  context: { orgId: { type: "integer" } },
  match: { keys: ["eMail"], onDuplicate: "update" },
  target: { table: "People", job: "importJob", updatedAt: "changedAt" },
  assign: { column: "ownerId", table: "User", by: ["loginName"], id: "userId", context: ["orgId"] },
  history: {
    table: "peopleLog",
    record: "personId",
    event: "eventName",
    oldValues: "oldValues",
    newValues: "newValues",
    job: "importJob",
    actor: "byWhom",
  },
});
const context = { orgId: "1" };

it("imports, updates, edits, rehearses and undoes fields and context with capitals", async () => {
  const opened = await openEngine([people], ddl);
  const { rows, importCsv, engine, dryRun } = opened;
  const read = (): Promise<unknown[]> =>
    rows(`select "firstName", "eMail", "companyId", "birthDate"::text, "orgId", "ownerId" from "People" order by id`);
  const first = `firstName,eMail,companyId,birthDate,boss\nAnna,anna@x.fr,acme,2001-02-03,ann\nBo,bo@x.fr,,,ann\n`;
  const assignment = { mode: "column", column: "boss" } as const;
  const made = await importCsv(people, first, { context, assignment });
  expect(some(made.counts)).toEqual({ created: 2 });
  expect(await read()).toEqual([
    { firstName: "Anna", eMail: "anna@x.fr", companyId: 1, birthDate: "2001-02-03", orgId: 1, ownerId: 1 },
    { firstName: "Bo", eMail: "bo@x.fr", companyId: null, birthDate: null, orgId: 1, ownerId: 1 },
  ]);

  const second = `firstName,eMail,birthDate\nAnne,ANNA@x.fr,2001-02-03\nCy,nobody,\n`;
  expect(some((await dryRun(people, second, { context })).counts)).toEqual({ updated: 1, invalid: 1 });
  const id = await ready(opened, people, second, { context });
  await engine.review.editCell(id, { row: 3, field: "eMail", value: "cy@x.fr" }, "tester");
  expect(some((await engine.dryRun(id)).counts)).toEqual({ created: 1, updated: 1 });
  const { counts, job } = await commit(opened, id);
  expect(some(counts)).toEqual({ created: 1, updated: 1 });
  expect((await read()).map((each) => (each as { firstName: string }).firstName)).toEqual(["Anne", "Bo", "Cy"]);
  expect(
    await rows(
      `select "eventName", "oldValues", "newValues" from "peopleLog" where "importJob" = ${job.id} order by 1`,
    ),
  ).toEqual([
    { eventName: "imported", oldValues: null, newValues: null },
    { eventName: "updated", oldValues: { firstName: "Anna" }, newValues: { firstName: "Anne" } },
  ]);
  expect(await undo(opened, id)).toMatchObject({ status: "undone", deleted: 1, restored: 1 });
  expect((await read()).map((each) => (each as { firstName: string }).firstName)).toEqual(["Anna", "Bo"]);
  // Another context's record of the same key is another record.
  expect(some((await importCsv(people, second, { context: { orgId: "2" } })).counts)).toEqual({
    created: 1,
    invalid: 1,
  });
});

it("hands fields with capitals to a loader", async () => {
  const loaded = defineImporter({
    name: "loaded",
    fields: { firstName: field.text() },
    context: { orgId: { type: "integer" } },
    target: { table: "People" },
    load: ({ rows, target }) =>
      `with made as (insert into ${target} ("firstName", "orgId") select "firstName", "orgId" from ${rows} returning id, "firstName")
       select r.row_no, 'created' as outcome, m.id as record_id from ${rows} r join made m using ("firstName")`,
  });
  const { importCsv, rows } = await openEngine([loaded], ddl);
  expect(some((await importCsv(loaded, "firstName\nAnna\n", { context })).counts)).toEqual({ created: 1 });
  expect(await rows(`select "firstName", "orgId" from "People"`)).toEqual([{ firstName: "Anna", orgId: 1 }]);
});

// As the statements of match, load and undo call columns of their own, and as SQL and JavaScript have words.
const awkward = [
  ...[
    "id",
    "name",
    "word",
    "place",
    "priority",
    "issue",
    "of_row",
    "ambiguous",
    "outcome",
    "old_values",
    "new_values",
    "job_id",
  ],
  ...[
    "select",
    "user",
    "order",
    "constructor",
    "toString",
    "hasOwnProperty",
    "valueOf",
    "a",
    "old_a",
    "new_a",
    "s",
    "t",
    "m",
    "rank",
    "k",
  ],
];
it("updates and undoes fields that are called as a statement's own columns", async () => {
  const fields = Object.fromEntries(
    awkward.map((name) => [name, field.text({ column: name === "id" ? "own id" : name })]),
  );
  const odd = defineImporter({
    name: "odd",
    fields,
    match: { keys: ["a", "id"], onDuplicate: "update" },
    target: { table: "odd", id: "record" },
  });
  const columns = awkward.map((name) => `"${name === "id" ? "own id" : name}" text`).join(", ");
  const opened = await openEngine([odd], `create table odd (record serial primary key, ${columns})`);
  const row = (value: string, key: string): string =>
    awkward.map((name) => (name === "a" ? key : `${value} ${name} ${key}`)).join(",");
  const csv = (value: string): string => `${awkward.join(",")}\n${row(value, "1")}\n${row(value, "2")}\n`;
  const id = await ready(opened, odd, csv("one"));
  await opened.engine.review.editCell(id, { row: 3, field: "t", value: "mended" }, "tester");
  expect(some((await commit(opened, id)).counts)).toEqual({ created: 2 });
  const second = await opened.importCsv(odd, csv("two"));
  expect(some(second.counts)).toEqual({ updated: 2 });
  expect(await opened.rows(`select "select", "own id", "old_a", "constructor" from odd where a = '1'`)).toEqual([
    { select: "two select 1", "own id": "two id 1", old_a: "two old_a 1", constructor: "two constructor 1" },
  ]);
  expect(await undo(opened, second.job.id)).toEqual({ status: "undone", deleted: 0, restored: 2, kept: {}, rows: [] });
  expect(await opened.rows(`select "toString" as text from odd where a = '2'`)).toEqual([{ text: "one toString 2" }]);
});
