/** How far imports are, in `sluice.import_jobs`: written by the worker a few times a second, told as it is written. */
import type { Progress, ProgressBoard } from "../../core/events.ts";
import type { Counts } from "../../core/import.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { changesChannel } from "./events.ts";
import { importCounts } from "./read-import.ts";

/** Of several workers that share a commit, one at a time writes. */
const minGapMs = 200;

export function postgresProgress(database: Database): ProgressBoard {
  return {
    async read(jobId) {
      const [job] = await database.query<{ progress: Progress | null }>(
        sql`select progress from sluice.import_jobs where id = ${jobId}`,
      );
      return job?.progress ?? null;
    },
    async write(jobId, progress, final) {
      const counts: Counts = progress.counts ?? (await importCounts(database, jobId));
      const whole = JSON.stringify({ ...progress, counts } satisfies Progress);
      const told = await database.query(sql`
        with written as (
          update sluice.import_jobs set progress = ${whole}::jsonb, progress_at = clock_timestamp()
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
