-- Repairs: edits of many rows whose new cells are computed.
alter table sluice.import_edits drop constraint import_edits_kind_check;
alter table sluice.import_edits add constraint import_edits_kind_check
  check (kind in ('cell', 'replace', 'find', 'revalidate', 'take_in', 'repair'));
