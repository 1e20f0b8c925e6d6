/**
 * What the engine asks of the database, as a port: jobs, the stage, match and commit. postgres/store.ts is the adapter.
 */
import type { Assignment, Checkpoint, Counts, DuplicateOptions, ImportJob, Mapping, Phase, Status } from "./import.ts";
import type { Importer } from "./importer.ts";
import type { IssueCount, StoredIssue } from "./issue.ts";
import type { EventListener } from "./ports.ts";
import type { Dialect } from "./row.ts";

export interface NewImport {
  importer: string;
  fileName: string;
  fileHash: string;
  fileSizeBytes: number;
  storagePath: string;
  dialect: Dialect;
  mapping: Mapping;
  assignment: Assignment;
  duplicates: DuplicateOptions;
  context: Record<string, string>;
  language: string;
  /** `schema.table` */
  target: string;
  createdBy: string | null;
  /** Only to be counted, never committed. */
  dryRun: boolean;
  /** Refuse when the same file has a job already. */
  once: boolean;
}

/** Columns of a job that a move changes along with the status. */
export interface JobChanges {
  /** Only from these statuses; default: all that may become the new one. */
  from?: readonly Status[];
  phase?: Phase;
  errorMessage?: string | null;
  rejectedRowsPath?: string | null;
  workerId?: string | null;
  storagePath?: string;
  importedRows?: number;
  totalRows?: number;
  /** Deaths counted at the parse's checkpoint. */
  parseAttempts?: number;
  /** Columns set to the present moment. */
  now?: ("parse_started_at" | "parsed_at" | "commit_started_at" | "completed_at")[];
}

/** One column of the stage: a mapped field, or the cell that names the owner. */
export interface StageColumn {
  name: string;
  /** Postgres type. */
  type: string;
  /** Index of the file's column. */
  column: number;
}

/** Rows on their way into the stage. */
export interface StageBatch {
  /** COPY text of the valid rows. */
  rows: Uint8Array;
  /** COPY text for `import_rows`. */
  rejects: Uint8Array;
  issueCounts: readonly IssueCount[];
  from: Checkpoint | null;
  to: Checkpoint;
  valid: number;
  invalid: number;
}

/** A row that did not simply become a record, as the report needs it. */
export interface ReportedRow {
  row: number;
  outcome: "invalid" | "skipped" | "updated" | "failed";
  issues: StoredIssue[];
  /** Null where the row must be read again from the file. */
  cells: string[] | null;
  /** Byte offset in the stored file, where `cells` is null. */
  offset: number | null;
  recordId: string | null;
}

/** How a worker fares that asks for a job. */
export type Claim =
  | { kind: "mine"; job: ImportJob }
  /** Another worker is at it, and lives. */
  | { kind: "taken"; job: ImportJob; byWorker: string };

/** A job's stage that Postgres emptied, or that another worker has dropped. */
export interface LostStage {
  generation: number;
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
  | { kind: "too_many_failures"; chunk: number; message: string }
  /** A chunk killed its worker five times. */
  | { kind: "poisoned"; fromRow: number; toRow: number }
  /** The stage is gone: parse again. */
  | { kind: "stage_lost"; lost: LostStage };

export interface Store {
  createImport(fresh: NewImport): Promise<ImportJob>;
  getImport(id: number): Promise<ImportJob>;
  listImports(limit: number): Promise<ImportJob[]>;
  findSameFile(file: { importer: string; fileHash: string; createdBy: string | null }): Promise<ImportJob[]>;
  moveImport(id: number, to: Status, changes?: JobChanges): Promise<ImportJob>;
  changeImport(id: number, changes: JobChanges): Promise<void>;
  deleteImport(id: number): Promise<void>;
  importCounts(id: number): Promise<Counts>;
  issueCounts(id: number): Promise<IssueCount[]>;
  /** The rows of some outcomes in their order. */
  reportedRows(id: number, outcomes: readonly ReportedRow["outcome"][]): AsyncGenerator<ReportedRow>;

  /** The ids of people named by id, e-mail or name, in their order; null where nobody is called so. */
  findOwners(importer: Importer, names: readonly string[]): Promise<(string | null)[]>;
  /** Drops stages of jobs that are finished, and dry runs whose worker is gone. Returns the storage paths they leave behind. */
  sweep(): Promise<string[]>;
  /** The stored files that unfinished jobs need. */
  storagePaths(): Promise<Set<string>>;
  /** Makes sure the importer's tables are there, and that the target has what the importer fills. Returns its full name. */
  prepareTarget(importer: Importer): Promise<string>;

  /** Takes a queued, parsing or committing job for this worker. Any number may share a commit, one parses. */
  claimImport(id: number): Promise<Claim>;
  /** How often a worker died at the parse's present checkpoint, this attempt included. */
  countParseAttempt(id: number): Promise<number>;

  createStage(job: ImportJob, columns: readonly StageColumn[]): Promise<void>;
  stageIsIntact(job: ImportJob): Promise<boolean>;
  /** Takes the job back to the parse, with a new and empty stage; nothing happens when the lost stage is not its present one. */
  restartStage(id: number, lost: LostStage): Promise<void>;
  writeBatch(
    job: ImportJob,
    columns: readonly StageColumn[],
    batch: StageBatch,
    onStep: (step: "copied" | "rejects" | "checkpoint") => void,
    signal?: AbortSignal,
  ): Promise<void>;
  indexStage(job: ImportJob, options: { onEvent: EventListener; signal?: AbortSignal }): Promise<void>;
  dropStage(job: ImportJob): Promise<void>;

  /** Decides for every staged row what becomes of it. */
  match(
    job: ImportJob,
    importer: Importer,
    columns: readonly StageColumn[],
    options: { onEvent: EventListener; signal?: AbortSignal },
  ): Promise<void>;
  /** Exactly what a commit would do, by the same SQL. */
  dryRun(
    job: ImportJob,
    importer: Importer,
    columns: readonly StageColumn[],
    signal?: AbortSignal,
  ): Promise<{ counts: Counts; issues: IssueCount[] }>;
  /** Steps in among those that write to the target, matches against it as it is now, and plans the chunks. */
  enterCommit(
    job: ImportJob,
    importer: Importer,
    columns: readonly StageColumn[],
    options: { onEvent: EventListener; signal?: AbortSignal },
  ): Promise<ImportJob>;
  /** Commits one chunk, if there is one that nobody else has. */
  commitChunk(
    job: ImportJob,
    importer: Importer,
    columns: readonly StageColumn[],
    options: { onEvent: EventListener; signal?: AbortSignal },
  ): Promise<ChunkOutcome>;
  chunkProgress(id: number): Promise<ChunkProgress>;
  /** Moves the job to completed if every chunk is done; false when it is not, or another worker did. */
  completeCommit(job: ImportJob): Promise<boolean>;

  /** True after a loss of the connection, which waiting may heal. */
  isConnectionLoss(error: unknown): boolean;
  /** The stage that is gone, when that is what the error says. */
  lostStage(error: unknown): LostStage | null;
  close(): Promise<void>;
}
