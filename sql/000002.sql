-- What a match that is made again in the middle of a commit must know of the chunks that are done.

alter table sluice.import_chunks
  -- Rows of other chunks' ranges that this one settled, because the first row of their group lies in it.
  add column settled_rows integer[],
  -- Rows of its range that it left to the chunk of their group.
  add column open_rows integer[];

alter table sluice.import_jobs
  -- Rows of a chunk, frozen with the first plan, so that another setting does not shift the ranges.
  add column chunk_rows integer;
