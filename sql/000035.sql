-- Who hears by mail of a source and of what it brings: the person who made it, as uploads tell people apart.
alter table sluice.sources add column notify text;
-- Whether an import was fetched, and by which file.
create index source_files_import_idx on sluice.source_files (import_id) where import_id is not null;
