explain (format json, costs off)
select
from "people" t
where "t"."id" = any (array(select l."id" from "people" l));

-- $1: ["people_pkey"]
select c.relname as name, pg_get_indexdef(c.oid, 1, true) as column
from pg_class c
where c.relkind in ('i', 'I') and c.relname = any ($1);

drop table if exists "pg_temp"."sluice_created"; create temporary table "sluice_created" (place integer, id bigint, record_id text) on commit drop;

-- $1: 1
-- $2: 0
insert into "pg_temp"."sluice_created"
select i.place, i.id::bigint, i.id
from (
  select coalesce(c.created_keys, c.created_ids::text[]) as ids
  from sluice.import_chunks c
  where c.job_id = $1 and c.chunk_no = $2
) c
cross join unnest(c.ids)
with ordinality i (id, place);

drop table if exists "pg_temp"."sluice_ours"; create temporary table "sluice_ours" (xid xid) on commit drop;

drop table if exists "pg_temp"."sluice_given"; create temporary table "sluice_given" (record_id text, xid xid) on commit drop;

drop table if exists "pg_temp"."sluice_later"; create temporary table "sluice_later" (xid xid, job_id bigint) on commit drop;

-- $1: "public.people"
-- $2: 1
-- $3: 1
-- $4: 1
with ids as materialized (select id from "pg_temp"."sluice_created"),
writers as materialized (
  select job_id, mod(x, 4294967296)::text::xid as xid
  from (
    select c.job_id, c.writer_cluster, unnest(c.writer_xids) as x
    from sluice.import_chunks c
    where c.job_id = any (array(
      select id
      from sluice.import_jobs
      where target = $1 and status <> 'undone'
    ))
  ) w
  where w.writer_cluster = (select system_identifier from pg_control_system())
    and pg_snapshot_xmax(pg_current_snapshot())::text::bigint - x between 0
    and 4294967295
),
returned as materialized (
  select record_id, job_id, by_job, by_chunk
  from sluice.import_returned
  where record_id = any (array(select id::text from ids))
),
given as materialized (
  select distinct record_id, job_id, mod(x, 4294967296)::text::xid as xid
  from (
    select r.record_id, r.job_id, u.undo_cluster, u.undone_at is null as is_under_way, unnest(u.undo_xids) as x
    from returned r
    join sluice.import_chunks u on u.job_id = r.by_job and u.chunk_no = r.by_chunk
    where u.job_id = any (array(select by_job from returned))
  ) g
  where g.is_under_way
    or g.undo_cluster = (select system_identifier from pg_control_system())
    and pg_snapshot_xmax(pg_current_snapshot())::text::bigint - x between 0
    and 4294967295
),
ours as (
  insert into "pg_temp"."sluice_ours"
  select distinct xid
  from writers
  where job_id = $2
),
is_given as (
  insert into "pg_temp"."sluice_given"
  select record_id, xid
  from given
  where job_id = $3
)
insert into "pg_temp"."sluice_later"
select xid, max(job_id)
from writers
where job_id <> $4
group by xid;

select count(*)
from (
  select
  from "people" t
  where "t"."id" = any (array(select id from "pg_temp"."sluice_created"))
  order by "t"."id" for update
) locked;

savepoint "half";

drop table if exists "pg_temp"."sluice_found"; create temporary table "sluice_found" (id bigint, is_there boolean, writer xid) on commit drop;

-- $1: 1
-- $2: 3
with ids as materialized (
  select "id"
  from "pg_temp"."sluice_created"
  where place >= $1 and place < $2
)
insert into "pg_temp"."sluice_found"
select i.id, "t"."id" is not null, t.xmin
from ids i
left join "people" t on "t"."id" = i.id and "t"."id" = any (array(select id from ids));

drop table if exists "pg_temp"."sluice_held"; create temporary table "sluice_held" (id bigint, by_table text) on commit drop;

drop table if exists "pg_temp"."sluice_kept"; create temporary table "sluice_kept" (record_id text, reason text, by_table text, by_job bigint) on commit drop;

-- $1: "ann"
with recursive found as materialized (select * from "pg_temp"."sluice_found"),
seen as materialized (
  select f.*,
    (o.xid is not null or g.record_id is not null) as is_untouched,
    l.job_id as by_job,
    h.by_table,
    not f.is_there
    and false as is_back
  from found f
  left join "pg_temp"."sluice_ours" o on o.xid = f.writer
  left join "pg_temp"."sluice_given" g on g.xid = f.writer and g.record_id = f.id::text
  left join "pg_temp"."sluice_later" l on l.xid = f.writer
  left join "pg_temp"."sluice_held" h on h.id = f.id
),
candidates as materialized (
  select *
  from seen
  where is_there and is_untouched and by_table is null
),
judged as materialized (
  select s.id,
    s.writer,
    s.by_job,
    case when s.is_back then null when not s.is_there then 'gone_already' when not s.is_untouched then 'edited_since' when s.by_table is not null
    or false then 'referred_to' end as reason,
    case when false then 'public.people' else s.by_table end as by_table
  from seen s
),
gone as (
  delete
  from "people" t
  using judged j
  where "t"."id" = j.id
    and t.xmin = j.writer
    and j.reason is null
    and "t"."id" = any (array(select id from judged where reason is null))
  returning "t"."id" as id, jsonb_strip_nulls(to_jsonb(t.*)) as old_values, null::jsonb as new_values
),
history as (
  insert into "people_history" ("person", "event", "actor", "old_values", "new_values")
  select h.id, 'undone', $1::text, "h"."old_values", "h"."new_values"
  from "gone" h
),
told as (
  insert into "pg_temp"."sluice_kept"
  select j.id::text,
    coalesce(j.reason, 'refused'),
    case when j.reason = 'referred_to' then j.by_table end,
    case when j.reason = 'edited_since' then j.by_job end
  from judged j
  left join gone g on g.id = j.id
  where j.reason is not null or g.id is null
  order by j.id
)
select count(*)::int as deleted
from gone;

-- $1: 1
-- $2: 0
-- $3: 2
-- $4: 1
-- $5: 0
with kept as (
  insert into sluice.import_kept (job_id, chunk_no, record_id, reason, by_table, by_job)
  select $1, $2, record_id, reason, by_table, by_job
  from "pg_temp"."sluice_kept"
  returning 1
)
update sluice.import_chunks
set undo_deleted = undo_deleted + $3, undo_kept = undo_kept + (select count(*) from kept)
where job_id = $4 and chunk_no = $5;

release savepoint "half";

-- $1: 1
-- $2: 0
-- $3: 1
-- $4: 0
-- $5: 1
-- $6: 0
-- $7: 1
-- $8: 0
-- $9: 1
-- $10: 0
-- $11: 1
-- $12: 0
-- $13: 1
-- $14: 0
select count(distinct r.row_no)::int as count,
  coalesce(array_agg(distinct k.name) filter (where k.name is not null), '{}') as columns
from (
  select r.row_no, r.record_id, r.before, r.after, r.before_xid
  from sluice.import_rows r
  where r.job_id = $1
    and r.chunk_no = $2
    and r.before is not null
    and r.row_no >= (
      select "from_row"
      from sluice.import_chunks
      where job_id = $3 and chunk_no = $4
    )
    and r.row_no < (
      select "to_row"
      from sluice.import_chunks
      where job_id = $5 and chunk_no = $6
    )
  union all
  select r.row_no, r.record_id, r.before, r.after, r.before_xid
  from sluice.import_rows r
  where r.job_id = $7
    and r.chunk_no = $8
    and r.before is not null
    and r.row_no = any ((
      select "settled_rows"
      from sluice.import_chunks
      where job_id = $9 and chunk_no = $10
    )::integer[])
    and not (r.row_no >= (
      select "from_row"
      from sluice.import_chunks
      where job_id = $11 and chunk_no = $12
    ) and r.row_no < (
      select "to_row"
      from sluice.import_chunks
      where job_id = $13 and chunk_no = $14
    ))
) r
left join lateral jsonb_object_keys(r.before) k (name) on true;

drop table if exists "pg_temp"."sluice_changed"; create temporary table "sluice_changed" (place integer, row_no integer, id bigint, record_id text, before jsonb, after jsonb, before_xid bigint) on commit drop;

-- $1: 1
-- $2: 0
-- $3: 1
-- $4: 0
-- $5: 1
-- $6: 0
-- $7: 1
-- $8: 0
-- $9: 1
-- $10: 0
-- $11: 1
-- $12: 0
-- $13: 1
-- $14: 0
insert into "pg_temp"."sluice_changed"
select row_number() over (order by u.row_no),
  u.row_no,
  u.record_id::bigint,
  u.record_id,
  u.before,
  u.after,
  u.before_xid
from ((
  select r.row_no, r.record_id, r.before, r.after, r.before_xid
  from sluice.import_rows r
  where r.job_id = $1
    and r.chunk_no = $2
    and r.before is not null
    and r.row_no >= (
      select "from_row"
      from sluice.import_chunks
      where job_id = $3 and chunk_no = $4
    )
    and r.row_no < (
      select "to_row"
      from sluice.import_chunks
      where job_id = $5 and chunk_no = $6
    )
  union all
  select r.row_no, r.record_id, r.before, r.after, r.before_xid
  from sluice.import_rows r
  where r.job_id = $7
    and r.chunk_no = $8
    and r.before is not null
    and r.row_no = any ((
      select "settled_rows"
      from sluice.import_chunks
      where job_id = $9 and chunk_no = $10
    )::integer[])
    and not (r.row_no >= (
      select "from_row"
      from sluice.import_chunks
      where job_id = $11 and chunk_no = $12
    ) and r.row_no < (
      select "to_row"
      from sluice.import_chunks
      where job_id = $13 and chunk_no = $14
    ))
)) u;

drop table if exists "pg_temp"."sluice_ours"; create temporary table "sluice_ours" (xid xid) on commit drop;

drop table if exists "pg_temp"."sluice_given"; create temporary table "sluice_given" (record_id text, xid xid) on commit drop;

drop table if exists "pg_temp"."sluice_later"; create temporary table "sluice_later" (xid xid, job_id bigint) on commit drop;

-- $1: "public.people"
-- $2: 1
-- $3: 1
-- $4: 1
with ids as materialized (select id from "pg_temp"."sluice_changed"),
writers as materialized (
  select job_id, mod(x, 4294967296)::text::xid as xid
  from (
    select c.job_id, c.writer_cluster, unnest(c.writer_xids) as x
    from sluice.import_chunks c
    where c.job_id = any (array(
      select id
      from sluice.import_jobs
      where target = $1 and status <> 'undone'
    ))
  ) w
  where w.writer_cluster = (select system_identifier from pg_control_system())
    and pg_snapshot_xmax(pg_current_snapshot())::text::bigint - x between 0
    and 4294967295
),
returned as materialized (
  select record_id, job_id, by_job, by_chunk
  from sluice.import_returned
  where record_id = any (array(select id::text from ids))
),
given as materialized (
  select distinct record_id, job_id, mod(x, 4294967296)::text::xid as xid
  from (
    select r.record_id, r.job_id, u.undo_cluster, u.undone_at is null as is_under_way, unnest(u.undo_xids) as x
    from returned r
    join sluice.import_chunks u on u.job_id = r.by_job and u.chunk_no = r.by_chunk
    where u.job_id = any (array(select by_job from returned))
  ) g
  where g.is_under_way
    or g.undo_cluster = (select system_identifier from pg_control_system())
    and pg_snapshot_xmax(pg_current_snapshot())::text::bigint - x between 0
    and 4294967295
),
ours as (
  insert into "pg_temp"."sluice_ours"
  select distinct xid
  from writers
  where job_id = $2
),
is_given as (
  insert into "pg_temp"."sluice_given"
  select record_id, xid
  from given
  where job_id = $3
)
insert into "pg_temp"."sluice_later"
select xid, max(job_id)
from writers
where job_id <> $4
group by xid;

select count(*)
from (
  select
  from "people" t
  where "t"."id" = any (array(select id from "pg_temp"."sluice_changed"))
  order by "t"."id" for update
) locked;

savepoint "half";

drop table if exists "pg_temp"."sluice_restored"; create temporary table "sluice_restored" (row_no integer, record_id text, is_restored boolean, reason text, columns text[], by_job bigint, message text, back xid) on commit drop;

-- $1: 1
-- $2: 2
-- $3: 1
-- $4: 2
-- $5: "ann"
with wanted as materialized (
  select *
  from "pg_temp"."sluice_changed"
  where place >= $1 and place < $2
),
ids as materialized (
  select "id"
  from "pg_temp"."sluice_changed"
  where place >= $3 and place < $4
),
found as materialized (
  select w.row_no,
    w.record_id,
    w.before,
    w.after,
    w.before_xid,
    "t"."id" as id,
    t.xmin as writer,
    (t.*)::"people" as now,
    false as is_one_of_several,
    case when "t"."id" is not null then jsonb_populate_record((t.*)::"people", w.after) end as wrote,
    case when "t"."id" is not null then jsonb_populate_record((t.*)::"people", w.before) end as was
  from wanted w
  left join "people" t on "t"."id" = w.id and "t"."id" = any (array(select id from ids))
),
seen as materialized (
  select f.row_no,
    f.record_id,
    f.before,
    f.after,
    f.before_xid,
    f.id,
    f.writer,
    f.was,
    f.is_one_of_several,
    array_remove(array[case when f.after ? 'name' and to_jsonb((f.now)."name") is not distinct from to_jsonb((f.wrote)."name") then 'name' end, null]::text[], null) as restorable,
    (o.xid is not null or g.record_id is not null) as is_untouched,
    l.job_id as later_job
  from found f
  left join "pg_temp"."sluice_ours" o on o.xid = f.writer
  left join "pg_temp"."sluice_given" g on g.xid = f.writer and g.record_id = f.id::text
  left join "pg_temp"."sluice_later" l on l.xid = f.writer
),
judged as materialized (
  select s.*, case when s.reason in ('edited_since', 'edited_in_part') then s.later_job end as by_job
  from (
    select *,
      case when id is null
      and false then null when id is null then 'gone_already' when is_one_of_several then 'refused' when cardinality(restorable) = 0 then 'edited_since' when cardinality(restorable) < (select count(*) from jsonb_object_keys(before)) then 'edited_in_part' end as reason
    from seen
  ) s
),
restored as (
  update "people" t
  set "name" = case when 'name' = any (j.restorable) then (j.was)."name" else "t"."name" end, "updated_at" = now()
  from judged j
  where "t"."id" = j.id
    and t.xmin = j.writer
    and (j.reason is null or j.reason = 'edited_in_part')
    and "t"."id" = any (array(select id from judged))
  returning j.row_no,
    "t"."id" as id,
    (
      select jsonb_object_agg(name, j."after" -> name)
      from unnest(j.restorable) name
    ) as old_values,
    (
      select jsonb_object_agg(name, j."before" -> name)
      from unnest(j.restorable) name
    ) as new_values
),
history as (
  insert into "people_history" ("person", "event", "actor", "old_values", "new_values")
  select h.id, 'undone', $5::text, "h"."old_values", "h"."new_values"
  from "restored" h
)
insert into "pg_temp"."sluice_restored"
select j.row_no,
  j.record_id,
  r.row_no is not null,
  case when r.row_no is null then coalesce(j.reason, 'refused') else j.reason end,
  case when j.reason = 'edited_in_part' then array(
    select name
    from jsonb_object_keys(j.before) name
    where name <> all (j.restorable)
    order by 1
  ) end,
  j.by_job,
  case when j.is_one_of_several then 'Several records have this id.' end,
  case when r.row_no is not null
  and j.is_untouched
  and j.reason is null then mod(j.before_xid, 4294967296)::text::xid end
from judged j
left join restored r on r.row_no = j.row_no;

-- $1: "public.people"
-- $2: 1
-- $3: 0
-- $4: "public.people"
with back as (
  select record_id, back as xid
  from "pg_temp"."sluice_restored"
  where back is not null
),
ids as materialized (select record_id as id from back),
writers as materialized (
  select job_id, mod(x, 4294967296)::text::xid as xid
  from (
    select c.job_id, c.writer_cluster, unnest(c.writer_xids) as x
    from sluice.import_chunks c
    where c.job_id = any (array(
      select id
      from sluice.import_jobs
      where target = $1 and status <> 'undone'
    ))
  ) w
  where w.writer_cluster = (select system_identifier from pg_control_system())
    and pg_snapshot_xmax(pg_current_snapshot())::text::bigint - x between 0
    and 4294967295
),
returned as materialized (
  select record_id, job_id, by_job, by_chunk
  from sluice.import_returned
  where record_id = any (array(select id::text from ids))
),
given as materialized (
  select distinct record_id, job_id, mod(x, 4294967296)::text::xid as xid
  from (
    select r.record_id, r.job_id, u.undo_cluster, u.undone_at is null as is_under_way, unnest(u.undo_xids) as x
    from returned r
    join sluice.import_chunks u on u.job_id = r.by_job and u.chunk_no = r.by_chunk
    where u.job_id = any (array(select by_job from returned))
  ) g
  where g.is_under_way
    or g.undo_cluster = (select system_identifier from pg_control_system())
    and pg_snapshot_xmax(pg_current_snapshot())::text::bigint - x between 0
    and 4294967295
)
insert into sluice.import_returned (record_id, job_id, by_job, by_chunk, record_table)
select o.record_id, o.job_id, $2::bigint, $3::integer, ''
from (
  select b.record_id, w.job_id
  from back b
  join writers w on w.xid = b.xid
  union
  select b.record_id, g.job_id
  from back b
  join given g on g.record_id = b.record_id and g.xid = b.xid
  join sluice.import_jobs j on j.id = g.job_id
  where j.target = $4 and j.status <> 'undone'
) o
on conflict (record_id, job_id, record_table) do update
set by_job = excluded.by_job, by_chunk = excluded.by_chunk;

-- $1: 1
-- $2: 0
-- $3: 1
-- $4: 0
with kept as (
  insert into sluice.import_kept (job_id, chunk_no, record_id, reason, columns, by_job, message)
  select distinct on (row_no) $1::bigint, $2::integer, record_id, reason, columns, by_job, message
  from "pg_temp"."sluice_restored"
  where reason is not null
  order by row_no
  returning reason
)
update sluice.import_chunks
set undo_restored = undo_restored + (
  select count(*)
  from "pg_temp"."sluice_restored"
  where is_restored
),
  undo_kept = undo_kept + (select count(*) from kept where reason <> 'edited_in_part')
where job_id = $3 and chunk_no = $4;

-- $1: 1
-- $2: 0
update sluice.import_chunks
set "undo_cluster" = (select system_identifier from pg_control_system()),
  "undo_xids" = array_append("undo_xids", top.id + mod(4294967296 + xmin::text::bigint - mod(top.id, 4294967296), 4294967296))
from (select pg_current_xact_id()::text::bigint as id) top
where job_id = $1 and chunk_no = $2;

release savepoint "half";

-- $1: 1
-- $2: 0
update sluice.import_chunks
set undone_at = clock_timestamp()
where job_id = $1 and chunk_no = $2;

-- $1: "chunk.undone"
-- $2: "chunk.undone"
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
