/** What a worker asks of the outbox for a record sink: its turn, the ids of what changed, the records, and where it has got to. */
import type { BoundRecordSink } from "../bound-sink.ts";
import type { RefusedDocument } from "../record-sink.ts";

/** Whose changes they are: records are read as that import reads them. Null: as the connection does, for a rebuild. */
export interface SinkRun {
  jobId: number;
  context: Readonly<Record<string, string>>;
  user: string | null;
}

/** A stretch of a message's records. */
export interface TakenMessage {
  id: number;
  /** Records of it that are done with; then those of `ids`. */
  place: number;
  /** How many records it is about. */
  total: number;
  run: SinkRun | null;
  ids: readonly string[];
}

/** How far the delivery is once a batch is in. */
export type Progressed =
  | { kind: "messages"; places: readonly { id: number; place: number; isDone: boolean }[] }
  /** Of the rebuild: the last record that is loaded, and how many were. */
  | { kind: "loaded"; after: string | null; count: number }
  /** Messages that the new index has as well. */
  | { kind: "replayed"; places: readonly { id: number; place: number; isDone: boolean }[] };

/** A batch that the sink has taken in without saying what becomes of it. */
export interface PendingBatch {
  ticket: string;
  index: string | null;
  /** Which documents it is about. */
  ids: readonly string[];
  /** Whose they are, where one is refused. */
  run: SinkRun | null;
  then: Progressed;
}

/** What a rebuild is at. */
export const rebuildPhases = ["making", "loading", "replaying", "swapping", "dropping", "cancelling"] as const;

/**
 * An index on its way. It is made, loaded with every record, given what was delivered meanwhile to the one in use, put in its place;
 * and what it replaced is dropped.
 */
export interface RebuildState {
  /** What is put behind the index's name for the new one. */
  suffix: string;
  phase: (typeof rebuildPhases)[number];
  /** What the swap leaves behind. */
  drops: string | null;
  /** The last record that is loaded. */
  after: string | null;
  loaded: number;
  /** Records in the table when it began, about. */
  total: number | null;
  startedAt: string;
  actor: string | null;
}

/** What is kept of a record sink, in the hands of the worker whose turn it is. */
export interface SinkTurn {
  /** Failures in a row. */
  attempts: number;
  pending: PendingBatch | null;
}

/** A record that its sink refused. */
export interface SetAside extends RefusedDocument {
  jobId: number | null;
  at: Date;
}

export interface RecordOutbox {
  /** This worker's turn, for two minutes at most; null while another has it, or the sink is not to be asked now. */
  turn(name: string): Promise<SinkTurn | null>;
  /** Prolongs it. @returns false when it is over. */
  prolong(name: string): Promise<boolean>;
  release(name: string): Promise<void>;
  /** The oldest messages with records that are not in the sink, about at most `limit` records. `replay`: those that only the new index lacks. */
  take(sink: BoundRecordSink, limit: number, replay: boolean): Promise<TakenMessage[]>;
  /** The records of these ids as the sink gets them; those that are gone are left out. */
  read(
    sink: BoundRecordSink,
    run: SinkRun | null,
    ids: readonly string[],
  ): Promise<Map<string, Record<string, unknown>>>;
  /** The ids of the next records after `after`, in their order. */
  page(sink: BoundRecordSink, after: string | null, limit: number): Promise<string[]>;
  /** About how many records there are. */
  estimate(sink: BoundRecordSink): Promise<number | null>;
  /**
   * Notes that a batch is in: where the delivery is, who was refused, who is not refused any longer; and that the sink works again.
   *
   * @returns false when the turn is over, and nothing was noted
   */
  progress(
    name: string,
    done: { ids: readonly string[]; refused: readonly RefusedDocument[]; run: SinkRun | null; then: Progressed },
  ): Promise<boolean>;
  /** Keeps, or forgets, the batch that the sink has taken in. */
  keepPending(name: string, pending: PendingBatch | null): Promise<boolean>;
  /** Another try after `seconds`. `counts`: it counts as a failure of what was tried. */
  wait(name: string, reason: string, seconds: number, counts: boolean): Promise<void>;
  /** No try before a person asks for it. */
  stop(name: string, reason: string): Promise<void>;
  rebuildOf(name: string): Promise<RebuildState | null>;
  /** @returns false when it is not in the phase `from` any longer: it was cancelled, or the turn is over. */
  keepRebuild(name: string, from: RebuildState["phase"], rebuild: RebuildState): Promise<boolean>;
  /** It is done, or given up. @returns as `keepRebuild` does */
  endRebuild(name: string, from: RebuildState["phase"]): Promise<boolean>;

  /** Asks for a rebuild. @throws SluiceError `not_found`, `conflict` while one is under way */
  askRebuild(name: string, actor: string | null): Promise<RebuildState>;
  /** Gives a rebuild up; what it had made is dropped. @throws SluiceError `not_found`, `conflict` when there is none, or it is swapped already */
  cancelRebuild(name: string): Promise<void>;
  /** Puts in again what was set aside, and starts a sink that has stopped. Returns how many records that is. @throws SluiceError `not_found` */
  retry(name: string): Promise<number>;
  /** What was set aside, the latest first. @throws SluiceError `not_found` */
  setAside(name: string, options: { limit: number; offset: number }): Promise<SetAside[]>;
}
