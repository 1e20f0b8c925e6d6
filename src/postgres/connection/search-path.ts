/**
 * Where tables without a schema are looked for and made: never among Sluice's own. A role that is called like one of its
 * schemas has it first on its search path by `"$user"`.
 */

/**
 * Takes Sluice's own schemas off the connection's search path, and answers with the path that is left; with no row where none of
 * them is on it.
 */
export const leaveOwnSchemas = `
  select set_config('search_path', p.path, false) as path
  from (
    select coalesce(string_agg(part, ', ' order by place) filter (where not is_own), 'public') as path, bool_or(is_own) as leads_to_own
    from (
      select part, place, case part when '"$user"' then current_user else btrim(part, '"') end in ('sluice', 'sluice_stage', 'sluice_queue') as is_own
      from (
        select btrim(part) as part, place from unnest(string_to_array(current_setting('search_path'), ',')) with ordinality u (part, place)
      ) u
    ) parts
  ) p
  where p.leads_to_own`;
