-- Options of an import that came after those with columns of their own, by their names.
alter table sluice.import_jobs add column other_options jsonb not null default '{}';
alter table sluice.mapping_templates add column other_options jsonb not null default '{}';
