/** What the database refuses to take back: kept with what it said, the rest goes; and many workers, edits and stops at once. */
import { describe, expect, it } from "vitest";
import type { EngineEvent } from "../../src/core/ports.ts";
import { Database } from "../../src/postgres/connection/connect.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { startWorker } from "../../src/postgres/connection/workers.ts";
import { postgresStore } from "../../src/postgres/store.ts";
import { openEngine, workToEnd } from "../open-engine.ts";
import { contacts, contactsFile, contactsTable, undo, undoneOf } from "./undo-import.ts";

/** A trigger that does something with contacts of a name. */
const trigger = (when: string, name: string, does: string) => `
  create function guard() returns trigger language plpgsql as $$ begin
    if old.name = '${name}' then ${does}; end if; if tg_op = 'DELETE' then return old; end if; return new; end $$;
  create trigger guard before ${when} on contacts for each row execute function guard()`;

describe("a record that the database will not give up is kept, with what it said", () => {
  it.each([
    [
      "a trigger that raises",
      trigger("delete", "Two", "raise exception 'has a balance'"),
      { deleted: 2, restored: 2, rows: [{ recordId: "4", reason: "refused", message: "has a balance" }] },
    ],
    [
      "a trigger that passes over it",
      trigger("delete", "Two", "return null"),
      { deleted: 2, restored: 2, rows: [{ recordId: "4", reason: "refused" }] },
    ],
    [
      "a trigger that does not want it changed",
      trigger("update", "Fresh", "if old.id = 2 then raise exception 'closed'; end if"),
      { deleted: 3, restored: 1, rows: [{ recordId: "2", reason: "refused", message: "closed" }] },
    ],
    [
      "a trigger that passes over the change",
      trigger("update", "Fresh", "if old.id = 2 then return null; end if"),
      { deleted: 3, restored: 1, rows: [{ recordId: "2", reason: "refused" }] },
    ],
    [
      "a value that is another record's by now",
      "alter table contacts add unique (city); insert into contacts (email, city) values ('z@x.fr', 'Nice')",
      {
        deleted: 3,
        restored: 1,
        rows: [
          {
            recordId: "2",
            reason: "refused",
            message: 'duplicate key value violates unique constraint "contacts_city_key"',
          },
        ],
      },
    ],
    [
      "a value that is no longer allowed",
      "alter table contacts add check (city <> 'Nice') not valid",
      {
        deleted: 3,
        restored: 1,
        rows: [
          {
            recordId: "2",
            reason: "refused",
            message: 'new row for relation "contacts" violates check constraint "contacts_city_check"',
          },
        ],
      },
    ],
  ])("%s", async (_what, statements, expected) => {
    const events: EngineEvent["name"][] = [];
    const open = await openEngine([contacts], contactsTable, { onEvent: ({ name }) => void events.push(name) });
    const file = contactsFile
      .replaceAll("Paris", (_match, at: number) => (at < 50 ? "Paris" : "Pau"))
      .replace(/Lille/g, (_match, at: number) => `Lille ${at}`);
    const { job } = await open.importCsv(contacts, file);
    await open.rows(statements);
    const undone = await undo(open, job.id);
    expect(undone).toEqual({ status: "undone", kept: { refused: 1 }, ...expected });
    expect(events.includes("undo.chunk_halved")).toBe(undone.rows[0].message !== undefined);
  });
});

it("pauses where the database refuses more than a hundred, and goes on when that is mended", async () => {
  const open = await openEngine([contacts], `${contactsTable} ${trigger("delete", "Many", "raise exception 'no'")}`);
  const lines = Array.from({ length: 250 }, (_, k) => `m${k}@x.fr,Many`);
  const { job } = await open.importCsv(contacts, `email,name\n${lines.join("\n")}\n`);
  expect(await undo(open, job.id)).toEqual({ status: "paused", deleted: 0, restored: 0, kept: {}, rows: [] });
  const paused = await open.engine.imports.get(job.id);
  expect([paused.phase, paused.errorMessage]).toEqual([
    "undo",
    "The database refuses to undo more than 100 records in one range of rows: no",
  ]);
  await open.rows("drop trigger guard on contacts");
  await open.engine.resume(job.id);
  await workToEnd(open.engine, job.id);
  expect(await undoneOf(open, job.id)).toMatchObject({ status: "undone", deleted: 250 });
});

const many = (n: number) =>
  `email,name,city\n${Array.from({ length: n }, (_, k) => `${k % 4 === 0 ? "e" : "n"}${k}@x.fr,N${k},C${k}`).join("\n")}\n`;
/** Every fourth row of `many` is there already. */
const someThere = `${contactsTable} delete from contacts;
  insert into contacts (email, name) select 'e' || k || '@x.fr', 'Before' from generate_series(0, 19999, 4) k`;

it("is shared by workers, each chunk done by one of them", async () => {
  const claims: number[] = [];
  const onEvent = (event: EngineEvent): void => {
    if (event.name === "undo.chunk_claimed") claims.push(event.chunk);
  };
  const open = await openEngine([contacts], someThere, { chunkRows: 500 });
  const { job } = await open.importCsv(contacts, many(6000));
  await open.engine.undo(job.id);
  const workers = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const database = new Database(open.url, 6);
      const worker = await startWorker(database);
      return postgresStore(database, worker);
    }),
  );
  try {
    const outcomes = await Promise.all(
      workers.map((store) => store.undo.step(job, contacts, [], { onEvent, isOver: () => false })),
    );
    expect(outcomes).toEqual(["done", "done", "done"]);
  } finally {
    for (const store of workers) await store.connection.close();
  }
  expect(claims.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, k) => k));
  expect(await undoneOf(open, job.id)).toEqual({ status: "undone", deleted: 4500, restored: 1500, kept: {}, rows: [] });
});

it("hands on when its slice is over, and goes on with the chunks that are left", async () => {
  const open = await openEngine([contacts], someThere, { chunkRows: 500 });
  const { job } = await open.importCsv(contacts, many(3000));
  await open.engine.undo(job.id);
  let slices = 0;
  for (let outcome = "again"; outcome === "again"; slices++) {
    let chunks = 0;
    outcome = await open.store.undo.step(job, contacts, [], {
      onEvent: ({ name }) => {
        if (name === "undo.chunk_undone") chunks++;
      },
      isOver: () => chunks === 2,
      lanes: 1,
    });
  }
  expect(slices).toBe(4);
  expect(await undoneOf(open, job.id)).toMatchObject({ status: "undone", deleted: 2250, restored: 750 });
});

it("stops within a chunk when it is paused or aborted, and does nothing to an import that is not its", async () => {
  const stop = new AbortController();
  const open = await openEngine([contacts], someThere, {
    chunkRows: 500,
    onEvent: ({ name }) => {
      if (name === "undo.chunk_undone") stop.abort(new Error("stopped"));
    },
  });
  const { job } = await open.importCsv(contacts, many(3000));
  await open.engine.undo(job.id);
  await expect(open.engine.work(job.id, stop.signal)).rejects.toThrow("stopped");
  const { status, deleted } = await undoneOf(open, job.id);
  expect(status).toBe("paused");
  expect(deleted).toBeGreaterThan(0);
  expect(deleted).toBeLessThan(2250);
  const options = { onEvent: () => {}, isOver: () => false };
  expect(await open.store.undo.step(job, contacts, [], options)).toBe("done");
  expect((await undoneOf(open, job.id)).deleted).toBe(deleted);
  await open.engine.resume(job.id);
  await workToEnd(open.engine, job.id);
  expect(await undoneOf(open, job.id)).toMatchObject({ status: "undone", deleted: 2250, restored: 750 });
});

it("fails after five deaths over one chunk and names its rows; a person's retry begins anew", async () => {
  const open = await openEngine([contacts], someThere, { chunkRows: 500 });
  const { job } = await open.importCsv(contacts, many(1200));
  // What was committed last is undone first, and lanes do not end in order.
  await open.rows(
    "update sluice.import_chunks set done_at = '2026-01-01'::timestamptz + chunk_no * interval '1 minute'",
  );
  await open.engine.undo(job.id);
  const isOver = (): boolean => true;
  expect(await open.store.undo.step(job, contacts, [], { onEvent: () => {}, isOver })).toBe("again");
  await open.rows("update sluice.import_chunks set attempts = 5 where chunk_no = 1");
  await expect(workToEnd(open.engine, job.id)).rejects.toThrow(
    `Import ${job.id}: the worker died five times while undoing rows 500 to 999. Check the database's log, then resume the undo.`,
  );
  expect((await undoneOf(open, job.id)).status).toBe("failed");
  await open.engine.retry(job.id);
  await workToEnd(open.engine, job.id);
  expect(await undoneOf(open, job.id)).toMatchObject({ status: "undone", deleted: 900, restored: 300 });
});

it("keeps every edit that the application makes while 20,000 rows are undone, and no record without one", async () => {
  const open = await openEngine([contacts], someThere, { chunkRows: 2000 });
  const { job } = await open.importCsv(contacts, many(20_000));
  await open.engine.undo(job.id);
  const application = new Database(open.url, 1);
  let isUndone = false;
  const edited: number[] = [];
  /** A record that was created, and one that was updated. */
  const edit = async (k: number): Promise<void> => {
    const ids = await application.query<{ id: number }>(
      sql`update contacts set name = 'mine' where id = any (${[5002 + k, 5 + Math.floor(k / 4)]}) and name like 'N%' returning id::int`,
    );
    edited.push(...ids.map(({ id }) => id));
  };
  await edit(1);
  expect(edited).toHaveLength(2);
  const editing = (async () => {
    for (let k = 98; !isUndone && k < 15_000; k += 97) await edit(k);
  })();
  await workToEnd(open.engine, job.id);
  isUndone = true;
  await editing;
  await application.close();
  const { status, deleted, restored, kept, rows } = await undoneOf(open, job.id);
  expect(status).toBe("undone");
  const mine = await open.rows<{ id: number }>("select id::int from contacts where name = 'mine' order by id");
  expect(mine.map(({ id }) => id)).toEqual(edited.toSorted((a, b) => a - b));
  expect(await open.rows("select name from contacts where name not in ('Before', 'mine')")).toEqual([]);
  expect(deleted + restored + (kept.edited_since ?? 0)).toBe(20_000);
  expect(rows.length).toBe(Math.min(100, (kept.edited_since ?? 0) + (kept.edited_in_part ?? 0)));
  expect(await open.rows("select count(*)::int as n from contacts where city is not null and name = 'Before'")).toEqual(
    [{ n: 0 }],
  );
});
