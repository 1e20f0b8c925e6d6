-- What the HTTP API keeps: remembered mappings, answers to repeated requests, and where an import comes from.

alter table sluice.import_jobs
  -- The import whose rejected rows, corrected, this one brings.
  add column parent_id bigint references sluice.import_jobs (id) on delete set null,
  -- SHA-256 (hex) over the folded names of the file's columns: files of the same shape have the same.
  add column header_fingerprint text;
create index import_jobs_parent_idx on sluice.import_jobs (parent_id) where parent_id is not null;
create index import_jobs_owner_idx on sluice.import_jobs (created_by, id);

create table sluice.mapping_templates (
  id bigint generated always as identity primary key,
  importer text not null,
  -- '' where the file was brought by nobody in particular.
  created_by text not null,
  header_fingerprint text not null,
  -- As in import_jobs.
  column_mapping jsonb not null,
  assignment_config jsonb not null,
  duplicate_config jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (importer, created_by, header_fingerprint)
);

-- The answers to requests with an Idempotency-Key, for a day.
create table sluice.idempotency_keys (
  user_id text not null,
  key text not null,
  -- SHA-256 (hex) over method, path and body.
  request_hash text not null,
  -- Null while the request is under way.
  status integer,
  headers jsonb,
  body text,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);
create index idempotency_keys_age_idx on sluice.idempotency_keys (created_at);
