/**
 * What passes between Sluice's own statements and those on users' tables, which may run as a role without a right in schema
 * `sluice`: this import's stage, and temporary tables of the transaction.
 */
import { type Sql, sql } from "../connection/session.ts";
import { stageTables } from "../stage/stage.ts";
import type { TargetSession } from "./on-target.ts";

/**
 * A temporary table of the transaction, made by Sluice, that statements on users' tables may read and fill. One of that name
 * is dropped before.
 */
export async function handOver(session: TargetSession, name: string, columns: Sql): Promise<Sql> {
  await handOverAll(session, { [name]: columns });
  return sql.id("pg_temp", name);
}

/** Several of them at once. */
export async function handOverAll(session: TargetSession, tables: Readonly<Record<string, Sql>>): Promise<void> {
  const statements = Object.entries(tables).map(([name, columns]) => {
    const table = sql.id("pg_temp", name);
    const grant = session.role === null ? sql`` : sql`; grant select, insert on ${table} to ${sql.id(session.role)}`;
    return sql`
    drop table if exists ${table};
    create temporary table ${sql.id(name)} (${columns}) on commit drop${grant}`;
  });
  await session.query(sql.join(statements, sql`;`));
}

/** The same for a temporary table that is there. */
export async function share(session: TargetSession, table: Sql): Promise<void> {
  if (session.role !== null) await session.query(sql`grant select, insert on ${table} to ${sql.id(session.role)}`);
}

/** The rights of the importer's role on an import's tables: it reads the rows, and notes what they match. */
const rights = {
  rows: sql`select`,
  match: sql`select, insert, update, delete`,
  lookup: sql`select, insert`,
  shared: sql`select, insert`,
};

/** Lets the importer's role use this import's stage, as far as its tables are there. */
export async function openStage(
  session: TargetSession,
  { id, stageGeneration }: { id: number; stageGeneration: number },
): Promise<void> {
  const { role } = session;
  if (role === null) return;
  const name = `sluice_stage.job_${id}_${stageGeneration}`;
  const [closed] = await session.query<Record<keyof typeof rights, boolean>>(sql`
    select not has_table_privilege(${role}, to_regclass(${name}), 'select') as rows,
      not has_table_privilege(${role}, to_regclass(${`${name}_match`}), 'insert') as match,
      not has_table_privilege(${role}, to_regclass(${`${name}_lookup`}), 'insert') as lookup,
      not has_table_privilege(${role}, to_regclass(${`${name}_shared`}), 'insert') as shared
  `);
  const tables = stageTables(id, stageGeneration);
  // Two transactions that grant on one table at the same time would fail.
  if (closed.rows || closed.match || closed.lookup || closed.shared)
    await session.query(sql`select pg_advisory_xact_lock(hashtextextended('sluice stage', ${id}))`);
  for (const table of ["rows", "match", "lookup", "shared"] as const)
    if (closed[table]) await session.query(sql`grant ${rights[table]} on ${tables[table]} to ${sql.id(role)}`);
}

/** The columns of the table that an importer's own loader fills, where it runs several statements. */
export const outcomeColumns = sql`row_no integer, outcome text, record_id text, before jsonb, after jsonb`;
