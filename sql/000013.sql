-- Whose files are whose: a database's own name in a data folder that others may share.

-- By cluster and database, so that a copy (from a template, or a dump that was restored) finds no row of its own and gets
-- another id. cluster: the system identifier, 0 where the role may not read it.
create table sluice.identities (
  cluster bigint not null,
  database oid not null,
  id uuid not null default gen_random_uuid(),
  -- The first one: files from before there were ids, which its imports name, are its own.
  is_first boolean not null,
  made_at timestamptz not null default now(),
  primary key (cluster, database)
);
