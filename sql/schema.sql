-- The schema of Sluice as its migrations leave it, told by the catalogue. Not run by anything: it is here to be read.
-- Written by `npm run schema:write`, compared by `npm run check`.

create table sluice.import_chunks (
  job_id bigint not null,
  chunk_no integer not null,
  from_row integer not null,
  to_row integer not null,
  attempts integer default 0 not null,
  backend_pid integer,
  backend_start timestamp with time zone,
  done_at timestamp with time zone,
  rank_base bigint default 0 not null,
  created integer default 0 not null,
  updated integer default 0 not null,
  unchanged integer default 0 not null,
  skipped integer default 0 not null,
  invalid integer default 0 not null,
  failed integer default 0 not null,
  created_ids bigint[],
  created_keys text[],
  settled_rows integer[],
  open_rows integer[],
  constraint import_chunks_pkey PRIMARY KEY (job_id, chunk_no),
  constraint import_chunks_job_id_fkey FOREIGN KEY (job_id) REFERENCES sluice.import_jobs(id) ON DELETE CASCADE
);

create table sluice.import_issue_counts (
  job_id bigint not null,
  chunk_no integer not null,
  field text not null,
  code text not null,
  count bigint not null,
  constraint import_issue_counts_pkey PRIMARY KEY (job_id, chunk_no, field, code),
  constraint import_issue_counts_job_id_fkey FOREIGN KEY (job_id) REFERENCES sluice.import_jobs(id) ON DELETE CASCADE
);

create table sluice.import_jobs (
  id bigint generated always as identity not null,
  importer text not null,
  file_name text not null,
  file_hash text not null,
  file_size bigint not null,
  storage_path text not null,
  status text default 'pending'::text not null,
  phase text default 'parse'::text not null,
  dialect jsonb not null,
  column_mapping jsonb not null,
  assignment_config jsonb not null,
  duplicate_config jsonb not null,
  context jsonb default '{}'::jsonb not null,
  language text default 'en'::text not null,
  target text not null,
  stage_generation integer default 0 not null,
  last_checkpoint jsonb,
  counted_to_row integer default 0 not null,
  parse_attempts integer default 0 not null,
  total_rows bigint default 0 not null,
  processed_rows bigint default 0 not null,
  valid_rows bigint default 0 not null,
  invalid_rows bigint default 0 not null,
  imported_rows bigint default 0 not null,
  error_message text,
  error_report_path text,
  created_by text,
  dry_run boolean default false not null,
  worker_id text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  parse_started_at timestamp with time zone,
  parsed_at timestamp with time zone,
  registered_at timestamp with time zone,
  matched_at timestamp with time zone,
  commit_started_at timestamp with time zone,
  completed_at timestamp with time zone,
  chunk_rows integer,
  constraint import_jobs_pkey PRIMARY KEY (id),
  constraint import_jobs_phase_check CHECK ((phase = ANY (ARRAY['parse'::text, 'commit'::text, 'undo'::text]))),
  constraint import_jobs_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'queued'::text, 'parsing'::text, 'ready'::text, 'committing'::text, 'completed'::text, 'undoing'::text, 'undone'::text, 'paused'::text, 'cancelled'::text, 'failed'::text])))
);
CREATE INDEX import_jobs_file_hash_idx ON sluice.import_jobs USING btree (file_hash);
CREATE INDEX import_jobs_target_idx ON sluice.import_jobs USING btree (target) WHERE (status = ANY (ARRAY['committing'::text, 'completed'::text, 'paused'::text, 'failed'::text]));

create table sluice.import_rows (
  job_id bigint not null,
  row_no integer not null,
  outcome text not null,
  issues jsonb,
  cells text[],
  row_offset bigint,
  record_id text,
  before jsonb,
  constraint import_rows_pkey PRIMARY KEY (job_id, row_no),
  constraint import_rows_outcome_check CHECK ((outcome = ANY (ARRAY['invalid'::text, 'skipped'::text, 'updated'::text, 'failed'::text]))),
  constraint import_rows_job_id_fkey FOREIGN KEY (job_id) REFERENCES sluice.import_jobs(id) ON DELETE CASCADE
);

create table sluice.migrations (
  number integer not null,
  applied_at timestamp with time zone default now() not null,
  constraint migrations_pkey PRIMARY KEY (number)
);

create table sluice.workers (
  id text not null,
  host text not null,
  process_id integer not null,
  backend_pid integer not null,
  backend_start timestamp with time zone not null,
  started_at timestamp with time zone default now() not null,
  heartbeat_at timestamp with time zone default now() not null,
  constraint workers_pkey PRIMARY KEY (id)
);
