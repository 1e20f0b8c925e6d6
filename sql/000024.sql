-- Record sinks: those of an importer, which are told of its records alone, one worker at a time, and whose index can be built anew.
alter table sluice.sinks
  -- Null: a sink of the config, which is told of all importers.
  add column importer text,
  -- Which of its records; null: the main one.
  add column record text,
  -- The worker whose turn it is, and until when at most.
  add column turn_by text,
  add column turn_until timestamptz,
  -- Failures in a row, and when it is to be tried again.
  add column attempts integer not null default 0,
  add column next_at timestamptz not null default now(),
  add column error text,
  -- It takes nothing in before a person has seen to it.
  add column stopped_at timestamptz,
  -- A batch that it has taken in, and has not answered for.
  add column pending jsonb,
  add column rebuild jsonb;

alter table sluice.outbox
  -- Of a message to a record sink: how many of its records are in.
  add column place integer not null default 0,
  -- The index in use has it, the one that a rebuild makes does not yet.
  add column replays boolean not null default false;
create index outbox_replays_idx on sluice.outbox (sink, id) where replays;

-- Records that a sink refused: they hold up no other, until they are put in again.
create table sluice.sink_refusals (
  sink text not null references sluice.sinks (name) on delete cascade,
  record_id text not null,
  reason text not null,
  -- Whose change it was: {jobId, context, user}; null where a rebuild sent it.
  run jsonb,
  at timestamptz not null default now(),
  primary key (sink, record_id)
);
