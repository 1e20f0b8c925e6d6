-- Why an import is paused, failed or tried again, in whatever language its reader has.

alter table sluice.import_jobs
  -- error_message before it was English: {template, values}. Null where that is the database's or a program's own text.
  add column error_told jsonb;
