/** Which step of the wizard an import is at: its status says it, so that leaving and coming back is safe. */
import type { Import } from "../client/index.ts";

export const steps = ["upload", "map", "analysis", "review", "options", "commit"] as const;
export type Step = (typeof steps)[number];

/** While an import is ready there are two steps of the person's own choice. */
export type ReadyStep = "review" | "options";

export function stepOf(job: Pick<Import, "status" | "phase"> | null, wanted: ReadyStep): Step {
  if (job === null) return "upload";
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
