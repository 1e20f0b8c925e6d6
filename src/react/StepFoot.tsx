/** The end of a step: what leads back at its start, what leads on at its end. It stays in sight. */
import type { ReactNode } from "react";

export function StepFoot({ back, children }: { back?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <div className="step-foot">
      {back}
      <div className="push row">{children}</div>
    </div>
  );
}
