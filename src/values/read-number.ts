/**
 * Reads a number as people write it: group marks, a comma or a point, a sign on either side or brackets, a currency, a
 * percent sign, a bank's `CR` or `DR`.
 */
import type { Transform } from "../core/import.ts";

/** Thousands marks that mean nothing else: spaces of four widths, apostrophes. */
const groupSpaces = " \u00a0\u2009\u202f'\u2019";
/** In India the groups beyond the thousands have two digits: `12,34,567` is twelve lakh. */
const lakhs = "\\d{1,2}(?:,\\d{2})+,\\d{3}";
const wholePatterns = {
  ",": new RegExp(`^\\d*$|^\\d{1,3}([.${groupSpaces}])\\d{3}(?:\\1\\d{3})*$`),
  ".": new RegExp(`^\\d*$|^\\d{1,3}([,${groupSpaces}])\\d{3}(?:\\1\\d{3})*$|^${lakhs}$`),
} as const;

const grouped = new RegExp(`^\\D*${lakhs}(?:\\.\\d*)?\\D*$`);

/** Whether its commas stand as in India, which says that its decimal mark is a point. */
export function isInLakhs(text: string): boolean {
  return grouped.test(text);
}

/**
 * A number's text in the shortest plain form (`-1234.5`), or null when it is none. Without `mark`, a lone comma or
 * point is the decimal mark, and one that comes twice is not. A percentage is the number as written: `12,5 %` is 12.5.
 */
export function readNumber(text: string, mark: Transform["decimalMark"]): string | null {
  const bare = /^\d[\d.,]*$/.test(text) ? { digits: text, isNegative: false } : withoutSigns(text);
  if (bare === null) return null;
  const power = /^(.+)[eE]-(\d{1,3})$/.exec(bare.digits);
  const plain = plainNumber(power === null ? bare.digits : power[1], mark);
  if (plain === null) return null;
  const number = power === null ? plain : shifted(plain, -Number(power[2]));
  return bare.isNegative ? `-${number}` : number;
}

/**
 * A number that the file itself typed, in the plain form of a program (`-1.5`, `1e+21`); null when it is none.
 */
export function readTypedNumber(text: string): string | null {
  const match = /^(-?)(\d+(?:\.\d+)?)(?:[eE]([+-]?\d{1,3}))?$/.exec(text);
  if (match === null) return null;
  const [, sign, digits, exponent] = match;
  const plain = plainNumber(digits, ".");
  return plain === null ? null : sign + (exponent === undefined ? plain : shifted(plain, Number(exponent)));
}

/** A day or a time that a file typed, or a length of time. */
const typedMoment = /^\d{4,}-\d\d-\d\d|^\d\d:\d\d:\d\d|^-?PT?\d/;

/**
 * A number that the file typed, from the text that its format shows: `01000` is 1000, `INV-0042` is 42. Readers type such a text
 * only where its digits are the number's own. Null: it is none.
 */
export function readShownNumber(text: string): string | null {
  const plain = readTypedNumber(text);
  // No code has a comma between its digits.
  if (plain !== null || !/\d/.test(text) || text.includes(",") || typedMoment.test(text)) return plain;
  return text.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
}

/** Digits, marks and nothing else. */
function plainNumber(text: string, mark: Transform["decimalMark"]): string | null {
  const decimal = mark ?? likelyMark(text);
  const parts = text.split(decimal);
  if (parts.length > 2 || !wholePatterns[decimal].test(parts[0])) return null;
  const fraction = parts[1] ?? "";
  if (!/^\d*$/.test(fraction) || parts[0] + fraction === "") return null;
  const whole = parts[0].replace(/\D/g, "").replace(/^0+(?=\d)/, "") || "0";
  return fraction === "" ? whole : `${whole}.${fraction}`;
}

function likelyMark(text: string): "," | "." {
  if (isInLakhs(text)) return ".";
  const points = text.split(".").length - 1;
  const commas = text.split(",").length - 1;
  if (points > 0 && commas > 0) return text.lastIndexOf(",") > text.lastIndexOf(".") ? "," : ".";
  return commas === 1 || points > 1 ? "," : ".";
}

/** A plain number times a power of ten, digit by digit. */
function shifted(plain: string, power: number): string {
  const [whole, fraction = ""] = plain.split(".");
  const point = whole.length + power;
  const digits = (whole + fraction).padStart(whole.length + fraction.length + Math.max(0, 1 - point), "0");
  const at = Math.max(1, point);
  const padded = digits.padEnd(at, "0");
  const left = padded.slice(0, at).replace(/^0+(?=\d)/, "");
  const right = padded.slice(at);
  return right === "" ? left : `${left}.${right}`;
}

/** ISO 4217, as the machine's own data knows it. */
const currencyCodes: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));
const currencyBefore = /^(?:[a-z]{0,2}\p{Sc}|kr\.?|fr\.|rs\.?(?![a-z])|([a-z]{3})(?![a-z]))/iu;
/** French writes `$US` and `£GB`; `zł`, `Kč`, `Ft`, `лв` and others have no sign of their own. */
const currencyAfter =
  /(?:(?<![a-z])[a-z]{0,2}\p{Sc}(?:[ \u00a0]?[a-z]{2})?|kr\.?|fr\.|rs\.?|euros?|z\u0142|k\u010d|ft|kn|lei|\u043b\u0432\.?|\u0440(?:\u0443\u0431)?\.?|(?<![a-z])([a-z]{3}))$/iu;
/** `12:-`, `12,-`, `12.–`, `12/-`: no öre, cents, centimes or paise. */
const noCents = /(?<=\d)[:,./][-\u2013\u2014]$/;
/** As banks write them: money that came is credit, money that went is debit. */
const creditOrDebit = /^(?:(cr|dr)\.?\s+(?=\S*\d)|.*\d\s*(cr|dr)\.?$)/i;

/** What is left of a number without its sign, currency and percent sign, each of which may come once. */
function withoutSigns(text: string): { digits: string; isNegative: boolean } | null {
  let digits = text;
  let sign: "+" | "-" | null = null;
  let hasCurrency = false;
  let hasPercent = false;
  for (;;) {
    digits = digits.trim();
    const first = digits[0];
    const last = digits.at(-1);
    if (sign === null && first === "(" && last === ")") {
      sign = "-";
      digits = digits.slice(1, -1);
      continue;
    }
    const leading: RegExpExecArray | null = sign === null ? /^[+\-\u2212\u2013]/.exec(digits) : null;
    if (leading !== null) {
      sign = leading[0] === "+" ? "+" : "-";
      digits = digits.slice(1);
      continue;
    }
    const side: RegExpExecArray | null = sign === null ? creditOrDebit.exec(digits) : null;
    if (side !== null) {
      sign = (side[1] ?? side[2]).toLowerCase() === "cr" ? "+" : "-";
      digits = side[1] === undefined ? digits.replace(/(?:cr|dr)\.?$/i, "") : digits.slice(side[0].length);
      continue;
    }
    if (noCents.test(digits)) {
      digits = digits.slice(0, -2);
      continue;
    }
    const money = hasCurrency ? null : (currencyBefore.exec(digits) ?? currencyAfter.exec(digits));
    if (money !== null && (money[1] === undefined || currencyCodes.has(money[1].toUpperCase()))) {
      hasCurrency = true;
      digits = digits.replace(money.index === 0 ? currencyBefore : currencyAfter, "");
      continue;
    }
    if (sign === null && /\d[\s\u00a0\u202f]?[-\u2212]$/.test(digits)) {
      sign = "-";
      digits = digits.slice(0, -1);
      continue;
    }
    if (!hasPercent && last === "%") {
      hasPercent = true;
      digits = digits.slice(0, -1);
      continue;
    }
    if (hasCurrency && hasPercent) return null;
    return { digits, isNegative: sign === "-" };
  }
}
