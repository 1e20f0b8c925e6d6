/** Records that other tables refer to stay, whatever the foreign key would do to those tables. */
import { describe, expect, it } from "vitest";
import { defineImporter } from "../../src/index.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { openEngine } from "../open-engine.ts";
import { contacts, contactsFile, contactsTable, foretold, undo } from "./undo-import.ts";

/** A call refers to the first record that the import makes, another to one that it updates. */
const calls = (rule: string, key = "id") => `
  create table calls (id serial primary key, contact ${key === "id" ? "bigint" : "text"} references contacts (${key}) ${rule}, note text default 'kept');`;
const called = (key = "id") =>
  `insert into calls (contact) select ${key} from contacts where email in ('new1@x.fr', 'old1@x.fr') order by id`;

describe("a created record that another table refers to is kept", () => {
  it.each([
    ["", "id"],
    ["on delete restrict", "id"],
    ["on delete cascade", "id"],
    ["on delete set null", "id"],
    ["on delete set default", "id"],
    ["deferrable initially deferred", "id"],
    ["on delete cascade", "email"],
  ])("references contacts %s (%s)", async (rule, key) => {
    const open = await openEngine([contacts], contactsTable + calls(rule, key));
    const { job } = await open.importCsv(contacts, contactsFile);
    await open.rows(called(key));
    const counts = { deleted: 2, restored: 2, kept: { referred_to: 1 } };
    const preview = await open.engine.undoPreview(job.id);
    expect(foretold(preview)).toEqual(counts);
    expect(preview.references).toEqual([{ table: "public.calls", columns: ["contact"], records: 1, indexed: false }]);
    expect(await undo(open, job.id)).toEqual({
      status: "undone",
      ...counts,
      rows: [{ recordId: "3", reason: "referred_to", byTable: "public.calls" }],
    });
    expect(await open.rows("select email, name from contacts order by id")).toEqual([
      { email: "old1@x.fr", name: "Old" },
      { email: "old2@x.fr", name: "Old" },
      { email: "new1@x.fr", name: "One" },
    ]);
    expect(await open.rows("select contact is not null as held, note from calls")).toEqual([
      { held: true, note: "kept" },
      { held: true, note: "kept" },
    ]);
  });
});

it("knows keys of several columns, and which of two tables refers", async () => {
  const open = await openEngine(
    [contacts],
    `${contactsTable} alter table contacts add unique (id, email);
     create table visits (id serial, contact bigint, email text, foreign key (contact, email) references contacts (id, email) on delete cascade);
     create schema other; create table other."Odd name" ("the contact" bigint references contacts on delete cascade);
     create index on other."Odd name" ("the contact")`,
  );
  const { job } = await open.importCsv(contacts, contactsFile);
  await open.rows("insert into visits (contact, email) select id, email from contacts where email = 'new1@x.fr'");
  await open.rows(`insert into other."Odd name" select id from contacts where email = 'new2@x.fr'`);
  expect((await open.engine.undoPreview(job.id)).references).toEqual([
    { table: "other.Odd name", columns: ["the contact"], records: 1, indexed: true },
    { table: "public.visits", columns: ["contact", "email"], records: 1, indexed: false },
  ]);
  expect(await undo(open, job.id)).toMatchObject({
    deleted: 1,
    rows: [
      { recordId: "3", byTable: "public.visits" },
      { recordId: "4", byTable: "other.Odd name" },
    ],
  });
});

it("keeps a record that somebody begins to refer to while the undo waits for him", async () => {
  const open = await openEngine([contacts], contactsTable + calls("on delete cascade"));
  const { job } = await open.importCsv(contacts, contactsFile);
  await open.engine.undo(job.id);
  let undoing: Promise<unknown> = Promise.resolve();
  await open.database.transaction(async (session) => {
    await session.query(sql`insert into calls (contact) select id from contacts where email = 'new1@x.fr'`);
    undoing = open.engine.work(job.id);
    await expect
      .poll(
        () =>
          open.rows(
            "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%for update%'",
          ),
        { interval: 20 },
      )
      .toHaveLength(1);
  });
  await undoing;
  const { deleted, kept } = await open.engine.undone.report(job.id);
  expect({ deleted, referred: kept.referred_to }).toEqual({ deleted: 2, referred: 1 });
  expect(await open.rows("select contact from calls")).toEqual([{ contact: 3 }]);
});

describe("a history with a foreign key of its own", () => {
  it.each([
    ["cascade", "on delete cascade", 0],
    ["set null", "on delete set null", 3],
    ["no action", "", 0],
  ])("%s: its rows are the import's and hold nothing", async (_name, rule, left) => {
    const importer = defineImporter({
      ...contacts,
      history: { table: "events", record: "contact", job: "job" },
    });
    const open = await openEngine(
      [importer],
      `${contactsTable} create table events (id serial, contact bigint references contacts ${rule}, event text, old_values jsonb, new_values jsonb, job bigint)`,
    );
    const { job } = await open.importCsv(importer, contactsFile);
    expect(await undo(open, job.id)).toMatchObject({ status: "undone", deleted: 3, restored: 2, kept: {} });
    expect(await open.rows("select event, count(*)::int as n from events group by 1 order by 1")).toEqual(
      [
        { event: "imported", n: left },
        { event: "undone", n: 2 },
        { event: "updated", n: 2 },
      ].filter(({ n }) => n > 0),
    );
  });

  it.each([["job"], [undefined]])(
    "keeps a record of which the application has told there (job column: %s)",
    async (column) => {
      const importer = defineImporter({ ...contacts, history: { table: "events", record: "contact", job: column } });
      const open = await openEngine(
        [importer],
        `${contactsTable} create table events (id serial, contact bigint references contacts, event text, old_values jsonb, new_values jsonb, job bigint)`,
      );
      const { job } = await open.importCsv(importer, contactsFile);
      await open.rows(
        "insert into events (contact, event) select id, 'called' from contacts where email = 'new2@x.fr'",
      );
      expect(await undo(open, job.id)).toMatchObject({
        deleted: 2,
        rows: [{ recordId: "4", reason: "referred_to", byTable: "public.events" }],
      });
      expect(await open.rows("select event from events where contact = 4 order by id")).toEqual([
        { event: "imported" },
        { event: "called" },
      ]);
    },
  );
});

describe("a table that refers to itself", () => {
  /** Every new record has the newest one before it as boss, over all chunks. */
  const ddl = `${contactsTable}
    alter table contacts add boss bigint references contacts;
    create function follow() returns trigger language plpgsql as $$
    begin select max(id) into new.boss from contacts; return new; end $$;
    create trigger follow before insert on contacts for each row execute function follow()`;
  const chain = (n: number) => `email,name\n${Array.from({ length: n }, (_, k) => `c${k}@x.fr,C${k}`).join("\n")}\n`;

  it("is undone from its last record to its first", async () => {
    const open = await openEngine([contacts], ddl, { chunkRows: 5 });
    const { job } = await open.importCsv(contacts, chain(23));
    expect(await open.rows("select count(*)::int as n from sluice.import_chunks")).toEqual([{ n: 5 }]);
    expect(await undo(open, job.id)).toEqual({ status: "undone", deleted: 23, restored: 0, kept: {}, rows: [] });
  });

  it("keeps what is held from outside, and what that holds in turn", async () => {
    const open = await openEngine([contacts], ddl);
    const { job } = await open.importCsv(contacts, chain(6));
    await open.rows("alter table contacts disable trigger follow");
    await open.rows("insert into contacts (email, boss) values ('own@x.fr', 5)");
    expect(await undo(open, job.id)).toMatchObject({
      deleted: 3,
      kept: { referred_to: 3 },
      rows: ["3", "4", "5"].map((recordId) => ({ recordId, byTable: "public.contacts" })),
    });
    expect(await open.rows("select name from contacts order by id offset 2")).toEqual(
      ["C0", "C1", "C2", null].map((name) => ({ name })),
    );
  });
});
