-- An edit under way of a kind that older versions do not know: they take any that is `under_way` for one of theirs.
alter table sluice.import_edits drop constraint import_edits_status_check;
alter table sluice.import_edits add constraint import_edits_status_check
  check (status in ('under_way', 'in_hand', 'done', 'undoing', 'undone'));
