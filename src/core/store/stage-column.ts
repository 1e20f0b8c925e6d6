/** A column of a stage. */

/** One column of the stage: a mapped field, or the cell that names the owner. */
export interface StageColumn {
  name: string;
  /** Postgres type. */
  type: string;
  /** Index of the file's column. */
  column: number;
}

/** A job's stage that Postgres emptied, or that another worker has dropped. */
export interface LostStage {
  generation: number;
}
