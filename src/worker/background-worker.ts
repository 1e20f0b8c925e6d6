/** A worker that runs until stopped, as the rest of a process sees it. */

import { type AnySink, isRecordSink } from "../core/bound-sink.ts";
import { reasonToLog } from "../core/errors.ts";
import { isRunning, queuePlace, type Status } from "../core/import.ts";
import type { EventListener } from "../core/ports.ts";
import type { Delivered, Queue } from "../core/queue.ts";
import type { Topic } from "../core/sink.ts";
import type { Outbox } from "../core/store/outbox.ts";
import type { Engine } from "../engine/engine.ts";
import type { Fetcher } from "../engine/fetcher.ts";
import type { WorkerTime } from "./time.ts";

/** What a worker in the background is made of. */
export interface WorkerParts {
  engine: Engine;
  queue: Queue;
  onEvent: EventListener;
  outbox: Outbox;
  /** Those that this process can deliver to. */
  sinks: readonly AnySink[];
  /** What sources are fetched by. */
  fetcher: Fetcher;
  /** Imports at the same time. */
  concurrency: number;
}

/** Delay before redelivery after a failure of the database or the disk. */
const afterFailureSeconds = 5;

/** The imports that this process is at. */
export class BackgroundWorker {
  readonly #engine: Engine;
  readonly #queue: Queue;
  readonly #onEvent: EventListener;
  readonly #concurrency: number;
  readonly #sinks: readonly AnySink[];
  readonly #time: WorkerTime;
  readonly #atWork = new Map<number, { stop: AbortController; isWanted: boolean }>();
  readonly #sharing = new Set<Promise<unknown>>();

  constructor({ engine, queue, onEvent, concurrency, sinks }: WorkerParts, time: WorkerTime) {
    this.#engine = engine;
    this.#queue = queue;
    this.#onEvent = onEvent;
    this.#concurrency = concurrency;
    this.#sinks = sinks;
    this.#time = time;
  }

  /** A slice of a delivered import. `time`: where it is another than the worker's. */
  async deliver(jobId: number, othersWait: () => boolean, time = this.#time): Promise<Delivered> {
    const present = this.#atWork.get(jobId);
    if (present !== undefined) {
      // Doubled; or it has been paused and resumed while its last slice comes to an end: then that one asks for the next.
      present.isWanted = true;
      return "done";
    }
    const { outcome, isWanted } = await this.#work(jobId, othersWait, time);
    return outcome === "done" && isWanted ? "again" : outcome;
  }

  /** `isWanted`: it was delivered meanwhile. */
  async #work(
    jobId: number,
    othersWait: () => boolean,
    time = this.#time,
  ): Promise<{ outcome: Delivered; isWanted: boolean }> {
    const turn = { stop: new AbortController(), isWanted: false };
    this.#atWork.set(jobId, turn);
    try {
      const signal = AbortSignal.any([time.working, turn.stop.signal]);
      const outcome = await this.#engine.work(jobId, signal, { othersWait, deadline: time.deadline });
      if (outcome === "again")
        this.#onEvent({
          name: "import.handed_on",
          jobId,
          reason: time.taking.aborted ? "stopping" : "slice_over",
        });
      return { outcome, isWanted: turn.isWanted };
    } catch (error) {
      // The import itself is not to blame; what it may be blamed for, the engine has noted.
      this.#onEvent({ name: "worker.failed", jobId, reason: reasonToLog(error) });
      return { outcome: { againAfterSeconds: afterFailureSeconds }, isWanted: turn.isWanted };
    } finally {
      this.#atWork.delete(jobId);
    }
  }

  /** Joins the largest commit in progress that it does not work on yet, if it has a free place. */
  async share(): Promise<void> {
    if (this.#time.taking.aborted || this.#atWork.size >= this.#concurrency) return;
    const jobId = (await this.#engine.waiting.shareable()).find((id) => !this.#atWork.has(id));
    if (jobId === undefined || this.#time.taking.aborted || this.#atWork.size >= this.#concurrency) return;
    const slice = this.#share(jobId)
      // A chore finds what is forgotten over it.
      .catch(() => {})
      .finally(() => this.#sharing.delete(slice));
    this.#sharing.add(slice);
  }

  /** Takes up an import that workers without its importer have left; they would be given it again and again. */
  async takeUp(): Promise<void> {
    for (const jobId of await this.#engine.takeUp()) {
      if (this.#time.taking.aborted || this.#atWork.size >= this.#concurrency) return;
      if (this.#atWork.has(jobId)) continue;
      const work = this.#toItsEnd(jobId)
        .catch(() => {})
        .finally(() => this.#sharing.delete(work));
      this.#sharing.add(work);
    }
  }

  async #toItsEnd(jobId: number): Promise<void> {
    for (;;) {
      const { outcome, isWanted } = await this.#work(jobId, () => false);
      if (typeof outcome === "object") {
        // A worker that is given it leaves it again; then it is taken up.
        const job = await this.#engine.imports.get(jobId);
        await this.#queue.enqueue(
          { kind: "import", importId: jobId },
          { ...queuePlace(job), afterSeconds: outcome.againAfterSeconds },
        );
        return;
      }
      if (this.#time.taking.aborted || (outcome === "done" && !isWanted)) return;
    }
  }

  async #share(jobId: number): Promise<void> {
    // A slice without a delivery ends when its share is over.
    const { isWanted } = await this.#work(jobId, () => true);
    if (!isWanted) return;
    const job = await this.#engine.imports.get(jobId);
    await this.#queue.enqueue({ kind: "import", importId: jobId }, queuePlace(job));
  }

  /**
   * Stops the slices of imports that are paused, cancelled or deleted, wherever that was asked for; wakes the sinks that are told
   * of what happened.
   */
  async watch(): Promise<void> {
    for await (const { jobId, event, deleted } of this.#engine.events.watch(this.#time.taking)) {
      if (event !== undefined) this.#wakeSinks(event.name as Topic);
      if (event?.name === "import.matched" && !this.#atWork.has(jobId)) void this.share().catch(() => {});
      const turn = this.#atWork.get(jobId);
      if (turn === undefined) continue;
      const stops = event?.name === "import.paused" || event?.name === "import.cancelled";
      if (deleted || (stops && (await this.#isHeldBack(jobId)))) turn.stop.abort(new Error("held back"));
    }
  }

  /** Their chore finds what is missed here. A chunk is no event: whoever is told of records looks once they are all written. */
  #wakeSinks(topic: Topic): void {
    const records = topic === "import.completed" || topic === "import.undone";
    for (const sink of this.#sinks) {
      const { name, topics } = sink;
      if (topics.includes(topic) || (records && isRecordSink(sink)))
        void this.#queue.enqueue({ kind: "deliver", sink: name }).catch(() => {});
    }
  }

  async settled(): Promise<void> {
    await Promise.all(this.#sharing);
  }

  /** An event may arrive late, when the import continues already. */
  async #isHeldBack(jobId: number): Promise<boolean> {
    const status = await this.#engine.imports.get(jobId).then(
      (job): Status => job.status,
      (): Status => "cancelled",
    );
    return !isRunning(status) && status !== "queued" && status !== "ready";
  }
}
