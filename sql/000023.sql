-- Of an importer whose rows make several records: which of them a kept one is, and of which table one is that is an earlier import's
-- again; '' where that is the earlier import's own target.
alter table sluice.import_kept add column record text;
alter table sluice.import_returned add column record_table text not null default '';
alter table sluice.import_returned drop constraint import_returned_pkey;
alter table sluice.import_returned add primary key (record_id, job_id, record_table);
