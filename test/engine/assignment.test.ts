/** Who gets the records that an import creates. */
import { expect, it } from "vitest";
import type { Assignment } from "../../src/index.ts";
import { defineImporter, field, leads } from "../../src/index.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { type OpenEngine, openEngine, some, workToEnd } from "../open-engine.ts";

const ids = {
  anna: "00000000-0000-0000-0000-00000000000a",
  bo: "00000000-0000-0000-0000-00000000000b",
  cy: "00000000-0000-0000-0000-00000000000c",
};
const people = `insert into profiles (id, email, full_name) values
  ('${ids.anna}', 'Anna@x.fr', 'Anna Roux'), ('${ids.bo}', 'bo@x.fr', 'Bo Élan'), ('${ids.cy}', 'cy@x.fr', null)`;

async function ownersOf({ rows }: OpenEngine): Promise<(string | null)[]> {
  const found = await rows<{ owner: string | null }>(
    "select split_part(lower(p.email), '@', 1) as owner from leads l left join profiles p on p.id = l.assigned_to order by (l.external_id)::int",
  );
  return found.map(({ owner }) => owner);
}

const file = (count: number): string => `external_id\n${Array.from({ length: count }, (_, k) => k + 1).join("\n")}\n`;

it.each([
  ["nobody", { mode: "none" }, [null, null, null, null, null]],
  ["one person", { mode: "single", owner: ids.bo }, ["bo", "bo", "bo", "bo", "bo"]],
  [
    "several in turn by weight",
    {
      mode: "round-robin",
      owners: [
        { owner: ids.anna, weight: 1 },
        { owner: ids.bo, weight: 2 },
      ],
    },
    ["anna", "bo", "bo", "anna", "bo"],
  ],
] as [string, Assignment, (string | null)[]][])("gives the records to %s", async (_who, assignment, expected) => {
  const open = await openEngine([leads], people);
  expect(some((await open.importCsv(leads, file(5), { assignment })).counts)).toEqual({ created: 5 });
  expect(await ownersOf(open)).toEqual(expected);
});

it("deals round robin over what is created alone, also where rows update, make a record together or are invalid", async () => {
  const open = await openEngine([leads], `${people}; insert into leads (external_id) values ('2')`);
  const assignment: Assignment = {
    mode: "round-robin",
    owners: [
      { owner: ids.anna, weight: 1 },
      { owner: ids.bo, weight: 1 },
    ],
  };
  const text = "external_id,email,city\n1,,A\n2,,changed\n3,bad,\n4,,A\n5,,A\n4,,B\n6,,A\n";
  const { counts } = await open.importCsv(leads, text, { assignment, strategy: "update" });
  expect(some(counts)).toEqual({ created: 4, updated: 2, invalid: 1 });
  const owners = await ownersOf(open);
  expect(owners[1]).toBeNull();
  expect(owners.filter((owner) => owner === "anna")).toHaveLength(2);
  expect(owners.filter((owner) => owner === "bo")).toHaveLength(2);
});

it("deals exactly over the borders of chunks", async () => {
  const open = await openEngine([leads], people, { chunkRows: 100 });
  const owners = [
    { owner: ids.anna, weight: 1 },
    { owner: ids.bo, weight: 2 },
    { owner: ids.cy, weight: 4 },
  ];
  // Every tenth row is a duplicate of the one before it.
  const text = `external_id\n${Array.from({ length: 455 }, (_, k) => (k % 10 === 9 ? k : k + 1)).join("\n")}\n`;
  const { counts, job } = await open.importCsv(leads, text, { assignment: { mode: "round-robin", owners } });
  expect(some(counts)).toEqual({ created: 410, skipped: 45 });
  expect((await open.engine.chunks.progress(job.id)).chunks).toBe(5);
  expect(await open.rows("select assigned_to as owner, count(*)::int as n from leads group by 1 order by 1")).toEqual([
    { owner: ids.anna, n: 59 },
    { owner: ids.bo, n: 118 },
    { owner: ids.cy, n: 233 },
  ]);
});

const byColumn = "external_id;commercial\n1;ANNA@X.FR\n2;bo élan\n3;nobody\n4;\n";

it("finds owners by e-mail or full name in a column; an unknown one is an issue", async () => {
  const open = await openEngine([leads], people);
  const { counts, rows } = await open.importCsv(leads, byColumn, {
    assignment: { mode: "column", column: "commercial" },
  });
  expect(some(counts)).toEqual({ created: 3, invalid: 1 });
  expect(rows).toMatchObject([
    {
      row: 4,
      outcome: "invalid",
      issues: [{ c: "owner_unknown", f: "assigned_to", p: { table: "profiles", value: "nobody" } }],
    },
  ]);
  expect(await ownersOf(open)).toEqual(["anna", "bo", null]);
});

it("gives rows whose owner is unknown or blank to the fallback", async () => {
  const open = await openEngine([leads], people);
  const { counts } = await open.importCsv(leads, byColumn, {
    assignment: { mode: "column", column: "commercial", fallback: ids.cy },
  });
  expect(some(counts)).toEqual({ created: 4 });
  expect(await ownersOf(open)).toEqual(["anna", "bo", "cy", "cy"]);
});

it("leaves the owner of an updated record alone", async () => {
  const open = await openEngine(
    [leads],
    `${people}; insert into leads (external_id, assigned_to) values ('1', '${ids.bo}')`,
  );
  const { counts } = await open.importCsv(leads, "external_id,city\n1,Lyon\n", {
    assignment: { mode: "single", owner: ids.anna },
    strategy: "update",
  });
  expect(some(counts)).toEqual({ updated: 1 });
  expect(await ownersOf(open)).toEqual(["bo"]);
});

const dealt = defineImporter({
  name: "dealt",
  fields: { code: field.text(), name: field.text() },
  match: { keys: ["code"] },
  target: { table: "dealt" },
  assign: { column: "owner", table: "people", by: ["name"], shared: true },
});
const dealtDdl = `
  create table people (id text primary key, name text); insert into people values ('a', 'a'), ('b', 'b'), ('c', 'c');
  create table dealt (id bigint generated always as identity primary key, code text, name text, owner text);
  create function picky() returns trigger language plpgsql as $$ begin
    if new.name = 'bad' then raise exception 'no'; end if;
    if new.name = 'gone' then return null; end if;
    return new; end $$;
  create trigger picky before insert on dealt for each row execute function picky()`;

it.each([
  ["by equal weights", [1, 1, 1], false, "skip"],
  ["by weights of 1, 2 and 4", [1, 2, 4], false, "skip"],
  ["over an interruption", [1, 1, 1], true, "skip"],
  ["over rows that make a record together", [1, 2, 1], true, "update"],
] as [string, number[], boolean, "skip" | "update"][])(
  "deals evenly %s where rows are refused and left out",
  async (_how, weights, interrupted, strategy) => {
    const { create, engine, outcomeOf, rows, store } = await openEngine([dealt], dealtDdl, { chunkRows: 40 });
    const name = (k: number): string => (k % 40 < 12 && k % 7 < 3 ? "bad" : k > 300 && k % 5 === 0 ? "gone" : "ok");
    // The last chunk is refused as a whole.
    const names = Array.from({ length: 365 }, (_, k) => (k >= 358 ? "bad" : name(k)));
    const people = names.map((each, k) => `${strategy === "update" && k % 10 === 9 ? k - 1 : k},${each}`);
    const owners = ["a", "b", "c"].map((owner, k) => ({ owner, weight: weights[k] }));
    const job = await create(dealt, `code,name\n${people.join("\n")}\n`, {
      strategy,
      assignment: { mode: "round-robin", owners },
    });
    await engine.start(job.id);
    await workToEnd(engine, job.id);
    let left = 4;
    const commitChunk = store.commits.commitChunk.bind(store.commits);
    store.commits.commitChunk = async (...args) => {
      if (interrupted && left-- === 0) await engine.pause(job.id, "enough");
      return commitChunk(...args);
    };
    await engine.commit(job.id);
    await workToEnd(engine, job.id);
    if (interrupted) {
      await engine.resume(job.id);
      await workToEnd(engine, job.id);
    }
    const { counts } = await outcomeOf(job.id);
    const found = await rows<{ owner: string; n: number }>(
      "select owner, count(*)::int as n from dealt group by 1 order by 1",
    );
    const round = weights.reduce((sum, weight) => sum + weight, 0);
    expect(found.reduce((sum, { n }) => sum + n, 0)).toBe(counts.created);
    for (const [k, { n }] of found.entries()) {
      const least = Math.floor(counts.created / round) * weights[k];
      expect([least, n, n >= least && n <= least + weights[k]]).toEqual([least, n, true]);
    }
    await engine.undo(job.id);
    await workToEnd(engine, job.id);
    expect(await rows("select code from dealt")).toEqual([]);
  },
);

it("deals to a loader of one's own by the rows that are to make a record, over chunks", async () => {
  const loaded = defineImporter({
    ...dealt,
    name: "loaded",
    match: { keys: ["code"], onDuplicate: "update" },
    load: ({ rows, target }) => `
      with changed as (update ${target} t set name = r.name from ${rows} r where r.action = 'update' and t.id = r.record_id),
        made as (insert into ${target} (code, name, owner) select code, name, owner_id from ${rows} where action = 'create' returning id, code)
      select r.row_no, coalesce(r.record_id, m.id) as record_id, case r.action when 'update' then 'updated' else 'created' end as outcome
      from ${rows} r left join made m on m.code = r.code`,
  });
  const { importCsv, rows } = await openEngine(
    [loaded],
    `${dealtDdl}; insert into dealt (code, name) select k, 'there' from generate_series(0, 59) k where k % 4 in (0, 2)`,
    { chunkRows: 17 },
  );
  const lines = Array.from({ length: 60 }, (_, k) => `${k},ok`);
  const owners = ["a", "b"].map((owner) => ({ owner, weight: 1 }));
  const assignment: Assignment = { mode: "round-robin", owners };
  const { counts } = await importCsv(loaded, `code,name\n${lines.join("\n")}\n`, { assignment });
  expect(some(counts)).toEqual({ created: 30, updated: 30 });
  expect(
    await rows("select owner, count(*)::int as n from dealt where owner is not null group by 1 order by 1"),
  ).toEqual([
    { owner: "a", n: 15 },
    { owner: "b", n: 15 },
  ]);
});

it("deals evenly where two chunks that end at the same moment have each left out a row", async () => {
  const { create, database, engine, rows } = await openEngine(
    [dealt],
    `${dealtDdl};
      create function waits() returns trigger language plpgsql as $$ begin
        perform pg_advisory_xact_lock_shared(7); return new; end $$;
      create trigger waits before update on sluice.import_chunks for each row
        when (old.done_at is null and new.done_at is not null) execute function waits()`,
    { chunkRows: 10 },
  );
  // Rows 2 to 9 are the first chunk, 10 to 17 the second one.
  const lines = Array.from({ length: 16 }, (_, k) => `${k},${k === 7 || k === 15 ? "gone" : "ok"}`);
  const owners = ["a", "b"].map((owner) => ({ owner, weight: 1 }));
  const job = await create(dealt, `code,name\n${lines.join("\n")}\n`, { assignment: { mode: "round-robin", owners } });
  await engine.start(job.id);
  await workToEnd(engine, job.id);
  let committed = Promise.resolve();
  await database.transaction(async (session) => {
    await session.query(sql`select pg_advisory_xact_lock(7)`);
    await engine.commit(job.id);
    committed = workToEnd(engine, job.id);
    const waiting = sql<{ n: number }>`
      select count(*)::int as n from pg_locks l join pg_database d on d.oid = l.database
      where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`;
    await expect.poll(async () => (await database.query(waiting))[0]?.n).toBe(2);
  });
  await committed;
  expect(await rows("select owner, count(*)::int as n from dealt group by 1 order by 1")).toEqual([
    { owner: "a", n: 7 },
    { owner: "b", n: 7 },
  ]);
});
