/** The escape hatch: an importer that loads its chunks by a statement of its own. */
import { expect, it } from "vitest";
import { defineImporter, field, type LoadChunk } from "../../src/index.ts";
import { openEngine, some } from "../open-engine.ts";

const ddl = `
  create table products (sku text primary key, title text not null, tenant text, owner_id text, job_id bigint);
  create table prices (sku text references products, price numeric(10,2) check (price < 1000));
  insert into products (sku, title, tenant) values ('A', 'old', 'x'), ('S', 'same', 'x')`;

/** Two tables at once: what a single target cannot say. */
const statement = ({ rows, target, jobId }: LoadChunk): string => `
  with saved as (
    insert into ${target} (sku, title, tenant, owner_id, job_id)
    select sku, title, tenant, owner_id, ${jobId} from ${rows} where title <> 'ignore'
    on conflict (sku) do update set title = excluded.title where products.title <> excluded.title
    returning sku, xmax = 0 as is_new
  ), priced as (
    insert into prices (sku, price) select r.sku, r.price from ${rows} r where r.price is not null and r.title <> 'ignore'
  )
  select r.row_no, r.sku as record_id,
    case when r.title = 'ignore' then 'skipped' when s.sku is null then 'unchanged' when s.is_new then 'created' else 'updated' end as outcome
  from ${rows} r left join saved s on s.sku = r.sku`;

const products = defineImporter({
  name: "products",
  fields: { sku: field.text({ required: true }), title: field.text({ required: true }), price: field.decimal() },
  context: { tenant: {} },
  target: { table: "products", id: "sku" },
  load: statement,
});

const text = "sku,title,price\nA,new,1.50\nB,fresh,2.50\nS,same,\nI,ignore,3\n,missing,1\n";

it("hands typed rows, context and job to the statement and counts what it says", async () => {
  const { importCsv, dryRun, rows } = await openEngine([products], ddl);
  const counts = { created: 1, updated: 1, unchanged: 1, skipped: 1, invalid: 1 };
  const foretold = await dryRun(products, text, { context: { tenant: "x" } });
  expect(some(foretold.counts)).toEqual(counts);
  expect(await rows("select count(*)::int as n from prices")).toEqual([{ n: 0 }]);
  const outcome = await importCsv(products, text, { context: { tenant: "x" } });
  expect(some(outcome.counts)).toEqual(counts);
  expect(await rows("select sku, title, tenant, job_id is not null as imported from products order by sku")).toEqual([
    { sku: "A", title: "new", tenant: "x", imported: false },
    { sku: "B", title: "fresh", tenant: "x", imported: true },
    { sku: "S", title: "same", tenant: "x", imported: false },
  ]);
  expect(await rows("select sku, price::text from prices order by sku")).toEqual([
    { sku: "A", price: "1.50" },
    { sku: "B", price: "2.50" },
  ]);
  expect(await rows("select created_keys from sluice.import_chunks")).toEqual([{ created_keys: ["B"] }]);
});

it("shows the records that it made, without what the target has no column for", async () => {
  const { importCsv, engine } = await openEngine([products], ddl);
  const { job } = await importCsv(products, text, { context: { tenant: "x" } });
  const shown = [];
  for await (const page of engine.archive.records(job, products)) shown.push(...page);
  expect(shown).toEqual([["B", "fresh", null]]);
});

it("isolates the rows that its statement fails on", async () => {
  const { importCsv, rows } = await openEngine([products], ddl);
  const { counts, issues } = await importCsv(products, "sku,title,price\nB,b,1\nC,c,5000\nD,d,2\n", {
    context: { tenant: "x" },
  });
  expect({ counts: some(counts), issues }).toEqual({
    counts: { created: 2, failed: 1 },
    issues: [[3, null, "database_check"]],
  });
  expect(await rows("select sku from prices order by sku")).toEqual([{ sku: "B" }, { sku: "D" }]);
});

it("tells updates from creations where duplicates are matched", async () => {
  const importer = defineImporter({
    ...products,
    match: { keys: ["sku"], onDuplicate: "update" },
    context: {},
    load: ({ rows, target }) => `
    with changed as (update ${target} t set title = r.title from ${rows} r where r.action = 'update' and t.sku = r.record_id returning t.sku),
      made as (insert into ${target} (sku, title) select sku, title from ${rows} where action = 'create' returning sku)
    select row_no, record_id, case action when 'update' then 'updated' else 'created' end as outcome from ${rows}`,
  });
  const { importCsv, rows } = await openEngine([importer], ddl);
  const { counts } = await importCsv(importer, "sku,title\nA,new\nB,fresh\n");
  expect(some(counts)).toEqual({ created: 1, updated: 1 });
  expect(await rows("select sku, title from products order by sku")).toEqual([
    { sku: "A", title: "new" },
    { sku: "B", title: "fresh" },
    { sku: "S", title: "same" },
  ]);
});

it("fails with what is missing when the statement tells of fewer rows than it got", async () => {
  const importer = defineImporter({
    ...products,
    context: {},
    load: ({ rows }) => `select row_no, 'created' as outcome, sku as record_id from ${rows} limit 1`,
  });
  const { importCsv, rows } = await openEngine([importer], ddl);
  await expect(importCsv(importer, "sku,title\nB,b\nC,c\n")).rejects.toThrow(/got 2 rows but reported on 1/);
  expect(await rows("select status from sluice.import_jobs")).toEqual([{ status: "failed" }]);
});
