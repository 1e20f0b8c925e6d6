/**
 * A JSON number's text in plain form: a point, no exponent, no zeros that say nothing. The digits are moved, never
 * calculated with, so that 9007199254740993 and a decimal of 20 digits stay what they are.
 */

/** A double ends at 10^308; a larger number is kept as written. */
const farthest = 400;

/** The most bytes a number can grow by. */
export const plainGrowth = farthest + 8;

/** Whether the number is written with an exponent, and so is not plain as a part of its own text. */
export function hasExponent(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = end - 1; i > start; i--) if ((bytes[i] | 0x20) === 0x65) return true;
  return false;
}

/** Where a number without an exponent ends when the zeros at the end of its fraction are left out. */
export function plainEnd(bytes: Uint8Array, start: number, end: number): number {
  let point = start;
  while (point < end && bytes[point] !== 0x2e) point++;
  if (point === end) return end;
  let last = end;
  while (bytes[last - 1] === 0x30) last--;
  return last - 1 === point ? point : last;
}

/** Writes a number that has an exponent to `out` at `at`; returns the bytes written. */
export function writePlain(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  let i = start;
  let o = at;
  const negative = bytes[i] === 0x2d;
  if (negative) i++;
  const digits: number[] = [];
  let point = -1;
  for (; (bytes[i] | 0x20) !== 0x65; i++) {
    if (bytes[i] === 0x2e) point = digits.length;
    else digits.push(bytes[i]);
  }
  if (point < 0) point = digits.length;
  let exponent = 0;
  const backwards = bytes[++i] === 0x2d;
  for (; i < end; i++) {
    if (bytes[i] >= 0x30) exponent = Math.min(10 * exponent + bytes[i] - 0x30, 1e9);
  }
  point += backwards ? -exponent : exponent;
  while (digits.length > 0 && digits[digits.length - 1] === 0x30) digits.pop();
  let first = 0;
  while (first < digits.length && digits[first] === 0x30) first++;
  if (first === digits.length) {
    out[o] = 0x30;
    return 1;
  }
  if (Math.abs(point) > farthest) {
    out.set(bytes.subarray(start, end), o);
    return end - start;
  }
  if (negative) out[o++] = 0x2d;
  if (point <= first) out[o++] = 0x30;
  for (let d = Math.min(first, point); d < Math.max(digits.length, point); d++) {
    if (d === point) out[o++] = 0x2e;
    if (d >= first || d >= point) out[o++] = digits[d] ?? 0x30;
  }
  return o - at;
}
