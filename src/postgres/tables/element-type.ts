/** What the elements of an array are, whose type may be a domain. */
import { sql } from "../connection/session.ts";

/**
 * An item of a `from` list, one row of an array and none of another type: the elements' type as no domain (`oid`, `typname`, `typtype`), its
 * modifier (`typmod`), and the array of it (`list`). It needs the type as `t`, and the column's modifier as `b.typmod`.
 */
export const elementType = sql`lateral (
        with recursive element (oid, typmod, depth) as (
          select n.oid, b.typmod, 0 from pg_type n where n.oid = t.typelem and n.typarray = t.oid
          union all
          select d.typbasetype, case when d.typtypmod >= 0 then d.typtypmod else element.typmod end, element.depth + 1
          from element join pg_type d on d.oid = element.oid where d.typtype = 'd'
        )
        select n.oid, n.typname, n.typtype, n.typarray as list, element.typmod
        from element join pg_type n on n.oid = element.oid order by element.depth desc limit 1
      )`;
