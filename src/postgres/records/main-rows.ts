/**
 * What became of the rows of a chunk: each row that goes in with the id of its main record, and what it did to it. `n`: made by this
 * row alone, `c`: made by this row and shared with others, `u`: changed, `=`: left as it was, `-`: the same, by its only row; `.`: there
 * is no main record.
 */
import { type Sql, sql } from "../connection/session.ts";

/** How many rows of a range made a main record each, were told to leave theirs as it is, and what is left: those of other groups. */
export interface MainRows {
  created: number;
  settled: number;
  left: number;
}

export const mainRows = sql.id("pg_temp", "sluice_rows");

/** `touched (row_no, record, made)`: rows that made or changed one of the other records. */
export const touchedRows = sql.id("pg_temp", "sluice_touched");

/** What happened to records that were there: as `import_record_changes` has it. */
export const changes = sql.id("pg_temp", "sluice_changes");

export const mainRowColumns = (idType: string): Sql => sql`row_no integer, id ${sql.raw(idType)}, action "char"`;
export const touchedColumns = sql`row_no integer, record text, made boolean`;
export const changeColumns = sql`record text, pos bigint, row_no integer, record_id text, action text, before jsonb, after jsonb, before_xid bigint`;
