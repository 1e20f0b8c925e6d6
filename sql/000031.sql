-- Sources: places that files are fetched from by schedule, and what is known of their files.
create table sluice.sources (
  id bigint generated always as identity primary key,
  name text not null unique,
  -- A config's are changed by it alone.
  origin text not null check (origin in ('config', 'api')),
  importer text not null,
  context jsonb not null default '{}',
  -- Without its secrets, which `sealed` has, encrypted.
  place jsonb not null,
  sealed bytea,
  choices jsonb not null,
  files text[] not null,
  schedule text,
  time_zone text not null default 'UTC',
  done jsonb not null default '"keep"',
  settle_seconds double precision not null,
  parallel boolean not null default false,
  same_content text not null default 'skip' check (same_content in ('skip', 'import')),
  created_by text,
  created_by_name text,
  state text not null default 'working' check (state in ('working', 'paused', 'stopped')),
  next_run_at timestamptz,
  look_at timestamptz,
  looked_at timestamptz,
  -- Names in its last list that no file can have.
  ignored integer not null default 0,
  error jsonb,
  failures integer not null default 0,
  -- The import that was made last.
  import_id bigint,
  -- One worker at a time has it, for as long as it says so again and again.
  turn_by text,
  turn_until timestamptz,
  -- When a config had it.
  seen_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sources_next_run_idx on sluice.sources (next_run_at) where state = 'working';

create table sluice.source_files (
  id bigint generated always as identity primary key,
  source_id bigint not null references sluice.sources (id) on delete cascade,
  name text not null,
  size_bytes bigint,
  modified_at timestamptz,
  tag text,
  state text not null check (state in ('new', 'ready', 'made', 'imported', 'same', 'empty', 'failed')),
  -- What had become of the version before.
  was text,
  first_seen_at timestamptz not null default now(),
  -- Since when it is as it is.
  changed_at timestamptz not null,
  -- The beginning of the last look that saw it.
  seen_at timestamptz not null,
  -- Of the bytes that were fetched last.
  hash text,
  fetched_tag text,
  import_id bigint,
  error jsonb,
  failures integer not null default 0,
  next_at timestamptz not null default now(),
  away_at timestamptz,
  unique (source_id, name)
);
create index source_files_ready_idx on sluice.source_files (source_id, modified_at nulls first, name) where state = 'ready';
create index source_files_made_idx on sluice.source_files (source_id) where state in ('new', 'made');
create index source_files_there_idx on sluice.source_files (source_id, import_id) where state in ('imported', 'same') and away_at is null;
create index source_files_hash_idx on sluice.source_files (source_id, hash) where hash is not null;
