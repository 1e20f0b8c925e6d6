/** Which step of the wizard an import is at: its status says it, so that leaving and coming back is safe. */
import type { Import } from "../client/index.ts";

export const steps = ["upload", "map", "analysis", "review", "options", "commit"] as const;
export type Step = (typeof steps)[number];

/** While an import is ready there are two steps of the person's own choice. */
export type ReadyStep = "review" | "options";

/** @param shown what is shown now: an import whose file is read again for its options stays with them */
export function stepOf(
  job: Pick<Import, "status" | "phase"> | null,
  wanted: ReadyStep,
  shown: Step | null = null,
): Step {
  if (job === null) return "upload";
  const isReading = job.status === "parsing" || (job.status === "queued" && job.phase === "parse");
  if (isReading && shown === "options") return "options";
  switch (job.status) {
    case "pending":
      return "map";
    case "ready":
      return wanted;
    case "completed":
    case "undoing":
    case "undone":
      return "commit";
    default:
      return job.phase === "parse" ? "analysis" : "commit";
  }
}
