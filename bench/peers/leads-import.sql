-- A leads file into the leads table, as somebody who knows Postgres writes it by hand:
--   psql -f leads-import.sql < leads.csv
-- Set-based throughout, one transaction; the staging tables are unlogged, the indexes of leads stay alive. It does what
-- Sluice's leads importer does: reject what is invalid, skip what repeats an earlier row of the file or a record on any
-- of three keys, keep what was left out with its reason, write a history row per lead. It has no progress, no
-- checkpoint, no undo, and one row with a cell too many stops it.

set search_path = bench_sql;
set client_min_messages = warning;
-- A key of a million rows hashes in about 115 MB.
set work_mem = '256MB';

begin;

drop table if exists staging, checked, left_out;

create unlogged table staging (
  row_number bigint generated always as identity (cache 1000),
  external_id text, first_name text, last_name text, email text, phone text, company text,
  address text, postal_code text, city text, country text, source text, status text
);

\copy staging (external_id, first_name, last_name, email, phone, company, address, postal_code, city, country, source, status) from pstdin with (format csv, delimiter ';', header true)

-- Normalised keys and the first issue of each row. The planner writes the inner expressions out where they are used:
-- some run twice, and parallel workers can share the scan. Fencing them off with "offset 0" measured no quicker.
create unlogged table checked as
select
  row_number,
  external_id,
  first_name,
  last_name,
  email,
  phone,
  company,
  address,
  postal_code,
  city,
  country,
  source,
  status,
  case
    when email !~ '^[a-z0-9!#$%&''*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&''*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$'
      then 'email_invalid'
    when phone_written is not null and phone is null then 'phone_invalid'
    when email is null and phone is null and external_id is null then 'key_missing'
    when status is null then 'status_unknown'
  end as issue
from (
  select
    *,
    case
      when digits ~ '^(0|\+33|0033)[1-9][0-9]{8}$' then '+33' || right(digits, 9)
      when digits ~ '^(\+|00)[1-9][0-9]{6,14}$' and digits !~ '^(\+|00)33' then '+' || ltrim(digits, '+0')
    end as phone
  from (
    select
      row_number,
      nullif(btrim(external_id), '') as external_id,
      nullif(btrim(first_name), '') as first_name,
      nullif(btrim(last_name), '') as last_name,
      nullif(lower(btrim(email)), '') as email,
      nullif(btrim(phone), '') as phone_written,
      translate(replace(phone, '(0)', ''), ' .()-', '') as digits,
      nullif(btrim(company), '') as company,
      nullif(btrim(address), '') as address,
      nullif(btrim(postal_code), '') as postal_code,
      nullif(btrim(city), '') as city,
      nullif(btrim(country), '') as country,
      nullif(btrim(source), '') as source,
      case coalesce(lower(btrim(status)), '')
        when '' then 'new'
        when 'nouveau' then 'new'
        when 'contacté' then 'contacted'
        when 'qualifié' then 'qualified'
        when 'converti' then 'converted'
        when 'perdu' then 'lost'
      end as status
    from staging
  ) trimmed
) normalised;

analyze checked (row_number, external_id, email, phone, issue);

-- Nobody may add a lead between the comparison and the insert.
lock table leads in share row exclusive mode;
analyze leads;

create unlogged table left_out as
with repeated as (
  select c.row_number
  from (
    select email, min(row_number) as first from checked where issue is null and email is not null
    group by email having count(*) > 1
  ) k
  join checked c on c.email = k.email and c.issue is null and c.row_number > k.first
  union
  select c.row_number
  from (
    select phone, min(row_number) as first from checked where issue is null and phone is not null
    group by phone having count(*) > 1
  ) k
  join checked c on c.phone = k.phone and c.issue is null and c.row_number > k.first
  union
  select c.row_number
  from (
    select external_id, min(row_number) as first from checked where issue is null and external_id is not null
    group by external_id having count(*) > 1
  ) k
  join checked c on c.external_id = k.external_id and c.issue is null and c.row_number > k.first
),
existing as (
  select c.row_number from checked c join leads l on lower(l.email) = c.email
  where c.issue is null and l.email is not null
  union
  select c.row_number from checked c join leads l on l.phone = c.phone where c.issue is null
  union
  select c.row_number from checked c join leads l on l.external_id = c.external_id where c.issue is null
)
select row_number, min(reason) as reason
from (
  select row_number, issue as reason from checked where issue is not null
  union all
  select row_number, 'duplicate_in_file' from repeated
  union all
  select row_number, 'duplicate_in_table' from existing
) reasons
group by row_number;

analyze left_out;

with created as (
  insert into leads
    (external_id, first_name, last_name, email, phone, company, address, postal_code, city, country, source, status)
  select
    external_id, first_name, last_name, email, phone, company, address, postal_code, city, country, source, status
  from checked c
  where not exists (select from left_out l where l.row_number = c.row_number)
  returning id
)
insert into lead_history (lead_id, event, actor)
select id, 'created', 'leads-import.sql' from created;

insert into rows_left_out (row_number, reason, cells)
select
  row_number, reason,
  array[external_id, first_name, last_name, email, phone, company, address, postal_code, city, country, source, status]
from left_out
join staging using (row_number);

create temp table outcome on commit drop as
select
  (select count(*) from staging) as total,
  count(*) as left_out,
  count(*) filter (where reason like 'duplicate%') as duplicates
from left_out;

drop table checked, left_out;

select total, total - left_out as created, duplicates, left_out - duplicates as invalid from outcome;

drop table staging;

commit;

analyze leads, lead_history;
