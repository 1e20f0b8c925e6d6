-- The timeline of each import, its progress, and what background workers need: attempts, heartbeats, hand-over.

create table sluice.import_events (
  id bigint generated always as identity primary key,
  job_id bigint not null references sluice.import_jobs (id) on delete cascade,
  -- import.<status> for a change of status, other names for what else is worth keeping.
  name text not null,
  at timestamptz not null default clock_timestamp(),
  -- Id of the user who asked for it; null: the command line, or Sluice itself.
  actor text,
  -- Never a cell's value.
  data jsonb not null default '{}'
);
create index import_events_job_idx on sluice.import_events (job_id, id);

alter table sluice.import_jobs
  -- Goes on to the commit by itself when every row is staged.
  add column auto_commit boolean not null default false,
  -- How far the present step is; written a few times a second outside of the hot path.
  add column progress jsonb,
  add column progress_at timestamptz,
  -- When a worker last said that it is at this job; separate from progress, so that a slow import is never called dead.
  add column heartbeat_at timestamptz,
  -- Failures of the program or the database since a person last started or retried it; deaths of workers do not count.
  add column failures integer not null default 0,
  -- Not to be tried again before.
  add column retry_at timestamptz;

-- What the supervisor looks through every few seconds.
create index import_jobs_active_idx on sluice.import_jobs (status) where status in ('queued', 'parsing', 'ready', 'committing', 'undoing');
create index import_jobs_waiting_idx on sluice.import_jobs (created_by) where status = 'queued';

alter table sluice.import_jobs
  -- The code, the name and the SQLSTATE of the error that failed it, and how often it was tried.
  add column error_details jsonb,
  -- When the stored file of a finished job goes; null: not decided yet, or gone.
  add column file_expires_at timestamptz;
