/** A stretch of rows that may be a table. */
import type { SampleRow } from "./sample-row.ts";

export interface Region {
  kind: "table" | "note";
  /** At least one, none of them empty. */
  rows: SampleRow[];
  /** Columns that most of its rows have. */
  width: number;
}
