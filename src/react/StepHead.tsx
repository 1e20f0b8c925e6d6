/** The heading of a step, which takes the focus when the step begins, and a line that says what it is for. */
import { type ReactNode, useEffect, useRef } from "react";
import { useFrame } from "./Frame.tsx";

export function StepHead({
  title,
  children,
  aside,
}: {
  title: ReactNode;
  children?: ReactNode;
  aside?: ReactNode;
}): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  const frame = useFrame();
  // Where the focus went with what stood here before. Of a page that nobody has touched yet none is lost.
  useEffect(() => {
    const isLost = !frame?.activeElement && document.activeElement === document.body;
    if (isLost && navigator.userActivation?.hasBeenActive) heading.current?.focus({ preventScroll: true });
  }, [frame]);
  return (
    // No header, which in a dialog would be the banner of the page (HTML-AAM, section 3.5).
    <div className="row step-head">
      <div>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children !== undefined && <p className="muted">{children}</p>}
      </div>
      {aside !== undefined && <div className="row push">{aside}</div>}
    </div>
  );
}
