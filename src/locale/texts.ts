/** What every language must say. */
import type { MappingReason } from "../core/import.ts";
import type { IssueCode } from "../core/issue.ts";

export interface Texts {
  /** What one row's issue says. */
  issues: Readonly<Record<IssueCode, string>>;
  /** What many rows with the same issue have in common, in a few words. */
  titles: Readonly<Record<IssueCode, string>>;
  words: Readonly<
    Record<
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
      | "completed"
      | "paused"
      | "column"
      | "field"
      | "why"
      | "leftOut"
      /** Behind a number: cells that are shorter than the column's codes. */
      | "zerosLost",
      string
    >
  > & { readonly reasons: Readonly<Record<MappingReason, string>> };
}
