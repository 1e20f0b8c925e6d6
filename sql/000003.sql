-- What is worth knowing about rows that go in, and what the columns of the file hold.

-- Rows with a warning of the parse, up to a cap for each code; counted without limit in import_issue_counts.
create table sluice.import_warnings (
  job_id bigint not null references sluice.import_jobs (id) on delete cascade,
  code text not null,
  row_no integer not null,
  -- '' where the row as a whole is meant.
  field text not null,
  params jsonb,
  -- Where the row stands in the stored file: a report reads it again.
  row_offset bigint not null,
  primary key (job_id, code, row_no, field)
);

alter table sluice.import_jobs
  -- A profile of each column over the rows read so far, moved on with the checkpoint.
  add column column_profiles jsonb;
