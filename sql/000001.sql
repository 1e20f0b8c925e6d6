-- The tables of Sluice: jobs, chunks of their commit, rows that did not simply go in, and the workers.

create table sluice.workers (
  id text primary key,
  host text not null,
  process_id integer not null,
  -- The database session that the last heartbeat came through: when it is gone, the worker is.
  backend_pid integer not null,
  backend_start timestamptz not null,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now()
);

create table sluice.import_jobs (
  id bigint generated always as identity primary key,
  importer text not null,
  file_name text not null,
  -- SHA-256, hex.
  file_hash text not null,
  file_size bigint not null,
  storage_path text not null,
  status text not null default 'pending' check (status in (
    'pending', 'queued', 'parsing', 'ready', 'committing', 'completed', 'undoing', 'undone', 'paused', 'cancelled', 'failed'
  )),
  phase text not null default 'parse' check (phase in ('parse', 'commit', 'undo')),
  dialect jsonb not null,
  column_mapping jsonb not null,
  assignment_config jsonb not null,
  duplicate_config jsonb not null,
  context jsonb not null default '{}',
  language text not null default 'en',
  -- schema.table of the records: jobs of one target watch each other.
  target text not null,
  stage_generation integer not null default 0,
  -- {"offset": bytes, "row": number} of the first row that is not staged; null before the first batch.
  last_checkpoint jsonb,
  -- Rows below this number are counted; a stage that is made again does not count them twice.
  counted_to_row integer not null default 0,
  -- How often a worker died at this checkpoint.
  parse_attempts integer not null default 0,
  total_rows bigint not null default 0,
  processed_rows bigint not null default 0,
  valid_rows bigint not null default 0,
  invalid_rows bigint not null default 0,
  imported_rows bigint not null default 0,
  error_message text,
  error_report_path text,
  created_by text,
  -- Only to be counted, never committed.
  dry_run boolean not null default false,
  worker_id text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  parse_started_at timestamptz,
  parsed_at timestamptz,
  -- When the job stepped in among those that write to its target (no chunk of any other was under way then).
  registered_at timestamptz,
  matched_at timestamptz,
  commit_started_at timestamptz,
  completed_at timestamptz
);
create index import_jobs_file_hash_idx on sluice.import_jobs (file_hash);
create index import_jobs_target_idx on sluice.import_jobs (target) where status in ('committing', 'completed', 'paused', 'failed');

-- A range of rows committed in one transaction. Ranges derive from row numbers, so they stay when the stage is made again.
create table sluice.import_chunks (
  job_id bigint not null references sluice.import_jobs (id) on delete cascade,
  chunk_no integer not null,
  from_row integer not null,
  to_row integer not null,
  attempts integer not null default 0,
  backend_pid integer,
  backend_start timestamptz,
  done_at timestamptz,
  -- Records that the chunks before it create: where its round robin begins.
  rank_base bigint not null default 0,
  created integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  skipped integer not null default 0,
  invalid integer not null default 0,
  failed integer not null default 0,
  -- Ids of the records created, as text where the key is no number.
  created_ids bigint[],
  created_keys text[],
  primary key (job_id, chunk_no)
);

-- Rows that did not simply become a new record: invalid, skipped, updated, failed.
create table sluice.import_rows (
  job_id bigint not null references sluice.import_jobs (id) on delete cascade,
  row_no integer not null,
  outcome text not null check (outcome in ('invalid', 'skipped', 'updated', 'failed')),
  -- [{"c": code, "f": field, "p": params}]
  issues jsonb,
  -- The cells of an invalid row as they stood in the file.
  cells text[],
  -- Byte offset in the stored file of a row whose cells are not kept here: the report reads it again.
  row_offset bigint,
  record_id text,
  -- The changed values of an updated record before the import.
  before jsonb,
  primary key (job_id, row_no)
);

-- Issues by field and code, counted without limit. One row per chunk of the commit (chunk_no), -1 for the parse: no hot row.
create table sluice.import_issue_counts (
  job_id bigint not null references sluice.import_jobs (id) on delete cascade,
  chunk_no integer not null,
  field text not null,
  code text not null,
  count bigint not null,
  primary key (job_id, chunk_no, field, code)
);
