/** Whether there is room for a table, by the width of the place it would stand in. */
import { type RefCallback, useLayoutEffect, useState } from "react";

/** Undefined until it is measured. */
export function useNarrow(belowPx: number): { measure: RefCallback<HTMLElement>; isNarrow: boolean | undefined } {
  const [isNarrow, setNarrow] = useState<boolean>();
  const [element, measure] = useState<HTMLElement | null>(null);
  // Not the ref's own cleanup, which React 18 does not know.
  useLayoutEffect(() => {
    if (element === null) return;
    const look = (): void => setNarrow(element.clientWidth < belowPx);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element, belowPx]);
  return { measure, isNarrow };
}
