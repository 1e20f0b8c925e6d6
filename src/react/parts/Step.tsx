/** The frame of a step: its heading, which takes the focus when the step begins, with a line that says what it is for; and its end. */
import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { useAnnounce, useFrame } from "../foundation/Frame.tsx";

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

/** Leads the keyboard past what stands between; seen while it has the focus. @param to a selector */
export function SkipLink({ to, children }: { to: string; children: ReactNode }): ReactNode {
  const frame = useFrame();
  return (
    <button type="button" className="skip-link" onClick={() => frame?.querySelector<HTMLElement>(to)?.focus()}>
      {children}
    </button>
  );
}

/** What leads on from a step, at its end. */
export const leadsOn = ".step-foot > .push > .button:last-child";

/** The end of a step: what leads back at its start, what leads on at its end. It stays in sight. */
export function StepFoot({ back, children }: { back?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <div className="step-foot">
      {back}
      <div className="push row">{children}</div>
    </div>
  );
}

/**
 * A view that gives way to another by itself: its heading takes the focus that would be lost, or is announced.
 * @param view names what is shown. @returns where it stands
 */
export function useFocusKept(view: string): RefObject<HTMLDivElement | null> {
  const top = useRef<HTMLDivElement>(null);
  const shown = useRef(view);
  const frame = useFrame();
  const announce = useAnnounce();
  useEffect(() => {
    if (shown.current === view) return;
    shown.current = view;
    const heading = top.current?.querySelector<HTMLElement>("h1");
    const { activeElement } = document;
    const isLost = !frame?.activeElement && (activeElement === null || activeElement === document.body);
    // Whoever is elsewhere on the page stays there.
    if (isLost) heading?.focus();
    else if (frame?.activeElement !== heading) announce(heading?.textContent ?? "");
  }, [view, frame, announce]);
  return top;
}
