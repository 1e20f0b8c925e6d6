-- Who may come in: people and their sessions, programs and their tokens; and who did what.

create table sluice.users (
  id text primary key default gen_random_uuid()::text,
  -- The order in which they came; pages follow it.
  number bigint generated always as identity unique,
  name text not null check (name <> ''),
  role text not null check (role in ('admin', 'user')),
  created_at timestamptz not null default now(),
  last_signed_in_at timestamptz,
  disabled_at timestamptz
);
create unique index users_name_idx on sluice.users (lower(name));

-- Secrets are random and long: their SHA-256 tells nothing about them.
create table sluice.sign_in_codes (
  code_hash bytea primary key,
  user_id text not null references sluice.users (id) on delete cascade,
  expires_at timestamptz not null
);
create index sign_in_codes_user_idx on sluice.sign_in_codes (user_id);

create table sluice.sessions (
  secret_hash bytea primary key,
  user_id text not null references sluice.users (id) on delete cascade,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_user_idx on sluice.sessions (user_id);
create index sessions_expiry_idx on sluice.sessions (expires_at);

create table sluice.api_tokens (
  id bigint generated always as identity primary key,
  token_hash bytea not null unique,
  name text not null check (name <> ''),
  user_id text not null references sluice.users (id) on delete cascade,
  -- At most what the user may: a token of an admin can be one of a user.
  role text not null check (role in ('admin', 'user')),
  created_at timestamptz not null default now(),
  created_by text,
  -- Within a minute.
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_tokens_user_idx on sluice.api_tokens (user_id);

-- Sign-ins, and what was changed of users and tokens. What was done to an import stands in its own timeline.
create table sluice.audit (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  name text not null,
  -- Id of a user; null: the command line, or Sluice itself.
  actor text,
  -- As they were called then.
  actor_name text not null,
  -- Id of the user that it is about.
  user_id text,
  data jsonb not null default '{}'
);
create index audit_actor_idx on sluice.audit (actor, id);

-- What metrics count.
create index import_jobs_status_idx on sluice.import_jobs (status);
create index import_jobs_failed_idx on sluice.import_jobs ((error_details ->> 'code')) where status = 'failed';
