/** The foreign keys of other tables that point at a target, as the catalogue has them. */
import { SluiceError, told } from "../../core/errors.ts";
import type { Importer } from "../../core/importer.ts";
import type { Database } from "../connection/connect.ts";
import { type Sql, sql } from "../connection/session.ts";
import { roleOf, type TargetRun, transactionOn } from "../tables/on-target.ts";
import { quotedName } from "../tables/target.ts";

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
  /** Whether an index of all rows begins with its first column. */
  indexed: boolean;
  /** Who sees all of its rows: the connection's role, or the one that the importer's `session` asks for. */
  seenBy: "connection" | "tables";
}

/** The condition that an index `i` that begins with the column `a` has all rows with a value in it. */
export const servesAll = sql`(i.indpred is null or pg_get_expr(i.indpred, i.indrelid) = format('(%I IS NOT NULL)', a.attname))`;

/**
 * @throws SluiceError `forbidden` where the database user may not see all rows of such a table: without that nothing can
 * be deleted safely.
 */
export async function readReferences(database: Database, importer: Importer, run: TargetRun): Promise<Reference[]> {
  const target = sql`to_regclass(${quotedName(importer.target.table)})`;
  const history = importer.history === undefined ? sql`null` : sql`to_regclass(${quotedName(importer.history.table)})`;
  const names = (table: Sql, numbers: Sql) => sql`array(
    select a.attname::text from unnest(${numbers}) with ordinality as k (attnum, place)
      join pg_attribute a on a.attrelid = ${table} and a.attnum = k.attnum order by k.place)`;
  // A key of a partitioned table has a copy for each partition; one may also point at a partition directly.
  type Found = Omit<Reference, "seenBy"> & { readable: boolean; hidesRows: boolean; role: string; oid: number };
  const found = await database.query<Found>(sql`
    select n.nspname || '.' || r.relname as table, format('%I.%I', n.nspname, r.relname) as quoted,
      ${names(sql`c.conrelid`, sql`c.conkey`)} as columns, ${names(sql`c.confrelid`, sql`c.confkey`)} as keys,
      c.conrelid = ${target} as "isSelf", c.conrelid is not distinct from ${history} as "isHistory",
      c.confdeltype in ('c', 'n', 'd') as yields,
      exists (
        select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indrelid = c.conrelid and i.indisvalid and i.indkey[0] = c.conkey[1] and ${servesAll}
      ) as indexed,
      has_table_privilege(c.conrelid, 'select') as readable, row_security_active(c.conrelid) as "hidesRows", current_user::text as role,
      c.conrelid::int8 as oid
    from pg_constraint c join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace
    where c.contype = 'f' and c.conparentid = 0
      and (c.confrelid = ${target} or c.confrelid in (select relid from pg_partition_tree(${target})))
    order by 1, c.conname
  `);
  const seen = await seenAs(
    database,
    run,
    found.map(({ oid }) => oid),
  );
  return found.map(({ readable, hidesRows, role, oid, ...reference }) => {
    // Of its own table a role sees what it can delete; that decides.
    if (seen !== null && (seen.get(oid) === "all" || (reference.isSelf && seen.get(oid) !== undefined)))
      return { ...reference, seenBy: "tables" };
    if (!readable) {
      throw new SluiceError(
        "forbidden",
        told`The table ${reference.table} refers to ${importer.target.table}, but the database user ${role} may not read it, so there is no telling which records are in use. Run: grant select on ${reference.quoted} to ${role}`,
      );
    }
    if (hidesRows && !reference.isSelf) {
      throw new SluiceError(
        "forbidden",
        told`The table ${reference.table} refers to ${importer.target.table}, but row-level security hides some of its rows from the database user ${role}, so there is no telling which records are in use. Undo as a user who can see all of them.`,
      );
    }
    return { ...reference, seenBy: "connection" };
  });
}

/** Which of the tables the importer's role may read, and whether it sees all of their rows; null without a role. */
async function seenAs(
  database: Database,
  run: TargetRun,
  oids: readonly number[],
): Promise<Map<number, "all" | "some"> | null> {
  if (roleOf(run) === null) return null;
  const rows = await transactionOn(database, run, (session) =>
    session.tables.query<{ oid: number; hidesRows: boolean }>(sql`
      select oid::int8, row_security_active(oid::oid) as "hidesRows" from unnest(${oids}::bigint[]) oid
      where has_table_privilege(oid::oid, 'select')
    `),
  );
  return new Map(rows.map(({ oid, hidesRows }) => [oid, hidesRows ? "some" : "all"]));
}
