-- Edits of cells in several rows: a range that was pasted, filled or emptied.
alter table sluice.import_edits drop constraint import_edits_kind_check;
alter table sluice.import_edits add constraint import_edits_kind_check
  check (kind in ('cell', 'cells', 'replace', 'find', 'revalidate', 'take_in', 'repair'));
