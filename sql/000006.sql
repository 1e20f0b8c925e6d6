-- The review: what was changed of an import's rows before its commit. It is kept, so that it can be taken back, and is there
-- again when the stage is lost and made anew.

create table sluice.import_edits (
  id bigint generated always as identity primary key,
  job_id bigint not null references sluice.import_jobs (id) on delete cascade,
  kind text not null check (kind in ('cell', 'replace', 'find', 'revalidate')),
  status text not null check (status in ('under_way', 'done', 'undoing', 'undone')),
  at timestamptz not null default clock_timestamp(),
  -- Id of the user; null: the command line.
  actor text,
  -- Of a cell.
  row_no integer,
  -- The field it is about; null: several.
  field text,
  -- What is looked for, and what takes its place.
  params jsonb not null default '{}',
  -- Rows up to this number are through.
  through_row integer not null default 0,
  changed bigint not null default 0,
  now_valid bigint not null default 0,
  now_invalid bigint not null default 0,
  still_invalid bigint not null default 0
);
create index import_edits_job_idx on sluice.import_edits (job_id, id);

-- Each row of each edit, before and after it. A valid one has "values" (of the stage) and "warnings", an invalid one "cells",
-- "issues", "typed", "offset", and "kept": values of the stage that still stand. A row that came valid out of the file has
-- "edited": the cells that were changed, by column.
create table sluice.import_edited_rows (
  edit_id bigint not null references sluice.import_edits (id) on delete cascade,
  row_no integer not null,
  job_id bigint not null,
  before jsonb not null,
  after jsonb not null,
  primary key (edit_id, row_no)
);
create index import_edited_rows_row_idx on sluice.import_edited_rows (job_id, row_no, edit_id);

alter table sluice.import_jobs
  -- The edit of many rows that is under way, or was when its process died: no commit before it is finished.
  add column edit_id bigint;

alter table sluice.import_rows
  -- Places from 0 of the cells that the file itself typed: their text is in plain form.
  add column typed_cells integer[],
  -- Of a row that was valid before it was edited: the values of the stage that still stand.
  add column kept_values jsonb;

create index import_warnings_row_idx on sluice.import_warnings (job_id, row_no);
