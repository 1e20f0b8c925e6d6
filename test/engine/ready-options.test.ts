/** Options of an import that is ready: other duplicates, rules of merging and owners, without losing what is staged and edited. */
import { expect, it } from "vitest";
import type { Assignment } from "../../src/index.ts";
import { leads } from "../../src/index.ts";
import { sql } from "../../src/postgres/connection/session.ts";
import { openEngine, some, workToEnd } from "../open-engine.ts";
import { commit, ready } from "./review-import.ts";

const ids = {
  anna: "00000000-0000-0000-0000-00000000000a",
  bo: "00000000-0000-0000-0000-00000000000b",
};
const ddl = `
  insert into profiles (id, email, full_name) values ('${ids.anna}', 'anna@x.fr', 'Anna Roux'), ('${ids.bo}', 'bo@x.fr', 'Bo Élan');
  insert into leads (email, city, phone) values ('old@x.fr', 'Paris', '+33612345678')`;
const text =
  "email,city,phone,commercial\nold@x.fr,Lyon,,BO@x.fr\nnew@x.fr,Nice,,A. Roux\nnew@x.fr,Metz,,a. roux\nnone,Lyon,,Zoé\n,Brest,0612345678,Zoé\nlast@x.fr,Caen,,\n";

const keys = { keys: ["email"] };

async function open() {
  const opened = await openEngine([leads], ddl);
  const id = await ready(opened, leads, text);
  const ownersByMail = () =>
    opened.rows<{ email: string | null; owner: string | null }>(
      "select l.email, split_part(p.email, '@', 1) as owner from leads l left join profiles p on p.id = l.assigned_to where l.import_job_id is not null order by l.id",
    );
  return { ...opened, id, ownersByMail };
}

it("matches anew by them: each strategy and each rule has its own dry run, which its commit keeps", async () => {
  const opened = await open();
  const { engine, id } = opened;
  const foretold = async (changes: Parameters<typeof engine.changeReady>[1]) => {
    await engine.changeReady(id, changes);
    return some((await engine.dryRun(id)).counts);
  };
  expect(await foretold({ duplicates: { strategy: "skip", ...keys } })).toEqual({ created: 3, skipped: 2, invalid: 1 });
  expect(await foretold({ duplicates: { strategy: "create", ...keys } })).toEqual({ created: 5, invalid: 1 });
  expect(await foretold({ duplicates: { strategy: "skip", keys: ["email", "phone"] } })).toEqual({
    created: 2,
    skipped: 3,
    invalid: 1,
  });
  const update = { strategy: "update", ...keys } as const;
  expect(await foretold({ duplicates: update })).toEqual({ created: 3, updated: 2, invalid: 1 });
  expect(await foretold({ merge: { city: "fill" } })).toEqual({ created: 3, unchanged: 2, invalid: 1 });
  expect(await foretold({ merge: { city: "clear" } })).toEqual({ created: 3, updated: 2, invalid: 1 });
  const { counts } = await commit(opened, id);
  expect(some(counts)).toEqual({ created: 3, updated: 2, invalid: 1 });
});

it("leaves the stage and its edits as they are, and tells of each change once in the timeline", async () => {
  const { engine, id } = await open();
  await engine.review.editCell(id, { row: 5, field: "email", value: "mended@x.fr" }, null);
  const duplicates = { strategy: "update", ...keys } as const;
  const assignment: Assignment = { mode: "single", owner: ids.bo };
  const answers = await Promise.all(
    Array.from({ length: 3 }, () => engine.changeReady(id, { duplicates, assignment }, "anna")),
  );
  expect(new Set(answers.map(({ status, stageGeneration }) => `${status} ${stageGeneration}`))).toEqual(
    new Set(["ready 0"]),
  );
  const events = await engine.events.list(id);
  expect(events.filter(({ actor }) => actor === "anna")).toMatchObject([
    { name: "import.edited", actor: "anna", data: { changed: ["assignment", "duplicates"] } },
  ]);
  expect(some((await engine.dryRun(id)).counts)).toEqual({ created: 4, updated: 2 });
});

it.each<[string, Assignment, Record<string, string | null>]>([
  ["nobody", { mode: "none" }, { "new@x.fr": null, "last@x.fr": null }],
  ["one person", { mode: "single", owner: ids.bo }, { "new@x.fr": "bo", "last@x.fr": "bo" }],
  [
    "people in turn",
    {
      mode: "round-robin",
      owners: [
        { owner: ids.anna, weight: 1 },
        { owner: ids.bo, weight: 2 },
      ],
    },
    { "new@x.fr": "anna", "last@x.fr": "bo" },
  ],
  [
    "whom a column names, with names that nobody has said by hand",
    { mode: "column", column: "commercial", fallback: ids.bo, values: { "A. ROUX": ids.anna } },
    { "new@x.fr": "anna", "last@x.fr": "bo" },
  ],
])("gives the records to %s", async (_who, assignment, expected) => {
  const opened = await open();
  const { engine, id, ownersByMail } = opened;
  await engine.changeReady(id, { assignment });
  await workToEnd(engine, id);
  await commit(opened, id);
  expect(Object.fromEntries((await ownersByMail()).map(({ email, owner }) => [email, owner]))).toMatchObject(expected);
});

it("reads a column of owners that was not staged from the file, keeps edits and counts, and comes back to ready", async () => {
  const opened = await open();
  const { engine, id, rows } = opened;
  await engine.review.editCell(id, { row: 5, field: "email", value: "mended@x.fr" }, null);
  const before = await engine.imports.get(id);
  const queued = await engine.changeReady(id, { assignment: { mode: "column", column: "commercial" } }, "anna");
  expect([queued.status, queued.phase, queued.stageGeneration]).toEqual(["queued", "parse", 1]);
  await expect(engine.changeReady(id, { merge: { city: "fill" } })).rejects.toMatchObject({ code: "conflict" });
  await workToEnd(engine, id);
  const after = await engine.imports.get(id);
  expect([after.status, after.validRows, after.invalidRows, after.totalRows]).toEqual([
    "ready",
    before.validRows,
    before.invalidRows,
    before.totalRows,
  ]);
  expect(
    await rows("select tablename from pg_tables where schemaname = 'sluice_stage' and tablename like '%\\_0'"),
  ).toEqual([]);
  expect(await engine.unknownOwners(id, 10)).toEqual({
    items: [
      { value: "A. Roux", rows: 2 },
      { value: "Zoé", rows: 2 },
    ],
    total: 2,
    blank: 1,
  });
  // Away from it and back: what was edited meanwhile has no owner in the stage.
  await engine.changeReady(id, { assignment: { mode: "none" } });
  expect((await engine.imports.get(id)).status).toBe("ready");
  await engine.changeReady(id, { assignment: { mode: "column", column: "commercial" } });
  expect((await engine.imports.get(id)).status).toBe("queued");
  await workToEnd(engine, id);
  expect((await engine.unknownOwners(id, 1)).items).toEqual([{ value: "A. Roux", rows: 2 }]);
});

it("maps only the column's unknown names that were said, whatever their case; the others stay out, or go to the fallback", async () => {
  const { engine, id } = await open();
  const values = { "a. ROUX": ids.anna };
  await engine.changeReady(id, { assignment: { mode: "column", column: "commercial", values } });
  await workToEnd(engine, id);
  const { counts, issues } = await engine.dryRun(id);
  expect(some(counts)).toEqual({ created: 2, skipped: 2, invalid: 2 });
  expect(issues).toContainEqual({ field: "assigned_to", code: "owner_unknown", count: 1 });
  const assignment: Assignment = { mode: "column", column: "commercial", values, fallback: ids.bo };
  expect((await engine.changeReady(id, { assignment })).status).toBe("ready");
  expect(some((await engine.dryRun(id)).counts)).toEqual({ created: 2, skipped: 3, invalid: 1 });
});

it("counts one dry run after the other, each by the options it began with, however many are asked for at once", async () => {
  const { engine, id } = await open();
  const runs = await Promise.all(
    (["skip", "create", "update", "skip", "update", "create", "skip", "update"] as const).map(async (strategy) => {
      await engine.changeReady(id, { duplicates: { strategy, ...keys } });
      const job = await engine.imports.get(id);
      return [job.duplicates.strategy, some((await engine.dryRun(id)).counts)] as const;
    }),
  );
  for (const [, counts] of runs) expect(Object.values(counts).reduce<number>((a, b = 0) => a + b, 0)).toBe(6);
  const { duplicates } = await engine.imports.get(id);
  const last = some((await engine.dryRun(id)).counts);
  expect(last).toEqual(
    {
      skip: { created: 3, skipped: 2, invalid: 1 },
      create: { created: 5, invalid: 1 },
      update: { created: 3, updated: 2, invalid: 1 },
    }[duplicates.strategy],
  );
});

it("comes before a press of commit or after it, never in the middle", async () => {
  const { engine, id } = await open();
  const [committed, changed] = await Promise.allSettled([
    engine.commit(id),
    engine.changeReady(id, { duplicates: { strategy: "create", ...keys } }),
  ]);
  expect(committed.status).toBe("fulfilled");
  await workToEnd(engine, id);
  const counts = some(await engine.imports.counts(id));
  expect(counts).toEqual(
    changed.status === "fulfilled" ? { created: 5, invalid: 1 } : { created: 2, skipped: 3, invalid: 1 },
  );
  await expect(engine.changeReady(id, { merge: {} })).rejects.toMatchObject({ code: "conflict" });
  await expect(engine.dryRun(id)).rejects.toMatchObject({ code: "conflict" });
});

it("finds that the stage is lost by a dry run, and hands the import to a worker that reads the file again", async () => {
  const { engine, id, database, rows } = await open();
  await database.query(sql.raw(`truncate sluice_stage.job_${id}_0`));
  await expect(engine.dryRun(id)).rejects.toMatchObject({ code: "unavailable" });
  expect(await rows(`select status, phase from sluice.import_jobs where id = ${id}`)).toEqual([
    { status: "queued", phase: "parse" },
  ]);
  await workToEnd(engine, id);
  expect(some((await engine.dryRun(id)).counts)).toEqual({ created: 2, skipped: 3, invalid: 1 });
});

it("gives edited rows the owner of the column that is read later, also when their edits are taken back", async () => {
  const { engine, id, rows } = await open();
  const { review } = engine;
  const owners = async () => {
    const { stageGeneration } = await engine.imports.get(id);
    const staged = await rows<{ row_no: number; owner_key: string | null }>(
      `select row_no, owner_key from sluice_stage.job_${id}_${stageGeneration} where row_no > 0 order by row_no`,
    );
    return Object.fromEntries(staged.map(({ row_no, owner_key }) => [row_no, owner_key]));
  };
  // Valid and changed, invalid and mended, valid and broken, broken and mended again, and none of them.
  await review.editCell(id, { row: 2, field: "city", value: "Rennes" }, null);
  await review.editCell(id, { row: 5, field: "email", value: "mended@x.fr" }, null);
  await review.editCell(id, { row: 3, field: "email", value: "broken" }, null);
  await review.editCell(id, { row: 4, field: "email", value: "broken" }, null);
  await review.editCell(id, { row: 4, field: "email", value: "whole@x.fr" }, null);
  const assignment: Assignment = { mode: "column", column: "commercial" };
  await engine.changeReady(id, { assignment });
  await workToEnd(engine, id);
  expect(await owners()).toEqual({ 2: "BO@x.fr", 4: "a. roux", 5: "Zoé", 6: "Zoé", 7: null });
  await review.editCell(id, { row: 3, field: "email", value: "again@x.fr" }, null);
  await review.editCell(id, { row: 2, column: 3, value: "anna@x.fr" }, null);
  const edited = { 2: "anna@x.fr", 3: "A. Roux", 4: "a. roux", 5: "Zoé", 6: "Zoé", 7: null };
  expect(await owners()).toEqual(edited);
  // By way of another column and back.
  for (const column of ["city", "commercial"]) {
    await engine.changeReady(id, { assignment: { mode: "column", column } });
    await workToEnd(engine, id);
  }
  expect(await owners()).toEqual(edited);
  for (let k = 0; k < 7; k++) await review.undoEdit(id, null);
  expect(await owners()).toEqual({ 2: "BO@x.fr", 3: "A. Roux", 4: "a. roux", 6: "Zoé", 7: null });
});

/** Cities that are words, so that nothing but a key asks for more. */
const words = ["Lyon", "Nice", "Metz", "Caen", "Brest"].map((city, k) => `w${k}@x.fr,${city},Bois\n`).join("");

it("takes a key that the file was not read by, unless a spreadsheet has damaged it there", async () => {
  const opened = await openEngine([leads], ddl);
  const { engine } = opened;
  const id = await ready(
    opened,
    leads,
    `email,city,company\na@x.fr,3.36E+10,Roux\nb@x.fr,3.36E+10,Roux\n${words}`,
    keys,
  );
  const by = (...names: string[]) => engine.changeReady(id, { duplicates: { strategy: "skip", keys: names } });
  await expect(by("email", "city")).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining('"city"'),
  });
  expect((await engine.imports.get(id)).duplicates.keys).toEqual(["email"]);
  await by("company", "email");
  const { counts } = await commit(opened, id);
  expect(some(counts)).toEqual({ created: 2, skipped: 5 });
});

it("leaves rows out that were rejected for a key, also when the file is read again and it is none any more", async () => {
  const opened = await openEngine([leads], ddl);
  const { engine } = opened;
  const damaged = `email,city,commercial\na@x.fr,3.36E+10,bo@x.fr\n${words.replaceAll("Bois", "bo@x.fr")}`;
  const id = await ready(opened, leads, damaged, { keys: ["email", "city"] });
  const assignment: Assignment = { mode: "column", column: "commercial" };
  await engine.changeReady(id, { duplicates: { strategy: "skip", ...keys }, assignment });
  await workToEnd(engine, id);
  const { counts, job } = await commit(opened, id);
  expect(some(counts)).toEqual({ created: 5, invalid: 1 });
  expect(job.totalRows).toBe(6);
});

it("loses no row whose owner cannot be read when the owners' column is read later", async () => {
  const opened = await openEngine([leads], ddl);
  const { engine } = opened;
  const id = await ready(opened, leads, "email,commercial\na@x.fr,bo@x.fr\nb@x.fr,B\0\nc@x.fr,\n", keys);
  expect((await engine.imports.get(id)).validRows).toBe(3);
  await engine.changeReady(id, { assignment: { mode: "column", column: "commercial" } });
  await workToEnd(engine, id);
  const { counts } = await commit(opened, id);
  expect(some(counts)).toEqual({ created: 3 });
  expect(await opened.rows("select email from leads where assigned_to is not null")).toEqual([{ email: "a@x.fr" }]);
});
