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

savepoint "half";

-- $1: 0
-- $2: 20000
-- $3: 0
-- $4: 20000
with fresh as (
  insert into "people" ("email", "name", "city")
  select s."email", s."name", coalesce(s."city", 'Lyon'::text)
  from "sluice_stage"."job_1_0" s
  where s.row_no >= $1
    and s.row_no < $2
    and s.row_no > 0
    and not exists (
      select
      from "sluice_stage"."job_1_0_match" m
      where m.row_no = s.row_no and m.row_no >= $3 and m.row_no < $4
    )
  order by s.row_no
  returning "id" as id
)
select count(*)::int as created, (select array_agg(id::bigint)::text from "fresh") as ids
from fresh;

-- $1: 2
-- $2: "{3,4}"
-- $3: 1
-- $4: 0
update sluice.import_chunks
set "created" = "created" + $1, "created_ids" = "created_ids" || $2::text::bigint[]
where job_id = $3 and chunk_no = $4;

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
