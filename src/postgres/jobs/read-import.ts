/** Import jobs as stored in `sluice.import_jobs`, found one by one, and what is counted of their rows. */
import type { ContextValues } from "../../core/context.ts";
import { type Counts, type ImportJob, noCounts, noImport } from "../../core/import.ts";
import type { IssueCode, IssueCount } from "../../core/issue.ts";
import { namedCounts, type RecordOutcome } from "../../core/record-counts.ts";
import type { Database } from "../connection/connect.ts";
import { type Session, sql } from "../connection/session.ts";
import { jobOptionColumns } from "./option-columns.ts";

type RecordSums = Record<RecordOutcome, number> & { record: string };

export const jobColumns = sql`
  id, importer, file_name as "fileName", file_hash as "fileHash", file_size as "fileSizeBytes",
  storage_path as "storagePath", status, phase, dialect, column_mapping as mapping, ${jobOptionColumns}, target, stage_generation as "stageGeneration",
  last_checkpoint as checkpoint, counted_to_row as "countedToRow", registered_at as "registeredAt", matched_at as "matchedAt", total_rows as "totalRows",
  processed_rows as "processedRows", valid_rows as "validRows", invalid_rows as "invalidRows", skipped_rows as "skippedRows",
  imported_rows as "importedRows", error_message as "errorMessage", error_told as "errorTold", error_report_path as "rejectedRowsPath",
  created_by as "createdBy", dry_run as "dryRun", reject_failures as "rejectFailures", worker_id as "workerId",
  heartbeat_at as "heartbeatAt", failures, retry_at as "retryAt", created_at as "createdAt", parse_started_at as "parseStartedAt",
  parsed_at as "parsedAt", commit_started_at as "commitStartedAt", completed_at as "completedAt"
`;

/** @throws SluiceError `not_found` */
export async function getImport(database: Database | Session, id: number): Promise<ImportJob> {
  const [job] = await database.query<ImportJob>(sql`select ${jobColumns} from sluice.import_jobs where id = ${id}`);
  if (job === undefined) throw noImport(id);
  return job;
}

export async function listImports(database: Database, limit: number): Promise<ImportJob[]> {
  return database.query<ImportJob>(sql`select ${jobColumns} from sluice.import_jobs order by id desc limit ${limit}`);
}

/** Jobs that began with the same bytes, for the same importer, context and owner, the newest first. */
export async function findSameFile(
  database: Database | Session,
  file: { importer: string; fileHash: string; context: ContextValues; createdBy: string | null },
): Promise<ImportJob[]> {
  return database.query<ImportJob>(sql`
    select ${jobColumns} from sluice.import_jobs
    where file_hash = ${file.fileHash} and importer = ${file.importer} and created_by is not distinct from ${file.createdBy}
      and context = ${JSON.stringify(file.context)}::jsonb and status not in ('cancelled', 'undone') and not dry_run
    order by id desc
  `);
}

export async function issueCounts(database: Database, jobId: number): Promise<IssueCount[]> {
  return database.query<{ field: string | null; code: IssueCode; count: number }>(sql`
    select nullif(field, '') as field, code, sum(count)::int8 as count
    from sluice.import_issue_counts where job_id = ${jobId}
    group by field, code order by sum(count) desc, code, field
  `);
}

/** How the rows of a job ended so far, the parse's invalid and skipped ones and the sum over its chunks; and what became of its records. */
export async function importCounts(database: Database, jobId: number): Promise<Counts> {
  const [found] = await database.query<Counts & { records: RecordSums[] | null }>(sql`
    select coalesce(sum(c.created), 0)::int8 as created, coalesce(sum(c.updated), 0)::int8 as updated,
      coalesce(sum(c.unchanged), 0)::int8 as unchanged, (j.skipped_rows + coalesce(sum(c.skipped), 0))::int8 as skipped,
      coalesce(sum(c.failed), 0)::int8 as failed, (j.invalid_rows + coalesce(sum(c.invalid), 0))::int8 as invalid,
      (
        select jsonb_agg(r) from (
          select record, sum(created) as created, sum(updated) as updated, sum(unchanged) as unchanged, sum(closed) as closed,
            sum(deactivated) as deactivated, sum(deleted) as deleted
          from sluice.import_record_chunks where job_id = ${jobId} group by record
        ) r
      ) as records
    from sluice.import_jobs j left join sluice.import_chunks c on c.job_id = j.id and c.done_at is not null
    where j.id = ${jobId} group by j.id
  `);
  if (found === undefined) return { ...noCounts };
  const { records, ...counts } = found;
  return records === null ? counts : { ...counts, ...namedCounts(records) };
}
