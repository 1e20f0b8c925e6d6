/** Which worker is at which import: taken, left, tried again later, left to others. postgres/jobs/job-claims.ts is the adapter. */
import type { Telling } from "../errors.ts";
import type { ImportJob, Phase } from "../import.ts";
import type { Demands } from "../missing-importer.ts";
import type { ImportStep } from "../queue.ts";

/** A failed attempt that is followed by another. */
export interface Retry {
  failures: number;
  afterSeconds: number;
}

/** A job that nobody is at. */
export interface UnattendedImport {
  id: number;
  /** The worker that was at it has died; else its message may be lost. */
  workerDied: boolean;
  createdBy: string | null;
  fileSizeBytes: number;
  phase: Phase;
}

/** A job that workers have left to others, for want of its importer. */
export interface LeftImport extends Pick<ImportJob, "id" | "errorMessage">, Demands {
  /** So long that the import should say why. */
  isLong: boolean;
}

/** How a worker fares that asks for a job. */
export type Claim =
  | { kind: "mine"; job: ImportJob }
  /** Another worker has it, and is alive. */
  | { kind: "taken"; job: ImportJob; byWorker: string };

/** How far a job is. */
export interface Standing {
  /** What its next slice is of. */
  step: ImportStep;
  /** Another text as soon as anything of it is done. */
  mark: string;
  /** A commit with enough chunks left for another worker. */
  isShareable: boolean;
}

export interface Claims {
  /** Takes a queued, parsing or committing job for this worker. Any number may share a commit, one parses. */
  claim(id: number): Promise<Claim>;
  /** How often a worker died at the parse's present checkpoint, this attempt included. */
  countParseAttempt(id: number): Promise<number>;
  /** The worker has left the job. A job whose parse or undo it left is free at once. */
  leave(id: number): Promise<void>;
  /** Counts a failure and lets the job be tried again after a while; null when it failed too often, or moved on meanwhile. */
  retryLater(
    id: number,
    failure: { reason: string | Telling; maxFailures: number; firstSeconds: number },
  ): Promise<Retry | null>;
  /** The jobs that need a worker, have none, and are not in the queue, or whose worker is gone. */
  unattended(): Promise<UnattendedImport[]>;
  /** Null: there is no such job. */
  standing(id: number): Promise<Standing | null>;
  /** How many workers live, this one included. */
  workers(): Promise<number>;
  /** Commits in progress that could use another worker, largest first. */
  shareable(): Promise<number[]>;
  /** This worker lacks what the job needs: others are to find it. */
  leaveToOthers(id: number): Promise<void>;
  /** The oldest first. */
  leftToOthers(): AsyncIterable<LeftImport>;
  /** Says on a job that was left for long who it waits for. */
  tellWhoIsMissing(id: number, reason: Telling): Promise<void>;
}
