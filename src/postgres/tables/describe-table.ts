/**
 * A table as `sluice init` needs it: columns with the type that stands behind a domain, the words of an enum, keys,
 * references, and what a person has written about them.
 */
import { SluiceError } from "../../core/errors.ts";
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { elementType } from "./element-type.ts";

export interface DescribedColumn {
  name: string;
  /** As `format_type` writes it, a domain resolved to what stands behind it: `character varying(20)`. */
  type: string;
  /** The type's own name: `varchar`, `citext`, `numeric`, `_text`. */
  typeName: string;
  notNull: boolean;
  hasDefault: boolean;
  /** Identity or generated: Postgres fills it and takes no value. */
  generated: boolean;
  /** Limit of varchar(n) and char(n). */
  maxLength: number | null;
  /** Digits, and those of them after the mark, of numeric(p, s). */
  precision: number | null;
  scale: number | null;
  /** Labels of an enum, in their order; of an array, its elements'. */
  labels: string[] | null;
  comment: string | null;
}

export interface DescribedReference {
  columns: string[];
  schema: string;
  table: string;
  foreignColumns: string[];
  /** Text columns of the referenced table, whether each is unique, and the n of varchar(n). */
  textColumns: { name: string; unique: boolean; maxLength: number | null }[];
  /** Columns of the referenced table that must have a value, and that nothing fills. */
  demanded: string[];
  /** How many columns the referenced table has, and about how many records; null where it was never looked at. */
  width: number;
  records: number | null;
}

/** A table whose key is that of two others: which records of the one belong to which of the other. */
export interface DescribedLink {
  schema: string;
  table: string;
  /** Column of the described table's id. */
  column: string;
  /** The other end. */
  to: DescribedReference;
}

export interface DescribedTable {
  schema: string;
  table: string;
  columns: DescribedColumn[];
  primaryKey: string[];
  /** Columns of each unique index without a condition; `lower(column)` counts as the column. */
  uniques: string[][];
  /** Unique indexes over some records alone: deleted ones are left out, say. */
  partialUniques: { columns: string[]; condition: string }[];
  checks: { name: string; columns: string[]; expression: string }[];
  references: DescribedReference[];
  links: DescribedLink[];
  /** Other tables that refer to this one, as `schema.table (column)`. */
  referring: string[];
}

/**
 * Describes a table or a view that can be written to.
 *
 * @throws SluiceError `not_found` naming the tables that are called alike.
 */
export async function describeTable(database: Database, schema: string, table: string): Promise<DescribedTable> {
  const [found] = await database.query<{ oid: number }>(sql`
    select c.oid::int8 as oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${schema} and c.relname = ${table} and c.relkind in ('r', 'p', 'f', 'v')
  `);
  if (found === undefined) throw await notFound(database, schema, table);
  const { oid } = found;
  const columns = await database.query<DescribedColumn>(sql`
    select a.attname as name, format_type(b.oid, b.typmod) as type,
      coalesce('_' || e.typname, t.typname) as "typeName",
      a.attnotnull or coalesce(own.typnotnull, false) as "notNull",
      a.atthasdef and a.attgenerated = '' or own.typdefault is not null as "hasDefault",
      a.attidentity <> '' or a.attgenerated <> '' as generated,
      case when coalesce(e.typname, t.typname) in ('varchar', 'bpchar') and m.typmod > 4 then m.typmod - 4 end as "maxLength",
      case when coalesce(e.typname, t.typname) = 'numeric' and m.typmod > 4 then ((m.typmod - 4) >> 16) & 65535 end as precision,
      case when coalesce(e.typname, t.typname) = 'numeric' and m.typmod > 4 then (((m.typmod - 4) & 2047) # 1024) - 1024 end as scale,
      case when coalesce(e.typtype, t.typtype) = 'e' then array(
        select enumlabel::text from pg_enum where enumtypid = coalesce(e.oid, t.oid) order by enumsortorder
      ) end as labels,
      col_description(a.attrelid, a.attnum) as comment
    from pg_attribute a
      join pg_type own on own.oid = a.atttypid
      cross join lateral (
        -- A domain over a domain ends at the type that is none.
        with recursive base (oid, typmod, depth) as (
          select own.oid, a.atttypmod, 0
          union all
          select d.typbasetype, case when d.typtypmod >= 0 then d.typtypmod else base.typmod end, base.depth + 1
          from base join pg_type d on d.oid = base.oid where d.typtype = 'd'
        )
        select oid, typmod from base order by depth desc limit 1
      ) b
      join pg_type t on t.oid = b.oid
      left join ${elementType} e on true
      cross join lateral (select coalesce(e.typmod, b.typmod) as typmod) m
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped
    order by a.attnum
  `);
  const keys = await uniqueKeys(database, oid);
  return {
    schema,
    table,
    columns,
    primaryKey: keys.find(({ primary }) => primary)?.columns ?? [],
    uniques: keys.filter(({ primary, condition }) => !primary && condition === null).map((key) => key.columns),
    partialUniques: keys.flatMap(({ columns: names, condition }) =>
      condition === null ? [] : [{ columns: names, condition }],
    ),
    checks: await checksOf(database, oid),
    references: await referencesOf(database, oid),
    ...(await referringTo(database, oid)),
  };
}

async function notFound(database: Database, schema: string, table: string): Promise<SluiceError> {
  const tables = await database.query<{ schema: string; table: string }>(sql`
    select n.nspname as schema, c.relname as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f', 'v') and n.nspname not like 'pg_t%'
      and n.nspname not in ('pg_catalog', 'information_schema', 'sluice', 'sluice_stage', 'sluice_queue')
  `);
  const near = tables
    .map((each) => ({ ...each, alike: likeness(each.table, table) + (each.schema === schema ? 0.1 : 0) }))
    .filter(({ alike }) => alike >= 0.4)
    .sort((a, b) => b.alike - a.alike)
    .slice(0, 5)
    .map((each) => (each.schema === schema ? `"${each.table}"` : `"${each.table}" (--schema ${each.schema})`));
  const others = tables.filter((each) => each.schema === schema).map((each) => `"${each.table}"`);
  const hint =
    near.length > 0
      ? `Similar names: ${near.join(", ")}.`
      : others.length > 0
        ? `The tables there are: ${others.sort().slice(0, 20).join(", ")}${others.length > 20 ? ", …" : ""}.`
        : "That schema has no tables. Is DATABASE_URL right? Other schemas are named with --schema.";
  return new SluiceError("not_found", `There is no table "${table}" in the schema "${schema}". ${hint}`);
}

/** 0 to 1: the share of letter pairs that two names have in common; a part of a name is like it. */
function likeness(a: string, b: string): number {
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  if (one === other) return 1;
  if (one.length > 2 && other.length > 2 && (one.includes(other) || other.includes(one))) return 0.9;
  const pairs = (text: string): string[] =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, k) => text.slice(k, k + 2));
  const left = pairs(one);
  const shared = pairs(other).filter((pair) => left.includes(pair)).length;
  return (2 * shared) / Math.max(1, one.length + other.length - 2);
}

interface UniqueKey {
  primary: boolean;
  columns: string[];
  condition: string | null;
}

function uniqueKeys(database: Database, oid: number): Promise<UniqueKey[]> {
  return database.query<UniqueKey>(sql`
    select i.indisprimary as primary,
      -- A condition that only spares blanks leaves the key what it is.
      case when pg_get_expr(i.indpred, i.indrelid) !~ '^\\(?"?[^()]+"? IS NOT NULL\\)?$' then pg_get_expr(i.indpred, i.indrelid) end as condition,
      array(
        select coalesce(a.attname::text, substring(pg_get_indexdef(i.indexrelid, k.place::int, true) from '^lower\\(+"?(.*?)"?\\)*(?:::text)?\\)+$'), '')
        from unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
          left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum and k.attnum > 0
        where k.place <= i.indnkeyatts order by k.place
      ) as columns
    from pg_index i
    where i.indrelid = ${oid} and i.indisunique and i.indisvalid
    order by i.indisprimary desc, i.indexrelid
  `);
}

function checksOf(database: Database, oid: number): Promise<DescribedTable["checks"]> {
  // A domain's own check speaks of VALUE, which is the column here.
  return database.query<DescribedTable["checks"][number]>(sql`
    select c.conname::text as name, pg_get_expr(c.conbin, c.conrelid) as expression,
      array(select attname::text from pg_attribute where attrelid = c.conrelid and attnum = any (c.conkey)) as columns
    from pg_constraint c where c.conrelid = ${oid} and c.contype = 'c' and c.conkey is not null
    union all
    select c.conname::text, replace(pg_get_expr(c.conbin, 0), 'VALUE', quote_ident(a.attname)), array[a.attname::text]
    from pg_attribute a join pg_constraint c on c.contypid = a.atttypid and c.contype = 'c'
    where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped
    order by 1
  `);
}

function referencesOf(database: Database, oid: number): Promise<DescribedReference[]> {
  return database.query<DescribedReference>(sql`
    select fn.nspname as schema, fc.relname as table,
      array(select a.attname::text from unnest(c.conkey) with ordinality k (attnum, place)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum order by k.place) as columns,
      array(select a.attname::text from unnest(c.confkey) with ordinality k (attnum, place)
        join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.attnum order by k.place) as "foreignColumns",
      (select count(*)::int from pg_attribute a where a.attrelid = c.confrelid and a.attnum > 0 and not a.attisdropped) as width,
      case when fc.reltuples >= 0 then fc.reltuples::float8 end as records,
      array(select a.attname::text from pg_attribute a join pg_type t on t.oid = a.atttypid
        where a.attrelid = c.confrelid and a.attnum > 0 and not a.attisdropped and (a.attnotnull or t.typnotnull)
          and not a.atthasdef and a.attidentity = '' and t.typdefault is null order by a.attnum) as demanded,
      (select coalesce(json_agg(json_build_object('name', a.attname,
        'maxLength', case when t.typname in ('varchar', 'bpchar') and a.atttypmod > 4 then a.atttypmod - 4 end, 'unique', exists (
          select from pg_index i where i.indrelid = a.attrelid and i.indisunique and i.indnkeyatts = 1
            and (i.indkey[0] = a.attnum or pg_get_indexdef(i.indexrelid, 1, true) ilike 'lower(%' || a.attname || '%')
        )) order by a.attnum), '[]')
        from pg_attribute a join pg_type t on t.oid = a.atttypid
        where a.attrelid = c.confrelid and a.attnum > 0 and not a.attisdropped and t.typcategory = 'S') as "textColumns"
    from pg_constraint c join pg_class fc on fc.oid = c.confrelid join pg_namespace fn on fn.oid = fc.relnamespace
    where c.conrelid = ${oid} and c.contype = 'f'
    order by c.conname
  `);
}

/** What refers to the table: tables of links between it and another, and the others. */
async function referringTo(database: Database, oid: number): Promise<Pick<DescribedTable, "links" | "referring">> {
  const found = await database.query<{
    oid: number;
    schema: string;
    table: string;
    columns: string[];
    isLink: boolean;
  }>(sql`
    select r.oid::int8 as oid, n.nspname as schema, r.relname as table,
      array(select a.attname::text from unnest(c.conkey) k (attnum) join pg_attribute a on a.attrelid = r.oid and a.attnum = k.attnum) as columns,
      cardinality(c.conkey) = 1 and exists (
        select from pg_index i where i.indrelid = r.oid and i.indisunique and i.indpred is null and i.indnkeyatts = 2
          and c.conkey <@ i.indkey::int2[]
      ) and not exists (
        -- Nothing else that has to be filled.
        select from pg_attribute a where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped and a.attnotnull
          and not a.atthasdef and a.attidentity = '' and not exists (
            select from pg_constraint k where k.conrelid = r.oid and k.contype = 'f' and a.attnum = any (k.conkey))
      ) as "isLink"
    from pg_constraint c join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace
    where c.confrelid = ${oid} and c.conrelid <> ${oid} and c.contype = 'f' and c.conparentid = 0
    order by n.nspname, r.relname, c.conname
  `);
  const links: DescribedLink[] = [];
  const referring: string[] = [];
  for (const { oid: other, schema, table, columns, isLink } of found) {
    const ends = isLink ? await referencesOf(database, other) : [];
    const [to, ...more] = ends.filter((end) => end.columns[0] !== columns[0]);
    if (to !== undefined && more.length === 0 && to.columns.length === 1)
      links.push({ schema, table, column: columns[0], to });
    else referring.push(`${schema === "public" ? "" : `${schema}.`}${table} (${columns.join(", ")})`);
  }
  return { links, referring };
}
