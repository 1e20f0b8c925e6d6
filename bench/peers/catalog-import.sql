-- A catalogue into five tables, as somebody who knows Postgres writes it by hand:
--   psql -f catalog-import.sql < products.csv
-- Set-based, one transaction: brands and categories once each, products created or changed, a price or a stock that differs closed and
-- followed by the new one, and nothing written where nothing changed. It rejects nothing, has no progress, no checkpoint, no undo.

set client_min_messages = warning;
set work_mem = '256MB';

begin;

drop table if exists staging, moments;

create unlogged table staging (
  row_number bigint generated always as identity (cache 1000),
  code text, name text, description text, brand text, category text, unit text, price numeric(18, 4), currency text,
  stock numeric(18, 3), warehouse text, active boolean
);

\copy staging (code, name, description, brand, category, unit, price, currency, stock, warehouse, active) from pstdin with (format csv, header true)

create unlogged table moments as select clock_timestamp() as copied_at;

-- The last row of a code counts.
delete from staging s using (
  select lower(code) as code, max(row_number) as last from staging group by 1 having count(*) > 1
) d
where lower(s.code) = d.code and s.row_number < d.last;

analyze staging;

insert into brands (name)
select min(s.brand) from staging s where s.brand is not null and not exists (select from brands b where lower(b.name) = lower(s.brand))
group by lower(s.brand);

insert into categories (name)
select min(s.category) from staging s
where s.category is not null and not exists (select from categories c where lower(c.name) = lower(s.category))
group by lower(s.category);

analyze brands;
analyze categories;
analyze products;

create unlogged table rows as
select s.*, b.id as brand_id, c.id as category_id, p.id as product_id
from staging s
left join brands b on lower(b.name) = lower(s.brand)
left join categories c on lower(c.name) = lower(s.category)
left join products p on lower(p.code) = lower(s.code);

update products p
set name = r.name, description = r.description, unit = r.unit, brand_id = r.brand_id, category_id = r.category_id,
  active = r.active, updated_at = now()
from rows r
where p.id = r.product_id
  and (p.name, p.description, p.unit, p.brand_id, p.category_id, p.active)
    is distinct from (r.name, r.description, r.unit, r.brand_id, r.category_id, r.active);

insert into products (code, name, description, unit, brand_id, category_id, active)
select code, name, description, unit, brand_id, category_id, active from rows where product_id is null order by row_number;

analyze products;

create unlogged table known as
select p.id as product_id, r.row_number, r.price, r.currency, r.warehouse, r.stock
from rows r join products p on lower(p.code) = lower(r.code);

analyze known;
analyze product_prices;
analyze product_stocks;

update product_prices t
set valid_to = now()
from known k
where t.product_id = k.product_id and t.valid_to is null and (t.amount, t.currency) is distinct from (k.price, k.currency);

insert into product_prices (product_id, amount, currency, valid_from)
select k.product_id, k.price, k.currency, now() from known k
where not exists (select from product_prices t where t.product_id = k.product_id and t.valid_to is null)
order by k.row_number;

update product_stocks t
set valid_to = now()
from known k
where t.product_id = k.product_id and t.warehouse = k.warehouse and t.valid_to is null and t.quantity is distinct from k.stock;

insert into product_stocks (product_id, warehouse, quantity, valid_from)
select k.product_id, k.warehouse, k.stock, now() from known k
where not exists (
  select from product_stocks t where t.product_id = k.product_id and t.warehouse = k.warehouse and t.valid_to is null
)
order by k.row_number;

drop table rows, known;

commit;

select (select count(*) from products), (select count(*) from product_prices), (select count(*) from product_stocks),
  extract(epoch from clock_timestamp() - (select copied_at from moments));
