/** The imports as `sluice jobs` sees them: those of a database, or those of a running server. */
import type { ImportJob, Phase, Status } from "../core/import.ts";
import type { NextStep } from "../core/next-step.ts";
import type { ReportedRow } from "../core/store/outcomes.ts";
import type { EditCounts, RowsOf } from "../core/store/review.ts";
import type { CommonFlags } from "../server/config-file.ts";
import type { NamedRecord, Summary } from "./summary.ts";
import type { UndoOutcome } from "./undo.ts";

export interface JobsFlags extends CommonFlags {
  /** A server to ask instead of the database. */
  server?: string;
  token?: string;
}

/** An action on an import as a whole. */
export type JobAction = "pause" | "resume" | "reject" | "retry" | "cancel";

/** An edit of rows as a whole. */
export type RowsEdit = "leave_out" | "put_back";

/** An import as a line of the list. As JSON it has everything that its database or server returns. */
export interface ListedJob extends Pick<ImportJob, "id" | "importer" | "fileName" | "totalRows" | "importedRows"> {
  status: Status;
  createdAt: Date | string;
}

export interface ShownJob {
  summary: Summary;
  job: ListedJob & { phase: Phase; errorMessage: string | null };
  /** Null where none was begun. */
  undo: UndoOutcome | null;
  /** A field in the reader's language. */
  label(field: string): string;
  /** What a row makes, where it makes several records. */
  records: readonly NamedRecord[];
  /** What can be done about why it stopped. */
  step: NextStep | undefined;
  /** How one goes on that has stopped, as a line; empty where there is nothing. */
  next: string;
}

/** `warning`: rows that went in, of which something is to be said. */
export type ReportOutcome = ReportedRow["outcome"] | "warning";

export interface JobsBackend {
  /** Of what it says to a person. */
  language: string;
  /** The newest first, at most `limit`. */
  list(limit: number): Promise<ListedJob[]>;
  /** @throws SluiceError `not_found` */
  show(id: number): Promise<ShownJob>;
  /** Rows and why, as pieces of a CSV file. */
  report(id: number, outcomes: readonly ReportOutcome[]): AsyncIterable<string>;
  /** The whole file as the review has corrected it. @throws SluiceError `not_found` when it is no longer kept. */
  corrected(id: number, format: "csv" | "xlsx"): AsyncIterable<Uint8Array>;
  /** The import as it is then. @throws SluiceError `conflict` when its status does not allow it. */
  act(id: number, action: JobAction): Promise<ListedJob>;
  /** Leaves rows out of one that is ready, or puts them back in. */
  editRows(id: number, kind: RowsEdit, rows: RowsOf): Promise<EditCounts>;
  /** Said to a person after `act`; null: nothing. */
  afterwards(job: Pick<ListedJob, "id" | "importer">, action: JobAction): string | null;
  close(): Promise<void>;
}
