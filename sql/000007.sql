-- Uploads: files on their way in, and those that wait for an import.

create table sluice.uploads (
  id text primary key,
  -- Whose file it is: nobody else gets to see it.
  user_id text not null,
  file_name text not null,
  -- What the client said about it, as tus has it: it is given back as it came.
  metadata jsonb not null default '{}',
  -- Null: not known before its last byte.
  size_bytes bigint,
  -- What the file may take on the disk, for the quota: its size, or the most that it can have.
  reserved_bytes bigint not null,
  -- Bytes that are safely stored.
  received_bytes bigint not null default 0,
  status text not null default 'open' check (status in ('open', 'complete', 'taken')),
  -- SHA-256 in hex, once it is complete.
  file_hash text,
  storage_path text not null,
  -- The process that stored the last bytes: it alone may go on with the hash it has in memory.
  writer text,
  -- The import that has the file now.
  job_id bigint references sluice.import_jobs (id) on delete cascade,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index uploads_user_idx on sluice.uploads (user_id, created_at);
create index uploads_expires_idx on sluice.uploads (expires_at);
create index uploads_job_idx on sluice.uploads (job_id) where job_id is not null;

-- Who is at an upload: a lease, for a request may be served by any process, and none may keep a lock by dying.
create table sluice.upload_locks (
  upload_id text primary key,
  holder text not null,
  expires_at timestamptz not null,
  -- Another request wants it: the holder stops at once.
  release_asked boolean not null default false
);
create index import_jobs_storage_path_idx on sluice.import_jobs (storage_path);
