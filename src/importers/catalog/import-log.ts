/**
 * `"ImportLog"` and `"ImportErrorsLog"`: imports and the rows that did not go in, as views for programs that read them with SQL. The
 * names and values are those of the catalogue's own programs.
 */
import type { ViewDefinition } from "../../core/importer.ts";

/** What an import is called there. */
const typeOf = (job: string): string =>
  `case ${job}.importer when 'products' then 'PARTS' when 'dealers' then 'DEALERS' else ${job}.importer end`;

export const importLogViews: readonly ViewDefinition[] = [
  {
    name: "ImportLog",
    query: `
      select
        j.id,
        ${typeOf("j")} as type,
        j.file_name as "fileName",
        case
          when j.status = 'completed' then 'COMPLETED'
          when j.status in ('failed', 'paused', 'cancelled', 'undone') then 'FAILED'
          when j.status = 'pending' or (j.status = 'ready' and not j.auto_commit) then 'PENDING'
          when j.status = 'queued' and j.phase = 'parse' and j.parse_started_at is null then 'PENDING'
          else 'PROCESSING'
        end as "importStatus",
        greatest(j.total_rows, j.processed_rows) as "totalRows",
        c.success as "successCount",
        j.invalid_rows + j.skipped_rows + c.errors as "errorCount",
        j.created_at as "createdAt",
        j.parse_started_at as "startedAt",
        j.completed_at as "completedAt",
        j.created_by as "createdBy",
        j.error_message as message
      from sluice.import_jobs j
      cross join lateral (
        select
          coalesce(sum(created + updated + unchanged), 0)::bigint as success,
          coalesce(sum(skipped + invalid + failed), 0)::bigint as errors
        from sluice.import_chunks
        where job_id = j.id and done_at is not null
      ) c
      where not j.dry_run`,
  },
  {
    name: "ImportErrorsLog",
    // What a row's issue says beside its code stands in its params; the database's and an importer's own words among them.
    query: `
      select
        r.job_id || '-' || r.row_no || '-' || i.place as id,
        r.job_id as "importLogId",
        ${typeOf("j")} as type,
        r.row_no as row,
        i.issue ->> 'f' as field,
        i.issue ->> 'c' as code,
        coalesce(
          i.issue -> 'p' ->> 'message',
          replace(i.issue ->> 'c', '_', ' ') || coalesce(
            ' (' || (select string_agg(p.key || ': ' || p.value, ', ' order by p.key) from jsonb_each_text(i.issue -> 'p') p) || ')',
            ''
          )
        ) as message,
        (
          select r.cells[(m ->> 'column')::integer + 1]
          from jsonb_array_elements(j.column_mapping -> 'columns') m
          where m ->> 'field' = i.issue ->> 'f'
          limit 1
        ) as value,
        j.created_at as "createdAt"
      from sluice.import_rows r
      join sluice.import_jobs j on j.id = r.job_id and not j.dry_run
      cross join lateral jsonb_array_elements(r.issues) with ordinality i (issue, place)
      where r.outcome in ('invalid', 'failed', 'skipped')`,
  },
];
