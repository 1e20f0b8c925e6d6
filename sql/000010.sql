-- Who brought an import, by name; edits that nobody is at; and sign-ins that were refused.

alter table sluice.import_jobs
  -- As they were called when they brought it: people of a JWT have no account here.
  add column created_by_name text;

alter table sluice.import_edits
  -- When somebody was last at it: one that is not finished goes on elsewhere when its process has died.
  add column worked_at timestamptz not null default clock_timestamp();

alter table sluice.sign_in_codes
  -- A code that served is kept for a while, so that whoever brings it again can be told apart from a stranger.
  add column used_at timestamptz;

-- What bounds them, and takes old ones away.
create index audit_refused_idx on sluice.audit (at) where name in ('sign_in.refused', 'token.refused');
