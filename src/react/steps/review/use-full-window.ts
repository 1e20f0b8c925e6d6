/**
 * A part of the page that fills the window, above all else of it, and goes back to its place. It stays the same element, so that nothing
 * in it is lost: how far it is scrolled, what is typed, what has the focus.
 */
import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from "react";

export interface UsedFullWindow {
  part: RefObject<HTMLDivElement | null>;
  isFull: boolean;
  toggle(): void;
  /** Escape goes back; Tab stays within, since the rest of the page is out of sight. */
  onKeyDown(event: KeyboardEvent): void;
}

export function useFullWindow(): UsedFullWindow {
  const part = useRef<HTMLDivElement>(null);
  const [isFull, setIsFull] = useState(false);
  useLayoutEffect(() => {
    const shown = part.current;
    if (!isFull || shown === null || !("showPopover" in shown)) return;
    // In the top layer the window is what it is placed in, whatever contains the component (HTML, section 6.12.1).
    shown.popover = "manual";
    shown.showPopover();
    return () => shown.removeAttribute("popover");
  }, [isFull]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isFull || event.defaultPrevented) return;
    if (event.key === "Escape") {
      event.preventDefault();
      setIsFull(false);
    } else if (event.key === "Tab" && part.current !== null) {
      const stops = stopsOf(part.current);
      const [from, to] = event.shiftKey ? [stops.at(0), stops.at(-1)] : [stops.at(-1), stops.at(0)];
      if (event.target !== from) return;
      event.preventDefault();
      to?.focus();
    }
  };
  return { part, isFull, toggle: () => setIsFull(!isFull), onKeyDown };
}

/** What Tab stops at, in its order. Of a group of radio buttons it is the one that is checked. */
function stopsOf(part: HTMLElement): HTMLElement[] {
  const found = part.querySelectorAll<HTMLElement>("a[href], button, input, select, textarea, [tabindex]");
  return [...found].filter(
    (each) =>
      each.tabIndex >= 0 &&
      !each.matches(":disabled, input[type=radio]:not(:checked)") &&
      each.getClientRects().length > 0,
  );
}
