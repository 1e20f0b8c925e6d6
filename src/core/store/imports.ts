/** Import jobs: made, found, counted, and moved from status to status by compare-and-set. postgres/jobs/imports.ts is the adapter. */
import type { ContextValues } from "../context.ts";
import type { ErrorCode, Telling } from "../errors.ts";
import type { Actor } from "../events.ts";
import type { Counts, ImportJob, Mapping, Phase, Status } from "../import.ts";
import type { KeptOptions } from "../import-options.ts";
import type { IssueCount } from "../issue.ts";
import type { Notified } from "../mail.ts";
import type { Dialect } from "../row.ts";
import type { ClaimedKey } from "./idempotency.ts";
import type { MadeOfFile } from "./sources.ts";
import type { LostStage } from "./stage-column.ts";

export interface NewImport extends KeptOptions {
  importer: string;
  fileName: string;
  fileHash: string;
  fileSizeBytes: number;
  storagePath: string;
  dialect: Dialect;
  mapping: Mapping;
  /** `schema.table` */
  target: string;
  createdBy: string | null;
  /** Only to be counted, never committed. */
  dryRun: boolean;
  /** Refuse when the same file has a job already. */
  once: boolean;
  /** Refuses another import of a person who has this many that are neither running nor finished. Default: any number. */
  unfinishedLimit?: number;
  /** Of the file's columns: files with the same can share a mapping. */
  fingerprint?: string;
  /** The import whose corrected rejects this one contains. */
  parentId?: number;
  /** Its owner as they are called now. */
  createdByName?: string;
  /** Who hears of it by mail. Default: nobody but whoever has an account and made it. */
  notify?: Notified;
  /** The upload that its file is: no other import can have it, and it goes with this one. */
  uploadId?: string;
  /** Who uploaded the file, as in `Upload.userId`. Default: `createdBy`. */
  uploadedBy?: string;
  /** The request's key: a repetition of the request finds this import. */
  claim?: ClaimedKey;
  /** The file of a source that it is made of: once for each version. */
  madeOf?: MadeOfFile;
}

/** What is known of the error that failed an import, besides its message. */
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
  /** Who asked for it, for the timeline. */
  actor?: Actor;
  /** Goes into the timeline with it. Never a cell's value. */
  eventData?: Record<string, unknown>;
  /** Refuse if this many imports of its owner already wait for a worker. */
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
  /** Records that a replace or a mirror may remove. */
  confirmRemovals?: number;
  /** Deaths counted at the parse's checkpoint. */
  parseAttempts?: number;
  /** Columns set to the present moment. */
  now?: ("parse_started_at" | "parsed_at" | "commit_started_at" | "completed_at")[];
}

/** What makes two files the same: their bytes, and where they go for whom. Of one file, other sheets are other imports. */
export interface SameFileQuery {
  importer: string;
  fileHash: string;
  context: ContextValues;
  createdBy: string | null;
}

/** What the file as a whole shows to be otherwise than its first rows suggested. */
export interface Contradicted {
  dialect?: Dialect;
  mapping?: Mapping;
}

export interface Imports {
  /**
   * Makes a job, takes its upload, and notes it with the request's key: all or nothing, and known even where the database's answer
   * to the commit is lost, as long as it can be asked again within seconds.
   *
   * @throws SluiceError `conflict` when the file or the upload has a job already, or the request was taken over.
   */
  create(fresh: NewImport): Promise<ImportJob>;
  /** @throws SluiceError `not_found` */
  get(id: number): Promise<ImportJob>;
  /** The newest first. */
  list(limit: number): Promise<ImportJob[]>;
  /** Those of the same context, the newest first. */
  ofSameFile(file: SameFileQuery): Promise<ImportJob[]>;
  /** How its rows ended so far. */
  counts(id: number): Promise<Counts>;
  issueCounts(id: number): Promise<IssueCount[]>;

  /** @throws SluiceError `conflict` when it may not become that from where it is. */
  move(id: number, to: Status, changes?: JobChanges): Promise<ImportJob>;
  change(id: number, changes: JobChanges): Promise<void>;
  /** parsing → ready, and on to the commit at once where that is what the job wants. @throws SluiceError `conflict` when the job has another stage now. */
  finishParse(job: Pick<ImportJob, "id" | "stageGeneration">): Promise<ImportJob>;
  /**
   * Begins the first parse again, with the dialect and the mapping that the file as a whole shows; what was staged and counted goes. False: the
   * rows have been edited or committed since, and stay as they are.
   *
   * @throws SluiceError `conflict` when the job has another stage now.
   */
  readAgain(job: Pick<ImportJob, "id" | "stageGeneration">, changes: Contradicted): Promise<boolean>;
  /** Takes the job back to the parse, with a new and empty stage; nothing happens when the lost stage is not its present one. */
  restage(id: number, lost: LostStage): Promise<void>;
  /**
   * ready, paused or failed → pending: what was staged, counted and edited goes, and with it the stage. Returns the job as it
   * was before.
   *
   * @throws SluiceError `conflict` when a worker has it, or it has committed something.
   */
  reopen(id: number, actor: Actor): Promise<ImportJob>;
  delete(id: number): Promise<void>;
  /**
   * Deletes a job with everything that is kept of it in Sluice's tables, its stage included, if its status allows it.
   *
   * @throws SluiceError `conflict` when it does not.
   */
  remove(id: number, from: readonly Status[]): Promise<ImportJob>;
}
