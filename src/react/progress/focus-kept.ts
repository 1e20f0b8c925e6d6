/** A view that gives way to another by itself: its heading takes the focus that would be lost, or is said. */
import { type RefObject, useEffect, useRef } from "react";
import { useAnnounce, useFrame } from "../foundation/Frame.tsx";

/** @param view names what is shown. @returns where it stands */
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
