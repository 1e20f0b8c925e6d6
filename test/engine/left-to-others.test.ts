/** What one process cannot do is left to others, and keeps nobody from what is left behind it, however much that is. */
import { expect, it } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import { type OpenEngine, openEngine } from "../open-engine.ts";
import { ready } from "./review-import.ts";

const importer = defineImporter({
  name: "contacts",
  fields: { name: field.text({ required: true }) },
  target: { table: "contacts" },
});
const table = "create table contacts (id bigint generated always as identity primary key, name text)";

/** More than are read at a time. */
const foreign = 250;

/** An import that this process can do, after so many, older ones, whose importer it has not. */
async function lastOfMany(): Promise<{ open: OpenEngine; jobId: number }> {
  const open = await openEngine([importer], table);
  await open.rows("alter table sluice.import_jobs alter id restart 1000");
  const jobId = await ready(open, importer, "Name\nAnn\nBo\n");
  await open.rows(`insert into sluice.import_jobs overriding system value
    select (jsonb_populate_record(j, jsonb_build_object('id', k, 'importer', 'another', 'uuid', gen_random_uuid()))).*
    from sluice.import_jobs j, generate_series(1, ${foreign}) k`);
  return { open, jobId };
}

it("takes up an import behind many that others are to do", async () => {
  const { open, jobId } = await lastOfMany();
  await open.rows("update sluice.import_jobs set status = 'queued', left_at = now()");
  expect(await open.engine.takeUp()).toEqual([jobId]);
});

it("finishes an edit behind many that others are to do", async () => {
  const { open, jobId } = await lastOfMany();
  await open.rows(`with made as (
      insert into sluice.import_edits (job_id, kind, status, worked_at, actor)
      select id, 'revalidate', 'under_way', now() - interval '1 hour', 'ann' from sluice.import_jobs order by id returning id, job_id
    ) update sluice.import_jobs j set edit_id = made.id from made where made.job_id = j.id`);
  const lacks = (job: { importer: string }): boolean => job.importer === "contacts";
  expect(await open.store.review.claimAbandoned(lacks)).toEqual([jobId]);
  expect(await open.store.review.claimAbandoned(lacks)).toEqual([]);
});
