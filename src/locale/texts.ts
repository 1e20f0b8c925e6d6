/** What every language must say. */
import type { ProgressStep } from "../core/events.ts";
import type { MappingReason } from "../core/import.ts";
import type { IssueCode } from "../core/issue.ts";
import type { RecordOutcome } from "../core/record-counts.ts";

export interface Texts {
  /** What an import does now; `record`: one of several records, `{label}` in the plural. */
  steps: Readonly<Record<ProgressStep | "record", string>>;
  /** Of several records of a row: above a column of numbers. */
  recordOutcomes: Readonly<Record<RecordOutcome, string>>;
  /** What one row's issue says. */
  issues: Readonly<Record<IssueCode, string>>;
  /** What many rows with the same issue have in common, in a few words. */
  titles: Readonly<Record<IssueCode, string>>;
  words: Readonly<
    Record<
      | "row"
      | "rows"
      | "created"
      | "updated"
      | "unchanged"
      | "skipped"
      | "invalid"
      | "failed"
      | "parsing"
      | "matching"
      | "committing"
      | "undoing"
      | "import"
      | "rejectedRows"
      | "dryRun"
      | "nothingWritten"
      /** Of a file whose header has nothing below it. */
      | "noRows"
      /** The rows of a record's link table; `{record}` in the plural. */
      | "recordLinks"
      | "completed"
      | "paused"
      | "column"
      | "field"
      | "why"
      | "leftOut"
      /** Behind a number. */
      | "wordsForNothing"
      /** Behind a number: cells that are shorter than the column's codes. */
      | "zerosLost",
      string
    >
  > & { readonly reasons: Readonly<Record<MappingReason, string>> };
}
