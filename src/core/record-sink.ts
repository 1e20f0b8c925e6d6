/**
 * Record sinks: what an importer's `afterCommit` keeps up to date with the records that its imports write, such as a search index.
 * They are told of ids by the outbox; what they get is each record as it is when it is delivered, so that a message that comes
 * twice, or late, does no harm.
 */

/** A record as it is now, on its way to a sink. */
export interface SinkDocument {
  /** The record's id, as text. */
  id: string;
  /** What `document` made of the record, or the record itself. */
  document: Readonly<Record<string, unknown>>;
  /** The document with its `id`, on one line. */
  json: string;
}

/** Records that have changed, each once: those that are there, and the ids of those that are not any longer. */
export interface SinkBatch {
  put: readonly SinkDocument[];
  remove: readonly string[];
}

/** A document that the sink will not have, whatever is tried. It is set aside, and holds up no other. */
export interface RefusedDocument {
  id: string;
  reason: string;
}

/** What became of a batch. */
export type Applied =
  /** Every document is in, but for those that are refused. */
  | { kind: "applied"; refused: readonly RefusedDocument[] }
  /** It is taken in, and `settled(ticket)` says what becomes of it. */
  | { kind: "pending"; ticket: string }
  /** None is in, because of one that the sink doesn't name: it comes again in halves, until that one is alone. */
  | { kind: "refused"; reason: string };

export interface ApplyOptions {
  /** The index that a rebuild fills; null: the one in use. */
  index: string | null;
  /** Aborts when it has taken too long, or the worker stops. */
  signal: AbortSignal;
}

/** How an index is built anew beside the one in use. Each step may be asked for again after a crash, and then finishes what it had begun. */
export interface IndexRebuild {
  /** What the names of new indexes begin with. */
  base: string;
  /** Makes the new index where it is not there. Returns what is to be dropped after the swap; null: nothing. */
  begin(index: string, options: { signal: AbortSignal }): Promise<{ drops: string | null }>;
  /** Puts the new index in the place of the one in use, at once for those who search. */
  swap(index: string, options: { signal: AbortSignal }): Promise<void>;
  drop(index: string, options: { signal: AbortSignal }): Promise<void>;
}

/** What a record is read from, and what becomes of it on the way. */
export interface RecordSource {
  /** Which of the importer's records. Default: the main one. */
  record?: string | undefined;
  /**
   * A query of documents, one per record, for those that are joined from several tables; by its column `id` it is asked for some of
   * them. A record that it leaves out is removed from the sink. Default: the record's own row.
   *
   * @example select: "select p.id, p.name, b.name as brand from products p left join brands b on b.id = p.brand_id"
   */
  select?: string | undefined;
  /** Makes the document of a row, whose values are as JSON has them. Null: the record is removed from the sink. */
  // biome-ignore lint/suspicious/noExplicitAny: the row's columns are the database's; whoever writes the function knows them.
  document?: ((record: any) => object | null) | undefined;
}

export interface RecordSink extends RecordSource {
  /** Small letters, digits and hyphens; unique. It keeps what waits for it as long as it keeps its name. Default: the importer's name and `kind`. */
  name?: string | undefined;
  /** What it is: `typesense`. */
  kind?: string | undefined;
  /** Of one batch. Default: 1000 documents, 4 MB. */
  limits?: { documents?: number | undefined; bytes?: number | undefined } | undefined;
  /**
   * Takes a batch in. Its documents may come again: by their ids they are the same.
   *
   * @throws SinkUnavailable to be asked again in a while, as often as it takes
   * @throws SinkFull when only a person can help
   * @throws anything else: asked again with ever longer pauses and smaller batches, until one document is alone and set aside
   */
  apply(batch: SinkBatch, options: ApplyOptions): Promise<Applied>;
  /** Asks what became of a pending batch. `refused`: none of it is in. Without an answer to that ticket, the batch comes again. */
  settled?(ticket: string, options: ApplyOptions): Promise<Applied | { kind: "unknown" }>;
  /** Without it, a rebuild sends every record again. */
  rebuild?: IndexRebuild | undefined;
}

/** Records of an importer that changed, as a function in `afterCommit` gets them. */
export interface ChangedRecords<R = Record<string, unknown>> {
  importer: string;
  /** Created, or changed, or restored by an undo: as they are now. */
  changed: readonly { id: string; record: R }[];
  /** Ids of those that are gone. */
  removed: readonly string[];
}

/**
 * Called with at most 1000 records that an import has changed. It is called again with the same ones when it throws, or its process
 * dies. It may return those that it will not have: they are set aside.
 */
export type AfterCommit = (
  // biome-ignore lint/suspicious/noExplicitAny: the row's columns are the database's; whoever writes the function knows them.
  changes: ChangedRecords<any>,
  options: { signal: AbortSignal },
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one.
) => Promise<readonly RefusedDocument[] | void> | void;

/** The sink cannot be reached, or asks for a pause. Nothing is given up: it is tried again after 10 to 60 seconds. */
export class SinkUnavailable extends Error {
  override readonly name = "SinkUnavailable";
}

/** The sink takes nothing in before a person has seen to it: it is out of memory or disk. It stops, and says so. */
export class SinkFull extends Error {
  override readonly name = "SinkFull";
}
