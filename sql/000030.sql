-- Webhooks: addresses that are told of imports, what each was told, and whether it got there.
create table sluice.webhooks (
  id bigint generated always as identity primary key,
  url text not null,
  name text not null,
  events text[] not null,
  -- Null: of all importers; in every context.
  importer text,
  context jsonb,
  -- Signing needs it as it is. The one from before the last rotation signs as well for a while.
  secret text not null,
  previous_secret text,
  previous_secret_until timestamptz,
  created_by text,
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  disabled_reason text check (disabled_reason in ('person', 'gone')),
  -- Its address asked for a pause, so often in a row.
  throttled_until timestamptz,
  throttles integer not null default 0
);

create table sluice.webhook_deliveries (
  id uuid primary key default gen_random_uuid(),
  -- By which pages follow one another.
  number bigint generated always as identity unique,
  webhook_id bigint not null references sluice.webhooks (id) on delete cascade,
  event text not null,
  -- No reference: what became of an import is told after the import is deleted, too.
  job_id bigint not null,
  -- The same whenever it is sent; null of rows, which are read when they are sent.
  payload jsonb,
  page integer,
  after_record jsonb,
  created_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  next_at timestamptz not null default now(),
  claimed_by text,
  claimed_until timestamptz,
  -- When it was delivered, or given up.
  done_at timestamptz,
  is_dead boolean not null default false,
  -- Of each attempt when, the status, why not, and how long it took.
  log jsonb not null default '[]'
);
create index webhook_deliveries_waiting_idx on sluice.webhook_deliveries (webhook_id, next_at) where done_at is null;
create index webhook_deliveries_webhook_idx on sluice.webhook_deliveries (webhook_id, number);
create index webhook_deliveries_done_idx on sluice.webhook_deliveries (done_at) where done_at is not null;

-- What operators were told of that is still wrong.
create table sluice.alerts (
  kind text not null,
  name text not null,
  -- How many messages or deliveries that was.
  told integer not null,
  at timestamptz not null default now(),
  primary key (kind, name)
);
