-- Round robin stays even where rows that were to be created are refused.
alter table sluice.import_chunks
  -- Records that the chunk was to create when it was planned, each with its turn from rank_base on.
  add column turns integer not null default 0,
  -- Owner → records, where they are not those of the first turns from rank_base on. Below 0: taken from other chunks.
  add column owner_counts jsonb;
