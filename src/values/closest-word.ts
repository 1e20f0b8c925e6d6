/** Which of some known words a misspelt one was meant to be. */
import { allowedSteps, stepsBetween } from "../core/shape/nearest-name.ts";
import { fold } from "./fold.ts";

/** Shorter ones have too many neighbours. */
const leastChars = 3;
const mostChars = 60;

/**
 * The meaning of the known word that a text is closest to; null where none is close, or words of different meanings are equally
 * close. `words`: folded word → what it means.
 */
export function closestWord(words: ReadonlyMap<string, string>): (text: string) => string | null {
  const known = [...words].map(([word, meaning]) => ({ word, meaning, letters: lettersOf(word) }));
  return (text) => {
    const written = fold(text);
    if (written.length < leastChars || written.length > mostChars) return null;
    const letters = lettersOf(written);
    let best: { meaning: string | null; steps: number } | null = null;
    for (const { word, meaning, letters: others } of known) {
      const allowed = Math.min(allowedSteps(written, word), best?.steps ?? Number.POSITIVE_INFINITY);
      // Each step takes a letter away, adds one, or both: most words are told apart without a look at their order.
      if (Math.abs(word.length - written.length) > allowed || bitsOf(letters ^ others) > 2 * allowed) continue;
      const steps = stepsBetween(written, word);
      if (steps > allowed || steps >= written.length) continue;
      if (best === null || steps < best.steps) best = { meaning, steps };
      else if (best.meaning !== meaning) best.meaning = null;
    }
    return best?.meaning ?? null;
  };
}

/** A set of the characters of a word, by their codes modulo 32. */
function lettersOf(word: string): number {
  let set = 0;
  for (let k = 0; k < word.length; k++) set |= 1 << (word.charCodeAt(k) & 31);
  return set;
}

function bitsOf(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count++;
  return count;
}
