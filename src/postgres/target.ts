/**
 * What the catalogue says of a target table: its columns with types and defaults, and what it demands of a row. Read
 * once per import; the match tests the demands set-based, before a row can fail.
 */
import { SluiceError, told } from "../errors.ts";
import { type Importer, targetColumn } from "../importer.ts";
import { type Database, sql } from "./connect.ts";

export interface TargetColumn {
  name: string;
  /** As `format_type` writes it: `character varying(20)`. */
  type: string;
  notNull: boolean;
  /** The default's expression, null without one (identity and generated columns have none). */
  defaultExpression: string | null;
  /** Postgres fills it: identity or generated. */
  generated: boolean;
  /** Postgres lets nobody else fill it: `generated always`. */
  alwaysGenerated: boolean;
  /** Limit of varchar(n) and char(n). */
  maxLength: number | null;
}

export interface CheckConstraint {
  name: string;
  columns: string[];
  expression: string;
}
export interface ForeignKey {
  name: string;
  columns: string[];
  foreignTable: string;
  /** What they refer to, in the same order. */
  foreignColumns: string[];
  /** Every column of the other table: it may have the context's. */
  foreignNames: string[];
}
export interface UniqueIndex {
  name: string;
  columns: string[];
}

export interface TargetTable {
  /** `schema.table`, as found on the search path. */
  name: string;
  /** A table of this database, perhaps partitioned: no view, no foreign table. */
  isTable: boolean;
  columns: Map<string, TargetColumn>;
  checks: CheckConstraint[];
  foreignKeys: ForeignKey[];
  /** Unique indexes over plain columns, without a condition; the primary key is one of them. */
  uniques: UniqueIndex[];
}

/**
 * The target of an importer.
 *
 * @throws SluiceError `invalid` when the table, or a column that the importer names, is not there.
 */
export async function readTarget(database: Database, importer: Importer): Promise<TargetTable> {
  const { table, id } = importer.target;
  const target = await readTable(database, table);
  const needed = [
    id,
    ...Object.keys(importer.fields).map((name) => targetColumn(importer, name)),
    ...Object.entries(importer.context ?? {}).map(([name, { column }]) => column ?? name),
    ...[importer.target.job, importer.target.updatedAt, importer.assign?.column].filter((name) => name !== undefined),
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

/** A \`table\` or \`schema.table\`, quoted for to_regclass. */
export function quotedName(name: string): string {
  return name
    .split(".")
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");
}

/** Reads any table's description. */
export async function readTable(database: Database, name: string): Promise<TargetTable> {
  const quoted = await database.session(async (session) => {
    const [row] = await session.query<{ oid: number | null; name: string; isTable: boolean }>(sql`
      select c.oid::int8 as oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, c.relkind in ('r', 'p') as "isTable"
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.oid = to_regclass(${quotedName(name)})
    `);
    return row;
  });
  if (quoted === undefined) {
    throw new SluiceError(
      "invalid",
      told`There is no table ${name} in the database. Create it, or run: sluice migrate`,
    );
  }
  const { oid } = quoted;
  const columns = await database.query<TargetColumn>(sql`
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as "notNull",
      case when a.attidentity = '' and a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as "defaultExpression",
      a.attidentity <> '' or a.attgenerated <> '' as generated,
      a.attidentity = 'a' or a.attgenerated <> '' as "alwaysGenerated",
      case when t.typname in ('varchar', 'bpchar') and a.atttypmod > 4 then a.atttypmod - 4 end as "maxLength"
    from pg_attribute a
      join pg_type t on t.oid = a.atttypid
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = ${oid} and a.attnum > 0 and not a.attisdropped
    order by a.attnum
  `);
  const checks = await database.query<CheckConstraint>(sql`
    select c.conname as name, pg_get_expr(c.conbin, c.conrelid) as expression,
      array(select attname::text from pg_attribute where attrelid = c.conrelid and attnum = any (c.conkey)) as columns
    from pg_constraint c where c.conrelid = ${oid} and c.contype = 'c' and c.conkey is not null
  `);
  const foreignKeys = await database.query<ForeignKey>(sql`
    select c.conname as name, fn.nspname || '.' || fc.relname as "foreignTable",
      array(select a.attname::text from unnest(c.conkey) with ordinality k (attnum, place)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum order by k.place) as columns,
      array(select a.attname::text from unnest(c.confkey) with ordinality k (attnum, place)
        join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.attnum order by k.place) as "foreignColumns",
      array(select a.attname::text from pg_attribute a
        where a.attrelid = c.confrelid and a.attnum > 0 and not a.attisdropped) as "foreignNames"
    from pg_constraint c
      join pg_class fc on fc.oid = c.confrelid join pg_namespace fn on fn.oid = fc.relnamespace
    where c.conrelid = ${oid} and c.contype = 'f'
      -- A key to a partitioned table has a copy for each of its partitions.
      and not exists (select from pg_constraint p where p.oid = c.conparentid and p.conrelid = c.conrelid)
  `);
  const uniques = await database.query<UniqueIndex>(sql`
    select i.indexrelid::regclass::text as name,
      array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where k.place <= i.indnkeyatts order by k.place) as columns
    from pg_index i
    where i.indrelid = ${oid} and i.indisunique and i.indpred is null and i.indexprs is null
  `);
  return {
    name: quoted.name.replaceAll('"', ""),
    isTable: quoted.isTable,
    columns: new Map(columns.map((column) => [column.name, column])),
    checks,
    foreignKeys,
    uniques,
  };
}
