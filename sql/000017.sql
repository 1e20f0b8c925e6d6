-- Rows that the database refuses are rejected however many they are, because a person said so.
alter table sluice.import_jobs add column reject_failures boolean not null default false;
