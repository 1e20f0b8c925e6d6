-- The outbox: what sinks are told of, written in the transaction that it tells of. Nobody registered: nothing is written.
create table sluice.sinks (
  name text primary key,
  -- Names of events, and chunk.committed and chunk.undone.
  topics text[] not null,
  -- When a process last had it among its sinks.
  seen_at timestamptz not null default now()
);

create table sluice.outbox (
  id bigint generated always as identity primary key,
  sink text not null references sluice.sinks (name) on delete cascade,
  -- By which the receiver knows a message that is delivered again.
  key uuid not null default gen_random_uuid(),
  topic text not null,
  -- No reference: what became of an import is told after the import is deleted, too.
  job_id bigint not null,
  payload jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  -- Counted when it is claimed, so that a message that kills its worker is given up as well.
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  -- The worker that has it, for as long as that lives, and not beyond the moment.
  claimed_by text,
  claimed_until timestamptz,
  error text,
  -- When it was delivered, or given up.
  done_at timestamptz,
  is_dead boolean not null default false
);
-- Of each import the oldest message that is not delivered comes first.
create index outbox_waiting_idx on sluice.outbox (sink, job_id, id) where done_at is null;
create index outbox_done_idx on sluice.outbox (done_at) where done_at is not null;
