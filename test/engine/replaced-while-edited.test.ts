/** A replace while somebody else edits what it replaces: no edit is lost without a trace, none is overwritten, and an undo gives back what was there. */
import { expect, it } from "vitest";
import { activities } from "../../src/importers/yearwheel/activities.ts";
import { defineImporter, field } from "../../src/index.ts";
import type { Session } from "../../src/postgres/connection/session.ts";
import { createTables } from "../../src/postgres/tables/tables.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../open-engine.ts";
import { undo } from "./undo-import.ts";

const context = { wheel_id: "1" };
const header = "activity,start,end,ring,group\n";
const first = `${header}A,2026-01-01,2026-01-02,In,G\nB,2026-02-01,2026-02-02,In,G\nC,2026-03-01,2026-03-02,Out,H\n`;
const second = `${header}X,2026-05-01,2026-05-02,In,G\nY,2026-06-01,2026-06-02,New,H\n`;

async function openWheel(): Promise<OpenEngine & { before: { name: string }[] }> {
  const engine = await openEngine([activities], "", { chunkRows: 1 });
  await createTables(engine.database, activities);
  await engine.rows("insert into year_wheels (owner_id, name) values ('ann', 'School')");
  await engine.importCsv(activities, first, { context, mode: "append" });
  return { ...engine, before: await wheelOf(engine) };
}

const wheelOf = ({ rows }: OpenEngine): Promise<{ name: string }[]> =>
  rows("select id::int, name, description, start_date::text as start from items order by id");
const namesOf = async (engine: OpenEngine): Promise<string[]> =>
  (await engine.rows<{ line: string }>("select concat_ws(' ', name, description) as line from items order by 1")).map(
    ({ line }) => line,
  );

/** What a session does in a transaction that stays open until `end`. */
async function editing({ database }: OpenEngine, ...statements: string[]): Promise<{ end(): Promise<void> }> {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const done = database.transaction(async (session: Session) => {
    for (const statement of statements) await session.text(statement);
    begun.resolve();
    await ended.promise;
  });
  await Promise.race([begun.promise, done]);
  return {
    async end() {
      ended.resolve();
      await done;
    },
  };
}

const waiting = ({ rows }: OpenEngine, count: number): Promise<void> =>
  expect
    .poll(() =>
      rows("select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"),
    )
    .toHaveLength(count);

/** A replace that is about to write; `work` does it. */
async function replacing(engine: OpenEngine): Promise<{ id: number; work(): Promise<void> }> {
  const { id } = await engine.create(activities, second, { context, mode: "replace" });
  await engine.engine.start(id);
  await workToEnd(engine.engine, id);
  await engine.engine.commit(id, null, { confirmRemovals: 1 });
  return { id, work: () => workToEnd(engine.engine, id) };
}

it("waits for who is at it, takes what they leave as what was there, and gives that back", async () => {
  const engine = await openWheel();
  const { id, work } = await replacing(engine);
  const editor = await editing(
    engine,
    "update items set description = 'edited' where name = 'A'",
    "delete from items where name = 'B'",
    `insert into items (wheel_id, page_id, name, start_date, end_date) select wheel_id, page_id, 'Mine', start_date, end_date from items where name = 'A'`,
  );
  const worked = work();
  await waiting(engine, 1);
  await editor.end();
  await worked;
  expect(await namesOf(engine)).toEqual(["Mine", "X", "Y"]);
  const { counts } = await engine.outcomeOf(id);
  expect(counts).toMatchObject({ created: 2, deleted_items: 2 });
  expect((await undo(engine, id)).kept).toEqual({});
  expect(await namesOf(engine)).toEqual(["A edited", "C", "Mine"]);
});

it("has who comes while it writes wait, and see that what they meant to change is gone", async () => {
  const engine = await openWheel();
  await engine.rows(`
    create function wait() returns trigger language plpgsql as 'begin perform pg_advisory_xact_lock(42); return new; end';
    create trigger wait before insert on items for each row when (new.name in ('X', 'Y')) execute function wait()`);
  const { id, work } = await replacing(engine);
  const gate = await editing(engine, "select pg_advisory_xact_lock(42)");
  const worked = work();
  await waiting(engine, 1);
  // The old content is what others see meanwhile.
  expect(await namesOf(engine)).toEqual(["A", "B", "C"]);
  const changed = engine.database.transaction((session) =>
    session.text("update items set description = 'late' where name = 'A' returning id"),
  );
  await waiting(engine, 2);
  const added = await editing(
    engine,
    "insert into items (wheel_id, page_id, name, start_date, end_date) select wheel_id, page_id, 'Mine', start_date, end_date from items where name = 'C'",
  );
  await added.end();
  await gate.end();
  await worked;
  expect((await changed).rows).toEqual([]);
  expect(await namesOf(engine)).toEqual(["Mine", "X", "Y"]);
  expect((await undo(engine, id)).kept).toEqual({});
  expect(await namesOf(engine)).toEqual(["A", "B", "C", "Mine"]);
});

it("keeps at the undo what was edited after it, and says so", async () => {
  const engine = await openWheel();
  const { id, work } = await replacing(engine);
  await work();
  await engine.rows("update items set description = 'edited' where name = 'X'");
  const { kept, rows } = await undo(engine, id);
  expect(kept).toMatchObject({ edited_since: 1 });
  expect(rows).toMatchObject([{ record: "items", reason: "edited_since" }]);
  expect(await namesOf(engine)).toEqual(["A", "B", "C", "X edited"]);
  expect((await wheelOf(engine)).filter(({ name }) => name !== "X")).toEqual(engine.before);
});

const products = defineImporter({
  name: "products",
  fields: { code: field.text({ required: true }), name: field.text() },
  match: { keys: ["code"], onDuplicate: "update" },
  target: { table: "products" },
  modes: ["replace"],
  maxRemoval: 1,
});

it("refuses a row whose key somebody has taken meanwhile, and overwrites neither theirs nor an edit that makes one", async () => {
  const engine = await openEngine(
    [products],
    `create table products (id bigint generated always as identity primary key, code text unique, name text);
     insert into products (code, name) values ('A', 'old'), ('B', 'old')`,
  );
  const { id } = await engine.create(products, "code,name\nA,new\nN,new\nM,new\nC,new\n", { mode: "replace" });
  await engine.engine.start(id);
  await workToEnd(engine.engine, id);
  await engine.engine.commit(id);
  const editor = await editing(
    engine,
    "insert into products (code, name) values ('N', 'theirs')",
    "update products set code = 'M', name = 'edited' where code = 'B'",
  );
  const worked = workToEnd(engine.engine, id);
  await waiting(engine, 1);
  await editor.end();
  await worked;
  const { counts, issues, job } = await engine.outcomeOf(id);
  expect([job.status, some(counts)]).toEqual(["completed", { created: 3, failed: 1 }]);
  expect(issues).toEqual([[3, null, "database_unique"]]);
  const stand = "select code || ' ' || name as line from products order by 1";
  expect(await engine.rows(stand)).toEqual(["A new", "C new", "M new", "N theirs"].map((line) => ({ line })));
  expect((await undo(engine, id)).kept).toEqual({});
  expect(await engine.rows(stand)).toEqual(["A old", "M edited", "N theirs"].map((line) => ({ line })));
});
