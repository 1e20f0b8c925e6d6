/**
 * A record of a row as its statements need it: its plan, with the types of its columns, how its keys are compared, and where in the
 * stage its values come from.
 */
import type { PlannedSource, RecordPlan } from "../../core/records.ts";
import type { Sql } from "../connection/session.ts";
import type { Carried } from "../tables/carried.ts";
import type { Plan } from "../tables/plan.ts";
import type { RecordTable } from "../tables/record-table.ts";

/** A column whose value rows give, or that is the same in all of them. */
export interface RecordColumn extends Carried {
  source: PlannedSource;
  /** Its type in temporary tables. */
  carriedType: string;
  /** Whether a row says what stands in it: else it is the same in every record. */
  isGiven: boolean;
}

/** A part of a key: of a row, and of a record `t`. */
export interface KeyColumn {
  /** What temporary tables call it. */
  name: string;
  column: string;
  columnType: string;
  /** As it is compared. */
  type: string;
  source: PlannedSource;
  /** Of a row, as it stands there. */
  given: Sql;
  /** As it is compared, of a row; the same where values are compared as they stand. */
  value: Sql;
  /** Any value of the column's type as it is compared. */
  compare(value: Sql): Sql;
  /** The same of a record; columns stand in it bare or under `t`. */
  recordValue: Sql;
  filled: Sql;
}

export interface WrittenRecord {
  plan: RecordPlan;
  table: RecordTable;
  /** The table, as a statement names it. */
  tableName: Sql;
  /** By which columns a record is known: its id, or those of its key. */
  identity: { name: string; column: string; type: string }[];
  keys: KeyColumn[][];
  /** Of a hierarchy: the name of a step. */
  step: KeyColumn | null;
  columns: RecordColumn[];
  /** Columns that bound the keys, and others of the import's context. */
  given: { column: string; value: Sql }[];
  scope: { column: string; value: Sql }[];
  onCreate: { column: string; type: string; source: Extract<PlannedSource, { kind: "on_create" }> }[];
  now: string[];
  /** Whether later records of the row refer to it. */
  isReferred: boolean;
  /** Whether the row's main record is there when it is written. */
  isAfterMain: boolean;
  /** Whether its key holds the id of the main record. */
  isKeyedByMain: boolean;
  /** Whether no two records of its table can have the same key. */
  isUnique: boolean;
  /** Whether the file has what it is made of. */
  isFed: boolean;
  /** A row's conditions for making it, beside those of its key. */
  own: Sql | null;
  /** What the statements hand on: see `find.ts`. */
  known: Sql;
  knownName: string;
  work: Sql;
  workName: string;
}

/** What all records of an importer are resolved from. */
export interface RecordsContext {
  plan: Plan;
  /** All but the main one, by name, in the order in which they are written. */
  records: ReadonlyMap<string, WrittenRecord>;
  main: RecordPlan | undefined;
  /** The staged rows that `mainRows` are of. */
  rows: Sql;
}

export function tableOf({ tables }: Plan, name: string): RecordTable {
  const table = tables?.get(name);
  if (table === undefined) throw new Error(`the table ${name} was not read`);
  return table;
}

export function isStaged({ columns }: Plan, name: string): boolean {
  return columns.some((column) => column.name === name);
}

/** Whether the journal knows its records by numbers; those without an id are known by their keys, as JSON. */
export function hasNumberIds({ plan, identity }: WrittenRecord): boolean {
  return plan.id !== null && /^(?:bigint|integer|smallint)$/.test(identity[0].type);
}

/**
 * The row's other records, made by then or later, that may turn out to be the same as this one: they go to the same table, where nothing but
 * their values keeps them apart.
 */
export function namesakesOf({ records }: RecordsContext, record: WrittenRecord): WrittenRecord[] {
  const { name, table } = record.plan;
  return [...records.values()].filter(
    ({ plan, isFed }) => isFed && plan.name !== name && (plan.table === table || plan.link?.table === table),
  );
}
