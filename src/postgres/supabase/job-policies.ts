/**
 * Sluice's own tables, as a part of the file: who somebody is, whose imports they see, and what of an import a page follows by Realtime.
 * Nobody but `service_role` writes them by SQL: an import is made by the API, which looks at the file and asks whose the context is.
 */
import { policy, userId, userRole } from "./table-policies.ts";
import { block } from "./text.ts";

/**
 * What its owner sees of an import, in Realtime too: how far it is. Not its mapping, its file's place or the database's errors.
 * `progress`, `current_step` and `counts` change once a second at most.
 */
export const followedColumns = [
  ...["id", "uuid", "importer", "file_name", "created_by", "status", "phase", "progress", "current_step", "counts"],
  ...["total_rows", "processed_rows", "valid_rows", "invalid_rows", "skipped_rows", "imported_rows"],
  ...["created_at", "updated_at", "completed_at"],
];

/** Rejected, skipped and changed rows: where, why, and what stood there. */
export const rowColumns = ["job_id", "row_no", "outcome", "issues", "cells"];

/** An admin is bound by the context of an import, which no policy can judge; an operator is not. Its owner sees it whatever it is. */
const seesJob = [
  `created_by = ${userId}::text`,
  `${userRole} = 'operator'`,
  `(${userRole} = 'admin' and context = '{}'::jsonb)`,
].join(" or ");

/** Of the imports that they see: the sub-select is bound by that table's policy. */
const seesRow = "job_id in (select id from sluice.import_jobs)";

/** Who somebody is. It reads past the policies of profiles, so that these may ask it; in a schema that no API exposes (Splinter 0028, 0029). */
export const rolePart = `-- Who somebody is ----------------------------------------------------------------------------------------------------------

create schema if not exists sluice_auth;
revoke all on schema sluice_auth from public, anon;
grant usage on schema sluice_auth to authenticated, service_role;

-- By the app's own get_user_role() where there is one, else by profiles, and by app_metadata for who is not in there. Anonymous users have none.
${block(
  `  if exists (
    -- One without a search path of its own does not find its tables from here.
    select from pg_proc where oid = to_regprocedure('public.get_user_role()') and array_to_string(proconfig, ',') like '%search_path=%'
  ) then
    role := 'public.get_user_role()::text';
  elsif exists (
    select from pg_attribute where attrelid = to_regclass('public.profiles') and attname = 'id' and atttypid = 'uuid'::regtype
  ) and exists (
    select from pg_attribute where attrelid = to_regclass('public.profiles') and attname = 'role' and not attisdropped
  ) then
    role := '(select p.role::text from public.profiles p where p.id = (select auth.uid()))';
  end if;
  execute format($sql$
    create or replace function sluice_auth.get_user_role() returns text
    language sql stable security definer set search_path = '' as $fn$
      select case when (auth.jwt() ->> 'is_anonymous')::boolean is not true
        then coalesce(%s, auth.jwt() -> 'app_metadata' ->> 'role') end
    $fn$
  $sql$, role);`,
  "  role text := 'null';",
)}
revoke all on function sluice_auth.get_user_role() from public, anon;
grant execute on function sluice_auth.get_user_role() to authenticated, service_role;`;

export const jobsPart = `-- Imports and their rows ---------------------------------------------------------------------------------------------------

revoke all on schema sluice, sluice_stage from public, anon, authenticated;
revoke all on all tables in schema sluice from public, anon, authenticated;
grant usage on schema sluice to authenticated, service_role;
grant select, insert, update, delete on sluice.import_jobs, sluice.import_rows to service_role;
grant select on sluice.import_chunks to service_role;
grant select (${followedColumns.join(", ")}) on sluice.import_jobs to authenticated;
grant select (${rowColumns.join(", ")}) on sluice.import_rows to authenticated;

${block(`  perform pg_temp.sluice_secure('sluice.import_jobs'), pg_temp.sluice_secure('sluice.import_rows');
  perform pg_temp.sluice_drop_policies('sluice.import_jobs'), pg_temp.sluice_drop_policies('sluice.import_rows');`)}
${policy("sluice.import_jobs", "select", seesJob)}
${policy("sluice.import_rows", "select", seesRow)}

-- Realtime hands on changes of this one table, each column by the reader's own right to it.
${block(
  `  if exists (select from pg_publication where pubname = 'supabase_realtime' and not puballtables)
    and not exists (
      select from pg_publication_tables
      where pubname = 'supabase_realtime' and schemaname = 'sluice' and tablename = 'import_jobs'
    )
  then
    alter publication supabase_realtime add table sluice.import_jobs;
  end if;
exception when insufficient_privilege then
  raise warning 'The publication supabase_realtime belongs to another role: %. Add the table sluice.import_jobs to it in the dashboard (Database, Publications).', sqlerrm;`,
)}`;
