-- Find and replace within the rows of a filter, by a name of its own: a version that does not know it would go on in all rows.
alter table sluice.import_edits drop constraint import_edits_kind_check;
alter table sluice.import_edits add constraint import_edits_kind_check
  check (kind in ('cell', 'cells', 'replace', 'find', 'find_within', 'revalidate', 'take_in', 'repair'));
