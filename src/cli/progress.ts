/** Shows how an import gets on: one line drawn over and over on a terminal, plain lines otherwise. */

import type { EngineEvent } from "../core/ports.ts";
import { rowsText, textsOf } from "../locale/locale.ts";
import type { Terminal } from "./terminal.ts";

const redrawMs = 100;
const plainLineMs = 5000;
const barWidth = 24;

/** Seconds that each phase took in this run, and its rows. */
export interface PhaseTimes {
  seconds: number;
  rows: number;
}

export class Progress {
  phases: { parse?: PhaseTimes; match?: PhaseTimes; commit?: PhaseTimes } = {};
  readonly #terminal: Terminal;
  readonly #language: string;
  readonly #quiet: boolean;
  #phase: "parse" | "match" | "commit" | null = null;
  #phaseStart = 0;
  /** What the phase took before: it goes on after an outage, and a commit after another match. */
  #secondsBefore = 0;
  /** Where this run began, so that a resumed import does not boast of the rows of the run before. */
  #first: { rows: number; at: number } | null = null;
  #drawnAt = 0;
  #drawn = false;
  /** Bytes of the file, for the share of a parse; rows are not known before its end. */
  fileSizeBytes = 0;

  constructor(terminal: Terminal, language: string, quiet: boolean) {
    this.#terminal = terminal;
    this.#language = language;
    this.#quiet = quiet;
  }

  /** Another import begins. */
  restart(): void {
    this.clear();
    this.phases = {};
    this.#phase = null;
    this.#secondsBefore = 0;
    this.#first = null;
    this.fileSizeBytes = 0;
  }

  readonly listen = (event: EngineEvent): void => {
    const { words } = textsOf(this.#language);
    switch (event.name) {
      case "parse.started":
        this.#begin("parse");
        break;
      case "parse.batch_committed":
        this.#note("parse", event.processedRows);
        this.#draw(words.parsing, event.processedRows, event.readBytes / Math.max(1, this.fileSizeBytes));
        break;
      case "match.started":
        this.#begin("match");
        this.#draw(words.matching, 0, null);
        break;
      case "match.finished":
        this.#note("match", 0);
        break;
      case "commit.started":
        this.#begin("commit");
        break;
      case "chunk.committed":
        this.#note("commit", event.rowsDone);
        this.#draw(words.committing, event.rowsDone, event.rowsTotal === 0 ? 1 : event.rowsDone / event.rowsTotal);
        break;
      case "undo.chunk_undone":
        this.#draw(
          words.undoing,
          event.recordsDone,
          event.recordsTotal === 0 ? 1 : event.recordsDone / event.recordsTotal,
        );
        break;
      case "undo.finished":
      case "commit.finished":
      case "import.paused":
      case "import.failed":
        this.clear();
        break;
      case "database.retrying":
        this.message(`The database does not answer (${event.reason}); waiting for it …`);
        break;
      case "stage.lost":
        this.message("The staged rows are gone (the database crashed); reading them again from the stored file.");
        break;
      case "worker.terminated_stalled":
        this.message("Another worker held rows without getting on; it was cut off and its rows are taken over.");
        break;
    }
  };

  /** A line that stays. */
  message(text: string): void {
    if (this.#quiet) return;
    this.clear();
    this.#terminal.err(`${text}\n`);
  }

  clear(): void {
    if (this.#drawn) this.#terminal.err("\r\u001b[K");
    this.#drawn = false;
  }

  #begin(phase: "parse" | "match" | "commit"): void {
    if (this.#phase === phase) return;
    this.#phase = phase;
    this.#secondsBefore = this.phases[phase]?.seconds ?? 0;
    this.#phaseStart = performance.now();
    this.#drawnAt = 0;
    this.#first = null;
  }

  #note(phase: "parse" | "match" | "commit", rows: number): void {
    this.phases[phase] = { seconds: this.#secondsBefore + (performance.now() - this.#phaseStart) / 1000, rows };
  }

  #draw(what: string, rows: number, share: number | null): void {
    if (this.#quiet) return;
    const now = performance.now();
    const often = this.#terminal.live ? redrawMs : plainLineMs;
    this.#first ??= { rows, at: now };
    if (this.#drawnAt !== 0 && now - this.#drawnAt < often && (share === null || share < 1)) return;
    if (!this.#terminal.live && this.#drawnAt === 0 && share !== null && share < 1) {
      this.#drawnAt = now;
      return;
    }
    this.#drawnAt = now;
    const count = new Intl.NumberFormat(this.#language);
    const fresh = rows - this.#first.rows;
    const rate = fresh > 0 ? (1000 * fresh) / (now - this.#first.at) : 0;
    const parts = [what.padEnd(12)];
    if (share !== null) {
      const filled = Math.round(Math.min(1, share) * barWidth);
      parts.push(
        `${"█".repeat(filled)}${"░".repeat(barWidth - filled)}`,
        `${Math.floor(Math.min(1, share) * 100)} %`.padStart(5),
      );
    }
    if (rows > 0) parts.push(rowsText(this.#language, rows));
    if (rate > 0) parts.push(`${count.format(Math.round(rate))}/s`);
    if (rate > 0 && share !== null && share > 0.02 && share < 1)
      parts.push(`ETA ${formatSeconds((rows * (1 - share)) / share / rate)}`);
    const line = parts.join("  ").slice(0, this.#terminal.columns() - 1);
    if (this.#terminal.live) {
      this.#terminal.err(`\r\u001b[K${line}`);
      this.#drawn = true;
    } else {
      this.#terminal.err(`${line}\n`);
    }
  }
}

/** `83` → `1:23`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
