/**
 * The delivery of changed records to one sink, while this worker has its turn: makes a batch, sends it, waits for the answer, and notes
 * what became of it. A sink that is down is waited for; a document that it refuses is set aside.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { BoundRecordSink } from "../core/bound-sink.ts";
import { reasonToLog } from "../core/errors.ts";
import type { EventListener } from "../core/ports.ts";
import { type Applied, SinkFull, SinkUnavailable } from "../core/record-sink.ts";
import type { Progressed, RecordOutbox, SinkRun, SinkTurn } from "../core/store/record-outbox.ts";
import { within } from "../core/within.ts";
import { defaultDocuments, idsOf, makeBatch, ofOneRun, placesAfter, type RecordBatch } from "./record-batch.ts";

/** A call that takes longer has failed. Half as long as a turn lasts. */
const callMs = 60_000;
/** Between two questions what became of a batch: short at first, then longer. */
const askMs = { least: 20, most: 1000 };
/** A pause that a sink asks for, in seconds: a little different each time, so that several workers don't return together. */
const pauseSeconds = { least: 10, most: 60 };
/** After a failure of another kind: 5 seconds, then four times as long each time, up to an hour. */
const firstSeconds = 5;
const longestSeconds = 3600;
/** Attempts after which a document that is alone in its batch is set aside. */
const mostAttempts = 10;

export interface DeliverRecordsParts {
  outbox: RecordOutbox;
  onEvent: EventListener;
  /** When to hand on. */
  isOver: () => boolean;
  /** Interrupts a delivery, which then comes again. */
  signal: AbortSignal;
}

/** Another worker has the turn by now. */
class TurnOver extends Error {}

/** The delivery to one sink, for as long as this worker has its turn. */
export class RecordDelivery {
  readonly bound: BoundRecordSink;
  readonly outbox: RecordOutbox;
  readonly onEvent: EventListener;
  readonly isOver: () => boolean;
  readonly #signal: AbortSignal;
  /** Documents of the next batch: fewer after a failure, until it is known whose fault that is. */
  limit: number;
  #attempts: number;
  /** The batch that was sent last. */
  #sent: { ids: readonly string[]; run: SinkRun | null; then: Progressed } | null = null;

  constructor(bound: BoundRecordSink, turn: SinkTurn, { outbox, onEvent, isOver, signal }: DeliverRecordsParts) {
    this.bound = bound;
    this.outbox = outbox;
    this.onEvent = onEvent;
    this.isOver = isOver;
    this.#signal = signal;
    this.#attempts = turn.attempts;
    this.limit = Math.max(1, this.most >> Math.min(turn.attempts, 30));
  }

  get most(): number {
    return this.bound.sink.limits?.documents ?? defaultDocuments;
  }

  get name(): string {
    return this.bound.name;
  }

  /** One call of the sink, which is not waited for longer than a minute, whether it listens to its signal or not. */
  async call<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (!(await this.outbox.prolong(this.name))) throw new TurnOver();
    const late = AbortSignal.any([this.#signal, AbortSignal.timeout(callMs)]);
    return within(late, work, () =>
      this.#signal.aborted ? late.reason : new SinkUnavailable("It did not answer within a minute."),
    );
  }

  /** The next batch of changed records. `replay`: for the index that a rebuild makes. @returns whether there was one */
  async messages(replay: boolean, index: string | null): Promise<boolean> {
    this.#sent = null;
    const taken = await this.outbox.take(this.bound, this.limit, replay);
    if (taken.length === 0) return false;
    const { run, messages } = ofOneRun(taken);
    const made = await makeBatch(this.outbox, this.bound, run, idsOf(messages));
    const kind = replay ? "replayed" : "messages";
    await this.apply(made, run, index, { kind, places: placesAfter(messages, new Set(made.ids)) });
    return true;
  }

  /** Sends a batch, and notes what became of it. */
  async apply(made: RecordBatch, run: SinkRun | null, index: string | null, then: Progressed): Promise<void> {
    const { batch, ids, refused } = made;
    this.#sent = { ids, run, then };
    const isEmpty = batch.put.length === 0 && batch.remove.length === 0;
    const { sink } = this.bound;
    const applied: Applied = isEmpty
      ? { kind: "applied", refused: [] }
      : await this.call((signal) => sink.apply(batch, { index, signal }));
    if (applied.kind === "pending") {
      // Kept before anything is waited for: whoever goes on after a crash asks for it instead of sending it again.
      if (!(await this.outbox.keepPending(this.name, { ticket: applied.ticket, index, ids, run, then })))
        throw new TurnOver();
      return this.settle({ ticket: applied.ticket, index, ids, run, then }, refused);
    }
    await this.note(applied, ids, run, then, refused);
  }

  /** Waits for what a pending batch comes to, or until this worker has to hand on. */
  async settle(pending: NonNullable<SinkTurn["pending"]>, refused: RecordBatch["refused"] = []): Promise<void> {
    const { ticket, index, ids, run, then } = pending;
    const { sink } = this.bound;
    for (let waitMs = askMs.least; ; waitMs = Math.min(askMs.most, 2 * waitMs)) {
      const answer = await this.call(async (signal) =>
        sink.settled === undefined ? { kind: "unknown" as const } : sink.settled(ticket, { index, signal }),
      );
      if (answer.kind === "unknown") {
        if (!(await this.outbox.keepPending(this.name, null))) throw new TurnOver();
        return;
      }
      if (answer.kind !== "pending") return this.note(answer, ids, run, then, refused);
      if (this.isOver()) return;
      await sleep(waitMs, undefined, { signal: this.#signal });
    }
  }

  async note(
    applied: Exclude<Applied, { kind: "pending" }>,
    ids: readonly string[],
    run: SinkRun | null,
    then: Progressed,
    refusedBefore: RecordBatch["refused"],
  ): Promise<void> {
    const count = ids.length;
    if (applied.kind === "refused" && count > 1) {
      if (!(await this.outbox.keepPending(this.name, null))) throw new TurnOver();
      this.limit = Math.ceil(count / 2);
      return;
    }
    const refused = [
      ...refusedBefore,
      ...(applied.kind === "refused" ? ids.map((id) => ({ id, reason: applied.reason })) : applied.refused),
    ];
    if (!(await this.outbox.progress(this.name, { ids, refused, run, then }))) throw new TurnOver();
    this.limit = Math.min(this.most, 2 * this.limit);
    this.#attempts = 0;
    for (const { id } of refused) this.onEvent({ name: "sink.refused", sink: this.name, record: id });
    this.onEvent({ name: "sink.applied", sink: this.name, records: count - refused.length });
  }

  /** What a failure means for the sink. Rethrows what is none of its own. */
  async failed(error: unknown): Promise<void> {
    if (this.#signal.aborted || error instanceof TurnOver) return;
    const reason = reasonToLog(error);
    if (error instanceof SinkFull) {
      await this.outbox.stop(this.name, reason);
      this.onEvent({ name: "sink.stopped", sink: this.name, reason });
      return;
    }
    const isAway = error instanceof SinkUnavailable;
    const { least, most } = pauseSeconds;
    const seconds = isAway
      ? least + Math.random() * (most - least)
      : Math.min(longestSeconds, firstSeconds * 4 ** Math.min(this.#attempts, 10));
    if (!isAway && this.#attempts + 1 >= mostAttempts && (await this.#setAside(reason))) return;
    await this.outbox.wait(this.name, reason, seconds, !isAway);
    this.onEvent({ name: "sink.waits", sink: this.name, reason, afterSeconds: Math.round(seconds) });
  }

  /** The record that keeps failing, alone in its batch. */
  async #setAside(reason: string): Promise<boolean> {
    const sent = this.#sent;
    if (sent === null || sent.ids.length > 1) return false;
    const refused = sent.ids.map((id) => ({ id, reason }));
    await this.note({ kind: "applied", refused }, sent.ids, sent.run, sent.then, []);
    return true;
  }
}
