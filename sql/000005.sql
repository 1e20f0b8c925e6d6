-- What undo must know: which transactions wrote a chunk's records, what an update wrote, and how far an undo is.

alter table sluice.import_chunks
  -- The transactions (savepoints have ids of their own) that wrote its records, in full 64 bits: a record whose xmin is none
  -- of them was edited since. They mean something only in the cluster that gave them out: its system identifier, 0 where
  -- that may not be read.
  add column writer_xids bigint[],
  add column writer_cluster bigint,
  add column undone_at timestamptz,
  add column undo_deleted integer not null default 0,
  add column undo_restored integer not null default 0,
  add column undo_kept integer not null default 0,
  -- The same of the transactions that restored its records.
  add column undo_xids bigint[],
  add column undo_cluster bigint;

-- Of an updated row with the values before:
alter table sluice.import_rows
  -- the chunk that wrote the record,
  add column chunk_no integer,
  -- the changed values as the import wrote them,
  add column after jsonb,
  -- and xmin of the record before it.
  add column before_xid bigint;

alter table sluice.import_jobs
  add column undo_started_at timestamptz,
  add column undone_at timestamptz,
  -- The chunks are undone one after the other, the last first: some records were written by more than one of them.
  add column undo_in_order boolean,
  add column undo_deleted bigint not null default 0,
  add column undo_restored bigint not null default 0,
  add column undo_kept bigint not null default 0;

-- Records that an undo left as they are, wholly or in part, each with the reason.
create table sluice.import_kept (
  id bigint generated always as identity primary key,
  job_id bigint not null references sluice.import_jobs (id) on delete cascade,
  chunk_no integer not null,
  record_id text not null,
  reason text not null check (reason in ('edited_since', 'edited_in_part', 'referred_to', 'gone_already', 'refused')),
  -- Columns that keep a later value; null where the record is kept as a whole.
  columns text[],
  -- The later import that wrote the record last.
  by_job bigint,
  -- The table that refers to it.
  by_table text,
  -- What the database said when it refused.
  message text
);
create index import_kept_job_id_idx on sluice.import_kept (job_id, id);

-- Records that the undo of a later import gave back to an earlier one exactly as that one had left them: its own undo need
-- not keep them.
create table sluice.import_returned (
  record_id text not null,
  job_id bigint not null references sluice.import_jobs (id) on delete cascade,
  -- The chunk whose undo_xids the record now carries.
  by_job bigint not null references sluice.import_jobs (id) on delete cascade,
  by_chunk integer not null,
  primary key (record_id, job_id)
);
create index import_returned_job_id_idx on sluice.import_returned (job_id);
create index import_returned_by_job_idx on sluice.import_returned (by_job);
