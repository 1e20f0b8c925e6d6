/** The steps of an import in their order, with the one that it is at. */
import type { ReactNode } from "react";
import type { Import } from "../client/index.ts";
import { useTexts } from "./foundation/texts.ts";
import { Icon } from "./parts/Icon.tsx";

interface StepperProps {
  current: Step;
  /** Everything is done, the last step too. */
  done?: boolean;
  /** Steps that can be gone to from here. */
  open: readonly Step[];
  onGo: (step: Step) => void;
}

export function Stepper({ current, done = false, open, onGo }: StepperProps): ReactNode {
  const t = useTexts("wizard");
  const at = steps.indexOf(current);
  return (
    <nav className="stepper" aria-label={t("steps")}>
      <ol>
        {steps.map((step, place) => {
          const state = place < at || (done && place === at) ? "done" : place === at ? "current" : "coming";
          const mark = state === "done" ? <Icon name="check" size={14} /> : place + 1;
          const words = (
            <>
              <span className="stepper-mark">{mark}</span>
              <span className="stepper-name">{t(step)}</span>
            </>
          );
          return (
            <li key={step} className={state} aria-current={place === at ? "step" : undefined}>
              {open.includes(step) && step !== current ? (
                <button type="button" onClick={() => onGo(step)}>
                  {words}
                </button>
              ) : (
                <span className="stepper-still">{words}</span>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** Which step of the wizard an import is at: its status says it, so that leaving and coming back is safe. */
const steps = ["upload", "map", "analysis", "review", "options", "commit"] as const;
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
