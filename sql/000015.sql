-- Context bounds what people see: an operator sees everything, and a remembered mapping belongs to its context.

alter table sluice.users add constraint users_roles_check check (role in ('operator', 'admin', 'user'));
alter table sluice.users drop constraint users_role_check;
alter table sluice.api_tokens add constraint api_tokens_roles_check check (role in ('operator', 'admin', 'user'));
alter table sluice.api_tokens drop constraint api_tokens_role_check;

alter table sluice.mapping_templates
  add column context jsonb not null default '{}',
  drop constraint mapping_templates_importer_created_by_header_fingerprint_key;
-- Hashed: texts of a context may be longer than an index takes.
create unique index mapping_templates_key on sluice.mapping_templates
  (importer, created_by, header_fingerprint, md5(context::text));

-- Imports of a context, the newest first.
create index import_jobs_context_idx on sluice.import_jobs (importer, md5(context::text), id);
