/** The numbers of an import as a list shows them: its rows, and how long it has been worked on. */
import type { Import, Phase } from "../../client/index.ts";
import { isRunning } from "../foundation/is-running.ts";

interface JobNumbers {
  rows: number;
  imported: number;
  errors: number;
  /** 0 to 100 while it runs; null: nothing is known, or it does not run. */
  percent: number | null;
}

export function numbersOf(job: Import): JobNumbers {
  const { progress } = job;
  const running = isRunning(job) && progress !== null && progress.phase === job.phase ? progress : null;
  const inCommit = progress !== null && progress.phase === "commit" && job.phase === "commit" ? progress.counts : null;
  return {
    rows: Math.max(job.totalRows, job.processedRows, running?.phase === "parse" ? running.processed : 0),
    imported: Math.max(job.importedRows, inCommit === null ? 0 : inCommit.created + inCommit.updated),
    errors: Math.max(
      job.invalidRows + (inCommit?.failed ?? 0),
      running?.phase === "parse" ? running.counts.invalid : 0,
    ),
    percent: running?.percent ?? null,
  };
}

interface Span {
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
  const span = (phase: Phase, from: string | null, to: string | null): Span[] => {
    if (from === null) return [];
    const isGoingOn = isRunning(job) && job.phase === phase;
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

/** Whether it has come to an end: what has not goes on as it is. */
export function isOver({ status }: Pick<Import, "status">): boolean {
  return status === "completed" || status === "undone" || status === "cancelled" || status === "failed";
}

/** Whether it can be tried again, or its file imported again, without a person bringing anything. */
export function mayRunAgain(job: Import): boolean {
  return job.actions.includes("retry") || (isOver(job) && job.hasFile);
}
