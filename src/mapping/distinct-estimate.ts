/**
 * How many different values there are, estimated in a fixed kilobyte: HyperLogLog (Flajolet et al. 2007) with linear counting
 * below a few thousand. The standard error is 3.3 %, half of that where values are few.
 */

const registerCount = 1024;
const indexBits = 10;

export class DistinctEstimate {
  readonly #registers: Uint8Array;

  constructor(registers: Uint8Array = new Uint8Array(registerCount)) {
    this.#registers = registers;
  }

  /** Counts a value by its hash, 32 well-mixed bits. */
  add(hash: number): void {
    const index = hash >>> (32 - indexBits);
    // The leading zeros of the other bits, the stop bit after them keeping it finite.
    const rank = Math.clz32((hash << indexBits) | (1 << (indexBits - 1))) + 1;
    if (rank > this.#registers[index]) this.#registers[index] = rank;
  }

  /** Never more than `atMost`. */
  count(atMost: number): number {
    let sum = 0;
    let empty = 0;
    for (const rank of this.#registers) {
      sum += 2 ** -rank;
      if (rank === 0) empty++;
    }
    const alpha = 0.7213 / (1 + 1.079 / registerCount);
    const raw = (alpha * registerCount * registerCount) / sum;
    const few = empty > 0 ? registerCount * Math.log(registerCount / empty) : raw;
    return Math.min(atMost, Math.round(raw <= 2.5 * registerCount ? few : raw));
  }

  /** To be stored, and taken up again by `restoredEstimate`. */
  toJSON(): string {
    return Buffer.from(this.#registers).toString("base64");
  }
}

export function restoredEstimate(stored: string): DistinctEstimate {
  const registers = new Uint8Array(registerCount);
  registers.set(Buffer.from(stored, "base64").subarray(0, registerCount));
  return new DistinctEstimate(registers);
}

/**
 * A hash of `bytes[start, end)`, word by word through a view of the same bytes, the last word overlapping the one before; mixed
 * as by Wellons' `lowbias32`, which is in the public domain.
 */
export function hashBytes(view: DataView, start: number, end: number): number {
  let hash = end - start;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    hash = Math.imul(hash ^ view.getInt32(i, true), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  if (i < end) {
    let word = 0;
    if (end - start >= 4) word = view.getInt32(end - 4, true);
    else for (; i < end; i++) word = (word << 8) | view.getUint8(i);
    hash = Math.imul(hash ^ word, 0x85ebca6b);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
}

/**
 * How many different values `all` cells have, when `seen` of them have `distinct`, by the expectation for values that are all
 * as frequent: exact where every value is seen, or none twice.
 */
export function extrapolated(distinct: number, seen: number, all: number): number {
  if (seen >= all || distinct === 0) return Math.min(distinct, all);
  // The estimate's own error hides a few repetitions.
  if (distinct >= 0.97 * seen) return Math.round((distinct * all) / seen);
  let low = distinct;
  let high = 64 * all;
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (middle * -Math.expm1(-seen / middle) < distinct) low = middle;
    else high = middle;
  }
  return Math.min(all, Math.round(low * -Math.expm1(-all / low)));
}
