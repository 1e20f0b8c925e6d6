/** A table of a file beside the one that its import reads: another sheet, another file of the archive. */
import type { DialectHints, Import } from "../../../client/index.ts";

export interface OtherTable {
  /** As the file calls it. */
  name: string;
  /** What says that it is meant. */
  dialect: DialectHints;
}

export interface TablesProps {
  job: Import;
  /** Each of the file's tables is to become an import: the one that is shown, called `own`, and the others. */
  onTables: (own: string, others: readonly OtherTable[]) => void;
}
