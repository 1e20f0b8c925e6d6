/**
 * Reads phone numbers into E.164 (ITU-T E.164). libphonenumber decides; the plain forms, which nearly all cells have, are
 * read from the bytes by the same metadata, forty times as fast. Of several numbers in one cell the first is taken.
 */
import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/min";
import type { PhoneField } from "../core/fields/phone.ts";
import type { CopyText } from "./copy-text.ts";
import { refusingTypedDays } from "./date-damage.ts";
import { decodeCell, type Encode, type Finding, isDigit, isExcelNotation } from "./encode.ts";
import { spreadsheetDamage } from "./encode-text.ts";
import { type HomePlan, homePlan, type Plan, planOf } from "./numbering-plan.ts";
import { isFloat, withPhoneForms } from "./phone-forms.ts";
import type { FieldReader } from "./read-field.ts";
import { firstOfSeveral } from "./several-values.ts";

const point = 0x2e;
const phoneInvalid: Finding = { code: "phone_invalid" };

/** E.164 allows 15 digits; a cell longer than this holds something else or several numbers. */
const maxBytes = 60;

/** The encoder of a phone field. `country` is ISO 3166-1 alpha-2. */
export function phoneEncoder(country: string): Encode {
  const home = homePlan(country);
  const readPlain = plainReader(home);
  const encodeOne: Encode = (bytes, start, end, out) => {
    // The digit behind the point is none of the number's.
    if (bytes[end - 2] === point && isFloat(bytes, start, end)) return phoneInvalid;
    out.reserve(24);
    const plain = readPlain(bytes, start, end, out);
    if (plain === plainNumber) return null;
    if (plain === plainInvalid || isWithoutDigits(bytes, start, end)) return phoneInvalid;
    const before = out.length;
    const isShort = mayBeShort(home, bytes, start, end);
    if (!(isShort && readShort(home, bytes, start, end, out))) {
      if (isExcelNotation(bytes, start, end)) return spreadsheetDamage;
      if (end - start > maxBytes) return phoneInvalid;
      const text = decodeCell(bytes, start, end);
      const e164 = parsePhone(text, country);
      if (e164 === null) return phoneInvalid;
      out.text(e164);
      if (!isShort || e164 !== `+${home.callingCode}${text}`) return null;
    }
    return { code: "leading_zero_lost", params: { value: out.read(before, out.length) } };
  };
  const several = { separators, looksLikeOne, encodeOne };
  return (bytes, start, end, out) => {
    const finding = encodeOne(bytes, start, end, out);
    return finding === phoneInvalid ? firstOfSeveral(bytes, start, end, out, several, finding) : finding;
  };
}

/** A slash may part the groups of one number, so it is tried last where no space is around it. */
const separators = [
  { mark: /\s*[;,|\n\r]\s*|\s+(?:\/|ou|or|och|eller|et|and)\s+/i },
  { mark: /\s*\/\s*/, isLoose: true },
];

function looksLikeOne(part: string): boolean {
  return /^[+(]?[\d\s().-]+$/.test(part.replaceAll("/", "")) && part.replace(/\D/g, "").length >= 8;
}

/** Digits alone, without the 0 that a number of this country begins with at home: what a spreadsheet leaves of it. */
function mayBeShort({ hasZero }: HomePlan, bytes: Uint8Array, start: number, end: number): boolean {
  if (!hasZero || bytes[start] === 0x30) return false;
  for (let i = start; i < end; i++) if (!isDigit(bytes[i])) return false;
  return true;
}

/** Reads `612345678` where the country's rules are simple, and the digits cannot be taken for its calling code and more. */
function readShort(home: HomePlan, bytes: Uint8Array, start: number, end: number, out: CopyText): boolean {
  const { plan } = home;
  if (!plan) return false;
  const national = decodeCell(bytes, start, end);
  if (!plan.lengths.has(national.length) || national.startsWith(plan.callingCode)) return false;
  if (plan.prefixed.test(national) || !plan.valid.test(national)) return false;
  out.text(`+${plan.callingCode}${national}`);
  return true;
}

/** What the quick reading says of a cell: a number, no number, or that the library must look. */
const plainNumber = 1;
const plainInvalid = 2;
const notPlain = 0;
type PlainReading = typeof plainNumber | typeof plainInvalid | typeof notPlain;

/** Whether the cell has no digit of any script. Digits beyond ASCII begin with D9 (U+0660) or higher bytes. */
function isWithoutDigits(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (isDigit(bytes[i]) || bytes[i] >= 0xd9) return false;
  return true;
}

/** The library's answer: E.164, or null when the text is not a valid number or has an extension, which E.164 would lose. */
export function parsePhone(text: string, country: string): string | null {
  const number = parsePhoneNumberFromString(text, { defaultCountry: country as CountryCode, extract: false });
  return number?.isValid() && number.ext === undefined ? number.number : null;
}

/**
 * Reads `0612345678`, `+33612345678` and `0033612345678`, with `(0)` for the trunk prefix and with spaces, dots, dashes,
 * slashes and brackets; of other countries the international forms. Writes E.164 where that is
 * a number; where the form or the country's rules are not that simple, the library must look.
 */
function plainReader({
  plan: ownPlan,
  dialsOutBy00,
}: HomePlan): (bytes: Uint8Array, start: number, end: number, out: CopyText) => PlainReading {
  const digits = Buffer.alloc(16);
  return (bytes, start, end, out) => {
    let i = start;
    let plan: Plan | null | false = false;
    let trunk = false;
    const by00 = dialsOutBy00 && i + 1 < end && bytes[i] === 0x30 && bytes[i + 1] === 0x30;
    if (by00 || bytes[i] === 0x2b) {
      i += by00 ? 2 : 1;
      let code = 0;
      for (const last = Math.min(i + 3, end); plan === false && i < last && isDigit(bytes[i]); i++) {
        code = 10 * code + (bytes[i] - 0x30);
        // No calling code begins with a zero.
        if (code === 0) return notPlain;
        plan = planOf(code);
      }
      if (!plan) return notPlain;
      let bracket = i;
      while (bracket < end && bytes[bracket] === 0x20) bracket++;
      if (plan.trunk && isBracketedZero(bytes, bracket, end)) {
        trunk = true;
        i = bracket + 3;
      }
    } else {
      plan = ownPlan;
      if (!plan || plan.trunk === false) return notPlain;
      trunk = true;
      if (bytes[i] === 0x30) i++;
      else if (isBracketedZero(bytes, i, end)) i += 3;
      else return notPlain;
    }
    const length = plainDigits(bytes, i, end, digits, plan.longest);
    if (!plan.lengths.has(length)) return notPlain;
    const keepsZero = trunk && plan.lengths.has(length + 1);
    if (plan.pattern !== null && !keepsZero) {
      // Of an international form nothing else can be meant.
      if (!plan.pattern.fits(digits, length)) return trunk ? notPlain : plainInvalid;
    } else {
      const national = digits.toString("latin1", 0, length);
      if (plan.prefixed.test(national)) return notPlain;
      if (!plan.valid.test(national)) return trunk ? notPlain : plainInvalid;
      // A number that is valid with its 0 keeps it.
      if (keepsZero && plan.valid.test(`0${national}`)) return notPlain;
    }
    const target = out.bytes;
    let at = out.length;
    target[at++] = 0x2b;
    for (let k = 0; k < plan.callingCode.length; k++) target[at++] = plan.callingCode.charCodeAt(k);
    for (let k = 0; k < length; k++) target[at++] = digits[k];
    out.length = at;
    return plainNumber;
  };
}

function isBracketedZero(bytes: Uint8Array, at: number, end: number): boolean {
  return at + 2 < end && bytes[at] === 0x28 && bytes[at + 1] === 0x30 && bytes[at + 2] === 0x29;
}

/** Writes the digits of a national number that is simply written; returns how many, or 0. */
function plainDigits(bytes: Uint8Array, start: number, end: number, digits: Buffer, longest: number): number {
  let open = false;
  let length = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    if (isDigit(byte)) {
      // A zero here is a trunk prefix after a country code, or a slip: the library knows.
      if (length >= longest || (length === 0 && byte === 0x30)) return 0;
      digits[length++] = byte;
    } else if (byte === 0x28) {
      if (open) return 0;
      open = true;
    } else if (byte === 0x29) {
      if (!open) return 0;
      open = false;
    } else if (byte !== 0x20 && byte !== 0x2e && byte !== 0x2d && byte !== 0x2f) {
      return 0;
    } else if (i === end - 1 || (byte !== 0x20 && !isDigit(bytes[i + 1]))) {
      return 0;
    }
  }
  return open ? 0 : length;
}

export const phoneReader: FieldReader<PhoneField> = {
  encoder: ({ country }) => phoneEncoder(country),
  surrounded: withPhoneForms,
  typed: (_field, encode) => refusingTypedDays(encode),
};
