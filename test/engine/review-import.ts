/** Importers and steps that the tests of the review share. */
import { expect } from "vitest";
import { defineImporter, field } from "../../src/index.ts";
import type { OpenEngine } from "../open-engine.ts";
import { type ImportOptions, workToEnd } from "../open-engine.ts";

export const people = defineImporter({
  name: "people",
  fields: {
    name: field.text({ required: true, maxLength: 20 }),
    email: field.email(),
    phone: field.phone(),
    age: field.integer({ min: 0, max: 150 }),
    price: field.decimal(),
    born: field.date(),
    seen: field.datetime({ timeZone: "Europe/Paris" }),
    active: field.boolean(),
    status: field.choice({ fresh: ["New"], won: ["Won"] }),
    city: field.text(),
  },
  match: { keys: ["email"], onDuplicate: "skip" },
  target: { table: "people" },
});
export const peopleTable = `
  create table people (id bigint generated always as identity primary key, name text, email text, phone text, age bigint,
    price numeric, born date, seen timestamptz, active boolean, status text, city text)`;

/** Takes a file in and works until it is ready; returns the import's id. */
export async function ready(
  { engine, create }: OpenEngine,
  importer: Parameters<OpenEngine["create"]>[0],
  text: string | Uint8Array,
  options: ImportOptions = {},
): Promise<number> {
  const { id } = await create(importer, text, options);
  await engine.start(id);
  await workToEnd(engine, id);
  return id;
}

export async function commit({ engine, outcomeOf }: OpenEngine, jobId: number) {
  await engine.commit(jobId);
  await workToEnd(engine, jobId);
  return outcomeOf(jobId);
}

/** Everything that is known of an import's rows, after a look at whether the counters tell the truth. */
export async function rowsOf({ engine, rows, outcomeOf }: OpenEngine, jobId: number) {
  const { job, rows: rejected, issueCounts } = await outcomeOf(jobId);
  const staged = await rows<{ row_no: number; row_offset: number }>(
    `select * from sluice_stage.job_${jobId}_${job.stageGeneration} where row_no > 0 order by row_no`,
  );
  const kept = await rows(
    `select row_no, outcome, issues, cells, row_offset, typed_cells, kept_values from sluice.import_rows where job_id = ${jobId} order by row_no`,
  );
  const warnings = await rows(
    `select row_no, code, field, params, row_offset from sluice.import_warnings where job_id = ${jobId} order by 1, 2, 3`,
  );
  const recounted = await rows<{ field: string | null; code: string; count: number }>(`
    select issue ->> 'f' as field, issue ->> 'c' as code, count(*)::int8 as count
    from (
      select jsonb_array_elements(issues) as issue from sluice.import_rows where job_id = ${jobId}
      union all
      select jsonb_strip_nulls(jsonb_build_object('c', code, 'f', nullif(field, ''))) from sluice.import_warnings where job_id = ${jobId}
    ) i group by 1, 2 order by 3 desc, code, field`);
  const { validRows: valid, invalidRows: invalid, skippedRows: skipped, totalRows: total } = job;
  expect({ valid, invalid, skipped, total, issueCounts }).toEqual({
    valid: staged.length,
    invalid: rejected.filter(({ outcome }) => outcome === "invalid").length,
    skipped: rejected.filter(({ outcome }) => outcome === "skipped").length,
    total: staged.length + rejected.length,
    issueCounts: recounted,
  });
  expect((await engine.imports.get(jobId)).status).toBe("ready");
  return { staged, kept, warnings, issueCounts };
}
