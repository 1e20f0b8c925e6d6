/**
 * The foreign keys of other tables that point at a target: a record with rows behind one of them is not deleted, whatever
 * the key says should then happen, because those rows are other people's.
 */
import { SluiceError, told } from "../errors.ts";
import type { Importer } from "../importer.ts";
import { type Database, type Session, type Sql, sql, tableId } from "./connect.ts";
import { isFetchedByList, listed } from "./planning.ts";
import { areFetchedById } from "./records-by-list.ts";
import { quotedName } from "./target.ts";
import type { ChunkUndo, UndoPlan } from "./undo-plan.ts";

export interface Reference {
  /** `schema.table` that refers. */
  table: string;
  /** The same, quoted where it must be. */
  quoted: string;
  columns: string[];
  /** What they refer to in the target, in the same order. */
  keys: string[];
  /** The target refers to itself. */
  isSelf: boolean;
  /** It is the importer's own history. */
  isHistory: boolean;
  /** Its rows go, or forget the record, when the record is deleted: cascade, set null, set default. */
  yields: boolean;
  /** Whether an index begins with its first column. */
  indexed: boolean;
}

/**
 * @throws SluiceError `forbidden` where the database user may not see all rows of such a table: without that nothing can
 * be deleted safely.
 */
export async function readReferences(database: Database, importer: Importer): Promise<Reference[]> {
  const target = sql`to_regclass(${quotedName(importer.target.table)})`;
  const history = importer.history === undefined ? sql`null` : sql`to_regclass(${quotedName(importer.history.table)})`;
  const names = (table: Sql, numbers: Sql) => sql`array(
    select a.attname::text from unnest(${numbers}) with ordinality as k (attnum, place)
      join pg_attribute a on a.attrelid = ${table} and a.attnum = k.attnum order by k.place)`;
  // A key of a partitioned table has a copy for each partition; one may also point at a partition directly.
  const found = await database.query<Reference & { readable: boolean; hidesRows: boolean; role: string }>(sql`
    select n.nspname || '.' || r.relname as table, format('%I.%I', n.nspname, r.relname) as quoted,
      ${names(sql`c.conrelid`, sql`c.conkey`)} as columns, ${names(sql`c.confrelid`, sql`c.confkey`)} as keys,
      c.conrelid = ${target} as "isSelf", c.conrelid is not distinct from ${history} as "isHistory",
      c.confdeltype in ('c', 'n', 'd') as yields,
      exists (select from pg_index i where i.indrelid = c.conrelid and i.indisvalid and i.indkey[0] = c.conkey[1]) as indexed,
      has_table_privilege(c.conrelid, 'select') as readable, row_security_active(c.conrelid) as "hidesRows", current_user::text as role
    from pg_constraint c join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace
    where c.contype = 'f' and c.conparentid = 0
      and (c.confrelid = ${target} or c.confrelid in (select relid from pg_partition_tree(${target})))
    order by 1, c.conname
  `);
  return found.map(({ readable, hidesRows, role, ...reference }) => {
    if (!readable) {
      throw new SluiceError(
        "forbidden",
        told`The table ${reference.table} refers to ${importer.target.table}, and the database user ${role} may not read it, so that nobody can tell which records are in use. Run: grant select on ${reference.quoted} to ${role}`,
      );
    }
    if (hidesRows && !reference.isSelf) {
      throw new SluiceError(
        "forbidden",
        told`The table ${reference.table} refers to ${importer.target.table}, and row level security hides some of its rows from the database user ${role}, so that nobody can tell which records are in use. Undo with a user who sees all of them.`,
      );
    }
    return reference;
  });
}

/** Of a record `t`, what references compare: the keys that they point at, and where it points itself. */
export function keysOf({ references }: UndoPlan): Sql {
  const keys = new Set(references.flatMap((reference) => reference.keys));
  const pointers = new Set(references.flatMap(({ isSelf, columns }) => (isSelf ? columns : [])));
  return sql.join(
    [
      ...[...keys].map((name) => sql`, ${sql.id("t", name)} as ${keyOf(name)}`),
      ...[...pointers].map((name) => sql`, ${sql.id("t", name)} as ${pointerOf(name)}`),
    ],
    sql``,
  );
}
const keyOf = (name: string) => sql.id(`key ${name}`);
const pointerOf = (name: string) => sql.id(`points by ${name}`);

/**
 * A query of the rows `r` of a reference's table that refer to records of the CTE `from`, aliased `alias`. Where they are fetched by
 * list they stand alone behind a fence, so that no join makes the planner come by another index.
 */
function referring({ fetches }: ChunkUndo, reference: Reference, alias: string, from: string, select: Sql): Sql {
  const { columns, keys, quoted } = reference;
  const same = columns.map((column, k) => sql`${sql.id("r", column)} = ${sql.id(alias, `key ${keys[k]}`)}`);
  const rows = fetches.references.has(reference)
    ? sql`(select * from ${sql.raw(quoted)} l where ${listed(sql.id("l", columns[0]), sql`select ${keyOf(keys[0])} from ${sql.id(from)}`)} offset 0)`
    : sql.raw(quoted);
  return sql`${select} from ${sql.id(from)} ${sql.id(alias)} join ${rows} r on ${sql.join(same, sql` and `)}`;
}

/** The CTE `held <k> (id)`: of the records in the CTE `found`, those that rows of the reference's table refer to. */
export function heldFrom(plan: ChunkUndo, reference: Reference, k: number, where: Sql): Sql {
  return sql`, ${sql.id(`held ${k}`)} as materialized (
      ${referring(plan, reference, "f", "found", sql`select distinct f.id`)} where true ${where}
    )`;
}

export function joinHeld(references: readonly Reference[]): Sql {
  const joins = references.map((_, k) => sql`left join ${sql.id(`held ${k}`)} on ${sql.id(`held ${k}`, "id")} = f.id`);
  return sql.join(joins, sql` `);
}

/**
 * The CTE `blocked (id)`: of the records in the CTE `candidates`, those that records of the target hold that stay. Records of
 * the slice that hold on to one another may go together, unless one is held from outside.
 */
export function heldBySelf(plan: ChunkUndo, selves: readonly Reference[]): Sql {
  if (selves.length === 0) return sql``;
  const id = sql.id("r", plan.importer.target.id);
  const edges = selves.map(({ columns, keys }) => {
    const same = columns.map((column, k) => sql`c.${pointerOf(column)} = p.${keyOf(keys[k])}`);
    return sql`select c.id as child, p.id as parent from candidates c join candidates p on ${sql.join(same, sql` and `)} where c.id <> p.id`;
  });
  const fromOutside = selves.map(
    (self) => sql`
        ${referring(plan, self, "c", "candidates", sql`select c.id`)}
          left join candidates also on also.id = ${id}
        where ${id} <> c.id and also.id is null`,
  );
  return sql`, edges as materialized (${sql.join(edges, sql` union `)}
    ), outside as materialized (${sql.join(fromOutside, sql` union `)}
    ), blocked (id) as (
      select id from outside
      union
      select e.parent from blocked b join edges e on e.child = b.id
    )`;
}

/** What of an undo's reading goes by lists of keys, as the planner sees the tables now; the rest is joined as a whole. */
export async function fetchesOf(session: Session, plan: UndoPlan): Promise<ChunkUndo["fetches"]> {
  const { importer } = plan;
  const target = tableId(importer.target.table);
  const records = await areFetchedById(session, plan);
  const references = new Set<Reference>();
  for (const reference of plan.references) {
    if (!reference.indexed) continue;
    const keys = sql`select l.${sql.id(reference.keys[0])} from ${target} l`;
    const rows = sql`select from ${sql.raw(reference.quoted)} r where ${listed(sql.id("r", reference.columns[0]), keys)}`;
    if (await isFetchedByList(session, rows)) references.add(reference);
  }
  return { records, references };
}
