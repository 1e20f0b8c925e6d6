/** The heading of a step, which takes the focus when the step begins, and a line that says what it is for. */
import type { ReactNode } from "react";

export function StepHead({
  title,
  children,
  aside,
}: {
  title: ReactNode;
  children?: ReactNode;
  aside?: ReactNode;
}): ReactNode {
  return (
    // No header, which in a dialog would be the banner of the page (HTML-AAM, section 3.5).
    <div className="row step-head">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        {children !== undefined && <p className="muted">{children}</p>}
      </div>
      {aside !== undefined && <div className="row push">{aside}</div>}
    </div>
  );
}
