create table companies (
  id bigint generated always as identity primary key,
  code text not null unique,
  name text not null
);
insert into companies (code, name) values ('FM', 'Fern & Moss'), ('BL', 'Bloom');

create table customers (
  id bigint generated always as identity primary key,
  email text unique,
  phone text,
  full_name text not null,
  balance numeric(12, 2),
  born date,
  newsletter boolean not null default false,
  company_id bigint references companies (id),
  updated_at timestamptz not null default now()
);
