/** A table as `sluice check` sees it: what kind of relation it is, and its columns with what their types come down to. */
import type { Database } from "../connection/connect.ts";
import { sql } from "../connection/session.ts";
import { quotedName } from "../tables/target.ts";

export interface Relation {
  oid: number;
  /** `schema.table`, as found on the search path. */
  name: string;
  schema: string;
  /** As `pg_class.relkind`: `r` table, `p` partitioned, `v` view, `m` materialized view, `f` foreign table, others. */
  kind: string;
  /** Whether the connected role may use what is in the schema. */
  isReachable: boolean;
  /** Takes new records, by itself or by triggers. */
  isInsertable: boolean;
  isUpdatable: boolean;
  /** A rule on new records that Postgres does not take in a statement that tells what it wrote; null without one. */
  rule: string | null;
  /** Partitioned, with no partition that could take a record. */
  lacksPartitions: boolean;
  columns: ReadonlyMap<string, RelationColumn>;
}

export interface RelationColumn {
  name: string;
  /** As `format_type` writes it. */
  type: string;
  /** The type below all domains, as `pg_type.typname`: `int4`, `text`, `_text`. */
  base: string;
  baseOid: number;
  /** `pg_type.typcategory`: `S` text, `N` numbers, `D` dates, `B` boolean, `E` enum, `A` arrays, `U` others. */
  category: string;
  /** By the column or a domain. */
  notNull: boolean;
  /** By the column, a domain, identity or generation. */
  hasDefault: boolean;
  /** Postgres lets nobody else fill it. */
  alwaysGenerated: boolean;
  /** Of an enum. */
  labels: string[] | null;
  /** Of `numeric(p, s)`. */
  scale: number | null;
  /** Of `varchar(n)` and `char(n)`. */
  maxLength: number | null;
  /** What an array's elements are; null for what is no array. */
  element: ElementType | null;
}

export interface ElementType {
  base: string;
  baseOid: number;
  category: string;
  labels: string[] | null;
  scale: number | null;
  maxLength: number | null;
  element: null;
}

/** A table by the name an importer gives it; null where there is none. */
export async function readRelation(database: Database, name: string): Promise<Relation | null> {
  const parts = name.split(".");
  // A schema that the role may not use is an error of to_regclass; the catalogue is open to everybody.
  const named =
    parts.length > 1
      ? sql`n.nspname = ${parts[0]} and c.relname = ${parts.slice(1).join(".")}`
      : sql`c.oid = to_regclass(${quotedName(name)})`;
  const [found] = await database.query<
    Omit<Relation, "columns"> & { updatable: number; rules: Record<string, string> }
  >(sql`
    select c.oid::int8 as oid, n.nspname || '.' || c.relname as name, n.nspname::text as schema, c.relkind::text as kind,
      has_schema_privilege(n.oid, 'usage') as "isReachable", pg_relation_is_updatable(c.oid, true) as updatable,
      c.relkind = 'p' and not exists (select from pg_inherits i where i.inhparent = c.oid) as "lacksPartitions",
      -- In a WITH only one statement instead of the other is supported, without a condition. 2 update, 3 insert.
      coalesce((
        select json_object_agg(r.ev_type, r.rulename) from pg_rewrite r
        where r.ev_class = c.oid and r.ev_type in ('2', '3') and r.ev_enabled <> 'D'
          and (not r.is_instead or r.ev_qual::text <> '<>' or r.ev_action::text in ('<>', '()'))
      ), '{}') as rules
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where ${named}
  `);
  if (found === undefined) return null;
  const { updatable, rules, ...relation } = found;
  const columns = await database.query<RelationColumn>(sql`
    with recursive typed as (
      select a.attnum, t.oid, t.typtype, t.typbasetype, a.attnotnull or t.typnotnull as not_null,
        t.typdefault is not null as by_domain, case when a.atttypmod >= 0 then a.atttypmod else t.typtypmod end as modifier
      from pg_attribute a join pg_type t on t.oid = a.atttypid
      where a.attrelid = ${relation.oid} and a.attnum > 0 and not a.attisdropped
      union all
      select d.attnum, t.oid, t.typtype, t.typbasetype, d.not_null or t.typnotnull, d.by_domain or t.typdefault is not null,
        case when d.modifier >= 0 then d.modifier else t.typtypmod end
      from typed d join pg_type t on t.oid = d.typbasetype where d.typtype = 'd'
    )
    select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, t.typname::text as base, t.oid::int8 as "baseOid", t.typcategory::text as category,
      b.not_null as "notNull", d.adbin is not null or a.attidentity <> '' or a.attgenerated <> '' or b.by_domain as "hasDefault",
      a.attidentity = 'a' or a.attgenerated <> '' as "alwaysGenerated",
      case when t.typtype = 'e' then array(select enumlabel::text from pg_enum where enumtypid = t.oid order by enumsortorder) end as labels,
      case when t.typname = 'numeric' and b.modifier >= 4 then (b.modifier - 4) & 2047 end as scale,
      case when t.typname in ('varchar', 'bpchar') and b.modifier > 4 then b.modifier - 4 end as "maxLength",
      case when e.oid is not null then jsonb_build_object('base', e.typname, 'baseOid', e.oid::int8, 'category', e.typcategory,
        'labels', case when e.typtype = 'e' then to_jsonb(array(select enumlabel::text from pg_enum where enumtypid = e.oid order by enumsortorder)) end,
        'scale', case when e.typname = 'numeric' and b.modifier >= 4 then (b.modifier - 4) & 2047 end,
        'maxLength', case when e.typname in ('varchar', 'bpchar') and b.modifier > 4 then b.modifier - 4 end, 'element', null) end as element
    from typed b join pg_type t on t.oid = b.oid
      -- An int2vector has elements, and is not the array of their type.
      left join pg_type e on e.oid = t.typelem and e.typarray = t.oid
      join pg_attribute a on a.attrelid = ${relation.oid} and a.attnum = b.attnum
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where b.typtype <> 'd' order by a.attnum
  `);
  return {
    ...relation,
    // Bits by the number of the command, as in the server's CmdType: 2 update, 3 insert.
    isUpdatable: (updatable & 4) !== 0 && rules["2"] === undefined,
    isInsertable: (updatable & 8) !== 0,
    rule: rules["3"] ?? null,
    columns: new Map(columns.map((column) => [column.name, column])),
  };
}

/**
 * Whether Postgres turns one type (a name or an oid) into another: by itself where a value is stored (`assigned`), or when it
 * is asked to (`cast`).
 */
export async function conversions(
  database: Database,
  pairs: readonly { from: string | number; to: string | number }[],
): Promise<{ assigned: boolean; cast: boolean }[]> {
  if (pairs.length === 0) return [];
  return database.query<{ assigned: boolean; cast: boolean }>(sql`
    select f.oid = t.oid or t.typcategory = 'S' or coalesce(c.castcontext in ('a', 'i'), false) as assigned,
      f.oid = t.oid or t.typcategory = 'S' or f.typcategory = 'S' or c.castcontext is not null as cast
    from unnest(${pairs.map(({ from }) => String(from))}::text[], ${pairs.map(({ to }) => String(to))}::text[]) with ordinality p (from_type, to_type, place)
      join pg_type f on f.oid = p.from_type::regtype join pg_type t on t.oid = p.to_type::regtype
      left join pg_cast c on c.castsource = f.oid and c.casttarget = t.oid
    order by p.place
  `);
}

/** Whether `=` compares values of the two: the same type, or both text, numbers or dates. */
export function isComparable(
  one: { base: string; category: string },
  other: { base: string; category: string },
): boolean {
  return one.base === other.base || (one.category === other.category && "SND".includes(one.category));
}
