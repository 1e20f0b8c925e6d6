create table stock (
  id bigint generated always as identity primary key,
  sku text not null unique,
  name text,
  quantity integer not null
);
create table stock_journal (
  import bigint not null,
  sku text not null,
  quantity integer not null,
  at timestamptz not null default now()
);
insert into stock (sku, name, quantity) values ('FERN-12', 'Fern, 12 cm', 40);
