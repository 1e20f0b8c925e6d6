-- $1: "public.products"
-- $2: 1
-- $3: "public.products"
-- $4: 1
-- $5: 1
select exists (
  select
  from sluice.import_jobs o
  where o.target = $1 and o.id <> $2 and o.status = 'committing'
) as committing,
  exists (
    select
    from sluice.import_jobs o
    join sluice.import_chunks c on c.job_id = o.id
    where o.target = $3
      and o.id <> $4
      and o.status in ('committing', 'completed', 'paused', 'failed', 'cancelled')
      and c.done_at > (select registered_at from sluice.import_jobs where id = $5)
  ) as "haveWritten";

-- $1: "public.products"
select pg_advisory_xact_lock_shared(hashtextextended('sluice target ' || $1::text, 0));

-- $1: "public.products"
-- $2: 1
-- $3: "public.products"
-- $4: 1
-- $5: 1
select exists (
  select
  from sluice.import_jobs o
  where o.target = $1 and o.id <> $2 and o.status = 'committing'
) as committing,
  exists (
    select
    from sluice.import_jobs o
    join sluice.import_chunks c on c.job_id = o.id
    where o.target = $3
      and o.id <> $4
      and o.status in ('committing', 'completed', 'paused', 'failed', 'cancelled')
      and c.done_at > (select registered_at from sluice.import_jobs where id = $5)
  ) as "haveWritten";

explain (format json, costs off)
select
from "products" t
where "t"."id" = any (array(select l."id" from "products" l));

-- $1: ["products_pkey"]
select c.relname as name, pg_get_indexdef(c.oid, 1, true) as column
from pg_class c
where c.relkind in ('i', 'I') and c.relname = any ($1);

savepoint "half";

-- $1: 19999
-- $2: 0
-- $3: 20000
-- $4: 0
-- $5: 20000
-- $6: 0
-- $7: 20000
select case when m.rows < $1 then (
  select count(*)
  from "sluice_stage"."job_1_0"
  where "row_no" >= $2 and "row_no" < $3 and row_no > 0
) > m.rows else false end as singles,
  m."keptOut",
  g.grouped,
  g.sharing,
  g."goesOn"
from (
  select count(distinct row_no) as rows, count(*) filter (where action not in ('u', 'c'))::int as "keptOut"
  from "sluice_stage"."job_1_0_match"
  where "row_no" >= $4 and "row_no" < $5 and row_no > 0
) m
cross join (
  select count(*)::int as grouped,
    count(*) filter (where root <> row_no)::int as sharing,
    coalesce(bool_or(action = 'c' and of_row is not null), false) as "goesOn"
  from "sluice_stage"."job_1_0_match"
  where "root" >= $6 and "root" < $7 and action in ('u', 'c')
) g;

-- $1: "\"brands\""
select (greatest(pg_relation_size(r.oid), (
  select sum(pg_relation_size(p.relid))
  from pg_partition_tree(r.oid) p
)) / current_setting('block_size')::integer)::int8 as pages
from (select to_regclass($1) as oid) r;

explain (format json, costs off)
select *
from (
  select t.*, t.xmin, "t"."product_id" as "key 0 0"
  from "product_prices" t
  where true and "t"."valid_to" is null and "t"."product_id" = any (array(select null::bigint)) offset 0
) t;

-- $1: ["product_prices_product_id_idx"]
select c.relname as name, pg_get_indexdef(c.oid, 1, true) as column
from pg_class c
where c.relkind in ('i', 'I') and c.relname = any ($1);

explain (format json, costs off)
select *
from (
  select t.*, t.xmin, "t"."product_id" as "key 0 0", "t"."warehouse" as "key 0 1"
  from "product_stocks" t
  where true and "t"."product_id" = any (array(select null::bigint)) offset 0
) t;

-- $1: ["product_stocks_product_id_warehouse_key"]
select c.relname as name, pg_get_indexdef(c.oid, 1, true) as column
from pg_class c
where c.relkind in ('i', 'I') and c.relname = any ($1);

-- $1: 0
-- $2: 20000
-- $3: 0
-- $4: 20000
with alone as materialized (
  select k.row_no, k.record_id as id
  from "sluice_stage"."job_1_0_match" k
  where k.action = 'u' and k.root = k.row_no and not k.ambiguous and "k"."row_no" >= $1 and "k"."row_no" < $2
),
known_0 as (
  select "t"."id" as id, "t"."key 0 0"
  from (
    select t.*, t.xmin, "t"."name" as "key 0 0"
    from "brands" t
    where true
  ) t
),
compared as materialized (
  select m.row_no,
    m.id,
    m.place,
    m."id 0",
    m."says 1",
    m."says 2",
    case when (b.id is null or m."is open" or (m." code" is not null and m." code" is distinct from b." code") or (m." title" is not null and m." title" is distinct from b." title") or (m." of brand_id" is not null and m." of brand_id" is distinct from b." of brand_id")) is not true then case when not m."says 1"
    or "there 1".id is not null
    and not ("there 1"."old 1 v 1" is distinct from coalesce(m."1 v 1", "there 1"."old 1 v 1")) then 0 else 1 end | case when not m."says 2"
    or "there 2".id is not null
    and not ("there 2"."old 2 v 2" is distinct from coalesce(m."2 v 2", "there 2"."old 2 v 2")) then 0 else 2 end end as differs
  from (
    select m.row_no,
      m.id,
      s.ctid as place,
      s."code" as " code",
      s."title" as " title",
      "r brand"."id"::bigint as " of brand_id",
      "r brand"."id" as "id 0",
      (m.id is not null and (s."price" is not null)) as "says 1",
      m.id::bigint as "1 key 0 0",
      s."price"::numeric(12,2) as "1 v 1",
      (m.id is not null and s."warehouse" is not null and (s."stock" is not null)) as "says 2",
      m.id::bigint as "2 key 0 0",
      s."warehouse" as "2 key 0 1",
      s."stock"::integer as "2 v 2",
      ((false or not s."warehouse" is not null and (s."stock" is not null)) or (s."brand" is not null and "r brand"."id" is null)) as "is open"
    from alone m
    join "sluice_stage"."job_1_0" s on s.row_no = m.row_no
    left join known_0 "r brand" on "r brand"."key 0 0" = s."brand"
    where "s"."row_no" >= $3 and "s"."row_no" < $4
  ) m
  left join (
    select "t"."id" as id, "t"."code" as " code", "t"."title" as " title", "t"."brand_id" as " of brand_id"
    from "products" t
    where "t"."id" = any (array(select id from alone))
  ) b on b.id = m.id
  left join (
    select "t"."id" as id, "t"."key 0 0", "t"."amount" as "old 1 v 1"
    from (
      select t.*, t.xmin, "t"."product_id" as "key 0 0"
      from "product_prices" t
      where true
        and "t"."valid_to" is null
        and "t"."product_id" = any (array(select id::bigint from (select id from alone) i)) offset 0
    ) t
  ) "there 1" on m."says 1"
    and "there 1"."key 0 0" = m."1 key 0 0"
  left join (
    select "t"."id" as id, "t"."key 0 0", "t"."key 0 1", "t"."quantity" as "old 2 v 2"
    from (
      select t.*, t.xmin, "t"."product_id" as "key 0 0", "t"."warehouse" as "key 0 1"
      from "product_stocks" t
      where true and "t"."product_id" = any (array(select id::bigint from (select id from alone) i)) offset 0
    ) t
  ) "there 2" on m."says 2"
    and "there 2"."key 0 0" = m."2 key 0 0"
    and "there 2"."key 0 1" = m."2 key 0 1"
)
select (count(*) filter (where differs = 0))::int as settled,
  (count(*) filter (where differs > 0))::int as kept,
  (array_agg(row_no) filter (where differs > 0))::text as "keptRows",
  (array_agg(id::text) filter (where differs > 0))::text as "keptIds",
  (array_agg(place) filter (where differs > 0))::text as "keptPlaces",
  (array_agg(row_no) filter (where differs is distinct from 0))::text as "otherRows",
  array[(
    select array_agg(d.id)::text
    from (
      select distinct "id 0"::text as id
      from compared
      where "id 0" is not null
    ) d
  )]::text[] as named,
  jsonb_build_array(jsonb_build_object('settled', (count(*) filter (where differs = 0 and "says 1"))::int, 'kept', (count(*) filter (where differs > 0 and "says 1"))::int, 'differing', (count(*) filter (where differs & 1 > 0))::int), jsonb_build_object('settled', (count(*) filter (where differs = 0 and "says 2"))::int, 'kept', (count(*) filter (where differs > 0 and "says 2"))::int, 'differing', (count(*) filter (where differs & 2 > 0))::int)) as counts
from compared;

-- $1: "{1}"
select array[(
  select count(distinct id)::int
  from unnest($1::text::text[]) id
)] as named;

drop table if exists "pg_temp"."sluice_rows"; create temporary table "sluice_rows" (row_no integer, id bigint, action "char") on commit drop; drop table if exists "pg_temp"."sluice_touched"; create temporary table "sluice_touched" (row_no integer, record text, made boolean) on commit drop; drop table if exists "pg_temp"."sluice_changes"; create temporary table "sluice_changes" (record text, pos bigint, row_no integer, record_id text, action text, before jsonb, after jsonb, before_xid bigint) on commit drop;

-- $1: "{2}"
-- $2: "{1}"
insert into "pg_temp"."sluice_rows" (row_no, id, action)
select k.*, '-'
from (
  select k.row_no, k.id::bigint
  from unnest($1::text::integer[], $2::text::text[]) k (row_no, id)
) k;

drop table if exists "pg_temp"."sluice_kept"; create temporary table "sluice_kept" (like "sluice_stage"."job_1_0") on commit drop;

-- $1: "{\"(0,2)\"}"
insert into "pg_temp"."sluice_kept"
select s.*
from "sluice_stage"."job_1_0" s
where s.ctid = any ($1::text::tid[]);

-- $1: 2
-- $2: 1
-- $3: 0
update sluice.import_chunks
set unchanged = unchanged + $1
where job_id = $2 and chunk_no = $3;

drop table if exists "pg_temp"."sluice_work_2"; create temporary table "sluice_work_2" (first bigint, row_no integer, ord bigint, state "char", alt integer, "id 0" bigint, "key 0 0" bigint, "v 0" bigint, "first v 0" bigint, "v 1" numeric(12,2), "first v 1" numeric(12,2)) on commit drop;

-- $1: 0
-- $2: 20000
-- $3: 0
-- $4: 20000
with decided as materialized (
  select d.row_no,
    "id 0",
    case when not ("d"."id 0" is not null) then 'n' when (d."old v 1" is distinct from coalesce(d."v 1", d."old v 1")) then 'f' end as state
  from (
    select f.*, "t"."id" as "id 0", "t"."amount" as "old v 1"
    from (
      select s.row_no, m.id::bigint as "key 0 0", s."price"::numeric(12,2) as "v 1"
      from "pg_temp"."sluice_rows" m
      join "pg_temp"."sluice_kept" s on s.row_no = m.row_no
      where s.row_no >= $1
        and s.row_no < $2
        and s.row_no > 0
        and m.action <> 'n'
        and (m.id is not null)
        and (s."price" is not null)
      limit 20000
    ) f
    left join (
      select t.*, t.xmin, "t"."product_id" as "key 0 0"
      from "product_prices" t
      where true
        and "t"."valid_to" is null
        and "t"."product_id" = any (array(
          select id::bigint
          from (
            select id
            from "pg_temp"."sluice_rows"
            where id is not null and action <> 'n'
          ) i
        )) offset 0
    ) t on "t"."key 0 0" = "f"."key 0 0"
  ) d
),
noted as (
  insert into "pg_temp"."sluice_work_2" (first, row_no, ord, state, alt, "id 0", "key 0 0", "v 0", "v 1", "first v 0", "first v 1")
  select x.pos, x.row_no, 0, d.state, 0, "d"."id 0", "x"."key 0 0", "x"."v 0", "x"."v 1", null, null
  from decided d
  join (
    select s.row_no,
      s.row_no::bigint as pos,
      m.id::bigint as "key 0 0",
      m.id::bigint as "v 0",
      s."price"::numeric(12,2) as "v 1"
    from "pg_temp"."sluice_rows" m
    join "pg_temp"."sluice_kept" s on s.row_no = m.row_no
    where s.row_no >= $3
      and s.row_no < $4
      and s.row_no > 0
      and m.action <> 'n'
      and (m.id is not null)
      and (s."price" is not null)
  ) x on x.row_no = d.row_no
  where d.state is not null
),
touched as (
  insert into "pg_temp"."sluice_touched" (row_no, record, made)
  select row_no, 'price', state = 'n'
  from decided
  where state in ('n', 'f')
)
select count(*)::int as groups,
  count(*) filter (where "d"."id 0" is not null)::int as there,
  count(*) filter (where not ("d"."id 0" is not null))::int as missing,
  count(*) filter (where state = 'f')::int as differing,
  0 as ambiguous
from decided d;

explain (format json, costs off)
select
from "product_prices" t
where "t"."id" = any (array(select "id 0" from "pg_temp"."sluice_work_2"));

-- $1: ["product_prices_pkey"]
select c.relname as name, pg_get_indexdef(c.oid, 1, true) as column
from pg_class c
where c.relkind in ('i', 'I') and c.relname = any ($1);

-- $1: "price"
with locked as (
  select w.*,
    t.xmin::text::bigint as "xid before",
    "t"."amount" as "old v 1",
    "t"."valid_from" as "is valid_from",
    "t"."valid_to" as "is valid_to",
    "t"."product_id" as "is product_id"
  from "product_prices" t
  join "pg_temp"."sluice_work_2" w on "t"."id" = "w"."id 0"
  where w.state = 'f' and "t"."id" = any (array(
    select "id 0"
    from "pg_temp"."sluice_work_2"
    where state = 'f'
  ))
  order by "t"."id" for update of t
),
decided as (
  select l.*, coalesce(l."v 1", "l"."old v 1") as "new v 1"
  from locked l
),
changed as (
  select d.*,
    case when "d"."old v 1" is distinct from "d"."new v 1" then jsonb_build_object('amount', "d"."old v 1") else '{}' end as old_values,
    case when "d"."old v 1" is distinct from "d"."new v 1" then jsonb_build_object('amount', "d"."new v 1") else '{}' end as new_values
  from decided d
  where ("d"."old v 1" is distinct from "d"."new v 1") and "d"."is valid_to" is null
),
closed as (
  update "product_prices" t
  set "valid_to" = greatest(now()::timestamp with time zone, c."is valid_from"::timestamp with time zone)
  from changed c
  where "t"."id" = "c"."id 0" and "t"."id" = any (array(select "id 0" from changed))
  returning c.first, t."valid_to" as moment
),
followed as materialized (
  select n.*
  from (
    select c.*, e.moment, row_number() over (order by c.first) as n
    from changed c
    join closed e on e.first = c.first
  ) n
),
fresh as (
  insert into "product_prices" ("product_id", "amount", "valid_from")
  select "c"."is product_id", "c"."new v 1", c.moment::timestamp
  with time zone
  from followed c
  order by c.first
  returning "id" as "id 0"
),
told as (
  insert into "pg_temp"."sluice_changes"
  select $1,
    c.first,
    c.row_no,
    "c"."id 0"::text,
    'closed',
    jsonb_build_object('valid_to'::text, null),
    jsonb_build_object('valid_to'::text, c.moment),
    c."xid before"
  from followed c
)
select (select count(*) from closed)::int as closed,
  count(*)::int as created,
  (select array_agg("id 0"::bigint)::text from fresh) as ids
from fresh;

-- $1: 1
-- $2: 0
-- $3: 1
-- $4: 0
with own as (
  delete
  from "pg_temp"."sluice_changes" h
  using sluice.import_record_chunks c
  where "c"."job_id" = $1
    and "c"."chunk_no" = $2
    and c.record = h.record
    and h.record_id = any (coalesce(c.created_keys, c.created_ids::text[]))
  returning h.record, h.record_id, h.action
),
never as (
  select record, count(*)::int as count, array_agg(record_id) as ids
  from own
  where action = 'deleted'
  group by record
),
without as (
  update sluice.import_record_chunks c
  set created = c.created - n.count,
    created_ids = (
      select array_agg(i.id order by i.place)
      from unnest(c.created_ids)
      with ordinality i (id, place)
      where i.id::text <> all (n.ids)
    ),
    created_keys = (
      select array_agg(i.id order by i.place)
      from unnest(c.created_keys)
      with ordinality i (id, place)
      where i.id <> all (n.ids)
    )
  from never n
  where "c"."job_id" = $3 and "c"."chunk_no" = $4 and c.record = n.record
)
select record, count
from never;

-- $1: 1
-- $2: 0
-- $3: 1
-- $4: 0
-- $5: 1
-- $6: 0
with earlier as (
  select h.record,
    h.record_id,
    jsonb_object_agg(e.key, e.value) as before,
    (array_agg(e.before_xid order by e.place))[1] as before_xid,
    jsonb_object_agg(e.key, e.later) as after
  from "pg_temp"."sluice_changes" h
  cross join lateral (
    select distinct on (v.key) v.key,
      v.value,
      u.place,
      u.before_xid,
      last_value(u.after -> v.key) over (partition by v.key order by u.place rows between unbounded preceding and unbounded following) as later
    from sluice.import_record_changes u
    cross join jsonb_each(u.before) v
    where "u"."job_id" = $1
      and "u"."chunk_no" = $2
      and u.record = h.record
      and u.record_id = h.record_id
      and u.action <> 'deleted'
    order by v.key, u.place
  ) e
  group by h.record, h.record_id
),
kept as (
  update "pg_temp"."sluice_changes" h
  set before = h.before || e.before, after = e.after || h.after, before_xid = e.before_xid
  from earlier e
  where h.record = e.record and h.record_id = e.record_id
),
dropped as (
  delete
  from sluice.import_record_changes u
  using earlier e
  where "u"."job_id" = $3
    and "u"."chunk_no" = $4
    and u.record = e.record
    and u.record_id = e.record_id
    and u.action <> 'deleted'
  returning u.record, u.action
)
update sluice.import_record_chunks c
set updated = c.updated - d.updated, deactivated = c.deactivated - d.deactivated
from (
  select record,
    count(*) filter (where action = 'updated') as updated,
    count(*) filter (where action = 'deactivated') as deactivated
  from dropped
  group by record
) d
where "c"."job_id" = $5 and "c"."chunk_no" = $6 and c.record = d.record;

-- $1: 1
-- $2: 0
-- $3: "brand"
-- $4: 0
-- $5: 0
-- $6: 1
-- $7: 0
-- $8: 0
-- $9: 0
-- $10: 1
-- $11: 0
-- $12: "product"
-- $13: 0
-- $14: 0
-- $15: 2
-- $16: 0
-- $17: 0
-- $18: 0
-- $19: 1
-- $20: 0
-- $21: "price"
-- $22: 1
-- $23: 0
-- $24: 1
-- $25: 1
-- $26: 0
-- $27: 0
-- $28: "{3}"
-- $29: 1
-- $30: 0
-- $31: "stock"
-- $32: 0
-- $33: 0
-- $34: 2
-- $35: 0
-- $36: 0
-- $37: 0
insert into sluice.import_record_chunks as c (job_id, chunk_no, record, "created", "updated", "unchanged", "closed", "deactivated", "deleted", created_ids, created_keys)
values ($1::bigint, $2::integer, $3, $4, $5, $6, $7, $8, $9, null::bigint[], null::text[]),
  ($10::bigint, $11::integer, $12, $13, $14, $15, $16, $17, $18, null::bigint[], null::text[]),
  ($19::bigint, $20::integer, $21, $22, $23, $24, $25, $26, $27, $28::text::bigint[], null::text[]),
  ($29::bigint, $30::integer, $31, $32, $33, $34, $35, $36, $37, null::bigint[], null::text[])
on conflict (job_id, chunk_no, record) do update
set "created" = c."created" + excluded."created",
  "updated" = c."updated" + excluded."updated",
  "unchanged" = c."unchanged" + excluded."unchanged",
  "closed" = c."closed" + excluded."closed",
  "deactivated" = c."deactivated" + excluded."deactivated",
  "deleted" = c."deleted" + excluded."deleted",
  "created_ids" = nullif(coalesce(c."created_ids", '{}') || excluded."created_ids", '{}'),
  "created_keys" = nullif(coalesce(c."created_keys", '{}') || excluded."created_keys", '{}');

-- $1: 1
-- $2: 0
-- $3: 1
-- $4: 0
insert into sluice.import_record_changes (job_id, chunk_no, record, place, row_no, record_id, action, before, after, before_xid)
select $1,
  $2,
  h.record,
  coalesce(p.place, 0) + row_number() over (partition by h.record order by h.pos),
  h.row_no,
  h.record_id,
  h.action,
  h.before,
  h.after,
  h.before_xid
from "pg_temp"."sluice_changes" h
left join (
  select record, max(place) as place
  from sluice.import_record_changes
  where job_id = $3 and chunk_no = $4
  group by record
) p on p.record = h.record;

-- $1: 0
-- $2: 20000
-- $3: 1
-- $4: 0
-- $5: 1
-- $6: 0
with moved as (
  select m.row_no, m.id, s.row_offset
  from "pg_temp"."sluice_rows" m
  join "pg_temp"."sluice_kept" s on s.row_no = m.row_no
  where m.action in ('=', '-')
    and s.row_no >= $1
    and s.row_no < $2
    and m.row_no in (select t.row_no from "pg_temp"."sluice_touched" t)
),
noted as (
  insert into sluice.import_rows (job_id, row_no, outcome, row_offset, record_id, chunk_no)
  select $3, row_no, 'updated', row_offset, id::text, $4::integer
  from moved
)
update sluice.import_chunks
set unchanged = unchanged - (select count(*) from moved), updated = updated + (select count(*) from moved)
where job_id = $5 and chunk_no = $6;

-- $1: 1
-- $2: 0
update sluice.import_chunks
set "writer_cluster" = (select system_identifier from pg_control_system()),
  "writer_xids" = array_append("writer_xids", top.id + mod(4294967296 + xmin::text::bigint - mod(top.id, 4294967296), 4294967296))
from (select pg_current_xact_id()::text::bigint as id) top
where job_id = $1 and chunk_no = $2;

release savepoint "half";

-- $1: 0
-- $2: 20000
-- $3: 0
-- $4: 20000
-- $5: 1
-- $6: 1
-- $7: 0
-- $8: 1
-- $9: 0
with kept_out as (
  select m.row_no,
    s.row_offset,
    m.action,
    m.record_id,
    case m.action when 'i' then m.issue when 'f' then jsonb_build_array(jsonb_build_object('c', 'duplicate_in_file', 'p', jsonb_build_object('row', m.of_row))) when 'n' then '[{"c": "no_match"}]' else jsonb_build_array(jsonb_build_object('c', 'duplicate_in_table', 'p', jsonb_build_object('record', m.record_id))) end as issues
  from "sluice_stage"."job_1_0_match" m
  join "sluice_stage"."job_1_0" s on s.row_no = m.row_no
  where m.row_no >= $1 and m.row_no < $2 and m.action in ('i', 'f', 't', 'n') and s.row_no >= $3 and s.row_no < $4
),
noted as (
  insert into sluice.import_rows (job_id, row_no, outcome, issues, row_offset, record_id)
  select $5, row_no, case action when 'i' then 'invalid' else 'skipped' end, issues, row_offset, record_id::text
  from kept_out
),
counted as (
  insert into sluice.import_issue_counts (job_id, chunk_no, field, code, count)
  select $6, $7, coalesce(issues -> 0 ->> 'f', ''), issues -> 0 ->> 'c', count(*)
  from kept_out
  group by 3, 4
  on conflict (job_id, chunk_no, field, code) do update
  set count = import_issue_counts.count + excluded.count
)
update sluice.import_chunks
set skipped = skipped + (select count(*) from kept_out where action <> 'i'),
  invalid = invalid + (select count(*) from kept_out where action = 'i')
where job_id = $8 and chunk_no = $9;

-- $1: 1
-- $2: 0
update sluice.import_chunks
set done_at = clock_timestamp()
where job_id = $1 and chunk_no = $2
returning created + updated + unchanged + skipped + invalid + failed as rows;

-- $1: "chunk.committed"
-- $2: "chunk.committed"
-- $3: 1
-- $4: 0
insert into sluice.outbox (sink, topic, job_id, payload)
select s.name,
  $1,
  j.id,
  jsonb_build_object('importer', j.importer, 'fileName', j.file_name, 'target', j.target, 'context', j.context, 'user', j.created_by, 'at', clock_timestamp(), 'data', coalesce(several.told, '{}') || jsonb_build_object('chunk', c.chunk_no, 'fromRow', c.from_row, 'toRow', c.to_row - 1, 'created', to_jsonb(case when cardinality(c.created_keys) > 0 then c.created_keys else c.created_ids::text[] end), 'updated', (
    select jsonb_agg(distinct r.record_id)
    from sluice.import_rows r
    where r.job_id = c.job_id
      and r.outcome = 'updated'
      and r.record_id is not null
      and r.chunk_no = c.chunk_no
      and (r.row_no >= c.from_row and r.row_no < c.to_row or r.row_no = any (c.settled_rows))
  )))
from sluice.sinks s
cross join sluice.import_chunks c
join sluice.import_jobs j on j.id = c.job_id
left join lateral (
  select jsonb_build_object('records', jsonb_object_agg(r.record, r.ids)) as told
  from (
    select m.record,
      jsonb_build_object('created', to_jsonb(coalesce(nullif(m.created_keys, '{}'), m.created_ids::text[], '{}')), 'updated', coalesce(h.changed, '[]'), 'deleted', coalesce(h.gone, '[]')) as ids
    from sluice.import_record_chunks m
    cross join lateral (
      select jsonb_agg(h.record_id order by h.place) filter (where h.action <> 'deleted') as changed,
        jsonb_agg(h.record_id order by h.place) filter (where h.action = 'deleted') as gone
      from sluice.import_record_changes h
      where h.job_id = m.job_id and h.chunk_no = m.chunk_no and h.record = m.record
    ) h
    where m.job_id = c.job_id and m.chunk_no = c.chunk_no
  ) r
  having count(*) > 0
) several on true
where $2 = any (s.topics) and (s.importer is null or s.importer = j.importer) and c.job_id = $3 and c.chunk_no = $4;
