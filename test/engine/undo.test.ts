/** Undo: created records go, updated ones come back, and what others have touched since stays, with the reason. */
import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";
import { contacts, contactsFile, contactsTable, foretold, type Undone, undo } from "./undo-import.ts";

it("deletes what was created and restores what was updated, with a history of both", async () => {
  const importer = defineImporter({
    ...contacts,
    target: { table: "contacts", updatedAt: "changed" },
    history: {
      table: "events",
      record: "contact",
      event: "what",
      oldValues: "was",
      newValues: "now",
      job: "job",
      actor: "who",
    },
  });
  const open = await openEngine(
    [importer],
    `create table contacts (id bigint generated always as identity primary key, email text unique, name text, city text, age integer, changed timestamptz);
     create table events (id serial, contact bigint, what text, was jsonb, now jsonb, job bigint, who text);
     insert into contacts (email, name, city, age) values ('a@x.fr', 'Ann', 'Lyon', 30), ('b@x.fr', 'Bo', null, null)`,
  );
  const { rows } = open;
  const stand = "select email, name, city, age from contacts order by email";
  const before = await rows(stand);
  const { job, counts } = await open.importCsv(
    importer,
    "email,name,city,age\na@x.fr,Anna,,31\nb@x.fr,Bo,Nice,\nc@x.fr,Cy,Paris,5\nd@x.fr,Di,,\n",
  );
  expect(some(counts)).toEqual({ created: 2, updated: 2 });
  expect(await open.engine.undoPreview(job.id)).toEqual({
    toDelete: 2,
    toRestore: 2,
    kept: { edited: 0, editedInPart: 0, referred: 0, gone: 0 },
    laterImports: [],
    references: [],
  });
  expect(await undo(open, job.id)).toEqual({ status: "undone", deleted: 2, restored: 2, kept: {}, rows: [] });
  expect(await rows(stand)).toEqual(before);
  const by = { job: job.id, who: "ann" };
  expect(
    await rows(
      "select what, was - 'id' as was, now, job, who from events where what = 'undone' order by was ->> 'email', was ->> 'name'",
    ),
  ).toEqual([
    { what: "undone", was: { email: "c@x.fr", name: "Cy", city: "Paris", age: 5 }, now: null, ...by },
    { what: "undone", was: { email: "d@x.fr", name: "Di" }, now: null, ...by },
    { what: "undone", was: { name: "Anna", age: 31 }, now: { name: "Ann", age: 30 }, ...by },
    { what: "undone", was: { city: "Nice" }, now: { city: null }, ...by },
  ]);
  expect(await rows("select count(*)::int as n from events where what in ('imported', 'updated')")).toEqual([{ n: 4 }]);
  expect(
    await rows(
      "select undo_started_at <= undone_at as took, undo_deleted as deleted, undo_restored as restored, undo_kept as kept, phase from sluice.import_jobs",
    ),
  ).toEqual([{ took: true, deleted: 2, restored: 2, kept: 0, phase: "undo" }]);
});

const nothing = { status: "undone", deleted: 3, restored: 2, kept: {}, rows: [] };
const old = { old1: "Old Lyon", old2: "Old Nice" };

/** What happens after the import, what undo then says, and the contacts that are left. */
const sinceThen: [string, string, Undone, Record<string, string>][] = [
  ["nothing", "select 1", nothing, old],
  [
    "a created record was edited",
    "update contacts set age = 5 where email = 'new2@x.fr'",
    { ...nothing, deleted: 2, kept: { edited_since: 1 }, rows: [{ recordId: "4", reason: "edited_since" }] },
    { ...old, new2: "Two Lille" },
  ],
  [
    "a created record was written anew with the same values",
    "update contacts set name = name where email = 'new2@x.fr'",
    { ...nothing, deleted: 2, kept: { edited_since: 1 }, rows: [{ recordId: "4", reason: "edited_since" }] },
    { ...old, new2: "Two Lille" },
  ],
  [
    "a created record was deleted, and an updated one",
    "delete from contacts where email in ('new2@x.fr', 'old2@x.fr')",
    {
      ...nothing,
      deleted: 2,
      restored: 1,
      kept: { gone_already: 2 },
      rows: [
        { recordId: "4", reason: "gone_already" },
        { recordId: "2", reason: "gone_already" },
      ],
    },
    { old1: "Old Lyon" },
  ],
  [
    "other columns of an updated record were edited",
    "update contacts set age = 99 where email = 'old1@x.fr'",
    nothing,
    old,
  ],
  [
    "one of the updated columns was edited",
    "update contacts set city = 'Brest' where email = 'old1@x.fr'",
    { ...nothing, kept: { edited_in_part: 1 }, rows: [{ recordId: "1", reason: "edited_in_part", columns: ["city"] }] },
    { ...old, old1: "Old Brest" },
  ],
  [
    "all of the updated columns were edited",
    "update contacts set city = 'Brest', name = 'Later' where email = 'old1@x.fr'",
    { ...nothing, restored: 1, kept: { edited_since: 1 }, rows: [{ recordId: "1", reason: "edited_since" }] },
    { ...old, old1: "Later Brest" },
  ],
  [
    "an updated column was blanked",
    "update contacts set city = null where email = 'old1@x.fr'",
    { ...nothing, kept: { edited_in_part: 1 }, rows: [{ recordId: "1", reason: "edited_in_part", columns: ["city"] }] },
    { ...old, old1: "Old -" },
  ],
  [
    "records were locked and frozen",
    "select from contacts for update; vacuum freeze contacts; vacuum full contacts",
    nothing,
    old,
  ],
];

describe("what was done since the import", () => {
  it.each(sinceThen)("%s: foretold, done and listed", async (_what, statements, expected, left) => {
    const open = await openEngine([contacts], contactsTable);
    const { job } = await open.importCsv(contacts, contactsFile);
    for (const statement of statements.split(";")) await open.rows(statement);
    const { deleted, restored, kept } = expected;
    expect(foretold(await open.engine.undoPreview(job.id))).toEqual({ deleted, restored, kept });
    expect(await undo(open, job.id)).toEqual(expected);
    const rest = await open.rows<{ name: string; at: string }>(
      "select split_part(email, '@', 1) as name, name || ' ' || coalesce(city, '-') as at from contacts order by id",
    );
    expect(Object.fromEntries(rest.map(({ name, at }) => [name, at]))).toEqual(left);
  });
});
