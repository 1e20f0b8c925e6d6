-- $1: "public.people"
-- $2: 1
-- $3: "public.people"
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

-- $1: "public.people"
select pg_advisory_xact_lock_shared(hashtextextended('sluice target ' || $1::text, 0));

-- $1: "public.people"
-- $2: 1
-- $3: "public.people"
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
from "people" t
where "t"."id" = any (array(select l."id" from "people" l));

-- $1: ["people_pkey"]
select c.relname as name, pg_get_indexdef(c.oid, 1, true) as column
from pg_class c
where c.relkind in ('i', 'I') and c.relname = any ($1);

savepoint "half";

-- $1: 1
-- $2: 0
select created::int8 as created
from sluice.import_chunks
where job_id = $1 and chunk_no = $2;

-- $1: ["ann","bo"]
-- $2: 0
-- $3: 0
-- $4: 20000
-- $5: 0
-- $6: 20000
-- $7: "ann"
with fresh as (
  insert into "people" ("email", "name", "city", "owner_id")
  select s."email",
    s."name",
    coalesce(s."city", 'Lyon'::text),
    ($1::text[])[1 + (($2::bigint + row_number() over (order by s.row_no) - 1) % 2)::integer]::text
  from "sluice_stage"."job_1_0" s
  where s.row_no >= $3
    and s.row_no < $4
    and s.row_no > 0
    and not exists (
      select
      from "sluice_stage"."job_1_0_match" m
      where m.row_no = s.row_no and m.row_no >= $5 and m.row_no < $6
    )
  order by s.row_no
  returning "id" as id
),
history as (
  insert into "people_history" ("person", "event", "actor")
  select h.id, 'imported', $7::text
  from "fresh" h
)
select count(*)::int as created, (select array_agg(id::bigint)::text from "fresh") as ids
from fresh;

-- $1: 1
-- $2: "{3}"
-- $3: 1
-- $4: 0
update sluice.import_chunks
set "created" = "created" + $1, "created_ids" = "created_ids" || $2::text::bigint[]
where job_id = $3 and chunk_no = $4;

-- $1: 0
-- $2: 20000
select count(*)::int8 as size
from "sluice_stage"."job_1_0_match" m
where m.root >= $1 and m.root < $2 and m.action in ('u', 'c');

-- $1: 1
-- $2: 0
select created::int8 as created
from sluice.import_chunks
where job_id = $1 and chunk_no = $2;

drop table if exists "pg_temp"."sluice_updates"; create temporary table "sluice_updates" (row_no integer, row_offset bigint, ambiguous boolean, record_id text, before jsonb, after jsonb, before_xid bigint) on commit drop;

-- $1: 0
-- $2: 20000
-- $3: 0
-- $4: 20000
-- $5: 0
-- $6: 20000
-- $7: 4
-- $8: ["ann","bo"]
-- $9: 1
-- $10: "ann"
-- $11: "ann"
with members as (
  select m.root,
    m.row_no,
    m.record_id,
    m.ambiguous,
    s.row_offset,
    s."email" as " email",
    s."name" as " name",
    s."city" as " city"
  from "sluice_stage"."job_1_0_match" m
  join (
    select *
    from "sluice_stage"."job_1_0" s
    where s.row_no >= (
      select min(m.row_no)
      from "sluice_stage"."job_1_0_match" m
      where m.root >= $1 and m.root < $2 and m.action in ('u', 'c')
    )
      and s.row_no <= (
        select max(m.row_no)
        from "sluice_stage"."job_1_0_match" m
        where m.root >= $3 and m.root < $4 and m.action in ('u', 'c')
      ) offset 0
  ) s on s.row_no = m.row_no
  where m.root >= $5 and m.root < $6 and m.action in ('u', 'c')
  limit $7
),
merged as (
  select root,
    (array_agg(record_id))[1] as record_id,
    (array_agg(" email" order by row_no desc) filter (where " email" is not null))[1] as " email",
    (array_agg(" name" order by row_no desc) filter (where " name" is not null))[1] as " name",
    (array_agg(" city" order by row_no) filter (where " city" is not null))[1] as " city",
    (array_agg(" city" order by row_no))[1] as "first city"
  from members
  group by root
),
locked as (
  select t."id" as id,
    t.xmin::text::bigint as "xid before",
    t."email" as " email",
    t."name" as " name",
    t."city" as " city"
  from "people" t
  where "t"."id" = any (array(select record_id from merged where record_id is not null))
  order by t."id" for update
),
hidden as materialized (select record_id as id from merged where false),
decided as (
  select g.root,
    o.id,
    o."xid before",
    o." email" as "old_ email",
    coalesce(g." email", o." email") as "new_ email",
    o." name" as "old_ name",
    coalesce(g." name", o." name") as "new_ name",
    o." city" as "old_ city",
    coalesce(nullif(o." city", ''), g." city", o." city") as "new_ city"
  from merged g
  join locked o on o.id = g.record_id
),
changed as (
  select *,
    case when "old_ email" is distinct from "new_ email" then jsonb_build_object('email', "old_ email") else '{}' end || case when "old_ name" is distinct from "new_ name" then jsonb_build_object('name', "old_ name") else '{}' end || case when "old_ city" is distinct from "new_ city" then jsonb_build_object('city', "old_ city") else '{}' end as old_values,
    case when "old_ email" is distinct from "new_ email" then jsonb_build_object('email', "new_ email") else '{}' end || case when "old_ name" is distinct from "new_ name" then jsonb_build_object('name', "new_ name") else '{}' end || case when "old_ city" is distinct from "new_ city" then jsonb_build_object('city', "new_ city") else '{}' end as new_values
  from decided
  where "old_ email" is distinct from "new_ email"
    or "old_ name" is distinct from "new_ name"
    or "old_ city" is distinct from "new_ city"
),
base as (
  select g.root, x.id, x." email", x." name", x." city"
  from merged g
  join locked x on x.id = g.record_id
  union all
  select x.root, null, x." email", x." name", coalesce(x." city", ('Lyon'::text))
  from members x
  where x.row_no = x.root
    and not exists (select from locked o where o.id = x.record_id)
    and not exists (select from hidden h where h.id = x.record_id)
),
outcomes as (
  select m.row_no,
    m.root,
    m.row_offset,
    m.ambiguous,
    coalesce(b.id, h.id) as id,
    case when h.id is not null then 'left_out' when b.id is null
    and m.row_no = m.root then 'created' when (b.id is null or c.root is not null)
    and ((m." email" is not null and m." email" is distinct from b." email") or (m." name" is not null and m." name" is distinct from b." name") or (m." city" is not null and nullif(b." city", '') is null)) then 'updated' else 'unchanged' end as outcome
  from members m
  left join base b on b.root = m.root
  left join hidden h on h.id = m.record_id
  left join changed c on c.root = m.root
),
updated as (
  update "people" t
  set "email" = c."new_ email", "name" = c."new_ name", "city" = c."new_ city", "updated_at" = now()
  from changed c
  where t."id" = c.id and "t"."id" = any (array(select id from changed))
  returning t."id" as id
),
to_make as materialized (
  select g.root,
    null as "given id",
    g." email" as "value 0",
    g." name" as "value 1",
    coalesce(g."first city", 'Lyon'::text) as "value 2",
    ($8::text[])[1 + (($9::bigint + row_number() over (order by g.root) - 1) % 2)::integer]::text as "value 3"
  from merged g
  where not exists (select from locked o where o.id = g.record_id)
    and not exists (select from hidden h where h.id = g.record_id)
  order by g.root
),
fresh as (
  insert into "people" ("email", "name", "city", "owner_id")
  select "value 0", "value 1", "value 2", "value 3"
  from to_make
  order by root
  returning "id" as id
),
results as (select * from outcomes),
written as (select * from changed),
history_created as (
  insert into "people_history" ("person", "event", "actor")
  select h.id, 'imported', $10::text
  from "fresh" h
),
history_updated as (
  insert into "people_history" ("person", "event", "actor", "old_values", "new_values")
  select h.id, 'updated', $11::text, "h"."old_values", "h"."new_values"
  from "written" h
),
told as (
  insert into "pg_temp"."sluice_updates"
  select o.row_no, o.row_offset, o.ambiguous, o.id::text, c.old_values, c.new_values, c."xid before"
  from (
    select *, case when row_no = min(row_no) over (partition by root) then root end as first_of
    from results
    where outcome = 'updated'
  ) o
  left join written c on c.root = o.first_of
)
select count(*) filter (where l.outcome = 'created')::int as created,
  count(*) filter (where l.outcome = 'updated')::int as updated,
  count(*) filter (where l.outcome = 'unchanged')::int as unchanged,
  count(*) filter (where l.ambiguous)::int as ambiguous,
  count(*) filter (where l.outcome = 'left_out')::int as "leftOut",
  (array_agg(l.row_no) filter (where l.outcome = 'left_out'))::text as rows,
  (array_agg(l.row_offset) filter (where l.outcome = 'left_out'))::text as offsets,
  (array_agg(l.id::text) filter (where l.outcome = 'left_out'))::text as records,
  (select array_agg(id::bigint)::text from "fresh") as ids,
  (select min(id::text) from fresh) as "newId",
  (select count(*) from to_make)::int - (select count(*) from fresh)::int - count(*) filter (where l.outcome = 'left_out' and l.id is null)::int as missing
from results l;

-- $1: 1
-- $2: 0
insert into sluice.import_rows (job_id, row_no, outcome, issues, row_offset, record_id, before, after, before_xid, chunk_no)
select $1,
  row_no,
  'updated',
  case when ambiguous then '[{"c": "match_ambiguous"}]'::jsonb end,
  row_offset,
  record_id,
  before,
  after,
  before_xid,
  case when before is not null then $2::integer end
from "pg_temp"."sluice_updates";

-- $1: 1
-- $2: 2
-- $3: 1
-- $4: 0
-- $5: "{4}"
-- $6: 1
-- $7: 0
update sluice.import_chunks
set "created" = "created" + $1,
  "updated" = "updated" + $2,
  "unchanged" = "unchanged" + $3,
  "skipped" = "skipped" + $4,
  "created_ids" = "created_ids" || $5::text::bigint[]
where job_id = $6 and chunk_no = $7;

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
select chunk_no as no,
  done_at is not null as "isDone",
  rank_base::int8 as "rankBase",
  turns,
  created::int8 as created,
  owner_counts as owners
from sluice.import_chunks
where job_id = $1 and chunk_no = $2
order by chunk_no;

-- $1: 1
select chunk_no as no,
  done_at is not null as "isDone",
  rank_base::int8 as "rankBase",
  turns,
  created::int8 as created,
  owner_counts as owners
from sluice.import_chunks
where job_id = $1
order by chunk_no;

-- $1: 0
-- $2: 20000
-- $3: 0
-- $4: 20000
-- $5: 0
-- $6: 20000
-- $7: 0
-- $8: 20000
-- $9: 1
-- $10: 0
update sluice.import_chunks
set done_at = clock_timestamp(),
  settled_rows = (
    select array_agg(row_no)
    from "sluice_stage"."job_1_0_match"
    where "root" >= $1 and "root" < $2 and ("row_no" < $3 or "row_no" >= $4) and action in ('u', 'c', 'g')
  ),
  open_rows = (
    select array_agg(row_no)
    from "sluice_stage"."job_1_0_match"
    where "row_no" >= $5 and "row_no" < $6 and ("root" < $7 or "root" >= $8) and action in ('u', 'c', 'g')
  )
where job_id = $9 and chunk_no = $10
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
