/**
 * Chance that can be repeated: the draws of one row follow from (seed, row) alone, so any row of a generated file can
 * be made again without the rows before it.
 */

/** 32 well-mixed bits of three integers; the finalizer is MurmurHash3's `fmix32`. */
export function hash(seed: number, row: number, salt: number): number {
  let bits = Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(row | 0, 0x85ebca77) ^ Math.imul(salt | 0, 0xc2b2ae3d);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A mulberry32 sequence (Tommy Ettinger, public domain): quick, small, and good enough for names. */
export class SeededDraw {
  #state: number;

  constructor(seed: number, row: number, salt: number) {
    this.#state = hash(seed, row, salt);
  }

  /** The next 32 bits. */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return (bits ^ (bits >>> 14)) >>> 0;
  }

  /** An integer from 0 to `limit` - 1; `limit` is at most 2^21, so that the product stays exact. */
  below(limit: number): number {
    return Math.floor((this.bits() * limit) / 0x1_0000_0000);
  }

  /** True in `share` of the draws. */
  chance(share: number): boolean {
    return this.bits() < share * 0x1_0000_0000;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)];
  }
}
