/** Measurements of the whole installation, whichever process asks: the imports in each status, and those that have ended. */

import type { ErrorCode } from "../errors.ts";
import type { Progress } from "../events.ts";
import type { Phase, Status } from "../import.ts";
import type { ImportBounds } from "./archive.ts";

/** How it is now. */
export interface Standing {
  imports: Partial<Record<Status, number>>;
  /** Failed imports by the code of the error that failed them. */
  failed: Partial<Record<ErrorCode, number>>;
  /** Of the import that waits longest for a worker; 0 when none does. */
  oldestWaitingSeconds: number;
  /** Of the imports in progress, by phase. */
  rowsPerSecond: Partial<Record<Phase, number>>;
}

/** Work that came to an end. */
export interface Ended {
  /** Of its event. */
  eventId: number;
  at: Date;
  status: "ready" | "completed" | "cancelled" | "failed" | "undone";
  /** Whose end it is: `ready` is the end of the parse. */
  phase: Phase;
  /** Rows that were read, committed or undone. */
  rows: number;
  /** Of a failure. */
  code: ErrorCode | null;
}

/** A process that works on imports, or did until lately. */
export interface WorkerState {
  id: string;
  host: string;
  processId: number;
  startedAt: Date;
  /** When it was heard of last; a living one is heard of every two seconds. */
  heartbeatAt: Date;
  isAlive: boolean;
  /** Imports that it has taken. Others may share in a commit. */
  imports: { id: number; fileName: string; status: Status; progress: Progress | null }[];
}

export interface Measures {
  /** One statement, over indexes alone unless it has bounds. Absent or null: of all imports. */
  standing(bounds?: ImportBounds | null): Promise<Standing>;
  /** The workers that were heard of within a day, the oldest first; with their imports within the bounds. */
  workers(bounds?: ImportBounds | null): Promise<WorkerState[]>;
  /** The id of the newest event. */
  newestEvent(): Promise<number>;
  /** What ended after an event, in the order of ids. Later calls may return lower ids, of transactions that committed late. */
  ended(afterEvent: number): Promise<Ended[]>;
  /** @throws SluiceError `unavailable` when the database does not answer or its tables are not those of this version. */
  checkReady(): Promise<void>;
}
