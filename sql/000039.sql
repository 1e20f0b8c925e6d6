-- What an import has left in the records that it wrote, where these do not show who has changed them last: reference tables of Citus.
-- `after`: of one that it created all of it, else the columns that it changed.
create table sluice.import_written_values (
  job_id bigint not null references sluice.import_jobs (id) on delete cascade,
  of_table text not null,
  record_id text not null,
  is_created boolean not null,
  after jsonb not null,
  primary key (of_table, record_id, job_id)
);
create index import_written_values_job_id_idx on sluice.import_written_values (job_id, of_table);
