/**
 * The most frequent values of a column in bounded memory: Misra and Gries (1982). A value that makes up more than a 65th of the
 * cells is always among them; a count is at most a 65th of the cells too low, never too high.
 */
import { storableText } from "../core/storable.ts";

const capacity = 64;
/** Characters of a value that are kept. */
const maxChars = 100;

/** To be stored, and taken up again. */
export interface StoredFrequencies {
  counts: [value: string, count: number][];
  missed: number;
}

export class FrequentValues {
  readonly #counts: Map<string, number>;

  /** How often one of each was taken off: a count is at most this much too low. */
  #missed: number;

  constructor({ counts, missed }: StoredFrequencies = { counts: [], missed: 0 }) {
    this.#counts = new Map(counts);
    this.#missed = missed;
  }

  add(value: string): void {
    const kept = value.length > maxChars ? value.slice(0, maxChars) : value;
    const count = this.#counts.get(kept);
    if (count !== undefined) {
      this.#counts.set(kept, count + 1);
      return;
    }
    if (this.#counts.size < capacity) {
      this.#counts.set(kept, 1);
      return;
    }
    this.#missed++;
    // The newcomer and one of each of the others cancel each other out.
    for (const [each, times] of this.#counts) {
      if (times === 1) this.#counts.delete(each);
      else this.#counts.set(each, times - 1);
    }
  }

  /** The most frequent ones, but for those that may be no more frequent than others. */
  top(length: number): { value: string; count: number }[] {
    return [...this.#counts]
      .filter(([, count]) => count >= this.#missed)
      .sort((a, b) => b[1] - a[1])
      .slice(0, length)
      .map(([value, count]) => ({ value, count }));
  }

  toJSON(): StoredFrequencies {
    const counts = [...this.#counts].map(([value, count]): [string, number] => [storableText(value), count]);
    return { counts, missed: this.#missed };
  }
}
