-- What becomes of duplicates, decided row by row.
alter table sluice.import_edits drop constraint import_edits_kind_check;
alter table sluice.import_edits add constraint import_edits_kind_check
  check (kind in ('cell', 'cells', 'replace', 'find', 'find_within', 'revalidate', 'take_in', 'repair', 'leave_out', 'put_back', 'decide'));
