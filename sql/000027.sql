-- Wake-ups that a provider delivers by HTTP (queue/wake-ups.ts): each has one effect, however often it is delivered, and what failed for
-- good is kept. Of a queue that workers ask there are none.
create table sluice.wake_ups (
  id text primary key,
  task jsonb not null,
  -- What it is about, such as import:42.
  about text not null,
  published_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  attempts integer not null default 0,
  -- The process that is at it, and when it last said so.
  worker text,
  beat_at timestamptz,
  done_at timestamptz,
  dead_at timestamptz,
  reason text
);
create index wake_ups_about_idx on sluice.wake_ups (about) where done_at is null;
create index wake_ups_published_at_idx on sluice.wake_ups (published_at);
