/**
 * Which record each row belongs to when rows are taken one by one, told by their keys alone. A key's value is a number: the first row
 * that has it. All state is in arrays of numbers, a few bytes for each row and key that takes part.
 *
 * Keys are numbered by their strength. The strongest that two rows both have decides whether they are the same (strength.ts): so they
 * are, by an equal key, where none of the stronger ones is had by both.
 */
import type { MergeRule } from "../../core/fields/kind.ts";

/** A value that no row has. */
export const noValue = -1;

/** A part of a record's key that has some value which no row has. */
export const otherValue = -2;

/** The keys that are stronger than one, as bits. */
export function strongerThan(place: number): number {
  return 2 ** place - 1;
}

/** What became of a row. */
export interface Applied {
  /** `noValue`: it has none. */
  record: number;
  /** Whether it made its record. */
  isNew: boolean;
  /** Whether it is the same as several. */
  isAmbiguous: boolean;
  /** The guarded key by which another record keeps it out, else `noValue`. */
  taken: number;
  /** Whether its record gets a guarded value that another one had before. */
  isFreed: boolean;
}

const none: Applied = { record: noValue, isNew: false, isAmbiguous: false, taken: noValue, isFreed: false };

/** Records that have the same value of a key: in heaps, by the stronger keys that they have. */
interface Holders {
  patterns: number[];
  counts: number[];
  /** The first on top; those that have the value no longer, or other keys by now, are taken off when they get there. */
  heaps: number[][];
}

/**
 * Update: a row belongs to the first record that is the same by its strongest key, else by its next, and so on; it changes the keys
 * of its record by the fields' merge rules, and makes a record where there is none.
 */
export class RecordKeys {
  /** By key: where its parts stand among those of all keys. */
  readonly #parts: readonly (readonly number[])[];
  /** By part: what an update does with its field. */
  readonly #rules: readonly MergeRule[];
  /** By part: record → the value it has. */
  readonly #values: Int32Array[];
  /** By key: record → the value it has; of a key of one part those of the part. */
  readonly #current: Int32Array[];
  /** By key of several parts: their values → a number. */
  readonly #tuples: (Map<string, number> | null)[];
  /** By key: value → its one holder + 1, or minus the place of its holders in `#shared`. */
  readonly #holders: Int32Array[];
  /** By key: value → how many records have it. */
  readonly #counts: Int32Array[];
  readonly #shared: Holders[] = [{ patterns: [], counts: [], heaps: [] }];
  /** Record → the keys that it has, as bits. */
  readonly #patterns: Int32Array;
  readonly #makes: boolean;
  /** The keys of which the table takes a value once. */
  readonly #guarded: readonly number[];
  #records: number;

  /**
   * @param keys the rules of each key's parts. @param records that are there, numbered by age from 0. @param rows that take part.
   * @param size beyond the greatest value. @param makes whether a row that finds no record makes one; default true. @param guarded by
   * key, whether the table refuses a second record with its value; default none
   */
  constructor(
    keys: readonly (readonly MergeRule[])[],
    {
      records,
      rows,
      size,
      makes = true,
      guarded = [],
    }: { records: number; rows: number; size: number; makes?: boolean; guarded?: readonly boolean[] },
  ) {
    let place = 0;
    this.#parts = keys.map((rules) => rules.map(() => place++));
    this.#rules = keys.flat();
    this.#records = records;
    this.#makes = makes;
    this.#guarded = guarded.flatMap((isGuarded, key) => (isGuarded ? [key] : []));
    const numbers = records + rows;
    this.#values = this.#rules.map(() => new Int32Array(numbers).fill(noValue));
    this.#current = this.#parts.map((parts) =>
      parts.length === 1 ? this.#values[parts[0]] : new Int32Array(numbers).fill(noValue),
    );
    this.#tuples = keys.map(({ length }) => (length === 1 ? null : new Map()));
    // Each record, and each row with what it makes of one, may have a tuple of its own.
    const sizes = this.#tuples.map((tuples) => (tuples === null ? size : records + 2 * rows));
    this.#holders = sizes.map((each) => new Int32Array(each));
    this.#counts = sizes.map((each) => new Int32Array(each));
    this.#patterns = new Int32Array(numbers);
  }

  /**
   * Before the first row: a record's values, part by part; `otherValue` where no row has it. Of a key of one part `has` says the
   * value that some row has too.
   */
  starts(record: number, values: readonly number[]): void {
    this.#move(record, values);
  }

  /** Before the first row, after `starts`: a record has the value of a key of one part that some row has too. */
  has(record: number, key: number, value: number): void {
    if (this.#current[key][record] === value) return;
    const values = this.#values.map((each) => each[record]);
    values[this.#parts[key][0]] = value;
    this.#move(record, values);
  }

  /**
   * Takes the next row, its values part by part. One that would give its record a guarded value which another record has by now is
   * refused, and changes nothing, unless it `isSettled`.
   */
  apply(values: readonly number[], { isSettled = false }: { isSettled?: boolean } = {}): Applied {
    const { record: found, same } = this.find(values);
    const isNew = found === noValue && this.#makes;
    if (found === noValue && !isNew) return none;
    const next = isNew
      ? values
      : values.map((value, part) => merged(this.#rules[part], this.#values[part][found], value));
    let isFreed = false;
    for (const key of this.#guarded) {
      const value = this.#valueOf(key, next);
      if (value < 0 || (!isNew && this.#current[key][found] === value)) continue;
      if (this.#counts[key][value] > 0 && !isSettled) return { ...none, taken: key };
      isFreed ||= this.#holders[key][value] !== 0;
    }
    const record = isNew ? this.#records++ : found;
    if (next.some((value, part) => value !== this.#values[part][record])) this.#move(record, next);
    return { record, isNew, isAmbiguous: same > 1, taken: noValue, isFreed };
  }

  /** The record that a row with these values belongs to, which it does not change; `noValue`: none. `same`: as how many it is the same. */
  find(values: readonly number[]): { record: number; same: number } {
    let record = noValue;
    let same = 0;
    let pattern = 0;
    for (const key of this.#parts.keys()) {
      const value = this.#valueOf(key, values);
      const known = value >= 0 ? this.#sameBy(key, value, pattern) : null;
      if (value !== noValue) pattern |= 1 << key;
      if (known === null) continue;
      if (record === noValue) record = known.first;
      same += known.count;
    }
    return { record, same };
  }

  /** A key's value of these parts: a number for those that are the same together. */
  #valueOf(key: number, values: readonly number[]): number {
    const parts = this.#parts[key];
    const tuples = this.#tuples[key];
    if (tuples === null) return values[parts[0]];
    let text = "";
    let isOther = false;
    for (const part of parts) {
      const value = values[part];
      if (value === noValue) return noValue;
      if (value === otherValue) isOther = true;
      text += `${value} `;
    }
    if (isOther) return otherValue;
    const known = tuples.get(text);
    if (known !== undefined) return known;
    tuples.set(text, tuples.size);
    return tuples.size - 1;
  }

  /** The first record with the value that has none of the stronger keys, and how many there are; null: there is none. */
  #sameBy(key: number, value: number, stronger: number): { first: number; count: number } | null {
    const count = this.#counts[key][value];
    if (count === 0) return null;
    const holder = this.#holders[key][value];
    if (holder > 0) return (this.#patterns[holder - 1] & stronger) === 0 ? { first: holder - 1, count } : null;
    const { patterns, counts, heaps } = this.#shared[-holder];
    let first = noValue;
    let same = 0;
    for (const [k, pattern] of patterns.entries()) {
      if (counts[k] === 0 || (pattern & stronger) !== 0) continue;
      const heap = heaps[k];
      while (this.#current[key][heap[0]] !== value || this.#strongerOf(key, heap[0]) !== pattern) pop(heap);
      if (first === noValue || heap[0] < first) first = heap[0];
      same += counts[k];
    }
    return same === 0 ? null : { first, count: same };
  }

  #strongerOf(key: number, record: number): number {
    return this.#patterns[record] & strongerThan(key);
  }

  /** Gives a record other values. */
  #move(record: number, values: readonly number[]): void {
    const keys = this.#parts.map((_, key) => this.#valueOf(key, values));
    const pattern = keys.reduce((bits, value, key) => (value === noValue ? bits : bits | (1 << key)), 0);
    const shifted = this.#patterns[record] ^ pattern;
    const moved = keys.flatMap((value, key) =>
      value !== this.#current[key][record] || (shifted & strongerThan(key)) !== 0 ? [key] : [],
    );
    for (const key of moved) if (this.#current[key][record] >= 0) this.#leave(key, record);
    for (const [part, value] of values.entries()) this.#values[part][record] = value;
    for (const [key, value] of keys.entries()) this.#current[key][record] = value;
    this.#patterns[record] = pattern;
    for (const key of moved) if (keys[key] >= 0) this.#enter(key, keys[key], record);
  }

  #leave(key: number, record: number): void {
    const value = this.#current[key][record];
    this.#counts[key][value]--;
    const holder = this.#holders[key][value];
    if (holder >= 0) return;
    const { patterns, counts } = this.#shared[-holder];
    counts[patterns.indexOf(this.#strongerOf(key, record))]--;
  }

  #enter(key: number, value: number, record: number): void {
    this.#counts[key][value]++;
    const holders = this.#holders[key];
    const holder = holders[value];
    if (holder < 0) {
      this.#share(this.#shared[-holder], key, record);
    } else if (holder === 0 || holder === record + 1 || this.#current[key][holder - 1] !== value) {
      holders[value] = record + 1;
    } else {
      const shared: Holders = { patterns: [], counts: [], heaps: [] };
      for (const each of [holder - 1, record]) this.#share(shared, key, each);
      holders[value] = -this.#shared.length;
      this.#shared.push(shared);
    }
  }

  #share({ patterns, counts, heaps }: Holders, key: number, record: number): void {
    const pattern = this.#strongerOf(key, record);
    const at = patterns.indexOf(pattern);
    if (at >= 0) {
      counts[at]++;
      push(heaps[at], record);
      return;
    }
    patterns.push(pattern);
    counts.push(1);
    heaps.push([record]);
  }
}

/** A record's value after a row, as the load merges it. */
function merged(rule: MergeRule, old: number, value: number): number {
  switch (rule) {
    case "overwrite":
      return value === noValue ? old : value;
    case "fill":
      return old === noValue ? value : old;
    case "never":
      return old;
    case "clear":
    // No key is a list.
    case "append":
      return value;
  }
}

function push(heap: number[], record: number): void {
  let at = heap.push(record) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (heap[parent] <= heap[at]) return;
    [heap[parent], heap[at]] = [heap[at], heap[parent]];
    at = parent;
  }
}

function pop(heap: number[]): void {
  const last = heap.pop() as number;
  if (heap.length === 0) return;
  heap[0] = last;
  for (let at = 0; ; ) {
    const left = 2 * at + 1;
    if (left >= heap.length) return;
    const least = left + 1 < heap.length && heap[left + 1] < heap[left] ? left + 1 : left;
    if (heap[at] <= heap[least]) return;
    [heap[at], heap[least]] = [heap[least], heap[at]];
    at = least;
  }
}
