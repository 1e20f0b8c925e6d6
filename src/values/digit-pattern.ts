/**
 * A regular expression of digits alone, as numbering plans have them, spelt out: which digits may be at which place. So a
 * number is tested where its bytes are.
 */

/** Of one spelling: per place a bit for each digit that may be there. */
type Spelling = readonly number[];

export interface DigitPattern {
  /** Whether the whole of `bytes[0, length)`, ASCII digits, fits. */
  fits(bytes: Uint8Array, length: number): boolean;
}

const anyDigit = 0x3ff;
/** A pattern with more spellings is quicker tested as a regular expression. */
const maxSpellings = 200;

/** Null for what is not made of digits, `\d`, `[…]`, `(?:…|…)`, `?`, `{n}` and `{n,m}`, and for what has too many spellings. */
export function digitPattern(source: string): DigitPattern | null {
  const reader = new PatternReader(source);
  const spellings = reader.alternatives();
  if (spellings === null || !reader.atEnd) return null;
  const byLength: Spelling[][] = [];
  for (const spelling of spellings) {
    while (byLength.length <= spelling.length) byLength.push([]);
    byLength[spelling.length].push(spelling);
  }
  return {
    fits(bytes, length) {
      if (length >= byLength.length) return false;
      for (const places of byLength[length]) {
        let k = 0;
        while (k < length && ((places[k] >> (bytes[k] - 0x30)) & 1) === 1) k++;
        if (k === length) return true;
      }
      return false;
    },
  };
}

class PatternReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  get atEnd(): boolean {
    return this.#at === this.#source.length;
  }

  alternatives(): Spelling[] | null {
    const all: Spelling[] = [];
    do {
      const spellings = this.#sequence();
      if (spellings === null) return null;
      all.push(...spellings);
      if (all.length > maxSpellings) return null;
    } while (this.#take(/\|/y) !== null);
    return all;
  }

  #sequence(): Spelling[] | null {
    let all: Spelling[] = [[]];
    while (!this.atEnd && !/[|)]/.test(this.#source[this.#at])) {
      const term = this.#term();
      if (term === null) return null;
      const [least, most] = this.#times();
      let repeated: Spelling[] = [[]];
      const terms: Spelling[] = [];
      for (let k = 0; k <= most; k++) {
        if (k >= least) terms.push(...repeated);
        if (terms.length > maxSpellings || repeated.length > maxSpellings) return null;
        repeated = joined(repeated, term);
      }
      all = joined(all, terms);
      if (all.length > maxSpellings) return null;
    }
    return all;
  }

  #term(): Spelling[] | null {
    if (this.#take(/\(\?:/y) !== null) {
      const inner = this.alternatives();
      return this.#take(/\)/y) === null ? null : inner;
    }
    if (this.#take(/\\d/y) !== null) return [[anyDigit]];
    const digit = this.#take(/\d/y);
    if (digit !== null) return [[1 << Number(digit[0])]];
    const set = this.#take(/\[((?:\d(?:-\d)?)+)\]/y);
    if (set === null) return null;
    let digits = 0;
    for (const [, first, last = first] of set[1].matchAll(/(\d)(?:-(\d))?/g)) {
      for (let each = Number(first); each <= Number(last); each++) digits |= 1 << each;
    }
    return [[digits]];
  }

  #times(): [least: number, most: number] {
    if (this.#take(/\?/y) !== null) return [0, 1];
    const times = this.#take(/\{(\d{1,2})(?:,(\d{1,2}))?\}/y);
    if (times === null) return [1, 1];
    const [, least, most = least] = times;
    return [Number(least), Number(most)];
  }

  #take(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#source);
    if (found !== null) this.#at = sticky.lastIndex;
    return found;
  }
}

function joined(heads: readonly Spelling[], tails: readonly Spelling[]): Spelling[] {
  return heads.flatMap((head) => tails.map((tail) => [...head, ...tail]));
}
