/**
 * Numbers of cells in one form: a point, no exponent, as few digits as tell the number from every other (ECMA-376 part 1,
 * section 18.3.1.96: a cell's value is written as the program likes, mostly with 17 digits).
 */

const zero = 0x30;
const decimalPoint = 0x2e;
const minus = 0x2d;

/** Any decimal number of this many digits is exact in a double (IEEE 754, binary64): it is kept as written. */
const safeDigits = 15;
/** Room that a number needs beyond its own digits. */
export const numberRoom = 64;
/** A number written out is at most this long; `1e+300` keeps its exponent. */
const maxPlainLength = 40;

const numeric = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Writes the number between `start` and `end` to `out` at `at`, which has room for its length and `numberRoom` more.
 * Whole numbers keep all their digits, also those a double has no room for.
 *
 * @returns the new `at`, or -1: it is not a number.
 */
export function writeNumber(bytes: Buffer, start: number, end: number, out: Buffer, at: number): number {
  let i = start;
  if (bytes[i] === minus) i++;
  const digits = i;
  while (i < end && bytes[i] >= zero && bytes[i] <= 0x39) i++;
  const decimal = i;
  if (i < end && bytes[i] === decimalPoint) {
    i++;
    while (i < end && bytes[i] >= zero && bytes[i] <= 0x39) i++;
  }
  if (i === end && isPlainNumber(bytes, start, digits, decimal, end)) {
    for (let k = start; k < end; k++) out[at++] = bytes[k];
    return at;
  }
  const text = bytes.toString("latin1", start, end);
  const simple = i === end && decimal > digits;
  if (!simple && !numeric.test(text)) return -1;
  const written = (simple && decimal === end) || /^\+\d+$/.test(text) ? wholeText(text) : plainNumber(Number(text));
  return written === null ? -1 : at + out.write(written, at, "latin1");
}

/**
 * Whether a number is in its one form already: digits from `digits` on, a point at `point` where there is one, digits up to
 * `end`, and no zeros that say nothing.
 */
export function isPlainNumber(bytes: Buffer, start: number, digits: number, point: number, end: number): boolean {
  const whole = point - digits;
  if (point === end) {
    return whole > 0 && whole <= safeDigits && (bytes[digits] !== zero || (whole === 1 && digits === start));
  }
  const fraction = end - point - 1;
  if (whole === 0 || fraction === 0 || whole + fraction > safeDigits) return false;
  return bytes[end - 1] !== zero && (bytes[digits] !== zero || whole === 1);
}

function wholeText(text: string): string {
  const digits = text.replace(/^[+-]?0*(?=\d)/, "");
  return text.startsWith("-") && digits !== "0" ? `-${digits}` : digits;
}

/** The shortest text of a double that reads back as the same one, written out; null: it is not finite. */
export function plainNumber(value: number): string | null {
  if (!Number.isFinite(value)) return null;
  const text = String(value);
  if (!text.includes("e")) return text;
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (parts === null) return text;
  const [, sign, first, rest = "", power] = parts;
  const exponent = Number(power);
  const length = exponent < 0 ? 1 - exponent + rest.length : exponent + 1;
  if (length > maxPlainLength) return text;
  return exponent < 0
    ? `${sign}0.${"0".repeat(-exponent - 1)}${first}${rest}`
    : `${sign}${first}${rest.padEnd(exponent, "0")}`;
}

const powers = Array.from({ length: 23 }, (_, power) => 10 ** power);

/**
 * The value of a number as days since a workbook's first. It may be off by the last bit, which is less than a microsecond.
 * NaN: it is not a number.
 */
export function readSerial(bytes: Buffer, start: number, end: number): number {
  let i = start;
  if (bytes[i] === minus) i++;
  let mantissa = 0;
  let decimals = -1;
  for (; i < end; i++) {
    const digit = bytes[i] - zero;
    if (digit >= 0 && digit <= 9) {
      mantissa = 10 * mantissa + digit;
      if (decimals >= 0) decimals++;
    } else if (bytes[i] === decimalPoint && decimals < 0) {
      decimals = 0;
    } else {
      break;
    }
  }
  // A lone sign or point has no digit.
  if (i < end || end - start > 20 || end - start < 3) {
    const text = bytes.toString("latin1", start, end);
    return numeric.test(text) ? Number(text) : Number.NaN;
  }
  const value = decimals > 0 ? mantissa / powers[decimals] : mantissa;
  return bytes[start] === minus ? -value : value;
}
