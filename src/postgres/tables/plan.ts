/** What the statements of match and commit are about: a job, its importer, its columns and its target; and ranges of rows. */
import type { ImportJob } from "../../core/import.ts";
import type { Importer } from "../../core/importer.ts";
import type { StageColumn } from "../../core/store/stage-column.ts";
import type { TargetTable } from "./target.ts";

/** Everything a statement about a job's rows needs. */
export interface Plan {
  job: ImportJob;
  importer: Importer;
  columns: readonly StageColumn[];
  target: TargetTable;
  /** Whether the target's records are fetched by the list of their ids; else by a join with all of them. */
  recordsByList?: boolean;
}

/** Rows of a chunk, `from` inclusive, `to` exclusive. */
export interface Range {
  from: number;
  to: number;
}
