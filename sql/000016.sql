-- An edit of many rows that no process gets through is given up and taken back, rather than tried for ever.
alter table sluice.import_edits
  -- How often a process has left it since its last rows were changed.
  add column attempts integer not null default 0,
  add column given_up boolean not null default false;
