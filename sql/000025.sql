-- Rows that the parse itself leaves out: totals of other rows. They are kept in import_rows, and can be taken in by an edit.
alter table sluice.import_jobs
  add column skipped_rows bigint not null default 0,
  -- What the parse knows of the rows so far beside its counts: how they end, what they add up to.
  add column parse_state jsonb;
alter table sluice.import_edits drop constraint import_edits_kind_check;
alter table sluice.import_edits add constraint import_edits_kind_check
  check (kind in ('cell', 'replace', 'find', 'revalidate', 'take_in'));
