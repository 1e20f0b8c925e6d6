/** Skip and create: which keys are taken by the rows that went in, when rows are taken one by one. */
import { strongerThan } from "./key-order.ts";

/** A row goes in where no earlier row that went in is the same. */
export class TakenKeys {
  /** How many of the kinds are keys; the others are what must be unique, which no key outvotes. */
  readonly #keys: number;
  /** By kind: value → the first row that went in with it. */
  readonly #takers: Int32Array[];
  /** By key: row that went in → the next one with the same value that has other stronger keys. */
  readonly #next: Int32Array[];
  /** Row that went in → the keys that it has, as bits. */
  readonly #patterns: Int32Array;

  /** @param size beyond the greatest value and row */
  constructor(keys: number, uniques: number, size: number) {
    this.#keys = keys;
    this.#takers = Array.from({ length: keys + uniques }, () => new Int32Array(size));
    this.#next = Array.from({ length: keys > 1 ? keys : 0 }, () => new Int32Array(size));
    this.#patterns = new Int32Array(keys > 1 ? size : 0);
  }

  /**
   * The first kind by which it is the same as a row that went in, and which row; null where it goes in, and takes its values.
   * `pattern`: the keys that it has.
   */
  take(row: number, values: readonly number[], pattern: number): { place: number; row: number } | null {
    const taken = this.find(values, pattern);
    if (taken !== null) return taken;
    if (this.#keys > 1) this.#patterns[row] = pattern;
    for (const [place, value] of values.entries()) this.#add(place, value, row);
    return null;
  }

  /** The same for a row that takes nothing. */
  find(values: readonly number[], pattern: number): { place: number; row: number } | null {
    for (const [place, value] of values.entries()) {
      let taker = this.#takers[place][value];
      if (place < this.#keys && this.#keys > 1) {
        if ((pattern & (1 << place)) === 0) continue;
        const stronger = pattern & strongerThan(place);
        while (taker > 0 && (this.#patterns[taker] & stronger) !== 0) taker = this.#next[place][taker];
      }
      if (taker > 0) return { place, row: taker };
    }
    return null;
  }

  #add(place: number, value: number, row: number): void {
    const takers = this.#takers[place];
    if (takers[value] === 0) {
      takers[value] = row;
      return;
    }
    if (place >= this.#keys || this.#keys === 1) return;
    const pattern = this.#patterns[row];
    if ((pattern & (1 << place)) === 0) return;
    const next = this.#next[place];
    for (let taker = takers[value]; ; taker = next[taker]) {
      if (((this.#patterns[taker] ^ pattern) & strongerThan(place)) === 0) return;
      if (next[taker] > 0) continue;
      next[taker] = row;
      return;
    }
  }
}
