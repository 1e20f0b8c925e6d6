/**
 * The undo of an import: its records deleted, those it updated as they were before, and what it must leave alone, counted
 * before and listed after. postgres/undo/undo.ts is the adapter.
 */
import { type Telling, textOf, told } from "../errors.ts";
import type { ImportJob } from "../import.ts";
import type { Importer } from "../importer.ts";
import type { EventListener } from "../ports.ts";
import type { StageColumn } from "./stage-column.ts";

/**
 * Why a record is left as it is: changed since the import wrote it; changed in some columns, which keep their later values
 * while the others are restored; another table has rows that refer to it; somebody else has deleted it; the database
 * refused (a constraint, a trigger).
 */
export const keptReasons = ["edited_since", "edited_in_part", "referred_to", "gone_already", "refused"] as const;
export type KeptReason = (typeof keptReasons)[number];

/** What an undo itself says beside the reason of a record that it kept; other messages are the database's. */
const keptTellings = [
  told`Several records have this id.`,
  told`Another record has its id by now.`,
  told`A newer version of it stays.`,
];

/** The message of a kept record, as it can be told in other languages; null: it is the database's. */
export function keptTelling(message: string): Telling | null {
  return keptTellings.find((telling) => textOf(telling) === message) ?? null;
}

/** A record that an undo left as it is, wholly or in part. */
export interface KeptRow {
  /** Goes up in the order in which they were kept; the key of the pages. */
  id: number;
  /** Which of the importer's records it is, where a row makes several. */
  record: string | null;
  /** Its id; of one that has none the values of its key, as an array of JSON. */
  recordId: string;
  reason: KeptReason;
  /** Columns that keep a later value; null where the record is kept as a whole. */
  columns: string[] | null;
  /** The later import that wrote the record last: undo that one first. */
  byJob: number | null;
  /** The table that refers to the record, as `schema.table`. */
  byTable: string | null;
  /** What the database said when it refused, or what there is to say beside the reason: see `keptTelling`. */
  message: string | null;
}

/** Records by what an undo does with them, or has done. */
export interface UndoCounts {
  deleted: number;
  /** Updated records that have got values back; those `edited_in_part` among them. */
  restored: number;
  kept: Record<KeptReason, number>;
}

/** What an undo would do with one of several records; `kept` as a whole. */
export interface UndoRecordPreview {
  toDelete: number;
  toRestore: number;
  kept: number;
}

/** What an undo would do. Nobody is locked out while it is counted, so it may change until the undo is done. */
export interface UndoPreview {
  toDelete: number;
  toRestore: number;
  /** `editedInPart` are among `toRestore` too. */
  kept: { edited: number; editedInPart: number; referred: number; gone: number };
  /** Later imports that wrote to these records, with how many: undo those first to keep fewer. Null: other people's, together. */
  laterImports: { jobId: number | null; records: number }[];
  /** Tables that refer to these records. An unindexed one makes the undo slow: Postgres reads it whole for each record that is deleted. */
  references: { table: string; columns: string[]; records: number; indexed: boolean }[];
  /** By name, where a row makes several; the other numbers are their sums. */
  records?: Record<string, UndoRecordPreview>;
}

/** The state of an undo, or its result. */
export interface UndoReport extends UndoCounts {
  startedAt: Date | null;
  undoneAt: Date | null;
  chunks: number;
  chunksDone: number;
  /** By name, where a row makes several; the other numbers are their sums. `kept` as a whole. */
  records?: Record<string, { deleted: number; restored: number; kept: number }>;
}

export interface UndoOptions {
  onEvent: EventListener;
  /** True when the slice has had its time; asked between chunks. */
  isOver: () => boolean;
  /** Chunks undone at the same time. Default 2. */
  lanes?: number;
  signal?: AbortSignal;
}

export interface UndoStore {
  /**
   * Whether the import can be undone at all.
   *
   * @throws SluiceError `invalid` or `forbidden` with what is missing: a unique id, rights, ids of a custom loader's records.
   */
  check(job: ImportJob, importer: Importer, columns: readonly StageColumn[]): Promise<void>;
  /** Counts what an undo would do, chunk by chunk, and writes nothing. Throws as `check` does. */
  preview(
    job: ImportJob,
    importer: Importer,
    columns: readonly StageColumn[],
    signal?: AbortSignal,
  ): Promise<UndoPreview>;
  /**
   * Works on the undo of a job that is queued for it or `undoing`, until the slice is over or nothing is left; any number of
   * workers may. The last one moves it to `undone`. `done`: nothing more to do for now (undone, paused, cancelled).
   *
   * @throws SluiceError as `check` does, and `internal` when a chunk has killed its worker five times.
   */
  step(
    job: ImportJob,
    importer: Importer,
    columns: readonly StageColumn[],
    options: UndoOptions,
  ): Promise<"again" | "done">;
  report(jobId: number): Promise<UndoReport>;
  /** The kept records after the one with id `after` (0: from the first). */
  keptRows(jobId: number, options?: { after?: number; limit?: number; reason?: KeptReason }): Promise<KeptRow[]>;
}
