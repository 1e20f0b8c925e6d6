-- Mails about imports: where they go, and what each person wants of them.
alter table sluice.users
  -- Where mails to the person go; null: none are sent.
  add column email text;

create table sluice.mail_recipients (
  -- A person as uploads tell people apart: ids of an app may be unique within a tenant only.
  id text primary key,
  -- As their sign-in says it; null: as their account has it.
  address text,
  -- Their own choices; null: what is usual.
  is_off boolean not null default false,
  from_rows integer,
  language text,
  seen_at timestamptz not null default now()
);

alter table sluice.import_jobs
  -- Who hears of it by mail; null: who made it, where Sluice keeps their account.
  add column notify text;
