/** Says aloud how far an import is: each change of what it does at once, how far it is now and then. */
import { useEffect, useRef } from "react";
import { useAnnounce } from "../foundation/Frame.tsx";

/** Not more often: a screen reader's user wants to do something else meanwhile. */
const pauseMs = 10_000;

/** @param state what it does; @param words that and how far it is */
export function useAnnouncedProgress(state: string, words: string): void {
  const announce = useAnnounce();
  const told = useRef({ at: 0, state: "" });
  useEffect(() => {
    const now = performance.now();
    if (told.current.state === state && now - told.current.at < pauseMs) return;
    told.current = { at: now, state };
    announce(words);
  }, [state, words, announce]);
}
