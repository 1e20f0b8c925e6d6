/** Makes an import's progress out of the engine's events: how much is done of the present step, and how fast it goes. */
import type { Progress, ProgressStep, RecordProgress } from "../core/events.ts";
import { type Counts, noCounts, type Phase } from "../core/import.ts";
import type { EngineEvent } from "../core/ports.ts";

/** The pace is taken over this long. */
const paceMs = 5000;

/** Progress whose counts are in the database. */
export type MeterReading = Omit<Progress, "counts"> & { counts?: Counts };

export class ProgressMeter {
  #phase: Phase = "parse";
  #step: ProgressStep = "reading";
  #processed = 0;
  #total: number | null = null;
  /** 0 to 1 of the step. */
  #share: number | null = null;
  #record: RecordProgress | null = null;
  #invalid = 0;
  #fileSizeBytes = 0;
  /** Rows done by the time, within the last `paceMs`, the oldest first. */
  #samples: { at: number; rows: number }[] = [];

  /** Takes an event of its import at a moment in milliseconds; false when it says nothing of progress. */
  note(event: EngineEvent, at: number): boolean {
    switch (event.name) {
      case "parse.started":
        this.#fileSizeBytes = event.fileSizeBytes;
        this.#begin("parse", "reading");
        return true;
      case "parse.batch_committed":
        this.#invalid = event.invalidRows;
        this.#share = this.#fileSizeBytes > 0 ? Math.min(1, event.readBytes / this.#fileSizeBytes) : null;
        this.#move(event.processedRows, null, at);
        return true;
      case "parse.finished":
        this.#share = 1;
        this.#processed = event.totalRows;
        this.#total = event.totalRows;
        return true;
      case "match.started":
        this.#begin("commit", "matching");
        return true;
      case "commit.started":
        this.#begin("commit", "committing");
        return true;
      case "chunk.record":
        this.#record = { name: event.record, done: event.done, of: event.of };
        return true;
      case "chunk.committed":
        this.#share = event.rowsTotal > 0 ? event.rowsDone / event.rowsTotal : 1;
        this.#move(event.rowsDone, event.rowsTotal, at);
        return true;
      case "commit.finished":
        this.#step = "reporting";
        this.#record = null;
        return true;
      case "undo.started":
        this.#begin("undo", "undoing");
        return true;
      case "undo.chunk_undone":
        this.#share = event.recordsTotal > 0 ? event.recordsDone / event.recordsTotal : 1;
        this.#move(event.recordsDone, event.recordsTotal, at);
        return true;
      default:
        return false;
    }
  }

  read(at: number): MeterReading {
    const pace = this.#pace(at);
    const left = this.#rowsLeft();
    return {
      phase: this.#phase,
      step: this.#step,
      ...(this.#record !== null && { record: this.#record }),
      processed: this.#processed,
      total: this.#total,
      percent: this.#share === null ? null : Math.floor(this.#share * 1000) / 10,
      rowsPerSecond: pace === null ? null : Math.round(pace),
      etaSeconds: pace === null || pace === 0 || left === null ? null : Math.ceil(left / pace),
      ...(this.#phase === "parse" && { counts: { ...noCounts, invalid: this.#invalid } }),
    };
  }

  #begin(phase: Phase, step: ProgressStep): void {
    // The same step begins again with each slice; its pace continues.
    if (this.#phase === phase && this.#step === step) return;
    this.#phase = phase;
    this.#step = step;
    this.#processed = 0;
    this.#total = null;
    this.#share = null;
    this.#record = null;
    this.#samples = [];
  }

  #move(processed: number, total: number | null, at: number): void {
    // Chunks that finish at the same time may be reported in any order.
    this.#processed = Math.max(this.#processed, processed);
    this.#total = total;
    this.#samples.push({ at, rows: this.#processed });
    while (this.#samples.length > 2 && this.#samples[1].at <= at - paceMs) this.#samples.shift();
  }

  /** Rows a second; an import that has come to a halt slows down. */
  #pace(at: number): number | null {
    const first = this.#samples[0];
    if (first === undefined || this.#samples.length < 2) return null;
    const rows = this.#processed - first.rows;
    return at > first.at ? (1000 * rows) / (at - first.at) : null;
  }

  #rowsLeft(): number | null {
    if (this.#total !== null) return this.#total - this.#processed;
    if (this.#share === null || this.#share === 0) return null;
    return (this.#processed * (1 - this.#share)) / this.#share;
  }
}
