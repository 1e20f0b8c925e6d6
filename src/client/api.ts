/** What the API takes and tells, as it stands in its OpenAPI document. Moments are ISO 8601 in UTC. */
import type { RowStatus } from "../archive.ts";
import type { Progress } from "../events.ts";
import type {
  Assignment,
  Counts,
  DuplicateOptions,
  MappingDoubt,
  MappingReason,
  Phase,
  Repair,
  Status,
  Transform,
} from "../import.ts";
import type { IssueCode, Severity } from "../issue.ts";
import type { UploadStatus } from "../uploads.ts";

export type { RowStatus } from "../archive.ts";
export type { Progress } from "../events.ts";
export type { Assignment, Counts, DuplicateOptions, Phase, Status, Transform } from "../import.ts";
export type { IssueCode } from "../issue.ts";

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
  role: "admin" | "user";
}

export interface ImporterSummary {
  name: string;
  match: { keys: string[]; onDuplicate: DuplicateOptions["strategy"] };
  /** Values that an import must be given beside the file. */
  context: { name: string; type: "text" | "uuid" | "bigint" | "integer" }[];
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

export type ImportAction = "start" | "dry-run" | "commit" | "pause" | "resume" | "retry" | "cancel" | "undo" | "delete";

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
    format: "csv" | "xlsx" | "ods" | "xls" | "json" | "jsonl";
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
  errorMessage: string | null;
  createdBy: string | null;
  language: string;
  dryRun: boolean;
  autoCommit: boolean;
  /** The import whose corrected rejects this one brings. */
  parentId: number | null;
  failures: number;
  retryAt: string | null;
  createdAt: string;
  parseStartedAt: string | null;
  parsedAt: string | null;
  commitStartedAt: string | null;
  completedAt: string | null;
  updatedAt: string;
}

/** What is not left to detection. */
export interface DialectHints {
  encoding?: string;
  delimiter?: string;
  headerRow?: number;
  sheet?: string;
}
export interface ImportOptions {
  dialect: DialectHints;
  duplicates: DuplicateOptions;
  /** Owners by id, e-mail or name. */
  assignment: Assignment;
  context: Record<string, string>;
  language: string;
  /** Go on to the commit without a review. */
  autoCommit: boolean;
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
  columns: GivenColumn[];
  duplicates: DuplicateOptions;
  assignment: Assignment;
  createdAt: string;
  updatedAt: string;
}

export interface NewImport {
  uploadId: string;
  /** Needed unless `parentId` says it. */
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
}

export interface Preview {
  columns: { column: string; kind: string; filled: number; distinct: number; examples: string[] }[];
  rows: { row: number; cells: string[]; intact: boolean }[];
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
}
export interface Row {
  row: number;
  status: RowStatus;
  issues: Issue[];
  cells: string[] | null;
  values: Record<string, string | null> | null;
  recordId: string | null;
}
/** `valid` and `invalid` count all rows of the import, whatever is asked for. */
export interface RowPage extends Page<Row> {
  valid: number;
  invalid: number;
}
/** `column`: its header, or its place from 0. */
export type CellEdit = { field: string; value: string } | { column: string | number; value: string };
export interface RowFilter extends PageQuery {
  /** A part of any cell, in any case. */
  search?: string;
  status?: RowStatus | readonly RowStatus[];
  issue?: IssueCode;
  field?: string;
  lang?: ApiLanguage;
}

/** A cell's text that keeps rows of a field out. */
export interface BadValue {
  value: string;
  rows: number;
}
export interface BadValueQuery extends PageQuery {
  field: string;
  issue?: IssueCode;
}
/** Rows that an edit changed, and what became of them. */
export interface EditCounts {
  changed: number;
  nowValid: number;
  nowInvalid: number;
  stillInvalid: number;
}
export interface Edit extends EditCounts {
  id: number;
  kind: "cell" | "replace" | "find" | "revalidate";
  status: "under_way" | "done" | "undoing" | "undone";
  at: string;
  actor: string | null;
  row: number | null;
  field: string | null;
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
}

export type KeptReason = "edited_since" | "edited_in_part" | "referred_to" | "gone_already" | "refused";
export interface UndoPreview {
  toDelete: number;
  toRestore: number;
  kept: { edited: number; editedInPart: number; referred: number; gone: number };
  laterImports: { jobId: number; records: number }[];
  references: { table: string; columns: string[]; records: number; indexed: boolean }[];
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
export interface KeptRecord {
  id: number;
  recordId: string;
  reason: KeptReason;
  columns: string[] | null;
  byJob: number | null;
  byTable: string | null;
  message: string | null;
}

/** One line of an import's timeline: `import.<status>` when its status changed. Never carries a cell's value. */
export interface ImportEvent {
  id: number;
  jobId: number;
  name: string;
  at: string;
  actor: string | null;
  data: Record<string, unknown>;
}

/** Something is new about an import. */
export type Change =
  | { type: "event"; jobId: number; event: ImportEvent }
  | { type: "progress"; jobId: number; progress: Progress }
  /** The import and its timeline are gone; the last of its changes. */
  | { type: "deleted"; jobId: number };
