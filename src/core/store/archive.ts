/**
 * What can be looked up of imports, page by page: themselves, their rows, their events, and the records they made.
 * postgres/archive*.ts are the adapter.
 */
import type { ContextValues } from "../context.ts";
import type { ImportEvent, Progress } from "../events.ts";
import type { Language } from "../fields/language.ts";
import type { ImportJob, Status } from "../import.ts";
import { type Importer, targetFields } from "../importer.ts";
import type { IssueCode, StoredIssue } from "../issue.ts";
import { mainRecord, type RecordPlan } from "../records.ts";
import type { StageColumn } from "./stage-column.ts";

export interface ArchivedImport extends ImportJob {
  /** The import whose corrected rejects this one contains. */
  parentId: number | null;
  /** Who uploaded it: their name now, or as it was then. */
  createdByName: string | null;
  undoStartedAt: Date | null;
  undoneAt: Date | null;
  fingerprint: string | null;
  updatedAt: Date;
  /** Of the current or the last step. */
  progress: Progress | null;
  /** Whether its file is still kept, to be downloaded or imported again. */
  hasFile: boolean;
  /** Whether a chunk of it is done. */
  hasCommitted: boolean;
  /** It came from a table of before Sluice: it can be looked at and deleted, and nothing else. */
  isEarlier: boolean;
}

/** By what a list of imports is sorted: `status` in the order of an import's life, texts whatever their case. */
export const importSorts = ["createdAt", "fileName", "status", "totalRows", "importer"] as const;
export type ImportSort = (typeof importSorts)[number];

/** Where a page ends: what its last import is sorted by, and its id. */
export interface ImportKey {
  value: string | number;
  id: number;
}

export interface ImportPage {
  sort: ImportSort;
  order: "asc" | "desc";
  /** Of the last one seen. */
  after?: ImportKey;
  limit: number;
}

/** An import in a list, with what it is sorted by. */
export interface ListedImport extends ArchivedImport {
  sortValue: string | number;
}

/** The imports that somebody may see: those of some importers in some contexts. */
export interface ImportBounds {
  within: { importer: string; context: ContextValues }[];
  /** Also those without a context of importers that are not among these; null: none of them. */
  others: string[] | null;
}

/** Whose an import is, and of which context. */
export type Belonging = Pick<ImportJob, "id" | "importer" | "context" | "createdBy">;

export interface ImportFilter {
  /** Absent or null: whatever their context. */
  bounds?: ImportBounds | null;
  statuses?: readonly Status[];
  importer?: string;
  /** Id of a user. */
  createdBy?: string;
  /** Part of the file's name, case ignored. */
  text?: string;
  /** Made then or later. */
  from?: Date;
  /** Made before. */
  to?: Date;
  parentId?: number;
}

/** `valid`: staged, without errors so far. Only known while the import is ready. */
export const rowStatuses = ["valid", "invalid", "failed", "skipped", "updated"] as const;
export type RowStatus = (typeof rowStatuses)[number];

export interface ArchivedRow {
  /** Its number in the file. */
  row: number;
  status: RowStatus;
  issues: StoredIssue[];
  /** As in the file; kept for invalid rows. */
  cells: string[] | null;
  /** By field; of valid rows. */
  values: Record<string, string | null> | null;
  recordId: string | null;
}

/** A kind of issue, in one field where that is said; or any issue of a field. */
export interface WantedIssue {
  issue?: IssueCode;
  field?: string;
}

export interface RowFilter extends WantedIssue {
  statuses?: readonly RowStatus[];
  /** Rows with any of them. */
  issues?: readonly WantedIssue[];
  /** A part of any cell or value, in any case. */
  search?: string;
  /** In each of these columns one of the values. */
  where?: readonly ColumnValues[];
}

/** A column of the rows: in the stage its typed values, of rejected rows its cells. */
export interface RowColumn {
  /** As the cells of a row are called. */
  name: string;
  /** The stage's column, called as its field. */
  staged: string;
  /** Postgres type of the stage's column. */
  type: string;
  /** The place of its cell; null: the importer's own code makes the value. */
  place: number | null;
}

/** Characters by which values are told apart: of a longer one the beginning counts. */
export const comparedChars = 200;

/** Values of a column, as they begin; a blank is one too. */
export interface ColumnValues {
  column: RowColumn;
  values: readonly string[];
}

/** What rows are sorted by: blanks are last in both orders, and before them what its column could not read. Rows that are equal stay in the file's order. */
export interface RowSort {
  column: RowColumn;
  order: "asc" | "desc";
  /** By whose alphabet texts are sorted. */
  language: Language;
  /** What values are called; of a choice. */
  labels?: Readonly<Record<string, string>>;
  /** Cells of rejected rows as the column's type has them, `isTyped`: the file itself typed them; null: they cannot be read. Absent: texts are sorted as they stand. */
  read?(cell: string, isTyped: boolean): string | null;
}

/** The rows of a filter, in an order; absent: that of the file. */
export interface RowList {
  filter: RowFilter;
  sort?: RowSort | undefined;
}

export interface Page {
  /** The last key of the page before. */
  after?: number;
  limit: number;
}

/** A page of a list: where its items are large it has fewer than its `limit`. */
export interface Listed<T> {
  items: T[];
  /** Whether there may be more after them. */
  more: boolean;
}

/** What an import did with a record that it wrote. */
export const recordOutcomes = ["created", "updated"] as const;
export type RecordOutcome = (typeof recordOutcomes)[number];

/** The record of that name, where it is not the main one of an importer; undefined: the main one, or the only one. */
export function shownRecord(importer: Importer, name: string | undefined): RecordPlan | undefined {
  const { records } = importer;
  const record =
    name === undefined ? (mainRecord(importer) ?? records?.at(-1)) : records?.find((each) => each.name === name);
  return record?.isMain === true ? undefined : record;
}

/** A record that an import has written, as it is now. */
export interface ImportedRecord {
  id: string;
  outcome: RecordOutcome;
  /** In the order of `recordColumns`. */
  values: (string | null)[];
  /** Its values are not this reader's to see. */
  isHidden: boolean;
}

/**
 * The place of a record among those of its import: of a created one its chunk and its place in it, of an updated one its row, or, where
 * it is not the main one of several, its chunk and its place in that.
 */
export interface RecordKey {
  outcome: RecordOutcome;
  chunk: number;
  place: number;
}

export interface RecordQuery {
  /** Which of several records of a row; default: the main one. */
  record?: RecordPlan | undefined;
  /** Default: both, the created ones first. */
  outcome?: RecordOutcome;
  /** A part of any value, in any case. */
  search?: string;
  /** Of the last one seen. */
  after?: RecordKey;
  limit: number;
  /** Default: of all. */
  revealed?: Revealed;
}

/** Of which existing records values are shown. */
export type Revealed = { kind: "all" } | { kind: "none" } | { kind: "own"; ownerId: string };

export interface RecordPage {
  records: ImportedRecord[];
  /** How many of this page's records are gone from the table. */
  gone: number;
  /** `after` of the next page. A page with few or no records has one too, where many are gone or do not fit the search. */
  next: RecordKey | null;
}

/** A page of a list by its place in it. */
export interface PlacedRows extends Listed<ArchivedRow> {
  /** How many rows the list has; null: they are being counted. */
  total: number | null;
  /** How many are found so far. */
  found: number;
  /** Row numbers that were looked through so far. */
  through: number;
  /** Rows of the page are missing that may be there: ask again. */
  isPending: boolean;
}

/** Different values of a column with their rows, of the row numbers up to `through`. */
export interface RowValues {
  items: { value: string; rows: number }[];
  /** Null: the rows are through. */
  through: number | null;
  /** There are more different values than are told. */
  isCut: boolean;
}

export interface Archive {
  /** @throws SluiceError `not_found` */
  get(id: number): Promise<ArchivedImport>;
  /** By its second id, a uuid; null: there is none. */
  idOf(uuid: string): Promise<number | null>;
  /** Those that are equal in what they are sorted by follow their ids. */
  list(filter: ImportFilter, page: ImportPage): Promise<Listed<ListedImport>>;
  /** How many there are, on all pages. */
  count(filter: ImportFilter): Promise<number>;
  /** Those of some imports that are gone. */
  missing(ids: readonly number[]): Promise<number[]>;
  /** The imports of corrected rejects of this one, whoever made them. */
  children(id: number): Promise<number[]>;
  /** Whose some imports are, and of which context; those that are gone are left out. */
  belonging(ids: readonly number[]): Promise<Belonging[]>;
  /** The different contexts of an importer's imports; `createdBy`: of one person's. */
  contextsOf(importer: string, createdBy?: string): Promise<ContextValues[]>;
  /** By row number. `columns`: of the stage. */
  rows(job: ImportJob, columns: readonly StageColumn[], filter: RowFilter, page: Page): Promise<Listed<ArchivedRow>>;
  /**
   * The rows of a list after the first `offset` ones; wherever that is, it costs about the same. `isPatient`: the answer waits until the
   * list is counted and in order, else for less than a second.
   */
  rowsAt(
    job: ImportJob,
    columns: readonly StageColumn[],
    list: RowList,
    page: { offset: number; limit: number; isPatient: boolean },
  ): Promise<PlacedRows>;
  /** The different values of a column among the rows of a filter after a row number, for less than a second; `search`: those that hold it. */
  rowValues(
    job: ImportJob,
    columns: readonly StageColumn[],
    filter: RowFilter,
    asked: { column: RowColumn; search?: string | undefined; after: number },
  ): Promise<RowValues>;
  /** Events of all imports of a filter after an id; some of the last seconds come again. */
  events(filter: Pick<ImportFilter, "createdBy" | "bounds">, afterId: number, limit: number): Promise<ImportEvent[]>;
  /** The id of the newest event of all. */
  newestEventId(): Promise<number>;
  /**
   * The records that an import made or updated, as they are now, in pieces of some hundred: id and fields as text, in the
   * order of `recordColumns`.
   */
  records(
    job: ImportJob,
    importer: Importer,
    options?: Pick<RecordQuery, "record" | "revealed">,
  ): AsyncGenerator<(string | null)[][]>;
  /** Those of the records whose values are shown. */
  revealedOf(job: ImportJob, importer: Importer, ids: readonly string[], revealed: Revealed): Promise<Set<string>>;
  /** One page of them. */
  recordPage(job: ImportJob, importer: Importer, query: RecordQuery): Promise<RecordPage>;
}

/**
 * The names of a record's values as `records` gives them: fields, or, of one that is not the main one of several, columns. What has an id
 * begins with it.
 */
export function recordColumns(importer: Importer, record?: RecordPlan): string[] {
  if (record !== undefined) {
    const columns = record.columns.map(({ column }) => column);
    const ids = record.id === null ? [] : [record.id];
    return [...new Set([...ids, ...columns, ...(record.versions === null ? [] : Object.values(record.versions))])];
  }
  const names = targetFields(importer).map(([name]) => name);
  return [importer.target.id, ...names.filter((name) => name !== importer.target.id)];
}
