/** Imports on top of one another, and what their undo makes of each other's records. */
import { describe, expect, it } from "vitest";
import type { ImportJob } from "../../src/core/import.ts";
import { Engine } from "../../src/engine/engine.ts";
import { diskFiles } from "../../src/files/disk.ts";
import { formats } from "../../src/formats/formats.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { startWorker } from "../../src/postgres/connection/workers.ts";
import { postgresStore } from "../../src/postgres/store.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../open-engine.ts";
import { contacts, contactsFile, contactsTable, undo, undoneOf } from "./undo-import.ts";

const all = "select email, name, city from contacts order by id";

it("names the later import that updated a record, and takes all back when that one is undone first", async () => {
  const open = await openEngine([contacts], contactsTable);
  const before = await open.rows(all);
  const first = await open.importCsv(contacts, contactsFile);
  const between = await open.rows(all);
  const second = await open.importCsv(contacts, "email,name\nnew1@x.fr,Uno\nold1@x.fr,Fresher\nnew9@x.fr,Nine\n");
  expect(await open.engine.undoPreview(first.job.id)).toMatchObject({
    toDelete: 2,
    toRestore: 2,
    kept: { edited: 1, editedInPart: 1 },
    laterImports: [{ jobId: second.job.id, records: 2 }],
  });
  expect(await undo(open, second.job.id)).toMatchObject({ deleted: 1, restored: 2, kept: {} });
  expect(await open.rows(all)).toEqual(between);
  expect((await open.engine.undoPreview(first.job.id)).laterImports).toEqual([]);
  expect(await undo(open, first.job.id)).toMatchObject({ deleted: 3, restored: 2, kept: {} });
  expect(await open.rows(all)).toEqual(before);
});

it("keeps what a later import wrote when the earlier one is undone first", async () => {
  const open = await openEngine([contacts], contactsTable);
  const first = await open.importCsv(contacts, contactsFile);
  const second = await open.importCsv(contacts, "email,name\nnew1@x.fr,Uno\nold1@x.fr,Fresher\n");
  expect(await undo(open, first.job.id)).toEqual({
    status: "undone",
    deleted: 2,
    restored: 2,
    kept: { edited_since: 1, edited_in_part: 1 },
    rows: [
      { recordId: "3", reason: "edited_since", byJob: second.job.id },
      { recordId: "1", reason: "edited_in_part", columns: ["name"], byJob: second.job.id },
    ],
  });
  expect(await open.rows(all)).toEqual([
    { email: "old1@x.fr", name: "Fresher", city: "Lyon" },
    { email: "old2@x.fr", name: "Old", city: "Nice" },
    { email: "new1@x.fr", name: "Uno", city: "Lille" },
  ]);
});

it("gives records back through any number of imports, in any order that leaves nothing open", async () => {
  const open = await openEngine([contacts], contactsTable);
  const names = async () =>
    (await open.rows<{ name: string }>("select name from contacts where id = 3")).map(({ name }) => name);
  const one = await open.importCsv(contacts, contactsFile);
  const two = await open.importCsv(contacts, "email,name\nnew1@x.fr,Two\n");
  const three = await open.importCsv(contacts, "email,name\nnew1@x.fr,Three\n");
  await undo(open, three.job.id);
  expect(await names()).toEqual(["Two"]);
  const four = await open.importCsv(contacts, "email,name\nnew1@x.fr,Four\n");
  await undo(open, four.job.id);
  await undo(open, two.job.id);
  expect(await names()).toEqual(["One"]);
  expect(await undo(open, one.job.id)).toMatchObject({ deleted: 3, kept: {} });
});

it("does not give back what somebody has edited in between", async () => {
  const open = await openEngine([contacts], contactsTable);
  const first = await open.importCsv(contacts, contactsFile);
  await open.rows("update contacts set age = 7 where email = 'new1@x.fr'");
  const second = await open.importCsv(contacts, "email,name\nnew1@x.fr,Uno\nnew2@x.fr,Dos\n");
  await open.rows("update contacts set age = 8 where email = 'new2@x.fr'");
  expect(await undo(open, second.job.id)).toMatchObject({ restored: 2, kept: {} });
  expect(await undo(open, first.job.id)).toMatchObject({
    deleted: 1,
    rows: [
      { recordId: "3", reason: "edited_since" },
      { recordId: "4", reason: "edited_since" },
    ],
  });
  expect(await open.rows("select name, age from contacts where id > 2 order by id")).toEqual([
    { name: "One", age: 7 },
    { name: "Two", age: 8 },
  ]);
});

/** Commits the first chunk of two rows and stops: the engine has one lane, so that it is the first. */
async function commitFirstChunk(open: OpenEngine, text: string): Promise<ImportJob> {
  const job = await open.create(contacts, text);
  await open.engine.start(job.id);
  await workToEnd(open.engine, job.id);
  await open.engine.commit(job.id);
  const stop = new AbortController();
  const engine = new Engine({
    store: open.store,
    files: diskFiles(open.folder),
    format: formats,
    importers: new Map([["contacts", contacts]]),
    lanes: 1,
    onEvent: ({ name }) => {
      if (name === "chunk.committed") stop.abort(new Error("stopped"));
    },
  });
  await expect(engine.work(job.id, stop.signal)).rejects.toThrow("stopped");
  return job;
}

it("takes a record back that one import wrote twice, because its keys were changed while it was paused", async () => {
  const open = await openEngine([contacts], contactsTable, { chunkRows: 2 });
  const before = await open.rows("select name, city from contacts where id = 1");
  const rows = ["old1@x.fr,A", "n2@x.fr,b", "n3@x.fr,c", "n4@x.fr,d", "moved@x.fr,B", "n6@x.fr,e"];
  const job = await commitFirstChunk(open, `email,name\n${rows.join("\n")}\n`);
  await open.rows("update contacts set email = 'moved@x.fr' where id = 1");
  await open.engine.resume(job.id);
  await workToEnd(open.engine, job.id);
  expect(some((await open.outcomeOf(job.id)).counts)).toEqual({ created: 4, updated: 2 });
  expect(await open.rows("select email, name from contacts where id = 1")).toEqual([
    { email: "moved@x.fr", name: "B" },
  ]);
  const undone = await undo(open, job.id);
  expect(undone).toEqual({ status: "undone", deleted: 4, restored: 2, kept: {}, rows: [] });
  expect(await open.rows("select name, city from contacts where id = 1")).toEqual(before);
  expect(await open.rows("select undo_in_order from sluice.import_jobs")).toEqual([{ undo_in_order: true }]);
});

it("undoes what a cancelled import had committed, and no more", async () => {
  const open = await openEngine([contacts], contactsTable, { chunkRows: 2 });
  const before = await open.rows(all);
  const job = await commitFirstChunk(open, contactsFile);
  await open.engine.cancel(job.id);
  expect(await open.rows(all)).not.toEqual(before);
  expect(await undo(open, job.id)).toMatchObject({ status: "undone", deleted: 0, restored: 2, kept: {} });
  expect(await open.rows(all)).toEqual(before);
});

it("waits for a chunk that is still under way when its commit is cancelled, and takes it back too", async () => {
  const open = await openEngine([contacts], contactsTable);
  const before = await open.rows(all);
  const job = await open.create(contacts, contactsFile);
  await open.engine.start(job.id);
  await workToEnd(open.engine, job.id);
  await open.engine.commit(job.id);
  const blocked = (query: string) =>
    expect
      .poll(
        () =>
          open.rows(
            `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%${query}%'`,
          ),
        { interval: 20 },
      )
      .not.toEqual([]);
  let works: Promise<unknown>[] = [];
  await open.database.transaction(async (session) => {
    await session.query(sql`select from contacts where email = 'old1@x.fr' for update`);
    works = [workToEnd(open.engine, job.id)];
    await blocked("with members as");
    await open.engine.cancel(job.id);
    await open.engine.undo(job.id);
    const database = new Database(open.url, 6);
    const worker = await startWorker(database);
    const store = postgresStore(database, worker);
    const step = store.undo.step(job, contacts, [], { onEvent: () => {}, isOver: () => false });
    works.push(step.finally(() => store.connection.close()));
    await blocked("update sluice.import_chunks set attempts = 0");
  });
  await Promise.all(works);
  expect(await undoneOf(open, job.id)).toEqual({ status: "undone", deleted: 3, restored: 2, kept: {}, rows: [] });
  expect(await open.rows(all)).toEqual(before);
});

it("writes nothing the second time the same file is imported, so that there is nothing to undo", async () => {
  const open = await openEngine([contacts], contactsTable);
  const first = await open.importCsv(contacts, contactsFile);
  const versions = "select id, xmin, ctid::text from contacts order by id";
  const before = await open.rows(versions);
  const second = await open.importCsv(contacts, contactsFile);
  expect(some(second.counts)).toEqual({ unchanged: 5 });
  expect(await open.rows(versions)).toEqual(before);
  expect(await undo(open, second.job.id)).toEqual({ status: "undone", deleted: 0, restored: 0, kept: {}, rows: [] });
  expect(await undo(open, first.job.id)).toMatchObject({ deleted: 3, restored: 2, kept: {} });
});

describe("the import's own writes are known as its own", () => {
  it("where rows failed, and the rest went in half by half", async () => {
    const events: string[] = [];
    const open = await openEngine(
      [contacts],
      `${contactsTable}
       create function guard() returns trigger language plpgsql as $$ begin
         if new.city = 'Bad' then raise exception 'bad'; end if; return new; end $$;
       create trigger guard before insert or update on contacts for each row execute function guard()`,
      { onEvent: ({ name }) => void events.push(name) },
    );
    const before = await open.rows(all);
    const rows = Array.from({ length: 40 }, (_, k) => `c${k}@x.fr,C${k},${k % 13 === 5 ? "Bad" : "Good"}`);
    const { job, counts } = await open.importCsv(
      contacts,
      `email,name,city\nold1@x.fr,Fresh,Good\n${rows.join("\n")}\nold2@x.fr,Fresh,Good\n`,
    );
    expect(some(counts)).toEqual({ created: 37, updated: 2, failed: 3 });
    expect(events).toContain("chunk.halved");
    expect(await undo(open, job.id)).toEqual({ status: "undone", deleted: 37, restored: 2, kept: {}, rows: [] });
    expect(await open.rows(all)).toEqual(before);
  });

  it.each([
    ["in the open", "update contacts set age = 1 where id = new.id;", { deleted: 3 }],
    [
      "in a block of its own, which gives it a transaction's number of its own",
      "begin update contacts set age = 1 where id = new.id; exception when others then null; end;",
      { deleted: 0, kept: { edited_since: 3 } },
    ],
  ])("where a trigger writes to the new record %s", async (_how, statement, expected) => {
    const open = await openEngine(
      [contacts],
      `${contactsTable}
       create function touch() returns trigger language plpgsql as $$ begin ${statement} return null; end $$;
       create trigger touch after insert on contacts for each row execute function touch()`,
    );
    const { job } = await open.importCsv(contacts, contactsFile);
    expect(await undo(open, job.id)).toMatchObject(expected);
  });
});

/** As after a dump and restore, or four billion transactions. */
it.each([
  [
    "another cluster",
    (database: Database) => database.change(sql`update sluice.import_chunks set writer_cluster = writer_cluster - 1`),
  ],
  [
    "2^32 transactions ago",
    (database: Database) =>
      database.change(
        sql`update sluice.import_chunks set writer_xids = array(select x - 4294967296 from unnest(writer_xids) x)`,
      ),
  ],
  [
    "a cluster that has not come so far",
    (database: Database) =>
      database.change(
        sql`update sluice.import_chunks set writer_xids = array(select x + 4294967296 from unnest(writer_xids) x)`,
      ),
  ],
])("trusts no transaction's number of %s: what it created stays, values come back", async (_when, age) => {
  const open = await openEngine([contacts], contactsTable);
  const { job } = await open.importCsv(contacts, contactsFile);
  await age(open.database);
  expect(await undo(open, job.id)).toMatchObject({ deleted: 0, restored: 2, kept: { edited_since: 3 } });
});

it("pages through what was kept, and by reason", async () => {
  const open = await openEngine([contacts], contactsTable);
  const { job } = await open.importCsv(contacts, contactsFile);
  await open.rows("update contacts set age = 1 where id in (3, 4)");
  await open.rows("delete from contacts where id in (1, 5)");
  await undo(open, job.id);
  const { keptRows } = open.store.undo;
  const pages: string[][] = [];
  for (let after = 0; ; ) {
    const page = await keptRows(job.id, { after, limit: 2 });
    if (page.length === 0) break;
    pages.push(page.map(({ recordId }) => recordId));
    after = page[page.length - 1].id;
  }
  expect(pages).toEqual([
    ["3", "4"],
    ["5", "1"],
  ]);
  expect((await keptRows(job.id, { reason: "gone_already" })).map(({ recordId }) => recordId)).toEqual(["5", "1"]);
  expect((await undoneOf(open, job.id)).kept).toEqual({ edited_since: 2, gone_already: 2 });
});
