/** What the engine asks of the outbox: who is registered, what is due, and what became of it. */
import type { Alerts } from "../alert.ts";
import type { BoundRecordSink } from "../bound-sink.ts";
import type { Sink, SinkMessage } from "../sink.ts";
import type { RebuildState, RecordOutbox } from "./record-outbox.ts";

/** A message in the hands of a worker. */
export interface ClaimedMessage extends SinkMessage {
  id: number;
}

/** How deliveries that fail are repeated. */
export interface RetryRule {
  /** Attempts after which a message is kept as dead. */
  attempts: number;
  firstSeconds: number;
}

/** How a sink fares. */
export interface SinkStanding {
  name: string;
  topics: string[];
  /** Whose records it is told of; null: of all imports. */
  importer: string | null;
  /** `retrying`: the last try failed, and another comes by itself; `stopped`: none comes before a person asks for it. */
  state: "working" | "retrying" | "stopped";
  /** Messages that are not delivered. */
  waiting: number;
  /** Messages that were given up, of an importer's sink records that it refused; kept until they are put in again, or expire. */
  dead: number;
  /** Of the message that waits longest; 0 when none does. */
  oldestSeconds: number;
  /** Why the last delivery failed that is not made up for. */
  error: string | null;
  /** The index that is being made. */
  rebuild: Pick<RebuildState, "phase" | "loaded" | "total" | "startedAt"> | null;
}

/** A sink that has something to deliver. */
export interface DueSink {
  sink: string;
  inSeconds: number;
}

export interface Outbox {
  /** What went wrong for those who run the server, told to the sinks that want `operator.alert`. */
  readonly alerts: Alerts;
  /** Of the sinks of importers. */
  readonly records: RecordOutbox;
  /** From now on messages of these topics are written for them, by every process. */
  register(sinks: readonly (Sink | BoundRecordSink)[]): Promise<void>;
  /** Those that have a message to deliver, and in how many seconds: 0 for now. What a worker has in hand does not count. */
  due(names: readonly string[]): Promise<DueSink[]>;
  /**
   * Takes the messages that are due into this worker's hands, for a minute at most: of each import from the oldest one on that is
   * not delivered. One whose delivery failed comes in smaller and smaller batches, at last alone. `most`: of a first delivery.
   */
  claim(name: string, most: number): Promise<ClaimedMessage[]>;
  delivered(messages: readonly ClaimedMessage[]): Promise<void>;
  /** Returns how many of them were given up. */
  failed(messages: readonly ClaimedMessage[], reason: string, rule: RetryRule): Promise<number>;
  standing(): Promise<SinkStanding[]>;
  /** Puts in again what was given up. Returns how many messages that is. */
  redrive(): Promise<number>;
}
