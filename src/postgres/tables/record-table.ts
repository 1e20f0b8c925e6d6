/** A table that one of several records of a row goes to: what is known of a target, and by what its records are told apart. */
import type { Importer } from "../../core/importer.ts";
import { recordTables } from "../../core/records.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { quotedName, readTable, type TargetTable } from "./target.ts";

/** A unique index, its columns as it compares them. */
export interface UniqueKey {
  parts: {
    /** The one that it is about; null where it is about none, or several. */
    column: string | null;
    /** Of the column: itself, or an expression such as `lower(name)`. */
    expression: string;
  }[];
  /** Its condition. */
  predicate: string | null;
}

export interface RecordTable extends TargetTable {
  uniqueKeys: UniqueKey[];
  /** Whether a trigger may make other records when one is made. */
  hasTriggers: boolean;
}

/** The tables of an importer's records and of their links, by the names in its definition. @throws SluiceError `invalid` when one is not there. */
export async function readRecordTables(
  database: Database,
  importer: Importer,
  role: string | null,
): Promise<ReadonlyMap<string, RecordTable>> {
  const tables = new Map<string, RecordTable>();
  for (const name of new Set(recordTables(importer))) tables.set(name, await readRecordTable(database, name, role));
  return tables;
}

async function readRecordTable(database: Database, name: string, role: string | null): Promise<RecordTable> {
  const target = await readTable(database, name, role);
  const [{ hasTriggers }] = await database.query<{ hasTriggers: boolean }>(sql`
    with recursive parts (oid) as (
      select to_regclass(${quotedName(name)})::oid
      union all
      select i.inhrelid from parts join pg_inherits i on i.inhparent = parts.oid
    )
    select exists (select from pg_trigger t where t.tgrelid in (select oid from parts) and not t.tgisinternal and t.tgenabled <> 'D')
      or exists (select from pg_rewrite r where r.ev_class in (select oid from parts)) as "hasTriggers"
  `);
  const uniqueKeys = await database.query<UniqueKey>(sql`
    select pg_get_expr(i.indpred, i.indrelid) as predicate, (
        select jsonb_agg(jsonb_build_object('expression', pg_get_indexdef(i.indexrelid, k.place::int, false), 'column', coalesce(a.attname::text, (
            select case when count(*) = 1 then min(d.attname::text) end from pg_attribute d
            where d.attrelid = i.indrelid and d.attnum > 0 and not d.attisdropped
              and exists (
                select from pg_depend p where p.classid = 'pg_class'::regclass and p.objid = i.indexrelid and p.refobjid = i.indrelid and p.refobjsubid = d.attnum)
              and pg_get_indexdef(i.indexrelid, k.place::int, false) ~ ('(^|[^[:alnum:]_])' || regexp_replace(quote_ident(d.attname), '([^[:alnum:]_])', '\\\\\\1', 'g') || '($|[^[:alnum:]_])')
          ))) order by k.place)
        from unnest(i.indkey::int2[]) with ordinality k (attnum, place)
          left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum > 0
        where k.place <= i.indnkeyatts
      ) as parts
    from pg_index i where i.indrelid = to_regclass(${quotedName(name)}) and i.indisunique and i.indisvalid
    order by i.indpred is not null, i.indexrelid
  `);
  return { ...target, uniqueKeys, hasTriggers };
}
