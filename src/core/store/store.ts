/**
 * What the engine asks of the database, as a port: jobs, the stage, match and commit. postgres/store.ts is the adapter.
 */

import type { ContextValues } from "../context.ts";
import type { ErrorCode, Telling } from "../errors.ts";
import type { Actor, Events, ProgressBoard } from "../events.ts";
import type { FieldKind } from "../field.ts";
import type {
  Assignment,
  Checkpoint,
  Counts,
  DuplicateOptions,
  ImportJob,
  Mapping,
  MergeRules,
  Phase,
  Status,
} from "../import.ts";
import type { Importer } from "../importer.ts";
import type { IssueCount, StoredIssue } from "../issue.ts";
import type { Owners } from "../owners.ts";
import type { EventListener } from "../ports.ts";
import type { Dialect } from "../row.ts";
import type { Users } from "../users.ts";
import type { Archive } from "./archive.ts";
import type { Commits } from "./commits.ts";
import type { Drafts } from "./drafts.ts";
import type { ClaimedKey, IdempotencyKeys } from "./idempotency.ts";
import type { Measures } from "./measures.ts";
import type { Review } from "./review.ts";
import type { LostStage, StageColumn } from "./stage-column.ts";
import type { Templates } from "./templates.ts";
import type { UndoStore } from "./undo.ts";
import type { Uploads } from "./uploads.ts";

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
  /** Default: as the importer says. */
  merge?: MergeRules;
  context: Record<string, string>;
  language: string;
  /** `schema.table` */
  target: string;
  createdBy: string | null;
  /** Only to be counted, never committed. */
  dryRun: boolean;
  /** Refuse when the same file has a job already. */
  once: boolean;
  /** Refuses one more of a person who has so many that are neither under way nor over. Default: any number. */
  unfinishedLimit?: number;
  /** Goes on to the commit by itself when every row is staged. Default false. */
  autoCommit?: boolean;
  /** Of the file's columns: files with the same can share a mapping. */
  fingerprint?: string;
  /** The import whose corrected rejects this one brings. */
  parentId?: number;
  /** Its owner as they are called now. */
  createdByName?: string;
  /** The upload that its file is: no other import can have it, and it goes with this one. */
  uploadId?: string;
  /** Who brought that, as `Upload.userId` has it. Default: `createdBy`. */
  uploadedBy?: string;
  /** The request's key: whoever comes with it again finds this import. */
  claim?: ClaimedKey;
}

/** What is known of the error that failed an import, beside its message. */
export interface ErrorDetails {
  code: ErrorCode;
  /** Name of the error's type. */
  name: string;
  /** SQLSTATE, where it came from the database. */
  sqlState?: string;
  /** How often the work was tried. */
  attempts: number;
}

/** Columns of a job that a move changes along with the status. */
export interface JobChanges {
  /** Only from these statuses; default: all that may become the new one. */
  from?: readonly Status[];
  /** Who asked for it; stands in the timeline. */
  actor?: Actor;
  /** Goes into the timeline with it. Never a cell's value. */
  eventData?: Record<string, unknown>;
  /** Refuse when so many imports of its owner wait for a worker already. */
  waitingLimit?: number;
  phase?: Phase;
  errorMessage?: string | Telling | null;
  /** Of the error that failed it. */
  errorDetails?: ErrorDetails | null;
  failures?: number;
  /** Not to be tried again before; null: at once. */
  retryAfterSeconds?: number | null;
  rejectedRowsPath?: string | null;
  workerId?: string | null;
  storagePath?: string;
  importedRows?: number;
  totalRows?: number;
  /** Rows that the database refuses are rejected, however many they are. */
  rejectFailures?: boolean;
  /** Deaths counted at the parse's checkpoint. */
  parseAttempts?: number;
  /** Columns set to the present moment. */
  now?: ("parse_started_at" | "parsed_at" | "commit_started_at" | "completed_at")[];
}

/** Postgres types of the stage's columns. */
export const stageTypes: Readonly<Record<FieldKind, string>> = {
  text: "text",
  email: "text",
  phone: "text",
  integer: "bigint",
  decimal: "numeric",
  date: "date",
  datetime: "timestamptz",
  boolean: "boolean",
  choice: "text",
  reference: "text",
};

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
}

/** What is worth knowing about a row that goes in all the same. */
export interface RowWarning {
  row: number;
  /** Where the row stands: byte offset in the stored file, or in what is unpacked from it. */
  offset: number;
  issue: StoredIssue;
}

/** A row that did not simply become a record, as the report needs it. */
export interface ReportedRow {
  row: number;
  outcome: "invalid" | "skipped" | "updated" | "failed";
  issues: StoredIssue[];
  /** Null where the row must be read again from the file. */
  cells: string[] | null;
  /** Byte offset in the stored file. */
  offset: number | null;
  /** Cells that the review changed, by their places, of a row whose other cells only the file has. */
  edited?: Record<number, string> | null;
  recordId: string | null;
}

/** A failed attempt that is followed by another. */
export interface Retry {
  failures: number;
  afterSeconds: number;
}

/** A job that nobody is at. */
export interface UnattendedImport {
  id: number;
  /** The worker that was at it has died; else its message may be lost. */
  workerDied: boolean;
  createdBy: string | null;
  fileSizeBytes: number;
}

/** A job that workers have left to others, for want of its importer. */
export interface LeftImport extends Pick<ImportJob, "id" | "importer" | "mapping" | "duplicates" | "context"> {
  /** So long that whoever looks at it should know why. */
  isLong: boolean;
}

/** What is kept for how long, in milliseconds. */
export interface Retention {
  /** Stages of imports that wait for a person. */
  stagingMs: number;
  /** Stored files and reports. */
  filesMs: number;
  /** Finished imports; null: for good. */
  jobsMs: number | null;
}

/** How a worker fares that asks for a job. */
export type Claim =
  | { kind: "mine"; job: ImportJob }
  /** Another worker is at it, and lives. */
  | { kind: "taken"; job: ImportJob; byWorker: string };

export interface Store {
  /** The timelines: what happened to each import, as it is told to those who follow it. */
  readonly events: Events;
  readonly progress: ProgressBoard;
  /** What an import does to the records: foretold, matched, committed chunk by chunk. */
  readonly commits: Commits;
  readonly undo: UndoStore;
  /** What can be looked up of imports and their rows, page by page. */
  readonly archive: Archive;
  /** What is changed of an import's rows before its commit. */
  readonly review: Review;
  /** Imports that are still pending. */
  readonly drafts: Drafts;
  /** Who may own records. */
  readonly owners: Owners;
  /** Remembered mappings. */
  readonly templates: Templates;
  /** Requests that may come twice. */
  readonly idempotency: IdempotencyKeys;
  /** Who may come in. */
  readonly users: Users;
  readonly measures: Measures;
  /** Files on their way in. */
  readonly uploads: Uploads;

  /**
   * Makes a job, takes its upload, and notes it with the request's key: all or nothing, and known even where the database's answer
   * to the commit is lost, as long as it can be asked again within seconds.
   *
   * @throws SluiceError `conflict` when the file or the upload has a job already, or the request was taken over.
   */
  createImport(fresh: NewImport): Promise<ImportJob>;
  getImport(id: number): Promise<ImportJob>;
  listImports(limit: number): Promise<ImportJob[]>;
  /** Those of the same context, the newest first. */
  findSameFile(file: {
    importer: string;
    fileHash: string;
    context: ContextValues;
    createdBy: string | null;
  }): Promise<ImportJob[]>;
  moveImport(id: number, to: Status, changes?: JobChanges): Promise<ImportJob>;
  changeImport(id: number, changes: JobChanges): Promise<void>;
  deleteImport(id: number): Promise<void>;
  /**
   * Deletes a job with everything that is kept of it in Sluice's tables, its stage included, if its status allows it.
   *
   * @throws SluiceError `conflict` when it does not.
   */
  removeImport(id: number, from: readonly Status[]): Promise<ImportJob>;
  /**
   * ready, paused or failed → pending: what was staged, counted and edited goes, and with it the stage. Returns the job as it
   * was before.
   *
   * @throws SluiceError `conflict` when a worker is at it, or it has committed something.
   */
  reopenImport(id: number, actor: Actor): Promise<ImportJob>;
  /** parsing → ready, and on to the commit at once where that is what the job wants. @throws SluiceError `conflict` when the job has another stage now. */
  finishParse(job: Pick<ImportJob, "id" | "stageGeneration">): Promise<ImportJob>;
  /** Counts a failure and lets the job be tried again after a while; null when it failed too often, or moved on meanwhile. */
  retryLater(
    id: number,
    failure: { reason: string | Telling; maxFailures: number; firstSeconds: number },
  ): Promise<Retry | null>;
  /** The worker is no longer at the job. A job whose parse or undo it left is free at once. */
  leaveImport(id: number): Promise<void>;
  /** The jobs that want work while no worker is at them and none was told, or the one who was is gone. */
  unattended(): Promise<UnattendedImport[]>;
  /** This worker lacks what the job needs: others are to find it. */
  leaveToOthers(id: number): Promise<void>;
  leftToOthers(): Promise<LeftImport[]>;
  /** Says on a job that was left for long who it waits for. */
  tellWhoIsMissing(id: number, reason: Telling): Promise<void>;
  /** Commits under way that could do with another worker, the largest first. */
  shareable(): Promise<number[]>;
  /** How many imports stand where, for metrics. */
  statusCounts(): Promise<Partial<Record<Status, number>>>;
  importCounts(id: number): Promise<Counts>;
  issueCounts(id: number): Promise<IssueCount[]>;
  /** The warnings of the parse that are kept row by row, by row. */
  warnings(id: number): AsyncGenerator<RowWarning>;
  /** What the parse has counted of the file's columns so far; null before its first batch. */
  columnStatistics(id: number): Promise<unknown>;
  /** The rows of some outcomes in their order. */
  /** Keeps the cells of rows that came to nothing, for when the file is gone. */
  keepCells(id: number, rows: readonly { row: number; cells: readonly string[] }[]): Promise<void>;
  reportedRows(id: number, outcomes: readonly ReportedRow["outcome"][]): AsyncGenerator<ReportedRow>;

  /** Drops stages of jobs that are finished, and dry runs whose worker is gone. Returns the storage paths they leave behind. */
  sweep(): Promise<string[]>;
  /** Drops what is older than it is to be kept. Returns the files that go with it. Null: another worker is at it. */
  expire(retention: Retention): Promise<string[] | null>;
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
    onStep: (step: "copied" | "rejects" | "checkpoint", row: number) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  indexStage(job: ImportJob, options: { onEvent: EventListener; signal?: AbortSignal }): Promise<void>;
  dropStage(job: ImportJob): Promise<void>;

  /** True after a loss of the connection, which waiting may heal. */
  isConnectionLoss(error: unknown): boolean;
  /** The stage that is gone, when that is what the error says. */
  lostStage(error: unknown): LostStage | null;
  close(): Promise<void>;
}
