/**
 * `import_jobs` and `import_rows` of an app before Sluice. How they look is nowhere written down: these are as a CRM on Supabase has them, with
 * a column for a year planner's wheels beside, and with what stands on such tables: views, foreign keys, policies, a trigger, a publication.
 */

export const [ann, bo] = ["a", "b"].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`);
export const job = (n: number): string => `1000000${n}-0000-4000-8000-000000000000`;

export const older = `
  create table import_jobs (
    id uuid primary key default gen_random_uuid(), created_by uuid not null, wheel_id bigint, file_name text not null, file_hash text, file_size bigint,
    storage_path text, status text not null default 'pending', progress integer default 0, current_step text, total_rows integer default 0,
    processed_rows integer default 0, valid_rows integer default 0, invalid_rows integer default 0, imported_rows integer default 0,
    column_mapping jsonb default '{}', error_message text, created_at timestamptz default now(), updated_at timestamptz default now(), completed_at timestamptz);
  create table import_rows (
    id uuid primary key default gen_random_uuid(), import_job_id uuid not null references import_jobs (id) on delete cascade, row_number integer not null,
    raw_data jsonb, status text not null, error_message text, lead_id bigint);
  create table notes (id bigint primary key, job_id uuid references import_jobs (id) on delete set null, text text);
  create view latest_imports with (security_invoker = true) as select id, file_name, status from import_jobs order by created_at desc;
  create view latest_names as select file_name from latest_imports;
  grant select on latest_imports to authenticated;
  alter table import_jobs enable row level security; alter table import_rows enable row level security;
  create policy "Users can view their own import jobs" on import_jobs for select using (auth.uid() = created_by);
  create policy "Users can create import jobs" on import_jobs for insert with check (auth.uid() = created_by);
  create policy "Users can view rows" on import_rows for select using (exists (select 1 from import_jobs j where j.id = import_job_id and j.created_by = auth.uid()));
  create function touch() returns trigger language plpgsql set search_path = '' as $$ begin new.updated_at = now(); return new; end $$;
  create trigger touch before update on import_jobs for each row execute function touch();
  alter publication supabase_realtime add table import_jobs;
  insert into import_jobs (id, created_by, file_name, file_hash, file_size, storage_path, status, total_rows, processed_rows, valid_rows, invalid_rows, imported_rows, column_mapping, error_message, wheel_id, completed_at) values
    ('${job(1)}', '${ann}', 'prospects.csv', 'abc', 123, 'imports/prospects.csv', 'completed', 10, 10, 8, 2, 7, '{"E-mail": "email", "Nom": "last_name"}', null, null, '2025-01-02'),
    ('${job(2)}', '${ann}', 'rouge.csv', null, null, null, 'processing', 100, 50, 0, 0, 0, null, null, null, null),
    ('${job(3)}', '${bo}', 'roue.csv', null, null, null, 'failed', 0, 0, 0, 0, 0, '[]', 'timeout', 7, null);
  insert into import_rows (import_job_id, row_number, raw_data, status, error_message) values
    ('${job(1)}', 2, '{"E-mail": "ann@x.fr", "Nom": "Ann"}', 'imported', null),
    ('${job(1)}', 3, '{"E-mail": "nonsense", "Nom": "Bo"}', 'invalid', 'Invalid email'),
    ('${job(1)}', 4, '{"E-mail": null, "Nom": "Cid"}', 'error', null),
    ('${job(1)}', 5, '{"E-mail": "dup@x.fr", "Nom": "Dup"}', 'duplicate', null);
  insert into notes values (1, '${job(1)}', 'first');`;
