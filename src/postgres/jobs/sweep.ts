/** Takes away what died halfway left behind in the database. */
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { workerIsAlive } from "../connection/workers.ts";
import { dropStage } from "../stage/stage.ts";

/** The stages whose job `j` (null where there is none) and table `s` fulfil a condition. */
export function listStages(database: Database, where: Sql): Promise<{ jobId: number; generation: number }[]> {
  return database.query<{ jobId: number; generation: number }>(sql`
    select s.job_id as "jobId", s.generation
    from (
      select split_part(c.relname, '_', 2)::int8 as job_id, split_part(c.relname, '_', 3)::int as generation
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'sluice_stage' and c.relkind = 'r' and c.relname ~ '^job_[0-9]+_[0-9]+$'
    ) s left join sluice.import_jobs j on j.id = s.job_id
    where ${where}
  `);
}

/** Drops stages of finished jobs and dry runs whose worker is gone; returns the stored files that nobody needs any more. */
export async function sweep(database: Database): Promise<string[]> {
  const stages = await listStages(
    database,
    sql`j.id is null or j.status in ('completed', 'cancelled', 'undone') or j.stage_generation > s.generation
      or (j.dry_run and (j.worker_id is null or not ${workerIsAlive(sql.ref("j.worker_id"))}))`,
  );
  for (const { jobId, generation } of stages) await dropStage(database, jobId, generation);
  const files = await database.query<{ path: string }>(sql`
    select storage_path as path from sluice.import_jobs
    where status = 'completed' and completed_at > now() - interval '1 day' and file_expires_at is null
  `);
  const dryRuns = await database.query<{ path: string }>(sql`
    delete from sluice.import_jobs j
    where dry_run and created_at < now() - interval '1 minute' and (worker_id is null or not ${workerIsAlive(sql.ref("j.worker_id"))})
    returning storage_path as path
  `);
  return [...files, ...dryRuns].map(({ path }) => path);
}

/** The stored files that unfinished jobs need, that are kept of finished ones, or that wait for an import; and the reports. */
export async function neededFiles(database: Database): Promise<Set<string>> {
  const rows = await database.query<{ path: string }>(sql`
    select storage_path as path from sluice.import_jobs
    where status not in ('completed', 'cancelled', 'undone') or file_expires_at is not null
    union all select storage_path from sluice.uploads
    union all select error_report_path from sluice.import_jobs where error_report_path is not null
  `);
  return new Set(rows.map(({ path }) => path));
}
