/**
 * What became of the rows of a chunk: each row that goes in with the id of its main record, and what it did to it. `n`: made by this
 * row alone, `c`: made by this row and shared with others, `u`: changed, `=`: left as it was, `-`: the same, by its only row; `.`: there
 * is no main record.
 */
import { type Sql, sql } from "../connection/session.ts";
import { handOver } from "../tables/hand-over.ts";
import type { TargetSession } from "../tables/on-target.ts";

/** How many rows of a range made a main record each, and how many belong to other groups that were written. */
export interface MainRows {
  created: number;
  left: number;
}

/** Rows of a range that leave their main record as it is, each the only one of its record. */
export interface Unchanged {
  /** How many leave all of their records as they are, and need no more; and their numbers. */
  settled: number;
  settledRows: Sql;
  /** How many may change another of their records; and their numbers and ids. */
  kept: number;
  keptRows: Sql;
  /** Where these lie in the stage, as an array. */
  keptPlaces: Sql;
  /** Of records after the main one that all of these leave as they are: how many they have. */
  spared: ReadonlyMap<string, number>;
  /** Of other records: the different ones that rows name, of those written before the main one; what settled rows have, of those after it. */
  counts: ReadonlyMap<string, number>;
}

export const mainRows = sql.id("pg_temp", "sluice_rows");

/** `touched (row_no, record, made)`: rows that made or changed one of the other records. */
export const touchedRows = sql.id("pg_temp", "sluice_touched");

/** What happened to records that were there: as `import_record_changes` has it. */
export const changes = sql.id("pg_temp", "sluice_changes");

export const nothingUnchanged: Unchanged = {
  settled: 0,
  settledRows: sql`select 0 where false`,
  kept: 0,
  keptRows: sql`select 0, null where false`,
  keptPlaces: sql`'{}'::tid[]`,
  spared: new Map(),
  counts: new Map(),
};

/** `settled (row_no)`: rows that need no more. */
const settledRows = sql.id("pg_temp", "sluice_settled");

/** Notes those that may change another record among `mainRows`. */
export async function noteKept(session: TargetSession, { kept, keptRows }: Unchanged): Promise<void> {
  if (kept > 0)
    await session.query(sql`insert into ${mainRows} (row_no, id, action) select k.*, '-' from (${keptRows}) k`);
}

/**
 * Copies those of them from the stage, whose index knows ranges alone: each statement about a few of a chunk's rows would read all of it.
 * Found by their places, which nothing moves while records are written; an edit beside a dry run may, and then the stage itself is read.
 */
export async function copyKept(session: TargetSession, rows: Sql, { kept, keptPlaces }: Unchanged): Promise<Sql> {
  const copied = await handOver(session, "sluice_kept", sql`like ${rows}`);
  const found = await session.change(
    sql`insert into ${copied} select s.* from ${rows} s where s.ctid = any (${keptPlaces})`,
  );
  return found === kept ? copied : rows;
}

/** Notes those that need no more, for the statements that write the others; null where there are none. */
export async function noteSettled(session: TargetSession, unchanged: Unchanged): Promise<Sql | null> {
  if (unchanged.settled === 0) return null;
  await handOver(session, "sluice_settled", sql`row_no integer`);
  await session.query(sql`insert into ${settledRows} (row_no) ${unchanged.settledRows}`);
  return settledRows;
}

export const mainRowColumns = (idType: string): Sql => sql`row_no integer, id ${sql.raw(idType)}, action "char"`;
export const touchedColumns = sql`row_no integer, record text, made boolean`;
export const changeColumns = sql`record text, pos bigint, row_no integer, record_id text, action text, before jsonb, after jsonb, before_xid bigint`;
