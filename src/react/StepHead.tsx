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
    <header className="row step-head">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        {children !== undefined && <p className="muted">{children}</p>}
      </div>
      {aside !== undefined && <div className="row push">{aside}</div>}
    </header>
  );
}
