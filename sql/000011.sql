-- What an update does with each field, as the person says it for one import; and remembered mappings that have names.

alter table sluice.import_jobs
  -- Field → overwrite, fill, never or clear; what is not named follows the importer.
  add column merge_config jsonb not null default '{}';

alter table sluice.mapping_templates
  add column merge_config jsonb not null default '{}',
  -- What a person calls it; null: remembered without being asked.
  add column name text;
