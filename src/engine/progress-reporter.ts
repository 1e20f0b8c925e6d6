/** Listens to the engine and writes each import's progress once a second, concurrently with the work, never delaying it. */
import type { ProgressBoard } from "../core/events.ts";
import type { EngineEvent, EventListener } from "../core/ports.ts";
import { ProgressMeter } from "./progress-meter.ts";

/** A little more than the board's own limit, so that one after the other is never a moment too early. */
const writeEveryMs = 1050;
/** So often one that came too soon is tried. */
const maxTries = 4;

/** Events after which an import makes no progress here for now. */
const last: ReadonlySet<EngineEvent["name"]> = new Set([
  "parse.finished",
  "import.completed",
  "import.undone",
  "import.paused",
  "import.failed",
  "import.cancelled",
  "import.retrying",
  "import.handed_on",
]);

/** Events with which work on an import begins. */
const first: ReadonlySet<EngineEvent["name"]> = new Set([
  "parse.started",
  "match.started",
  "commit.started",
  "undo.started",
]);

interface Track {
  meter: ProgressMeter;
  writtenAt: number;
  timer: NodeJS.Timeout | null;
  writing: Promise<void>;
}

export class ProgressReporter {
  readonly #board: ProgressBoard;
  readonly #tracks = new Map<number, Track>();
  readonly #under = new Set<Promise<void>>();

  constructor(board: ProgressBoard) {
    this.#board = board;
  }

  readonly listen: EventListener = (event) => {
    if (!("jobId" in event)) return;
    const { jobId } = event;
    let track = this.#tracks.get(jobId);
    if (track === undefined) {
      if (!first.has(event.name)) return;
      track = { meter: new ProgressMeter(), writtenAt: 0, timer: null, writing: Promise.resolve() };
      this.#tracks.set(jobId, track);
    }
    if (event.name === "import.reopened") {
      // Its rows are gone: there is no progress to report.
      if (track.timer !== null) clearTimeout(track.timer);
      this.#tracks.delete(jobId);
      return;
    }
    const isNews = track.meter.note(event, performance.now());
    if (last.has(event.name)) {
      this.#write(jobId, track, true);
      if (event.name !== "parse.finished") this.#tracks.delete(jobId);
    } else if (isNews && track.timer === null) {
      const waitMs = Math.max(0, track.writtenAt + writeEveryMs - performance.now());
      this.#writeAfter(waitMs, jobId, track);
    }
  };

  /** Waits until what is being written is there. */
  async settled(): Promise<void> {
    for (const { timer } of this.#tracks.values()) if (timer !== null) clearTimeout(timer);
    this.#tracks.clear();
    await Promise.all(this.#under);
  }

  #writeAfter(waitMs: number, jobId: number, track: Track, tries?: number): void {
    track.timer = setTimeout(() => this.#write(jobId, track, false, tries), waitMs);
    track.timer.unref();
  }

  /** One that came too soon after another is written a moment later: it may be the last for long. */
  #write(jobId: number, track: Track, isFinal: boolean, tries = maxTries): void {
    if (track.timer !== null) clearTimeout(track.timer);
    track.timer = null;
    track.writtenAt = performance.now();
    const writing = track.writing
      .then(() => this.#board.write(jobId, track.meter.read(performance.now()), isFinal))
      .then((isTold) => {
        const isStill = this.#tracks.get(jobId) === track && track.timer === null;
        if (!isTold && tries > 1 && isStill) this.#writeAfter(writeEveryMs, jobId, track, tries - 1);
      })
      // A database that is briefly away: the next report makes up for it.
      .catch(() => {})
      .finally(() => this.#under.delete(writing));
    track.writing = writing;
    this.#under.add(writing);
  }
}
