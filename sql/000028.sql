-- What a page follows by Supabase's Realtime, which hands on rows of this table, and imports that came from an older table.
alter table sluice.import_jobs
  -- A second id, that of the older table where an import came from one: its readers know it by that.
  add column uuid uuid not null default gen_random_uuid(),
  -- The row of the older table as it was. Such an import can be looked at and deleted, and nothing else.
  add column earlier jsonb,
  -- What it does now, in its own language, and how many rows ended how so far: written with `progress`.
  add column current_step text,
  add column counts jsonb,
  add constraint import_jobs_uuid_key unique (uuid);
