/** Takes away what died halfway left behind in the database. */
import { type Database, sql } from "./connect.ts";
import { dropStage } from "./stage.ts";
import { workerIsAlive } from "./workers.ts";

/** Drops stages of finished jobs and dry runs whose worker is gone; returns the stored files that nobody needs any more. */
export async function sweep(database: Database): Promise<string[]> {
  const stages = await database.query<{ jobId: number; generation: number }>(sql`
    select s.job_id as "jobId", s.generation
    from (
      select split_part(c.relname, '_', 2)::int8 as job_id, split_part(c.relname, '_', 3)::int as generation
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'sluice_stage' and c.relkind = 'r' and c.relname ~ '^job_[0-9]+_[0-9]+$'
    ) s left join sluice.import_jobs j on j.id = s.job_id
    where j.id is null or j.status in ('completed', 'cancelled', 'undone') or j.stage_generation > s.generation
      or (j.dry_run and (j.worker_id is null or not ${workerIsAlive(sql.ref("j.worker_id"))}))
  `);
  for (const { jobId, generation } of stages) await dropStage(database, jobId, generation);
  const files = await database.query<{ path: string }>(sql`
    select storage_path as path from sluice.import_jobs where status = 'completed' and completed_at > now() - interval '1 day'
  `);
  const dryRuns = await database.query<{ path: string }>(sql`
    delete from sluice.import_jobs j
    where dry_run and created_at < now() - interval '1 minute' and (worker_id is null or not ${workerIsAlive(sql.ref("j.worker_id"))})
    returning storage_path as path
  `);
  return [...files, ...dryRuns].map(({ path }) => path);
}
