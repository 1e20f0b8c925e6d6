/**
 * The commit of an import, as the engine names it: foretold by a dry run, entered, matched, committed chunk by chunk,
 * completed. postgres/commit/commits.ts is the adapter.
 */
import type { Telling } from "../errors.ts";
import type { Counts, FieldChange, ImportJob } from "../import.ts";
import type { Importer } from "../importer.ts";
import type { IssueCount, StoredIssue } from "../issue.ts";
import type { EventListener } from "../ports.ts";
import type { needsConfirmation, Removal } from "../removals.ts";
import type { SideBySide, SideBySideQuery } from "./side-by-side.ts";
import type { LostStage, StageColumn } from "./stage-column.ts";

/** What was done, or would be, to the table of one record. */
export interface RecordCounts {
  /** The record's name in the definition; `<name>.link`: the rows of its link table. */
  record: string;
  created: number;
  updated: number;
  unchanged: number;
  /** Versions that ended; those that follow them are among the created ones. */
  closed: number;
  deactivated: number;
  deleted: number;
}

/** What a commit would do. */
export interface DryRun {
  counts: Counts;
  issues: IssueCount[];
  /** Of an importer whose rows make several records: what it would make of each, in the order in which they are written. */
  records?: RecordCounts[];
  /** What a replace or a mirror would remove, and why somebody has to confirm it; null: nobody has to. */
  removal?: Removal & { why: ReturnType<typeof needsConfirmation> };
  /** What it would change of records that are there, where that was asked for; null where the importer's own loader decides it. */
  changes?: RecordChanges | null;
}

/** A rehearsed commit, seen in its transaction before that is rolled back. */
export interface Rehearsal {
  /** Of every row of the file. `loaded`: by the importer's own loader, which alone knows what it made of it. */
  rows: RehearsedRow[];
  /** The records that were created or updated, as they are then. */
  records: Record<string, unknown>[];
  /** Asks the database as the commit has left it. */
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
}

export interface RehearsedRow {
  row: number;
  action: "created" | "updated" | "unchanged" | "skipped" | "invalid" | "failed" | "loaded";
  recordId: string | null;
  issues: StoredIssue[];
}

export interface RecordChanges {
  /** Updating rows by the field that they write, the most frequent first. */
  fields: { field: string; rows: number }[];
  /** The first records, by their first row, as they are and as they would be; of several rows that change one, all together. */
  samples: { row: number; recordId: string; changes: FieldChange[] }[];
}

/** How far the chunks are. */
export interface ChunkProgress {
  chunks: number;
  done: number;
  rowsDone: number;
  rowsTotal: number;
}

/** What came of asking for a chunk. */
export type ChunkOutcome =
  | { kind: "committed"; chunk: number }
  /** Every chunk is done. */
  | { kind: "finished" }
  /** What is left is in other workers' hands. */
  | { kind: "waiting" }
  /** More rows fail than halving should isolate. */
  | { kind: "too_many_failures"; chunk: number; reason: Telling }
  /** Not a row goes in, for what is wrong with the table. */
  | { kind: "table_refuses"; reason: Telling }
  /** A chunk killed its worker five times. */
  | { kind: "poisoned"; fromRow: number; toRow: number }
  /** The stage is gone: parse again. */
  | { kind: "stage_lost"; lost: LostStage };

export interface DryRunOptions {
  onEvent: EventListener;
  /** Also which fields of records that are there would be changed, with a few of the records. */
  changes?: boolean;
  /** Have the rows really loaded, and look at what that made. */
  onRehearsed?: (rehearsal: Rehearsal) => Promise<void>;
  signal?: AbortSignal;
}

export interface CommitOptions {
  onEvent: EventListener;
  signal?: AbortSignal;
}

export interface Commits {
  /**
   * Exactly what a commit would do, by the same SQL; one at a time for each import. Its stage may turn out to be lost.
   *
   * @throws SluiceError `conflict` when the import is no longer ready.
   */
  dryRun(job: ImportJob, importer: Importer, columns: readonly StageColumn[], options: DryRunOptions): Promise<DryRun>;
  /**
   * A duplicate beside what it repeats, as the last dry run has found them. Its stage may turn out to be lost.
   *
   * @throws SluiceError `not_found` where that knows the row as no duplicate.
   */
  sideBySide(
    job: ImportJob,
    importer: Importer,
    columns: readonly StageColumn[],
    query: SideBySideQuery,
  ): Promise<SideBySide>;
  /** Steps in among those that write to the target: from here on, others look again for what this import writes. */
  enter(job: ImportJob, signal?: AbortSignal): Promise<ImportJob>;
  /** Matches the rows with the target as it is now, and plans the chunks; does nothing where that is done. */
  match(
    job: ImportJob,
    importer: Importer,
    columns: readonly StageColumn[],
    options: CommitOptions,
  ): Promise<ImportJob>;
  /** Commits one chunk, if there is one that nobody else has. */
  commitChunk(
    job: ImportJob,
    importer: Importer,
    columns: readonly StageColumn[],
    options: CommitOptions,
  ): Promise<ChunkOutcome>;
  progress(id: number): Promise<ChunkProgress>;
  /**
   * Moves the job to completed if every chunk is done; false when it is not, or another worker did. Its stored file is to
   * be kept for `keepFileMs`.
   */
  complete(job: ImportJob, importer: Importer, keepFileMs: number): Promise<boolean>;
}
