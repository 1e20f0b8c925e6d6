/** What is typed or chosen, once it rests: nothing is asked for each letter. */
import { useEffect, useRef, useState } from "react";

/** Between two letters of one word is less. */
const restMs = 250;

/**
 * What is typed into a search box. `text` is what holds now; changed from outside, as by a clearing of all filters, it takes the place of
 * what was typed. `onSettled` is told what was typed, without blanks around it.
 * @returns the text in the box, and its setter
 * @example const [typed, setTyped] = useSettled(search, setSearch);
 */
export function useSettled(
  text: string,
  onSettled: (text: string) => void,
): [typed: string, setTyped: (typed: string) => void] {
  const [typed, setTyped] = useState(text);
  const told = useRef(text);
  const tell = useRef(onSettled);
  tell.current = onSettled;
  useEffect(() => {
    if (text === told.current) return;
    told.current = text;
    setTyped(text);
  }, [text]);
  useEffect(() => {
    const settled = typed.trim();
    if (settled === told.current) return;
    const timer = setTimeout(() => {
      told.current = settled;
      tell.current(settled);
    }, restMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped];
}

/** `text` as it was when it last rested. */
export function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}
