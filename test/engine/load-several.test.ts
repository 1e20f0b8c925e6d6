/** A loader of several statements: what it tells of each row goes to counts, history and undo, and `foresee` writes nothing. */
import { expect, it } from "vitest";
import { defineImporter, field, type LoadChunk, type LoadDatabase } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";
import { undo } from "./undo-import.ts";

const ddl = `
  create table articles (id bigint generated always as identity primary key, sku text not null unique, quantity integer not null check (quantity < 1000));
  create table article_history (record_id bigint, event text, old_values jsonb, new_values jsonb);
  create table finished (job_id bigint, articles bigint);
  insert into articles (sku, quantity) values ('A', 1), ('S', 5)`;

/** What becomes of the rows, without a change. */
const decide = ({ rows, outcomes, target }: LoadChunk): string => `
  insert into ${outcomes} (row_no, outcome, record_id, before, after)
  select r.row_no, case when a.id is null then 'created' when a.quantity = r.quantity then 'unchanged' else 'updated' end, a.id::text,
    case when a.quantity <> r.quantity then jsonb_build_object('quantity', a.quantity) end,
    case when a.quantity <> r.quantity then jsonb_build_object('quantity', r.quantity) end
  from ${rows} r left join ${target} a on a.sku = r.sku`;

async function load(chunk: LoadChunk, db: LoadDatabase): Promise<void> {
  const { rows, outcomes, target } = chunk;
  await db.query(decide(chunk));
  await db.query(`
    update ${target} a set quantity = r.quantity from ${rows} r join ${outcomes} o using (row_no)
    where o.outcome = 'updated' and a.sku = r.sku`);
  await db.query(`
    with made as (
      insert into ${target} (sku, quantity) select sku, quantity from ${rows} join ${outcomes} using (row_no) where outcome = 'created'
      returning id, sku
    )
    update ${outcomes} o set record_id = m.id::text from made m join ${rows} r on r.sku = m.sku where o.row_no = r.row_no`);
}

const articles = defineImporter({
  name: "articles",
  fields: { sku: field.text({ required: true }), quantity: field.integer({ required: true }) },
  target: { table: "articles" },
  history: { table: "article_history", record: "record_id" },
  load,
  foresee: async (chunk, db) => {
    await db.query(decide(chunk));
  },
  finish: async ({ jobId, target }, db) => {
    await db.query(`insert into finished select $1, count(*) from ${target}`, [jobId]);
  },
});

const text = "sku,quantity\nA,2\nB,3\nS,5\n,1\nC,5000\n";

it("counts what the loader has told, keeps values before and after, and writes the history", async () => {
  const { importCsv, dryRun, rows } = await openEngine([articles], ddl);
  const foretold = await dryRun(articles, text);
  expect(some(foretold.counts)).toEqual({ created: 2, updated: 1, unchanged: 1, invalid: 1 });
  expect(await rows("select sku, quantity from articles order by sku")).toEqual([
    { sku: "A", quantity: 1 },
    { sku: "S", quantity: 5 },
  ]);
  const { counts, issues } = await importCsv(articles, text);
  expect(some(counts)).toEqual({ created: 1, updated: 1, unchanged: 1, invalid: 1, failed: 1 });
  expect(issues).toContainEqual([6, null, "database_check"]);
  expect(await rows("select sku, quantity from articles order by sku")).toEqual([
    { sku: "A", quantity: 2 },
    { sku: "B", quantity: 3 },
    { sku: "S", quantity: 5 },
  ]);
  expect(await rows("select event, old_values, new_values from article_history order by event")).toEqual([
    { event: "imported", old_values: null, new_values: null },
    { event: "updated", old_values: { quantity: 1 }, new_values: { quantity: 2 } },
  ]);
  expect(await rows("select articles::int from finished")).toEqual([{ articles: 3 }]);
});

it("is undone: what it created goes, what it updated is as before", async () => {
  const open = await openEngine([articles], ddl);
  const { importCsv, rows } = open;
  const { job } = await importCsv(articles, "sku,quantity\nA,2\nB,3\n");
  const undone = await undo(open, job.id);
  expect([undone.status, undone.deleted, undone.restored, undone.kept]).toEqual(["undone", 1, 1, {}]);
  expect(await rows("select sku, quantity from articles order by sku")).toEqual([
    { sku: "A", quantity: 1 },
    { sku: "S", quantity: 5 },
  ]);
});

it.each([
  [
    "tells of a row twice",
    (chunk: LoadChunk) =>
      `insert into ${chunk.outcomes} select row_no, 'created' from ${chunk.rows}, generate_series(1, 2)`,
  ],
  [
    "leaves a row out",
    (chunk: LoadChunk) => `insert into ${chunk.outcomes} select row_no, 'created' from ${chunk.rows} limit 1`,
  ],
  [
    "tells of a row that it was not given",
    (chunk: LoadChunk) => `insert into ${chunk.outcomes} select row_no + 100, 'created' from ${chunk.rows}`,
  ],
  [
    "has a word of its own",
    (chunk: LoadChunk) => `insert into ${chunk.outcomes} select row_no, 'made' from ${chunk.rows}`,
  ],
])("fails with what is missing when the loader %s", async (_, outcomes) => {
  const importer = defineImporter({
    ...articles,
    history: undefined,
    load: async (chunk, db) => {
      await db.query(outcomes(chunk));
    },
  });
  const { importCsv, rows } = await openEngine([importer], ddl);
  await expect(importCsv(importer, "sku,quantity\nB,3\nC,4\n")).rejects.toThrow(/got 2 rows but reported on \d/);
  expect(await rows("select count(*)::int as n from articles")).toEqual([{ n: 2 }]);
});

it("says what the end has failed with, and ends when it is retried", async () => {
  const importer = { ...articles, finish: () => Promise.reject(new Error("no view")) };
  const { importCsv, rows } = await openEngine([importer], ddl);
  await expect(importCsv(importer, "sku,quantity\nB,3\n")).rejects.toThrow(
    'Every row is in, but the `finish` of the importer "articles" failed: no view.',
  );
  expect(await rows("select status, phase from sluice.import_jobs")).toEqual([{ status: "failed", phase: "commit" }]);
});
