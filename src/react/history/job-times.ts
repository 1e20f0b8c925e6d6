/** How long an import has been worked on, phase by phase. What it waited for a person does not count. */
import type { Import, Phase } from "../../client/index.ts";

export interface Span {
  phase: Phase;
  from: string;
  /** Null: it is still going on. */
  to: string | null;
  ms: number;
}

type Timed = Pick<
  Import,
  | "status"
  | "phase"
  | "parseStartedAt"
  | "parsedAt"
  | "commitStartedAt"
  | "completedAt"
  | "undoStartedAt"
  | "undoneAt"
  | "updatedAt"
>;

/** @param nowMs the present moment, for what is going on */
export function spansOf(job: Timed, nowMs: number): Span[] {
  const isRunning = ["parsing", "committing", "undoing"].includes(job.status);
  const span = (phase: Phase, from: string | null, to: string | null): Span[] => {
    if (from === null) return [];
    const isGoingOn = isRunning && job.phase === phase;
    // What was held or failed stood still since it was changed last.
    const end = isGoingOn ? null : (to ?? (job.phase === phase ? job.updatedAt : from));
    const ms = (end === null ? nowMs : Date.parse(end)) - Date.parse(from);
    return [{ phase, from, to: end, ms: Math.max(0, ms) }];
  };
  return [
    ...span("parse", job.parseStartedAt, job.parsedAt),
    ...span("commit", job.commitStartedAt, job.completedAt),
    ...span("undo", job.undoStartedAt, job.undoneAt),
  ];
}

/** Reading and committing; null before either has begun. */
export function workedMs(job: Timed, nowMs: number): number | null {
  const spans = spansOf(job, nowMs).filter(({ phase }) => phase !== "undo");
  return spans.length === 0 ? null : spans.reduce((sum, { ms }) => sum + ms, 0);
}
