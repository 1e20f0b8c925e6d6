/** Lists on their way into a record that has some already: as arrays of jsonb, whatever the column's type, so that they can be put together. */
import { type Sql, sql } from "../connection/session.ts";

/** What the record has, and behind it the elements of `fresh` that it does not have. Null: nothing to append. */
export function appended(old: Sql, fresh: Sql): Sql {
  return sql`(case when ${fresh} is null then ${old} else coalesce(nullif(${old}, 'null'), '[]') || coalesce((
    select jsonb_agg(f.e order by f.place) from jsonb_array_elements(${fresh}) with ordinality f (e, place)
    where not exists (select from jsonb_array_elements(case jsonb_typeof(${old}) when 'array' then ${old} else '[]' end) o (e) where o.e = f.e)
  ), '[]') end)`;
}

/** An array of lists as one, each element where it comes first; null without any. */
export function united(lists: Sql): Sql {
  return sql`(
    select jsonb_agg(u.e order by u.first) from (
      select f.e, min(array[l.place, f.place]) as first
      from jsonb_array_elements(${lists}) with ordinality l (list, place), jsonb_array_elements(l.list) with ordinality f (e, place)
      group by f.e
    ) u
  )`;
}

/** Whether the record has every element of `fresh`. */
export function hasAll(old: Sql, fresh: Sql): Sql {
  return sql`coalesce(${old} @> ${fresh}, false)`;
}

/** A list of jsonb as an array of Postgres. */
export function arrayOf(list: Sql, type: string): Sql {
  return sql`(case when ${list} is not null then array(
    select e.value from jsonb_array_elements_text(${list}) with ordinality e (value, place) order by e.place
  )::${sql.raw(type)} end)`;
}
