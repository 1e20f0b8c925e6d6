/** The parsed rows of an import, waiting for its commit: filled batch by batch, dropped after use. postgres/stage/stage.ts is the adapter. */
import type { Checkpoint, ImportJob } from "../import.ts";
import type { IssueCount, StoredIssue } from "../issue.ts";
import type { EventListener } from "../ports.ts";
import type { LostStage, StageColumn } from "./stage-column.ts";

/** Rows on their way into the stage, in one transaction. */
export interface StageBatch {
  from: Checkpoint | null;
  /** COPY text of the valid rows, piece by piece while they are read. A piece stays as it is until the batch has arrived. */
  rows: AsyncIterable<Uint8Array>;
  /** Known once the last piece is there. */
  end: Promise<BatchEnd>;
}

/** What goes in with a batch's rows. */
export interface BatchEnd {
  /** COPY text for `import_rows`. */
  rejects: Uint8Array;
  issueCounts: readonly IssueCount[];
  /** The first of each code among the batch's valid rows. */
  warnings: readonly RowWarning[];
  /** What is counted of the file's columns up to here, as JSON: mapping/column-statistics.ts reads it. */
  statistics: string;
  to: Checkpoint;
  valid: number;
  invalid: number;
  skipped: number;
  /** What is known of the rows up to here beside their counts, as JSON: staging/stage.ts reads it. */
  state: string;
}

/** What is worth knowing about a row that is imported nevertheless. */
export interface RowWarning {
  row: number;
  /** Where the row is: byte offset in the stored file, or in what is unpacked from it. */
  offset: number;
  issue: StoredIssue;
}

export interface Stage {
  /** Makes the stage if it is not there. */
  create(job: ImportJob, columns: readonly StageColumn[]): Promise<void>;
  /** Whether it still holds its rows. */
  isIntact(job: ImportJob): Promise<boolean>;
  write(
    job: ImportJob,
    columns: readonly StageColumn[],
    batch: StageBatch,
    onStep: (step: "copied" | "rejects" | "checkpoint", row: number) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  index(job: ImportJob, options: { onEvent: EventListener; signal?: AbortSignal }): Promise<void>;
  /** What the parse has counted of the file's columns so far; null before its first batch. */
  columnStatistics(id: number): Promise<unknown>;
  /** What the parse knows of the rows so far; null before its first batch. */
  state(id: number): Promise<unknown>;
  /** Notes what the parse has found of the file as a whole; whoever finds it again notes the same. */
  note(id: number, counts: readonly IssueCount[]): Promise<void>;
  /** The stage that is gone, when that is what the error says. */
  lossOf(error: unknown): LostStage | null;
  drop(job: ImportJob): Promise<void>;
}
