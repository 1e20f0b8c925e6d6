-- Imports that a worker left to another, because it lacks their importer or a field of it: since when the first one did.
alter table sluice.import_jobs add column left_at timestamptz;
create index import_jobs_left_idx on sluice.import_jobs (left_at) where left_at is not null;
