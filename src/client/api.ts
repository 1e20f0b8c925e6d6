/** What the API takes and tells, as it stands in its OpenAPI document. Moments are ISO 8601 in UTC. */

import type { Assignment } from "../core/assignment.ts";
import type { ContextType } from "../core/context.ts";
import type { DuplicateOptions, MergeRules } from "../core/duplicates.ts";
import type { EventView, Progress } from "../core/events.ts";
import type { FormatName } from "../core/file-formats.ts";
import type {
  Counts,
  FieldChange,
  MappingDoubt,
  MappingReason,
  Phase,
  Repair,
  Status,
  Transform,
} from "../core/import.ts";
import type { ImportOptions } from "../core/import-options.ts";
import type { IssueCode, Severity } from "../core/issue.ts";
import type { NextStep } from "../core/next-step.ts";
import type { ImportSort, RowStatus } from "../core/store/archive.ts";
import type { EditCounts, EditKind } from "../core/store/review.ts";
import type { KeptReason } from "../core/store/undo.ts";
import type { UploadStatus } from "../core/store/uploads.ts";

export type { Assignment } from "../core/assignment.ts";
export type { DuplicateOptions, MergeRules } from "../core/duplicates.ts";
export type { EventView as ImportEvent, Progress } from "../core/events.ts";
export type { Counts, FieldChange, Phase, Status, Transform } from "../core/import.ts";
export type { ImportOptions } from "../core/import-options.ts";
export type { IssueCode } from "../core/issue.ts";
export type { NextCode, NextStep } from "../core/next-step.ts";
export type { Owner, UnknownOwner, UnknownOwners } from "../core/owners.ts";
export type { DialectHints, SheetLook as Sheet } from "../core/row.ts";
export type { ImportSort, RowStatus } from "../core/store/archive.ts";
export type { BadValue, EditCounts } from "../core/store/review.ts";
export type { KeptReason, KeptRow as KeptRecord, UndoPreview } from "../core/store/undo.ts";
export type { ContextType };

/** A page of a list; `next` goes into `after` of the next call, null: this is the last. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
}
export interface PageQuery {
  after?: string;
  limit?: number;
}
export type ApiLanguage = "en" | "fr" | "sv";

/** Who asks. */
export interface Me {
  id: string;
  name: string;
  role: "operator" | "admin" | "user";
}

export interface ContextChoice {
  name: string;
  type: ContextType;
  /** The server sets it: say nothing. */
  pinned: boolean;
  /** What may be chosen, where the server knows that beforehand. */
  choices?: string[];
}

export interface ImporterSummary {
  name: string;
  /** What people call what it brings in, in the language that was asked for. */
  label: string;
  match: { keys: string[]; onDuplicate: DuplicateOptions["strategy"] };
  /** Values that every row gets beside those of the file. */
  context: ContextChoice[];
  assignsOwners: boolean;
}
export interface ImporterField {
  name: string;
  label: string;
  kind: string;
  required: boolean;
  /** Headers that mean this field, in any language. */
  aliases: string[];
  merge: "overwrite" | "fill" | "never" | "clear";
  choices?: { value: string; words: string[] }[];
  limits?: Record<string, number | string>;
}
export interface ImporterWithFields extends ImporterSummary {
  fields: ImporterField[];
  /** Groups of fields of which each row needs one. */
  atLeastOne: string[][];
}

export interface Upload {
  id: string;
  fileName: string;
  status: UploadStatus;
  /** Null: not known before the last byte. */
  sizeBytes: number | null;
  receivedBytes: number;
  /** SHA-256 in hex, once it is complete. */
  hash: string | null;
  importId: number | null;
  createdAt: string;
  expiresAt: string;
  /** The import of yours that began with the same bytes. */
  sameAs: { importId: number; importer: string; status: Status; createdAt: string; completedAt: string | null } | null;
}

export type ImportAction =
  | "start"
  | "dry-run"
  | "commit"
  | "pause"
  | "resume"
  | "reject"
  | "retry"
  | "reopen"
  | "cancel"
  | "undo"
  | "delete";

export interface Import {
  id: number;
  importer: string;
  fileName: string;
  fileHash: string;
  fileSizeBytes: number;
  status: Status;
  /** Which work is queued, running, paused or failed. */
  phase: Phase;
  /** What can be done with it now. */
  actions: ImportAction[];
  dialect: {
    format: FormatName;
    packing: "none" | "gzip" | "zip";
    encoding?: string;
    delimiter?: string;
    headerRow: number;
    sheet?: string;
    columns: string[];
  };
  totalRows: number;
  processedRows: number;
  validRows: number;
  invalidRows: number;
  importedRows: number;
  /** Left out in lists. */
  counts?: Counts;
  progress: Progress | null;
  /** Why it is paused, failed or tried again, in the client's language. */
  errorMessage: string | null;
  /** What can be done about that; null where there is nothing that depends on who does it. */
  next: NextStep | null;
  /** What is worth knowing where nothing is wrong, in the client's language: the file has a header and no rows. */
  notice: string | null;
  /** What they are called who hold it, where it is paused. */
  pausedBy: string | null;
  createdBy: string | null;
  /** As they are called now, or were called then. */
  createdByName: string | null;
  language: string;
  dryRun: boolean;
  autoCommit: boolean;
  /** Whether its file is still kept: it can be downloaded, and imported anew by `fileOf`. */
  hasFile: boolean;
  /** The import whose corrected rejects this one brings. */
  parentId: number | null;
  /** Imports that brought corrected rejects of this one. Left out in lists. */
  children?: number[];
  failures: number;
  retryAt: string | null;
  createdAt: string;
  parseStartedAt: string | null;
  parsedAt: string | null;
  commitStartedAt: string | null;
  /** When it was completed or cancelled. */
  completedAt: string | null;
  undoStartedAt: string | null;
  undoneAt: string | null;
  updatedAt: string;
}

/** What is left out is the default. */
export type ImportOptionsInput = Partial<Omit<ImportOptions, "language">> & { language?: ApiLanguage };

/** What is said of one column, by its header. `field: null` leaves it out. */
export interface GivenColumn {
  column: string;
  field: string | null;
  transform?: Transform;
}
export interface MappedColumn extends GivenColumn {
  index: number;
  /** 0 to 1: how sure the suggestion is. */
  score: number;
  reason: MappingReason;
  /** What must be decided, or accepted, before the start. */
  doubt?: MappingDoubt;
  repair?: Repair;
}
export interface Mapping {
  columns: MappedColumn[];
  /** Fields that need a column before the start. */
  missing: string[];
}
export interface Template {
  id: number;
  importer: string;
  createdBy: string;
  fingerprint: string;
  /** Null: remembered without being asked. */
  name: string | null;
  columns: GivenColumn[];
  duplicates: DuplicateOptions;
  merge: MergeRules;
  assignment: Assignment;
  createdAt: string;
  updatedAt: string;
}

export interface NewImport {
  /** Needed unless `fileOf` says the file. */
  uploadId?: string;
  /** Instead of `uploadId`, an import whose file is still kept: a copy of it is read and matched like that one. */
  fileOf?: number;
  /** Needed unless `parentId` or `fileOf` says it. */
  importer?: string;
  options?: ImportOptionsInput;
  /** What is known of columns; a field for the others is suggested. */
  columns?: GivenColumn[];
  templateId?: number;
  /** The import whose corrected rejects this file brings. */
  parentId?: number;
  /** Only to be counted, never committed. */
  dryRun?: boolean;
  /** Import the file although it was imported before. */
  again?: boolean;
  /** Start at once. Default: what `options.autoCommit` is. */
  start?: boolean;
  /** With `start`: take doubtful columns as suggested. */
  acceptDoubts?: boolean;
}
export interface CreatedImport extends Import {
  mapping: Mapping;
  template: Template | null;
  suggestedTemplates: Template[];
}

export interface ImportFilter extends PageQuery {
  status?: Status | readonly Status[];
  importer?: string;
  /** Whose; for admins. `me`: your own. */
  user?: string;
  /** Part of the file's name. */
  text?: string;
  /** Made then or later. */
  from?: string | Date;
  /** Made before. */
  to?: string | Date;
  parentId?: number;
  /** Default: `createdAt`. */
  sort?: ImportSort;
  /** Default: `desc`. */
  order?: "asc" | "desc";
}
/** `count`: how many there are on all pages. */
export interface ImportPage extends Page<Import> {
  count: number;
}

export interface PreviewColumn {
  column: string;
  /** What the cells look like: `email`, `date`, `choice`, … */
  kind: string;
  /** Share of the sample, 0 to 1. */
  filled: number;
  distinct: number;
  examples: string[];
  /** The most frequent cells; of a file of few columns, up to 200. */
  /** `choice`: of a column that feeds a choice, which one the cell means; null: none. */
  top: { value: string; count: number; choice?: string | null }[];
}
export interface PreviewRow {
  row: number;
  cells: string[];
  /** False: it has too few cells, too many, or an open quote. */
  intact: boolean;
  /** Field → its value as the database will get it. Null: the row would be rejected. */
  values: Record<string, string | null> | null;
  issues: Issue[];
}
export interface Preview {
  /** How many rows the columns were judged by. */
  sampledRows: number;
  columns: PreviewColumn[];
  rows: PreviewRow[];
  more: boolean;
  findings: { code: string; count: number; params: Record<string, string | number> }[];
}

export interface Issue {
  code: IssueCode;
  field: string | null;
  severity: Severity;
  message: string;
  params: Record<string, string | number>;
}
export interface IssueCount {
  field: string | null;
  label: string | null;
  code: IssueCode;
  severity: Severity;
  title: string;
  count: number;
  /** What can be done about it. */
  next: NextStep | null;
}
export interface Row {
  row: number;
  status: RowStatus;
  issues: Issue[];
  cells: string[] | null;
  values: Record<string, string | null> | null;
  recordId: string | null;
}
/**
 * `valid` and `invalid` count all rows of the import, whatever is asked for; `total`, with an `offset`, those that are. Where rows are
 * large it has fewer of them than were asked for, and a `next` all the same.
 */
export interface RowPage extends Page<Row> {
  valid: number;
  invalid: number;
  total?: number;
}
/** `column`: its header, or its place from 0. */
export type CellEdit = { field: string; value: string } | { column: string | number; value: string };
export interface RowFilter extends PageQuery {
  /** A part of any cell, in any case. */
  search?: string;
  status?: RowStatus | readonly RowStatus[];
  issue?: IssueCode;
  field?: string;
  /** Instead of `after`: how many rows of the list come before the page. */
  offset?: number;
  /** `field`: the cells of invalid rows stand in `values`, by the fields that they feed. Default: `column`. */
  by?: "column" | "field";
  lang?: ApiLanguage;
}

export interface BadValueQuery extends PageQuery {
  field: string;
  issue?: IssueCode;
}
export interface Edit extends EditCounts {
  id: number;
  kind: EditKind;
  status: "under_way" | "done" | "undoing" | "undone";
  at: string;
  actor: string | null;
  row: number | null;
  field: string | null;
  /** What was looked for, and what was put in its place; long texts with their beginning alone. */
  from: string | null;
  to: string | null;
}
/**
 * `replace`: one value of a field, in every invalid row whose cell is exactly that. `find`: a text within cells, of valid rows
 * too. `revalidate`: every invalid row anew.
 */
export type NewEdit =
  | { kind: "replace"; field: string; from: string; to: string }
  | { kind: "find"; field?: string; find: string; replace: string; wholeCell?: boolean; caseSensitive?: boolean }
  | { kind: "revalidate" };

export interface DryRun {
  counts: Counts;
  issues: IssueCount[];
  /** With `changes`: updating rows by the field that they write; left out where the importer's own loader decides it. */
  changedFields?: { field: string; rows: number }[];
  /** With `changes`: the first records, as they are and as they would be. */
  samples?: RecordSample[];
}
export interface RecordSample {
  row: number;
  recordId: string;
  changes: FieldChange[];
}

export interface Report {
  id: number;
  status: Status;
  rows: number;
  counts: Counts;
  issues: IssueCount[];
  findings: IssueCount[];
  /** Imports that brought corrected rejects of this one. */
  children: number[];
  errorMessage: string | null;
  next: NextStep | null;
  /** What is worth knowing where nothing is wrong, in the client's language: the file has a header and no rows. */
  notice: string | null;
}

/** A record that an import has written, as it is now; values by the names of the page's columns. */
export interface ImportedRecord {
  id: string;
  outcome: "created" | "updated";
  /** The importer does not show you its values. */
  hidden: boolean;
  values: Record<string, string | null>;
}
export interface RecordFilter extends PageQuery {
  outcome?: "created" | "updated";
  /** A part of any value, in any case. */
  search?: string;
  lang?: ApiLanguage;
}
/** `gone`: how many of those that would have stood here are not in the table any more. */
export interface RecordPage extends Page<ImportedRecord> {
  columns: { name: string; label: string }[];
  gone: number;
}

export interface UndoReport {
  deleted: number;
  restored: number;
  kept: Partial<Record<KeptReason, number>>;
  startedAt: string | null;
  undoneAt: string | null;
  chunks: number;
  chunksDone: number;
}

/** What waits for a worker, what is under way, and who is at work. For admins. */
export interface QueueState {
  imports: { waiting: number; running: number; paused: number; failed: number };
  /** Of the import that waits longest; 0 when none does. */
  oldestWaitingSeconds: number;
  rowsPerSecond: number;
  /** Wake-ups in the queue; null where it does not tell. */
  deliveries: { waiting: number; active: number; dead: number } | null;
  /** What is told of imports; null for an admin of one tenant. */
  sinks:
    | { name: string; topics: string[]; waiting: number; dead: number; oldestSeconds: number; error: string | null }[]
    | null;
  workers: {
    id: string;
    host: string;
    processId: number;
    startedAt: string;
    heartbeatAt: string;
    isAlive: boolean;
    imports: { id: number; fileName: string; status: Status; progress: Progress | null }[];
  }[];
}

/** Something is new about an import. */
export type Change =
  | { type: "event"; jobId: number; event: EventView }
  | { type: "progress"; jobId: number; progress: Progress }
  /** The import and its timeline are gone; the last of its changes. */
  | { type: "deleted"; jobId: number };
