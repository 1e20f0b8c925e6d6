/** The foreign keys of other tables into the target: without an index, Postgres reads their whole table for each record an undo deletes. */

import { contextColumns } from "../../core/importer.ts";
import { sql } from "../connection/session.ts";
import { quotedName } from "../tables/target.ts";
import { advice, type Finder } from "./finding.ts";

/**
 * An index serves a key if it is over all rows that have a value, and its first columns are the key's: all of them, or those beside
 * the context's, which are the same for every record of a tenant.
 */
export const findUnindexedReferences: Finder = async ({ database, importer }) => {
  const context = contextColumns(importer);
  const target = sql`to_regclass(${quotedName(importer.target.table)})`;
  const history = importer.history === undefined ? sql`null` : sql`to_regclass(${quotedName(importer.history.table)})`;
  const found = await database.query<{ referring: string; columns: string; referred: string; index: string }>(sql`
    with targets as (
      select ${target}::oid as oid
      union
      select relid from pg_partition_tree(${target})
    ), deleted as (
      select oid from targets
      union
      -- The history of a deleted record goes with it, unless its key says otherwise or there is none.
      select c.conrelid from pg_constraint c join targets t on t.oid = c.confrelid
      where c.contype = 'f' and c.conrelid = ${history} and c.confdeltype not in ('n', 'd')
    ), keys as (
      select c.oid, c.conname, c.conrelid, c.confrelid, c.conkey,
        array(
          select k.attnum from unnest(c.conkey, c.confkey) k (attnum, refers)
            join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.refers
          where a.attname <> all (${context}::text[])
        ) as telling
      from pg_constraint c join deleted d on d.oid = c.confrelid
      -- A key of a partitioned table has a copy for each partition.
      where c.contype = 'f' and c.conparentid = 0
    )
    select n.nspname || '.' || r.relname as referring, fn.nspname || '.' || f.relname as referred,
      string_agg(a.attname, ', ' order by k.place) as columns,
      format('create index on %I.%I (%s)', n.nspname, r.relname, string_agg(quote_ident(a.attname), ', ' order by k.place)) as index
    from keys c
      join pg_class r on r.oid = c.conrelid
      join pg_namespace n on n.oid = r.relnamespace
      join pg_class f on f.oid = c.confrelid
      join pg_namespace fn on fn.oid = f.relnamespace
      cross join unnest(c.conkey) with ordinality k (attnum, place)
      join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
    where not exists (
      select from pg_index i
        join pg_class x on x.oid = i.indexrelid
        join pg_am m on m.oid = x.relam
        -- How many of the index's first columns are the key's.
        cross join lateral (
          select coalesce(min(l.place) - 1, i.indnkeyatts)::int as length from unnest(i.indkey::int2[]) with ordinality l (attnum, place)
          where l.attnum <> all (c.conkey) or l.place > i.indnkeyatts
        ) begins
      where i.indrelid = c.conrelid and i.indisvalid and m.amname in ('btree', 'hash') and begins.length > 0
        -- What is looked for has a value, so an index that only spares blanks serves as well.
        and (i.indpred is null or exists (
          select from unnest(c.conkey) p (attnum) join pg_attribute a on a.attrelid = c.conrelid and a.attnum = p.attnum
          where pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', a.attname)
        ))
        and (case when c.telling = '{}' then c.conkey else c.telling end) <@ (i.indkey::int2[])[0 : begins.length - 1]
    )
    group by c.oid, c.conname, n.nspname, r.relname, fn.nspname, f.relname
    order by referring, c.conname
  `);
  return found.map(({ referring, columns, referred, index }) =>
    advice(
      `no index on ${referring}.${columns}, a foreign key to ${referred}: an undo reads all of ${referring} for every record that it deletes. Say: ${index}`,
    ),
  );
};
