/** What several statements of the file ask, as functions that are gone with its connection. */
export const temporaryFunctions = `-- Helpers, gone with this connection ---------------------------------------------------------------------------------------

-- Whether somebody else decides already who sees what of a table.
create or replace function pg_temp.sluice_is_theirs(of regclass) returns boolean language sql as $fn$
  select exists (select from pg_policy where polrelid = of and polname not like 'sluice: %')
$fn$;

-- The policies that an earlier file has made.
create or replace function pg_temp.sluice_drop_policies(of regclass) returns void language plpgsql as $fn$
declare
  policy name;
begin
  for policy in
    select polname from pg_policy where polrelid = of and polname in ('sluice: select', 'sluice: insert', 'sluice: update', 'sluice: delete')
  loop
    execute format('drop policy %I on %s', policy, of);
  end loop;
end
$fn$;

-- Switches row level security on. Roles that could use the table before and are none of Supabase's, such as a backend's own, still can.
create or replace function pg_temp.sluice_secure(of regclass) returns void language plpgsql as $fn$
declare
  grantee name;
begin
  if (select relrowsecurity from pg_class where oid = of) then
    return;
  end if;
  for grantee in
    select distinct r.rolname
    from pg_class c cross join lateral aclexplode(c.relacl) a join pg_roles r on r.oid = a.grantee
    where c.oid = of and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE') and a.grantee <> c.relowner
      and not r.rolbypassrls and not r.rolsuper and r.rolname not in ('anon', 'authenticated', 'service_role')
  loop
    execute format('create policy %I on %s for all to %I using (true) with check (true)', 'sluice: ' || grantee, of, grantee);
  end loop;
  execute format('alter table %s enable row level security', of);
end
$fn$;

-- An index that begins with the column, unless there is one.
create or replace function pg_temp.sluice_index(of regclass, col name) returns void language plpgsql as $fn$
begin
  if not exists (
    select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where i.indrelid = of and i.indpred is null and i.indisvalid and a.attname = col
  ) then
    execute format('create index on %s (%I)', of, col);
  end if;
end
$fn$;

-- The same for every foreign key of one column.
create or replace function pg_temp.sluice_index_keys(of regclass) returns void language plpgsql as $fn$
begin
  perform pg_temp.sluice_index(of, a.attname)
  from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
  where k.conrelid = of and k.contype = 'f' and cardinality(k.conkey) = 1;
end
$fn$;

-- Whether a table that was there before has the columns that its importer needs.
create or replace function pg_temp.sluice_fits(of regclass, importer text, wanted jsonb) returns void language plpgsql as $fn$
declare
  problems text;
begin
  select string_agg(
    case when a.attname is null then format('column %s (%s) is missing', w.key, w.value)
      else format('column %s is %s, not %s', w.key, format_type(a.atttypid, a.atttypmod), w.value) end, '; ')
  into problems
  from jsonb_each_text(wanted) w
  left join pg_attribute a on a.attrelid = of and a.attname = w.key and a.attnum > 0 and not a.attisdropped
  where a.attname is null or not (
    format_type(a.atttypid, a.atttypmod) = w.value or (w.value = 'text' and format_type(a.atttypid, a.atttypmod) like 'character%')
  );
  if problems is not null then
    raise exception 'The table % is already there and does not fit the importer "%": %.', of, importer, problems
      using hint = 'Change the table, or define an importer of your own for it and write this file anew.';
  end if;
end
$fn$;`;
