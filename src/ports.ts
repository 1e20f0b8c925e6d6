/**
 * What the core asks of the world: where files rest, how a format is read, how events are told, what wakes a worker.
 * The database's side stands in store.ts.
 */
import type { Batch, Dialect, Encoding, FileFinding } from "./row.ts";

/** A stored file, read at any place. */
export interface Source {
  readonly name: string;
  readonly sizeBytes: number;
  /** Fills `into` from `offset` on; returns the bytes read, 0 at the end. */
  read(into: Uint8Array, offset: number): Promise<number>;
  /** Of a file that is unpacked while it is read: the bytes of the stored file read so far. `sizeBytes` is then Infinity. */
  packedBytesRead?(): number;
  close(): Promise<void>;
}

/** What a person says about a file's dialect instead of leaving it to detection. */
export interface DialectHints {
  encoding?: Encoding;
  delimiter?: string;
  /** Number of the header's row from 1; 0: there is none. */
  headerRow?: number;
  /** Name of the workbook's sheet, or its place from 1. */
  sheet?: string;
}

/** One way a file can be written. */
export interface Format {
  detect(source: Source, hints: DialectHints, signal?: AbortSignal): Promise<Dialect>;
  /** The rows from the file's first (the header is one of them) or from `from` on, in bounded batches. */
  read(source: Source, dialect: Dialect, options: ReadOptions): AsyncGenerator<Batch>;
}
export interface ReadOptions {
  from?: { offset: number; row: number };
  /** Told what is noticed about the file on the way, and at which row: hidden rows, merged cells. */
  onFinding?: (finding: FileFinding, row: number) => void;
  signal?: AbortSignal;
}

/** Where uploads and reports rest. */
export interface Files {
  /**
   * Takes a file in: hashes it while it is copied. `storagePath` is what `open` takes.
   * @throws SluiceError `invalid` for a directory, an unreadable or an empty file.
   */
  keep(from: string | AsyncIterable<Uint8Array>, options: { name: string; signal?: AbortSignal }): Promise<KeptFile>;
  open(storagePath: string): Promise<Source>;
  remove(storagePath: string): Promise<void>;
  /** The kept files that were written at least `ageMs` ago. */
  listOlderThan(ageMs: number): Promise<string[]>;
  /** Opens a report for writing; `path` is where a person finds it. */
  createReport(name: string): Promise<Report>;
}
/** A report being written; it stands under its path once it is closed. */
export interface Report {
  readonly path: string;
  write(text: string): Promise<void>;
  close(): Promise<void>;
  /** Instead of `close`, when it cannot be finished. */
  discard(): Promise<void>;
}
export interface KeptFile {
  storagePath: string;
  /** SHA-256 of the bytes, in hex. */
  hash: string;
  sizeBytes: number;
}

/** Something that happened, told to whoever listens: logs, progress, tests. Never carries a cell's value. */
export type EngineEvent =
  | { name: "import.created"; jobId: number }
  | { name: "parse.started"; jobId: number; row: number }
  | { name: "parse.batch_copied"; jobId: number; row: number }
  | { name: "parse.rejects_written"; jobId: number; row: number }
  | { name: "parse.checkpoint_moved"; jobId: number; row: number }
  | {
      name: "parse.batch_committed";
      jobId: number;
      row: number;
      processedRows: number;
      invalidRows: number;
      /** Bytes of the stored file that are read so far. */
      readBytes: number;
    }
  | { name: "parse.finished"; jobId: number; totalRows: number }
  | { name: "stage.lost"; jobId: number }
  | { name: "stage.indexed"; jobId: number }
  | { name: "match.started"; jobId: number }
  | { name: "match.duplicates_found"; jobId: number }
  | { name: "match.finished"; jobId: number }
  | { name: "commit.started"; jobId: number; chunks: number }
  | { name: "chunk.attempted"; jobId: number; chunk: number }
  | { name: "chunk.claimed"; jobId: number; chunk: number }
  | { name: "chunk.loaded"; jobId: number; chunk: number }
  | { name: "chunk.halved"; jobId: number; chunk: number; fromRow: number; toRow: number }
  | { name: "chunk.recorded"; jobId: number; chunk: number }
  | { name: "chunk.committed"; jobId: number; chunk: number; rows: number; rowsDone: number; rowsTotal: number }
  | { name: "commit.finished"; jobId: number }
  | { name: "report.written"; jobId: number; path: string | null }
  | { name: "import.completed"; jobId: number }
  | { name: "import.paused"; jobId: number; reason: string }
  | { name: "import.failed"; jobId: number; reason: string }
  | { name: "worker.waiting"; jobId: number; reason: string }
  | { name: "worker.terminated_stalled"; jobId: number; backendPid: number }
  | { name: "database.retrying"; jobId: number; reason: string };

export type EventListener = (event: EngineEvent) => void;

/** What wakes a worker. Safety rests in Postgres: a doubled, late or reordered delivery has no effect. */
export interface Queue {
  enqueue(jobId: number): Promise<void>;
  /** Delivers job ids to `handler` until `signal` aborts; the handler answers whether the job wants another slice. */
  work(handler: (jobId: number) => Promise<"again" | "done">, signal: AbortSignal): Promise<void>;
}
