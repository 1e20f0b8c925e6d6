/** What an import that is not at rest is doing, told of its status: waits, runs, is held, or is tried again by itself. */
import type { Import, Phase, Progress, Status } from "../../client/index.ts";

export type RunState = "waiting" | "retrying" | "running" | "paused";

/** Null: it is at rest. */
export function runStateOf(job: Pick<Import, "status" | "retryAt" | "failures">): RunState | null {
  switch (job.status) {
    case "queued":
      return job.retryAt !== null && job.failures > 0 ? "retrying" : "waiting";
    case "parsing":
    case "committing":
    case "undoing":
      return "running";
    case "paused":
      return "paused";
    default:
      return null;
  }
}

/** Progress of the phase that the import is in; null where what is known is of an earlier one. */
export function progressOf(job: Pick<Import, "phase">, progress: Progress | null): Progress | null {
  return progress !== null && progress.phase === job.phase ? progress : null;
}

export type PhaseStop = Extract<
  Status,
  "queued" | "parsing" | "ready" | "committing" | "completed" | "undoing" | "undone"
>;

const forward: readonly PhaseStop[] = ["queued", "parsing", "ready", "committing", "completed"];
const backward: readonly PhaseStop[] = ["queued", "undoing", "undone"];
const working: Readonly<Record<Phase, PhaseStop>> = { parse: "parsing", commit: "committing", undo: "undoing" };

/** The stops on an import's way, and the one that it is at. */
export function phasesOf({ status, phase }: Pick<Import, "status" | "phase">): {
  stops: readonly PhaseStop[];
  at: number;
} {
  const stops = phase === "undo" ? backward : forward;
  // Before the review it waits at the beginning; for the commit it waits where the commit is.
  const stop =
    status === "queued" && phase !== "commit" ? "queued" : stops.find((each) => each === status && each !== "queued");
  return { stops, at: stops.indexOf(stop ?? working[phase]) };
}
