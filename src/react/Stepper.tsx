/** The steps of an import in their order, with the one that it is at. */
import type { ReactNode } from "react";
import { useTexts } from "./foundation/texts.ts";
import { Icon } from "./parts/Icon.tsx";
import { type Step, steps } from "./wizard-step.ts";

export interface StepperProps {
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
