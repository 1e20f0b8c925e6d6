/** How far imports are, in `sluice.import_jobs`: written by the worker once a second, told as it is written. */
import type { Progress, ProgressBoard } from "../../core/events.ts";
import type { Counts } from "../../core/import.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { changesChannel } from "./events.ts";
import { importCounts } from "./read-import.ts";

/** What an import does now, as a sentence in its own language: `Creating rings…`. */
export type DescribeStep = (
  progress: Pick<Progress, "step" | "record" | "processed" | "total">,
  importer: string,
  language: string,
) => { current_step: string; sub_step: string | null };

/**
 * Of several workers that share a commit, one at a time writes. Every write of the row is judged by Realtime for each reader, one after
 * the other (supabase/realtime, `apply_rls`): more often would slow down the app's other changes.
 */
const minGapMs = 1000;

export function postgresProgress(
  database: Database,
  describe: DescribeStep = ({ step }) => ({ current_step: step, sub_step: null }),
): ProgressBoard {
  return {
    async read(jobId) {
      const [job] = await database.query<{ progress: Progress | null }>(
        sql`select progress from sluice.import_jobs where id = ${jobId}`,
      );
      return job?.progress ?? null;
    },
    async write(jobId, progress, final) {
      const counts: Counts = progress.counts ?? (await importCounts(database, jobId));
      const [job] = await database.query<{ importer: string; language: string }>(
        sql`select importer, language from sluice.import_jobs where id = ${jobId}`,
      );
      if (job === undefined) return false;
      const said = describe(progress, job.importer, job.language);
      const whole = JSON.stringify({ ...progress, ...said, counts } satisfies Progress);
      const told = await database.query(sql`
        with written as (
          update sluice.import_jobs
          set progress = ${whole}::jsonb, current_step = ${said.current_step}, counts = ${whole}::jsonb -> 'counts', progress_at = clock_timestamp()
          -- What comes late, of a parse that a reopened import has forgotten, is of no interest.
          where id = ${jobId} and status <> 'pending' and (${final} or progress_at is null or progress_at < clock_timestamp() - ${minGapMs} * interval '1 millisecond')
          returning id
        )
        select pg_notify(${changesChannel}, ${`{"jobId":${jobId},"progress":${whole}}`}::text) from written
      `);
      return told.length > 0;
    },
  };
}
