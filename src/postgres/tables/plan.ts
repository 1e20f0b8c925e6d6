/** What the statements of match and commit are about: a job, its importer, its columns and its target; and ranges of rows. */
import type { ImportJob } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { Sql } from "../connection/session.ts";
import type { Carried } from "./carried.ts";
import type { RecordTable } from "./record-table.ts";
import type { TargetTable } from "./target.ts";

/** Everything a statement about a job's rows needs. */
export interface Plan {
  job: ImportJob;
  importer: Importer;
  columns: readonly StageColumn[];
  target: TargetTable;
  /** Rows of which nobody has decided that they update are skipped where they find something. */
  skipsUndecided?: boolean;
  /** Whether the target's records are fetched by the list of their ids; else by a join with all of them. */
  recordsByList?: boolean;
  /** Of an importer with a loader of its own: its `foresee` tells what would become of the rows, and nothing is written. */
  isForeseen?: boolean;
  /** Of an importer whose rows make several records: the tables of all of them and of their links, by the names in its definition. */
  tables?: ReadonlyMap<string, RecordTable>;
  /** Whether what is written is rolled back: nobody waits for what a dry run makes. */
  isRehearsed?: boolean;
  /** While a range of such an importer is written: that the match keeps none of its rows out. */
  keepsAll?: boolean;
  /** While a chunk of such an importer is written: what the main record has from elsewhere than its fields. */
  records?: MainParts;
}

/** What the statements that write the main record are told of the row's other records. */
export interface MainParts {
  /** A temporary table that gets what became of each row: see `records/main-rows.ts`. */
  rows: Sql;
  /** A temporary table of those that need no more, by `row_no`; null where there are none. */
  settled: Sql | null;
  /** Columns beside those of the fields: ids of parents, constants, what is made once. */
  columns: readonly Carried[];
  /** Where their values come from, joined to staged rows `s`. */
  joins: readonly Sql[];
  /** Columns that get the transaction's time. */
  now: readonly string[];
}

/** Rows of a chunk, `from` inclusive, `to` exclusive. */
export interface Range {
  from: number;
  to: number;
}
