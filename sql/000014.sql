-- Who stands behind a request that is under way, and what it had made when its process died.

-- A process that has requests with keys under way says so every two seconds, on whichever connection it has at hand.
create table sluice.presences (
  id text primary key,
  -- The keys' claims that it stands by.
  claims text[] not null,
  backend_pid integer not null,
  backend_start timestamptz not null,
  heartbeat_at timestamptz not null default now()
);

alter table sluice.idempotency_keys
  add column claim text,
  add column holder text,
  -- Written in the transaction that makes the import.
  add column job_id bigint references sluice.import_jobs (id) on delete set null;
create index idempotency_keys_job_idx on sluice.idempotency_keys (job_id) where job_id is not null;
