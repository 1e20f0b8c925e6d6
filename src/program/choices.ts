/** What a program says of a file that it imports. */
import type { Assignment, DuplicateStrategy, MergeRules } from "../core/import.ts";
import type { DialectHints } from "../core/row.ts";

/** A path, a `file:` address, bytes, a `Blob`, or a stream of bytes. */
export type ImportedFile = string | URL | Uint8Array | Blob | AsyncIterable<Uint8Array>;

/** What is decided about an import; what is left out is as the importer says, or suggested. */
export interface ImportChoices {
  /** Values that the importer requires besides the file: a tenant, an owner. */
  context?: Readonly<Record<string, string | number | bigint>>;
  /** Columns of the file → fields; null: a column is left out. The others are suggested. */
  mapping?: Readonly<Record<string, string | null>>;
  /** Takes doubtful columns as they are suggested. Default: they are refused. */
  acceptDoubts?: boolean;
  onDuplicate?: DuplicateStrategy;
  /** Fields to find duplicates by. */
  match?: readonly string[];
  /** What an update does with a field. */
  merge?: MergeRules;
  /** Owners by id, e-mail or name. */
  assign?: Assignment;
  /** What is not left to detection: encoding, delimiter, header row, sheet. */
  dialect?: DialectHints;
  /** In whose name. Default `program`. */
  user?: string;
  /** What the file is called. Default: its name, where it has one. */
  fileName?: string;
}

export const choiceNames = [
  ...["context", "mapping", "acceptDoubts", "onDuplicate", "match", "merge", "assign", "dialect", "user", "fileName"],
] as const satisfies readonly (keyof ImportChoices)[];
