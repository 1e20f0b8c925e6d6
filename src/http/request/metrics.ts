/**
 * What Prometheus reads: this process and the requests it answers, and the imports of the whole installation, which every
 * server reports alike (take `max` over servers, not `sum`).
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { type Phase, statuses } from "../../core/import.ts";
import type { Queue } from "../../core/queue.ts";
import type { Measures } from "../../core/store/measures.ts";
import type { Outbox } from "../../core/store/outbox.ts";

/** The database is asked at most so often, however many scrape. */
const standingMs = 5000;
/** An event may be committed after one with a higher id: how far to look back. */
const lateMs = 60_000;
/** Seconds; a status is answered in a few milliseconds, a dry run in seconds. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const phases: readonly Phase[] = ["parse", "commit", "undo"];

/** Memory, CPU, event loop and garbage collection: one observer for all apps in the process. */
let processMetrics: Registry | undefined;

function processRegistry(): Registry {
  if (processMetrics === undefined) {
    processMetrics = new Registry();
    collectDefaultMetrics({ register: processMetrics });
  }
  return processMetrics;
}

export class Metrics {
  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #measures: Measures;
  readonly #queue: Pick<Queue, "depth"> | null;
  readonly #outbox: Pick<Outbox, "standing"> | null;
  readonly #now: () => number;
  readonly #registry = new Registry();
  readonly #durations: Histogram<"method" | "route" | "status">;
  readonly #up: Gauge;
  readonly #imports: Gauge<"status">;
  readonly #failed: Gauge<"code">;
  readonly #waiting: Gauge;
  readonly #oldest: Gauge;
  readonly #rate: Gauge<"phase">;
  readonly #deliveries: Gauge<"state"> | null;
  readonly #sinks: Record<"waiting" | "refused" | "stopped", Gauge<"sink">> | null;
  readonly #rows: Counter<"phase">;
  readonly #ended: Counter<"status">;
  readonly #failures: Counter<"code">;
  /** Ids up to this one were read, and are too old to be followed by a late one. */
  #horizon: number | null = null;
  /** Ids above it that were counted. */
  readonly #counted = new Set<number>();
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> = Promise.resolve();

  /** `now`: milliseconds of a clock that never goes back. */
  constructor(
    measures: Measures,
    queue: Pick<Queue, "depth"> | null = null,
    now: () => number = () => performance.now(),
    outbox: Pick<Outbox, "standing"> | null = null,
  ) {
    this.#outbox = outbox;
    this.#measures = measures;
    this.#queue = queue;
    this.#now = now;
    const registers = [this.#registry];
    const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []): Gauge<L> =>
      new Gauge({ name, help, labelNames, registers });
    const counter = <L extends string>(name: string, help: string, labelNames: L[] = []): Counter<L> =>
      new Counter({ name, help, labelNames, registers });
    this.#durations = new Histogram({
      name: "sluice_http_request_duration_seconds",
      help: "Time until an answer begins.",
      labelNames: ["method", "route", "status"],
      buckets: durationBuckets,
      registers,
    });
    this.#up = gauge("sluice_database_up", "1 when the database answered.");
    this.#imports = gauge("sluice_imports", "Imports by status.", ["status"]);
    this.#failed = gauge("sluice_imports_failed", "Imports that are failed now, by code of the error.", ["code"]);
    this.#waiting = gauge("sluice_queue_waiting", "Imports that wait for a worker.");
    this.#oldest = gauge("sluice_queue_oldest_seconds", "How long the import waits that waits longest.");
    this.#rate = gauge("sluice_rows_per_second", "Of the imports under way, by phase.", ["phase"]);
    this.#deliveries =
      queue === null ? null : gauge("sluice_queue_deliveries", "Deliveries of the queue by state.", ["state"]);
    const ofSink = (name: string, help: string): Gauge<"sink"> => gauge(`sluice_sink_${name}`, help, ["sink"]);
    this.#sinks =
      outbox === null
        ? null
        : {
            waiting: ofSink("waiting", "Messages that are not delivered to a sink yet."),
            refused: ofSink("refused", "Records that a sink refused, and messages that were given up."),
            stopped: ofSink("stopped", "1 when a sink takes nothing in before somebody has seen to it."),
          };
    this.#rows = counter("sluice_rows_total", "Rows of phases that came to an end since this server was first read.", [
      "phase",
    ]);
    this.#ended = counter("sluice_imports_ended_total", "Imports that ended since this server was first read.", [
      "status",
    ]);
    this.#failures = counter(
      "sluice_failures_total",
      "Failures since this server was first read, by code of the error.",
      ["code"],
    );
    for (const phase of phases) this.#rows.inc({ phase }, 0);
  }

  /** An answer: `route` is the pattern of the path, never the path. */
  observe(request: { method: string; route: string; status: number; seconds: number }): void {
    const { seconds, ...labels } = request;
    this.#durations.observe({ ...labels, status: String(labels.status) }, seconds);
  }

  /** In Prometheus' text format. */
  async text(): Promise<string> {
    if (this.#now() - this.#askedAtMs >= standingMs) {
      this.#askedAtMs = this.#now();
      this.#asking = this.#ask();
    }
    await this.#asking;
    return Registry.merge([processRegistry(), this.#registry]).metrics();
  }

  async #ask(): Promise<void> {
    try {
      const [standing, depth, sinks] = await Promise.all([
        this.#measures.standing(),
        this.#queue?.depth() ?? null,
        this.#outbox?.standing() ?? [],
      ]);
      for (const { name: sink, waiting, dead, state } of sinks) {
        this.#sinks?.waiting.set({ sink }, waiting);
        this.#sinks?.refused.set({ sink }, dead);
        this.#sinks?.stopped.set({ sink }, state === "stopped" ? 1 : 0);
      }
      for (const status of statuses) this.#imports.set({ status }, standing.imports[status] ?? 0);
      this.#failed.reset();
      for (const [code, imports] of Object.entries(standing.failed)) this.#failed.set({ code }, imports);
      this.#waiting.set(standing.imports.queued ?? 0);
      this.#oldest.set(standing.oldestWaitingSeconds);
      for (const phase of phases) this.#rate.set({ phase }, standing.rowsPerSecond[phase] ?? 0);
      for (const [state, count] of Object.entries(depth ?? {})) this.#deliveries?.set({ state }, count);
      await this.#countEnded();
      this.#up.set(1);
    } catch {
      // What is not known is not reported: no stale numbers in a dashboard while the database is away.
      for (const gauge of [this.#waiting, this.#oldest]) gauge.remove();
      const sinks = Object.values(this.#sinks ?? {});
      for (const gauge of [this.#imports, this.#failed, this.#rate, this.#deliveries, ...sinks]) gauge?.reset();
      this.#up.set(0);
    }
  }

  async #countEnded(): Promise<void> {
    if (this.#horizon === null) {
      this.#horizon = await this.#measures.newestEvent();
      return;
    }
    const ended = await this.#measures.ended(this.#horizon);
    const settledMs = Math.max(...ended.map(({ at }) => at.getTime())) - lateMs;
    for (const { eventId, at, status, phase, rows, code } of ended) {
      if (!this.#counted.has(eventId)) {
        this.#counted.add(eventId);
        if (rows > 0) this.#rows.inc({ phase }, rows);
        if (status !== "ready") this.#ended.inc({ status });
        if (code !== null) this.#failures.inc({ code });
      }
      if (at.getTime() < settledMs) this.#horizon = eventId;
    }
    for (const id of this.#counted) if (id <= this.#horizon) this.#counted.delete(id);
  }
}
