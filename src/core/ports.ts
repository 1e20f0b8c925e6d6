/**
 * What the core asks of the world: where files are stored, how a format is read, where events go.
 * What wakes a worker is in queue.ts, the database's side in store/.
 */
import type { ErrorCode } from "./errors.ts";
import type { Batch, DetectionHints, Dialect, EntryLook, FileFinding, SheetLook } from "./row.ts";

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

/** One way a file can be written. */
export interface Format {
  detect(source: Source, hints: DetectionHints, signal?: AbortSignal): Promise<Dialect>;
  /** The rows from the file's first (the header is one of them) or from `from` on, in bounded batches. */
  read(source: Source, dialect: Dialect, options: ReadOptions): AsyncGenerator<Batch>;
  /** The sheets of a workbook, which may be the `entry` of a zip archive, with their first rows; absent, or none, for what has no sheets. */
  sheets?(source: Source, signal?: AbortSignal, entry?: string): Promise<SheetLook[]>;
  /** The files of a zip archive, the likeliest first; absent, or none, for what is no archive of several files. */
  entries?(source: Source, signal?: AbortSignal): Promise<EntryLook[]>;
}
export interface ReadOptions {
  from?: { offset: number; row: number };
  /** Told what is noticed about the file on the way, and at which row: hidden rows, merged cells. `offset`: of a row that is left out. */
  onFinding?: (finding: FileFinding, row: number, offset?: number) => void;
  /** Leaves out no row that comes between those of the table: a header that is repeated, a page's title. */
  everyRow?: boolean;
  signal?: AbortSignal;
}

/** Whose a data folder's files are, where several databases may share it. */
export interface FilesOwner {
  /** The folder below `files/` and `reports/` that is this database's alone: 12 hexadecimal digits. */
  namespace: string;
  /** Whether files outside such a folder, from before there were any, are its own if its imports name them. */
  adoptsUnnamed: boolean;
}

/** Where uploads and reports are stored. */
export interface Files {
  /**
   * Takes a file in: hashes it while it is copied. `storagePath` is what `open` takes.
   * @throws SluiceError `invalid` for a directory, an unreadable or an empty file.
   */
  keep(from: string | AsyncIterable<Uint8Array>, options: { name: string; signal?: AbortSignal }): Promise<KeptFile>;
  /**
   * The same bytes under a path of their own, which goes when it is removed alone: without copying them, where the place can.
   *
   * @throws SluiceError `not_found` when the file is gone.
   */
  keepAgain(storagePath: string): Promise<string>;
  open(storagePath: string): Promise<Source>;
  /** A file that is another database's stays where it is. */
  remove(storagePath: string): Promise<void>;
  /**
   * Takes away what is stored of this database and was written at least `olderThanMs` ago, but for the paths that are needed: kept
   * files, reports, and uploads of which a process that died has left something.
   */
  removeUnneeded(options: { olderThanMs: number; needed: ReadonlySet<string> }): Promise<void>;
  /** Opens a report for writing; `path` is where a person finds it. */
  createReport(name: string): Promise<Report>;

  /** Starts a file of at most so many bytes that arrives in pieces, perhaps over days; returns the path to continue it by. */
  startUpload(id: string, options: { atMostBytes: number }): Promise<string>;
  /**
   * Where an unfinished upload can be continued, when `notedBytes` were noted of it: before that if they are not there, and behind it
   * where more is safely there. Never behind its last byte. `afresh`: others may have written it.
   *
   * @throws SluiceError `not_found` when the place no longer knows the upload.
   */
  uploadedBytes(
    uploadPath: string,
    options: { notedBytes: number; sizeBytes: number | null; afresh: boolean },
  ): Promise<number>;
  /**
   * Continues an upload at `offset`; anything after it is truncated. `afresh`: others may have written what is there, so
   * that what is known of its hash does not count.
   *
   * @throws SluiceError `conflict` when fewer bytes are there, `not_found` when the file is another database's.
   */
  continueUpload(uploadPath: string, offset: number, options: { afresh: boolean }): Promise<UploadWriter>;
  abortUpload(uploadPath: string): Promise<void>;
  /** An address at which anyone may get the file for a while; null where the place of the files has none. */
  link(
    storagePath: string,
    options: { expiresInSeconds: number; fileName: string; contentType: string },
  ): Promise<string | null>;
  /** How browsers send large uploads straight to the place of the files; null: everything comes through the server. */
  readonly direct: DirectUploads | null;
}
/**
 * Uploads whose parts whoever has their addresses may send to the place of the files. What has come so, and what came through the
 * server, is the same upload: either way can go on with it.
 */
export interface DirectUploads {
  /** An address as those of uploads are, without what signs it; null: none can be signed now. */
  address(): Promise<string | null>;
  /** What browsers send there, which its CORS must let them. */
  readonly sends: { method: "PUT" | "PATCH"; headers: readonly string[] };
  /** Whether an upload is large enough to come in parts. */
  takes(uploadPath: string): boolean;
  /**
   * What is stored of an upload, and where the rest goes: to addresses of the first `most` parts that are missing, each of which takes
   * exactly the part's bytes for a while, or to one address in order.
   *
   * @throws SluiceError `not_found` when the place no longer knows the upload, it is another database's, or the place refuses to take it
   * so; `conflict` when more was sent than the file has.
   */
  missing(
    uploadPath: string,
    options: { sizeBytes: number; most: number; expiresInSeconds: number },
  ): Promise<DirectMissing>;
  /**
   * Makes one file of the parts; nobody can send any more of it. `continueUpload` behind its last byte finishes it. False: parts are
   * missing, or have another size.
   *
   * @throws SluiceError `conflict` when it has another size as a whole: nothing is kept of it.
   */
  join(uploadPath: string, options: { sizeBytes: number }): Promise<boolean>;
}
export interface DirectMissing {
  storedBytes: number;
  /** Empty where `resumable` is given, and when all of it is stored. */
  parts: DirectPart[];
  resumable: DirectResumable | null;
  /** How long the addresses hold. */
  expiresInSeconds: number;
  /** The path to go on with the upload by from now on. */
  uploadPath: string;
}
/** Where the rest of a file goes by tus (https://tus.io/protocols/resumable-upload), from `storedBytes` on. */
export interface DirectResumable {
  url: string;
  /** With each request, beside those of tus. Whoever has them may send this upload and nothing else. */
  headers: Readonly<Record<string, string>>;
  /** Of each request but the last, exactly. */
  pieceBytes: number;
}
/** A range of a file, and where to PUT it. */
export interface DirectPart {
  fromBytes: number;
  sizeBytes: number;
  url: string;
}
/** An unfinished upload being written, by one writer at a time. */
export interface UploadWriter {
  /** Takes a piece in; its bytes must stay as they are. Resolves when there is room for the next one. */
  write(piece: Uint8Array): Promise<void>;
  /** Until all that was taken in is written. */
  flush(): Promise<void>;
  /** Makes sure that what is written so far outlives a crash, while more comes in; returns the bytes of the file that do. */
  sync(): Promise<number>;
  /** Fills `into` with bytes of the file's first 64 KiB from `offset` on, as far as they were taken in; returns how many. */
  read(into: Uint8Array, offset: number): Promise<number>;
  /**
   * Every byte is there: the SHA-256 of the whole file in hex, and the path that `open` takes from now on. Another writer may safely do
   * it again.
   */
  finish(): Promise<{ hash: string; storagePath: string }>;
  /** What was taken in since the last `flush` may be lost. */
  close(): Promise<void>;
}
/** A report being written; it appears at its path once it is closed. */
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

/** Something that happened, for those who listen: logs, progress, tests. Never carries a cell's value. */
export type EngineEvent =
  | { name: "import.created"; jobId: number }
  | { name: "parse.started"; jobId: number; row: number; fileSizeBytes: number }
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
  /** The file as a whole is written otherwise than its first rows suggested: it is read from its beginning. */
  | { name: "parse.begun_again"; jobId: number }
  | { name: "parse.finished"; jobId: number; totalRows: number }
  | { name: "stage.lost"; jobId: number }
  | { name: "stage.indexed"; jobId: number }
  | { name: "review.rows_edited"; jobId: number; edit: number; rows: number }
  | { name: "match.started"; jobId: number }
  | { name: "match.duplicates_found"; jobId: number }
  | { name: "match.finished"; jobId: number }
  | { name: "commit.started"; jobId: number; chunks: number }
  | { name: "chunk.attempted"; jobId: number; chunk: number }
  | { name: "chunk.claimed"; jobId: number; chunk: number }
  /** Of rows that make several records: which one is being written. `of`: how many of them the rows have; null while nobody knows. */
  | { name: "chunk.record"; jobId: number; chunk: number; record: string; done: number; of: number | null }
  | { name: "chunk.loaded"; jobId: number; chunk: number }
  | { name: "chunk.halved"; jobId: number; chunk: number; fromRow: number; toRow: number }
  | { name: "chunk.recorded"; jobId: number; chunk: number }
  | { name: "chunk.committed"; jobId: number; chunk: number; rows: number; rowsDone: number; rowsTotal: number }
  | { name: "commit.finished"; jobId: number }
  | { name: "report.written"; jobId: number; path: string | null }
  | { name: "undo.started"; jobId: number; chunks: number }
  | { name: "undo.chunk_attempted"; jobId: number; chunk: number }
  | { name: "undo.chunk_claimed"; jobId: number; chunk: number }
  | { name: "undo.chunk_deleted"; jobId: number; chunk: number }
  | { name: "undo.chunk_restored"; jobId: number; chunk: number }
  | { name: "undo.chunk_halved"; jobId: number; chunk: number; records: number }
  | { name: "undo.chunk_recorded"; jobId: number; chunk: number }
  | { name: "undo.chunk_undone"; jobId: number; chunk: number; recordsDone: number; recordsTotal: number }
  | { name: "undo.finished"; jobId: number }
  | { name: "import.undone"; jobId: number }
  | { name: "import.completed"; jobId: number }
  | { name: "import.paused"; jobId: number; reason: string }
  | { name: "import.failed"; jobId: number; reason: string; code: ErrorCode }
  | { name: "import.retrying"; jobId: number; reason: string; failures: number; afterSeconds: number }
  | { name: "import.cancelled"; jobId: number }
  | { name: "import.reopened"; jobId: number }
  | { name: "import.deleted"; jobId: number; actor: string | null }
  | { name: "import.handed_on"; jobId: number; reason: "slice_over" | "stopping" }
  | { name: "worker.waiting"; jobId: number; reason: string }
  | { name: "worker.failed"; jobId: number; reason: string }
  | { name: "import.left"; jobId: number; reason: string }
  | { name: "worker.restarted"; reason: string; afterMs: number }
  | { name: "chore.failed"; chore: string; reason: string }
  | { name: "queue.reminded"; jobs: number }
  | { name: "sink.delivered"; sink: string; messages: number }
  /** `dead`: of the messages, those that are given up. */
  | { name: "sink.failed"; sink: string; messages: number; dead: number; reason: string }
  /** Records that an importer's sink has taken in; and one that it will not have. */
  | { name: "sink.applied"; sink: string; records: number }
  | { name: "sink.refused"; sink: string; record: string }
  /** It is asked again by itself; and: not before a person has seen to it. */
  | { name: "sink.waits"; sink: string; reason: string; afterSeconds: number }
  | { name: "sink.stopped"; sink: string; reason: string }
  | { name: "sink.rebuilt"; sink: string; records: number }
  | { name: "sink.rebuild_cancelled"; sink: string }
  | { name: "webhook.delivered"; webhook: number; delivery: string; event: string }
  /** `status` null: there was no answer. `isDead`: given up; `isDisabled`: its address is gone, and nothing more is sent to it. */
  | {
      name: "webhook.failed";
      webhook: number;
      delivery: string;
      status: number | null;
      isDead: boolean;
      isDisabled: boolean;
    }
  /** A source's place was listed: files that fit its patterns, and names that no file can have. */
  | { name: "source.looked"; source: string; files: number; ignored: number }
  | { name: "source.file_taken"; source: string; jobId: number }
  | { name: "source.file_put_away"; source: string }
  /** A file waits for a person: with its import, or without one. */
  | { name: "source.waits"; source: string; jobId: number; reason: string }
  | { name: "source.file_failed"; source: string; reason: string }
  /** `stops`: not before a person has seen to it; else it tries again by itself. */
  | { name: "source.failed"; source: string; reason: string; stops: boolean }
  | { name: "queue.failed"; reason: string }
  /** A wake-up that its provider has given up, such as `import 42`. */
  | { name: "queue.dead"; task: string; reason: string }
  | { name: "server.listening"; url: string }
  | { name: "worker.terminated_stalled"; jobId: number; backendPid: number }
  | { name: "database.retrying"; jobId: number; reason: string };

export type EventListener = (event: EngineEvent) => void;

/** Told around each stretch of work on an import's cells that nothing interrupts. */
export interface Attention {
  begin(jobId: number): void;
  end(): void;
  /** Runs code of the importer's own. False: it took longer than this many milliseconds, and was interrupted. */
  endsWithin(ms: number, work: () => void): boolean;
}
