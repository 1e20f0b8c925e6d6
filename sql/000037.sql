-- Rows that a person leaves out of an import, and puts back in.
alter table sluice.import_edits add column left_out bigint not null default 0;
alter table sluice.import_edits drop constraint import_edits_kind_check;
alter table sluice.import_edits add constraint import_edits_kind_check
  check (kind in ('cell', 'cells', 'replace', 'find', 'find_within', 'revalidate', 'take_in', 'repair', 'leave_out', 'put_back'));
