/**
 * What followers of an import receive: the timeline of events, which is kept, and its current progress,
 * which is not. Neither ever carries a cell's value.
 */
import type { Counts, Phase } from "./import.ts";

/** Who asked for a change: the id of a user; null for the command line's user and for Sluice itself. */
export type Actor = string | null;

/**
 * One line of an import's timeline. `import.<status>` when its status changed (data: `{from, phase}`), other names for what
 * else is worth keeping, such as `import.matched`: duplicates are decided, chunks are planned. Ids of one import go up in the order in which things happened.
 */
export interface ImportEvent {
  id: number;
  jobId: number;
  name: string;
  at: Date;
  actor: Actor;
  /** As the actor is called now, where Sluice keeps the users; left out where events come as a stream. */
  actorName?: string | null;
  data: Record<string, unknown>;
}

/** An event as the API returns it: its moment as ISO 8601. */
export type EventView = Omit<ImportEvent, "at"> & { at: string };

/** What the work is at within its phase. */
export type ProgressStep = "reading" | "indexing" | "matching" | "committing" | "reporting" | "undoing";

/** The one of several records that is being written. */
export interface RecordProgress {
  name: string;
  done: number;
  /** How many the rows at hand have; null while nobody knows. */
  of: number | null;
}

/** How far an import is, and how fast it goes. */
export interface Progress {
  phase: Phase;
  step: ProgressStep;
  /** Where a row makes several, while they are written. */
  record?: RecordProgress;
  /** Rows of this step that are done. */
  processed: number;
  /** Rows of this step; null while nobody knows, as while a file is read. */
  total: number | null;
  /** 0 to 100, of this step; by bytes while a file is read. Null where nothing can be said. */
  percent: number | null;
  /** Over the last five seconds; null where nothing has moved yet. */
  rowsPerSecond: number | null;
  /** Until the end of this step at the present pace. */
  etaSeconds: number | null;
  /** So far. While a file is read, only `invalid` is known. */
  counts: Counts;
  /** The step and how far it is with that, in the import's own language; a reader of the API gets them in theirs. */
  current_step?: string;
  sub_step?: string | null;
}

/** Something is new about an import. */
export interface Change {
  jobId: number;
  /** The event that happened; absent when the change is one of progress alone. */
  event?: ImportEvent;
  progress?: Progress;
  /** The import and its timeline are gone. */
  deleted?: true;
}

/** The timelines of all imports. */
export interface Events {
  /** Adds an event that is not a change of status; those write their own. */
  append(
    jobId: number,
    name: string,
    options?: { actor?: Actor; data?: Record<string, unknown> },
  ): Promise<ImportEvent>;
  /** The events of an import after the one with id `afterId` (0: from its beginning), in their order. */
  list(jobId: number, afterId?: number, limit?: number): Promise<ImportEvent[]>;
  /**
   * Changes of all imports from now on, as they are committed by any process. At least once: after a lost connection some
   * come again, and events of one import may be delivered twice, never out of order. A reader that is too slow for the progress
   * misses some of it, never an event.
   */
  watch(signal: AbortSignal): AsyncIterableIterator<Change>;
}

/** How far imports are, as the worker last wrote it. */
export interface ProgressBoard {
  read(jobId: number): Promise<Progress | null>;
  /**
   * Stores and announces it. Counts are taken from the database where `counts` is absent. `final`: even right after another.
   *
   * @returns false when another was announced a moment ago
   */
  write(jobId: number, progress: Omit<Progress, "counts"> & { counts?: Counts }, final: boolean): Promise<boolean>;
}
