/**
 * Which record each row belongs to when rows are taken one by one, told by their keys alone. A key's value is a number: the first row
 * that has it. All state is in arrays of numbers, a few bytes for each row and key that takes part.
 */
import type { MergeRule } from "../../core/fields/kind.ts";

/** A value that no row has. */
export const noValue = -1;

/** Skip and create: a row goes in where no earlier row that went in has one of its values. */
export class TakenKeys {
  /** By kind of key: value → the row that went in with it. */
  readonly #takers: Int32Array[];

  /** @param size beyond the greatest value */
  constructor(kinds: number, size: number) {
    this.#takers = Array.from({ length: kinds }, () => new Int32Array(size));
  }

  /** The place of the first key that is taken, and by which row; null where the row goes in, and takes its keys. */
  take(row: number, values: readonly number[]): { place: number; row: number } | null {
    const taken = this.find(values);
    if (taken === null) for (const [place, value] of values.entries()) this.#takers[place][value] = row;
    return taken;
  }

  /** The same for a row that takes nothing. */
  find(values: readonly number[]): { place: number; row: number } | null {
    for (const [place, value] of values.entries()) {
      const taker = this.#takers[place][value];
      if (taker > 0) return { place, row: taker };
    }
    return null;
  }
}

/** A record's key that has some value which no row has. */
const otherValue = -2;

/**
 * Update: a row belongs to the first record that has the value of its first key, else of its second, and so on; it changes the keys
 * of its record by the fields' merge rules, and makes a record where none has any.
 */
export class RecordKeys {
  readonly #rules: readonly MergeRule[];
  /** By kind of key: record → the value it has. */
  readonly #current: Int32Array[];
  /** By kind of key: value → its one holder + 1, or minus the place of its holders in `#heaps`. */
  readonly #holders: Int32Array[];
  /** By kind of key: value → how many records have it. */
  readonly #counts: Int32Array[];
  /** Holders of a value that more than one has had, the first on top; those that have it no longer are taken off when they get there. */
  readonly #heaps: number[][] = [[]];
  #records: number;

  /** @param records that are there, numbered by age from 0. @param rows that take part. @param size beyond the greatest value */
  constructor(rules: readonly MergeRule[], { records, rows, size }: { records: number; rows: number; size: number }) {
    this.#rules = rules;
    this.#records = records;
    this.#current = rules.map(() => new Int32Array(records + rows).fill(noValue));
    this.#holders = rules.map(() => new Int32Array(size));
    this.#counts = rules.map(() => new Int32Array(size));
  }

  /** Before the first row: a record has the value that some row has too. */
  has(record: number, place: number, value: number): void {
    if (this.#current[place][record] !== value) this.#set(record, place, value);
  }

  /** Before the first row, after `has`: a record's key is not blank. */
  isFilled(record: number, place: number): void {
    if (this.#current[place][record] === noValue) this.#current[place][record] = otherValue;
  }

  /** Takes the next row: its record, whether it made it, and whether several had its values. */
  apply(values: readonly number[]): { record: number; isNew: boolean; isAmbiguous: boolean } {
    let record = noValue;
    let isAmbiguous = false;
    for (const [place, value] of values.entries()) {
      if (value === noValue || this.#counts[place][value] === 0) continue;
      const first = this.#first(place, value);
      if (record === noValue) record = first;
      if (first !== record || this.#counts[place][value] > 1) isAmbiguous = true;
    }
    const isNew = record === noValue;
    if (isNew) record = this.#records++;
    for (const [place, value] of values.entries()) {
      const old = this.#current[place][record];
      const next = isNew ? value : merged(this.#rules[place], old, value);
      if (next !== old) this.#set(record, place, next);
    }
    return { record, isNew, isAmbiguous };
  }

  #set(record: number, place: number, value: number): void {
    const old = this.#current[place][record];
    if (old >= 0) this.#counts[place][old]--;
    this.#current[place][record] = value;
    if (value < 0) return;
    this.#counts[place][value]++;
    const holders = this.#holders[place];
    if (holders[value] === 0 || (holders[value] > 0 && this.#current[place][holders[value] - 1] !== value)) {
      holders[value] = record + 1;
    } else if (holders[value] > 0) {
      if (holders[value] === record + 1) return;
      const heap = [holders[value] - 1];
      push(heap, record);
      holders[value] = -this.#heaps.length;
      this.#heaps.push(heap);
    } else {
      push(this.#heaps[-holders[value]], record);
    }
  }

  /** The first record that has the value; there is one. */
  #first(place: number, value: number): number {
    const holder = this.#holders[place][value];
    if (holder > 0) return holder - 1;
    const heap = this.#heaps[-holder];
    while (this.#current[place][heap[0]] !== value) pop(heap);
    return heap[0];
  }
}

/** A record's key after a row, as the load merges it. */
function merged(rule: MergeRule, old: number, value: number): number {
  switch (rule) {
    case "overwrite":
      return value === noValue ? old : value;
    case "fill":
      return old === noValue ? value : old;
    case "never":
      return old;
    case "clear":
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
