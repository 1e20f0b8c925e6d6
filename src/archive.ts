/**
 * What can be looked up of imports, page by page: themselves, their rows, their events, and the records they made.
 * postgres/archive*.ts are the adapter.
 */
import type { ImportEvent, Progress } from "./events.ts";
import type { ImportJob, Status } from "./import.ts";
import type { Importer } from "./importer.ts";
import type { IssueCode, StoredIssue } from "./issue.ts";
import type { StageColumn } from "./store.ts";

export interface ArchivedImport extends ImportJob {
  /** The import whose corrected rejects this one brings. */
  parentId: number | null;
  fingerprint: string | null;
  updatedAt: Date;
  /** Of the step that is under way, or was the last. */
  progress: Progress | null;
}

export interface ImportFilter {
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

/** `valid`: staged, and nothing stands against it so far. Only known while the import is ready. */
export const rowStatuses = ["valid", "invalid", "failed", "skipped", "updated"] as const;
export type RowStatus = (typeof rowStatuses)[number];

export interface ArchivedRow {
  /** Its number in the file. */
  row: number;
  status: RowStatus;
  issues: StoredIssue[];
  /** As they stood in the file; kept of invalid rows. */
  cells: string[] | null;
  /** By field; of valid rows. */
  values: Record<string, string | null> | null;
  recordId: string | null;
}

export interface RowFilter {
  statuses?: readonly RowStatus[];
  issue?: IssueCode;
  field?: string;
  /** A part of any cell or value, in any case. */
  search?: string;
}

export interface Page {
  /** The last key of the page before. */
  after?: number;
  limit: number;
}

export interface Archive {
  /** @throws SluiceError `not_found` */
  get(id: number): Promise<ArchivedImport>;
  /** The newest first; `after` is the id of the last one seen. */
  list(filter: ImportFilter, page: Page): Promise<ArchivedImport[]>;
  /** Those of some imports that are gone. */
  missing(ids: readonly number[]): Promise<number[]>;
  /** Ids of the imports that brought corrected rejects of this one. */
  children(id: number): Promise<number[]>;
  /** By row number. `columns`: of the stage. */
  rows(job: ImportJob, columns: readonly StageColumn[], filter: RowFilter, page: Page): Promise<ArchivedRow[]>;
  /** Events of all imports of a user (null: of everybody) after an id; some of the last seconds come again. */
  events(createdBy: string | null, afterId: number, limit: number): Promise<ImportEvent[]>;
  /** The id of the newest event of all. */
  newestEventId(): Promise<number>;
  /**
   * The records that an import made or updated, as they are now, in pieces of some hundred: id and fields as text, in the
   * order of `recordColumns`.
   */
  records(job: ImportJob, importer: Importer): AsyncGenerator<(string | null)[][]>;
}

/** The names of a record's values as `records` gives them. */
export function recordColumns(importer: Importer): string[] {
  return [importer.target.id, ...Object.keys(importer.fields).filter((name) => name !== importer.target.id)];
}
