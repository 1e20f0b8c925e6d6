/** An import of several records that is foretold first: what the dry run says of rows and records must be what the commit does. */
import { expect } from "vitest";
import type { Importer } from "../../../src/core/importer.ts";
import { type ImportOptions, type OpenEngine, type Outcome, workToEnd } from "../../open-engine.ts";

export interface Foretold extends Outcome {
  /** `record: what was done`, zeros left out. */
  records: Record<string, Record<string, number>>;
}

/** Puts the text through a dry run, and then through the commit, of the same import. */
export async function importForetold(
  open: OpenEngine,
  importer: Importer,
  text: string,
  options: ImportOptions = {},
): Promise<Foretold> {
  const job = await open.create(importer, text, options);
  await open.engine.start(job.id);
  await workToEnd(open.engine, job.id);
  const foretold = await open.engine.dryRun(job.id);
  await open.engine.commit(job.id);
  await workToEnd(open.engine, job.id);
  const outcome = await open.outcomeOf(job.id);
  expect(outcome.job.status, outcome.job.errorMessage ?? "").toBe("completed");
  expect(foretold.counts).toEqual(outcome.counts);
  const records = await recordsOf(open, job.id);
  const said = (foretold.records ?? []).map(({ record, ...counts }): [string, Record<string, number>] => [
    record,
    Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
  ]);
  expect(Object.fromEntries(said.filter(([, counts]) => Object.keys(counts).length > 0))).toEqual(records);
  return { ...outcome, records };
}

async function recordsOf({ rows }: OpenEngine, jobId: number): Promise<Foretold["records"]> {
  const counted = await rows<{ record: string; counts: Record<string, number> }>(`
    select record, jsonb_build_object('created', sum(created), 'updated', sum(updated), 'unchanged', sum(unchanged), 'closed', sum(closed), 'deactivated', sum(deactivated), 'deleted', sum(deleted)) as counts
    from sluice.import_record_chunks where job_id = ${jobId} group by record`);
  return Object.fromEntries(
    counted
      .map(({ record, counts }): [string, Record<string, number>] => [
        record,
        Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
      ])
      .filter(([, counts]) => Object.keys(counts).length > 0),
  );
}
