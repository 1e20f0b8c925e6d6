/** Which of the known names somebody meant by one that is not known. */

/**
 * The known name that a misspelt one is nearest to; null where none is near. Letters that are missing, added, wrong or
 * swapped count one each (optimal string alignment); case does not count.
 */
export function nearestName(name: string, known: Iterable<string>): string | null {
  const written = name.toLowerCase();
  let best: { name: string; steps: number } | null = null;
  for (const each of known) {
    const steps = stepsBetween(written, each.toLowerCase());
    if (best === null || steps < best.steps) best = { name: each, steps };
  }
  if (best === null) return null;
  return best.steps <= allowedSteps(written, best.name) && best.steps < written.length ? best.name : null;
}

/** A third of the letters: more, and the two words have nothing to do with one another. */
export function allowedSteps(a: string, b: string): number {
  return Math.max(1, Math.floor(Math.max(a.length, b.length) / 3));
}

/** As the second half of a refusal: `Did you mean "lanes"?`, or all that there is where nothing is near. */
export function meantInstead(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return near === null ? `Available: ${known.join(", ")}.` : `Did you mean "${near}"?`;
}

/** Letters that are missing, added, wrong or swapped between two texts. */
export function stepsBetween(a: string, b: string): number {
  let [before, last]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, k) => k)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let k = 1; k <= b.length; k++) {
      const wrong = last[k - 1] + (a[i - 1] === b[k - 1] ? 0 : 1);
      row[k] = Math.min(wrong, last[k] + 1, row[k - 1] + 1);
      if (i > 1 && k > 1 && a[i - 1] === b[k - 2] && a[i - 2] === b[k - 1])
        row[k] = Math.min(row[k], before[k - 2] + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length];
}
