/** The foreign keys of all tables that refer to one: what would hold back its records that go, or go with them without a trace. */
import { type Session, type Sql, sql } from "../connection/session.ts";
import { quotedName } from "./target.ts";

export interface ReferringKey {
  /** The table that refers, with its schema. */
  name: string;
  quoted: string;
  columns: string[];
  /** The columns referred to. */
  keys: string[];
}

export function readReferringKeys(session: Session, table: string): Promise<ReferringKey[]> {
  return session.query<ReferringKey>(sql`
    select n.nspname || '.' || c.relname as name, format('%I.%I', n.nspname, c.relname) as quoted,
      array(select a.attname::text from unnest(k.conkey) with ordinality u (attnum, place) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.attnum order by u.place) as columns,
      array(select a.attname::text from unnest(k.confkey) with ordinality u (attnum, place) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.attnum order by u.place) as keys
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    where k.contype = 'f' and k.conparentid = 0 and k.confrelid = to_regclass(${quotedName(table)})
    order by 1
  `);
}

/** The table of such a key, as an item `r` of a `from` list. */
export function referring({ quoted }: ReferringKey): Sql {
  return sql`${sql.raw(quoted)} r`;
}

/** The condition that a row `r` of it refers to a record `t`. */
export function isReferredBy({ columns, keys }: ReferringKey): Sql {
  return sql.join(
    columns.map((column, k) => sql`${sql.id("r", column)} = ${sql.id("t", keys[k])}`),
    sql` and `,
  );
}
