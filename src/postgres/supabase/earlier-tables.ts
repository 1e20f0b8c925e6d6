/**
 * `import_jobs` and `import_rows` that an app had in `public` before Sluice, as a part of the file. Their imports are looked at in Sluice
 * from then on, by their old ids; the tables themselves are kept whole in the schema `sluice_earlier`, on which nobody has rights. Where
 * they stood are views for what reads them, and foreign keys to them lead to Sluice's table.
 *
 * Nothing says how such tables look, beyond an id of type uuid and a status: a row is read as JSON, and each value taken from the first of
 * the columns it may be called by.
 */
import { block, literal } from "./text.ts";

/** Of the older status: how an import ended. All others had not ended well, and their work cannot be taken up. */
const completedWords = [
  ...["completed", "complete", "completed_with_errors", "partially_completed", "partial"],
  ...["done", "finished", "success", "succeeded", "successful", "imported"],
];
/** Of a row: how it ended. Rows that became records are in the app's own table, and stay in the older one alone. */
const rejectedWords = ["invalid", "error", "errors", "failed", "rejected", "validation_error"];
const skippedWords = ["skipped", "duplicate", "ignored"];

const names = {
  importer: ["importer", "import_type", "entity_type", "type", "kind"],
  fileName: ["file_name", "filename", "original_filename", "original_name", "name"],
  fileHash: ["file_hash", "hash", "checksum"],
  fileSize: ["file_size", "file_size_bytes", "size_bytes", "size"],
  createdBy: ["created_by", "user_id", "owner_id", "uploaded_by", "profile_id"],
  total: ["total_rows", "row_count", "total", "total_items"],
  processed: ["processed_rows", "processed", "processed_items"],
  invalid: ["invalid_rows", "error_rows", "error_count", "failed_rows", "errors_count"],
  imported: ["imported_rows", "success_count", "created_count", "inserted_rows", "created_items"],
  message: ["error_message", "error", "message"],
  createdAt: ["created_at", "inserted_at"],
  startedAt: ["started_at", "parse_started_at"],
  completedAt: ["completed_at", "finished_at", "ended_at", "updated_at"],
  updatedAt: ["updated_at", "completed_at", "created_at"],
  job: ["job_id", "import_job_id", "import_id"],
  row: ["row_number", "row_no", "row_index", "line_number", "line"],
  raw: ["raw_data", "raw", "data", "row_data", "values", "cells"],
  errors: ["error_message", "errors", "validation_errors", "error", "message"],
  record: ["record_id", "lead_id", "item_id"],
} as const;

/** How a file was written that nobody has any more: its rows are shown as plain CSV. */
const unknownDialect = {
  ...{
    format: "csv",
    packing: "none",
    encoding: "utf-8",
    delimiter: ",",
    quote: '"',
    escape: "double",
    lineEnding: "\n",
  },
  ...{ bomBytes: 0, headerRow: 1, columns: [], findings: [] },
};

/** The first of the columns that the row has. */
function first(row: string, from: readonly string[]): string {
  return `pg_temp.sluice_first(${row}, ${from.map(literal).join(", ")})`;
}
function whole(row: string, from: readonly string[]): string {
  return `pg_temp.sluice_whole(${first(row, from)})`;
}
function moment(row: string, from: readonly string[]): string {
  return `pg_temp.sluice_moment(${first(row, from)})`;
}
function words(list: readonly string[]): string {
  return list.map(literal).join(", ");
}

/** Wheels are a year planner's; of a table without them, the importer is the first of the config. */
function importerOf(defaultImporter: string, importers: readonly string[]): string {
  const known = `(select name from unnest(array[${words(importers)}]) name where name = lower(${first("o", names.importer)}))`;
  const ofWheels = importers.includes("activities")
    ? `case when o ->> 'wheel_id' is not null then 'activities' end, `
    : "";
  return `coalesce(${known}, ${ofWheels}${literal(defaultImporter)})`;
}

const functions = `-- What of an older row has one of these names, as text.
create or replace function pg_temp.sluice_first(o jsonb, variadic wanted text[]) returns text language sql as $fn$
  select nullif(case jsonb_typeof(o -> w.name) when 'string' then o ->> w.name else (o -> w.name)::text end, '')
  from unnest(wanted) with ordinality w (name, place)
  where jsonb_typeof(o -> w.name) <> 'null' order by w.place limit 1
$fn$;
create or replace function pg_temp.sluice_whole(value text) returns bigint language sql as $fn$
  select case when value ~ '^\\d{1,15}$' then value::bigint end
$fn$;
create or replace function pg_temp.sluice_moment(value text) returns timestamptz language plpgsql as $fn$
begin
  return value::timestamptz;
exception when others then
  return null;
end
$fn$;`;

/** @param importers names of the config's; the first is that of imports that name none. */
export function earlierPart(importers: readonly string[]): string {
  const importer = importerOf(importers[0] ?? "leads", importers);
  return `-- Tables of an importer before Sluice -----------------------------------------------------------------------------------

${functions}

${block(moveBody(importer), moveVariables)}`;
}

const moveVariables = `  jobs regclass := to_regclass('public.import_jobs');
  lines regclass := to_regclass('public.import_rows');
  dependent record;
  dependents jsonb := '[]';`;

const moveBody = (
  importer: string,
): string => `  if jobs is null or (select relkind from pg_class where oid = jobs) not in ('r', 'p') then
    return;
  end if;
  if (select count(*) from pg_attribute where attrelid = jobs and ((attname = 'id' and atttypid = 'uuid'::regtype) or attname = 'status')) < 2 then
    raise exception 'public.import_jobs is not a table of imports that Sluice can take over: it has no id of type uuid, or no status.'
      using hint = 'Rename it, or move it to another schema, and apply this migration again.';
  end if;
  if (select relkind from pg_class where oid = lines) not in ('r', 'p') then
    lines := null;
  end if;
  execute 'lock table public.import_jobs in access exclusive mode';

  -- The imports. What had not ended cannot go on: its file was another importer's.
  insert into sluice.import_jobs (uuid, earlier, importer, file_name, file_hash, file_size, storage_path, status, phase, dialect,
    column_mapping, assignment_config, duplicate_config, context, target, total_rows, processed_rows, valid_rows, invalid_rows, imported_rows,
    error_message, created_by, created_at, updated_at, parse_started_at, completed_at)
  select (o ->> 'id')::uuid, o, ${importer},
    coalesce(${first("o", names.fileName)}, ''), coalesce(${first("o", names.fileHash)}, ''), coalesce(${whole("o", names.fileSize)}, 0),
    '', case when is_done then 'completed' else 'cancelled' end, 'commit',
    ${literal(JSON.stringify(unknownDialect))}, '{"columns": []}', '{"mode": "none"}', '{"strategy": "skip", "keys": []}',
    case when o ->> 'wheel_id' is not null then jsonb_build_object('wheel_id', o ->> 'wheel_id') else '{}' end,
    '', total, processed, greatest(processed - invalid, 0), invalid, imported,
    case when not is_done then format('The import was %s in the app''s earlier importer when Sluice took its place.%s',
      coalesce(o ->> 'status', 'nowhere'), coalesce(' It said: ' || ${first("o", names.message)}, '')) end,
    ${first("o", names.createdBy)}, created, coalesce(${moment("o", names.updatedAt)}, created),
    coalesce(${moment("o", names.startedAt)}, created), coalesce(${moment("o", names.completedAt)}, created)
  from (
    select o, coalesce(lower(o ->> 'status') in (${words(completedWords)}), false) as is_done,
      greatest(coalesce(${whole("o", names.total)}, ${whole("o", names.processed)}, 0), coalesce(${whole("o", names.imported)}, 0)) as total,
      case when lower(o ->> 'status') in (${words(completedWords)}) then greatest(coalesce(${whole("o", names.total)}, ${whole("o", names.processed)}, 0), coalesce(${whole("o", names.imported)}, 0))
        else coalesce(${whole("o", names.processed)}, 0) end as processed,
      coalesce(${whole("o", names.invalid)}, 0) as invalid, coalesce(${whole("o", names.imported)}, 0) as imported,
      coalesce(${moment("o", names.createdAt)}, now()) as created
    from (select to_jsonb(t) as o from public.import_jobs t) s
  ) j
  on conflict (uuid) do nothing;
  -- Their counts, in one chunk. Of one that ended, the rows that neither went in nor were refused were left out.
  insert into sluice.import_chunks (job_id, chunk_no, from_row, to_row, done_at, created, skipped)
  select id, 0, 1, least(total_rows, 2147483647)::int, completed_at, least(imported_rows, 2147483647)::int,
    case status when 'completed' then least(greatest(total_rows - imported_rows - invalid_rows, 0), 2147483647) else 0 end::int
  from sluice.import_jobs where earlier is not null
  on conflict do nothing;

  if lines is not null then
    execute 'lock table public.import_rows in access exclusive mode';
    create temporary table sluice_earlier_rows on commit drop as
    select j.id as job_id, r.no::int as row_no, r.outcome, r.raw, r.message, r.record
    from (
      select ${first("o", names.job)} as job, ${whole("o", names.row)} as no,
        case when lower(o ->> 'status') in (${words(skippedWords)}) then 'skipped'
          when lower(o ->> 'status') in (${words(rejectedWords)}) or o -> 'is_valid' = 'false' then 'invalid' end as outcome,
        coalesce(${names.raw.map((name) => `o -> ${literal(name)}`).join(", ")}) as raw,
        ${first("o", names.errors)} as message, ${first("o", names.record)} as record
      from (select to_jsonb(t) as o from public.import_rows t) s
    ) r
    join sluice.import_jobs j on j.uuid::text = r.job and j.earlier is not null
    where r.outcome is not null and r.no between 1 and 2147483647;

    -- The columns, as the first of its rows has them.
    update sluice.import_jobs j set
      dialect = j.dialect || jsonb_build_object('columns', c.headers),
      column_mapping = jsonb_build_object('columns', c.columns)
    from (
      select f.job_id, jsonb_agg(k.header order by k.place) as headers,
        jsonb_agg(jsonb_build_object('column', k.place - 1, 'header', k.header, 'score', 1, 'reason', 'given',
          'field', case jsonb_typeof(j.earlier -> 'column_mapping' -> k.header) when 'string' then j.earlier -> 'column_mapping' ->> k.header end)
          order by k.place) as columns
      from (
        select distinct on (job_id) job_id, raw from sluice_earlier_rows where jsonb_typeof(raw) = 'object' order by job_id, row_no
      ) f
      join sluice.import_jobs j on j.id = f.job_id
      cross join lateral jsonb_object_keys(f.raw) with ordinality k (header, place)
      group by f.job_id
    ) c
    where c.job_id = j.id;

    insert into sluice.import_rows (job_id, row_no, outcome, issues, cells, record_id)
    select distinct on (r.job_id, r.row_no) r.job_id, r.row_no, r.outcome,
      case when r.outcome = 'invalid' then
        jsonb_build_array(jsonb_build_object('c', 'row_rejected', 'p', jsonb_build_object('message', left(coalesce(r.message, ''), 2000)))) end,
      case jsonb_typeof(r.raw)
        when 'object' then array(
          select coalesce(r.raw ->> h.header, '') from jsonb_array_elements_text(j.dialect -> 'columns') with ordinality h (header, place) order by h.place
        )
        when 'array' then array(select coalesce(v.value, '') from jsonb_array_elements_text(r.raw) with ordinality v (value, place) order by v.place)
      end,
      r.record
    from sluice_earlier_rows r join sluice.import_jobs j on j.id = r.job_id
    order by r.job_id, r.row_no, r.outcome
    on conflict do nothing;
    insert into sluice.import_issue_counts (job_id, chunk_no, field, code, count)
    select job_id, -1, '', 'row_rejected', count(*) from sluice.import_rows
    where outcome = 'invalid' and job_id in (select id from sluice.import_jobs where earlier is not null)
    group by job_id
    on conflict do nothing;
  end if;

  -- Foreign keys from other tables lead to Sluice's, by the same ids.
  for dependent in
    select k.conname, k.conrelid::regclass as of, a.attname, k.confdeltype
    from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.contype = 'f' and k.confrelid = jobs and k.conrelid is distinct from lines::oid and k.conrelid <> jobs
  loop
    execute format('alter table %s drop constraint %I', dependent.of, dependent.conname);
    execute format('alter table %s add constraint %I foreign key (%I) references sluice.import_jobs (uuid) on delete %s',
      dependent.of, dependent.conname, dependent.attname,
      case dependent.confdeltype when 'c' then 'cascade' when 'n' then 'set null' when 'd' then 'set default' else 'no action' end);
  end loop;

  -- Views that read them are made again over what takes their place.
  for dependent in
    with recursive below as (
      select distinct w.ev_class as oid, 1 as depth
      from pg_depend d join pg_rewrite w on w.oid = d.objid
      where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid in (jobs, lines)
      union
      select w.ev_class, b.depth + 1
      from below b join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = b.oid and d.classid = 'pg_rewrite'::regclass
        join pg_rewrite w on w.oid = d.objid and w.ev_class <> b.oid
    )
    select c.oid, c.oid::regclass::text as name, c.relkind, max(b.depth) as depth, pg_get_viewdef(c.oid) as query,
      array_to_string(c.reloptions, ', ') as options,
      (select jsonb_agg(format('grant %s on %s to %s', a.privilege_type, c.oid::regclass,
          case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end))
        from aclexplode(c.relacl) a where a.grantee <> c.relowner) as grants
    from below b join pg_class c on c.oid = b.oid
    group by c.oid, c.relkind, c.reloptions, c.relacl, c.relowner order by 4 desc
  loop
    if dependent.relkind <> 'v' then
      raise exception 'The materialized view % reads public.import_jobs, which Sluice takes over.', dependent.name
        using hint = 'Drop it, apply this migration, and create it again.';
    end if;
    dependents := jsonb_build_array(to_jsonb(dependent)) || dependents;
    execute format('drop view %s', dependent.name);
  end loop;

  -- The tables are kept, where nobody but their owner reaches them.
  create schema if not exists sluice_earlier;
  for dependent in select t.of from (values (jobs), (lines)) t (of) where t.of is not null loop
    execute (select coalesce(string_agg(format('drop policy %I on %s', polname, dependent.of), '; '), 'select') from pg_policy where polrelid = dependent.of);
    execute (select coalesce(string_agg(format('drop trigger %I on %s', tgname, dependent.of), '; '), 'select')
      from pg_trigger where tgrelid = dependent.of and not tgisinternal);
    execute (select coalesce(string_agg(format('alter publication %I drop table %s', p.pubname, dependent.of), '; '), 'select')
      from pg_publication_rel r join pg_publication p on p.oid = r.prpubid where r.prrelid = dependent.of);
    execute format('revoke all on %s from public, anon, authenticated, service_role', dependent.of);
    execute format('alter table %s enable row level security', dependent.of);
    execute format('alter table %s set schema sluice_earlier', dependent.of);
  end loop;

  execute $view$${jobsView}$view$;
  if lines is not null then
    execute $view$${rowsView}$view$;
  end if;
  for dependent in select * from jsonb_to_recordset(dependents) as d (name text, query text, options text, grants jsonb) loop
    begin
      execute format('create view %s %s as %s', dependent.name,
        case when dependent.options is null then '' else format('with (%s)', dependent.options) end, dependent.query);
    exception when undefined_column or datatype_mismatch or undefined_function or invalid_column_reference then
      raise exception 'The view % reads what Sluice''s import_jobs or import_rows do not have: %', dependent.name, sqlerrm
        using hint = 'Drop it, apply this migration, and create it again over the columns that are there.';
    end;
    execute (select coalesce(string_agg(value, '; '), 'select') from jsonb_array_elements_text(coalesce(dependent.grants, '[]')));
  end loop;`;

/** Over columns that `authenticated` may read, with the reader's own rights (Splinter 0010). `progress` is whole percents, as it was. */
const jobsView = `
    create view public.import_jobs with (security_invoker = true) as
    select uuid as id, id as number, importer, file_name, created_by, status, phase,
      case when status in ('completed', 'undone') then 100 else coalesce(floor((progress ->> 'percent')::numeric), 0) end::integer as progress,
      current_step, counts, total_rows, processed_rows, valid_rows, invalid_rows, skipped_rows, imported_rows,
      created_at, updated_at, completed_at
    from sluice.import_jobs;
    revoke all on public.import_jobs from public, anon, authenticated, service_role;
    grant select on public.import_jobs to authenticated, service_role;
  `;

const rowsView = `
    create view public.import_rows with (security_invoker = true) as
    select j.uuid as job_id, r.row_no as row_number, r.outcome as status, r.issues as errors, r.cells as raw_data
    from sluice.import_rows r join sluice.import_jobs j on j.id = r.job_id;
    revoke all on public.import_rows from public, anon, authenticated, service_role;
    grant select on public.import_rows to authenticated, service_role;
  `;
