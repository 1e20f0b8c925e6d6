/** How alike two folded names are: Dice's coefficient over pairs of letters. */

/** A name, taken apart once to be compared with many. */
export interface ComparedName {
  name: string;
  /** Its pairs of letters as numbers, in order. */
  pairs: Uint32Array;
}

export function comparedName(name: string): ComparedName {
  const pairs = new Uint32Array(Math.max(0, name.length - 1));
  for (let i = 0; i < pairs.length; i++) pairs[i] = name.charCodeAt(i) * 0x10000 + name.charCodeAt(i + 1);
  return { name, pairs: pairs.sort() };
}

/** 0 to 1; 0 too for what cannot reach `least`. Names of less than three letters are like themselves alone. */
export function similarity(a: ComparedName, b: ComparedName, least = 0): number {
  if (a.name === b.name) return 1;
  const [p, q] = [a.pairs, b.pairs];
  const all = p.length + q.length;
  if (p.length < 2 || q.length < 2 || 2 * Math.min(p.length, q.length) < least * all) return 0;
  let shared = 0;
  for (let i = 0, k = 0; i < p.length && k < q.length; ) {
    if (p[i] === q[k]) {
      shared++;
      i++;
      k++;
    } else if (p[i] < q[k]) i++;
    else k++;
  }
  return (2 * shared) / all;
}

/**
 * Names to which many others are compared. Which of them have a pair of letters is known beforehand, so another name costs what it
 * shares with them, not all they have.
 */
export class NameIndex {
  readonly #same = new Map<string, number[]>();
  /** How many pairs each name has. */
  readonly #lengths: Int32Array;
  /** Of each pair, by how often a name has it at least: the places of these names. */
  readonly #having: number[][][] = [];
  readonly #pairs = new Map<number, number>();
  /** How often the name that is looked for has had each pair so far, and how many pairs each name shares with it. */
  readonly #seen: Int32Array;
  readonly #shared: Int32Array;

  constructor(names: readonly string[]) {
    this.#lengths = Int32Array.from(names, (name) => Math.max(0, name.length - 1));
    this.#shared = new Int32Array(names.length);
    for (const [place, name] of names.entries()) {
      append(this.#same, name, place);
      const counts = new Map<number, number>();
      for (let i = 0; i + 1 < name.length; i++) {
        const code = pairAt(name, i);
        let pair = this.#pairs.get(code);
        if (pair === undefined) this.#pairs.set(code, (pair = this.#having.push([]) - 1));
        const nth = counts.get(pair) ?? 0;
        counts.set(pair, nth + 1);
        this.#having[pair][nth] ??= [];
        this.#having[pair][nth].push(place);
      }
    }
    this.#seen = new Int32Array(this.#having.length);
  }

  /** Place → likeness, as `similarity` has it, of the names that reach `least` (above 0). */
  similar(name: string, least: number): Map<number, number> {
    const found = new Map<number, number>();
    const pairs = name.length - 1;
    const [seen, shared] = [this.#seen, this.#shared];
    const touched: number[] = [];
    const seenPairs: number[] = [];
    for (let i = 0; pairs >= 2 && i < pairs; i++) {
      const pair = this.#pairs.get(pairAt(name, i));
      if (pair === undefined) continue;
      if (seen[pair] === 0) seenPairs.push(pair);
      const places = this.#having[pair][seen[pair]++];
      if (places === undefined) continue;
      for (const place of places) if (shared[place]++ === 0) touched.push(place);
    }
    for (const place of touched) {
      const likeness = (2 * shared[place]) / (pairs + this.#lengths[place]);
      if (likeness >= least && this.#lengths[place] >= 2) found.set(place, likeness);
      shared[place] = 0;
    }
    for (const pair of seenPairs) seen[pair] = 0;
    for (const place of this.#same.get(name) ?? []) found.set(place, 1);
    return found;
  }
}

function pairAt(name: string, i: number): number {
  return name.charCodeAt(i) * 0x10000 + name.charCodeAt(i + 1);
}

function append<K>(lists: Map<K, number[]>, key: K, place: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [place]);
  else list.push(place);
}
