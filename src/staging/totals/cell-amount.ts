/**
 * A cell as an amount, by either decimal mark: `1.234,50 €` is one by the comma alone, `1.234` is one by both, and the column's other
 * cells tell which. Exact: digits and how many of them are decimals.
 */
import { readTypedNumber } from "../../values/read-number.ts";

export interface Amount {
  /** The digits as a whole number, with its sign. */
  units: bigint;
  /** How many of them are after the decimal mark. */
  scale: number;
}

/** By the point and by the comma; null: it is none by that. */
export interface Amounts {
  point: Amount | null;
  comma: Amount | null;
}

/** Decimals beyond are what binary fractions leave: 0.1 + 0.2. */
const maxScale = 10;
const maxChars = 40;

const money = "(?:[€$£¥₹]|kr\\.?|eur|usd|gbp|chf|sek|nok|dkk|fr\\.?|:-)";
const shape = new RegExp(
  `^(\\()?\\s*([-+−])?\\s*(?:${money}\\s*)?([-+−])?(\\d[\\d.,'’\\s\\u00a0\\u202f]*?)(e[+-]?\\d+)?\\s*(-)?\\s*(?:${money}|%)?\\s*(\\))?$`,
  "i",
);
const none: Amounts = { point: null, comma: null };

/** `isTyped`: the file itself says it is a number, with a point. */
export function amountsOf(text: string, isTyped = false): Amounts {
  if (text === "" || text.length > maxChars) return none;
  const found = shape.exec(text);
  if (found === null || (found[5] !== undefined && !isTyped)) return none;
  const isNegative = (found[1] !== undefined) !== /[-−]/.test(`${found[2] ?? ""}${found[3] ?? ""}${found[6] ?? ""}`);
  const digits = found[5] === undefined ? found[4] : readTypedNumber(`${found[4]}${found[5]}`);
  if (digits === null) return none;
  // A code: 01000 is no thousand.
  if (/^0\d/.test(digits) && !isTyped) return none;
  const point = amountBy(digits, ".", ",", isNegative);
  return { point, comma: isTyped ? null : amountBy(digits, ",", ".", isNegative) };
}

function amountBy(digits: string, decimal: string, group: string, isNegative: boolean): Amount | null {
  const [whole, fraction = "", ...more] = digits.split(decimal);
  if (more.length > 0 || /\D/.test(fraction) || (digits.endsWith(decimal) && digits.length > 1)) return null;
  const groups = whole.split(/[.,'’\s\u00a0\u202f]/);
  if (groups.length > 1) {
    const marks = new Set(whole.replaceAll(/\d/g, ""));
    if (marks.size > 1 || (!marks.has(group) && [...marks].some((mark) => mark === decimal))) return null;
    // Indian groups have two digits.
    if (groups[0].length > 3 || groups.at(-1)?.length !== 3 || groups.slice(1, -1).some((each) => each.length < 2))
      return null;
    if (groups.slice(1, -1).some((each) => each.length > 3)) return null;
  }
  const kept = fraction.slice(0, maxScale);
  let units = BigInt(`${groups.join("")}${kept}`);
  if (fraction.length > maxScale && fraction.charCodeAt(maxScale) >= 0x35) units++;
  return { units: isNegative ? -units : units, scale: kept.length };
}

/** The amount's whole number at a scale that is not smaller. */
export function unitsAt({ units, scale }: Amount, at: number): bigint {
  return units * 10n ** BigInt(at - scale);
}
