/**
 * What the catalogue says of a target table: its columns with types and defaults, and what it demands of a row. Read
 * once per import; the match tests the demands set-based, before a row can fail.
 */
import { SluiceError, type Telling, told, withNext } from "../../core/errors.ts";
import { type Importer, targetContext, targetFields } from "../../core/importer.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { type Distribution, distributionOf } from "./distribution.ts";
import { elementType } from "./element-type.ts";
import { filledBeside } from "./filled-beside.ts";

export interface TargetColumn {
  name: string;
  /** As `format_type` writes it: `character varying(20)`. */
  type: string;
  notNull: boolean;
  /** The default's expression, of an identity that may be given the next number; null without one (generated columns have none). */
  defaultExpression: string | null;
  /** Postgres fills it: identity or generated. */
  generated: boolean;
  /** Postgres lets nobody else fill it: `generated always`. */
  alwaysGenerated: boolean;
  /** The sequence that an identity column counts with. */
  identitySequence: string | null;
  /** Whether the writer may set it, and may draw a number from its sequence. */
  mayInsert: boolean;
  /** What stands behind a domain, without length or precision: `character varying`. The type itself where there is no domain. */
  baseType: string;
  /**
   * What a value is cast to on its way into the column. An explicit cast to varchar(n), char(n), bit(n), or a domain over them
   * cuts the value without a word, where storing it raises; so it is cast to the type without its length.
   */
  castType: string;
  /** Characters that fit: the n of varchar(n) and char(n), behind domains too; of an array, what fits into each element. */
  maxLength: number | null;
  /** Whether an index begins with it. */
  leadsIndex: boolean;
  /** Its collation takes different texts for the same, such as those that differ in case alone. */
  isLoose: boolean;
  /** The type has a JSON of its own making, as hstore's, from which Postgres cannot read it back. */
  hasOwnJson: boolean;
  /** Bytes that fit: 63 of a `name`, 1 of a `"char"`, which cut what is longer even when it is stored. */
  maxBytes: number | null;
  /**
   * Whether `=` compares two of its values: of a composite type that hangs on what it is made of, and one with a blank part counts as
   * null; json and jsonpath have none.
   */
  hasEquality: boolean;
}

export interface CheckConstraint {
  name: string;
  columns: string[];
  /** A domain's own check speaks of VALUE, a table's of its columns. */
  ofDomain: boolean;
  expression: string;
}
/** Of a view: those of the tables below it. */
export interface ForeignKey {
  name: string;
  columns: string[];
  foreignTable: string;
  /** What they refer to, in the same order. */
  foreignColumns: string[];
  /** Every column of the other table: it may have the context's. */
  foreignNames: string[];
  /** Whether the writer may look into the other table. Postgres itself does so as that table's owner. */
  isReadable: boolean;
  /** Whether Postgres refuses what is not there. */
  isEnforced: boolean;
  /** Whether the other table is the one that has the key: a row may refer to what another row makes. */
  isToItself: boolean;
}
export interface UniqueIndex {
  name: string;
  columns: string[];
  /** Its condition, such as `(deleted_at IS NULL)`; null without one. */
  predicate: string | null;
  /** Columns that the condition, or the key, is about. */
  predicateColumns: string[];
}

export interface TargetTable {
  /** `schema.table`, as found on the search path. */
  name: string;
  /** A table of this database, perhaps partitioned: no view, no foreign table. */
  isTable: boolean;
  /** Where its records are, in Citus. */
  distribution: Distribution;
  /** Whether the `xmin` of its records tells which transaction wrote them last. */
  showsWriters: boolean;
  /** Whether it may take a row or a change without an error and do nothing with it: by a trigger, or a view's. */
  mayLeaveOut: boolean;
  /** Whether policies may decide which of its records are seen and changed. */
  hasPolicies: boolean;
  columns: Map<string, TargetColumn>;
  checks: CheckConstraint[];
  foreignKeys: ForeignKey[];
  /** Unique indexes over plain columns, without a condition; the primary key is one of them. */
  uniques: UniqueIndex[];
  /** Those that hold only for some records. */
  partialUniques: UniqueIndex[];
  /** Columns of each unique index that tells texts apart to the letter, with a condition or without. */
  exactUniques: string[][];
  /** Columns that a unique index is over without their case: `lower(email)`. */
  foldedColumns: string[];
  /** Whether the database's texts are Unicode (UTF-8). */
  isUnicode: boolean;
}

/**
 * The target of an importer, as the role sees it that writes there; null: the connection's own.
 *
 * @throws SluiceError `invalid` when the table, or a column that the importer names, is not there.
 */
export async function readTarget(
  database: Database,
  importer: Importer,
  role: string | null = null,
): Promise<TargetTable> {
  const { table, id } = importer.target;
  const target = await readTable(database, table, role);
  const needed = [
    id,
    ...[...targetFields(importer), ...targetContext(importer)].map(([, column]) => column),
    ...filledBeside(importer),
    ...(typeof importer.target.absent === "object" ? Object.keys(importer.target.absent.deactivate) : []),
    ...(importer.assign === undefined ? [] : [importer.assign.column]),
  ];
  const missing = importer.load === undefined ? needed.filter((name) => !target.columns.has(name)) : [];
  if (missing.length > 0) {
    throw new SluiceError(
      "invalid",
      told`The table ${target.name} has no column ${missing.join(", ")}, which the importer "${importer.name}" fills. Add it, or point the field's \`column\` elsewhere.`,
    );
  }
  return target;
}

/** Since Postgres 18 a constraint may be NOT ENFORCED; before, the catalogue has no such column. */
const isEnforced = sql`coalesce((to_jsonb(c) ->> 'conenforced')::boolean, true)`;

/** A \`table\` or \`schema.table\`, quoted for to_regclass. */
export function quotedName(name: string): string {
  return name
    .split(".")
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");
}

/** That a table is not there. */
export function noTable(name: string): Telling {
  return withNext(told`There is no table ${name} in the database. Create it, or run the migrations.`, {
    code: "migrate",
  });
}

/** Reads any table's description. */
export async function readTable(database: Database, name: string, role: string | null = null): Promise<TargetTable> {
  const user = role === null ? sql`current_user` : sql`${role}::name`;
  const quoted = await database.session(async (session) => {
    const [row] = await session.query<{
      oid: number;
      name: string;
      isTable: boolean;
      mayLeaveOut: boolean;
      hasPolicies: boolean;
      isUnicode: boolean;
    }>(sql`
      with recursive parts (oid) as (
        select to_regclass(${quotedName(name)})::oid
        union all
        select i.inhrelid from parts join pg_inherits i on i.inhparent = parts.oid
      )
      select c.oid::int8 as oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, c.relkind in ('r', 'p') as "isTable",
        -- Of another role only whether there may be any.
        ${role === null ? sql`row_security_active(c.oid)` : sql`c.relrowsecurity`} as "hasPolicies",
        getdatabaseencoding() = 'UTF8' as "isUnicode",
        -- By tgtype: 1 for each row, 2 before, 64 instead of; the others come too late to leave a row out.
        c.relkind not in ('r', 'p') or exists (
          select from pg_trigger t where t.tgrelid in (select oid from parts) and not t.tgisinternal and t.tgenabled <> 'D'
            and t.tgtype & 1 = 1 and t.tgtype & (2 | 64) <> 0 and t.tgtype & (4 | 16) <> 0
        ) as "mayLeaveOut"
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.oid = to_regclass(${quotedName(name)})
    `);
    return row;
  });
  if (quoted === undefined) {
    throw new SluiceError("invalid", noTable(name));
  }
  const { oid } = quoted;
  const columns = await database.query<TargetColumn>(sql`
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull or b.is_required as "notNull",
      case when a.attidentity = 'd' then format('nextval(%L::regclass)', pg_get_serial_sequence(${quotedName(name)}, a.attname))
        when a.attidentity = '' and a.attgenerated = '' then coalesce(pg_get_expr(d.adbin, d.adrelid), b.fallback) end as "defaultExpression",
      a.attidentity <> '' or a.attgenerated <> '' as generated,
      a.attidentity = 'a' or a.attgenerated <> '' as "alwaysGenerated",
      case when a.attidentity <> '' then pg_get_serial_sequence(${quotedName(name)}, a.attname) end as "identitySequence",
      has_column_privilege(${user}, a.attrelid, a.attnum, 'insert') and (a.attidentity = ''
        or has_sequence_privilege(${user}, pg_get_serial_sequence(${quotedName(name)}, a.attname), 'usage')) as "mayInsert",
      format_type(b.oid, -1) as "baseType",
      case when coalesce(e.typname, t.typname) in ('varchar', 'bpchar', 'bit', 'varbit') then format_type(coalesce(e.list, b.oid), -1)
        else format_type(b.oid, b.typmod) end as "castType",
      case when coalesce(e.typname, t.typname) in ('varchar', 'bpchar') and coalesce(e.typmod, b.typmod) > 4
        then coalesce(e.typmod, b.typmod) - 4 end as "maxLength",
      case t.typname when 'name' then 63 when 'char' then 1 end as "maxBytes",
      exists (select from pg_index i where i.indrelid = a.attrelid and i.indkey[0] = a.attnum) as "leadsIndex",
      exists (select from pg_collation l where l.oid = a.attcollation and not l.collisdeterministic) as "isLoose",
      exists (
        select from pg_cast j where j.castsource = coalesce(e.oid, t.oid) and j.casttarget = 'json'::regtype and j.castmethod = 'f'
          and j.castsource <> 'jsonb'::regtype
      ) as "hasOwnJson",
      t.typtype in ('e', 'r', 'm') or t.typtype = 'b' and exists (
        select from pg_opclass o join pg_am m on m.oid = o.opcmethod
        where o.opcdefault and m.amname in ('btree', 'hash') and (o.opcintype = t.oid or exists (
          select from pg_cast c where c.castsource = t.oid and c.casttarget = o.opcintype and c.castmethod = 'b' and c.castcontext = 'i'))
      ) as "hasEquality"
    from pg_attribute a
      cross join lateral (
        -- A domain over a domain ends at the type that is none; the outermost default counts.
        with recursive base (oid, typmod, is_required, fallback, depth) as (
          select a.atttypid, a.atttypmod, false, null::text, 0
          union all
          select d.typbasetype, case when d.typtypmod >= 0 then d.typtypmod else base.typmod end, base.is_required or d.typnotnull,
            coalesce(base.fallback, pg_get_expr(d.typdefaultbin, 0)) collate "default", base.depth + 1
          from base join pg_type d on d.oid = base.oid where d.typtype = 'd'
        )
        select oid, typmod, is_required, fallback from base order by depth desc limit 1
      ) b
      join pg_type t on t.oid = b.oid
      left join ${elementType} e on true
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped
    order by a.attnum
  `);
  const checks = await database.query<CheckConstraint>(sql`
    select c.conname as name, pg_get_expr(c.conbin, c.conrelid) as expression,
      array(select attname::text from pg_attribute where attrelid = c.conrelid and attnum = any (c.conkey)) as columns, false as "ofDomain"
    from pg_constraint c where c.conrelid = ${oid} and c.contype = 'c' and c.conkey is not null and ${isEnforced}
    union all
    select c.conname, pg_get_expr(c.conbin, 0), array[a.attname::text], true
    from pg_attribute a
      cross join lateral (
        with recursive domain (oid) as (
          select a.atttypid union all select d.typbasetype from domain join pg_type d on d.oid = domain.oid where d.typtype = 'd'
        )
        select oid from domain
      ) d
      join pg_constraint c on c.contypid = d.oid and c.contype = 'c'
    where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped
  `);
  const foreignKeys = await database.query<ForeignKey>(sql`
    ${quoted.isTable ? ownColumns(oid) : originColumns(oid)}
    -- A view may show a column twice.
    select distinct c.conname as name, fn.nspname || '.' || fc.relname as "foreignTable",
      -- Empty: a column that the view does not show.
      array(select case when k.attnum = shown.attnum then shown.name else coalesce((select min(o.name) from origins o where o.relation = c.conrelid and o.attnum = k.attnum), '') end
        from unnest(c.conkey) with ordinality k (attnum, place) order by k.place) as columns,
      array(select a.attname::text from unnest(c.confkey) with ordinality k (attnum, place)
        join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.attnum order by k.place) as "foreignColumns",
      array(select a.attname::text from pg_attribute a
        where a.attrelid = c.confrelid and a.attnum > 0 and not a.attisdropped) as "foreignNames",
      has_schema_privilege(${user}, fn.oid, 'usage') and (has_table_privilege(${user}, fc.oid, 'select')
        or (select bool_and(has_column_privilege(${user}, fc.oid, k.attnum, 'select')) from unnest(c.confkey) k (attnum))) as "isReadable",
      ${isEnforced} as "isEnforced", c.confrelid = ${oid} as "isToItself"
    from pg_constraint c
      join origins shown on shown.relation = c.conrelid and shown.attnum = any (c.conkey)
      join pg_class fc on fc.oid = c.confrelid join pg_namespace fn on fn.oid = fc.relnamespace
    where c.contype = 'f'
      -- A key to a partitioned table has a copy for each of its partitions.
      and not exists (select from pg_constraint p where p.oid = c.conparentid and p.conrelid = c.conrelid)
  `);
  const uniques = await database.query<UniqueIndex>(sql`
    select i.indexrelid::regclass::text as name, pg_get_expr(i.indpred, i.indrelid) as predicate,
      array(select distinct a.attname::text from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refobjid = i.indrelid and d.refobjsubid > 0) as "predicateColumns",
      array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where k.place <= i.indnkeyatts order by k.place) as columns
    from pg_index i
    where i.indrelid = ${oid} and i.indisunique and i.indisvalid and i.indexprs is null
  `);
  const comparing = await database.query<{ columns: string[]; isExact: boolean; folded: string[] }>(sql`
    select array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where k.place <= i.indnkeyatts order by k.place) as columns,
      i.indexprs is null and not exists (
        select from unnest(i.indcollation::oid[]) c (oid) join pg_collation l on l.oid = c.oid where not l.collisdeterministic
      ) as "isExact",
      array(select a.attname::text from generate_series(1, i.indnkeyatts) k (place) join pg_attribute a on a.attrelid = i.indrelid and not a.attisdropped
        where pg_get_indexdef(i.indexrelid, k.place, true) in ('lower(' || quote_ident(a.attname) || ')', 'lower(' || quote_ident(a.attname) || '::text)',
          'lower((' || quote_ident(a.attname) || ')::text)')) as folded
    from pg_index i where i.indrelid = ${oid} and i.indisunique and i.indisvalid
  `);
  const distribution = await distributionOf(database, oid);
  return {
    name: quoted.name.replaceAll('"', ""),
    isTable: quoted.isTable,
    distribution,
    showsWriters: quoted.isTable && distribution === "local",
    mayLeaveOut: quoted.mayLeaveOut,
    hasPolicies: quoted.hasPolicies,
    columns: new Map(columns.map((column) => [column.name, column])),
    checks,
    foreignKeys,
    uniques: uniques.filter(({ predicate }) => predicate === null),
    partialUniques: uniques.filter(({ predicate }) => predicate !== null),
    exactUniques: comparing.filter(({ isExact }) => isExact).map(({ columns: each }) => each),
    isUnicode: quoted.isUnicode,
    foldedColumns: comparing.flatMap(({ folded }) => folded),
  };
}

/** The columns of a table as they are called there, to begin a statement with: `origins`. */
function ownColumns(oid: number): Sql {
  return sql`with origins (name, relation, attnum) as (
      select a.attname::text, a.attrelid, a.attnum from pg_attribute a where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped
    )`;
}

/** The same of a view with the columns of the tables below it, by the view's names. Planning it takes several times what it does. */
function originColumns(oid: number): Sql {
  return sql`with recursive origins (name, relation, attnum) as (
      select a.attname::text, a.attrelid, a.attnum from pg_attribute a where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped
      union
      -- A view's column is one of the table below it, where its rule says so (resorigtbl, resorigcol in primnodes.h).
      select o.name, said[3]::oid, said[4]::int2
      from origins o
        join pg_class c on c.oid = o.relation and c.relkind = 'v'
        join pg_attribute a on a.attrelid = o.relation and a.attnum = o.attnum
        join pg_rewrite w on w.ev_class = o.relation and w.rulename = '_RETURN'
        cross join lateral regexp_matches(w.ev_action::text,
          ${String.raw`:resno (\d+) :resname ((?:\\.|[^ \\])+) :ressortgroupref \d+ :resorigtbl (\d+) :resorigcol (\d+)`}, 'g') said
      where said[1]::int = o.attnum and regexp_replace(said[2], ${String.raw`\\(.)`}, ${String.raw`\1`}, 'g') = a.attname and said[3] <> '0'
    )`;
}
