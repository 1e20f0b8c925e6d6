-- The schema of Sluice as its migrations leave it, told by the catalogue. Not run by anything: it is here to be read.
-- Written by `npm run schema:write`, compared by `npm run check`.

create table sluice.alerts (
  kind text not null,
  name text not null,
  told integer not null,
  at timestamp with time zone default now() not null,
  constraint alerts_pkey PRIMARY KEY (kind, name)
);

create table sluice.api_tokens (
  id bigint generated always as identity not null,
  token_hash bytea not null,
  name text not null,
  user_id text not null,
  role text not null,
  created_at timestamp with time zone default now() not null,
  created_by text,
  last_used_at timestamp with time zone,
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_tokens_pkey PRIMARY KEY (id),
  constraint api_tokens_token_hash_key UNIQUE (token_hash),
  constraint api_tokens_name_check CHECK ((name <> ''::text)),
  constraint api_tokens_roles_check CHECK ((role = ANY (ARRAY['operator'::text, 'admin'::text, 'user'::text]))),
  constraint api_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES sluice.users(id) ON DELETE CASCADE
);
CREATE INDEX api_tokens_user_idx ON sluice.api_tokens USING btree (user_id);

create table sluice.audit (
  id bigint generated always as identity not null,
  at timestamp with time zone default clock_timestamp() not null,
  name text not null,
  actor text,
  actor_name text not null,
  user_id text,
  data jsonb default '{}'::jsonb not null,
  constraint audit_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_actor_idx ON sluice.audit USING btree (actor, id);
CREATE INDEX audit_refused_idx ON sluice.audit USING btree (at) WHERE (name = ANY (ARRAY['sign_in.refused'::text, 'token.refused'::text]));

create table sluice.idempotency_keys (
  user_id text not null,
  key text not null,
  request_hash text not null,
  status integer,
  headers jsonb,
  body text,
  created_at timestamp with time zone default now() not null,
  claim text,
  holder text,
  job_id bigint,
  constraint idempotency_keys_pkey PRIMARY KEY (user_id, key),
  constraint idempotency_keys_job_id_fkey FOREIGN KEY (job_id) REFERENCES sluice.import_jobs(id) ON DELETE SET NULL
);
CREATE INDEX idempotency_keys_age_idx ON sluice.idempotency_keys USING btree (created_at);
CREATE INDEX idempotency_keys_job_idx ON sluice.idempotency_keys USING btree (job_id) WHERE (job_id IS NOT NULL);

create table sluice.identities (
  cluster bigint not null,
  database oid not null,
  id uuid default gen_random_uuid() not null,
  is_first boolean not null,
  made_at timestamp with time zone default now() not null,
  constraint identities_pkey PRIMARY KEY (cluster, database)
);

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
  created_ids bigint[] storage external,
  created_keys text[],
  settled_rows integer[],
  open_rows integer[],
  writer_xids bigint[],
  writer_cluster bigint,
  undone_at timestamp with time zone,
  undo_deleted integer default 0 not null,
  undo_restored integer default 0 not null,
  undo_kept integer default 0 not null,
  undo_xids bigint[],
  undo_cluster bigint,
  turns integer default 0 not null,
  owner_counts jsonb,
  constraint import_chunks_pkey PRIMARY KEY (job_id, chunk_no),
  constraint import_chunks_job_id_fkey FOREIGN KEY (job_id) REFERENCES sluice.import_jobs(id) ON DELETE CASCADE
);

create table sluice.import_edited_rows (
  edit_id bigint not null,
  row_no integer not null,
  job_id bigint not null,
  before jsonb not null,
  after jsonb not null,
  constraint import_edited_rows_pkey PRIMARY KEY (edit_id, row_no),
  constraint import_edited_rows_edit_id_fkey FOREIGN KEY (edit_id) REFERENCES sluice.import_edits(id) ON DELETE CASCADE
);
CREATE INDEX import_edited_rows_row_idx ON sluice.import_edited_rows USING btree (job_id, row_no, edit_id);

create table sluice.import_edits (
  id bigint generated always as identity not null,
  job_id bigint not null,
  kind text not null,
  status text not null,
  at timestamp with time zone default clock_timestamp() not null,
  actor text,
  row_no integer,
  field text,
  params jsonb default '{}'::jsonb not null,
  through_row integer default 0 not null,
  changed bigint default 0 not null,
  now_valid bigint default 0 not null,
  now_invalid bigint default 0 not null,
  still_invalid bigint default 0 not null,
  worked_at timestamp with time zone default clock_timestamp() not null,
  attempts integer default 0 not null,
  given_up boolean default false not null,
  left_out bigint default 0 not null,
  constraint import_edits_pkey PRIMARY KEY (id),
  constraint import_edits_kind_check CHECK ((kind = ANY (ARRAY['cell'::text, 'cells'::text, 'replace'::text, 'find'::text, 'find_within'::text, 'revalidate'::text, 'take_in'::text, 'repair'::text, 'leave_out'::text, 'put_back'::text, 'decide'::text]))),
  constraint import_edits_status_check CHECK ((status = ANY (ARRAY['under_way'::text, 'in_hand'::text, 'done'::text, 'undoing'::text, 'undone'::text]))),
  constraint import_edits_job_id_fkey FOREIGN KEY (job_id) REFERENCES sluice.import_jobs(id) ON DELETE CASCADE
);
CREATE INDEX import_edits_job_idx ON sluice.import_edits USING btree (job_id, id);

create table sluice.import_events (
  id bigint generated always as identity not null,
  job_id bigint not null,
  name text not null,
  at timestamp with time zone default clock_timestamp() not null,
  actor text,
  data jsonb default '{}'::jsonb not null,
  constraint import_events_pkey PRIMARY KEY (id),
  constraint import_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES sluice.import_jobs(id) ON DELETE CASCADE
);
CREATE INDEX import_events_job_idx ON sluice.import_events USING btree (job_id, id);

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
  column_profiles jsonb,
  auto_commit boolean default false not null,
  progress jsonb,
  progress_at timestamp with time zone,
  heartbeat_at timestamp with time zone,
  failures integer default 0 not null,
  retry_at timestamp with time zone,
  error_details jsonb,
  file_expires_at timestamp with time zone,
  undo_started_at timestamp with time zone,
  undone_at timestamp with time zone,
  undo_in_order boolean,
  undo_deleted bigint default 0 not null,
  undo_restored bigint default 0 not null,
  undo_kept bigint default 0 not null,
  edit_id bigint,
  parent_id bigint,
  header_fingerprint text,
  created_by_name text,
  merge_config jsonb default '{}'::jsonb not null,
  error_told jsonb,
  reject_failures boolean default false not null,
  left_at timestamp with time zone,
  other_options jsonb default '{}'::jsonb not null,
  skipped_rows bigint default 0 not null,
  parse_state jsonb,
  uuid uuid default gen_random_uuid() not null,
  earlier jsonb,
  current_step text,
  counts jsonb,
  notify text,
  constraint import_jobs_pkey PRIMARY KEY (id),
  constraint import_jobs_uuid_key UNIQUE (uuid),
  constraint import_jobs_phase_check CHECK ((phase = ANY (ARRAY['parse'::text, 'commit'::text, 'undo'::text]))),
  constraint import_jobs_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'queued'::text, 'parsing'::text, 'ready'::text, 'committing'::text, 'completed'::text, 'undoing'::text, 'undone'::text, 'paused'::text, 'cancelled'::text, 'failed'::text]))),
  constraint import_jobs_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES sluice.import_jobs(id) ON DELETE SET NULL
);
CREATE INDEX import_jobs_active_idx ON sluice.import_jobs USING btree (status) WHERE (status = ANY (ARRAY['queued'::text, 'parsing'::text, 'ready'::text, 'committing'::text, 'undoing'::text]));
CREATE INDEX import_jobs_context_idx ON sluice.import_jobs USING btree (importer, md5((context)::text), id);
CREATE INDEX import_jobs_failed_idx ON sluice.import_jobs USING btree (((error_details ->> 'code'::text))) WHERE (status = 'failed'::text);
CREATE INDEX import_jobs_file_hash_idx ON sluice.import_jobs USING btree (file_hash);
CREATE INDEX import_jobs_left_idx ON sluice.import_jobs USING btree (left_at) WHERE (left_at IS NOT NULL);
CREATE INDEX import_jobs_owner_idx ON sluice.import_jobs USING btree (created_by, id);
CREATE INDEX import_jobs_parent_idx ON sluice.import_jobs USING btree (parent_id) WHERE (parent_id IS NOT NULL);
CREATE INDEX import_jobs_status_idx ON sluice.import_jobs USING btree (status);
CREATE INDEX import_jobs_storage_path_idx ON sluice.import_jobs USING btree (storage_path);
CREATE INDEX import_jobs_target_idx ON sluice.import_jobs USING btree (target) WHERE (status = ANY (ARRAY['committing'::text, 'completed'::text, 'paused'::text, 'failed'::text]));
CREATE INDEX import_jobs_waiting_idx ON sluice.import_jobs USING btree (created_by) WHERE (status = 'queued'::text);

create table sluice.import_kept (
  id bigint generated always as identity not null,
  job_id bigint not null,
  chunk_no integer not null,
  record_id text not null,
  reason text not null,
  columns text[],
  by_job bigint,
  by_table text,
  message text,
  record text,
  constraint import_kept_pkey PRIMARY KEY (id),
  constraint import_kept_reason_check CHECK ((reason = ANY (ARRAY['edited_since'::text, 'edited_in_part'::text, 'referred_to'::text, 'gone_already'::text, 'refused'::text]))),
  constraint import_kept_job_id_fkey FOREIGN KEY (job_id) REFERENCES sluice.import_jobs(id) ON DELETE CASCADE
);
CREATE INDEX import_kept_job_id_idx ON sluice.import_kept USING btree (job_id, id);

create table sluice.import_record_changes (
  job_id bigint not null,
  chunk_no integer not null,
  record text not null,
  place integer not null,
  row_no integer,
  record_id text not null,
  action text not null,
  before jsonb not null,
  after jsonb,
  before_xid bigint,
  constraint import_record_changes_pkey PRIMARY KEY (job_id, chunk_no, record, place),
  constraint import_record_changes_action_check CHECK ((action = ANY (ARRAY['updated'::text, 'closed'::text, 'deactivated'::text, 'deleted'::text]))),
  constraint import_record_changes_job_id_chunk_no_fkey FOREIGN KEY (job_id, chunk_no) REFERENCES sluice.import_chunks(job_id, chunk_no) ON DELETE CASCADE
);

create table sluice.import_record_chunks (
  job_id bigint not null,
  chunk_no integer not null,
  record text not null,
  created integer default 0 not null,
  updated integer default 0 not null,
  unchanged integer default 0 not null,
  closed integer default 0 not null,
  deactivated integer default 0 not null,
  deleted integer default 0 not null,
  created_ids bigint[] storage external,
  created_keys text[],
  undo_deleted integer default 0 not null,
  undo_restored integer default 0 not null,
  undo_kept integer default 0 not null,
  constraint import_record_chunks_pkey PRIMARY KEY (job_id, chunk_no, record),
  constraint import_record_chunks_job_id_chunk_no_fkey FOREIGN KEY (job_id, chunk_no) REFERENCES sluice.import_chunks(job_id, chunk_no) ON DELETE CASCADE
);

create table sluice.import_returned (
  record_id text not null,
  job_id bigint not null,
  by_job bigint not null,
  by_chunk integer not null,
  record_table text default ''::text not null,
  constraint import_returned_pkey PRIMARY KEY (record_id, job_id, record_table),
  constraint import_returned_by_job_fkey FOREIGN KEY (by_job) REFERENCES sluice.import_jobs(id) ON DELETE CASCADE,
  constraint import_returned_job_id_fkey FOREIGN KEY (job_id) REFERENCES sluice.import_jobs(id) ON DELETE CASCADE
);
CREATE INDEX import_returned_by_job_idx ON sluice.import_returned USING btree (by_job);
CREATE INDEX import_returned_job_id_idx ON sluice.import_returned USING btree (job_id);

create table sluice.import_rows (
  job_id bigint not null,
  row_no integer not null,
  outcome text not null,
  issues jsonb,
  cells text[],
  row_offset bigint,
  record_id text,
  before jsonb,
  chunk_no integer,
  after jsonb,
  before_xid bigint,
  typed_cells integer[],
  kept_values jsonb,
  constraint import_rows_pkey PRIMARY KEY (job_id, row_no),
  constraint import_rows_outcome_check CHECK ((outcome = ANY (ARRAY['invalid'::text, 'skipped'::text, 'updated'::text, 'failed'::text]))),
  constraint import_rows_job_id_fkey FOREIGN KEY (job_id) REFERENCES sluice.import_jobs(id) ON DELETE CASCADE
);

create table sluice.import_warnings (
  job_id bigint not null,
  code text not null,
  row_no integer not null,
  field text not null,
  params jsonb,
  row_offset bigint not null,
  constraint import_warnings_pkey PRIMARY KEY (job_id, code, row_no, field),
  constraint import_warnings_job_id_fkey FOREIGN KEY (job_id) REFERENCES sluice.import_jobs(id) ON DELETE CASCADE
);
CREATE INDEX import_warnings_row_idx ON sluice.import_warnings USING btree (job_id, row_no);

create table sluice.import_written_values (
  job_id bigint not null,
  of_table text not null,
  record_id text not null,
  is_created boolean not null,
  after jsonb not null,
  constraint import_written_values_pkey PRIMARY KEY (of_table, record_id, job_id),
  constraint import_written_values_job_id_fkey FOREIGN KEY (job_id) REFERENCES sluice.import_jobs(id) ON DELETE CASCADE
);
CREATE INDEX import_written_values_job_id_idx ON sluice.import_written_values USING btree (job_id, of_table);

create table sluice.mail_recipients (
  id text not null,
  address text,
  is_off boolean default false not null,
  from_rows integer,
  language text,
  seen_at timestamp with time zone default now() not null,
  constraint mail_recipients_pkey PRIMARY KEY (id)
);

create table sluice.mapping_templates (
  id bigint generated always as identity not null,
  importer text not null,
  created_by text not null,
  header_fingerprint text not null,
  column_mapping jsonb not null,
  assignment_config jsonb not null,
  duplicate_config jsonb not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  merge_config jsonb default '{}'::jsonb not null,
  name text,
  context jsonb default '{}'::jsonb not null,
  other_options jsonb default '{}'::jsonb not null,
  constraint mapping_templates_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX mapping_templates_key ON sluice.mapping_templates USING btree (importer, created_by, header_fingerprint, md5((context)::text));

create table sluice.migrations (
  number integer not null,
  applied_at timestamp with time zone default now() not null,
  constraint migrations_pkey PRIMARY KEY (number)
);

create table sluice.outbox (
  id bigint generated always as identity not null,
  sink text not null,
  key uuid default gen_random_uuid() not null,
  topic text not null,
  job_id bigint not null,
  payload jsonb not null,
  created_at timestamp with time zone default clock_timestamp() not null,
  attempts integer default 0 not null,
  next_at timestamp with time zone default now() not null,
  claimed_by text,
  claimed_until timestamp with time zone,
  error text,
  done_at timestamp with time zone,
  is_dead boolean default false not null,
  place integer default 0 not null,
  replays boolean default false not null,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_sink_fkey FOREIGN KEY (sink) REFERENCES sluice.sinks(name) ON DELETE CASCADE
);
CREATE INDEX outbox_done_idx ON sluice.outbox USING btree (done_at) WHERE (done_at IS NOT NULL);
CREATE INDEX outbox_replays_idx ON sluice.outbox USING btree (sink, id) WHERE replays;
CREATE INDEX outbox_waiting_idx ON sluice.outbox USING btree (sink, job_id, id) WHERE (done_at IS NULL);

create table sluice.presences (
  id text not null,
  claims text[] not null,
  backend_pid integer not null,
  backend_start timestamp with time zone not null,
  heartbeat_at timestamp with time zone default now() not null,
  constraint presences_pkey PRIMARY KEY (id)
);

create table sluice.sessions (
  secret_hash bytea not null,
  user_id text not null,
  created_at timestamp with time zone default now() not null,
  last_seen_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  constraint sessions_pkey PRIMARY KEY (secret_hash),
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES sluice.users(id) ON DELETE CASCADE
);
CREATE INDEX sessions_expiry_idx ON sluice.sessions USING btree (expires_at);
CREATE INDEX sessions_user_idx ON sluice.sessions USING btree (user_id);

create table sluice.sign_in_codes (
  code_hash bytea not null,
  user_id text not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint sign_in_codes_pkey PRIMARY KEY (code_hash),
  constraint sign_in_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES sluice.users(id) ON DELETE CASCADE
);
CREATE INDEX sign_in_codes_user_idx ON sluice.sign_in_codes USING btree (user_id);

create table sluice.sink_refusals (
  sink text not null,
  record_id text not null,
  reason text not null,
  run jsonb,
  at timestamp with time zone default now() not null,
  constraint sink_refusals_pkey PRIMARY KEY (sink, record_id),
  constraint sink_refusals_sink_fkey FOREIGN KEY (sink) REFERENCES sluice.sinks(name) ON DELETE CASCADE
);

create table sluice.sinks (
  name text not null,
  topics text[] not null,
  seen_at timestamp with time zone default now() not null,
  importer text,
  record text,
  turn_by text,
  turn_until timestamp with time zone,
  attempts integer default 0 not null,
  next_at timestamp with time zone default now() not null,
  error text,
  stopped_at timestamp with time zone,
  pending jsonb,
  rebuild jsonb,
  constraint sinks_pkey PRIMARY KEY (name)
);

create table sluice.source_files (
  id bigint generated always as identity not null,
  source_id bigint not null,
  name text not null,
  size_bytes bigint,
  modified_at timestamp with time zone,
  tag text,
  state text not null,
  was text,
  first_seen_at timestamp with time zone default now() not null,
  changed_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  hash text,
  fetched_tag text,
  import_id bigint,
  error jsonb,
  failures integer default 0 not null,
  next_at timestamp with time zone default now() not null,
  away_at timestamp with time zone,
  constraint source_files_pkey PRIMARY KEY (id),
  constraint source_files_source_id_name_key UNIQUE (source_id, name),
  constraint source_files_state_check CHECK ((state = ANY (ARRAY['new'::text, 'ready'::text, 'made'::text, 'imported'::text, 'same'::text, 'empty'::text, 'failed'::text]))),
  constraint source_files_source_id_fkey FOREIGN KEY (source_id) REFERENCES sluice.sources(id) ON DELETE CASCADE
);
CREATE INDEX source_files_hash_idx ON sluice.source_files USING btree (source_id, hash) WHERE (hash IS NOT NULL);
CREATE INDEX source_files_import_idx ON sluice.source_files USING btree (import_id) WHERE (import_id IS NOT NULL);
CREATE INDEX source_files_made_idx ON sluice.source_files USING btree (source_id) WHERE (state = ANY (ARRAY['new'::text, 'made'::text]));
CREATE INDEX source_files_ready_idx ON sluice.source_files USING btree (source_id, modified_at NULLS FIRST, name) WHERE (state = 'ready'::text);
CREATE INDEX source_files_there_idx ON sluice.source_files USING btree (source_id, import_id) WHERE ((state = ANY (ARRAY['imported'::text, 'same'::text])) AND (away_at IS NULL));

create table sluice.sources (
  id bigint generated always as identity not null,
  name text not null,
  origin text not null,
  importer text not null,
  context jsonb default '{}'::jsonb not null,
  place jsonb not null,
  sealed bytea,
  choices jsonb not null,
  files text[] not null,
  schedule text,
  time_zone text default 'UTC'::text not null,
  done jsonb default '"keep"'::jsonb not null,
  settle_seconds double precision not null,
  parallel boolean default false not null,
  same_content text default 'skip'::text not null,
  created_by text,
  created_by_name text,
  state text default 'working'::text not null,
  next_run_at timestamp with time zone,
  look_at timestamp with time zone,
  looked_at timestamp with time zone,
  ignored integer default 0 not null,
  error jsonb,
  failures integer default 0 not null,
  import_id bigint,
  turn_by text,
  turn_until timestamp with time zone,
  seen_at timestamp with time zone default now() not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  notify text,
  constraint sources_pkey PRIMARY KEY (id),
  constraint sources_name_key UNIQUE (name),
  constraint sources_origin_check CHECK ((origin = ANY (ARRAY['config'::text, 'api'::text]))),
  constraint sources_same_content_check CHECK ((same_content = ANY (ARRAY['skip'::text, 'import'::text]))),
  constraint sources_state_check CHECK ((state = ANY (ARRAY['working'::text, 'paused'::text, 'stopped'::text])))
);
CREATE INDEX sources_next_run_idx ON sluice.sources USING btree (next_run_at) WHERE (state = 'working'::text);

create table sluice.upload_locks (
  upload_id text not null,
  holder text not null,
  expires_at timestamp with time zone not null,
  release_asked boolean default false not null,
  constraint upload_locks_pkey PRIMARY KEY (upload_id)
);

create table sluice.uploads (
  id text not null,
  user_id text not null,
  file_name text not null,
  metadata jsonb default '{}'::jsonb not null,
  size_bytes bigint,
  reserved_bytes bigint not null,
  received_bytes bigint default 0 not null,
  status text default 'open'::text not null,
  file_hash text,
  storage_path text not null,
  writer text,
  job_id bigint,
  created_at timestamp with time zone default now() not null,
  changed_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  constraint uploads_pkey PRIMARY KEY (id),
  constraint uploads_status_check CHECK ((status = ANY (ARRAY['open'::text, 'complete'::text, 'taken'::text]))),
  constraint uploads_job_id_fkey FOREIGN KEY (job_id) REFERENCES sluice.import_jobs(id) ON DELETE CASCADE
);
CREATE INDEX uploads_expires_idx ON sluice.uploads USING btree (expires_at);
CREATE INDEX uploads_job_idx ON sluice.uploads USING btree (job_id) WHERE (job_id IS NOT NULL);
CREATE INDEX uploads_user_idx ON sluice.uploads USING btree (user_id, created_at);

create table sluice.users (
  id text default (gen_random_uuid())::text not null,
  number bigint generated always as identity not null,
  name text not null,
  role text not null,
  created_at timestamp with time zone default now() not null,
  last_signed_in_at timestamp with time zone,
  disabled_at timestamp with time zone,
  email text,
  constraint users_pkey PRIMARY KEY (id),
  constraint users_number_key UNIQUE (number),
  constraint users_name_check CHECK ((name <> ''::text)),
  constraint users_roles_check CHECK ((role = ANY (ARRAY['operator'::text, 'admin'::text, 'user'::text])))
);
CREATE UNIQUE INDEX users_name_idx ON sluice.users USING btree (lower(name));

create table sluice.wake_ups (
  id text not null,
  task jsonb not null,
  about text not null,
  published_at timestamp with time zone default now() not null,
  due_at timestamp with time zone default now() not null,
  attempts integer default 0 not null,
  worker text,
  beat_at timestamp with time zone,
  done_at timestamp with time zone,
  dead_at timestamp with time zone,
  reason text,
  constraint wake_ups_pkey PRIMARY KEY (id)
);
CREATE INDEX wake_ups_about_idx ON sluice.wake_ups USING btree (about) WHERE (done_at IS NULL);
CREATE INDEX wake_ups_published_at_idx ON sluice.wake_ups USING btree (published_at);

create table sluice.webhook_deliveries (
  id uuid default gen_random_uuid() not null,
  number bigint generated always as identity not null,
  webhook_id bigint not null,
  event text not null,
  job_id bigint not null,
  payload jsonb,
  page integer,
  after_record jsonb,
  created_at timestamp with time zone default clock_timestamp() not null,
  attempts integer default 0 not null,
  next_at timestamp with time zone default now() not null,
  claimed_by text,
  claimed_until timestamp with time zone,
  done_at timestamp with time zone,
  is_dead boolean default false not null,
  log jsonb default '[]'::jsonb not null,
  constraint webhook_deliveries_pkey PRIMARY KEY (id),
  constraint webhook_deliveries_number_key UNIQUE (number),
  constraint webhook_deliveries_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES sluice.webhooks(id) ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_done_idx ON sluice.webhook_deliveries USING btree (done_at) WHERE (done_at IS NOT NULL);
CREATE INDEX webhook_deliveries_waiting_idx ON sluice.webhook_deliveries USING btree (webhook_id, next_at) WHERE (done_at IS NULL);
CREATE INDEX webhook_deliveries_webhook_idx ON sluice.webhook_deliveries USING btree (webhook_id, number);

create table sluice.webhooks (
  id bigint generated always as identity not null,
  url text not null,
  name text not null,
  events text[] not null,
  importer text,
  context jsonb,
  secret text not null,
  previous_secret text,
  previous_secret_until timestamp with time zone,
  created_by text,
  created_at timestamp with time zone default now() not null,
  disabled_at timestamp with time zone,
  disabled_reason text,
  throttled_until timestamp with time zone,
  throttles integer default 0 not null,
  constraint webhooks_pkey PRIMARY KEY (id),
  constraint webhooks_disabled_reason_check CHECK ((disabled_reason = ANY (ARRAY['person'::text, 'gone'::text])))
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
