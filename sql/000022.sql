-- What an import made of each record, where its importer has several: a chunk's counts and the ids of what it created, and the changes
-- with the values before and after. The main record's ids and changes stay in import_chunks and import_rows.
create table sluice.import_record_chunks (
  job_id bigint not null,
  chunk_no integer not null,
  record text not null,
  created integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  closed integer not null default 0,
  deactivated integer not null default 0,
  deleted integer not null default 0,
  created_ids bigint[],
  created_keys text[],
  undo_deleted integer not null default 0,
  undo_restored integer not null default 0,
  undo_kept integer not null default 0,
  primary key (job_id, chunk_no, record),
  foreign key (job_id, chunk_no) references sluice.import_chunks on delete cascade
);

create table sluice.import_record_changes (
  job_id bigint not null,
  chunk_no integer not null,
  record text not null,
  -- From 1 within a chunk and record, in the order of the file.
  place integer not null,
  row_no integer,
  record_id text not null,
  action text not null check (action in ('updated', 'closed', 'deactivated', 'deleted')),
  before jsonb not null,
  after jsonb,
  before_xid bigint,
  primary key (job_id, chunk_no, record, place),
  foreign key (job_id, chunk_no) references sluice.import_chunks on delete cascade
);
