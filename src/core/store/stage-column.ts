/** A column of a stage. */

/** One column of the stage: a field, the cell that names the owner, or a value of new records. */
export interface StageColumn {
  name: string;
  /** Postgres type. */
  type: string;
  /**
   * Place of its cell: of a column of the file, or behind those that of a field which is made of several, of a part of one, or of
   * none. Null: the importer's own code makes the value.
   */
  column: number | null;
  /** Of new records alone: no field, and nobody's to see or to edit. */
  isCreated?: true;
  /** Of a field that several cells make up: the others' too, each with its name in it; null: the cell is the whole. */
  parts?: readonly { column: number; name: string | null }[];
}

/** A job's stage that Postgres emptied, or that another worker has dropped. */
export interface LostStage {
  generation: number;
}
