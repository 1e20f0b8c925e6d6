/** One of several records of an importer, as an undo sees it. */
import type { Plan } from "../tables/plan.ts";
import type { KeyColumn } from "../tables/record-key.ts";

export interface UndoneRecord {
  /** As the journal calls it: the record's name, or `linkName` for the rows of its link table. */
  name: string;
  /** The columns that it is known by, where it has no id. */
  key: readonly KeyColumn[] | null;
  /** The columns of its validity, and those by which the versions of one thing are recognised. */
  versions: { to: string; of: readonly string[] } | null;
  /** Whether the chunk's row and `import_rows` say what was created and updated, as of the main record; else the journal of records does. */
  isInChunk: boolean;
  /** The tables of all records: imports into these may have written what this one did, or had it given back. */
  tables: readonly string[];
}

/** The plan of one table that an import wrote to. Where a row makes several records, its importer has that record's table as its target. */
export interface TablePlan extends Plan {
  /** Which of the importer's records it is about; null: the only one there is. */
  record: UndoneRecord | null;
}
